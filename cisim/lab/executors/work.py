"""What is to be done, what has come of it, and what is said meanwhile."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from cisim.model.input_error import InputError, shown
from cisim.model.told import Sentences

SAYS = Sentences(
    "work",
    timeout="timeout is {timeout}; allowed is a number of seconds above 0.",
)

Function = Callable[[Any, int], Any]
Keep = Callable[[int, Any], None]
Progress = Callable[[int, int], None]
Say = Callable[[str], None]

KILLED, HUNG = "Killed", "Hung"
"""Kinds of faults that no exception tells of: the process ended, or the piece never did."""

MOST_RETRIED = 100
"""Where more pieces than this raise, the reason is in the work and not in a machine's bad moment:
further ones are not tried again."""

LEAST_PATIENCE = 1800.0
"""A piece is believed to work for half an hour, whatever the others have taken,"""
PATIENCE = 100.0
"""and for so many times what the longest so far has taken."""


class Fault(NamedTuple):
    """A piece of work that is quarantined: its number, why, and the kind of the exception."""

    piece: int
    reason: str
    kind: str


class Ending(NamedTuple):
    """How it ended: what is quarantined, in order, and whether it was stopped before the end."""

    failed: list[Fault]
    incomplete: bool


class Run:
    """What one call has to do and has done.

    asker   : who is told, None if nobody; `say` tells whoever that is
    again   : pieces that have raised once and are to be tried once more, elsewhere or later
    longest : seconds that the longest piece so far has taken
    """

    def __init__(
        self,
        function: Function,
        shared: Any,
        indexes: Sequence[int],
        keep: Keep,
        progress: Progress | None,
        say: Say | None,
        together: int,
    ) -> None:
        self.function, self.shared, self.keep = function, shared, keep
        self.indexes, self.total = indexes, len(indexes)
        self.progress, self.say, self.asker = progress or _nothing, say or _nothing, say
        self.together = together
        self.failed: list[Fault] = []
        self.again: list[int] = []
        self._raised: set[int] = set()
        self.longest = 0.0
        self.done = 0

    def arrived(self, index: int, result: Any) -> None:
        """Take what came of a piece: keep it, or try it again, or quarantine it."""
        if isinstance(result, Fault):
            if self._may_differ(result):
                self._raised.add(index)
                self.again.append(index)
                return
            self.failed.append(result)
        else:
            self.keep(index, result)
        self.done += 1

    def _may_differ(self, fault: Fault) -> bool:
        """Return whether another attempt could end otherwise: a full disk, no memory left."""
        final = fault.kind in ("InputError", KILLED, HUNG) or fault.piece in self._raised
        return not final and len(self._raised) < MOST_RETRIED

    def take_again(self) -> list[int]:
        """Return what is to be tried once more, in order, and forget that it is to be."""
        some, self.again = sorted(self.again), []
        return some

    def patience(self, timeout: float | None) -> float:
        """Return how many seconds a piece may take, by what was asked for or what others took."""
        return max(LEAST_PATIENCE, PATIENCE * self.longest) if timeout is None else timeout


def check_timeout(timeout: object) -> float | None:
    """Return how long a piece may take, in seconds, None where nothing is given.

    Raises InputError if it is no number above 0; math.inf is one.
    """
    if timeout is None:
        return None
    number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if not number or math.isnan(timeout) or not timeout > 0.0:  # type: ignore[arg-type,operator]
        raise InputError(SAYS("timeout", timeout=shown(timeout)))
    return float(timeout)  # type: ignore[arg-type]


def _nothing(*_: object) -> None:
    pass


def fault_of(index: int, error: BaseException) -> Fault:
    """Return what is told of a piece that raised, in one line."""
    kind, text = type(error).__name__, " ".join(str(error).split())
    if isinstance(error, InputError):
        return Fault(index, text, kind)
    return Fault(index, f"{kind}: {text}" if text else kind, kind)
