"""The nine backbone structures as cards, to be dropped into the place that is looked at."""

from __future__ import annotations

from typing import Any

from cisim.show.language.facts import scenario_of as scenario_named
from cisim.show.nine import NINE
from cisim.show.page.address.look import Look, scenario_of


def cards(look: Look) -> list[dict[str, Any]]:
    """Return each of the nine with its sentence and its source, and whether it is there now."""
    here = scenario_of(look).structure
    found = []
    for name in NINE:
        one = scenario_named(name)
        found.append(
            {
                "name": name,
                "title": one.title,
                "story": one.story,
                "source": one.structure.source,
                "here": one.structure == here,
            }
        )
    return found
