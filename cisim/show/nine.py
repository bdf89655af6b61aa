"""The nine ways to be a backbone that the review and the Finnish study tell of."""

NINE = (
    "hospital-programme",
    "university-programme",
    "executive-committee",
    "regional-academic",
    "management-group",
    "service-department",
    "health-board",
    "lean-backbone",
    "national-and-regional",
)
"""In the order in which V20 tells of them; the last is K26's foundation as national backbone. Each
ships as a structure and as a scenario of the same name."""
