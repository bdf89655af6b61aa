"""Who gains and who loses: each community against a scenario, future by future.

In a world that draws its communities they are others in every future: a name is then only a place
in a list, and what can be told apart is how deprived a community is among those of its region. So
communities go by their names where children and deprivation are the same in all futures, and else
by that rank.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.comparison import Comparison
from cisim.lab.each import Followed
from cisim.lab.ensemble import LEVEL, Ensemble, mean_interval
from cisim.model.input_error import InputError
from cisim.model.outcomes import EACH
from cisim.model.state import Floats

WELLBEING = "wellbeing_gain"
BY_RANK = " by deprivation"
"""How the name of a community ends that is known by its rank only."""
CHILDREN, DEPRIVATION = "children", "deprivation"


class Places(NamedTuple):
    """Communities that can be told apart in every future.

    names, regions : (K,)
    named          : whether they go by name; else by how deprived they are in their region
    rows           : (n, K) the row of each in every future
    """

    names: tuple[str, ...]
    regions: tuple[str, ...]
    named: bool
    rows: np.ndarray


def places(seen: Followed) -> Places:
    """Return the communities that can be told apart, regions together, least deprived first."""
    deprivation, children = seen.at(DEPRIVATION), seen.at(CHILDREN)
    n, many = deprivation.shape
    named = bool((deprivation == deprivation[:1]).all() and (children == children[:1]).all())
    regions = list(dict.fromkeys(seen.regions))
    region = np.array([regions.index(name) for name in seen.regions])
    rows = np.empty((n, many), np.int64)
    for future in range(n):
        rows[future] = np.lexsort((np.arange(many), deprivation[future], region))
    ordered = rows[0] if n else np.arange(many)
    there = tuple(seen.regions[row] for row in ordered)
    if named:
        return Places(tuple(seen.names[row] for row in ordered), there, True, rows)
    counts, so_far = Counter(there), Counter[str]()
    names = []
    for name in there:
        so_far[name] += 1
        names.append(f"{name}, {so_far[name]} of {counts[name]}{BY_RANK}")
    return Places(tuple(names), there, False, rows)


def gains(
    results: Comparison | Ensemble,
    against: str | None = None,
    outcome: str = WELLBEING,
    at: int | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return a row for each scenario and community: what it gains over `against`, or the first.

    children, deprivation : mean over futures
    n                  : futures that every scenario has finished
    value              : mean of the outcome
    mean, low, high    : mean difference in the same futures and its interval, Student's t
    gains, loses       : futures in which the community is better, or worse
    equal              : those in which it is exactly as well

    Rows are of all scenarios but `against`; communities as `places` has them. A single scenario is
    set against nothing: of wellbeing_gain that is the ordinary world.

    Raises InputError if communities were not kept, or the outcome, month or scenario is not there.
    """
    if isinstance(results, Ensemble):
        ensembles, base, shared = [results], "", results.seeds
    else:
        ensembles, base = list(results.ensembles.values()), results.checked_name(against)
        shared = results.futures
    one = EACH["community"].get(outcome)
    if one is not None and not one.better:
        raise InputError(f"outcome is {outcome}, of which neither more nor less is better.")
    sign = -1.0 if one is not None and one.better == "lower" else 1.0
    seen = {each.name: _kept(each).some(np.isin(each.seeds, shared)) for each in ensembles}
    first = seen[base or ensembles[0].name]
    where = places(first)
    reference = _placed(first.at(outcome, at), where) * (1.0 if base else 0.0)
    tables = []
    for name, followed in seen.items():
        if name == base:
            continue
        values = _placed(followed.at(outcome, at), where)
        apart = values - reference
        interval = mean_interval(apart, level)
        tables.append(
            pd.DataFrame(
                {
                    "scenario": name,
                    "against": base,
                    "region": where.regions,
                    "community": where.names,
                    CHILDREN: _placed(followed.at(CHILDREN), where).mean(axis=0),
                    DEPRIVATION: _placed(followed.at(DEPRIVATION), where).mean(axis=0),
                    "n": apart.shape[0],
                    "value": values.mean(axis=0),
                    "mean": interval.mean,
                    "low": interval.low,
                    "high": interval.high,
                    "gains": (sign * apart > 0.0).sum(axis=0),
                    "loses": (sign * apart < 0.0).sum(axis=0),
                    "equal": (apart == 0.0).sum(axis=0),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _kept(ensemble: Ensemble) -> Followed:
    if ensemble.communities is None:
        raise InputError(
            f"{ensemble.name} was run without its communities; allowed is one that was run with "
            f"by_community (cisim compare --by-community)."
        )
    return ensemble.communities


def _placed(values: Floats, where: Places) -> Floats:
    """Return values (n, K) in the order of places."""
    return np.take_along_axis(values, where.rows, axis=1)
