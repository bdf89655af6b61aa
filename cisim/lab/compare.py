"""Paired comparison: scenarios in the same futures, and what differs between them in each.

A seed is a future that all scenarios share, so the difference within a future is free of most of
what chance does to both. Differences are only formed in futures that every scenario has finished.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.executors import Progress, Say
from cisim.lab.simulate import (
    LEVEL,
    OVERALL,
    Ensemble,
    Failure,
    check_level,
    load,
    mean_interval,
    run_ensembles,
    t_quantile,
)
from cisim.model.inputs import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.model.state import Floats
from cisim.world.scenario import Scenario

MOST_FUTURES = 1_000_000
"""Beyond this many futures, how many would be needed is not worth a number."""


class Differences(NamedTuple):
    """One outcome in two scenarios, future by future, where both define it.

    seeds : (n,) int
    here  : (n,) float, of the scenario
    there : (n,) float, of the one it is compared with
    """

    seeds: NDArray[np.int64]
    here: Floats
    there: Floats

    @property
    def values(self) -> Floats:
        """Return here - there, (n,)."""
        return self.here - self.there


@dataclass(frozen=True, eq=False)
class Comparison:
    """The ensembles of scenarios that have met the same futures, by name and in order."""

    ensembles: Mapping[str, Ensemble]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the scenarios' names; the first is what the others are compared with."""
        return tuple(self.ensembles)

    @property
    def incomplete(self) -> bool:
        """Return whether it was stopped before the end."""
        return any(ensemble.incomplete for ensemble in self.ensembles.values())

    @property
    def failed(self) -> tuple[Failure, ...]:
        """Return the runs that are quarantined."""
        return tuple(one for ensemble in self.ensembles.values() for one in ensemble.failed)

    @property
    def futures(self) -> NDArray[np.int64]:
        """Return the seeds that every scenario has finished, (n,)."""
        first, *others = (ensemble.seeds for ensemble in self.ensembles.values())
        for seeds in others:
            first = np.intersect1d(first, seeds, assume_unique=True)
        return first

    @property
    def series(self) -> pd.DataFrame:
        """Return everything as one tidy table: scenario, replicate, month, region, outcomes."""
        return pd.concat([one.series for one in self.ensembles.values()], ignore_index=True)

    def table(
        self,
        at: int | None = None,
        level: float = LEVEL,
        outcomes: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Return means and intervals of every scenario: each full year and the horizon, or `at`.

        Columns as in Ensemble.summary. Each mean is over all futures its scenario has finished.
        """
        names = None if outcomes is None else list(outcomes)
        tables = [one.summary(level, at=at, outcomes=names) for one in self.ensembles.values()]
        return pd.concat(tables, ignore_index=True)

    def differences(
        self,
        outcome: str,
        scenario: str,
        against: str | None = None,
        at: int | None = None,
        region: str = OVERALL,
    ) -> Differences:
        """Return an outcome in a scenario and in the one it is compared with, future by future.

        Futures in which it is undefined in either are left out.
        """
        one, other = self._ensemble(scenario), self._ensemble(against or self.names[0])
        futures = self.futures
        here, there = (
            ensemble.at(outcome, at, region)[np.isin(ensemble.seeds, futures)]
            for ensemble in (one, other)
        )
        defined = np.isfinite(here) & np.isfinite(there)
        return Differences(futures[defined], here[defined], there[defined])

    def paired(
        self,
        outcome: str,
        against: str | None = None,
        at: int | None = None,
        level: float = LEVEL,
        region: str = OVERALL,
    ) -> pd.DataFrame:
        """Return a row for each scenario: its difference from `against`, by default the first.

        n                  : futures that are compared
        mean, low, high    : mean difference and its interval, from Student's t at `level`
        sd                 : standard deviation of the differences
        better             : futures in which it is better, NaN where neither direction is
        higher, equal      : futures in which the outcome is higher, or exactly equal
        correlation        : of both scenarios over the futures
        variance_reduction : 1 - var(difference) / (var + var): what pairing has saved
        distinct           : whether the interval leaves out 0
        needed             : see futures_needed; NaN where distinct
        words              : the same in a sentence
        """
        check_level(level)
        base = against or self.names[0]
        self._ensemble(base)
        direction = find_outcome(outcome).better
        month = int(self._ensemble(base).months[self._ensemble(base)._month(at)])
        rows = []
        for name in self.names:
            if name == base:
                continue
            pair = self.differences(outcome, name, base, at, region)
            keys = {"scenario": name, "against": base, "outcome": outcome}
            place = {"region": region, "month": month}
            rows.append({**keys, **place, **_compared(pair, direction, level)})
        return pd.DataFrame(rows)

    def _ensemble(self, name: str) -> Ensemble:
        if name not in self.ensembles:
            raise InputError(
                f"{shown(name)} is not one of the compared scenarios.{nearest(name, self.names)}"
            )
        return self.ensembles[name]


def compare(
    scenarios: Iterable[Scenario | str | os.PathLike[str]],
    replicates: int = 200,
    workers: int | None = None,
    seed: int = 1,
    *,
    outcomes: Iterable[str] | None = None,
    by_region: bool = False,
    months: int | None = None,
    at: Iterable[int] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Comparison:
    """Run scenarios in the same futures; return the comparison. Arguments as in `simulate`.

    The work goes future by future through all scenarios, so what Ctrl-C leaves is pairs.

    Raises InputError for fewer than two scenarios, two of one name, different worlds or horizons,
    and whatever else is wrong in what was given.
    """
    if isinstance(scenarios, str | os.PathLike | Scenario):
        scenarios = [scenarios]
    loaded = [load(scenario, months) for scenario in scenarios]
    _check_comparable(loaded)
    ensembles = run_ensembles(
        loaded,
        replicates,
        workers,
        seed,
        outcomes=outcomes,
        by_region=by_region,
        at=at,
        progress=progress,
        say=say,
    )
    return Comparison({ensemble.name: ensemble for ensemble in ensembles})


def _check_comparable(scenarios: list[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    if len(names) < 2:
        given = names[0] if names else "nothing"
        raise InputError(f"scenarios is {given}; allowed are two or more to compare.")
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"scenarios has {shown(name)} {names.count(name)} times; allowed is each name "
                f"once. Rename a changed one: .with_(name=...), or another file name."
            )
    first = scenarios[0]
    world = first.world.model_dump()
    for other in scenarios[1:]:
        if other.world is not first.world and other.world.model_dump() != world:
            raise InputError(
                f"scenarios: {other.name} is on the world {other.world_name} and {first.name} on "
                f"{first.world_name}; allowed is one world, as with --world {first.world_name}."
            )
        if other.months != first.months:
            raise InputError(
                f"scenarios: {other.name} has {other.months} months and {first.name} "
                f"{first.months}; allowed is one horizon, as with --months "
                f"{min(other.months, first.months)}."
            )


# --- statistics ------------------------------------------------------------------------------


def _compared(pair: Differences, direction: str, level: float) -> dict[str, object]:
    values = pair.values
    n = int(values.size)
    mean, low, high, sd, _ = (float(number) for number in mean_interval(values, level))
    higher, equal = int((values > 0.0).sum()), int((values == 0.0).sum())
    better: float = math.nan
    if direction:
        better = higher if direction == "higher" else n - equal - higher
    distinct = n > 1 and bool(low > 0.0 or high < 0.0)
    needed = math.nan if distinct or n < 2 else futures_needed(mean, sd, level)
    correlation, reduction = _pairing(pair)
    return {
        "n": n,
        "mean": mean,
        "low": low,
        "high": high,
        "sd": sd,
        "better": better,
        "higher": higher,
        "equal": equal,
        "correlation": correlation,
        "variance_reduction": reduction,
        "distinct": distinct,
        "needed": needed,
        "words": _words(n, mean, low, high, better, equal, distinct, needed),
    }


def _pairing(pair: Differences) -> tuple[float, float]:
    """Return the correlation of both scenarios and the share of variance that pairing has saved.

    NaN where one, or both, do not vary.
    """
    if pair.here.size < 2:
        return math.nan, math.nan
    here, there = float(np.var(pair.here, ddof=1)), float(np.var(pair.there, ddof=1))
    difference = float(np.var(pair.values, ddof=1))
    both = here + there
    reduction = 1.0 - difference / both if both > 0.0 else math.nan
    if here <= 0.0 or there <= 0.0:
        return math.nan, reduction
    return (both - difference) / (2.0 * math.sqrt(here * there)), reduction


def futures_needed(mean: float, sd: float, level: float = LEVEL) -> float:
    """Return how many futures would make the interval's half width as small as the mean.

    The least m with t(m - 1) sd / sqrt(m) < |mean|: were mean and sd as they look now, an interval
    from m futures would leave out 0 with even chances, no better. Infinite for a mean of 0.
    """
    if not abs(mean) > 0.0:
        return math.inf
    if sd == 0.0:
        return 2.0
    ratio = sd / abs(mean)
    few, many = 1.0, 2.0  # the half width shrinks with m: enclose, then halve
    while float(t_quantile(many - 1.0, level)) * ratio >= math.sqrt(many):
        few, many = many, 2.0 * many
        if many > 1e15:
            return math.inf
    while many - few > 1.0:
        middle = math.floor((few + many) / 2.0)
        if float(t_quantile(middle - 1.0, level)) * ratio < math.sqrt(middle):
            many = middle
        else:
            few = middle
    return many


def _words(
    n: int,
    mean: float,
    low: float,
    high: float,
    better: float,
    equal: int,
    distinct: bool,
    needed: float,
) -> str:
    if n < 2:
        return f"{n} shared futures are too few to compare" if n != 1 else "one future says nothing"
    if equal == n:
        return f"no difference in any of {n:,} futures"
    count = "" if math.isnan(better) else f", better in {better:,.0f} of {n:,} futures"
    if distinct:
        return f"{mean:+.3g} ({low:+.3g} to {high:+.3g}){count}"
    if needed > MOST_FUTURES:
        return f"cannot be told apart with {n:,} futures, nor with {MOST_FUTURES:,}{count}"
    about = _two_digits(needed)
    return f"cannot be told apart with {n:,} futures, about {about:,} would be needed{count}"


def _two_digits(number: float) -> int:
    """Return a number rounded up to two digits: a planning figure is no more exact than that."""
    step = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return math.ceil(number / step) * step
