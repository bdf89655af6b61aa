"""Elections and careers: sponsors change, and their successors start from goodwill.

In the month of a sponsor's first election and every interval after it, by default election_first
and election_interval, one draw a region decides with probability election_change whether the
majority changes: political and municipal sponsors who stand for election are replaced. Officials
leave with probability 1 / official_tenure a month. A successor has the goodwill of the link, gamma
= sponsor_base min(1, 2 link), and the same position.

Source  K26 Conclusions (political leaders as sponsors; continuity); NNSI (losing funders is
        normal); rates: judgement
"""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.luck import uniform, word
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity

_ELECTION = word("election")
_OFFICIAL = word("official")


class Elections(Submodel):
    """Majorities and officials change."""

    election_first: float = quantity(
        24,
        unit="months",
        bounds=(0, 1200),
        whole=True,
        constant=True,
        evidence=judged("A partnership starts in the middle of a term."),
        meaning="The month of the first election.",
    )
    election_interval: float = quantity(
        48,
        unit="months",
        bounds=(1, 1200),
        whole=True,
        constant=True,
        evidence=judged("Four years, as in Finland; none of the sources speaks of it."),
        meaning="The months from one election to the next.",
    )
    election_change: float = quantity(
        0.5,
        unit="probability",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "NNSI",
            "8 of 26 networks lost significant funding in three years. That fits elections and "
            "officials' departures together; how it divides between them is judgement.",
            ("existence",),
        ),
        meaning="The chance that an election changes a region's majority.",
    )
    official_tenure: float = quantity(
        72,
        unit="months",
        bounds=(1, 1200),
        constant=True,
        evidence=Evidence(
            "NNSI",
            "8 of 26 networks lost significant funding in three years. That fits elections and "
            "officials' departures together; how it divides between them is judgement.",
            ("existence",),
        ),
        meaning="How long a leading official stays on average.",
    )


@kernel
def replace(
    seed,
    month,
    number,
    region,
    kind,
    present,
    engagement,
    link,
    first_election,
    election_interval,
    sponsor_base,
    election_change,
    official_tenure,
    loose_gain,
):
    """Replace sponsors, in place, (P,)."""
    for sponsor in range(number.size):
        if not present[sponsor]:
            continue
        r = region[sponsor]
        if kind[sponsor] < 2:
            goes = uniform(seed, _OFFICIAL, month, number[sponsor], 0) < 1.0 / official_tenure
        else:
            since = month - first_election[sponsor]
            every = election_interval[sponsor]
            goes = every > 0 and since >= 0 and since % every == 0
            goes = goes and uniform(seed, _ELECTION, month, r, 0) < election_change
        if goes:
            engagement[sponsor] = sponsor_base * min(1.0, loose_gain * link[sponsor])


@process(
    replace,
    reads="""
        sponsors.number .region .kind .present .link .first_election .election_interval
    """,
    writes="sponsors.engagement",
)
def change_sponsors() -> None:
    """Hold elections and let officials move on."""
