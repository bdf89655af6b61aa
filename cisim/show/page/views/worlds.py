"""Places that can be looked at: those that ship, and those of one's own that are kept."""

from __future__ import annotations

from functools import cache

from cisim.show.language.facts import world_title
from cisim.show.page.partnership import kept
from cisim.world.files import shipped
from cisim.world.scenario import load_world


@cache
def _titles() -> dict[str, str]:
    """Return the titles of the places that ship, in English, by name."""
    return {name: load_world(name).title for name in shipped("worlds")}


def worlds() -> list[tuple[str, str]]:
    """Return name and title of each place."""
    ours = [(name, world_title(name, title)) for name, title in _titles().items()]
    return [*ours, *((one.name, one.title) for one in kept.kept())]
