"""How a command ends: its exit code, and the sentence that goes with it."""

from __future__ import annotations

from cisim.cli.streams import say

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
