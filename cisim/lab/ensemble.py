"""An ensemble: what the replicates of one scenario have shown, and the statistics of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.bill import FTE_COST, bill
from cisim.lab.each import Followed
from cisim.lab.executors import whole_number
from cisim.lab.scale import Outside, outside
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.model.outcomes.each import Of
from cisim.model.parameters import Parameters
from cisim.model.state import Floats
from cisim.world.pictured import Pictured
from cisim.world.scenario import Scenario

OVERALL = "overall"
LEVEL = 0.9
QUANTILES = (0.05, 0.5, 0.95)


class Failure(NamedTuple):
    """A replicate that is quarantined: which, why in one line, and the line that lives it again."""

    scenario: str
    replicate: int
    seed: int
    reason: str
    again: str = ""


@dataclass(frozen=True, eq=False)
class Ensemble(Pictured):
    """What all replicates of one scenario have shown.

    outcomes   : (O,) names, the last axis of `values`
    months     : (M,) int, months that were kept
    regions    : (S,) names, "overall" last; only that one unless regions were asked for
    replicates : (n,) int, numbers of those that finished, ascending; replicate k has seed
                 first_seed + k
    values     : (n, M, S, O) float, NaN where an outcome is undefined
    books      : (n, Y, S, Q + 3) float, FTE-years that each payer paid in each year, then what
                 members gave of their own time; see `bill`. None where they were not kept
    asked      : how many replicates were wanted
    failed     : those that are quarantined
    incomplete : whether it was stopped before the end
    communities, organisations : what was seen of each, where that was asked for
    """

    scenario: Scenario
    outcomes: tuple[str, ...]
    months: NDArray[np.int64]
    regions: tuple[str, ...]
    first_seed: int
    replicates: NDArray[np.int64]
    values: Floats
    asked: int
    failed: tuple[Failure, ...] = ()
    incomplete: bool = False
    books: Floats | None = None
    communities: Followed | None = None
    organisations: Followed | None = None

    def __repr__(self) -> str:
        many = len(self.replicates)
        return f"<Ensemble {self.name}: {many:,} futures from seed {self.first_seed}>"

    def bill(
        self,
        fte_cost: float = FTE_COST,
        *,
        by_replicate: bool = False,
        by_region: bool = False,
    ) -> pd.DataFrame:
        """Return who pays what in which year: a row for each payer and year.

        Columns as in `cisim.lab.bill.bill`.
        """
        return bill(self, fte_cost, by_replicate=by_replicate, by_region=by_region)

    @property
    def name(self) -> str:
        """Return the scenario's name."""
        return self.scenario.name

    @property
    def seeds(self) -> NDArray[np.int64]:
        """Return the seeds of the replicates that finished, (n,)."""
        return self.replicates + self.first_seed

    def parameter(self, name: str) -> Floats:
        """Return a parameter in every replicate that finished, (n,): its own or what it believes.

        Raises InputError if there is no such parameter.
        """
        if name not in Parameters.model_fields:
            raise InputError(
                f"{shown(name)} is not a parameter.{nearest(name, Parameters.model_fields)}"
            )
        beliefs = self.scenario.beliefs
        if beliefs is None or name in self.scenario.held or name not in beliefs.names:
            value = float(getattr(self.scenario.parameters, name))
            return np.full(self.replicates.size, value)
        return beliefs.values(self.seeds)[:, beliefs.names.index(name)]

    @cached_property
    def outside(self) -> tuple[Outside, ...]:
        """Return which outcomes left their scale, and in how many futures; none is as it should."""
        return tuple(outside(self.name, self.outcomes, self.values))

    @cached_property
    def series(self) -> pd.DataFrame:
        """Return everything as a tidy table: scenario, replicate, month, region, outcomes.

        Where the world has a start, a date ("2027-07") follows the month.
        """
        n, months, regions, outcomes = self.values.shape
        frame = pd.DataFrame(self.values.reshape(-1, outcomes), columns=list(self.outcomes))
        frame.insert(0, "scenario", self.name)
        frame.insert(1, "replicate", np.repeat(self.replicates, months * regions))
        frame.insert(2, "month", np.tile(np.repeat(self.months, regions), n))
        frame.insert(3, "region", list(self.regions) * (n * months))
        return self._dated(frame)

    def _dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table with a date after each month, where the world has a start."""
        calendar = self.scenario.calendar
        if calendar.dated:
            place = list(frame.columns).index("month") + 1
            written = {month: calendar.written(month) for month in self.months.tolist()}
            frame.insert(place, "date", frame["month"].map(written))
        return frame

    def by_community(self) -> pd.DataFrame:
        """Return each community as a tidy table: scenario, replicate, month, region, community.

        Months are full years and the horizon; children, deprivation and outcomes follow.

        Raises InputError if communities were not asked for.
        """
        return self._each("community", self.communities)

    def by_organisation(self) -> pd.DataFrame:
        """Return each organisation at the horizon, a tidy table with region and organisation.

        Months of membership, time and effort are those since month 0.

        Raises InputError if organisations were not asked for.
        """
        return self._each("organisation", self.organisations)

    def _each(self, of: Of, seen: Followed | None) -> pd.DataFrame:
        if seen is None:
            raise InputError(
                f"{self.name} was run without what each {of} shows; ask for it by by_{of}=True."
            )
        return seen.table(self.name, self.replicates)

    def at(self, outcome: str, month: int | None = None, region: str = OVERALL) -> Floats:
        """Return an outcome of every replicate in one month, by default the last, (n,).

        Raises InputError if outcome, month or region were not kept.
        """
        return self.values[:, self._month(month), self._region(region), self._outcome(outcome)]

    def summary(
        self,
        level: float = LEVEL,
        *,
        at: int | None = None,
        outcomes: Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Return a row for each outcome, region and month: each full year and the horizon, or `at`.

        mean, low, high : mean over replicates and its interval, from Student's t at `level`
        sd              : standard deviation between replicates
        q05, q50, q95   : between which nine of ten replicates lie, and the middle
        n, failed       : replicates in which the outcome is defined, and that are quarantined

        Where the world has a start, a date ("2027-07") follows the month.
        """
        check_level(level)
        rows = self.yearly() if at is None else [self._month(at)]
        columns = [
            self._outcome(name) for name in (self.outcomes if outcomes is None else outcomes)
        ]
        values = self.values[:, rows][..., columns]  # (n, months, regions, outcomes)
        shape = values.shape[1:]
        mean, low, high, sd, count = mean_interval(values, level)
        quantiles = _quantiles(values, QUANTILES)
        order = (2, 1, 0)  # outcome by outcome, region by region, month by month
        names = np.array([self.outcomes[column] for column in columns], object)
        keys = {
            "outcome": np.broadcast_to(names[None, None, :], shape),
            "region": np.broadcast_to(np.array(self.regions, object)[None, :, None], shape),
            "month": np.broadcast_to(self.months[rows][:, None, None], shape),
        }
        numbers = {"mean": mean, "low": low, "high": high, "sd": sd}
        for q, found in zip(QUANTILES, quantiles, strict=True):
            numbers[f"q{round(100 * q):02d}"] = found
        frame = pd.DataFrame(
            {
                key: np.transpose(column, order).reshape(-1)
                for key, column in {**keys, **numbers, "n": count}.items()
            }
        )
        frame["failed"] = len(self.failed)
        frame.insert(0, "scenario", self.name)
        return self._dated(frame)

    @property
    def failed_futures(self) -> int:
        """Return how many replicates are left out because they are quarantined."""
        return len(self.failed)

    def quantiles(
        self, outcome: str, levels: Sequence[float] = QUANTILES, region: str = OVERALL
    ) -> pd.DataFrame:
        """Return month × quantile of an outcome over the replicates, as a band chart shows it."""
        for one in levels:
            if not 0.0 <= one <= 1.0:
                raise InputError(f"levels has {shown(one)}; allowed is a number from 0 to 1.")
        values = self.values[:, :, self._region(region), self._outcome(outcome)]
        found = _quantiles(values, levels)
        index = pd.Index(self.months, name="month")
        return pd.DataFrame(found.T, index=index, columns=pd.Index(levels, name="quantile"))

    def yearly(self) -> list[int]:
        """Return the places in `months` of each full year and of the last month."""
        last = self.months.size - 1
        return [
            m for m, month in enumerate(self.months) if m == last or (month and month % 12 == 0)
        ]

    def _outcome(self, name: str) -> int:
        find_outcome(name)
        if name not in self.outcomes:
            raise InputError(f"{name} was not kept.{nearest(name, self.outcomes)}")
        return self.outcomes.index(name)

    def _region(self, name: str) -> int:
        if name not in self.regions:
            raise InputError(f"region {shown(name)} was not kept.{nearest(name, self.regions)}")
        return self.regions.index(name)

    def _month(self, month: int | None) -> int:
        if month is None:
            return int(self.months.size - 1)
        number = whole_number("at", month, 0, int(self.months[-1]))
        found = np.flatnonzero(self.months == number)
        if not found.size:
            raise InputError(f"at is {number}, a month that was not kept.")
        return int(found[0])


def joined(books: Floats | None, more: Floats | None) -> Floats | None:
    """Return the books of two parts of an ensemble as one; None where either has none."""
    return None if books is None or more is None else np.concatenate([books, more])


# --- statistics ------------------------------------------------------------------------------


def check_level(level: object) -> None:
    """Raise InputError unless `level` is the level of an interval."""
    if not isinstance(level, float) or not 0.0 < level < 1.0:
        raise InputError(f"level is {shown(level)}; allowed is a number above 0 and below 1.")


def t_quantile(freedom: Any, level: float) -> Any:
    """Return how many standard errors a two-sided interval of `level` reaches to either side.

    freedom : degrees of freedom, n - 1; NaN comes back where that is 0 or less
    """
    from scipy.special import stdtrit  # scipy.stats takes a second to import

    freedom = np.asarray(freedom, np.float64)
    enough = freedom > 0.0
    return np.where(enough, stdtrit(np.where(enough, freedom, 1.0), 0.5 + 0.5 * level), np.nan)


class Interval(NamedTuple):
    """Mean, its interval, standard deviation and how many there were, each of the same shape."""

    mean: Any
    low: Any
    high: Any
    sd: Any
    n: Any


def mean_interval(values: Floats, level: float = LEVEL) -> Interval:
    """Return the mean over the first axis with its interval from Student's t, without the NaN."""
    defined = np.isfinite(values)
    count = defined.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(defined, values, 0.0).sum(axis=0) / np.where(count, count, np.nan)
        away = np.where(defined, values - mean, 0.0)
        sd = np.sqrt((away * away).sum(axis=0) / np.where(count > 1, count - 1.0, np.nan))
        half = t_quantile(count - 1, level) * sd / np.sqrt(count)
    return Interval(mean, mean - half, mean + half, sd, count)


def _quantiles(values: Floats, levels: Sequence[float]) -> Floats:
    """Return quantiles over the first axis without the NaN, (levels, ...)."""
    flat = values.reshape(values.shape[0], math.prod(values.shape[1:]))
    found = np.full((len(levels), flat.shape[1]), np.nan)
    whole = np.isfinite(flat).all(axis=0) & (flat.shape[0] > 0)
    if whole.any():
        found[:, whole] = np.quantile(flat[:, whole], levels, axis=0)
    for column in np.flatnonzero(~whole):
        some = flat[np.isfinite(flat[:, column]), column]
        if some.size:
            found[:, column] = np.quantile(some, levels)
    return found.reshape(len(levels), *values.shape[1:])
