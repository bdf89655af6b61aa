"""The numbers of how results are grouped; they move nothing."""

from __future__ import annotations

from cisim.model.quantity import Submodel, judged, quantity


class Reporting(Submodel):
    """How results are grouped."""

    gap_deprived: float = quantity(
        0.5,
        unit="deprivation",
        bounds=(0.4, 1),
        constant=True,
        evidence=judged("For reporting only; it moves nothing."),
        meaning="Communities above this deprivation count as deprived in the gap.",
    )
    gap_affluent: float = quantity(
        0.3,
        unit="deprivation",
        bounds=(0, 0.4),
        constant=True,
        evidence=judged("For reporting only; it moves nothing."),
        meaning="Communities below this deprivation count as affluent in the gap.",
    )
