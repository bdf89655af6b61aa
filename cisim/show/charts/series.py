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
from cisim.model.outcomes import OUTCOMES
from cisim.show.charts.words import titled

Floats = NDArray[np.float64]
Names = Mapping[str, str] | Sequence[str] | None
"""Scenarios in their order, with the names that people read where it is a mapping."""

TITLES = {
    "member_share": "Organisations that take part",
    "joins_self": "Joined on their own",
    "joins_recruited": "Joined as recruited",
    "self_joined_share": "Joins that were their own",
    "meetings_per_member": "Meetings of a member",
    "meetings_per_eligible": "Meetings of an eligible organisation",
    "cross_region_meetings": "Meetings across regions",
    "everyday_meetings_held": "Everyday meetings",
    "brokered_share": "Meetings that a backbone arranged",
    "own_share": "Meetings that members started",
    "trust_active": "Trust among those who meet",
    "trust_eligible": "Trust among all who may take part",
    "trust_survey": "Trust as a survey measures it",
    "knowhow": "Know-how",
    "measurement": "Practice of measurement",
    "load": "Load of members",
    "lead_time": "Time of lead organisations",
    "sponsor_engagement": "Engagement of sponsors",
    "sponsor_money": "Money of sponsors",
    "mandate_public": "Mandate of public organisations",
    "mandate_other": "Mandate of other organisations",
    "joint_activity_participating": "Joint activity where communities take part",
    "joint_fte": "Time in joint work",
    "service_forgone": "Own services forgone",
    "service_displaced": "Own services displaced",
    "external_money_total": "External money so far",
    "function_implementor": "Function implementor",
}
"""Outcomes whose name does not say to people what they are."""


@dataclass(frozen=True)
class Shown:
    """What an outcome is on a chart.

    percent : a share, written as percent; values are multiplied by 100
    """

    name: str
    title: str
    unit: str
    words: str
    better: str
    bounds: tuple[float, float]
    percent: bool

    @property
    def factor(self) -> float:
        """Return what values are multiplied by to be shown."""
        return 100.0 if self.percent else 1.0


def outcome_shown(outcome: Any) -> Shown:
    """Return how an outcome is shown: of its name, or of anything with the fields of Outcome.

    Its title stands in TITLES, or is what its words say before a colon ("Primary gap: ..."), or its
    name. A column that is not an outcome of the model goes by its own name, without a unit.
    """
    declared = OUTCOMES.get(outcome) if isinstance(outcome, str) else outcome
    name = outcome if isinstance(outcome, str) else str(outcome.name)
    unit = str(getattr(declared, "unit", "") or "")
    words = str(getattr(declared, "words", "") or "")
    low, high = getattr(declared, "bounds", None) or (-math.inf, math.inf)
    percent = unit == "share" or (unit == "0..1" and words.startswith("Share of"))
    factor = 100.0 if percent else 1.0
    head, colon, rest = words.partition(": ")
    title = TITLES.get(name, titled(name))
    if colon and len(head.split()) <= 4:
        words = rest[:1].upper() + rest[1:]
        title = TITLES.get(name, head)
    return Shown(
        name=name,
        title=title,
        unit="%" if percent else unit,
        words=words,
        better=str(getattr(declared, "better", "") or ""),
        bounds=(float(low) * factor, float(high) * factor),
        percent=percent,
    )


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
        return f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"


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
