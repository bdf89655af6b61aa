"""From numbers to places: ranges, round ticks, labels that keep clear of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cisim.show.counted import plural, short_label
from cisim.world.calendar import UNDATED, Calendar


def round_step(extent: float, about: int) -> float:
    """Return the step of 1, 2 or 5 times a power of ten that parts an extent about so often."""
    rough = extent / max(1, about)
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0):
        if rough <= factor * power * 1.0001:
            return factor * power
    return 10.0 * power


@dataclass(frozen=True)
class Axis:
    """A range of numbers laid on a range of places (px).

    low, high   : numbers at its ends
    start, end  : places of those
    ticks       : round numbers within
    decimals    : that the ticks need
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    step: float

    def at(self, value: float) -> float:
        """Return the place of a number (px)."""
        # Halves, so that numbers near the largest there are do not overflow.
        share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return self.start + share * (self.end - self.start)

    def decimals(self, power: int = 0) -> int:
        """Return how many decimals the ticks need, written in 10**power."""
        return max(0, -math.floor(math.log10(self.step / 10.0**power) + 1e-9))

    def moved(self, start: float, end: float) -> Axis:
        """Return the same axis at other places."""
        return Axis(self.low, self.high, start, end, self.ticks, self.step)


def value_axis(
    low: float,
    high: float,
    start: float,
    end: float,
    *,
    about: int = 5,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Axis:
    """Return an axis that holds low to high, with zero where that is near.

    bounds : what the axis does not pass, unless the numbers do
    """
    low, high = min(low, high), max(low, high)
    if not math.isfinite(low) or not math.isfinite(high):
        low, high = 0.0, 1.0
    low, high = max(low, -1e300), min(high, 1e300)
    extent = high - low
    if extent <= 1e-9 * max(abs(low), abs(high)) or extent < 1e-290:
        around = abs(high) * 0.5 or 1.0
        if bounds[0] <= low and high <= bounds[1]:
            low, high = max(low - around, bounds[0]), min(high + around, bounds[1])
        else:
            low, high = low - around, high + around
    if 0 < low < 0.6 * high:
        low = 0.0
    if 0 > high > 0.6 * low:
        high = 0.0
    step = round_step(high - low, about)
    first, last = _ends(low, high, step)
    ticks = tuple(
        round(k * step, 12) if 1e-9 < step < 1e9 else k * step
        for k in range(math.ceil(first - 1e-6), math.floor(last + 1e-6) + 1)
    )
    if bounds[0] <= low:
        low = max(min(low, first * step), bounds[0])
    else:
        low = min(low, first * step)
    if high <= bounds[1]:
        high = min(max(high, last * step), bounds[1])
    else:
        high = max(high, last * step)
    slack = 1e-9 * (high - low)
    ticks = tuple(t for t in ticks if low - slack <= t <= high + slack)
    low, high = min((low, *ticks)), max((high, *ticks))
    return Axis(low, high, start, end, ticks, step)


def _ends(low: float, high: float, step: float) -> tuple[float, float]:
    """Return where an axis ends, in steps: at a round number, unless that is far off."""
    first, last = math.floor(low / step + 1e-6), math.ceil(high / step - 1e-6)
    spare = 0.04 * (high - low) / step
    start = float(first) if low / step - first < 0.6 else low / step - spare
    end = float(last) if last - high / step < 0.6 else high / step + spare
    return start, end


class TimeTick(NamedTuple):
    """A month that is marked on a time axis, and its words."""

    month: float
    words: str


def time_ticks(
    first: float, last: float, most: int = 7, calendar: Calendar = UNDATED
) -> list[TimeTick]:
    """Return round times between two months, in years from two years on, else in months.

    With dates those are the Januaries of calendar years, or calendar months.
    """
    if calendar.dated:
        return _dated_ticks(first, last, most, calendar)
    extent = max(1.0, last - first)
    in_years = extent >= 24
    unit = 12 if in_years else 1
    steps = [1, 2, 5, 10] if in_years else [1, 2, 3, 6, 12]
    step = next((s for s in steps if extent / unit / s <= most), 0) * unit
    if not step:
        step = int(round_step(extent / unit, most)) * unit
    start = math.ceil(first / step) * step
    months = list(range(int(start), int(last) + 1, int(step)))
    word = "year" if in_years else "month"
    ticks = [TimeTick(m, f"{m // unit:,}") for m in months]
    if ticks:
        end = ticks[-1]
        number = int(end.month) // unit
        ticks[-1] = TimeTick(end.month, plural(number, word))
    return ticks


def _dated_ticks(first: float, last: float, most: int, calendar: Calendar) -> list[TimeTick]:
    low, high = math.ceil(first), math.floor(last)
    begun, ended = calendar.year(low), calendar.year(high)
    if high - low >= 24:
        steps = [1, 2, 5, 10]
        step = next((s for s in steps if (ended - begun) / s <= most), 0)
        step = step or int(round_step(ended - begun, most))
        years = range(math.ceil(begun / step) * step, ended + 1, step)
        places = [(calendar.first_month(year), f"{year}") for year in years]
        return [TimeTick(month, words) for month, words in places if low <= month <= high]
    room = max(2, most // 2 + 1)  # a month with its year is longer than a number
    step = next((s for s in (1, 2, 3, 6) if (high - low) / s < room), 12)
    since = calendar.first_month(begun)
    months = [month for month in range(low, high + 1) if (month - since) % step == 0]
    return [TimeTick(month, short_label(calendar, month)) for month in months]


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Return centres near the wanted ones so that no two overlap, within low to high.

    Where they do not all fit they stay clear of each other and pass `high`.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    groups: list[tuple[list[int], float]] = []  # members, top of the group
    for i in order:
        groups.append(([i], _top([i], wanted, heights, low, high)))
        while len(groups) > 1:
            above, top = groups[-2]
            if top + sum(heights[j] for j in above) <= groups[-1][1] + 1e-9:
                break
            joined = above + groups[-1][0]
            groups[-2:] = [(joined, _top(joined, wanted, heights, low, high))]
    centres = [0.0] * len(wanted)
    for members, top in groups:
        for i in members:
            centres[i] = top + heights[i] / 2
            top += heights[i]
    return centres


def _top(
    members: list[int],
    wanted: Sequence[float],
    heights: Sequence[float],
    low: float,
    high: float,
) -> float:
    """Return where a group of labels one under the other starts, to be near on average."""
    offset, total = 0.0, 0.0
    for i in members:
        total += wanted[i] - (offset + heights[i] / 2)
        offset += heights[i]
    return max(low, min(total / len(members), high - offset))
