"""Time that can be compared on a machine that others use too.

What is compared is measured in turns, and which comes first changes from turn to turn, so that a
busy minute falls on both. CPU time of the process is taken where one process does the work; wall
time where several do. Medians and whole ranges are told, never the best of many.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Clock = Callable[[], float]
cpu: Clock = time.process_time
wall: Clock = time.perf_counter


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing: the middle, both ends, how many."""

    median: float
    low: float
    high: float
    n: int

    def times(self, factor: float) -> Spread:
        """Return the same in another unit; `factor` is above 0."""
        return Spread(self.median * factor, self.low * factor, self.high * factor, self.n)

    def text(self, unit: str, digits: int = 3) -> str:
        """Return "median unit (low to high, n = count)"."""
        middle, low, high = (figure(x, digits) for x in (self.median, self.low, self.high))
        if self.n == 1:
            return f"{middle} {unit} (n = 1)"
        return f"{middle} {unit} ({low} to {high}, n = {self.n})"


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of at least one measurement."""
    return Spread(statistics.median(values), min(values), max(values), len(values))


def figure(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits and thousands marked."""
    if value == 0.0:
        return "0"
    size = f"{value:.{digits}g}"
    number = float(size)
    if abs(number) >= 10 ** (digits - 1):
        return f"{number:,.0f}"
    places = max(0, digits - 1 - int(f"{number:e}".split("e")[1]))
    return f"{number:,.{places}f}"


def once(work: Callable[[], object], clock: Clock = cpu) -> float:
    """Return the seconds that one call takes, with no garbage of others to clear."""
    gc.collect()
    begin = clock()
    kept = work()
    end = clock()
    del kept
    return end - begin


def in_turns(
    works: Sequence[Callable[[], object]], turns: int, clock: Clock = cpu
) -> list[list[float]]:
    """Return the seconds of each piece of work in each turn: a list a piece, an entry a turn."""
    taken: list[list[float]] = [[0.0] * turns for _ in works]
    for turn in range(turns):
        order = range(len(works)) if turn % 2 == 0 else reversed(range(len(works)))
        for which in order:
            taken[which][turn] = once(works[which], clock)
    return taken


def ratios(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Return the spread of the ratio within each pair."""
    return spread([a / b for a, b in zip(above, below, strict=True)])
