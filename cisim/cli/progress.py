"""How far a longer job is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cisim.cli.streams import say

EVERY = 30.0
"""So many seconds pass between two lines where there is no terminal."""

Advance = Callable[[int, int], None]


@contextmanager
def shown_progress(quiet: bool) -> Iterator[Advance | None]:
    """Yield what tells on standard error how many runs of how many are done, None if quiet."""
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield lines()
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


def lines(now: Callable[[], float] = time.monotonic) -> Advance:
    """Return what says how far a job is whenever EVERY seconds have passed."""
    last = now()

    def advance(done: int, total: int) -> None:
        nonlocal last
        if done < total and now() - last >= EVERY:
            last = now()
            say(f"{done:,} of {total:,} runs are done.")

    return advance
