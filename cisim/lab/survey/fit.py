"""How far month 0 looks like the data: the history is lived once and its end compared.

What is founded then changes no tie, so it is left out, and with it all that goes on from month 0.

Compared are the sides that are known. A side is how one organisation sees another.

    order           Spearman's rank correlation of surveyed strength and trust, over sides of ties
    density         pairs that know each other, of all pairs
    reciprocity     sides that are named back, of those that are named
    centralisation  of the times that each is named (Freeman 1979), 0 all alike to 1 a star

In the model a side counts as named if it is among the most trusted, as many as the data name.

Source  Freeman 1979, Centrality in social networks; Spearman 1904
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.survey.answers import Answers
from cisim.model.parameters import Parameters
from cisim.model.past import live_past
from cisim.model.state import State
from cisim.world.scenario import Scenario
from cisim.world.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
GOOD_ENOUGH = 0.95
_SEED = 1


class Shape(NamedTuple):
    """Measures of a network; nan where they are undefined."""

    density: float
    reciprocity: float
    centralisation: float


class Fit(NamedTuple):
    """How far month 0 looks like the data.

    order       : rank correlation of tie strength, nan where all strengths are equal
    data, model : the shape of both
    """

    order: float
    data: Shape
    model: Shape


def fit(world: World, answers: Answers) -> Fit:
    """Return how far a world at month 0, with seed 1, looks like the answers it was made of."""
    scenario = Scenario.load("no-backbone").with_(where="the world", world=world, months=1)
    state = live_past(scenario, _SEED)
    n = len(answers.answered)
    sides = _Sides(answers)
    arcs, trust = _arcs(state, scenario.parameters, world, n)
    named = sides.of[sides.said > 0.0]
    tied = np.union1d(named, sides.back(named))  # of pairs without a tie the model keeps nothing
    tied = np.intersect1d(tied[sides.are_known(tied)], arcs)
    order = _spearman(sides.strength(tied), trust[np.searchsorted(arcs, tied)])
    known = sides.are_known(arcs)
    most = np.argsort(-trust[known], kind="stable")[: named.size]
    held = np.sort(arcs[known][most])
    pairs = sides.of[sides.said != 0.0]  # nan, too: named, and no more said of it
    return Fit(
        order,
        Shape(_density(pairs, n), _reciprocity(named, sides), _centralisation(named, n)),
        Shape(_density(arcs, n), _reciprocity(held, sides), _centralisation(held, n)),
    )


class _Sides:
    """What is known of the sides of N organisations; a side is a number, who says it * N + of whom.

    of, said : (K,) sides that were told, in their order, and their strength, nan where unknown
    """

    def __init__(self, answers: Answers) -> None:
        self.n = len(answers.answered)
        self.answered = np.array(answers.answered, np.bool_)
        given = sorted(
            (one * self.n + other, value) for (one, other), value in answers.sides.items()
        )
        self.of: Ints = np.array([side for side, _ in given], np.int64)
        self.said: Floats = np.array([value for _, value in given], float)
        blank = [one * self.n + other for one, other in answers.blank]
        unsure = [*blank, *self.of[np.isnan(self.said)].tolist()]
        self.unsure: Ints = np.array(sorted(unsure), np.int64)

    def back(self, sides: Ints) -> Ints:
        """Return the other side of each."""
        return sides % self.n * self.n + sides // self.n

    def are_known(self, sides: Ints) -> Bools:
        """Return whether each was answered, if only by naming others."""
        known = self.answered[sides // self.n] | np.isin(sides, self.of)
        return known & ~np.isin(sides, self.unsure)

    def strength(self, sides: Ints) -> Floats:
        """Return the strength of known sides; 0 of those that were not named."""
        strength: Floats = np.zeros(sides.size)
        told = np.isin(sides, self.of)
        strength[told] = self.said[np.searchsorted(self.of, sides[told])]
        return strength


def _arcs(state: State, p: Parameters, world: World, n: int) -> tuple[Ints, Floats]:
    """Return the sides that are there at month 0 between named organisations, and their trust."""
    ties = state.ties
    first = world.organisation_count - n
    number = np.asarray(state.orgs.number, np.int64)
    owner = np.repeat(np.arange(number.size), np.diff(ties.start))
    one, other = number[owner] - first, number[ties.other] - first
    inside = (one >= 0) & (other >= 0)
    value = (p.prior_weight * ties.prior + ties.kept) / (p.prior_weight + ties.kept + ties.broken)
    sides = (one * n + other)[inside]
    order = np.argsort(sides)
    return sides[order], value[inside][order]


def _spearman(ours: Floats, theirs: Floats) -> float:
    if ours.size < 3 or np.ptp(ours) == 0 or np.ptp(theirs) == 0:
        return math.nan
    return float(np.corrcoef(_ranks(ours), _ranks(theirs))[0, 1])


def _ranks(values: Floats) -> Floats:
    """Return ranks, equals with the mean of theirs; loading scipy.stats takes half a second."""
    _, which, many = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(many) - (many - 1) / 2.0)[which]
    return ranks


def _density(sides: Ints, n: int) -> float:
    one, other = sides // n, sides % n
    pairs = np.unique(np.minimum(one, other) * n + np.maximum(one, other))
    return 2.0 * pairs.size / (n * (n - 1)) if n > 1 else math.nan


def _reciprocity(named: Ints, sides: _Sides) -> float:
    back = sides.back(named)
    asked = back[sides.are_known(back)]
    return float(np.isin(asked, named).mean()) if asked.size else math.nan


def _centralisation(named: Ints, n: int) -> float:
    if n < 3:
        return math.nan
    times = np.bincount(named % n, minlength=n)
    return float((times.max() - times).sum() / ((n - 1) * (n - 1)))
