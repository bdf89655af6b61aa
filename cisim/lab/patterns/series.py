"""Pure functions of series and of organisations that the patterns are made of.

A series is (T+1,) float: the state after month t at place t. NaN comes back where a measure is not
defined, and what is not defined passes no test.
"""

from __future__ import annotations

import math

import numpy as np

from cisim.model.state import Floats


def in_years(series: Floats, first: int, last: int) -> float:
    """Return the mean over the years first..last, both included; year 1 is months 1 to 12."""
    return float(series[12 * (first - 1) + 1 : 12 * last + 1].mean())


def ratio(one: float, other: float) -> float:
    """Return one / other where a ratio of two gains means something.

    Infinite where only `one` is above zero; NaN where neither is: no gain is no multiple of harm.
    """
    if other > 0.0:
        return one / other
    return math.inf if one > 0.0 else math.nan


def relative(one: float, other: float) -> float:
    """Return (one - other) / other, NaN unless other is above zero."""
    return (one - other) / other if other > 0.0 else math.nan


def month_of(series: Floats, share: float) -> float:
    """Return the first month by which a share of the change from start to end was made.

    The start is the first month in which the series is defined. NaN where nothing has changed.
    """
    defined = np.flatnonzero(~np.isnan(series))
    if defined.size < 2:
        return math.nan
    change = series - series[defined[0]]
    total = change[defined[-1]]
    if total == 0.0:
        return math.nan
    with np.errstate(invalid="ignore"):
        there = change / total >= share
    return float(np.argmax(there))


def month_of_rise(series: Floats, share: float) -> float:
    """Return as `month_of`, NaN unless the series ends above its start."""
    return month_of(series, share) if series[-1] > series[0] else math.nan


def largest_gain(series: Floats) -> float:
    """Return the largest rise within twelve months, negative where it only falls."""
    return float(np.nanmax(series[12:] - series[:-12]))


def largest_loss(series: Floats) -> float:
    """Return the largest fall within twelve months, negative where it only rises."""
    return float(np.nanmax(series[:-12] - series[12:]))


def correlation(one: Floats, other: Floats) -> float:
    """Return Pearson's correlation, NaN where either does not vary."""
    a, b = one - one.mean(), other - other.mean()
    spread = math.sqrt(float((a * a).sum()) * float((b * b).sum()))
    return float((a * b).sum()) / spread if spread > 0.0 else math.nan


def partial_correlation(one: Floats, other: Floats, control: Floats) -> float:
    """Return the correlation of two columns with a third held constant, NaN if undefined."""
    plain, left, right = (
        correlation(one, other),
        correlation(one, control),
        correlation(other, control),
    )
    rest = (1.0 - left * left) * (1.0 - right * right)
    return (plain - left * right) / math.sqrt(rest) if rest > 0.0 else math.nan
