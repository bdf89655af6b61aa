"""A surrogate: a quick stand-in for the model over the space, with its honest error.

Two kinds are tried, a Gaussian process over the parameters that move the outcome most, and boosted
trees over all; the one with the smaller error is kept. The error is that of points which were left
out of everything, the choice of parameters too (cross-validation); it is set beside what luck
gives, below which no surrogate can get, and beside that of the plain mean.

Source  Rasmussen and Williams 2006; Friedman 2001; both are scikit-learn's
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.chance import shuffled
from cisim.lab.analyses.layout import sample_of_space
from cisim.lab.analyses.noise import Noise, noise
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.says import SAYS
from cisim.lab.analyses.scale import Scaled, words_of
from cisim.lab.analyses.threads import one_thread
from cisim.lab.ensemble import OVERALL
from cisim.lab.extras import needed
from cisim.lab.moved import correlations
from cisim.lab.study import Study
from cisim.model.input_error import InputError, nearest
from cisim.model.state import Floats
from cisim.model.told import Named

FOLDS = 5
FEWEST = 60
"""Points below which nothing is fitted."""
MOST_FOR_PROCESS = 800
"""Points above which a Gaussian process takes too long."""
TUNED = 200
"""Points that the lengths of a Gaussian process are tuned on."""
SOME = 8
"""Parameters that a Gaussian process takes."""
PROCESS, TREES = "Gaussian process", "boosted trees"
KINDS = {PROCESS: SAYS("process"), TREES: SAYS("trees")}
"""What kinds are called in sentences."""


class Prediction(NamedTuple):
    """What a surrogate expects at a point, and the standard deviation of its error there."""

    value: float
    error: float


@dataclass(frozen=True, eq=False)
class Surrogate:
    """A stand-in for the model.

    kind   : that was kept
    errors : (kind, root mean square error) of points left out, of every kind that was tried
    plain  : the same of the mean of all points
    noise  : how much of the error is luck
    names  : what it is told
    """

    question: Question
    kind: str
    errors: Mapping[str, float]
    plain: float
    noise: Noise
    points: int
    scaled: Scaled
    fitted: Any

    @property
    def error(self) -> float:
        """Return the root mean square error at points that were left out, outcome's unit."""
        return self.errors[self.kind]

    @property
    def explained(self) -> float:
        """Return the share of the variance at points left out that it explains."""
        return 1.0 - (self.error / self.plain) ** 2 if self.plain else math.nan

    def table(self) -> pd.DataFrame:
        """Return a row for each kind that was tried."""
        rows = [
            {
                **self.question.keys,
                "kind": kind,
                "kept": kind == self.kind,
                "error": error,
                "error_of_mean": self.plain,
                "luck": self.noise.deviation,
                "explained": 1.0 - (error / self.plain) ** 2 if self.plain else math.nan,
                "points": self.points,
            }
            for kind, error in self.errors.items()
        ]
        return pd.DataFrame(rows)

    def sentences(self) -> list[str]:
        """Return in words how good it is."""
        unit = Named(self.question.unit, "units")
        told: list[str] = [
            SAYS(
                "surrogate",
                kind=KINDS[self.kind],
                what=self.question.words,
                error=self.error,
                unit=unit,
                folds=FOLDS,
                points=self.points,
                plain=self.plain,
            )
        ]
        luck = self.noise.deviation
        if luck > 1e-6 * self.plain:
            told.append(SAYS("surrogate_luck", luck=luck, unit=unit))
        if not self.explained > 0.0:
            told.append(SAYS("surrogate_useless"))
        return told

    def predict(self, point: Mapping[str, Any]) -> Prediction:
        """Return what is to be expected at a point, a value for everything that was varied.

        Raises InputError for a name that was not varied, one that is missing, or a value outside
        its range: there the surrogate knows nothing.
        """
        for name in point:
            if name not in self.scaled.names:
                near = nearest(str(name), self.scaled.names)
                raise InputError(f"{name} was not varied, so no surrogate knows it.{near}")
        place = []
        for one in self.scaled.ranges:
            if one.name not in point:
                raise InputError(
                    f"{one.name} has no value; allowed is {words_of(one, one.low)} to "
                    f"{words_of(one, one.high)}."
                )
            place.append(_place(one, point[one.name]))
        design_point = Scaled(self.scaled.ranges, np.array([place]))
        with one_thread():
            value = float(_predicted(self.fitted, design_point.columns()[1])[0])
        return Prediction(value, self.error)


def surrogate(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Surrogate:
    """Return a stand-in for an outcome, or for its difference from another scenario.

    Raises InputError for too few points, an outcome that does not vary, a Morris design, a missing
    library, or what was not kept.
    """
    question = Question.of(study, outcome, scenario, against=against, month=month, region=region)
    rows = sample_of_space(study.design)
    values = question.values(study)[rows]
    there = np.isfinite(values)
    n = int(there.sum())
    if n < FEWEST:
        raise InputError(SAYS("surrogate_needs", fewest=FEWEST, there=n))
    values = values[there]
    if np.ptp(values) == 0.0:
        raise InputError(SAYS("nothing_to_stand_for", what=question.words))
    whole = Scaled.of(study.design)
    scaled = Scaled(whole.ranges, whole.unit[rows[there]])
    _, columns = scaled.columns()
    folds = np.argsort(shuffled("surrogate", n, 1)[0]) % FOLDS
    kinds = [PROCESS, TREES] if n <= MOST_FOR_PROCESS else [TREES]
    with one_thread():
        errors = {kind: _left_out(kind, columns, values, folds) for kind in kinds}
        kept = min(errors, key=lambda kind: errors[kind])
        fitted = _fit(kept, columns, values)
    plain = np.concatenate(
        [values[folds == fold] - values[folds != fold].mean() for fold in range(FOLDS)]
    )
    return Surrogate(
        question,
        kept,
        errors,
        float(np.sqrt((plain**2).mean())),
        noise(question.runs(study)[rows[there]]),
        n,
        scaled,
        fitted,
    )


def _left_out(kind: str, columns: Floats, values: Floats, folds: NDArray[np.int64]) -> float:
    """Return the root mean square error at points that are left out of the fit."""
    squares = 0.0
    for fold in range(FOLDS):
        seen = folds != fold
        fitted = _fit(kind, columns[seen], values[seen])
        squares += float(((_predicted(fitted, columns[~seen]) - values[~seen]) ** 2).sum())
    return math.sqrt(squares / values.size)


class _Fitted(NamedTuple):
    """What was fitted, on which columns, to values less `middle` in units of `spread`."""

    how: Any
    taken: NDArray[np.int64]
    middle: float
    spread: float


def _fit(kind: str, columns: Floats, values: Floats) -> _Fitted:
    middle, spread = float(values.mean()), float(values.std()) or 1.0
    even = (values - middle) / spread
    if kind == TREES:
        taken = np.arange(columns.shape[1])
        how = needed("sklearn.ensemble", "analysis").HistGradientBoostingRegressor(
            max_iter=150, learning_rate=0.06, max_leaf_nodes=8, early_stopping=False, random_state=1
        )
        return _Fitted(how.fit(columns, even), taken, middle, spread)
    # What turns within its range has no rank correlation, but its distance from the middle has.
    by_rank = np.abs(np.nan_to_num(correlations(columns, values)))
    by_turn = np.abs(np.nan_to_num(correlations(np.abs(columns - 0.5), values)))
    taken = np.argsort(-np.maximum(by_rank, by_turn), kind="stable")[:SOME]
    process = needed("sklearn.gaussian_process", "analysis")
    kernels = process.kernels
    kernel = kernels.ConstantKernel(1.0) * kernels.Matern(
        np.ones(taken.size), (0.05, 100.0), nu=2.5
    ) + kernels.WhiteKernel(0.1, (1e-6, 10.0))
    with warnings.catch_warnings():
        # A length at the end of its range is that of a parameter that does nothing.
        warnings.simplefilter("ignore")
        tuned = process.GaussianProcessRegressor(kernel, random_state=1)
        some = np.unique(np.linspace(0, values.size - 1, TUNED).astype(int))
        tuned.fit(columns[np.ix_(some, taken)], even[some])
        how = process.GaussianProcessRegressor(tuned.kernel_, optimizer=None, alpha=1e-10)
        how.fit(columns[:, taken], even)
    return _Fitted(how, taken, middle, spread)


def _predicted(fitted: _Fitted, columns: Floats) -> Floats:
    told = fitted.how.predict(columns[:, fitted.taken])
    return fitted.middle + fitted.spread * np.asarray(told, dtype=np.float64)


def _place(one: Any, value: Any) -> float:
    """Return where a value lies in its range.

    Raises InputError outside.
    """
    if one.choices:
        if value not in one.choices:
            raise InputError(
                f"{one.name} is {value}; the surrogate has seen {', '.join(one.choices)}."
            )
        return one.choices.index(value) / max(1, len(one.choices) - 1)
    slack = 1e-9 * (one.high - one.low)
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not one.low - slack <= number <= one.high + slack:
        raise InputError(
            f"{one.name} is {value}; the surrogate has seen {words_of(one, one.low)} to "
            f"{words_of(one, one.high)}, and knows nothing outside."
        )
    if one.log:
        return math.log(number / one.low) / math.log(one.high / one.low)
    return float((number - one.low) / (one.high - one.low))
