"""What to watch next: which figure, in which coming month, would tell most of the answer.

A figure z that will be observed with error of variance s^2 is expected to take away the share

    r^2 = cov(a, z)^2 / (var a (var z + s^2))

of the variance of the answer a, all by the weights of the futures as they are believed now. That is
the Bayes linear adjusted variance (Goldstein and Wooff 2007): what the best straight line tells; a
figure that tells more by a curve is told too low. As the r^2 of few futures is too high by
accident, 1 - (1 - r^2)(n - 1)/(n - 2) is told, n the effective number of futures, and an interval
by Fisher's transformation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cisim.lab.calibration.target import CUT
from cisim.lab.ensemble import LEVEL
from cisim.lab.tracking.weighing import weighted_mean, weighted_quantiles, weighted_sd
from cisim.model.state import Floats

EVERY = 3
"""Months between which figures are thought of."""
FEWEST = 10.0
"""With fewer effective futures nothing is said of what is to come, or of what to watch."""


class Watched(NamedTuple):
    """What one figure would tell.

    error     : standard deviation with which it would be observed, the model's discrepancy with it
    expected  : its mean as it is believed now, and q05, q95
    tells     : share of the answer's variance that it is expected to take away
    low, high : its interval
    clear     : whether that is no accident among all that were looked at
    answer_low, answer_high : what the answer would be where it comes out at q05 or at q95
    """

    outcome: str
    month: int
    error: float
    expected: float
    q05: float
    q95: float
    tells: float
    low: float
    high: float
    clear: bool
    answer_low: float
    answer_high: float


def would_tell(
    outcome: str,
    month: int,
    error: float,
    values: Floats,
    answer: Floats,
    weights: Floats,
    effective: float,
    many: int,
) -> Watched | None:
    """Return what a figure would tell of the answer; None where it cannot vary.

    values, answer : (n,) what each future shows of either
    many           : figures that are looked at
    """
    there = np.isfinite(values) & np.isfinite(answer) & (weights > 0.0)
    if effective < FEWEST or not there.any():
        return None
    share = float(weights[there].sum())
    if share < 0.5:  # it is not even there to be observed in most futures
        return None
    n = effective * share
    values, answer, weights = values[there], answer[there], weights[there] / share
    middle, centre = weighted_mean(values, weights), weighted_mean(answer, weights)
    spread, wide = weighted_sd(values, weights), weighted_sd(answer, weights)
    if not spread > 0.0 or not wide > 0.0 or n < FEWEST:
        return None
    shared = float((weights * (values - middle) * (answer - centre)).sum())
    slope = shared / (spread**2 + error**2)
    squared = min(1.0, shared * slope / wide**2)
    low, high = _interval(math.sqrt(squared), n)
    q05, q95 = weighted_quantiles(values, weights, (0.05, 0.95))
    return Watched(
        outcome,
        month,
        error,
        middle,
        float(q05),
        float(q95),
        max(0.0, 1.0 - (1.0 - squared) * (n - 1.0) / (n - 2.0)),
        low,
        high,
        math.sqrt(squared) > _least_clear(n, many),
        centre + slope * (float(q05) - middle),
        centre + slope * (float(q95) - middle),
    )


def _interval(r: float, n: float) -> tuple[float, float]:
    """Return the interval of a squared correlation."""
    from scipy.special import ndtri

    half = float(ndtri(0.5 + 0.5 * LEVEL)) / math.sqrt(max(n - 3.0, 1.0))
    at = math.atanh(min(r, 1.0 - 1e-12))
    return max(0.0, math.tanh(at - half)) ** 2, math.tanh(at + half) ** 2


def _least_clear(n: float, many: int) -> float:
    """Return the |correlation| that the largest of many null ones stays below, 95 %."""
    from scipy.special import ndtri

    return math.tanh(float(ndtri(1.0 - 0.025 / max(many, 1))) / math.sqrt(max(n - 3.0, 1.0)))


def coming(now: int, within: int, last: int) -> Sequence[int]:
    """Return the months in which one might look next."""
    return list(range(now + EVERY, min(now + within, last) + 1, EVERY))


def usual_error(error: float | None, value: float, tolerance: float) -> float:
    """Return with which standard deviation a figure would be observed.

    error     : the observer's own of that outcome; None where it was never observed, and then as
                large as the discrepancy of the model
    value     : that is expected
    tolerance : of the model, as a share of the value
    """
    off = tolerance * abs(value) / CUT
    own = off if error is None else error
    return math.sqrt(own * own + off * off)
