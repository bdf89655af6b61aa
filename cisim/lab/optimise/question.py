"""What is asked: scenario, budget, levers, goals and beliefs, read and checked before any run.

It also says with what a search begins, and makes a candidate cheaper that is planned to cost too
much. That is a guess to save runs; whether a budget is kept is seen from the runs.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

from cisim.lab.bill import FTE_COST
from cisim.lab.optimise.beliefs import POINTS, Beliefs, read_beliefs
from cisim.lab.optimise.budget import CENT, Budget, all_payers, planned, read_budget
from cisim.lab.optimise.goals import USUAL, read_goals
from cisim.lab.optimise.levers import DEFAULT_PAYER, Value, present, put, read_levers, usual
from cisim.lab.optimise.search import Candidate
from cisim.lab.simulate import load
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.state import Floats
from cisim.world.scenario import Scenario


class Question:
    """What is asked, read and checked."""

    def __init__(
        self,
        scenario: Scenario | str | os.PathLike[str],
        budget: object = None,
        *,
        payers: Mapping[str, object] | None = None,
        vary: Mapping[str, object] | None = None,
        goals: str | Sequence[str] = USUAL,
        points: int | str | os.PathLike[str] | Beliefs = POINTS,
        unseen: int | None = None,
        beliefs: str | None = None,
        fte_cost: float = FTE_COST,
        payer: str | None = None,
        seed: int = 1,
        months: int | None = None,
    ) -> None:
        loaded = load(scenario, months)
        if beliefs is None and loaded.beliefs is not None and isinstance(points, int):
            beliefs = loaded.beliefs.given
        self.scenario = loaded.believing("fixed")  # what a future believes is in the samples
        if vary is not None and not vary:
            raise InputError("vary is nothing; right would be national_fte=0..4, or leave it out.")
        if not 0.0 < fte_cost < math.inf:
            raise InputError(f"fte_cost is {shown(fte_cost)}; allowed is a number above 0.")
        given = payers or {}
        self.goals = read_goals(goals)
        self.fixed = self.scenario.parameters.model_dump(exclude_defaults=True)
        self.who = all_payers([self.scenario], fte_cost)
        if vary is not None and "structure" in vary:
            levers = read_levers({"structure": vary["structure"]}, self.scenario, DEFAULT_PAYER)
            others = [put(self.scenario, levers, [word], DEFAULT_PAYER) for word in levers[0].words]
            self.who = all_payers([self.scenario, *others], fte_cost)
        names = [one.name for one in self.who]
        self.budget: Budget = read_budget(budget, given, names)
        self.payer = self._payer(payer, list(given), names)
        dearest = min(one.year_price for one in self.who if not one.sponsor)
        said = vary or usual(self.scenario, self.budget.largest / dearest, list(given))
        self.levers = read_levers(said, self.scenario, self.payer)
        self.beliefs: Beliefs = read_beliefs(points, unseen, seed, self.fixed, beliefs)
        self._cheap: Candidate | None = None
        self._costly: tuple[int, ...] = ()
        self._plans: dict[Candidate, bool] = {}

    def _payer(self, payer: str | None, limited: Sequence[str], names: Sequence[str]) -> str:
        if payer is not None:
            if payer not in names:
                raise InputError(
                    f"the payer of what is added is {shown(payer)}, and no payer is called so; "
                    f"allowed is one of {', '.join(names)}.{nearest(payer, names)}"
                )
            return payer
        if len(limited) == 1 and not self._is_sponsor(limited[0]):
            return limited[0]
        return next(one.name for one in self.who if not one.sponsor)

    def _is_sponsor(self, name: str) -> bool:
        return any(one.sponsor for one in self.who if one.name == name)

    def values(self, candidate: Candidate) -> tuple[Value, ...]:
        """Return the values of a place on the grid."""
        return tuple(one.value(place) for one, place in zip(self.levers, candidate, strict=True))

    def put(self, values: Sequence[Value]) -> Scenario:
        """Return the scenario with values; raises InputError if it cannot have them."""
        return put(self.scenario, self.levers, values, self.payer)

    def plan(self, candidate: Candidate) -> Floats | None:
        """Return what it is planned to pay by payer and year; None where it cannot be."""
        with suppress(InputError):
            return planned(self.put(self.values(candidate)), self.who)
        return None

    def begin(self) -> list[Candidate]:
        """Return what a search begins with: what is there, the cheapest, each lever alone."""
        there = tuple(one.place(present(self.scenario, one)) for one in self.levers)
        cheap = list(there)
        costly = []
        for at, lever in enumerate(self.levers):
            if lever.words:
                continue
            ends = [self._cost(there, at, place) for place in (0, lever.size - 1)]
            if ends[0] != ends[1]:
                costly.append(at)
                cheap[at] = 0 if ends[0] < ends[1] else lever.size - 1
        self._cheap, self._costly = tuple(cheap), tuple(costly)
        alone = []
        for at in costly:
            far = self.levers[at].size - 1 - cheap[at]
            alone.append((*cheap[:at], far, *cheap[at + 1 :]))
        free = [
            (*cheap[:at], lever.size - 1, *cheap[at + 1 :])
            for at, lever in enumerate(self.levers)
            if at not in costly
        ]
        return [there, self._cheap, *alone, *free]

    def _cost(self, there: Candidate, at: int, place: int) -> float:
        """Return what is planned with one lever at a place and the other numbers half way up."""
        other = [
            here if lever.words else lever.size // 2
            for here, lever in zip(there, self.levers, strict=True)
        ]
        paid = self.plan((*other[:at], place, *other[at + 1 :]))
        return float("inf") if paid is None else float(paid.sum())

    def mend(self, candidate: Candidate) -> Candidate:
        """Return a candidate that is planned to keep the budget, nearer to the cheapest.

        It stays as it is where that plan keeps the budget, or none does.
        """
        assert self._cheap is not None
        if self._kept(candidate):
            return candidate
        low, high = 0, 1024
        if not self._kept(self._towards(candidate, 0)):
            return candidate
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._kept(self._towards(candidate, middle)) else (
                low, middle)  # fmt: skip
        return self._towards(candidate, low)

    def _towards(self, candidate: Candidate, share: int) -> Candidate:
        """Return a candidate of which costly levers have so many 1024ths of their way."""
        assert self._cheap is not None
        new = list(candidate)
        for at in self._costly:
            start = self._cheap[at]
            way = candidate[at] - start
            new[at] = start + (abs(way) * share // 1024) * (1 if way > 0 else -1)
        return tuple(new)

    def _kept(self, candidate: Candidate) -> bool:
        if candidate not in self._plans:
            paid = self.plan(candidate)
            over = math.inf if paid is None else float(self.budget.excess(paid, self.who))
            self._plans[candidate] = over <= CENT
        return self._plans[candidate]
