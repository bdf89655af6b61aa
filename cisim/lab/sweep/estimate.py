"""How many runs a sweep has, how long they take and how large they are, before it is begun."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cisim.lab.designs import MOST_POINTS
from cisim.lab.executors import Say
from cisim.lab.factors import Space
from cisim.lab.store import Store
from cisim.lab.sweep.experiment import Experiment, Growing
from cisim.lab.sweep.folder import layout_of
from cisim.lab.sweep.identity import identify, run_key
from cisim.lab.sweep.piece import Work, run_piece
from cisim.lab.warm import warm
from cisim.model.input_error import InputError
from cisim.model.told import Sentences, Written

MANY_RUNS = 1_000_000
LONG = 24.0 * 3600.0
"""A sweep of more runs, or of more seconds, is asked for twice."""
_SHORT = 0.5
_TIMES = ((365.25 * 86400, "years"), (86400, "days"), (3600, "hours"), (60, "minutes"))
SAYS = Sentences(
    "lasting",
    years="about {many} years",
    days="about {many} days",
    hours="about {many} h",
    minutes="about {many} min",
    seconds="about {many} s",
    there=", {there:,} of which are there",
    at_most="at most ",
    one_processor="1 processor",
    runs=(
        "{runs} runs{there}: {most}{time} on {on} (a run took {each:,.1f} ms) and {most}{size} "
        "on disk."
    ),
    size="about {size:,.1f} {unit}",
    kilobytes="about {size:,.0f} kB",
    processors="{n} processors",
    span="{low:,} to {high:,}",
    many="{n:,}",
)
_KEY_BYTES, _ROW_BYTES = 40.0, 6.0


class Estimate(NamedTuple):
    """What a sweep would take.

    least, runs : how many there are at least and at most; they differ where replicates grow
    there       : how many of them the folder has
    each        : seconds of one run on one processor, measured
    seconds     : of what is missing at most, on so many workers
    bytes       : on disk, of all
    """

    least: int
    runs: int
    there: int
    each: float
    workers: int
    seconds: float
    bytes: float

    @property
    def large(self) -> bool:
        """Return whether it should be asked for twice."""
        return self.runs - self.there > MANY_RUNS or self.seconds > LONG

    @property
    def words(self) -> str:
        """Return it in a sentence."""
        runs = (
            SAYS("many", n=self.runs)
            if self.least == self.runs
            else SAYS("span", low=self.least, high=self.runs)
        )
        there = SAYS("there", there=self.there) if self.there else ""
        most = "" if self.least == self.runs else SAYS("at_most")
        on = SAYS("one_processor") if self.workers == 1 else SAYS("processors", n=self.workers)
        return SAYS(
            "runs",
            runs=runs,
            there=there,
            most=most,
            time=lasting(self.seconds),
            on=on,
            each=1000.0 * self.each,
            size=sized(self.bytes),
        )


def estimate(
    experiment: Experiment,
    workers: int = 1,
    folder: Path | None = None,
    say: Say | None = None,
) -> Estimate:
    """Return what an experiment would take; of its scenarios as they are one future is run.

    workers : processes, that are thought to share the work evenly
    folder  : of an earlier sweep, whose runs need not be done again
    """
    warm(say, always=True)
    scenarios, grows = experiment.scenarios, experiment.replicates
    layout = layout_of(experiment, folder)
    work = Work(
        scenarios,
        Space(()),
        np.empty((1, 0)),
        1,
        experiment.seed,
        layout.outcomes,
        np.array(layout.months, np.int64),
        layout.by_region,
    )
    took: list[float] = []
    while not took or (len(took) < 4 and sum(took) < _SHORT):
        began = time.perf_counter()
        run_piece(work, work.index(0, work.all_wanted))
        took.append(time.perf_counter() - began)
    each = min(took) / len(scenarios)
    runs = experiment.runs
    least = runs
    if isinstance(grows, Growing):
        least = experiment.plan.size * grows.at_least * len(scenarios)
    there = _there(experiment, folder, layout.columns, layout.kind) if folder is not None else 0
    rows = len(layout.months) * len(layout.regions)
    size = _KEY_BYTES + rows * (_ROW_BYTES + 8.0 * len(layout.outcomes))
    seconds = each * max(0, runs - there) / workers
    return Estimate(least, runs, there, each, workers, seconds, runs * size)


def _there(experiment: Experiment, folder: Path, columns: dict[str, str], kind: str) -> int:
    """Return how many runs a folder has."""
    if not (folder / "parts").is_dir() or experiment.plan.size > MOST_POINTS:
        return 0
    try:
        store = Store.reading(folder, columns=list(columns), kind=kind)
    except InputError:
        return 0  # none was finished, or outcomes have been added
    names = identify(experiment, experiment.plan.build()).names
    found = 0
    for replicate in range(experiment.most_replicates):
        seed = experiment.seed + replicate
        some = int(store.has([run_key(one, seed) for one in names.reshape(-1)]).sum())
        found += some
        if not some:
            break
    return found


def lasting(seconds: float) -> str:
    """Return a time for people: "40 s", "25 min", "3.1 h", "12 days", "8 years"."""
    for size, unit in _TIMES:
        if seconds >= 2 * size:
            value = seconds / size
            return SAYS(unit, many=Written(f"{value:,.0f}" if value >= 10 else f"{value:,.1f}"))
    return SAYS("seconds", many=Written(f"{max(1.0, seconds):,.0f}"))


def sized(many: float) -> str:
    """Return a size for people: "3 MB"."""
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if many >= size:
            return SAYS("size", size=many / size, unit=unit)
    return SAYS("kilobytes", size=max(1.0, many / 1000.0))
