"""Levers of innovation: trying what is new, and letting data say where to work."""

from __future__ import annotations

from pydantic import BaseModel

from cisim.model.quantity import Evidence, quantity


class Innovation(BaseModel):
    """What a structure chooses about innovation."""

    innovation: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "A diverse team makes the common agenda innovative (Common agenda), with 'openness to "
            "think outside the box' (Run phase). How far a partnership goes is chosen.",
            ("existence", "sign"),
        ),
        meaning="How far members try new solutions with partners from outside the usual circle.",
        submodel="innovation",
    )
    data_steering: float = quantity(
        0,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Data-driven governance 'values decisions that can be backed up with verifiable data' "
            "(Factors for innovation). How far a partnership goes is chosen.",
            ("existence", "sign"),
        ),
        meaning="How far regional bodies work more where measured wellbeing is lowest.",
        submodel="activity",
    )
