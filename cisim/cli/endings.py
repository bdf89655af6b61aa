"""How a command ends: its exit code, and the sentence that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cisim.cli.streams import say

if TYPE_CHECKING:
    from cisim.lab.resume import Quarantined

DONE, FAILED, WRONG_INPUT, QUARANTINED, INTERRUPTED = 0, 1, 2, 3, 130
DIFFERENT = 1
"""As of cmp and diff: what was compared is not the same."""


def wrong(sentence: str) -> int:
    """Say what is wrong with what was given; return the exit code for it."""
    say(sentence)
    return WRONG_INPUT


def interrupted(sentence: str) -> int:
    """Say what was kept of what was interrupted; return the exit code for it."""
    say(sentence)
    return INTERRUPTED


def ended(name: str, **given: object) -> str:
    """Return a sentence of how a command ends, in the language that is spoken."""
    from cisim.show.language.texts import say as words

    return words(f"ended.{name}", **given)


def what_is_kept(typed: Sequence[str]) -> str:
    """Return what is left of a command that was stopped between two pieces of its work."""
    out = [
        one.partition("=")[2] or after
        for one, after in zip(typed, [*typed[1:], ""], strict=True)
        if one.partition("=")[0] == "--out"
    ]
    return ended("some_kept" if out and Path(out[-1]).exists() else "nothing_kept")


def goes_on(out: object | None) -> str:
    """Return how a sentence of what was interrupted ends: whether it goes on in that folder."""
    return ended("goes_on") if out is not None else ""


def quarantined(what: str, failed: Sequence[Quarantined]) -> str:
    """Return in a sentence what is quarantined, with the line that does the first again.

    what : they are: "runs", "futures", "under_theories", "of_worlds", "sets"
    """
    first = failed[0]
    return set_aside(what, len(failed), first.which, first.reason, first.again)


def set_aside(
    what: str, count: int, which: str, reason: str, again: str, of: int | None = None
) -> str:
    """Return what is quarantined, as `quarantined` does, of runs that have no such table."""
    from cisim.show.told import told

    why = " ".join(told(reason).split()).rstrip(".")
    once_more = ended("once_more", command=again) if again else ""
    kind = ended(f"of.{what}")
    given = {"what": kind, "n": count, "which": told(which), "why": why, "again": once_more}
    if of is None:
        return ended("quarantined", **given)
    return ended("quarantined_of", of=of, **given)
