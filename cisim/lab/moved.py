"""What moves a result: each parameter's rank correlation with it over a design."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.design import Design
from cisim.lab.evidence import known_of
from cisim.model.state import Floats


class Moved(NamedTuple):
    """How far each parameter moves a result over the points where it is defined.

    names        : (k,)
    correlations : (k,) Spearman's, NaN where the result does not vary
    n            : points
    clear        : beyond which |correlation| it is no accident among all k (Bonferroni, 5 %)
    """

    names: tuple[str, ...]
    correlations: Floats
    n: int
    clear: float

    def top(self, many: int = 3) -> list[tuple[str, float]]:
        """Return the parameters with the highest |correlation|, those that are clear only."""
        return [(name, r) for name, r in self.ranked(many) if abs(r) > self.clear]

    def ranked(self, many: int | None = None) -> list[tuple[str, float]]:
        """Return the parameters by |correlation|, highest first, equal ones as declared."""
        size = np.abs(np.nan_to_num(self.correlations))
        order = np.argsort(-size, kind="stable")[:many]
        return [(self.names[k], float(self.correlations[k])) for k in order]


def moves(design: Design, result: Floats) -> Moved:
    """Return the rank correlation of each parameter with a result, (n,), NaN where undefined.

    Every parameter is spread evenly over its own range and independently of all others, so that
    these correlations can be compared with each other, and each stands for that parameter alone.
    They see what rises or falls; a result that turns within a range would escape them. Measures
    that do not presume a direction (delta, PAWN) are biased upwards by far more than most effects
    here at some hundreds of points and 57 parameters.
    """
    n = int((~np.isnan(result)).sum())
    found = correlations(design.values, result)
    return Moved(design.names, found, n, least_clear(n, len(design.names)))


def correlations(columns: Floats, result: Floats) -> Floats:
    """Return the rank correlation of each column, (n, k), with a result, (n,), NaN if undefined."""
    defined = ~np.isnan(result)
    found = np.full(columns.shape[1], np.nan)
    if defined.sum() > 2:
        ranks = _centred_ranks(result[defined])
        for k in range(found.size):
            other = _centred_ranks(columns[defined, k])
            spread = math.sqrt(float((ranks * ranks).sum()) * float((other * other).sum()))
            if spread > 0.0:
                found[k] = float((ranks * other).sum()) / spread
    return found


def _centred_ranks(values: Floats) -> Floats:
    ranks = pd.Series(values).rank().to_numpy(np.float64)
    return ranks - ranks.mean()


def least_clear(n: int, many: int) -> float:
    """Return the |rank correlation| that the largest of `many` null ones stays below, 95 %."""
    from scipy.special import ndtri

    if n < 3 or not many:
        return math.inf
    return float(ndtri(1.0 - 0.025 / many)) / math.sqrt(n - 1.0)


def thirds(design: Design, name: str, result: Floats) -> tuple[float, float]:
    """Return the mean of a result over the lowest and over the highest third of a parameter.

    The result is (n,), NaN where undefined; NaN comes back where a third has none.
    """
    return _thirds(design.values[:, design.names.index(name)], result)


def _thirds(values: Floats, result: Floats) -> tuple[float, float]:
    order = np.argsort(values, kind="stable")
    third = max(1, values.size // 3)
    found = []
    for some in (order[:third], order[-third:]):
        defined = result[some][~np.isnan(result[some])]
        found.append(float(defined.mean()) if defined.size else math.nan)
    return found[0], found[1]


def distinct(points: Floats) -> int:
    """Return how many of some points, (n, k), differ: one that comes again tells nothing new of
    what is varied."""
    return len(np.unique(points, axis=0)) if points.shape[1] else len(points)


def deciding(
    names: tuple[str, ...], columns: Floats, lead: Floats, many: int | None = None
) -> pd.DataFrame:
    """Return the parameters that decide whether a lead, (n,), is one, the first `many`.

    names, columns : (k,) and (n, k), what was varied

    correlation : rank correlation of the parameter with the lead
    clear       : whether that is no accident among all parameters
    best_low, best_high : share of points with a lead, lowest and highest third of the parameter
    with what is known of it: see cisim.lab.evidence
    """
    n = distinct(columns[~np.isnan(lead)])
    moved = Moved(names, correlations(columns, lead), n, least_clear(n, len(names)))
    ahead = np.where(np.isnan(lead), np.nan, (lead > 0.0).astype(np.float64))
    rows = []
    for parameter, correlation in moved.ranked(many):
        low, high = _thirds(columns[:, names.index(parameter)], ahead)
        rows.append(
            {
                "parameter": parameter,
                "correlation": correlation,
                "clear": bool(abs(correlation) > moved.clear),
                "best_low": low,
                "best_high": high,
                **known_of(parameter),
            }
        )
    return pd.DataFrame(rows)
