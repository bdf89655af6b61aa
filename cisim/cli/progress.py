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

    from cisim.show.language.texts import say as words

    bar = tqdm(
        unit=f" {words('printed.runs_unit')}",
        file=sys.stderr,
        leave=False,
        dynamic_ncols=True,
        delay=0.3,
    )

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
    from cisim.show.language.texts import say as words

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
            say(_said(done, total, last - begun, done - before))
        elif done >= total and told:
            told = False
            say(words("printed.runs_all", n=total))

    return advance


def _said(done: int, total: int, seconds: float, new: int) -> str:
    """Return how far a job is, in which so many seconds have done so many new runs."""
    from cisim.lab.sweep.estimate import lasting
    from cisim.show.language.texts import say as words
    from cisim.show.told import told

    if new <= 0 or seconds <= 0.0:
        return words("printed.runs_done", done=done, total=total)
    rate = new / seconds
    name, fast = ("second", rate) if rate >= 1.0 else ("minute", 60.0 * rate)
    left = told(lasting((total - done) / rate))
    return words(f"printed.runs_a_{name}", done=done, total=total, rate=fast, left=left)
