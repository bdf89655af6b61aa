"""The end of a command's process: its exit code is the command's, whatever a library does.

Some libraries end threads of their own after Python has ended, and now and then one of them calls
abort(): a sweep of which everything was written then ended with 134, and an array of jobs took it
for lost. What Python does at its end (threads, files, worker processes) is done; then the process
is left.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable
from contextlib import suppress


def run_and_leave(command: Callable[[], int]) -> None:
    """Call `command` and end this process with the exit code that it returns."""
    codes: list[int] = []

    def leave() -> None:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        if codes:
            os._exit(codes[0])

    atexit.register(leave)  # the first one to come is the last one to be called
    codes.append(command())
    sys.exit(codes[0])
