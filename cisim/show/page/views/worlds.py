"""Places that can be looked at: those that ship, and those of one's own that are kept."""

from __future__ import annotations

from cisim.show.language.facts import world_title
from cisim.show.page.partnership import kept
from cisim.world.files import shipped
from cisim.world.scenario import load_world


def worlds() -> list[tuple[str, str]]:
    """Return name and title of each place."""
    ours = [(name, world_title(name, load_world(name).title)) for name in shipped("worlds")]
    return [*ours, *((one.name, one.title) for one in kept.kept())]
