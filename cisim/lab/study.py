"""A study: what a sweep has kept of scenarios × points × replicates, and how it is read.

Whoever analyses asks for one outcome at one time, so that a study of a million runs is never in
memory as a whole. Where the numbers come from, memory or a folder of parts, is `Kept`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cisim.lab.design import Design
from cisim.lab.ensemble import OVERALL, Failure
from cisim.lab.executors import whole_number
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.model.state import Floats
from cisim.world.pictured import Pictured


class Kept(Protocol):
    """What holds the numbers of a study."""

    def runs(self, outcome: str, months: Sequence[int], region: str) -> Floats:
        """Return an outcome, (S, n, r, months), NaN where a run is not finished or undefined."""
        ...


@dataclass(frozen=True, eq=False)
class Study(Pictured):
    """Scenarios over a design.

    scenarios  : (S,) names
    design     : n points
    outcomes   : names that were kept
    months     : (M,) int, months that were kept
    regions    : names, "overall" last
    replicates : r, the most that any point has; replicate k of a point has the same luck in every
                 scenario
    kept       : where the numbers are
    failed     : what is quarantined
    incomplete : whether runs are missing that were asked for
    folder     : where it is on disk, None in memory
    """

    name: str
    scenarios: tuple[str, ...]
    design: Design
    outcomes: tuple[str, ...]
    months: NDArray[np.int64]
    regions: tuple[str, ...]
    replicates: int
    kept: Kept
    failed: tuple[Failure, ...] = ()
    incomplete: bool = False
    folder: Path | None = None

    def runs(self, outcome: str, month: int | None = None, region: str = OVERALL) -> Floats:
        """Return an outcome of every run in one month, by default the last, (S, n, r).

        NaN stands for a run that is not finished, and for an outcome that is undefined.

        Raises InputError if outcome, month or region were not kept.
        """
        return self._read(outcome, [self._month(month)], region)[..., 0]

    def at(self, outcome: str, month: int | None = None, region: str = OVERALL) -> Floats:
        """Return the mean over the replicates of each point, (S, n), NaN where there is none."""
        return mean_of(self.runs(outcome, month, region))

    def over_time(self, outcome: str, region: str = OVERALL) -> Floats:
        """Return the mean over the replicates of each point in every month kept, (S, n, M)."""
        whole = self._read(outcome, self.months.tolist(), region)
        return mean_of(np.moveaxis(whole, 2, -1))

    def _read(self, outcome: str, months: Sequence[int], region: str) -> Floats:
        find_outcome(outcome)
        if outcome not in self.outcomes:
            raise InputError(f"{outcome} was not kept.{nearest(outcome, self.outcomes)}")
        if region not in self.regions:
            raise InputError(f"region {shown(region)} was not kept.{nearest(region, self.regions)}")
        return self.kept.runs(outcome, months, region)

    def _month(self, month: int | None) -> int:
        last = int(self.months[-1])
        number = last if month is None else whole_number("month", month, 0, last)
        if number not in self.months:
            listed = ", ".join(map(str, self.months.tolist()[:12]))
            raise InputError(f"month is {number}, which was not kept; allowed is one of {listed}.")
        return number


@dataclass(frozen=True, eq=False)
class InMemory:
    """The numbers of a small study, and of tests.

    values : (S, n, r, M, G, O)
    """

    outcomes: tuple[str, ...]
    months: tuple[int, ...]
    regions: tuple[str, ...]
    values: Floats

    def runs(self, outcome: str, months: Sequence[int], region: str) -> Floats:
        """Return an outcome, (S, n, r, months)."""
        when = [self.months.index(month) for month in months]
        where, what = self.regions.index(region), self.outcomes.index(outcome)
        return self.values[:, :, :, when, where, what]


def mean_of(values: Floats) -> Floats:
    """Return the mean over the last axis without the NaN."""
    defined = np.isfinite(values)
    count = defined.sum(axis=-1)
    total = np.where(defined, values, 0.0).sum(axis=-1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
