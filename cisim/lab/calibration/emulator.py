"""An emulator: what a point may be expected to show where the model was not run, and its error.

A straight line in all parameters, and squares in those that matter most (Bayesian ridge), with a
Gaussian process over these on what the line leaves. Parameters that do not matter, and luck, are
its nugget. Luck of a mean over seeds is known and taken off; what remains of the nugget is error of
the emulator, since the model is not what it says there. Points that were left out of the fit tell
whether the error is told too small; then it is enlarged.

Source  Vernon, Goldstein and Bower 2010 (active inputs, nugget); Andrianakis et al. 2015; both fits
        are scikit-learn's
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.analyses.chance import shuffled
from cisim.lab.analyses.threads import one_thread
from cisim.lab.extras import needed
from cisim.lab.moved import correlations
from cisim.model.state import Floats

FEWEST = 20
"""Points below which nothing is fitted."""
ACTIVE = 8
"""Parameters that the Gaussian process takes."""
TUNED = 200
"""Points that its lengths are tuned on."""
MOST = 400
"""Points that it is fitted to, the last ones; the line takes all."""
FOLDS = 5
_WINDOW = 0.2
"""Luck at a mean is pooled over this share of the points, those of the nearest means."""


class Luck(NamedTuple):
    """The variance between seeds, by the mean: of a share it is largest in the middle.

    mean, within : (n,) ascending means, and the variance pooled around each
    """

    mean: Floats
    within: Floats

    @classmethod
    def of(cls, mean: Floats, within: Floats) -> Luck:
        """Return it of points; nothing where no point has two seeds."""
        there = np.isfinite(mean) & np.isfinite(within)
        if not there.any():
            return cls(np.zeros(1), np.zeros(1))
        order = np.argsort(mean[there], kind="stable")
        at, squares = mean[there][order], within[there][order]
        half = max(5, round(_WINDOW * at.size / 2))
        total = np.concatenate([[0.0], np.cumsum(squares)])
        low = np.maximum(np.arange(at.size) - half, 0)
        high = np.minimum(np.arange(at.size) + half + 1, at.size)
        return cls(at, (total[high] - total[low]) / (high - low))

    def at(self, mean: Floats) -> Floats:
        """Return the variance between seeds at means, (n,)."""
        return np.asarray(np.interp(mean, self.mean, self.within))


class Expected(NamedTuple):
    """What an emulator expects at points.

    mean  : (n,)
    error : (n,) variance of its error
    """

    mean: Floats
    error: Floats


@dataclass(frozen=True, eq=False)
class Emulator:
    """A stand-in for the mean of one reading over seeds.

    active   : columns that the Gaussian process takes
    luck     : variance between seeds
    error    : root mean square error at points that were left out, luck of their means taken off
    enlarged : by how much its variance is multiplied
    plain    : standard deviation of the means
    """

    active: NDArray[np.int64]
    luck: Luck
    error: float
    plain: float
    enlarged: float
    _fitted: _Fitted

    def expect(self, unit: Floats) -> Expected:
        """Return what is expected at points of the unit cube, (n, k)."""
        mean, error = self._fitted.expect(unit)
        return Expected(mean, self.enlarged * error)


class _Fitted(NamedTuple):
    """A line, and a process on what it leaves; both in units of `spread` about `middle`."""

    active: NDArray[np.int64]
    middle: float
    spread: float
    line: Any
    process: Any
    left: float

    def expect(self, unit: Floats) -> tuple[Floats, Floats]:
        mean = self.line.predict(_terms(unit, self.active))
        error = np.full(mean.size, self.left)
        if self.process is not None:
            more, deviation = self.process.predict(unit[:, self.active], return_std=True)
            mean = mean + more
            # sklearn tells the deviation of the latent value and of the nugget together.
            error = np.maximum(deviation**2 - self.process.kernel_.k2.noise_level, 0.0) + self.left
        return self.middle + self.spread * mean, self.spread**2 * error


def _terms(unit: Floats, active: NDArray[np.int64]) -> Floats:
    even = 2.0 * unit - 1.0
    return np.concatenate([even, even[:, active] ** 2], axis=1)


def fit(unit: Floats, mean: Floats, within: Floats, count: Floats) -> Emulator | None:
    """Return an emulator of means over seeds, None where too few of them are defined.

    unit                : (n, k) points in the unit cube
    mean, within, count : (n,) over the seeds of each, see cisim.lab.calibration.runs.Shown
    """
    there = np.isfinite(mean)
    n = int(there.sum())
    if n < FEWEST:
        return None
    with one_thread():
        return _fitted_and_tried(unit[there], mean[there], within[there], count[there])


def _fitted_and_tried(unit: Floats, mean: Floats, within: Floats, count: Floats) -> Emulator:
    n = mean.size
    luck = Luck.of(mean, within)
    of_mean = luck.at(mean) / np.maximum(count, 1.0)
    whole = _fit(unit, mean, of_mean)
    folds = np.argsort(shuffled("emulator", n, 1)[0], kind="stable") % FOLDS
    squares, told = np.empty(n), np.empty(n)
    for fold in range(FOLDS):
        seen, rest = folds != fold, folds == fold
        part = _fit(unit[seen], mean[seen], of_mean[seen], like=whole)
        expected, error = part.expect(unit[rest])
        squares[rest] = (mean[rest] - expected) ** 2
        told[rest] = error
    off = max(0.0, float(squares.mean() - of_mean.mean()))
    said = float(told.mean())
    enlarged = max(1.0, off / said) if said > 0.0 else 1.0
    return Emulator(whole.active, luck, math.sqrt(off), float(mean.std()), enlarged, whole)


def _fit(unit: Floats, mean: Floats, of_mean: Floats, like: _Fitted | None = None) -> _Fitted:
    """Return line and process; `like` another one, with its lengths, where one is there."""
    middle, spread = float(mean.mean()), float(mean.std())
    k = unit.shape[1]
    nothing: NDArray[np.int64] = np.arange(0)
    line = needed("sklearn.linear_model", "analysis")
    if not spread > 1e-12 * max(1.0, abs(middle)):
        flat = line.BayesianRidge().fit(_terms(unit, nothing), np.zeros(mean.size))
        return _Fitted(nothing, middle, 0.0, flat, None, 0.0)
    even = (mean - middle) / spread
    noise = float(of_mean.mean()) / spread**2
    active = _active(unit, even) if like is None else like.active
    terms = _terms(unit, active)
    ridge = line.BayesianRidge().fit(terms, even)
    left = even - ridge.predict(terms)
    gp = needed("sklearn.gaussian_process", "analysis")
    kernels = gp.kernels
    recent = slice(max(0, mean.size - MOST), None)
    inputs, outputs = unit[recent][:, active], left[recent]
    with warnings.catch_warnings():
        # A length at the end of its range is that of a parameter that does nothing.
        warnings.simplefilter("ignore")
        if like is None or like.process is None:
            kernel = kernels.ConstantKernel(0.5, (1e-4, 1e2)) * kernels.Matern(
                np.ones(min(k, ACTIVE)), (0.1, 20.0), nu=2.5
            ) + kernels.WhiteKernel(max(0.1, noise), (1e-6, 10.0))
            tuned = gp.GaussianProcessRegressor(kernel, random_state=1)
            some = np.unique(np.linspace(0, outputs.size - 1, TUNED).astype(int))
            kernel = tuned.fit(inputs[some], outputs[some]).kernel_
        else:
            kernel = like.process.kernel_
        process = gp.GaussianProcessRegressor(kernel, optimizer=None, alpha=1e-10)
        process.fit(inputs, outputs)
    unexplained = max(0.0, float(kernel.k2.noise_level) - noise)
    return _Fitted(active, middle, spread, ridge, process, unexplained)


def _active(unit: Floats, values: Floats) -> NDArray[np.int64]:
    """Return the columns that matter most: by rank, or by the distance from the middle.

    What turns within its range has no rank correlation, but its distance from the middle has. The
    second half is looked for in what a line through the first leaves.
    """
    many = min(ACTIVE, unit.shape[1])
    chosen: list[int] = []
    left = values
    line = needed("sklearn.linear_model", "analysis")
    for wanted in (many - many // 2, many):
        by_rank = np.abs(np.nan_to_num(correlations(unit, left)))
        by_turn = np.abs(np.nan_to_num(correlations(np.abs(unit - 0.5), left)))
        order = np.argsort(-np.maximum(by_rank, by_turn), kind="stable")
        chosen += [int(one) for one in order if int(one) not in chosen][: wanted - len(chosen)]
        terms = _terms(unit[:, chosen], np.arange(len(chosen)))
        left = values - line.LinearRegression().fit(terms, values).predict(terms)
    return np.array(sorted(chosen), np.int64)
