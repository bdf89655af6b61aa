"""What each scenario brings beside the next cheaper one: extra points for extra external money.

A mean of points a full-time year hides that the last years of a dear structure may bring little.
Scenarios are put in order of what they cost from outside; one that costs as much as another or
more, and leaves children no better off, is beaten by it and is no step for the next. What own
services forgo is no cost here: it is taken off the points already.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import LEVEL, check_level, mean_interval
from cisim.lab.value import Account, accounts, fieller
from cisim.model.state import Floats

TEN = 10.0
"""Points are told for so many extra FTE-years."""
DIGITS = 1
"""Costs that are the same to so many decimals of an FTE-year are the same."""


class Step(NamedTuple):
    """One scenario beside the next cheaper one, means over the futures that all share.

    external, gain : FTE-years of external money, points of wellbeing at the horizon
    beaten_by      : a scenario that costs no more and is no worse, "" if there is none
    beside         : the next cheaper that is not beaten; "" for the cheapest
    more, points   : extra FTE-years and extra points beside it, 0 for the cheapest
    each           : extra points for each ten extra FTE-years, with its interval (Fieller); NaN
                     for the cheapest and for what is beaten
    """

    scenario: str
    external: float
    gain: float
    beaten_by: str = ""
    beside: str = ""
    more: float = 0.0
    points: float = 0.0
    each: tuple[float, float, float] = (math.nan, math.nan, math.nan)


def ladder(comparison: Comparison, level: float = LEVEL) -> list[Step]:
    """Return a step for each scenario, the cheapest first.

    Raises InputError if an outcome that costs are made of, or a month of it, was not kept.
    """
    check_level(level)
    found = accounts(comparison)
    steps: list[Step] = []
    standing = ""
    for name in sorted(found, key=lambda name: _place(found, name)):
        mine, before = found[name], found.get(standing)
        step = Step(name, _mean(mine.external), _mean(mine.gain))
        if before is None:
            standing = name
        elif _mean(before.gain) >= step.gain:  # the last that stands is the best so far
            step = step._replace(beaten_by=standing)
        else:
            points, more = mine.gain - before.gain, mine.external - before.external
            low, high = fieller(points, more, level)
            step = step._replace(
                beside=standing,
                more=_mean(more),
                points=_mean(points),
                each=(TEN * _mean(points) / _mean(more), TEN * low, TEN * high),
            )
            standing = name
        steps.append(step)
    return steps


def _place(found: dict[str, Account], name: str) -> tuple[float, float, int]:
    """Return what scenarios are ordered by: cost, then the better first, then as they are given."""
    one = found[name]
    return round(_mean(one.external), DIGITS), -_mean(one.gain), list(found).index(name)


def _mean(values: Floats) -> float:
    return float(mean_interval(values)[0])
