"""How much of what differs between points is luck: replicates of a point tell.

Replicate k has the same luck at every point, as a sweep has it: what that luck does everywhere
alike moves no point against another, and is taken off first.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from cisim.lab.analyses.says import SAYS
from cisim.lab.study import mean_of
from cisim.model.state import Floats


class Noise(NamedTuple):
    """Luck in the mean of a point, NaN where every point has one replicate.

    deviation : standard deviation of a point's mean, in the outcome's unit
    share     : of the variance between points that luck alone makes
    """

    deviation: float
    share: float

    @property
    def words(self) -> str:
        """Return the sentence about it."""
        if math.isnan(self.share):
            return SAYS("one_replicate")
        return SAYS("luck", share=self.share)


def noise(runs: Floats) -> Noise:
    """Return how much luck there is in the means of points, given their runs, (n, r)."""
    defined = np.isfinite(runs)
    count = defined.sum(axis=1)
    several = count > 1
    if not several.any():
        return Noise(math.nan, math.nan)
    means = mean_of(runs)
    apart = runs - means[:, None]
    alike = np.nan_to_num(mean_of(apart.T))
    squares = np.where(defined, apart - alike, 0.0) ** 2
    squares = squares.sum(axis=1)
    within = float(squares[several].sum() / (count[several] - 1).sum())
    some = count > 0
    of_mean = within * float((1.0 / count[some]).mean())
    total = float(means[some].var())
    if total > 0.0:
        share = min(1.0, of_mean / total)
    else:
        share = math.nan
    return Noise(math.sqrt(of_mean), share)
