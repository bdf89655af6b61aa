"""Ctrl-C: counted, and looked at where work can be stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Interrupts:
    """How often the user has pressed Ctrl-C, and whether a second one breaks off at once."""

    def __init__(self) -> None:
        self.count = 0
        self.abrupt = False

    def __call__(self, *_: object) -> None:
        self.count += 1
        if self.abrupt and self.count > 1:
            raise KeyboardInterrupt


@contextmanager
def counted() -> Iterator[Interrupts]:
    """Count Ctrl-C instead of raising it anywhere, where Python's own way is in force."""
    interrupts = Interrupts()
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, interrupts)
    try:
        yield interrupts
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
