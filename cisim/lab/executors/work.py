"""What is to be done, what has come of it, and what is said meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from cisim.model.input_error import InputError

Function = Callable[[Any, int], Any]
Keep = Callable[[int, Any], None]
Progress = Callable[[int, int], None]
Say = Callable[[str], None]


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
    """What one call has to do and has done."""

    def __init__(
        self,
        function: Function,
        shared: Any,
        keep: Keep,
        progress: Progress | None,
        say: Say | None,
        total: int,
        together: int,
    ) -> None:
        self.function, self.shared, self.keep = function, shared, keep
        self.progress, self.say, self.total = progress or _nothing, say or _nothing, total
        self.together = together
        self.failed: list[Fault] = []
        self.done = 0

    def arrived(self, index: int, result: Any) -> None:
        if isinstance(result, Fault):
            self.failed.append(result)
        else:
            self.keep(index, result)
        self.done += 1


def _nothing(*_: object) -> None:
    pass


def fault_of(index: int, error: BaseException) -> Fault:
    kind, text = type(error).__name__, " ".join(str(error).split())
    if isinstance(error, InputError):
        return Fault(index, text, kind)
    return Fault(index, f"{kind}: {text}" if text else kind, kind)
