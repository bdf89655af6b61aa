"""One colour and one mark a scenario, on every picture of the page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from cisim.show.charts.ink import SERIES_LIGHT
from cisim.show.page.address.checks import BRANCH, CARDS, MINE
from cisim.show.page.address.look import Look
from cisim.world.files import shipped

_FIRST = (*CARDS, MINE, BRANCH)


@cache
def _home(name: str) -> int:
    """Return where a scenario's place is if nobody else has it."""
    if name in _FIRST:
        return _FIRST.index(name)
    others = [one for one in shipped("scenarios") if one not in _FIRST]
    free = len(SERIES_LIGHT) - len(_FIRST)
    return len(_FIRST) + (others.index(name) if name in others else 0) % max(1, free)


def places(look: Look, names: Sequence[str]) -> tuple[int, ...]:
    """Return the places in the colours of scenarios that are shown together.

    Each has its own wherever it is shown, on every world; one whose place is taken has the next
    that is free.
    """
    found: list[int] = []
    for name in names:
        place = _home(look.scenario if name == MINE and not look.own else name)
        while place in found and len(found) < len(SERIES_LIGHT):
            place = (place + 1) % len(SERIES_LIGHT)
        found.append(place)
    return tuple(found)
