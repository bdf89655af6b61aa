"""The books: who has paid in a month and a region, and what members gave of their own time."""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.process import bind, columns

_THIRD = 4
"""The sector whose time is that of associations, volunteers among them."""


@kernel
def keep(
    month,
    member,
    sector,
    service_time,
    everyday_time,
    orgs_volunteered,
    region_start,
    region_rows,
    payers_paid,
    payer,
    regions_volunteered,
    books,
    stances,
):
    """Write a month into row `month` of the books, (Q + 3, R), and of the stances, (R, 3).

    A member's own time is what its own services forgo for the partnership: engaging, leading,
    meetings and joint work, as far as no grant pays it; what it volunteers for the backbone's work
    stands apart.
    """
    payers = payers_paid.shape[0]
    for r in range(payers_paid.shape[1]):
        for q in range(payers):
            books[month, q, r] = payers_paid[q, r]
        books[month, payers, r] = 0.0
        books[month, payers + 1, r] = 0.0
        books[month, payers + 2, r] = regions_volunteered[r]
        for axis in range(3):
            stances[month, r, axis] = payer[r, axis]
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                whose = payers + 1 if sector[i] == _THIRD else payers
                own = service_time[i] - everyday_time[i] - orgs_volunteered[i]
                books[month, whose, r] += max(0.0, own)


KEPT = ("month", "books", "stances")
"""What keeping books is given beside columns."""
keep_books = bind(
    keep,
    columns(
        """
        orgs.member .sector .service_time .everyday_time .volunteered
        layout.region_start .region_rows
        payers.paid
        regions.payer .volunteered
        """
    ),
    KEPT,
)
"""Write a month into the books."""
