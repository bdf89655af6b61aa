"""What may be believed: see cisim.lab.calibration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.calibration import calibrate
from cisim.lab.calibration.driver import fresh_seeds
from cisim.lab.calibration.file import Targets, readers_of, unit_of
from cisim.lab.calibration.measured import Reader, Reading, Work, measure
from cisim.lab.calibration.runs import Shown, of_columns
from cisim.lab.calibration.target import Target
from cisim.lab.design import Design
from cisim.lab.executors import execute, executor_of
from cisim.lab.indicators import INDICATORS, SITES
from cisim.lab.kinds.kind import STOPPED, How, Looked, RunAgain, Sample, both, fails_again
from cisim.lab.results import CALIBRATED_POINTS, ENSEMBLE
from cisim.lab.written import Written, as_manifest, read_frame, scenarios_of
from cisim.model.input_error import InputError, printable
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.ranges import Range

SAYS = Sentences(
    "calibration_again",
    point="point {row}",
    function=(
        "{manifest}: a function of Python's measured {outcome}, and what a file names is not "
        "run; call it again."
    ),
)

_OUTCOME = re.compile(r"(\w+) after (\d+) months(?: in (.+))?")
FRESH = "fresh"


class Calibration:
    """The kind of a calibration: its ensemble comes back, and points of it are run again."""

    def load(self, written: Written) -> Design:
        """Return the ensemble, a design of the points that are believed."""
        with as_manifest(written):
            ranges = _ranges(written.manifest["vary"])
            names = tuple(one.name for one in ranges)
            values = read_frame(written, ENSEMBLE)[list(names)].to_numpy(np.float64)
            seed = int(written.manifest["seed"])
        return Design(names, values, seed, "history-matching", ranges)

    def again(self, written: Written, folder: Path, how: How) -> Mapping[str, str] | None:
        """Calibrate once more to the same targets."""
        said = written.manifest
        with as_manifest(written):
            asked = _asked(written)
            sizes: dict[str, Any] = {
                name: int(said[name]) for name in ("points", "seeds", "waves", "members")
            }
            seed = int(said["seed"])
        found = calibrate(
            asked,
            **sizes,
            seed=seed,
            workers=how.workers,
            executor=how.executor,
            out=folder,
            draw=None if how.draw is None else lambda found, key: _drawn(how, written, found, key),
            progress=how.progress,
            say=how.say,
            command=str(said["command"]),
        )
        return None if found.incomplete else {}

    def look(self, written: Written, files: Mapping[str, str], sample: Sample, how: How) -> Looked:
        """Run some points of the ensemble again, with the seeds that only judge it."""
        if ENSEMBLE not in written.files or files.get(ENSEMBLE) or files.get(CALIBRATED_POINTS):
            return Looked({}, (), 0)
        with as_manifest(written):
            asked = _asked(written)
            seeds = fresh_seeds(int(written.manifest["seed"]), int(written.manifest["seeds"]))
            design = self.load(written)
            kept = pd.read_csv(written.file(CALIBRATED_POINTS))
            columns = [f"{one.name} {FRESH}" for one in asked.targets]
            there = kept[columns].to_numpy(np.float64)
        each = seeds.next(len(design))
        every = [("point", row) for row in range(len(design))]
        rows = sorted(row for _, row in sample.of(every))
        if not rows:
            return Looked({}, (), len(every))
        mean, failed, incomplete = _shown(asked, design, rows, [each[row] for row in rows], how)
        if incomplete:
            return Looked({}, (), len(every), (STOPPED,))
        runs = []
        for at, row in enumerate(rows):
            wrong = fails_again(failed[at]) if at in failed else _differs(
                columns, there[row], mean[at]
            )  # fmt: skip
            runs.append(RunAgain(SAYS("point", row=row), each[row][0], wrong))
        return Looked({}, runs, len(every))


def _differs(columns: Sequence[str], there: Floats, here: Floats) -> str:
    """Return where what a point shows differs from what is kept, "" for nowhere."""
    for at, name in enumerate(columns):
        same = there[at] == here[at] or (np.isnan(there[at]) and np.isnan(here[at]))
        if not same:
            return f"{name}: {both(there, here, (at,))}"
    return ""


def _shown(
    asked: Targets, design: Design, rows: Sequence[int], seeds: Sequence[Sequence[int]], how: How
) -> tuple[Floats, dict[int, str], bool]:
    """Return (n, targets) what points show, what of them failed, and whether it was stopped."""
    each, many = len(seeds[0]), len(asked.readers)
    points = [design.point(row) for row in rows for _ in range(each)]
    flat = [seed for some in seeds for seed in some]
    found = [np.full((len(points), len(one.columns)), np.nan) for one in asked.readers]

    def keep(piece: int, row: Any) -> None:
        run, which = divmod(piece, many)
        found[which][run] = row

    ending = execute(
        measure,
        Work(asked.readers, tuple(points), tuple(flat)),
        range(len(points) * many),
        keep,
        executor=executor_of(how.workers, how.executor, how.say),
        progress=how.progress,
        say=how.say,
    )
    failed = {fault.piece // many // each: fault.reason for fault in ending.failed}
    columns = [name for one in asked.readers for name in one.columns]
    values = np.concatenate(found, axis=1).reshape(len(rows), each, -1)
    readings = [one.reading for one in asked.targets]
    return Shown.of(of_columns(columns, readings, values)).mean, failed, ending.incomplete


def _asked(written: Written) -> Targets:
    """Return the targets that a manifest names, with what measures them.

    Raises InputError if a function of Python's measured them: code that a file names is not run.
    """
    said = written.manifest
    targets = tuple(Target(**one, unit=_unit(one["reading"])) for one in said["targets"])
    found = scenarios_of(written) if said.get("scenarios") else []
    scenario = found[0] if found else None
    indicators, readings = set(), []
    for one in targets:
        outcome = _OUTCOME.fullmatch(one.reading)
        if one.reading in INDICATORS:
            indicators.add(one.reading)
        elif outcome is not None and scenario is not None:
            readings.append(Reading(outcome[1], int(outcome[2]), outcome[3] or ""))
        else:
            raise InputError(
                SAYS("function", manifest=printable(written.name), outcome=printable(one.reading))
            )
    sites = max((int(many) for many in said["sites"].values()), default=SITES)
    readers: tuple[Reader, ...] = readers_of(scenario, readings, indicators, sites)
    name, title = said["made"].get("targets") or [written.folder.name, ""]
    return Targets(str(name), str(title), targets, readers, _ranges(said["vary"]), scenario)


def _unit(reading: str) -> str:
    known = reading in INDICATORS or _OUTCOME.fullmatch(reading)
    return unit_of(reading) if known else ""


def _ranges(vary: Mapping[str, Sequence[Any]]) -> tuple[Range, ...]:
    declared = declarations(Parameters)
    return tuple(
        Range(name, float(low), float(high), bool(log), declared[name].whole)
        for name, (low, high, log) in vary.items()
    )


def _drawn(how: How, written: Written, found: Any, key: str) -> dict[str, str]:
    assert how.draw is not None
    charts = how.draw(written, found, key)
    return {name: svg for name, svg in charts.items() if name in written.files}


KIND = Calibration()
