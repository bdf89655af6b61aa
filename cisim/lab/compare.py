"""Paired comparison: scenarios in the same futures, and what differs between them in each.

A seed is a future that all scenarios share, so the difference within a future is free of most of
what chance does to both. Differences are only formed in futures that every scenario has finished.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.bill import FTE_COST
from cisim.lab.each import Followed
from cisim.lab.executors import Progress, Say, whole_number
from cisim.lab.same_money import same_futures
from cisim.lab.scale import Outside
from cisim.lab.simulate import (
    LEVEL,
    OVERALL,
    Ensemble,
    Failure,
    asked_of_each,
    check_level,
    joined,
    load_all,
    mean_interval,
    run_ensembles,
    t_quantile,
)
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.limits import MOST_REPLICATES
from cisim.model.outcomes import find_outcome
from cisim.model.parameters import Parameters
from cisim.model.state import Floats
from cisim.world.policy import Function
from cisim.world.scenario import Scenario

MOST_FUTURES = 1_000_000
"""Beyond this many futures, how many would be needed is not worth a number."""
FIRST_FUTURES = 50
"""So many futures are run before `replicates="auto"` looks at the interval."""
MOST_AUTO = 2_000
"""So many futures `replicates="auto"` runs at most, unless told otherwise."""
PRECISIONS = {"0..1": 0.02, "share": 0.02, "points of 100": 0.05}
"""The half width that is narrow enough, by the outcome's unit, where none is asked for."""


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
        unit = find_outcome(self.outcome).unit
        if not math.isfinite(self.reached):
            return (
                f"Differences of {self.outcome} were wanted to ±{self.wanted:.3g} {unit}; in "
                f"{self.futures:,} futures too few of them are defined."
            )
        reached = f"±{self.reached:.3g} {unit} with {self.futures:,} futures"
        if self.met:
            return (
                f"Differences of {self.outcome} are known to {reached}; ±{self.wanted:.3g} was "
                f"wanted."
            )
        why = f"at most {self.most:,} were allowed"
        why = why if self.futures >= self.most else "it was stopped before"
        return (
            f"Differences of {self.outcome} are known to {reached} only; ±{self.wanted:.3g} was "
            f"wanted, but {why}."
        )


@dataclass(frozen=True, eq=False)
class Comparison:
    """The ensembles of scenarios that have met the same futures, by name and in order.

    precision : what `replicates="auto"` has reached, None where a number was given
    """

    ensembles: Mapping[str, Ensemble]
    precision: Precision | None = None

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
            rows.append({**keys, **place, **_compared(pair, direction, level)})
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


def compare(
    scenarios: Iterable[Scenario | str | os.PathLike[str]],
    replicates: int | Literal["auto"] = 200,
    workers: int | None = None,
    seed: int = 1,
    *,
    outcomes: Iterable[str] | None = None,
    by_region: bool = False,
    by_community: bool = False,
    by_organisation: bool = False,
    months: int | None = None,
    at: Iterable[int] | None = None,
    outcome: str = "wellbeing_gain",
    precision: float | None = None,
    most: int = MOST_AUTO,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Comparison:
    """Run scenarios in the same futures; return the comparison. Arguments as in `simulate`.

    The work goes future by future through all scenarios, so what Ctrl-C leaves is pairs.

    replicates "auto" adds futures until the 90 % interval of every difference from the first
    scenario, in `outcome` at the horizon, reaches at most `precision` to either side, and stops at
    `most` of them. `Comparison.precision` says what was reached. An interval that is looked at
    again and again is a little too narrow, so it is looked at as seldom as can be.

    A policy acts in every scenario; one scenario alone is compared with itself without the policy.
    Others are mixed by Scenario.with_policy.

    Raises InputError for fewer than two scenarios, two of one name, different worlds or horizons,
    and whatever else is wrong in what was given.
    """
    loaded = same_futures(
        load_all(scenarios, months, policy, policy_parameters, beside_itself=True)
    )
    _check_comparable(loaded)
    kept = None if outcomes is None else [outcomes] if isinstance(outcomes, str) else list(outcomes)
    days = at if at is None or isinstance(at, int) else list(at)

    def run(count: int, first: int, progress: Progress | None) -> Comparison:
        ensembles = run_ensembles(
            loaded,
            count,
            workers,
            first,
            outcomes=kept,
            by_region=by_region,
            each=asked_of_each(by_community, by_organisation),
            at=days,
            progress=progress,
            say=say,
        )
        return Comparison({ensemble.name: ensemble for ensemble in ensembles})

    if replicates == "auto":
        wanted = _wanted(outcome, precision, kept)
        most = whole_number("most", most, 2, MOST_REPLICATES)
        return _grow(run, seed, outcome, wanted, most, len(loaded), progress)
    if isinstance(replicates, str):
        raise InputError(f"replicates is {shown(replicates)}; allowed is a whole number or auto.")
    return run(replicates, seed, progress)


def _wanted(outcome: str, precision: float | None, kept: list[str] | None) -> float:
    """Return the half width that is wanted; raises InputError if it, or the outcome, is wrong."""
    unit = find_outcome(outcome).unit
    if kept is not None and outcome not in kept:
        raise InputError(
            f"outcome is {outcome}, which is not among the outcomes that are kept."
            f"{nearest(outcome, kept)}"
        )
    if precision is None:
        if unit not in PRECISIONS:
            raise InputError(
                f"precision is missing; replicates auto needs one for {outcome}: a number above 0 "
                f"({unit})."
            )
        return PRECISIONS[unit]
    if isinstance(precision, bool) or not isinstance(precision, int | float):
        raise InputError(f"precision is {shown(precision)}; allowed is a number above 0 ({unit}).")
    if not 0.0 < precision < math.inf:
        raise InputError(f"precision is {precision:g}; allowed is a number above 0 ({unit}).")
    return float(precision)


def _grow(
    run: Callable[[int, int, Progress | None], Comparison],
    seed: int,
    outcome: str,
    wanted: float,
    most: int,
    scenarios: int,
    progress: Progress | None,
) -> Comparison:
    """Return a comparison of as many futures as the precision takes, or `most` of them."""
    whole: Comparison | None = None
    done, count = 0, min(FIRST_FUTURES, most)
    while True:
        before = done * scenarios

        def tell(now: int, total: int, before: int = before) -> None:
            if progress is not None:
                progress(before + now, before + total)

        part = run(count, seed + done, tell)
        whole = part if whole is None else join(whole, part)
        done += count
        reached = whole.half_width(outcome)
        if reached <= wanted or done >= most or whole.incomplete or not whole.futures.size:
            break
        count = _more(whole, outcome, wanted, done, most)
    futures = int(whole.futures.size)
    return replace(whole, precision=Precision(outcome, wanted, reached, futures, most))


def _more(whole: Comparison, outcome: str, wanted: float, done: int, most: int) -> int:
    """Return how many futures to add: a tenth more than the spread so far calls for."""
    spread = whole.paired(outcome)["sd"].to_numpy(np.float64)
    spread = spread[np.isfinite(spread)]
    needed = 2.0 * done
    if spread.size:
        needed = min(1.1 * futures_needed(wanted, float(spread.max())), 10.0 * done)
    return int(min(max(math.ceil(needed), done + 10), most) - done)


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


def at_values(
    comparison: Comparison,
    parameter: str,
    values: Iterable[float],
    replicates: int = 40,
    workers: int | None = None,
    *,
    outcomes: Iterable[str] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
) -> dict[float, Comparison]:
    """Return the same comparison at other values of one parameter, in the same futures.

    Where every scenario has a value already, the comparison itself is returned. Others have as
    many futures as `replicates` says, but no more than the comparison.

    Raises InputError if there is no such parameter or a value is outside its bounds.
    """
    scenarios = [ensemble.scenario for ensemble in comparison.ensembles.values()]
    if parameter not in Parameters.model_fields:
        raise InputError(
            f"{shown(parameter)} is not a parameter.{nearest(parameter, Parameters.model_fields)}"
        )
    kept = None if outcomes is None else list(outcomes)
    count = min(replicates, max(1, *(one.asked for one in comparison.ensembles.values())))
    first = next(iter(comparison.ensembles.values())).first_seed
    changed = {float(value): [one.set({parameter: value}) for one in scenarios] for value in values}
    others = {value: new for value, new in changed.items() if new != scenarios}
    total = count * len(scenarios) * len(others)
    found: dict[float, Comparison] = {}
    for place, (value, new) in enumerate(others.items()):
        before = place * count * len(scenarios)

        def tell(now: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + now, total)

        found[value] = compare(new, count, workers, first, outcomes=kept, progress=tell, say=say)
        if found[value].incomplete:
            break
    return {value: found.get(value, comparison) for value in changed
            if value in found or value not in others}  # fmt: skip


def check_goals(goals: Mapping[str, object]) -> dict[str, float]:
    """Return goals, outcome -> value; raises InputError if one can never be reached or missed."""
    checked: dict[str, float] = {}
    for name, value in goals.items():
        outcome = find_outcome(name)
        low, high = outcome.bounds
        if not outcome.better:
            raise InputError(
                f"goal of {name} has no direction: neither higher nor lower is better there. "
                f"Outcomes that have one: cisim list outcomes."
            )
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type,operator]
            raise InputError(
                f"goal of {name} is {shown(value)}; allowed is {_range(low, high)} "
                f"({outcome.unit})."
            )
        checked[name] = float(value)  # type: ignore[arg-type]
    return checked


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "a finite number"
    if math.isinf(high):
        return f"a number of at least {low:g}"
    if math.isinf(low):
        return f"a number of at most {high:g}"
    return f"a number from {low:g} to {high:g}"


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
    about = two_digits(needed)
    return f"cannot be told apart with {n:,} futures, about {about:,} would be needed{count}"


def two_digits(number: float) -> int:
    """Return a number rounded up to two digits: a planning figure is no more exact than that."""
    step = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return math.ceil(number / step) * step
