"""What is wanted, against the same futures without a backbone.

effect : gain in wellbeing that no backbone has not, points; more is better
spent  : money a year of those whom the budget is for; less is better
cost   : money a year of all who pay from outside, sponsors among them; less is better
gap    : how much more the gap narrows than without a backbone, points; more is better
harm   : share of beliefs in which wellbeing is lower than without a backbone; less is better
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cisim.lab.ensemble import mean_interval
from cisim.lab.optimise.budget import Budget, Who
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.state import Floats

WELLBEING, GAP = "wellbeing_gain", "gap_primary"
OUTCOMES = (WELLBEING, GAP)
"""Of a run at the horizon, in the order in which a row has them."""
SIGN = {"effect": -1.0, "spent": 1.0, "cost": 1.0, "gap": -1.0, "harm": 1.0}
"""By which a goal is multiplied so that less is better."""
USUAL = ("effect", "spent")
MOST_GOALS = 4


def read_goals(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of goals; raises InputError, with the nearest name, for any other."""
    names = given.split(",") if isinstance(given, str) else list(given)
    goals = tuple(str(name).strip() for name in names)
    for name in goals:
        if name not in SIGN:
            raise InputError(
                f"--goal has {shown(name)}; allowed are some of {', '.join(SIGN)}, with commas."
                f"{nearest(name, SIGN)}"
            )
    if len(set(goals)) < len(goals) or not 1 <= len(goals) <= MOST_GOALS:
        raise InputError(
            f"--goal is {', '.join(goals)}; allowed are one to {MOST_GOALS} goals, each once."
        )
    return goals


class Reached(NamedTuple):
    """What a candidate reaches over n beliefs.

    effect, gap, spent, cost : (n,) in each
    paid, most : (Q, Y) money by payer and year, mean over the runs and the most of any
    excess : by how much the worst year of any run is above a limit of the budget
    """

    effect: Floats
    gap: Floats
    spent: Floats
    cost: Floats
    paid: Floats
    most: Floats
    excess: float

    @property
    def harm(self) -> float:
        """Return the share of beliefs in which it harms."""
        return float(np.mean(self.effect < 0.0))

    def goal(self, name: str) -> float:
        """Return the value of a goal: a mean over beliefs, of harm a share.

        The mean is over beliefs in which it is defined; NaN if there is none.
        """
        if name == "harm":
            return self.harm
        values = getattr(self, name)
        defined = values[np.isfinite(values)]
        return float(defined.mean()) if defined.size else math.nan

    def interval(self, name: str) -> tuple[float, float, float]:
        """Return the mean of a goal over beliefs and its 90 % interval as a mean of a sample."""
        values = (self.effect < 0.0).astype(float) if name == "harm" else getattr(self, name)
        mean, low, high, *_ = mean_interval(values)
        return float(mean), float(low), float(high)


def reach(rows: Floats, reference: Floats, money: Floats, who: Sequence[Who], budget: Budget,
          months: int) -> Reached:  # fmt: skip
    """Return what a candidate reaches.

    rows, reference : (n, 2) outcomes of its runs, and of those without a backbone
    money           : (n, Q, Y) by payer and year
    """
    share = 12.0 / months
    return Reached(
        effect=rows[:, 0] - reference[:, 0],
        gap=rows[:, 1] - reference[:, 1],
        spent=budget.spent(money, who).sum(axis=1) * share,
        cost=money.sum(axis=(1, 2)) * share,
        paid=money.mean(axis=0),
        most=money.max(axis=0),
        excess=float(budget.excess(money, who).max()),
    )


def front_of(values: Floats) -> list[int]:
    """Return the rows that no other row is better than, (n, goals), less being better.

    Of rows that are alike in all goals the first one stays.
    """
    found = []
    for at, row in enumerate(values):
        no_worse = (values <= row).all(axis=1)
        better = no_worse & (values < row).any(axis=1)
        alike = no_worse & ~better
        if not better.any() and int(np.flatnonzero(alike)[0]) == at:
            found.append(at)
    return found


def best_rows(values: Floats, many: int) -> list[int]:
    """Return the front of rows, best in the first goal first; of one goal the best `many` rows.

    A front of one goal is one row, and says nothing of how close the others are.
    """
    if not len(values):
        return []
    rows = front_of(values) if values.shape[1] > 1 else list(range(len(values)))
    rows.sort(key=lambda row: (*values[row].tolist(), row))
    return rows if values.shape[1] > 1 else rows[:many]


def spread(values: Floats, many: int) -> list[int]:
    """Return at most so many rows of a front that lie far from each other, its ends first."""
    size = len(values)
    if size <= many:
        return list(range(size))
    low, high = values.min(axis=0), values.max(axis=0)
    scaled = (values - low) / np.where(high > low, high - low, 1.0)
    taken = list(dict.fromkeys(int(scaled[:, g].argmin()) for g in range(values.shape[1])))[:many]
    while len(taken) < many:
        away = np.min([np.abs(scaled - scaled[one]).sum(axis=1) for one in taken], axis=0)
        taken.append(int(away.argmax()))
    return sorted(taken)
