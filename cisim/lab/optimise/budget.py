"""The budget: what may be paid in a year, by all who pay posts together and by single payers.

The limit of all is on those who pay posts, grants and local action. What sponsors pay by their own
rule follows from what the partnership does, and is limited only where a sponsor is named. Whether a
budget is kept is seen from the books of runs; `planned` only guesses it, to guide a search.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cisim.lab.bill import years_of
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.state import Floats
from cisim.world.scenario import Scenario
from cisim.world.staffing import staffing

CENT = 0.005
"""Money by which rounding may overdraw a budget."""
MOST = 1e15


class Who(NamedTuple):
    """One of those who pay in any candidate: its name, whether it is a sponsor, and its price."""

    name: str
    sponsor: bool
    year_price: float


class Budget(NamedTuple):
    """What may be paid in a year.

    total  : by all who pay but sponsors, together; None without a limit
    payers : by name of a payer
    """

    total: float | None
    payers: Mapping[str, float]

    @property
    def largest(self) -> float:
        """Return the money that all of it is at most."""
        named = math.fsum(self.payers.values())
        return named if self.total is None else self.total

    def excess(self, paid: Floats, who: Sequence[Who]) -> Floats:
        """Return by how much the worst year is above any limit, (...,), below zero where none is.

        paid : (..., payers, years) money
        """
        over = []
        for name, limit in self.payers.items():
            mine = [q for q, one in enumerate(who) if one.name == name]
            over.append(paid[..., mine, :].sum(axis=-2).max(axis=-1) - limit)
        if self.total is not None:
            over.append(self.spent(paid, who).max(axis=-1) - self.total)
        return np.max(over, axis=0)

    @staticmethod
    def spent(paid: Floats, who: Sequence[Who]) -> Floats:
        """Return what all but sponsors pay by year, (..., years), of (..., payers, years)."""
        mine = [q for q, one in enumerate(who) if not one.sponsor]
        return np.asarray(paid[..., mine, :].sum(axis=-2), np.float64)


def read_budget(total: object, payers: Mapping[str, object], known: Iterable[str]) -> Budget:
    """Return the budget that is given; raises InputError if one is no money, or nobody's."""
    names = list(known)
    limits = {}
    for name, money in payers.items():
        if name not in names:
            raise InputError(
                f"--payer names {shown(name)}, and no payer is called so; allowed is one of "
                f"{', '.join(names)}.{nearest(name, names)}"
            )
        limits[name] = _money(f"--payer {name}", money)
    if total is None and not limits:
        raise InputError("--budget is missing; right would be --budget 100000, money a year.")
    return Budget(None if total is None else _money("--budget", total), limits)


def _money(option: str, given: object) -> float:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if not number or not 0.0 <= float(given) <= MOST:  # type: ignore[arg-type]
        raise InputError(
            f"{option} is {shown(given)}; allowed is money a year, a number from 0 to {MOST:g}."
        )
    return float(given)  # type: ignore[arg-type]


def all_payers(scenarios: Iterable[Scenario], fte_cost: float) -> tuple[Who, ...]:
    """Return who pays in any of some scenarios, each name once.

    Raises InputError if one name has two prices.
    """
    found: dict[str, Who] = {}
    for scenario in scenarios:
        for one in scenario.payers:
            who = Who(one.name, one.kind == "sponsor", one.year_price or fte_cost)
            if found.setdefault(one.name, who) != who:
                raise InputError(
                    f"the payer {shown(one.name)} has another price or kind in another structure; "
                    f"allowed is one."
                )
    return tuple(found.values())


def planned(scenario: Scenario, who: Sequence[Who]) -> Floats:
    """Return what posts will cost by payer and year, (Q, Y), if nothing but time happens.

    A guess: without events, sponsors' rule, early money and budgets that run out.
    """
    calendar, months = scenario.calendar, scenario.months
    years = years_of(calendar, months)
    first = np.array([max(0, calendar.first_month(year)) for year in years.tolist()])
    last = np.array([min(months, calendar.first_month(year + 1)) for year in years.tolist()])
    found = staffing(scenario.world, scenario.structure)
    place = {one.name: q for q, one in enumerate(who)}
    paid = np.zeros((len(who), years.size))
    for row in found.rows:
        if row.cap > 0.0 or row.fte == 0.0:
            continue
        q = place[found.payers[row.payer].name]
        there = np.clip(np.minimum(last, row.end) - np.maximum(first, row.start), 0, None)
        paid[q] += there * (found.investment * row.fte * who[q].year_price / 12.0)
    return paid
