"""What it is worth to learn a parameter before choosing: expected value of partial information.

    now         max over scenarios of the mean outcome
    perfect     mean over points of the best outcome there, less now
    one of them mean over its values of the best expected outcome given that value, less now

The expectation given one value is a regression of each scenario's outcome on that parameter: a
cubic spline with few knots. Chance alone gives a little; what it gives is told by shuffled
parameters, and one is clear above the 95th of the largest of those.

Points that differ by luck make perfect information look worth more than it is. With replicates it
is bounded from below, too: one half of them chooses, the other half tells what that was worth.

Source  Strong, Oakley and Brennan 2014 (regression); the splines are scikit-learn's
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.chance import resampled, shuffled
from cisim.lab.analyses.choice import Choice
from cisim.lab.analyses.intervals import between
from cisim.lab.analyses.says import PERCENT, SAYS, evidence
from cisim.lab.analyses.threads import one_thread
from cisim.lab.ensemble import OVERALL
from cisim.lab.evidence import known_of
from cisim.lab.extras import needed
from cisim.lab.study import Study, mean_of
from cisim.model.input_error import InputError
from cisim.model.outcomes import find_outcome
from cisim.model.state import Floats
from cisim.model.told import Named, several

KNOTS = 4
FEWEST = 60
"""Points below which a curve follows luck."""
RESAMPLES, SHUFFLES = 200, 200


@dataclass(frozen=True, eq=False)
class Learning:
    """Expected values of information, in the outcome's unit.

    now             : the scenario that is chosen without learning anything
    perfect         : what knowing everything, luck too, is worth at most
    perfect_at_least: the same without luck, a lower bound; NaN with one replicate
    names           : (k,) parameters
    worth, low, high: (k,) what learning each is worth, with its interval
    floor           : what chance alone gives at most among all
    """

    choice: Choice
    now: str
    perfect: float
    perfect_low: float
    perfect_high: float
    perfect_at_least: float
    names: tuple[str, ...]
    worth: Floats
    low: Floats
    high: Floats
    floor: float

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Return which are worth more than chance gives, (k,)."""
        return self.worth > self.floor

    def table(self) -> pd.DataFrame:
        """Return a row for each parameter, the one that is worth most first, with its evidence."""
        order = np.argsort(-self.worth, kind="stable")
        rows = [
            {
                **self.choice.keys(self.now),
                "parameter": self.names[k],
                "worth": float(self.worth[k]),
                "worth_low": float(self.low[k]),
                "worth_high": float(self.high[k]),
                "floor": self.floor,
                "clear": bool(self.clear[k]),
                "perfect": self.perfect,
                **known_of(self.names[k]),
            }
            for k in order
        ]
        # The outcome's unit is the table's; a parameter's own has another name.
        return pd.DataFrame(rows).rename(columns={"unit": "parameter_unit"})

    def sentences(self) -> list[str]:
        """Return in words what is worth learning."""
        unit = Named(find_outcome(self.choice.outcome).unit, "units")
        given = {
            "now": self.now,
            "worth": self.perfect,
            "unit": unit,
            "low": self.perfect_low,
            "high": self.perfect_high,
        }
        if math.isnan(self.perfect_at_least):
            told: list[str] = [SAYS("now", **given)]
        else:
            told = [SAYS("now_at_least", **given, least=self.perfect_at_least)]
        clear = self.table()
        clear = clear[clear["clear"]].head(3)
        if len(clear):
            parts = [
                SAYS(
                    "learning",
                    parameter=row["parameter"],
                    worth=row["worth"],
                    unit=unit,
                    low=row["worth_low"],
                    high=row["worth_high"],
                    **evidence(row["source"], row["supports"]),
                )
                for row in clear.to_dict("records")
            ]
            told.append(SAYS("learn", parameters=several(parts, "; ")))
        else:
            told.append(SAYS("none_to_learn", floor=self.floor, unit=unit))
        told.append(SAYS("brackets", level=PERCENT))
        return told


def learning(
    study: Study,
    outcome: str | None = None,
    *,
    month: int | None = None,
    region: str = OVERALL,
) -> Learning:
    """Return what learning each parameter is worth to somebody who chooses among the scenarios.

    Raises InputError for fewer than two scenarios, too few points, an outcome without a better
    side, a missing library, or what was not kept.
    """
    choice = Choice.of_study(study, outcome, month=month, region=region)
    n = len(choice.points)
    if n < FEWEST:
        raise InputError(SAYS("learning_needs", fewest=FEWEST, there=n))
    better = choice.sign * choice.values
    now = int(better.mean(axis=0).argmax())
    # Only differences matter, and they have less luck in them.
    apart = better - better[:, [now]]
    names, columns = choice.scaled.columns()
    with one_thread():
        bases = [_basis(columns[:, k]) for k in range(len(names))]
        spans = [_span(basis) for basis in bases]
        worth = np.array([_worth(_fitted(span, apart)) for span in spans])
        draws = resampled("learning", n, RESAMPLES)
        again = np.array(
            [
                [_worth(_fitted(_span(basis[some]), apart[some])) for basis in bases]
                for some in draws
            ]
        )
        # What is resampled has the bias of the fit twice.
        shift = worth - again.mean(axis=0)
        low, high = between(again)
        orders = shuffled("learning by chance", n, SHUFFLES)
        chance = [max(_worth(_fitted(span, apart[some])) for span in spans) for some in orders]
    perfect_draws = apart[draws]
    ends = between(perfect_draws.max(axis=2).mean(axis=1) - perfect_draws.mean(axis=1).max(axis=1))
    return Learning(
        choice,
        choice.names[now],
        _worth(apart),
        float(ends[0]),
        float(ends[1]),
        _without_luck(choice),
        names,
        worth,
        np.maximum(low + shift, 0.0),
        np.maximum(high + shift, 0.0),
        float(np.quantile(chance, 0.95)),
    )


def _worth(expected: Floats) -> float:
    """Return what choosing at each point, (n, S), gives over choosing once."""
    return float(max(0.0, expected.max(axis=1).mean() - expected.mean(axis=0).max()))


def _basis(column: Floats) -> Floats:
    """Return columns that span the curves of a parameter, (n, p)."""
    levels = np.unique(column)
    if levels.size <= KNOTS + 2:
        curves = (column[:, None] == levels).astype(np.float64)
    else:
        splines = needed("sklearn.preprocessing", "analysis").SplineTransformer(
            n_knots=KNOTS, degree=3, knots="quantile", include_bias=True
        )
        curves = splines.fit_transform(column[:, None])
    return np.asarray(curves, dtype=np.float64)


def _span(basis: Floats) -> Floats:
    """Return orthonormal columns with the span of a basis; some of it may be empty."""
    left, sizes, _ = np.linalg.svd(basis, full_matrices=False)
    span: Floats = left[:, sizes > 1e-10 * sizes[0]]
    return span


def _fitted(span: Floats, values: Floats) -> Floats:
    """Return the curves of least squares through values, (n, S)."""
    fitted: Floats = span @ (span.T @ values)
    return fitted


def _without_luck(choice: Choice) -> float:
    """Return what half of the replicates chose is worth by the other half, less the best of all."""
    runs = choice.sign * choice.runs
    if runs.shape[2] < 2:
        return math.nan
    found = []
    for first in (0, 1):
        chosen, told = (mean_of(runs[:, :, half::2]).T for half in (first, 1 - first))
        both = np.isfinite(chosen).all(axis=1) & np.isfinite(told).all(axis=1)
        if not both.any():
            return math.nan
        chosen, told = chosen[both], told[both]
        best = chosen.argmax(axis=1)
        gained = told[np.arange(best.size), best].mean()
        found.append(float(gained - told[:, chosen.mean(axis=0).argmax()].mean()))
    return max(0.0, sum(found) / 2)
