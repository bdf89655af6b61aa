"""How a command ends: its exit code, and the sentence that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
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


def goes_on(out: object | None) -> str:
    """Return how a sentence of what was interrupted ends: whether it goes on in that folder."""
    return "; the same command goes on from there" if out is not None else ""


def quarantined(what: str, failed: Sequence[Quarantined]) -> str:
    """Return in a sentence what is quarantined, with the line that does the first again.

    what : they are: "runs", "futures", "worlds"
    """
    first = failed[0]
    why = " ".join(first.reason.split()).rstrip(".")
    again = f" To see it again: {first.again}" if first.again else ""
    return f"Quarantined {what}: {len(failed):,}; the first is {first.which} ({why}).{again}"
