"""The part of the space that is not ruled out: its share, and points spread evenly in it.

The part may be one in a million, so drawing points until some fall into it is no way. Levels lead
there: at each a tenth of the points is kept, those with the smallest implausibility, and these walk
within that level until there are as many again (subset simulation: Au and Beck 2001; for history
matching Williamson and Vernon 2013). The product of the shares kept is the share of the space. A
step of the walk moves a point along the difference of two others, or draws some of its coordinates
anew; both keep an even spread even.

Draws have addresses, so the same emulators give the same points anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.analyses.chance import uniforms
from cisim.model.state import Floats

Ruled = Callable[[Floats, float], Floats]
"""The largest implausibility of points of the unit cube, (n, k) -> (n,). What is above the second
argument need not be exact."""
WALKERS = 1000
KEPT = 0.1
STEPS = 12
FLAT = 0.02
"""Where the points kept differ by less than this share of what is missing, they lie at the floor of
a space in which the cut is nowhere reached."""
SMALLEST = 1e-9
"""A part that is smaller is not looked for any more."""


class Part(NamedTuple):
    """Points within the part that is not ruled out.

    unit  : (n, k), evenly spread in it; none if there is none
    share : of the space
    low   : the smallest implausibility that was met, of a part that is not there the cut to reach
    """

    unit: Floats
    share: float
    low: float

    @property
    def empty(self) -> bool:
        """Return whether nothing of it was found."""
        return not len(self.unit)


def part_of(ruled: Ruled, k: int, cut: float, address: str, seed: int, many: int) -> Part:
    """Return the part of the unit cube in k dimensions where `ruled` is at most `cut`.

    address, seed : of the draws
    many          : points that are wanted in it
    """
    walkers = max(WALKERS, many)
    unit = latin(f"{address} begin", walkers, k, seed)
    values = ruled(unit, math.inf)
    share, level = 1.0, 0
    while True:
        inside = values <= cut
        if inside.mean() >= KEPT:
            break
        limit = float(np.sort(values, kind="stable")[math.ceil(KEPT * walkers) - 1])
        limit = max(limit, cut)
        kept = values <= limit
        share *= float(kept.mean())
        least = float(values.min())
        at_the_floor = limit > cut and limit - least < FLAT * (limit - cut)
        if share < SMALLEST or at_the_floor or not math.isfinite(limit) or kept.all():
            return Part(unit[inside], share * float(inside.mean()), least)
        unit, values = _walk(
            ruled, unit[kept], values[kept], limit, walkers, f"{address} level {level}", seed
        )
        level += 1
    share *= float(inside.mean())
    unit, values = _walk(ruled, unit[inside], values[inside], cut, walkers, f"{address} end", seed)
    return Part(unit, share, float(values.min()))


def _walk(
    ruled: Ruled, start: Floats, values: Floats, limit: float, many: int, address: str, seed: int
) -> tuple[Floats, Floats]:
    """Return as many walkers within a level, evenly spread, from those that are there."""
    n, k = start.shape
    order = np.arange(many) % n
    unit, values = start[order].copy(), values[order].copy()
    for step in range(STEPS):
        draws = uniforms(f"{address} step {step}", many, 2 * k + 6, seed)
        proposed = _proposed(unit, draws, k)
        within = ((proposed >= 0.0) & (proposed <= 1.0)).all(axis=1)
        tried = np.full(many, math.inf)
        if within.any():
            tried[within] = ruled(proposed[within], limit)
        moved = tried <= limit
        unit[moved], values[moved] = proposed[moved], tried[moved]
    return unit, values


def _proposed(unit: Floats, draws: Floats, k: int) -> Floats:
    """Return where each walker would go, (n, k)."""
    n = len(unit)
    one, other = ((draws[:, at] * n).astype(int) for at in (0, 1))
    rates = np.array([1.0 / k, min(1.0, 3.0 / k), 0.3, 1.0])
    rate = rates[(draws[:, 2] * len(rates)).astype(int)]
    chosen = draws[:, 6 : 6 + k] < rate[:, None]
    chosen[np.arange(n), (draws[:, 3] * k).astype(int)] = True
    length = np.where(draws[:, 4] < 0.1, 1.0, 2.38 / np.sqrt(2.0 * chosen.sum(axis=1)))
    shaken = 0.02 * (draws[:, 6 + k :] - 0.5)
    along = unit + chosen * (length[:, None] * (unit[one] - unit[other]) + shaken)
    few = chosen & (draws[:, 6 : 6 + k] < min(1.0, 3.0 / k) * np.ones((n, 1)))
    few[np.arange(n), (draws[:, 3] * k).astype(int)] = True
    anew = np.where(few, draws[:, 6 + k :], unit)
    return np.where(draws[:, 5:6] < 0.5, along, anew)


def latin(address: str, n: int, k: int, seed: int) -> Floats:
    """Return a Latin hypercube of the unit cube, (n, k)."""
    draws = uniforms(address, n, 2 * k, seed)
    strata = np.argsort(np.argsort(draws[:, :k], axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray((strata + draws[:, k:]) / n)


def spread_out(unit: Floats, many: int) -> NDArray[np.int64]:
    """Return rows of points that lie far from each other: each next one the farthest.

    The first is the one nearest to the middle of all.
    """
    if len(unit) <= many:
        return np.arange(len(unit))
    taken = [int(((unit - unit.mean(axis=0)) ** 2).sum(axis=1).argmin())]
    away = ((unit - unit[taken[0]]) ** 2).sum(axis=1)
    while len(taken) < many:
        taken.append(int(away.argmax()))
        away = np.minimum(away, ((unit - unit[taken[-1]]) ** 2).sum(axis=1))
    return np.array(taken)
