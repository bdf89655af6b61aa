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


def say_unless(quiet: bool) -> Callable[[str], None] | None:
    """Return what says sentences while something runs, in the language that is spoken; None if
    quiet, and then compiling says nothing either."""
    if not quiet:
        return _say_told
    from cisim.model.cache import tell_compiling

    tell_compiling(None)
    return None


def _say_told(sentence: str) -> None:
    from cisim.show.told import told

    say(told(sentence))


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
        if not bar.n:
            bar.initial = done  # what is there from before took no time
        bar.update(done - bar.n)

    try:
        yield advance
    finally:
        bar.close()


def lines(now: Callable[[], float] = time.monotonic) -> Advance:
    """Return what says how far a job is whenever EVERY seconds have passed.

    Rate and time left are those since the first call: what is there from before took no time.
    """
    last = begun = now()
    before: int | None = None
    told = False

    def advance(done: int, total: int) -> None:
        nonlocal last, begun, before, told
        moment = now()
        if before is None:
            before, begun = done, moment
        if done < total and moment - last >= EVERY:
            last, told = moment, True
            say(f"{done:,} of {total:,} runs are done{_how_fast(done - before, total - done)}.")
        elif done >= total and told:
            told = False
            say(f"All {total:,} runs are done.")

    def _how_fast(new: int, left: int) -> str:
        from cisim.lab.sweep.estimate import lasting

        seconds = last - begun
        if new <= 0 or seconds <= 0.0:
            return ""
        rate = new / seconds
        fast = f"{rate:,.3g} a second" if rate >= 1.0 else f"{60.0 * rate:,.3g} a minute"
        return f", {fast}; {lasting(left / rate)} left"

    return advance
