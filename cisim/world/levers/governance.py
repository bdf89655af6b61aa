"""Open systems: pressure from the national level, lack of staff, and governance across levels."""

from __future__ import annotations

from pydantic import BaseModel

from cisim.model.quantity import Evidence, quantity


class Governance(BaseModel):
    """Levers of what comes from above, and of what shields from it."""

    national_pressure: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "V20",
            "“Pressures from national actors to step in increase”; local questions risk to “become "
            "marginalised in relation to national level decision making processes”.",
            ("existence", "sign"),
        ),
        meaning="How strongly national actors claim public organisations' time, mandates and "
        "agendas for a priority of their own.",
        submodel="governance",
    )
    vertical_governance: float = quantity(
        0,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "V20",
            "“There should be a vertical governance and meta-governance structure that helps to "
            "deal with at least the national level pressures and help solve the local problems "
            "that the locals themselves cannot address on their own (e.g. lack of qualified "
            "staff”.",
            ("existence", "sign"),
        ),
        meaning="The share of national pressure, and of the lack of staff, that governance across "
        "the levels takes off a region; it costs public members some time.",
        submodel="governance",
    )
    staff_shortage: float = quantity(
        0,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "V20",
            "Locals cannot address a “lack of qualified staff and insufficient capacity-building” "
            "on their own. How much is lacking is chosen.",
            ("existence", "sign"),
        ),
        meaning="The share of backbones' paid time for which no qualified staff is found.",
        submodel="homes",
    )
