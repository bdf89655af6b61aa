"""From tidy tables to arrays: values by scenario, future and month, and what they mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import Outcome
from cisim.show.charts.words import Reading, titled
from cisim.show.language.facts import FORMS, OUTCOMES
from cisim.show.language.forms import localised
from cisim.show.language.texts import say

Floats = NDArray[np.float64]
Names = Mapping[str, str] | Sequence[str] | None
"""Scenarios in their order, with the names that people read where it is a mapping."""


@dataclass(frozen=True)
class Shown:
    """What an outcome is on a chart, in the unit that people read.

    factor : values are multiplied by it to be shown
    unit   : of what is shown; apart: of a difference
    percent : whether numbers are written with a sign of percent
    bare   : whether a number in a sentence stands without its unit
    """

    name: str
    title: str
    unit: str
    apart: str
    words: str
    better: str
    bounds: tuple[float, float]
    factor: float = 1.0
    bare: bool = False

    @property
    def percent(self) -> bool:
        """Return whether numbers are written as percent."""
        return self.unit == "%"

    def reading(self, low: float, high: float) -> Reading:
        """Return how its numbers from low to high are written, as they are shown."""
        return Reading.of(low, high, "" if self.percent else self.unit, self.percent, self.bare)


def outcome_shown(outcome: str | Outcome) -> Shown:
    """Return how an outcome is shown.

    A name that is not an outcome of the model is a column of the user's: it goes by its own name,
    without a unit.
    """
    declared = OUTCOMES.get(outcome) if isinstance(outcome, str) else outcome
    if declared is not None:
        declared = OUTCOMES.get(declared.name, declared)
    if declared is None:
        name = str(outcome)
        return Shown(name, titled(name), "", "", "", "", (-math.inf, math.inf))
    form = FORMS[declared.form]
    low, high = declared.bounds
    return Shown(
        name=declared.name,
        title=declared.title,
        unit=_in_words(declared.unit if form.shown is None else form.shown),
        apart=_in_words(declared.unit if form.apart is None else form.apart),
        words=declared.words,
        better=declared.better,
        bounds=(low * form.factor, high * form.factor),
        factor=form.factor,
        bare=form.bare,
    )


def _in_words(unit: str) -> str:
    """Return a unit as people read it: a scale "-1..1" is "−1 to 1"."""
    low, between, high = unit.partition("..")
    return say("charts.between", low=low.replace("-", "−"), high=high) if between else unit


@dataclass(frozen=True)
class Series:
    """One outcome of some scenarios over shared futures.

    keys   : the scenarios, as in the table
    names  : as people read them
    months : (M,) ascending
    values : (S, K, M), NaN where the table has none
    there  : (S, K) bool, whether the table has that future of that scenario at all
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    months: Floats
    replicates: tuple[Any, ...]
    values: Floats
    there: NDArray[np.bool_]

    def futures(self, scenario: int) -> int:
        """Return how many futures of a scenario have any value."""
        return int(np.isfinite(self.values[scenario]).any(axis=1).sum())

    @property
    def futures_in_words(self) -> str:
        """Return "100", or "90 to 100" where scenarios have differently many."""
        counts = sorted({self.futures(s) for s in range(len(self.keys))})
        if len(counts) == 1:
            return localised(f"{counts[0]:,}")
        low, high = (localised(f"{one:,}") for one in (counts[0], counts[-1]))
        return say("charts.between", low=low, high=high)


def series(table: pd.DataFrame, outcome: Shown, names: Names) -> Series:
    """Return the series of a tidy table with scenario, replicate, month and the outcome.

    Rows of single regions are left out where the table has a region column with an "overall" row.

    Raises InputError if a column or a scenario is missing, or a future has two rows for a month.
    """
    for column in ("scenario", "replicate", "month", outcome.name):
        if column not in table.columns:
            raise InputError(
                f"charts: the table has no column {column}."
                f"{nearest(column, [str(c) for c in table.columns])}"
            )
    if "region" in table.columns and (table["region"] == "overall").any():
        table = table[table["region"] == "overall"]
    if not len(table):
        raise InputError("charts: the table has no rows.")
    codes, found = pd.factorize(table["scenario"])
    known = [str(key) for key in found]
    keys = tuple(str(n) for n in names) if names is not None else tuple(known)
    for key in keys:
        if key not in known:
            raise InputError(f"charts: there is no scenario {shown(key)}.{nearest(key, known)}")
    if len(set(keys)) < len(keys) or not keys:
        raise InputError(f"charts: names is {shown(list(keys))}; allowed is each scenario once.")
    place = np.array([keys.index(key) if key in keys else -1 for key in known])[codes]
    months, month = np.unique(np.asarray(table["month"], float), return_inverse=True)
    future, replicates = pd.factorize(table["replicate"], sort=True)
    values = np.asarray(table[outcome.name], float) * outcome.factor
    values = np.where(np.isfinite(values), values, np.nan)
    size = (len(keys), len(replicates), len(months))
    at = (place * size[1] + future) * size[2] + month
    kept = place >= 0
    if not kept.all():
        at, values = at[kept], values[kept]
    if np.bincount(at, minlength=1).max() > 1:
        raise InputError(
            "charts: the table has two rows for the same scenario, replicate and month; allowed "
            "are overall rows only."
        )
    cube = np.full(size[0] * size[1] * size[2], np.nan)
    cube[at] = values
    there = np.zeros(size[0] * size[1], bool)
    there[at // size[2]] = True
    readable = tuple(in_words(key, names) for key in keys)
    return Series(
        keys, readable, months, tuple(replicates), cube.reshape(size), there.reshape(size[:2])
    )


def in_words(key: str, names: Names) -> str:
    """Return what people call a scenario."""
    return str(names[key]) if isinstance(names, Mapping) else key


def quantiles(values: Floats, shares: Sequence[float]) -> Floats:
    """Return quantiles over the first axis, leaving NaN out, one row a share."""
    if not values.shape[0]:
        return np.full((len(shares), *values.shape[1:]), np.nan)
    ordered = np.sort(values, axis=0)
    count = np.isfinite(values).sum(axis=0)
    top = np.maximum(count - 1, 0)
    out = np.empty((len(shares), *values.shape[1:]))
    for row, share in enumerate(shares):
        where = share * top
        low = np.floor(where).astype(np.intp)
        high = np.minimum(low + 1, top)
        a = np.take_along_axis(ordered, low[None], axis=0)[0]
        b = np.take_along_axis(ordered, high[None], axis=0)[0]
        out[row] = np.where(count > 0, a + (b - a) * (where - low), np.nan)
    return out


def mean(values: Floats) -> Floats:
    """Return means over the first axis, leaving NaN out; of nothing it is NaN."""
    finite = np.isfinite(values)
    count = finite.sum(axis=0)
    total = np.where(finite, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def ends(series: Series, month: float | None) -> tuple[float, Floats]:
    """Return the month that is looked at, the last if None, and its values (S, K).

    Raises InputError if the table does not have that month.
    """
    if month is None:
        return float(series.months[-1]), series.values[:, :, -1]
    hits = np.flatnonzero(series.months == month)
    if not hits.size:
        raise InputError(
            f"charts: month is {shown(month)}; allowed are the table's months, "
            f"{series.months[0]:g} to {series.months[-1]:g}."
        )
    return float(month), series.values[:, :, int(hits[0])]


def check_goal(goal: float | None, outcome: Shown) -> float | None:
    """Return a goal as it is shown.

    Raises InputError if the outcome can never be there.
    """
    if goal is None:
        return None
    low, high = (bound / outcome.factor for bound in outcome.bounds)
    if not math.isfinite(goal) or not low <= goal <= high:
        allowed = f"{low:g} to {high:g}" if math.isfinite(low + high) else "a finite number"
        raise InputError(f"charts: goal of {outcome.name} is {shown(goal)}; allowed is {allowed}.")
    return float(goal) * outcome.factor
