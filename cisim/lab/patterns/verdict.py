"""Verdicts by fixed rules, from intervals of what was found and never from the point alone.

    at the defaults  for every deciding criterion the 90 % interval of the mean over replicates lies
                     wholly beyond the threshold: passes; for one wholly on the other side: does not
                     pass; else it cannot be told
    share of the space  points at which all deciding criteria pass, with its 90 % interval;
                     undefined does not pass

    holds          passes at the defaults, and share >= .8
    conditional    else, if it passes at the defaults or share >= .2
    does not hold  else
    built in       would be one of the first two, but an equation wholly puts the sign there: an
                   assumption, not a finding
    cannot be told more than one of these is possible within the intervals

A criterion that more than 5 % of the replicates leave undefined does not pass, by the same rule.
What must hold everywhere (Q2) holds if every replicate and every point passes, else it does not.
What is built in partly keeps its verdict, with the equation named beside it.
"""

from __future__ import annotations

import itertools
from typing import Literal, NamedTuple

import numpy as np

from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.lab.goal import clopper_pearson
from cisim.lab.patterns.pattern import Criterion, Pattern
from cisim.model.state import Floats

Word = Literal["holds", "conditional", "does not hold", "built in", "not tested", "cannot be told"]
WIDELY = 0.8
SOMEWHERE = 0.2
UNDEFINED = 0.05
QUANTILES = (0.05, 0.5, 0.95)
_WORDS: tuple[Word, ...] = ("holds", "conditional", "does not hold", "built in")


class Verdict(NamedTuple):
    """A verdict, and which ones are possible where it cannot be told."""

    word: Word
    among: tuple[Word, ...] = ()

    def __str__(self) -> str:
        return f"{self.word}: {' or '.join(self.among)}" if self.among else self.word


class AtDefaults(NamedTuple):
    """One criterion at the defaults.

    mean, low, high : mean over replicates where it is finite, with its interval
    n, asked  : replicates where it is finite, and all
    undefined : share of replicates where it is undefined
    share     : share of replicates that pass, NaN without a threshold
    passes    : whether it does; None where that cannot be told
    """

    mean: float
    low: float
    high: float
    n: int
    asked: int
    undefined: float
    share: float
    passes: bool | None


class OverSpace(NamedTuple):
    """One criterion over the space.

    share : share of points that pass; without a threshold that are above zero
    low, high : its interval
    q05, q50, q95 : quantiles over the points where it is defined (of observed values, as they may
                    be infinite)
    undefined : share of points where it is undefined
    share_defined : share of the others that pass
    """

    share: float
    low: float
    high: float
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
    lacking = int(np.isnan(effects).sum())
    share = float(criterion.passes(effects).mean()) if asked else np.nan
    passes = _both(_beyond(criterion, low, high), _mostly_defined(lacking, asked, level))
    undefined = lacking / asked if asked else np.nan
    return AtDefaults(mean, low, high, int(finite.size), asked, undefined, share, passes)


def _beyond(criterion: Criterion, low: float, high: float) -> bool | None:
    """Return whether an interval lies beyond the threshold: wholly, not at all, or None."""
    if criterion.threshold is None or np.isnan(low):
        return None
    low_passes, high_passes = criterion.passes(np.array([low, high])) > 0.5
    if criterion.sense in ("in", "="):
        there = bool(low_passes and high_passes)
        upper = criterion.upper if criterion.sense == "in" else criterion.threshold
        return True if there else False if high < criterion.threshold or low > upper else None
    return bool(low_passes) if low_passes == high_passes else None


def _mostly_defined(lacking: int, asked: int, level: float) -> bool | None:
    low, high = clopper_pearson(lacking, asked, level)
    if not lacking or high <= UNDEFINED:
        return True
    return False if low > UNDEFINED else None


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def share_interval(passed: Floats, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the share of points that pass, (n,), and its interval; NaN of no points."""
    if not passed.size:
        return np.nan, np.nan, np.nan
    low, high = clopper_pearson(int(passed.sum()), int(passed.size), level)
    return float(passed.mean()), low, high


def over_space(criterion: Criterion, effects: Floats) -> OverSpace:
    """Return what a criterion shows over the points, (n,)."""
    if not effects.size:
        return OverSpace(*(np.nan,) * len(OverSpace._fields))
    defined = effects[~np.isnan(effects)]
    passed = criterion.passes(effects)
    if criterion.threshold is None:
        passed = (effects > 0.0).astype(np.float64)
    q05 = q50 = q95 = np.nan
    if defined.size:
        q05, q50, q95 = np.quantile(defined, QUANTILES, method="inverted_cdf").tolist()
    undefined = float(np.isnan(effects).mean())
    rest = float(passed.sum()) / defined.size if defined.size else np.nan
    return OverSpace(*share_interval(passed), q05, q50, q95, undefined, rest)


def verdict(pattern: Pattern, defaults: Floats, space: Floats) -> Verdict:
    """Return the verdict on a pattern.

    defaults : (replicates, criteria) effects
    space    : (points, criteria) effects
    """
    if not defaults.shape[0] or not space.shape[0]:
        return Verdict("not tested")
    passed = pattern.passes(space)
    if pattern.everywhere:
        everywhere = bool(passed.all() and pattern.passes(defaults).all())
        return Verdict("holds" if everywhere else "does not hold")
    passes: bool | None = True
    for k, one in enumerate(pattern.criteria):
        if one.decides:
            passes = _both(passes, at_defaults(one, defaults[:, k]).passes)
    _, low, high = share_interval(passed)
    return decide(passes, low, high, wholly=pattern.built_in == "wholly")


def decide(passes: bool | None, low: float, high: float, *, wholly: bool = False) -> Verdict:
    """Return the verdict for whether it passes at the defaults, None where that cannot be told,
    and the interval of the share of the space in which it does.
    """
    at = (True, False) if passes is None else (passes,)
    shares = [low, high, *(cut for cut in (SOMEWHERE, WIDELY) if low < cut <= high)]
    found = {_word(here, share, wholly) for here, share in itertools.product(at, shares)}
    possible = tuple(word for word in _WORDS if word in found)
    return Verdict(possible[0]) if len(possible) == 1 else Verdict("cannot be told", possible)


def _word(passes: bool, share: float, wholly: bool) -> Word:
    if not (passes or share >= SOMEWHERE):
        return "does not hold"
    if wholly:
        return "built in"
    return "holds" if passes and share >= WIDELY else "conditional"
