"""The stories that the page can tell: those that ship, and one's own where it was started with one.

`cisim ui --story FILE` puts one's own here; it stands first.
"""

from __future__ import annotations

from functools import cache

from cisim.show.language.spoken import spoken
from cisim.world.files import shipped
from cisim.world.story import Story

FIRST = ("three-structures", "missing-sponsor")
"""Whoever knows none begins with these: what holds it together, and what moves what."""

_own: dict[str, Story] = {}


def put(story: Story) -> None:
    """Put a story of one's own on the shelf; it takes the place of a shipped one of its name."""
    _own[story.name] = story
    stories.cache_clear()


def clear() -> None:
    """Take away what was put here."""
    _own.clear()
    stories.cache_clear()


def is_own(name: str) -> bool:
    """Return whether a story was put here."""
    return name in _own


@cache
def stories() -> dict[str, Story]:
    """Return all stories by name, one's own first, as their files say them."""
    others = sorted(name for name in shipped("stories") if name not in FIRST)
    names = (*FIRST, *others)
    return {**_own, **{name: Story.load(name) for name in names if name not in _own}}


def story(name: str) -> Story:
    """Return a story in the language that is spoken.

    Raises KeyError for one that is not here.
    """
    return stories()[name].translated(spoken())
