"""A comparison: scenarios that have met the same futures, and what differs between them in each.

A seed is a future that all scenarios share, so the difference within a future is free of most of
what chance does to both. Differences are only formed in futures that every scenario has finished.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.bill import FTE_COST
from cisim.lab.each import Followed
from cisim.lab.ensemble import (
    LEVEL,
    OVERALL,
    Ensemble,
    Failure,
    check_level,
    joined,
    mean_interval,
    t_quantile,
)
from cisim.lab.scale import Outside
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.model.state import Floats
from cisim.model.told import Named, Sentences
from cisim.world.pictured import Pictured

PRECISION = Sentences(
    "precision",
    undefined="Differences of {outcome} were wanted to ±{wanted:.3g} {unit}; in {n:,} futures too "
    "few of them are defined.",
    met="Differences of {outcome} are known to ±{reached:.3g} {unit} with {n:,} futures; "
    "±{wanted:.3g} was wanted.",
    most="Differences of {outcome} are known to ±{reached:.3g} {unit} with {n:,} futures only; "
    "±{wanted:.3g} was wanted, but at most {most:,} were allowed.",
    stopped="Differences of {outcome} are known to ±{reached:.3g} {unit} with {n:,} futures only; "
    "±{wanted:.3g} was wanted, but it was stopped before.",
)
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


class Precision(NamedTuple):
    """How narrow the intervals of an outcome's differences were wanted, and have become.

    wanted, reached : half width of the widest interval, in the outcome's unit
    futures, most   : how many were run, and how many were allowed
    """

    outcome: str
    wanted: float
    reached: float
    futures: int
    most: int

    @property
    def met(self) -> bool:
        """Return whether every interval is as narrow as wanted."""
        return self.reached <= self.wanted

    @property
    def words(self) -> str:
        """Return it in a sentence."""
        unit = Named(find_outcome(self.outcome).unit, "units")
        said = {"outcome": self.outcome, "wanted": self.wanted, "unit": unit, "n": self.futures}
        if not math.isfinite(self.reached):
            return PRECISION("undefined", **said)
        if self.met:
            return PRECISION("met", **said, reached=self.reached)
        if self.futures >= self.most:
            return PRECISION("most", **said, reached=self.reached, most=self.most)
        return PRECISION("stopped", **said, reached=self.reached)


@dataclass(frozen=True, eq=False)
class Comparison(Pictured):
    """The ensembles of scenarios that have met the same futures, by name and in order.

    precision : what `replicates="auto"` has reached, None where a number was given
    """

    ensembles: Mapping[str, Ensemble]
    precision: Precision | None = None

    def __repr__(self) -> str:
        return f"<Comparison {', '.join(self.names)}: {self.futures.size:,} shared futures>"

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
    def failed_futures(self) -> int:
        """Return how many futures are left out because a run of them is quarantined."""
        return len({one.seed for one in self.failed})

    @property
    def outside(self) -> tuple[Outside, ...]:
        """Return which outcomes left their scale, scenario by scenario."""
        return tuple(one for ensemble in self.ensembles.values() for one in ensemble.outside)

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

    def by_community(self) -> pd.DataFrame:
        """Return each community of every scenario as one tidy table, see Ensemble.by_community."""
        return pd.concat([one.by_community() for one in self.ensembles.values()], ignore_index=True)

    def by_organisation(self) -> pd.DataFrame:
        """Return each organisation of every scenario as one tidy table."""
        tables = [one.by_organisation() for one in self.ensembles.values()]
        return pd.concat(tables, ignore_index=True)

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

    def bill(
        self,
        fte_cost: float = FTE_COST,
        *,
        by_replicate: bool = False,
        by_region: bool = False,
    ) -> pd.DataFrame:
        """Return who pays what in which year, scenario by scenario, over the shared futures.

        Columns as in `cisim.lab.bill.bill`.
        """
        futures = self.futures
        bills = []
        for one in self.ensembles.values():
            shared = np.isin(one.seeds, futures)
            books = None if one.books is None else one.books[shared]
            same = replace(one, replicates=one.replicates[shared], books=books)
            bills.append(same.bill(fte_cost, by_replicate=by_replicate, by_region=by_region))
        return pd.concat(bills, ignore_index=True)

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

        n, failed          : futures that are compared, and that are left out as a run of either
                             is quarantined
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
        base = self.checked_name(against)
        direction = find_outcome(outcome).better
        month = int(self._ensemble(base).months[self._ensemble(base)._month(at)])
        rows = []
        for name in self.names:
            if name == base:
                continue
            pair = self.differences(outcome, name, base, at, region)
            keys = {"scenario": name, "against": base, "outcome": outcome}
            place = {"region": region, "month": month}
            compared = _compared(pair, direction, level)
            failed = {one.seed for one in self.failed if one.scenario in (name, base)}
            rows.append({**keys, **place, "n": compared["n"], "failed": len(failed), **compared})
        return pd.DataFrame(rows)

    def half_width(self, outcome: str, level: float = LEVEL) -> float:
        """Return the half width of the widest interval of an outcome's differences at the horizon.

        Differences are from the first scenario; infinite where fewer than two are defined.
        """
        table = self.paired(outcome, level=level)
        widths = ((table["high"] - table["low"]) / 2.0).to_numpy(np.float64)
        return float(np.where(np.isfinite(widths), widths, np.inf).max())

    def checked_name(self, against: str | None) -> str:
        """Return the scenario that others are compared with: the first if None is given.

        Raises InputError, with the nearest name, if there is none of that name.
        """
        return self._ensemble(against or self.names[0]).name

    def _ensemble(self, name: str) -> Ensemble:
        if name not in self.ensembles:
            raise InputError(
                f"{shown(name)} is not one of the compared scenarios.{nearest(name, self.names)}"
            )
        return self.ensembles[name]


def join(one: Comparison, other: Comparison) -> Comparison:
    """Return two comparisons of the same scenarios in different futures as one.

    The futures of `other` come after those of `one`, as if they had been run with them.

    Raises InputError if scenarios, outcomes, months or regions differ, or a future is in both.
    """
    if one.names != other.names:
        raise InputError("comparisons of different scenarios cannot be joined; allowed are equals.")
    return Comparison(
        {name: _join(one.ensembles[name], other.ensembles[name]) for name in one.names}
    )


def _join(one: Ensemble, other: Ensemble) -> Ensemble:
    same = (
        one.outcomes == other.outcomes
        and np.array_equal(one.months, other.months)
        and one.regions == other.regions
        and one.scenario == other.scenario
    )
    if not same:
        raise InputError(
            f"two comparisons cannot be joined: in {one.name} the scenario, outcomes, months or "
            f"regions differ; allowed are equals."
        )
    later = other.first_seed - one.first_seed
    if later < one.asked:
        raise InputError(
            f"two comparisons cannot be joined: the second begins with seed {other.first_seed}; "
            f"allowed is {one.first_seed + one.asked} or later."
        )
    failed = [one._replace(replicate=one.replicate + later) for one in other.failed]
    return replace(
        one,
        replicates=np.concatenate([one.replicates, other.replicates + later]),
        values=np.concatenate([one.values, other.values]),
        books=joined(one.books, other.books),
        asked=later + other.asked,
        failed=(*one.failed, *failed),
        incomplete=one.incomplete or other.incomplete,
        communities=_joined(one.communities, other.communities),
        organisations=_joined(one.organisations, other.organisations),
    )


def _joined(one: Followed | None, other: Followed | None) -> Followed | None:
    return None if one is None or other is None else one.and_then(other)


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
    about = two_digits(needed)
    return f"cannot be told apart with {n:,} futures, about {about:,} would be needed{count}"


def two_digits(number: float) -> int:
    """Return a number rounded up to two digits: a planning figure is no more exact than that."""
    step = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return math.ceil(number / step) * step
