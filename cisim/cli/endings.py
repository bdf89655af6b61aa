"""How a command ends: exit codes, and what is said on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

DONE, FAILED, WRONG_INPUT, QUARANTINED, INTERRUPTED = 0, 1, 2, 3, 130


def wrong(sentence: str) -> int:
    say(sentence)
    return WRONG_INPUT


def interrupted(sentence: str) -> int:
    say(sentence)
    return INTERRUPTED


def say(sentence: str) -> None:
    try:
        print(sentence, file=sys.stderr, flush=True)
    except BrokenPipeError:
        forget_output()


def forget_output() -> None:
    """Let what is still to be written go nowhere: Python flushes once more as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):  # a stream that is no file
            continue
    os.close(nowhere)


@contextmanager
def shown_progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what draws a bar on standard error, None if nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bar = tqdm(unit=" runs", file=sys.stderr, leave=False, dynamic_ncols=True, delay=0.3)

    def advance(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield advance
    finally:
        bar.close()
