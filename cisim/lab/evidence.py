"""What is known of a number that an answer hangs on: its default, its range, its source."""

from __future__ import annotations

from functools import cache
from typing import Any

from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.world.structure import Structure

DECIDED = "decided"
"""Stands for the source of what is chosen, not believed: a lever, a month, a structure."""


@cache
def _declared() -> dict[str, Declaration]:
    return {**declarations(Structure), **declarations(Parameters)}


def known_of(name: str) -> dict[str, Any]:
    """Return what is declared of a parameter or a lever, as columns of a table.

    default, plausible_low, plausible_high, unit, meaning
    source, supports, evidence : "decided", "nothing" and "" for what is chosen
    """
    head = name.partition("=")[0]
    one = _declared().get(head)
    if one is None:
        nothing = float("nan")
        return {
            "default": nothing,
            "plausible_low": nothing,
            "plausible_high": nothing,
            "unit": "",
            "meaning": "",
            "source": DECIDED,
            "supports": "nothing",
            "evidence": "",
        }
    low, high = one.plausible or (one.default, one.default)
    believed = head in Parameters.model_fields
    return {
        "default": one.default,
        "plausible_low": low,
        "plausible_high": high,
        "unit": one.unit,
        "meaning": one.meaning,
        "source": one.evidence.source if believed else DECIDED,
        "supports": (", ".join(one.evidence.supports) if believed else "") or "nothing",
        "evidence": one.evidence.words if believed else "",
    }
