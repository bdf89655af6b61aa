"""A finished comparison with what every section of a report needs of it."""

from __future__ import annotations

import math

import numpy as np

from cisim.lab.compare import Comparison
from cisim.lab.manifest import manifest_key
from cisim.lab.value import NEEDED, Prices, break_even, children_in, costs
from cisim.show.counted import after, span
from cisim.show.findings import Effect, money, outcome_effect

MAIN = "wellbeing_gain"
"""The outcome that the report is about."""
LEVELS: dict[str, tuple[str, ...]] = {
    "Children": (MAIN, "gap_primary"),
    "Partners": ("member_share", "trust_eligible", "joint_activity", "service_forgone"),
    "Society": ("service_demand",),
}
"""Outcomes in the table, on the three levels of R21: individual, partner, society."""
KEPT = tuple(dict.fromkeys([*NEEDED, *(name for names in LEVELS.values() for name in names)]))
"""Outcomes that a comparison must have kept for a report, beside those with a goal."""


class Case:
    """What is reported on: the comparison, goals, prices, and what was found.

    base, others : the scenario that the others are compared with, and they
    chosen, titles : scenarios and what people call them, by name
    effect       : by outcome, of the levels and of the goals
    breaks, cost : break-even by scenario; costs by scenario and item
    horizon      : how long, "10 years"; after : when that is over, "after 10 years"
    by_half      : the comparison at other values of effort_half, by value
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
        self.months = self.chosen[self.base].months
        self.world = self.chosen[self.base].world
        self.titles = titles_of(comparison)
        self.futures = int(comparison.futures.size)
        self.calendar = self.world.calendar
        self.horizon = span(self.months)
        self.after = after(self.months, self.calendar)
        self.key = manifest_key(comparison)
        self.children = children_in(self.world)
        names = dict.fromkeys([name for level in LEVELS.values() for name in level] + list(goals))
        self.effect: dict[str, Effect] = {name: outcome_effect(comparison, name) for name in names}
        self.breaks = {one.scenario: one for one in break_even(comparison, prices)}
        found = costs(comparison).to_dict("records")
        self.cost = {(row["scenario"], row["item"]): row for row in found}

    def money(self, fte_years: float) -> str:
        """Return what full-time years cost."""
        return money(fte_years * self.price.fte_cost, self.price.currency)


def titles_of(comparison: Comparison) -> dict[str, str]:
    """Return what people call each scenario: its title, or its name where two share a title."""
    titles = {
        name: " ".join(one.scenario.title.split()) or name
        for name, one in comparison.ensembles.items()
    }
    if len(set(titles.values())) < len(titles):
        return {name: name for name in titles}
    return titles


def mean_end(comparison: Comparison, name: str) -> float:
    """Return the mean of the main outcome over shared futures, -inf where there is none."""
    ensemble = comparison.ensembles[name]
    values = ensemble.at(MAIN)[np.isin(ensemble.seeds, comparison.futures)]
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else -math.inf
