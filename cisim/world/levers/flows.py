"""What flows between the two levels of backbones: 1 as the model has it, 0 where it is cut.

A cut takes away what one level gives the other, and nothing that it gives members directly.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from cisim.model.quantity import Evidence, quantity

_BOTH_WAYS = (
    "'The support is reciprocal. I could even say that it does not function if either side is "
    "missing' (23/M)."
)


def _flow(words: str, meaning: str) -> Any:
    return quantity(
        1,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence("K26", f"{words} {_BOTH_WAYS}", ("existence", "sign")),
        meaning=meaning,
        submodel="backbones",
    )


class Flows(BaseModel):
    """What each level of backbones gives the other, one by one."""

    flow_horizon: float = _flow(
        "The national backbone 'introduces a longer-term horizon' (Futures thinker), which "
        "information brokers pass on.",
        "How much of national futures work reaches regions: the longer horizon.",
    )
    flow_guidance: float = _flow(
        "The support team 'offers resources to local developers' (38/NB, Implementation "
        "supporter).",
        "How much of national support reaches regional workers: coaching, events, problem-solving.",
    )
    flow_evaluation: float = _flow(
        "The national backbone 'guides and directs activities towards the goals' (Evaluator).",
        "How much of national evaluation reaches regions.",
    )
    flow_peers: float = _flow(
        "It 'connects regions with each other to share knowledge and experiences' (Bridge "
        "builder).",
        "How much of national bridge building reaches regions: peers elsewhere.",
    )
    flow_knowledge: float = _flow(
        "It 'provides regions with research data' and training (Knowledge broker).",
        "How much national research and training reaches regional backbones.",
    )
    flow_need: float = _flow(
        "It 'enables research based on the emerging research needs from the regions' (Knowledge "
        "broker); regional backbones 'identify local needs' (Local knowledge gatherer).",
        "How much of local need, as regions gather it, shapes national research and training.",
    )
    flow_overview: float = _flow(
        "Regional backbones 'share the regional overview with the national support' (Local "
        "knowledge gatherer).",
        "How much of regions' overview of progress reaches national evaluation.",
    )


FLOWS = tuple(Flows.model_fields)
"""Every flow, those down before those up."""
