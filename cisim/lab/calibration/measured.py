"""What is measured of a point with a seed: the piece of work of a calibration.

The code of this file is part of the key of each piece (cisim.lab.store.keys): nothing else is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from cisim.lab import indicators
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.state import Floats
from cisim.world.scenario import Scenario

Point = Mapping[str, float]
"""Values of parameters by name."""
INDICATED = ("cisim.lab.indicators", "cisim.lab.sites")
"""What measuring indicators goes through beside this file."""


class Reader(Protocol):
    """Measures a point with a seed.

    columns : names of what it measures
    through : modules of the lab that decide its bits beside this one
    units   : how many partnerships each number is of
    """

    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def through(self) -> tuple[str, ...]: ...
    @property
    def units(self) -> int: ...
    @property
    def origin(self) -> Mapping[str, Any]:
        """Return what beside point and seed decides what is measured, as plain values."""
        ...

    def read(self, point: Point, seed: int) -> Floats:
        """Return a number a column, NaN where it is undefined."""
        ...


class Reading(NamedTuple):
    """An outcome after so many months, of a region or, for "", of all together."""

    outcome: str
    month: int
    region: str = ""

    @property
    def name(self) -> str:
        where = f" in {self.region}" if self.region else ""
        return f"{self.outcome} after {self.month} months{where}"


@dataclass(frozen=True)
class Outcomes:
    """What a scenario's own partnership shows."""

    scenario: Scenario
    readings: tuple[Reading, ...]
    through: tuple[str, ...] = ()
    units: int = 1

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.readings)

    @property
    def origin(self) -> Mapping[str, Any]:
        otherwise_called = {"name", "title", "short", "story", "note", "world_name",
                            "structure_name"}  # fmt: skip
        return {
            "scenario": self.scenario.model_dump(mode="json", exclude=otherwise_called),
            "readings": [list(one) for one in self.readings],
        }

    def read(self, point: Point, seed: int) -> Floats:
        scenario = self.scenario.with_(parameters=dict(point))
        months = sorted({one.month for one in self.readings})
        names = list(dict.fromkeys(one.outcome for one in self.readings))
        model = CollectiveImpactModel(scenario, seed, observe=Asked.of(names, months))
        values = model.run(months[-1]).recorder.values(names)
        regions = [one.name for one in scenario.world.regions]
        return np.array(
            [
                values[one.outcome][
                    months.index(one.month), regions.index(one.region) if one.region else -1
                ]
                for one in self.readings
            ]
        )


@dataclass(frozen=True)
class Indicated:
    """What indicators say, of one population of sites that differ or of shipped scenarios.

    sites : of the population
    """

    columns: tuple[str, ...]
    sites: int
    units: int = 1
    through: tuple[str, ...] = INDICATED

    @property
    def origin(self) -> Mapping[str, Any]:
        return {"indicators": list(self.columns), "sites": self.sites}

    def read(self, point: Point, seed: int) -> Floats:
        found = indicators.measure(point, seed, self.columns, self.sites)
        return np.array([found[name] for name in self.columns])


@dataclass(frozen=True)
class Given:
    """What a function of Python's measures: from a point and a seed to numbers by name.

    said : its text, which decides what it measures
    """

    function: Callable[[Point, int], Mapping[str, float]]
    columns: tuple[str, ...]
    said: str = ""
    through: tuple[str, ...] = ()
    units: int = 1

    @property
    def origin(self) -> Mapping[str, Any]:
        return {"function": self.said, "columns": list(self.columns)}

    def read(self, point: Point, seed: int) -> Floats:
        found = self.function(point, seed)
        return np.array([float(found[name]) for name in self.columns])


class Work(NamedTuple):
    """What a worker needs to know; piece i is what reader i mod R measures at run i div R.

    points : of each run
    seeds  : of each run
    """

    readers: tuple[Reader, ...]
    points: tuple[Point, ...]
    seeds: tuple[int, ...]


def measure(work: Work, piece: int) -> Floats:
    """Return what one reader measures of one point with one seed."""
    run, which = divmod(piece, len(work.readers))
    return work.readers[which].read(work.points[run], work.seeds[run])
