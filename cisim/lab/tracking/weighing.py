"""How far each future agrees with what was observed: likelihood, weights, and what they weigh.

A figure y that was observed differs from what a future shows, x, by its error and by what the model
gets wrong, both normal with mean 0. Errors of different figures are independent. What the model
gets wrong of one outcome in one region goes on: between two months its correlation is one half for
each YEAR between them. Luck is no part of this, as it is inside the futures.

    log w_i = -(y - x_i)' C^-1 (y - x_i) / 2,   C = diag(error^2) + discrepancies

A future that shows nothing where something was observed has no weight. The weights of futures that
were drawn from what was believed before make them a sample of what is believed now (importance
sampling); their effective number is (sum w)^2 / sum w^2 (Kish 1965).

Quantiles are those of type 7 where all weights are alike, and weighted as by Akinshin (2023,
Weighted quantile estimators, arXiv 2304.07265) where not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cisim.lab.analyses.chance import uniforms
from cisim.lab.calibration.target import CUT
from cisim.lab.tracking.figures import Figure
from cisim.model.state import Floats

YEAR = 12.0
"""In so many months the correlation of what the model gets wrong falls to a half."""
FAR = 2.0 * CUT
"""Where every future is farther off than this, in standard deviations, more are not run."""
MOST_OTHERS = 500
"""So many futures' own figures are set beside what was observed."""


def covariance(figures: Sequence[Figure]) -> Floats:
    """Return how error and the model's own discrepancy vary together, (K, K)."""
    k = len(figures)
    found = np.zeros((k, k))
    for a, one in enumerate(figures):
        for b, other in enumerate(figures):
            if (one.outcome, one.region) == (other.outcome, other.region):
                apart = abs(one.month - other.month) / YEAR
                found[a, b] = one.discrepancy * other.discrepancy * 0.5**apart
        found[a, a] += one.error**2
    return found


class Weighed(NamedTuple):
    """What weighing has found.

    weights   : (n,) sum 1; all 0 where no future has any
    effective : how many futures with equal weights would tell as much
    largest   : weight
    """

    weights: Floats
    effective: float
    largest: float


def distances(shown: Floats, observed: Floats, together: Floats) -> Floats:
    """Return (y - x)' C^-1 (y - x) of each row x, (n, K), infinite where one is undefined."""
    if not observed.size:
        return np.zeros(len(shown))
    lower = np.linalg.cholesky(together)
    off = np.linalg.solve(lower, np.where(np.isfinite(shown), observed - shown, 0.0).T)
    squared = (off * off).sum(axis=0)
    return np.where(np.isfinite(shown).all(axis=1), squared, math.inf)


def weigh(shown: Floats, observed: Floats, together: Floats) -> Weighed:
    """Return the weights of futures that have shown these figures, (n, K).

    Without figures all have the weight that they had before.
    """
    n = len(shown)
    if not n:
        return Weighed(np.empty(0), 0.0, 0.0)
    if not observed.size:
        return Weighed(np.full(n, 1.0 / n), float(n), 1.0 / n)
    off = distances(shown, observed, together)
    least = float(off.min())
    if math.isinf(least):
        return Weighed(np.zeros(n), 0.0, 0.0)
    raw = np.exp(-0.5 * (off - least))
    weights = raw / raw.sum()
    return Weighed(weights, float(1.0 / (weights * weights).sum()), float(weights.max()))


def farthest(shown: Floats, observed: Floats, together: Floats) -> Floats:
    """Return by how many standard deviations each future misses the figure it misses most, (n,)."""
    off = np.abs(observed - shown) / np.sqrt(np.diag(together))
    return np.asarray(np.where(np.isfinite(off), off, math.inf).max(axis=1), np.float64)


class Together(NamedTuple):
    """Whether all figures together may have come out of the model.

    worse  : how often figures that the others fit as badly or worse come out of the model (Box
             1980); counting those observed, so of few futures it is never near 0
    others : how many futures that is of
    near   : futures that are within CUT standard deviations of every figure
    nearest: standard deviations by which the nearest future misses the figure it misses most
    """

    worse: float
    others: int
    near: int
    nearest: float


def look_together(shown: Floats, observed: Floats, together: Floats) -> Together:
    """Return how figures compare with what futures of the same beliefs would have observed.

    Of each of some futures figures are made, with errors drawn as they are stated, and it is asked
    how well all other futures fit them. What was observed is held against these.
    """
    n = len(shown)
    if not observed.size or not n:
        return Together(1.0, 0, n, 0.0)
    worst = farthest(shown, observed, together)
    near, nearest = int((worst <= CUT).sum()), float(worst.min())
    whole = np.flatnonzero(np.isfinite(shown).all(axis=1))
    if whole.size < 2:
        return Together(1.0 / (n + 1.0), int(whole.size), near, nearest)
    lower = np.linalg.cholesky(together)
    there = np.linalg.solve(lower, shown[whole].T).T
    ours = _fit(there, np.linalg.solve(lower, observed))
    made = whole.size if whole.size <= MOST_OTHERS else MOST_OTHERS
    noise = _normal("track figures", made, observed.size)
    others = np.empty(made)
    for row in range(made):
        rest = np.delete(there, row, axis=0)
        others[row] = _fit(rest, there[row] + noise[row])
    worse = (1.0 + float((others <= ours).sum())) / (made + 1.0)
    return Together(worse, made, near, nearest)


def _fit(there: Floats, at: Floats) -> float:
    """Return the log of the mean likelihood of figures, all in standard deviations."""
    off = -0.5 * ((there - at) ** 2).sum(axis=1)
    most = float(off.max())
    return most + math.log(float(np.exp(off - most).mean()))


def _normal(address: str, rows: int, columns: int) -> Floats:
    from scipy.special import ndtri

    return np.asarray(ndtri(uniforms(address, rows, columns)), np.float64)


def weighted_mean(values: Floats, weights: Floats) -> float:
    """Return the mean by weight, without the undefined; NaN where nothing has weight."""
    there = np.isfinite(values) & (weights > 0.0)
    total = float(weights[there].sum())
    return float((weights[there] * values[there]).sum()) / total if total > 0.0 else math.nan


def weighted_sd(values: Floats, weights: Floats) -> float:
    """Return the standard deviation by weight, without the undefined."""
    middle = weighted_mean(values, weights)
    return math.sqrt(max(0.0, weighted_mean((values - middle) ** 2, weights)))


def weighted_quantiles(values: Floats, weights: Floats, levels: Sequence[float]) -> Floats:
    """Return quantiles by weight, (levels,), without the undefined; NaN where nothing has weight.

    With equal weights they are those of numpy.
    """
    there = np.isfinite(values) & (weights > 0.0)
    if not there.any():
        return np.full(len(levels), math.nan)
    values, weights = values[there], weights[there]
    if (weights == weights[0]).all():
        return np.asarray(np.quantile(values, levels), np.float64)
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    upto = np.concatenate([[0.0], np.cumsum(weights)])
    upto /= upto[-1]
    effective = float(weights.sum()) ** 2 / float((weights * weights).sum())
    found = np.empty(len(levels))
    for at, level in enumerate(levels):
        low = (effective - 1.0) * level / effective
        share = np.clip((upto - low) * effective, 0.0, 1.0)
        found[at] = float((np.diff(share) * values).sum())
    return found
