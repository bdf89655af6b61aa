"""A past: the months before month 0, which all structures of a world and seed share.

History is the ordinary world: nobody is a member and no backbone works. Sponsors are loosely linked
and see nothing, so mandates stand where their goodwill holds them. What a structure sets acts from
the founding on. Scenarios that share a past are given a copy of
where it ended and set their own levers in it; that is the same to the last bit as each living
through it alone, and saves the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from cisim.model.month import live_history
from cisim.model.parameters import Parameters
from cisim.model.state import Floats, State
from cisim.model.surveyed import Surveyed, stand_as_surveyed


class HasPast(Protocol):
    """What a past needs of a scenario; see cisim.world.scenario.

    past : what decides the past beside the seed; scenarios in which it is equal share theirs
    """

    @property
    def past(self) -> Any: ...
    @property
    def parameters(self) -> Parameters: ...
    def build(self, seed: int) -> State: ...
    def equip(self, state: State, seed: int) -> None: ...
    def surveyed(self, state: State) -> Surveyed: ...


def live_past(scenario: HasPast, seed: int) -> State:
    """Return the state at the end of history, before the founding."""
    state = scenario.build(seed)
    live_history(state, scenario.parameters, seed)
    stand_as_surveyed(state, scenario.parameters, seed, scenario.surveyed(state))
    return state


class Payments(NamedTuple):
    """What a run's payers have paid, and what they wanted.

    paid     : (months + 1, Q, R) float  FTE, row m + 1 that of month m
    position : (months + 1, R, 3) float  money-weighted mean, agenda units
    """

    paid: Floats
    position: Floats


class Pasts:
    """Keeps where the last past ended, for scenarios that come one after the other, and what those
    paid whose payments others are given.

    lived : how many pasts were lived through
    """

    def __init__(self) -> None:
        self.lived = 0
        self._key: tuple[Any, int] | None = None
        self._end: State | None = None
        self._paid: list[tuple[Any, int, Payments]] = []

    def state(self, scenario: HasPast, seed: int) -> State:
        """Return a scenario's state at the end of history, before the founding."""
        key = (scenario.past, seed)
        if self._end is None or key != self._key:
            self._key = self._end = None  # two would take twice the memory
            self._end = live_past(scenario, seed)
            self._key = key
            self.lived += 1
        state = self._end.copy()
        scenario.equip(state, seed)
        return state

    def keep_payments(self, scenario: HasPast, seed: int, payments: Payments) -> None:
        """Keep what a scenario's payers have paid in a future; those of other futures go."""
        self._paid = [one for one in self._paid if one[1] == seed]
        self._paid.append((scenario, seed, payments))

    def payments(self, scenario: HasPast, seed: int) -> Payments | None:
        """Return what a scenario's payers have paid in a future, None if nobody has kept it."""
        for other, future, payments in self._paid:
            if future == seed and other == scenario:
                return payments
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        return Pasts, ()  # another process lives through its own


def side_by_side(scenarios: Sequence[Any]) -> tuple[list[int], int]:
    """Return the places of scenarios, those that share a past beside each other; and how many
    pasts there are. Among those of one past, whose payments another is given comes before that one.
    """
    pasts: list[Any] = []
    group = []
    for scenario in scenarios:
        past = scenario.past
        if past not in pasts:
            pasts.append(past)
        group.append(pasts.index(past))
    order = sorted(range(len(scenarios)), key=lambda at: (group[at], _depth(scenarios[at])))
    return order, len(pasts)


def _depth(scenario: Any) -> int:
    """Return over how many others a scenario comes to money."""
    other = getattr(scenario, "reference", None)
    return 0 if other is None else 1 + _depth(other)
