"""A finished comparison with what every section of a report needs of it."""

from __future__ import annotations

import math

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.hanging import ENDS, leading_axes
from cisim.lab.levels import value_levels
from cisim.lab.manifest import manifest_key
from cisim.lab.value import NEEDED, Prices, break_even, children_in, costs
from cisim.model.state import Floats
from cisim.show.called import short_of, titles_of
from cisim.show.counted import after, span
from cisim.show.findings import Effect, money, outcome_effect
from cisim.show.language.facts import in_language
from cisim.show.language.texts import say

MAIN = "wellbeing_gain"
"""The outcome that the report is about."""
LEVELS: dict[str, tuple[str, ...]] = {
    "children": (MAIN, "gap_primary"),
    "partners": ("member_share", "trust_eligible", "joint_activity", "service_forgone"),
    "society": ("service_demand",),
}
"""Outcomes in the table, on the three levels of R21: individual, partner, society."""
KEPT = tuple(dict.fromkeys([*NEEDED, *(name for names in LEVELS.values() for name in names)]))
"""Outcomes that a comparison must have kept for a report, beside those with a goal."""


class Case:
    """What is reported on: the comparison, goals, prices, and what was found.

    base, others : the scenario that the others are compared with, and they
    chosen       : scenarios by name
    read         : the same, with what they say of themselves in the language that is spoken
    titles, short : what people call them, in full at first and short from then on, by name
    best, second : who leaves children best off, and who comes next, by the mean
    hero         : whom the first page sets beside the base: the best, or the best of the others
    effect       : by outcome, of the levels and of the goals
    breaks, cost : break-even by scenario; costs in FTE-years by scenario and item
    values       : value on three levels, see cisim.lab.levels
    bill, paid   : see Comparison.bill; of it what is external money, by scenario
    horizon      : how long, "10 years"; after : when that is over, "after 10 years"
    by_half      : the comparison at other values of effort_half, by value
    beliefs      : what futures believe, None where all believe the same
    axes         : then, the difference between the best two along what decides it
    """

    def __init__(
        self,
        comparison: Comparison,
        goals: dict[str, float],
        prices: Prices,
        halves: dict[float, Comparison],
    ) -> None:
        self.comparison, self.goals, self.price, self.by_half = comparison, goals, prices, halves
        self.base, *self.others = comparison.names
        self.chosen = {name: one.scenario for name, one in comparison.ensembles.items()}
        self.beliefs = self.chosen[self.base].beliefs
        self.axes = leading_axes(comparison)
        self.months = self.chosen[self.base].months
        self.world = self.chosen[self.base].world
        self.read = {name: in_language(one) for name, one in self.chosen.items()}
        self.titles = titles_of(self.read)
        self.short = short_of(self.titles, self.read)
        self.best, self.second, *_ = in_order(comparison)
        self.hero = self.best if self.best != self.base else self.second
        self.futures = int(comparison.futures.size)
        self.calendar = self.world.calendar
        self.horizon = span(self.months)
        self.after = after(self.months, self.calendar)
        self.key = manifest_key(comparison)
        self.children = children_in(self.world)
        names = dict.fromkeys([name for level in LEVELS.values() for name in level] + list(goals))
        self.effect: dict[str, Effect] = {name: outcome_effect(comparison, name) for name in names}
        self.breaks = {one.scenario: one for one in break_even(comparison, prices)}
        self.values = value_levels(comparison, prices)
        self.bill = comparison.bill(prices.fte_cost)
        paid = self.bill[self.bill["external"].astype(bool)]
        self.paid = {name: paid[paid["scenario"] == name] for name in self.chosen}
        found = costs(comparison).to_dict("records")
        self.cost = {(row["scenario"], row["item"]): row for row in found}

    def costs(self, name: str, item: str) -> float:
        """Return what an item of costs comes to: money at its payers' prices, time at that of all.

        item : of cisim.lab.value.ITEMS
        """
        paid = self.paid[name]
        if item == "sponsors":
            return float(paid.loc[paid["kind"] == "sponsor", "money"].sum())
        if item in ("external", "total"):
            own = self.cost[name, "own"]["mean"] if item == "total" else 0.0
            return float(paid["money"].sum()) + own * self.price.fte_cost
        return float(self.cost[name, item]["mean"]) * self.price.fte_cost

    def costs_said(self, name: str, item: str, against: str = "", more: float = 0.0) -> str:
        """Return that in words, or how far it is from another's, of which there are `more` years.

        Whoever pays less for a year may pay less for more of them: then that is said.
        """
        if not against:
            return money(self.costs(name, item), self.price.currency)
        apart = self.costs(name, item) - self.costs(against, item)
        said = money(abs(apart), self.price.currency)
        if apart * more >= 0:
            return said
        return say(f"report.follows.money_{'less' if apart < 0 else 'more'}", money=said)


def nine_in_ten(values: Floats) -> tuple[float, float] | None:
    """Return between what nine in ten futures lie, None where all are the same."""
    if not values.size or values.min() == values.max():
        return None
    low, high = np.quantile(values, ENDS)
    return float(low), float(high)


def in_order(comparison: Comparison) -> list[str]:
    """Return the scenarios, those that leave children best off first; equals as they are given."""
    return sorted(comparison.names, key=lambda name: -mean_end(comparison, name))


def mean_end(comparison: Comparison, name: str) -> float:
    """Return the mean of the main outcome over shared futures, -inf where there is none."""
    ensemble = comparison.ensembles[name]
    values = ensemble.at(MAIN)[np.isin(ensemble.seeds, comparison.futures)]
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else -math.inf
