"""Governance: what national actors claim of a region, and what governance across levels keeps off.

    G_r   = max(national_pressure, that of an event while it lasts) (1 - vertical_governance)
    c_i   = (pressure_time G + [member] governance_time vertical_governance) B0   public
    mu_i -= pressure_mandate G mu_i / mandate_time                                public
    x_i  += pressure_pull G (x_N - x_i)                                           public

x_N is the national priority, drawn once for the country. The time that is claimed (c) is missed in
all that an organisation does with others (processes/contribution.py). What national tasks bring
children is not known: it counts neither as gained nor as own services forgone. Where the claim
lasts a mandate ends at 1 / (1 + pressure_mandate G) of what sponsors give. Governance across levels
costs public members the time of taking part in it, pressed or not.

Source  V20 The role of CI-initiatives in systemic society (existence and sign: pressures from
        national actors, local questions become marginalised, vertical governance helps); forms and
        sizes: judgement
"""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity
from cisim.model.state import PUBLIC


class Governance(Submodel):
    """National pressure and governance across levels."""

    pressure_time: float = quantity(
        0.3,
        unit="share of own time",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "V20",
            "“Pressures from national actors to step in increase” (The role of CI-initiatives in "
            "systemic society). What they take of an organisation's time is judgement.",
            ("existence",),
        ),
        meaning="The part of a public organisation's time for work across organisations that full "
        "national pressure claims.",
    )
    pressure_mandate: float = quantity(
        1,
        unit="–",
        bounds=(0, 2),
        constant=True,
        evidence=Evidence(
            "V20",
            "Local questions “become marginalised in relation to national level decision making "
            "processes”. That full pressure halves a mandate in the end is judgement.",
            ("existence", "sign"),
        ),
        meaning="How strongly national pressure lowers what public representatives may promise.",
    )
    pressure_pull: float = quantity(
        0.06,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=judged(
            "As strongly as those who pay at their strongest; V20 says that there is a pull, not "
            "how strong it is."
        ),
        meaning="How fast full national pressure pulls public organisations' aims to the national "
        "priority.",
    )
    governance_time: float = quantity(
        0.02,
        unit="share of own time",
        bounds=(0, 1),
        constant=True,
        evidence=judged("About a day every two months of a full-time post; nothing is for free."),
        meaning="What full governance across levels costs a public member in time.",
    )


@kernel
def press(
    month,
    # organisations
    sector,
    member,
    own_time,
    mandate,
    agenda,
    claimed,
    region_start,
    region_rows,
    # regions
    pressure,
    pressure_end,
    regions_claimed,
    # levers
    national_pressure,
    vertical_governance,
    national_priority,
    # parameters
    pressure_time,
    pressure_mandate,
    pressure_pull,
    governance_time,
    mandate_time,
):
    """Claim time, mandates and agendas for the national priority, in place, region by region."""
    for r in range(pressure.size):
        felt = national_pressure
        if month < pressure_end[r]:
            felt = max(felt, pressure[r])
        felt *= 1.0 - vertical_governance
        if felt == 0.0 and vertical_governance == 0.0 and regions_claimed[r] == 0.0:
            continue
        regions_claimed[r] = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if sector[i] >= PUBLIC:
                continue
            share = pressure_time * felt
            if member[i]:
                share += governance_time * vertical_governance
            claimed[i] = share * own_time[i]
            regions_claimed[r] += claimed[i]
            mandate[i] -= pressure_mandate * felt * mandate[i] / mandate_time
            for axis in range(3):
                agenda[i, axis] += (
                    pressure_pull * felt * (national_priority[axis] - agenda[i, axis])
                )


@process(
    press,
    reads="""
        orgs.sector .member .own_time
        layout.region_start .region_rows
        regions.pressure .pressure_end
        levers.national_pressure .vertical_governance .national_priority
    """,
    writes="orgs.mandate .agenda .claimed regions.claimed",
)
def press_from_above() -> None:
    """Let national actors claim what they can reach."""
