"""What each ensemble of beliefs allows: the answers of one comparison beside each other.

Where two ensembles ship, no point meets what both have seen. Futures then take their points from
one and the other in turns, so one comparison has the joint answer and the answer of each.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import mean_interval
from cisim.lab.leads import leads
from cisim.model.outcomes import find_outcome
from cisim.world.beliefs import FromEnsembles
from cisim.world.joint_points import JointPoints

COLUMNS = (
    "ensemble", "scenario", "against", "outcome", "n", "mean", "low", "high", "better", "best",
    "harms",
)  # fmt: skip


def ensembles_of(comparison: Comparison) -> tuple[JointPoints, ...]:
    """Return the ensembles that futures of a comparison take from; () where they take from none."""
    beliefs = next(iter(comparison.ensembles.values())).scenario.beliefs
    return beliefs.ensembles if isinstance(beliefs, FromEnsembles) else ()


def by_ensemble(
    comparison: Comparison, outcome: str = "wellbeing_gain", against: str | None = None
) -> pd.DataFrame:
    """Return a row for each ensemble and scenario at the horizon; none where futures take from one.

    n               : futures of that ensemble in which both are defined
    mean, low, high : the difference from `against`, by default the first, with its 90 % interval;
                      NaN for that scenario itself
    better          : futures in which it is better; NaN where neither direction is
    best            : share of futures in which it is the best of all; a tie counts for nobody
    harms           : share in which its outcome is below zero
    """
    base = comparison.checked_name(against)
    parts = ensembles_of(comparison)
    if len(parts) < 2 or not comparison.futures.size:
        return pd.DataFrame(columns=list(COLUMNS))
    beliefs = next(iter(comparison.ensembles.values())).scenario.beliefs
    assert isinstance(beliefs, FromEnsembles)
    direction = find_outcome(outcome).better
    sign = -1.0 if direction == "lower" else 1.0
    futures = comparison.futures
    ends = np.column_stack(
        [one.at(outcome)[np.isin(one.seeds, futures)] for one in comparison.ensembles.values()]
    )
    whose = beliefs.whose(futures)
    rows = []
    for which, part in enumerate(parts):
        mine = ends[whose == which]
        ahead = leads(sign * mine) if len(mine) else mine
        there = mine[:, comparison.names.index(base)]
        for s, name in enumerate(comparison.names):
            apart = mine[:, s] - there
            apart = apart[np.isfinite(apart)]
            mean, low, high, *_ = mean_interval(apart) if name != base else (np.nan,) * 3
            better = float((sign * apart > 0.0).sum()) if direction and name != base else np.nan
            best = float((ahead[:, s] > 0.0).mean()) if len(mine) else np.nan
            harms = float((mine[:, s] < 0.0).mean()) if len(mine) else np.nan
            rows.append(
                (part.name, name, base, outcome, apart.size, mean, low, high, better, best, harms)
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def better_in(comparison: Comparison, scenario: str, against: str) -> list[tuple[str, int, int]]:
    """Return by ensemble in how many of its futures a scenario leaves children better off.

    A row is (name of the ensemble, futures in which it is better, futures); [] where all futures
    take from one.
    """
    table = by_ensemble(comparison, against=against)
    mine = table[table["scenario"] == scenario]
    return [
        (str(row["ensemble"]), int(row["better"]), int(row["n"])) for row in mine.to_dict("records")
    ]
