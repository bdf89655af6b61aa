"""The seven components of collective impact as levers: how far each is there.

Each is a strength from 0, removed, to 1, as far as the partnership makes it. Beneficiary
engagement has been a lever of its own all along (`engagement`), and is removed at 0. A common
agenda and reinforcing activities are results: what their levers weaken is the mechanism that makes
them. Whether shared measurement holds partners to account, and who does the measuring, are choices
beside it.
"""

from __future__ import annotations

from typing import NamedTuple

from pydantic import BaseModel

from cisim.model.quantity import Evidence, quantity


def _strength(meaning: str, submodel: str, evidence: Evidence) -> float:
    return quantity(
        1,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=evidence,
        meaning=meaning,
        submodel=submodel,
    )


class Components(BaseModel):
    """How far each component is there, and what comes with shared measurement."""

    common_agenda: float = _strength(
        "How far partnership meetings bring agendas together; 0 leaves that to everyday ones.",
        "agenda",
        Evidence(
            "R21",
            "Collective impact requires a shared vision, 'a common understanding of the problem "
            "and a joint approach' (Common agenda). It is a result: the lever weakens what "
            "members take over from each other in partnership meetings.",
            ("existence", "sign"),
        ),
    )
    shared_measurement: float = _strength(
        "How far shared measurement is taken up; 0 is none beyond what each does for itself.",
        "learning",
        Evidence(
            "PR",
            "'Collecting data and measuring results consistently on a short list of indicators' "
            "is one of five conditions (Shared measurement system).",
            ("existence", "sign"),
        ),
    )
    reinforcing_activities: float = _strength(
        "How far the work of different sectors adds to each other's; at 0 each works for itself.",
        "activity",
        Evidence(
            "R21",
            "Each participant undertakes 'activities within their area of expertise', coordinated "
            "within the partnership (Mutually reinforcing activities). It is a result: the lever "
            "weakens what sectors add to each other.",
            ("existence", "sign"),
        ),
    )
    communication: float = _strength(
        "How far the partnership tells of itself; 0 is no information broker, half the drawing of "
        "others, and half of what sponsors see.",
        "membership",
        Evidence(
            "PR",
            "Continuous communication is one of five conditions. That K26's information broker "
            "carries it is a reading; that without it half is heard all the same is judgement.",
            ("existence", "sign"),
        ),
    )
    backbone_support: float = _strength(
        "How much of what backbones' staff and volunteers do is support; at 0 staff is paid, and a "
        "lead organisation comes in its place.",
        "backbones",
        Evidence(
            "PR",
            "'Creating and managing collective impact requires a separate organization and staff' "
            "(Backbone organization).",
            ("existence", "sign"),
        ),
    )
    investment: float = _strength(
        "How much of the money from outside comes: posts, grants, and sponsors' money.",
        "posts",
        Evidence(
            "R21",
            "'Focusing on financial and human capital investment early on and involving funders' "
            "increases the chance to succeed (Investment).",
            ("existence", "sign"),
        ),
    )
    accountability: float = quantity(
        0,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "PR",
            "Measuring together 'enables the participants to hold each other accountable' (Shared "
            "measurement system; R21 has the same sentence). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of promises otherwise broken that is kept where all is measured and "
        "seen by the others.",
        submodel="trust",
    )
    measurement_time: float = quantity(
        0,
        unit="share of own time",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Social impact 'is hard to measure and requires proper data collection tools over a "
            "long period of time' (Investment), so it costs work. The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="The work that full measuring takes, as a share of a member's own time.",
        submodel="contribution",
    )
    measurement_staff: float = quantity(
        0,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "NZ",
            "Managing data collection among partners is a responsibility of the backbone "
            "(Establish shared measurement practices).",
            ("existence",),
        ),
        meaning="The share of that work that regional staff does, as far as it lasts; members do "
        "the rest.",
        submodel="backbones",
    )


class Component(NamedTuple):
    """One of the seven components.

    lever   : the lever that is 0 where it is removed
    outcome : its level
    words   : what it is called in a sentence
    removed : what its removal switches off, in a sentence
    """

    lever: str
    outcome: str
    words: str
    removed: str


COMPONENTS: dict[str, Component] = {
    "common_agenda": Component(
        "common_agenda",
        "component_common_agenda",
        "common agenda",
        "Members take nothing over from each other's agendas in partnership meetings.",
    ),
    "shared_measurement": Component(
        "shared_measurement",
        "component_measurement",
        "shared measurement",
        "Nobody takes up shared measurement; what was there before fades.",
    ),
    "reinforcing_activities": Component(
        "reinforcing_activities",
        "component_activities",
        "reinforcing activities",
        "The work of different sectors adds nothing to each other's.",
    ),
    "communication": Component(
        "communication",
        "component_communication",
        "communication",
        "There is no information broker; half as many are drawn, and sponsors see half.",
    ),
    "backbone_support": Component(
        "backbone_support",
        "component_backbone",
        "backbone support",
        "Staff is paid and supports nobody; a lead organisation comes in its place.",
    ),
    "beneficiary_engagement": Component(
        "engagement",
        "component_beneficiaries",
        "beneficiary engagement",
        "Nobody engages those concerned: no pull to need, no wider reach, and no time for it.",
    ),
    "investment": Component(
        "investment",
        "component_investment",
        "investment",
        "No money comes from outside; members' own time stays.",
    ),
}
"""The seven, in the order of the sources: five conditions, then the two of the refined model."""
