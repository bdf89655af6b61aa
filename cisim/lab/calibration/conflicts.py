"""Which targets cannot be met together.

Of the points of the first wave, which lie over the whole space, it is counted how many meet each
target, each pair, and each set. Where no point meets both of a pair, or one alone, the emulators
look for a place where it might be met: only if they find none the pair is told as one that cannot
be met together. What is counted is shown, and nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cisim.lab.analyses.intervals import wilson
from cisim.lab.calibration.region import part_of
from cisim.lab.calibration.target import CUT, counted
from cisim.lab.calibration.waves import Ruling
from cisim.model.state import Floats

TOGETHER, SELDOM = "together", "hinder each other"
NOT_SEEN, NEVER, ALONE = "not seen together", "conflict", "one is out of reach alone"
MOST_LOOKED_FOR = 60
"""Pairs for which the emulators look at most, those first that many points meet alone."""
HINDERED = 0.5
"""Pairs hinder each other that are met together less often than this share of what chance gives."""


@dataclass(frozen=True)
class Pair:
    """Two targets, by their place.

    first, second, both : shares of points that meet them
    expected : share that would meet both if one had nothing to do with the other
    least    : the smallest implausibility of both at once that the emulators know; above CUT there
               is no such place, NaN where nobody looked
    lost     : whether one of them is out of reach by itself
    """

    one: int
    other: int
    points: int
    first: float
    second: float
    both: float
    expected: float
    least: float
    lost: bool = False

    @property
    def verdict(self) -> str:
        """Return what may be said of it."""
        if self.lost:
            return ALONE
        if self.least > CUT:
            return NEVER
        if self.both == 0.0:
            return NOT_SEEN
        high = wilson(round(self.both * self.points), self.points)[1]
        return SELDOM if high < HINDERED * self.expected else TOGETHER


@dataclass(frozen=True)
class Conflicts:
    """What the points of the whole space have shown.

    points : how many there were
    alone  : (T,) share of points that meet each target
    least  : (T,) the smallest implausibility of each that the emulators know, NaN where nobody
             looked
    pairs  : of targets with weight
    most   : the largest sets that some point meets, each as places, with how many points do
    """

    points: int
    alone: tuple[float, ...]
    least: tuple[float, ...]
    pairs: tuple[Pair, ...]
    most: tuple[tuple[tuple[int, ...], int], ...]

    @property
    def out_of_reach(self) -> list[int]:
        """Return the targets that nothing meets, even alone."""
        return [at for at, low in enumerate(self.least) if low > CUT]

    @property
    def never(self) -> list[Pair]:
        """Return the pairs that cannot be met together, though each can be alone."""
        return [one for one in self.pairs if one.verdict == NEVER]


def conflicts_of(met: NDArray[np.bool_], ruling: Ruling, k: int, seed: int) -> Conflicts:
    """Return what cannot be met together.

    met : (n, T) which point of the whole space meets which target
    k   : parameters
    """
    points, many = met.shape
    ruled = counted(ruling.targets)
    shares: Floats = met.mean(axis=0) if points else np.zeros(many)

    def least(only: Sequence[int]) -> float:
        address = f"conflict {' and '.join(ruling.targets[at].name for at in only)}"
        return part_of(
            lambda unit, above: ruling.by_emulator(unit, only, above), k, CUT, address, seed, 1
        ).low

    alone = [float("nan")] * many
    for at in ruled:
        if shares[at] == 0.0:
            alone[at] = least([at])
    lost = {at for at in ruled if alone[at] > CUT}
    both = {
        (one, other): float((met[:, one] & met[:, other]).mean())
        for one, other in combinations(ruled, 2)
    }
    empty = [pair for pair, share in both.items() if share == 0.0 and not lost & set(pair)]
    empty.sort(key=lambda pair: (-shares[pair[0]] * shares[pair[1]], pair))
    found = {pair: least(pair) for pair in empty[:MOST_LOOKED_FOR]}
    pairs = [
        Pair(
            one,
            other,
            points,
            float(shares[one]),
            float(shares[other]),
            share,
            float(shares[one] * shares[other]),
            found.get((one, other), float("nan")),
            bool(lost & {one, other}),
        )
        for (one, other), share in both.items()
    ]
    return Conflicts(
        points, tuple(shares.tolist()), tuple(alone), tuple(pairs), _largest(met, ruled)
    )


def _largest(
    met: NDArray[np.bool_], ruled: Sequence[int]
) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Return the sets of targets that some point meets and that no other point's set holds."""
    sets: dict[frozenset[int], int] = {}
    for row in met:
        mine = frozenset(at for at in ruled if row[at])
        sets[mine] = sets.get(mine, 0) + 1
    largest = [one for one in sets if not any(one < other for other in sets)]
    largest.sort(key=lambda one: (-len(one), -sets[one], sorted(one)))
    return tuple((tuple(sorted(one)), sets[one]) for one in largest if one)
