"""The outcomes that the page can show, in the order of its menus, and their usual goals.

All of them are kept for every future, so that another outcome is another picture, not another run.
"""

from __future__ import annotations

SHOWN = (
    "wellbeing_gain",
    "gap_primary",
    "joint_activity",
    "everyday_activity",
    "all_activity",
    "member_share",
    "trust_eligible",
    "trust_active",
    "mandate_public",
    "mandate_other",
    "commitment",
    "meetings_per_member",
    "brokered_share",
    "self_joined_share",
    "alignment",
    "convergence",
    "fit_to_need",
    "knowhow",
    "measurement",
    "load",
    "regional_staff",
    "national_staff",
    "lead_time",
    "sponsor_engagement",
    "sponsor_money",
    "service_forgone",
    "external_money_total",
    "component_common_agenda",
    "component_measurement",
    "component_activities",
    "component_communication",
    "component_backbone",
    "component_beneficiaries",
    "component_investment",
    "partnership_active",
    "service_demand",
)
"""Those of the menu."""

KEPT = (*SHOWN, "service_displaced", "external_money", "members")
"""Those, and what costs and the full report are made of."""

GOALS = {
    "wellbeing_gain": 0.5,
    "gap_primary": 0.0,
    "joint_activity": 0.03,
    "member_share": 0.5,
    "trust_eligible": 0.5,
    "trust_active": 0.5,
    "mandate_public": 0.5,
    "mandate_other": 0.5,
    "commitment": 0.5,
    "service_forgone": 0.15,
    "partnership_active": 0.6,
}
"""A round number each, to start from: nobody's target. In the unit of the outcome."""
