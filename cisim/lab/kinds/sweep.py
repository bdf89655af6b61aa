"""A study: what it needs is in files beside its manifest, and its runs are in parts.

Where a run stands in parts is an accident, so of these the numbers are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cisim.lab.executors import execute, executor_of
from cisim.lab.kinds.kind import (
    STOPPED,
    How,
    Looked,
    RunAgain,
    Sample,
    both,
    changed_parts,
    fails_again,
)
from cisim.lab.results import PARTS
from cisim.lab.same_files import DIFFERS, SAME
from cisim.lab.study import Study
from cisim.lab.study.folder import EXPERIMENT, load_study
from cisim.lab.sweep.experiment import Experiment
from cisim.lab.sweep.folder import load_experiment, named_policy
from cisim.lab.written import Written
from cisim.model.state import Floats
from cisim.model.told import Sentences

SAYS = Sentences(
    "sweep_again",
    point_of="{name}, point {point}",
    point="point {point}",
    outcome="{outcome} in month {month}, {region}: {both}",
)


class Sweep:
    """The kind of a study."""

    def load(self, written: Written) -> Study:
        """Return the study; its runs stay on disk until they are asked for."""
        return load_study(written.folder)

    def again(self, written: Written, folder: Path, how: How) -> Mapping[str, str] | None:
        """Run it again from its folder to its end; every run that had been finished is compared.

        What was asked for is written out in the new folder, so that file is another.
        """
        earlier = load_study(written.folder)
        study = _experiment(written, how).run(
            folder,
            None if how.executor is not None else how.workers,
            how.executor,
            progress=how.progress,
            say=how.say,
            command=str(written.manifest["command"]),
        )
        if study.incomplete:
            return None
        return {PARTS: SAME if _same_runs(earlier, study) else DIFFERS, EXPERIMENT: ""}

    def look(self, written: Written, files: Mapping[str, str], sample: Sample, how: How) -> Looked:
        """Look at the parts, and live some points in some futures again."""
        states = changed_parts(written.folder)
        study = load_study(written.folder)
        every = [
            (str(point), replicate)
            for point in range(len(study.design))
            for replicate in range(study.replicates)
        ]
        count = len(every) * len(study.scenarios)
        chosen = [(int(point), replicate) for point, replicate in sample.of(every)]
        kept = _kept(study, chosen)
        places = [one for one in chosen if np.isfinite(kept[one]).any()]
        if not places:
            return Looked(states, (), count)
        experiment = _experiment(written, how)
        runs: list[RunAgain] = []

        def label(s: int, point: int) -> str:
            name = study.scenarios[s]
            return SAYS("point_of", name=name, point=point) if len(study.design) > 1 else name

        def keep(piece: int, here: Floats) -> None:
            point, replicate = places[piece]
            there = kept[point, replicate]
            for s in range(len(study.scenarios)):
                if np.isfinite(there[s]).any():
                    wrong = _difference(study, there[s], here.reshape(there.shape)[s])
                    runs.append(RunAgain(label(s, point), experiment.seed + replicate, wrong))

        ending = execute(
            _again,
            _Work(experiment, study.outcomes, tuple(places)),
            range(len(places)),
            keep,
            executor=executor_of(how.workers, how.executor, how.say),
            progress=how.progress,
            say=how.say,
        )
        for fault in ending.failed:
            point, replicate = places[fault.piece]
            wrong = fails_again(fault.reason)
            runs.append(RunAgain(SAYS("point", point=point), experiment.seed + replicate, wrong))
        return Looked(states, sorted(runs), count, (STOPPED,) if ending.incomplete else ())


KIND = Sweep()


class _Work(NamedTuple):
    experiment: Experiment
    outcomes: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


def _again(work: _Work, piece: int) -> Floats:
    """Return the outcomes of all scenarios at a point in a future, (rows, outcomes)."""
    frame = work.experiment.again(*work.places[piece])
    return frame[list(work.outcomes)].to_numpy(np.float64)


def _experiment(written: Written, how: How) -> Experiment:
    return load_experiment(written.folder, named_policy(written.folder, how.policies))


def _kept(study: Study, places: list[tuple[int, int]]) -> dict[tuple[int, int], Floats]:
    """Return what is kept of points in futures, (S, months, regions, outcomes) each."""
    columns: dict[tuple[int, int], list[Floats]] = {one: [] for one in places}
    months = study.months.tolist()
    for region in study.regions:
        for outcome in study.outcomes:
            values = study.kept.runs(outcome, months, region)
            for point, replicate in places:
                columns[point, replicate].append(values[:, point, replicate].copy())
    shape = (len(study.scenarios), len(months), len(study.regions), len(study.outcomes))
    return {one: np.stack(found, axis=-1).reshape(shape) for one, found in columns.items()}


def _difference(study: Study, there: Floats, here: Floats) -> str:
    same = (there == here) | (np.isnan(there) & np.isnan(here))
    if same.all():
        return ""
    month, region, outcome = (int(k) for k in np.argwhere(~same)[0])
    at = month, region, outcome
    return SAYS(
        "outcome",
        outcome=study.outcomes[outcome],
        month=study.months[month],
        region=study.regions[region],
        both=both(there, here, at),
    )


def _same_runs(earlier: Study, now: Study) -> bool:
    """Return whether all runs of a study are the same in another, to the bit."""
    months = earlier.months.tolist()
    for outcome in earlier.outcomes:
        for region in earlier.regions:
            there = earlier.kept.runs(outcome, months, region)
            here = now.kept.runs(outcome, months, region)
            if there.shape != here.shape:
                return False
            if not ((there == here) | np.isnan(there)).all():
                return False
    return True
