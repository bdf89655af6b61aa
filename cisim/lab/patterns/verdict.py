"""Verdicts by fixed rules, from what was found at the defaults and over the plausible space.

    passes at the defaults   for every deciding criterion the 90 % interval of the mean over
                             replicates lies wholly beyond the threshold, and no more than 5 % of
                             the replicates leave it undefined
    share of the space       points at which all deciding criteria pass; undefined does not pass

    holds          passes at the defaults, and share >= .8
    conditional    else, if it passes at the defaults or share >= .2
    does not hold  else
    built in       would be one of the first two, but an equation wholly puts the sign there: an
                   assumption, not a finding

What must hold everywhere (Q2) holds if every replicate and every point passes, else it does not.
What is built in partly keeps its verdict, with the equation named beside it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.lab.patterns.pattern import Criterion, Pattern
from cisim.model.state import Floats

Word = Literal["holds", "conditional", "does not hold", "built in", "not tested"]
WIDELY = 0.8
SOMEWHERE = 0.2
UNDEFINED = 0.05
QUANTILES = (0.05, 0.5, 0.95)


class AtDefaults(NamedTuple):
    """One criterion at the defaults.

    mean, low, high : mean over replicates where it is finite, with its interval
    n, asked  : replicates where it is finite, and all
    undefined : share of replicates where it is undefined
    share     : share of replicates that pass, NaN without a threshold
    beyond    : whether the interval lies wholly beyond the threshold
    """

    mean: float
    low: float
    high: float
    n: int
    asked: int
    undefined: float
    share: float
    beyond: bool


class OverSpace(NamedTuple):
    """One criterion over the space.

    share : share of points that pass; without a threshold that are above zero
    q05, q50, q95 : quantiles over the points where it is defined (of observed values, as they may
                    be infinite)
    undefined : share of points where it is undefined
    share_defined : share of the others that pass
    """

    share: float
    q05: float
    q50: float
    q95: float
    undefined: float
    share_defined: float


def at_defaults(criterion: Criterion, effects: Floats, level: float = LEVEL) -> AtDefaults:
    """Return what a criterion shows over the replicates, (n,)."""
    asked = int(effects.size)
    finite = effects[np.isfinite(effects)]
    found = mean_interval(finite.reshape(-1, 1), level)
    mean, low, high = (float(column[0]) for column in (found.mean, found.low, found.high))
    undefined = float(np.isnan(effects).mean()) if asked else np.nan
    share = float(criterion.passes(effects).mean()) if asked else np.nan
    return AtDefaults(
        mean, low, high, int(finite.size), asked, undefined, share, _beyond(criterion, low, high)
    )


def _beyond(criterion: Criterion, low: float, high: float) -> bool:
    if criterion.threshold is None or np.isnan(low):
        return False
    return {
        ">": low > criterion.threshold,
        ">=": low >= criterion.threshold,
        "<": high < criterion.threshold,
        "=": low == high == criterion.threshold,
    }[criterion.sense]


def over_space(criterion: Criterion, effects: Floats) -> OverSpace:
    """Return what a criterion shows over the points, (n,)."""
    if not effects.size:
        nothing = np.nan
        return OverSpace(nothing, nothing, nothing, nothing, nothing, nothing)
    defined = effects[~np.isnan(effects)]
    passed = criterion.passes(effects) if criterion.threshold is not None else effects > 0.0
    low = middle = high = np.nan
    if defined.size:
        low, middle, high = np.quantile(defined, QUANTILES, method="inverted_cdf").tolist()
    undefined = float(np.isnan(effects).mean())
    rest = float(passed.sum()) / defined.size if defined.size else np.nan
    return OverSpace(float(passed.mean()), low, middle, high, undefined, rest)


def verdict(pattern: Pattern, defaults: Floats, space: Floats) -> Word:
    """Return the verdict on a pattern.

    defaults : (replicates, criteria) effects
    space    : (points, criteria) effects
    """
    if not defaults.shape[0] or not space.shape[0]:
        return "not tested"
    share = float(pattern.passes(space).mean())
    if pattern.everywhere:
        everywhere = bool(share == 1.0 and pattern.passes(defaults).all())
        return "holds" if everywhere else "does not hold"
    found = [
        at_defaults(one, defaults[:, k]) for k, one in enumerate(pattern.criteria) if one.decides
    ]
    passes = all(one.beyond and one.undefined <= UNDEFINED for one in found)
    return decide(passes, share, wholly=pattern.built_in == "wholly")


def decide(passes: bool, share: float, *, wholly: bool = False) -> Word:
    """Return the verdict for whether it passes at the defaults and in which share of the space."""
    if not (passes or share >= SOMEWHERE):
        return "does not hold"
    if wholly:
        return "built in"
    return "holds" if passes and share >= WIDELY else "conditional"
