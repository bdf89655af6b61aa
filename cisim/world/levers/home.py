"""The backbone's home: how soon staff act, what its structure costs, who helps, what it funds."""

from __future__ import annotations

from pydantic import BaseModel

from cisim.model.quantity import Evidence, quantity


class Home(BaseModel):
    """Levers of where a backbone lives."""

    start_up: float = quantity(
        0,
        unit="months",
        bounds=(0, 120),
        constant=True,
        evidence=Evidence(
            "NZ",
            "“Does it make sense to select an existing organisation or structure to house the "
            "backbone or create a new structure?” An existing home is quick, a new one takes a "
            "year or so: that is judgement.",
            ("existence",),
        ),
        meaning="How long a backbone's staff are paid before they act; short in an existing home, "
        "long where a new one is made.",
        submodel="homes",
    )
    overhead: float = quantity(
        0,
        unit="share",
        bounds=(0, 0.95),
        constant=True,
        evidence=Evidence(
            "NZ",
            "A backbone handles “myriad logistical and administrative details” and needs “the "
            "minimum amount of structure”; in R21 partners may share the orchestrator's role. "
            "That both cost staff time is our reading, how much is judgement.",
            ("existence",),
        ),
        meaning="The share of backbones' staff time that goes to their own running, or to agreeing "
        "with those who share the coordination.",
        submodel="homes",
    )
    volunteers: float = quantity(
        0,
        unit="FTE a region",
        bounds=(0, 1000),
        constant=True,
        evidence=Evidence(
            "V20",
            "“Only one to two staff members, with additional help provided by volunteers from the "
            "organisations participating in the initiative”.",
            ("existence",),
        ),
        meaning="The time that members volunteer for the backbone's work, as far as they have it.",
        submodel="homes",
    )
    volunteer_value: float = quantity(
        0.3,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "“Accenture volunteered time, which did not create that much value for either "
            "employees or the youth”. How much less than staff's time is judgement.",
            ("existence", "sign"),
        ),
        meaning="What an hour of volunteers does of what an hour of staff does.",
        submodel="homes",
    )
    earned_trust: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "“Trust in the actors complementing the Swedish welfare system is the most critical "
            "component” for social impact; Save the Children's model has “strong roots and trust "
            "in local communities”. That communities judge by the results that they see is "
            "judgement.",
            ("existence",),
        ),
        meaning="How far communities believe what they have seen of the partnership, in place of "
        "its credibility at the start; 0 is a fixed credibility.",
        submodel="activity",
    )
    local_action: float = quantity(
        0,
        unit="FTE a region",
        bounds=(0, 10_000),
        constant=True,
        evidence=Evidence(
            "V20",
            "Alive & Thrive, the backbone, “provided funding for the local actions within the "
            "initiative”. How much is chosen.",
            ("existence",),
        ),
        meaning="What the foundation that pays the backbone also pays members for joint work, from "
        "month 0 on.",
        submodel="posts",
    )
