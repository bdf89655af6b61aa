"""PAWN: how far the whole distribution of an outcome moves as a parameter is held in a slice.

It presumes no direction and no variance, and is biased upwards: a parameter that does nothing has
an index above zero, too. What chance gives is told by dummies, columns of numbers that the model
never saw; a parameter is clear above the 95th of the largest dummies.

Source  Pianosi and Wagener 2018; the estimator is SALib's
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cisim.lab.analyses.chance import resampled, uniforms
from cisim.lab.analyses.indices import Indices, table_of
from cisim.lab.analyses.intervals import between
from cisim.lab.analyses.layout import sample_of_space
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.says import PERCENT, SAYS
from cisim.lab.analyses.scale import Scaled
from cisim.lab.ensemble import OVERALL
from cisim.lab.extras import needed
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.model.state import Floats

SLICES = 10
FEWEST = 100
"""Points below which a slice holds too few."""
DUMMIES = 100
RESAMPLES = 40


@dataclass(frozen=True, eq=False)
class Pawn:
    """PAWN indices (median over slices) of an outcome.

    points, of : points that were used, and all
    """

    question: Question
    index: Indices
    points: int
    of: int

    def table(self) -> pd.DataFrame:
        """Return a row for each parameter, the largest index first."""
        return table_of(self.question, {"pawn": self.index}, "pawn")

    def by_month(self) -> pd.DataFrame:
        """Return the index of each parameter in each month."""
        return self.index.by_month(self.question, "pawn")

    def sentences(self) -> list[str]:
        """Return what was found in words."""
        told = [self.index.told(self.question)]
        if np.isfinite(self.index.values).any():
            told.append(SAYS("dummies", floor=self.index.floor, many=len(self.index.names)))
        return told


def pawn(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Pawn:
    """Return PAWN indices of an outcome, or of its difference from another scenario.

    Raises InputError for a Morris design, too few points, a missing library, or what was not kept.
    """
    question = Question.of(study, outcome, scenario, against=against, month=month, region=region)
    rows = sample_of_space(study.design)
    scaled = Scaled.of(study.design)
    values = question.values(study)[rows]
    there = np.isfinite(values)
    n = int(there.sum())
    if n < FEWEST:
        raise InputError(
            SAYS("pawn_needs", fewest=FEWEST, slices=SLICES, each=FEWEST // SLICES, there=n)
        )
    unit = scaled.unit[rows]
    now = _index(unit[there], values[there])
    draws = resampled("pawn", n, RESAMPLES)
    resamples = np.stack([_again(unit[there][some], values[there][some]) for some in draws])
    low, high = between(resamples)
    # Rows that are drawn twice make slices look more different than they are: that is taken off.
    shift = now - resamples.mean(axis=0)
    floor = _floor(values[there], len(scaled.names))
    time = question.over_time(study)[rows]
    over = np.stack(
        [
            _again(unit[some], time[some, at])
            if (some := np.isfinite(time[:, at])).sum() >= FEWEST
            else np.full(len(scaled.names), np.nan)
            for at in range(time.shape[1])
        ],
        axis=1,
    )
    with np.errstate(invalid="ignore"):
        clear = now > floor
    index = Indices(
        SAYS("pawn", level=PERCENT),
        scaled.names,
        now,
        np.maximum(low + shift, 0.0),
        np.minimum(high + shift, 1.0),
        clear,
        floor,
        study.months,
        over,
    )
    return Pawn(question, index, n, len(rows))


def _floor(values: Floats, many: int) -> float:
    """Return what the largest of `many` dummies stays below, 95 % of the time."""
    dummies = _again(uniforms("pawn dummies", values.size, DUMMIES), values)
    if not np.isfinite(dummies).any():
        return float("nan")
    # The bound is farther out than so few dummies reach; their logs are near normal.
    from scipy.special import ndtri

    logs = np.log(np.maximum(dummies, 1e-12))
    far = float(ndtri(0.95 ** (1.0 / many)))
    return float(np.exp(logs.mean() + far * logs.std(ddof=1)))


def _index(unit: Floats, values: Floats) -> Floats:
    """Return the index of each column as SALib has it, NaN if nothing varies."""
    many = unit.shape[1]
    if np.ptp(values) == 0.0:
        return np.full(many, np.nan)
    problem = {
        "num_vars": many,
        "names": [str(k) for k in range(many)],
        "bounds": [[0.0, 1.0]] * many,
    }
    found = needed("SALib.analyze.pawn", "analysis").analyze(problem, unit, values, S=SLICES)
    return np.asarray(found["median"], dtype=np.float64)


def _again(unit: Floats, values: Floats) -> Floats:
    """Return `_index` to 15 digits, without a p-value for each slice, which takes SALib long.

    For each slice: how far the distribution in it is from that of all, at most (Kolmogorov and
    Smirnov). Intervals, dummies and months ask for it again and again.
    """
    n, many = unit.shape
    if np.ptp(values) == 0.0:
        return np.full(many, np.nan)
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(values[order]) > 0.0, True))  # of equal values the last
    whole = (ends + 1) / n
    edges = np.nanquantile(unit, np.arange(0, 1 + 1 / SLICES, 1 / SLICES), axis=0)
    apart = np.full((SLICES, many), np.nan)
    for column in range(many):
        place = np.searchsorted(edges[:, column], unit[order, column], side="right") - 1
        inside = np.cumsum(place[:, None] == np.arange(SLICES), axis=0)
        size = inside[-1]
        full = size > 0
        share = inside[np.ix_(ends, full)] / size[full]
        apart[full, column] = np.abs(share - whole[:, None]).max(axis=0)
    return np.asarray(np.nanmedian(apart, axis=0), dtype=np.float64)
