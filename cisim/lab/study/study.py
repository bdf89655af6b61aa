"""A study: what a sweep has kept of scenarios × points × replicates, and how it is read.

Whoever analyses asks for one outcome at one time, so that a study of a million runs is never in
memory as a whole. Where the numbers come from, memory or a folder of parts, is `Kept`'s business.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
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
    asked, there : runs that were wanted of it, and that are finished
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
    asked: int = 0
    there: int = 0

    def __repr__(self) -> str:
        points, each = len(self.design), self.replicates
        return f"<Study {self.name}: {', '.join(self.scenarios)} at {points:,} points × {each}>"

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

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Study:
        """Return the study of a folder; its runs stay on disk until they are asked for.

        Raises InputError if there is none.
        """
        from cisim.lab.study.folder import load_study

        return load_study(folder)

    def series(
        self,
        outcomes: Sequence[str] | None = None,
        *,
        months: Sequence[int] | None = None,
        scenarios: Sequence[str] | None = None,
        region: str = OVERALL,
        joined: bool = True,
    ) -> pd.DataFrame:
        """Return a tidy table: scenario, point, replicate, month, region, what is varied, outcomes.

        outcomes, months, scenarios : those that are wanted; None for all that were kept
        joined                      : whether the columns of the design stand in it

        A run that is not finished has no row.

        Raises InputError if something was not kept.
        """
        names = self.outcomes if outcomes is None else tuple(outcomes)
        when = self.months.tolist() if months is None else [self._month(one) for one in months]
        wanted = list(self.scenarios if scenarios is None else scenarios)
        for name in wanted:
            if name not in self.scenarios:
                near = nearest(name, self.scenarios)
                raise InputError(f"scenario {shown(name)} was not kept.{near}")
        which = [self.scenarios.index(name) for name in wanted]
        read = {name: self._read(name, when, region)[which] for name in names}
        there = np.any([np.isfinite(values) for values in read.values()], axis=0)
        s, point, replicate, month = np.nonzero(there)
        frame = pd.DataFrame(
            {
                "scenario": np.array(wanted, object)[s],
                "point": point,
                "replicate": replicate,
                "month": np.array(when)[month],
                "region": region,
            }
        )
        if joined and self.design.names:
            varied = self.design.table().drop(columns="point").iloc[point].reset_index(drop=True)
            frame = pd.concat([frame, varied], axis=1)
        values = {name: one[there] for name, one in read.items()}
        return pd.concat([frame, pd.DataFrame(values)], axis=1)

    def table(self, month: int | None = None, region: str = OVERALL) -> pd.DataFrame:
        """Return `series` of one month, by default the last, with all outcomes.

        Raises InputError if month or region were not kept.
        """
        return self.series(months=[self._month(month)], region=region)

    def digest(self) -> str:
        """Return a hash of all numbers, which no order, worker or interruption changes."""
        found = hashlib.sha256()
        for region in self.regions:
            for outcome in self.outcomes:
                found.update(f"{region} {outcome} {self.months.tolist()}".encode())
                values = self._read(outcome, self.months.tolist(), region)
                found.update(np.ascontiguousarray(values).tobytes())
        return found.hexdigest()[:16]

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
