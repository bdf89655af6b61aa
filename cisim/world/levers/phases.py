"""Levers of phases: what partnerships do in re-design, what they share, and what is paid early."""

from __future__ import annotations

from pydantic import BaseModel

from cisim.model.quantity import Evidence, quantity


class Phases(BaseModel):
    """What a structure chooses about the phases of its partnerships."""

    redesign: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Re-design is 're-visiting the vision and common agenda', with partners and "
            "beneficiaries and guided by shared measurement (Phases). How far a partnership goes "
            "is chosen.",
            ("existence", "sign"),
        ),
        meaning="How thoroughly partnerships re-read need when a run ends, and seek former members "
        "when they are dormant; 0 is neither.",
        submodel="phases",
    )
    replication: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "The model 'can be applied in other contexts': partners replicate it in other areas, "
            "with a generous mindset (Exponential value). How much they share is chosen.",
            ("existence", "sign"),
        ),
        meaning="How far members share with partners in other regions what they have achieved.",
        submodel="membership",
    )
    early_money: float = quantity(
        0,
        unit="share",
        bounds=(-0.25, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "'Invest in this phase': money and people early on raise the chance of success "
            "(Initiation phase, Investment). How much is moved is chosen.",
            ("existence", "sign"),
        ),
        meaning="The share of each post's later money, up to its sixtieth month, that is spent in "
        "its first twelve months instead, below 0 the other way; the total stays the same.",
        submodel="posts",
    )
