"""What people call scenarios: in full at first, and short from then on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from cisim.world.scenario import Scenario


def titles_of(chosen: Mapping[str, Scenario]) -> dict[str, str]:
    """Return what people call each scenario: its title, or its name where two share a title."""
    titles = {name: " ".join(one.title.split()) or name for name, one in chosen.items()}
    if len(set(titles.values())) < len(titles):
        return {name: name for name in titles}
    return titles


_LONGEST = 24
"""Titles up to so many characters are short enough (cisim.world.texts.Short)."""
_BREAKS = re.compile(r"\s*[,;:(–]\s*|\s+with\s+")


def short_of(titles: Mapping[str, str], chosen: Mapping[str, Scenario]) -> dict[str, str]:
    """Return a short name for each scenario: its file's, or the beginning of its title.

    Where two would be called the same, or it would not be shorter, the title itself.
    """
    found = {}
    for name, title in titles.items():
        said = chosen[name].short if title != name else ""
        found[name] = " ".join(said.split()) or _beginning(title)
    often = Counter(found.values())
    return {
        name: short if often[short] == 1 and len(short) < len(titles[name]) else titles[name]
        for name, short in found.items()
    }


def _beginning(title: str) -> str:
    if len(title) <= _LONGEST:
        return title
    first = _BREAKS.split(title, maxsplit=1)[0]
    if len(first) <= _LONGEST:
        return first
    words = first[: _LONGEST - 1].rpartition(" ")[0] or first[: _LONGEST - 1]
    return f"{words}…"
