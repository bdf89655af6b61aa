"""Value on three levels (R21: individual, partner, society): who gains what is forgone by whom.

Everything is a difference from another scenario over the futures that both share, in the model's
own quantities. A child's gain is what joint work brings less what is lost with own services; the
two stand apart, as other people decide on them. Nothing turns one level into another: what society
would have to believe for it all to pay is the break-even (cisim.lab.value).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import LEVEL, Ensemble, check_level, mean_interval
from cisim.lab.value import Account, Prices, accounts
from cisim.model.outcomes import OWN_TIME
from cisim.model.state import Floats

Level = Literal["individual", "partner", "society"]
Side = Literal["gains", "forgoes"]
VALUED = ("gap_primary", "trust_eligible")
"""Outcomes that it tells of beside those that costs need; one that was not kept is left out."""


class Item(NamedTuple):
    """What one level gains or forgoes. The unit "money" is the currency of the prices."""

    level: Level
    side: Side
    words: str
    unit: str


ITEMS: dict[str, Item] = {
    "brought": Item("individual", "gains", "what joint work brings a child", "points"),
    "gap_primary": Item(
        "individual", "gains", "how much more it is in deprived communities than in affluent ones",
        "points",
    ),
    "lost": Item(
        "individual", "forgoes", "what a child loses as organisations do less of their own",
        "points",
    ),
    "trust_eligible": Item("partner", "gains", "trust among organisations", "0..1"),
    "time": Item("partner", "forgoes", "members' own time, in all", "FTE-years"),
    "meetings": Item("partner", "forgoes", "of it spent in meetings", "FTE-years"),
    "volunteered": Item("partner", "forgoes", "of it volunteered for the backbone", "FTE-years"),
    "children": Item(
        "society", "gains", "wellbeing of all children together", "points × 1000 children"
    ),
    "external": Item("society", "forgoes", "external money", "FTE-years"),
    "paid": Item("society", "forgoes", "the same, at its payers' prices", "money"),
}  # fmt: skip


def value_levels(
    comparison: Comparison,
    prices: Prices | None = None,
    against: str | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return a row for each scenario but `against`, by default the first, and each item.

    level, side, item, words, unit : see ITEMS
    mean, low, high : the difference at the horizon, with the interval of its mean over n futures

    Raises InputError as `accounts` does.
    """
    check_level(level)
    prices = prices or Prices()
    found = accounts(comparison, prices.fte_cost)
    base = comparison.checked_name(against)
    shared = {name: _valued(comparison, name, account) for name, account in found.items()}
    rows = []
    for name, values in shared.items():
        if name == base:
            continue
        for key, item in ITEMS.items():
            if key not in values or key not in shared[base]:
                continue
            apart = values[key] - shared[base][key]
            mean, low, high, *_ = (float(value) for value in mean_interval(apart, level))
            unit = prices.currency if item.unit == "money" else item.unit
            rows.append(
                {
                    "scenario": name, "against": base, "level": item.level, "side": item.side,
                    "item": key, "words": item.words, "unit": unit, "n": int(apart.size),
                    "mean": mean, "low": low, "high": high,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _valued(comparison: Comparison, name: str, account: Account) -> dict[str, Floats]:
    """Return what each item comes to in the futures that all share, (n,) each."""
    ensemble = comparison.ensembles[name]
    shared = np.isin(ensemble.seeds, comparison.futures)
    lost = ensemble.parameter("own_value")[shared] * account.spent
    own = _own_time(ensemble)[shared]
    values = {
        "brought": account.gain + lost,
        "lost": lost,
        "time": own.sum(axis=1),
        "meetings": account.meetings,
        "volunteered": own[:, -1],
        "children": account.gain * ensemble.scenario.world.children / 1000.0,
        "external": account.external,
        "paid": account.paid,
    }
    for outcome in VALUED:
        if outcome in ensemble.outcomes:
            ends = ensemble.values[shared, -1, -1, ensemble.outcomes.index(outcome)]
            ends = np.asarray(ends, np.float64)
            if not np.isnan(ends).any():
                values[outcome] = ends
    return values


def _own_time(ensemble: Ensemble) -> Floats:
    """Return members' own time by whose it is, FTE-years over all years, (futures, 3)."""
    assert ensemble.books is not None  # the account has been made of them
    return np.asarray(ensemble.books[:, :, -1, -len(OWN_TIME) :].sum(axis=1), np.float64)
