"""What a search for the best use of a budget has found, as people call it."""

from __future__ import annotations

from cisim.lab.optimise import Optimised
from cisim.lab.optimise.found import CANDIDATE
from cisim.lab.robust import REFERENCE
from cisim.show.language.texts import say


def who(row: str, found: Optimised) -> str:
    """Return what a row of the front is called; the scenario keeps its name."""
    if row == REFERENCE:
        return say("charts.front_without")
    if row == found.scenario.name:
        return row
    return say("charts.front_candidate", number=row.removeprefix(CANDIDATE))
