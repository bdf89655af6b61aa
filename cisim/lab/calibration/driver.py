"""`calibrate` puts targets, waves, conflicts, ensemble and fresh seeds together."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from cisim.lab.analyses.chance import shuffled
from cisim.lab.analyses.threads import one_thread
from cisim.lab.calibration.calibrated import Calibrated, Members, beside
from cisim.lab.calibration.conflicts import conflicts_of
from cisim.lab.calibration.emulator import FEWEST, Luck
from cisim.lab.calibration.file import Targets, read_targets
from cisim.lab.calibration.measured import Given, Point
from cisim.lab.calibration.region import Part, latin, spread_out
from cisim.lab.calibration.runs import MEASURED, Runs, Shown, of_columns
from cisim.lab.calibration.target import CUT, Target, met, met_by_all
from cisim.lab.calibration.waves import Ruling, Wave, emulators_of, why_stop
from cisim.lab.design import Design
from cisim.lab.disk import Aside
from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.manifest import manifest_of, short_key, sources_of_results
from cisim.lab.results import (
    CALIBRATED_BESIDE,
    CALIBRATED_CORRELATIONS,
    CALIBRATED_PAIRS,
    CALIBRATED_PARAMETERS,
    CALIBRATED_POINTS,
    CALIBRATED_TARGETS,
    CALIBRATED_WAVES,
    ENSEMBLE,
    check_out,
    write_csv,
    write_result,
)
from cisim.lab.resume import check_room
from cisim.lab.store.keys import results_version
from cisim.lab.warm import warm
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.joint_points import MEMBERS, POINTS
from cisim.world.ranges import Range
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "calibrating",
    after_wave="After wave {number}, {share:.3g} % of the space is left.",
)

BY = "calibrate"
SEEDS, WAVES = 2, 4
QUICK = {"points": 100, "seeds": 2, "waves": 2, "members": 40}
"""In place of these, for a first look."""
QUICK_SITES = 12
"""Sites of a first look."""
MOST_POINTS, MOST_SEEDS, MOST_WAVES = 20_000, 100, 20
BATCHES = 4
"""So often points of what is left are run until the ensemble is large enough."""
MORE = 1.5
"""So many times the members are run that are still missing."""
_FRESH = 2**40
"""So far from the first seed those begin that only judge."""

Draw = Callable[[Calibrated, str], Mapping[str, str]]
"""Makes pictures, SVG by the name of their file, of what was found and its key."""
Simulator = Callable[[Point, int], Mapping[str, float]]


def calibrate(
    targets: Targets | str | os.PathLike[str],
    *,
    points: int = POINTS,
    seeds: int = SEEDS,
    waves: int = WAVES,
    members: int = MEMBERS,
    seed: int = 1,
    vary: Mapping[str, Mapping[str, Any]] | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    out: str | os.PathLike[str] | None = None,
    kept: str | os.PathLike[str] | None = None,
    draw: Draw | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    command: str | Sequence[str] | None = None,
) -> Calibrated:
    """Rule out what cannot be believed, in waves; return an ensemble of points that is left.

    targets  : a file of targets, one that ships by name, or `toy(...)`
    points   : that each wave runs
    seeds    : that each point is run with
    waves    : at most
    members  : that the ensemble shall have
    vary     : parameters in place of what the file says: {"effort_half": {"low": 1, "high": 9}}
    executor : where runs are done, in place of `workers`: see cisim.lab.executors
    out      : folder for ensemble, tables, charts and manifest; what was stopped goes on there
    kept     : where runs are kept, if not there: several files of targets can share them
    draw     : makes pictures that are written with it
    command  : how to get the same again, for the manifest

    Raises InputError if something given is wrong. After Ctrl-C what is finished comes back,
    `incomplete`.
    """
    started = datetime.now(UTC)
    asked = targets if isinstance(targets, Targets) else read_targets(targets, vary=vary)
    points = whole_number("points", points, FEWEST, MOST_POINTS)
    seeds = whole_number("seeds", seeds, 2, MOST_SEEDS)
    waves = whole_number("waves", waves, 1, MOST_WAVES)
    members = whole_number("members", members, 1, MOST_POINTS)
    seed = check_room(seed, 2 * _FRESH)
    folder = None if out is None else check_out(out)
    store = folder if kept is None else check_out(kept)
    there = executor_of(workers, executor, say)
    if not all(isinstance(one, Given) for one in asked.readers):
        warm(say)
    expected = (waves * points + round((MORE + 1.0) * members)) * seeds
    found = Calibrated(asked, points, seeds, seed, members)
    with Runs(asked.readers, store, there, expected, progress, say) as runs, one_thread():
        found = _calibrated(found, runs, waves, say)
    found = replace(found, failed=tuple(runs.failed.items()), incomplete=runs.incomplete)
    if folder is None or not found.waves:
        return found
    return replace(found, manifest=_write(found, folder, waves, draw, command, started))


def toy(
    simulator: Simulator,
    targets: Iterable[Target],
    ranges: Iterable[Range],
    *,
    name: str = "toy",
) -> Targets:
    """Return targets on what any function of Python's gives: from point and seed to numbers.

    simulator : a function of a module, as workers import it; it returns a number for the reading
                of each target, by name
    ranges    : over what its arguments are varied
    """
    wanted = tuple(targets)
    columns = tuple(dict.fromkeys(one.reading for one in wanted))
    try:
        said = inspect.getsource(simulator)
    except (OSError, TypeError):
        said = getattr(simulator, "__qualname__", repr(simulator))
    return Targets(name, name, wanted, (Given(simulator, columns, said),), tuple(ranges))


def _calibrated(found: Calibrated, runs: Runs, most: int, say: Say | None) -> Calibrated:
    """Return what the waves find, then the ensemble, then how it does with fresh seeds."""
    asked, k = found.asked, len(found.ranges)
    columns = [one.reading for one in asked.targets]
    of_column = {name: one.units for one in runs.readers for name in one.columns}
    ruling = Ruling(asked.targets, tuple(of_column[name] for name in columns))
    seeds = _Seeds(found.seed, found.seeds)

    def run(unit: Floats, numbers: list[list[int]]) -> Shown | None:
        values = runs.over(_design(asked, unit, found.seed), numbers)
        return None if values is None else Shown.of(of_columns(runs.columns, columns, values))

    part = Part(latin("calibration", found.points, k, found.seed), 1.0, 0.0)
    while not found.stopped:
        number = len(found.waves) + 1
        unit = part.unit[spread_out(part.unit, found.points)]
        came = run(unit, seeds.next(len(unit)))
        if came is None:
            return found
        emulators = emulators_of(asked.targets, unit, came)
        ruling = ruling.with_(emulators)
        off = ruling.by_runs(came, _lucks(came))
        before, part = part, ruling.left(k, f"wave {number}", found.seed, found.points)
        wave = Wave(number, unit, came, emulators, part)
        stopped = why_stop(before, part, ruling, number, most)
        found = replace(found, waves=(*found.waves, wave), off=(*found.off, off), stopped=stopped)
        if number == 1:
            found = replace(found, conflicts=conflicts_of(met(off), ruling, k, found.seed))
        if say is not None and not part.empty:
            say(SAYS("after_wave", number=number, share=100.0 * part.share))
    if part.empty:
        return found
    return _with_members(found, ruling, part, seeds, run)


def _with_members(
    found: Calibrated,
    ruling: Ruling,
    part: Part,
    seeds: _Seeds,
    run: Callable[[Floats, list[list[int]]], Shown | None],
) -> Calibrated:
    """Return it with an ensemble: points of what is left that meet all targets when they run."""
    k, tried = len(found.ranges), 0
    free = part.unit[shuffled("calibration members", len(part.unit), 1)[0]]
    whole: list[Floats] = []
    shown_: list[Shown] = []
    count = 0
    for batch in range(1, BATCHES + 1):
        size = round(MORE * (found.wanted - count)) + 1
        if len(free) < size:
            more = ruling.left(k, f"members {batch}", found.seed, size).unit
            free = np.concatenate([free, more])
        unit, free = free[:size], free[size:]
        if not len(unit):
            break
        came = run(unit, seeds.next(len(unit)))
        if came is None:
            return found
        whole.append(unit)
        shown_.append(came)
        tried += len(unit)
        together = shown_[0]
        for one in shown_[1:]:
            together = together.and_then(one)
        off = ruling.by_runs(together, _lucks(together))
        good = met_by_all(off, found.asked.targets)
        count = int(good.sum())
        if count >= found.wanted:
            break
    if not whole:
        return found
    rows = np.flatnonzero(good)[: found.wanted]
    unit = np.concatenate(whole)[rows]
    kept = Shown(*(one[rows] for one in together))
    design = _design(found.asked, unit, found.seed)
    if not rows.size:
        return replace(
            found,
            members=Members(
                found.asked.targets, design, unit, kept, off[rows], kept, off[rows], tried
            ),
        )
    fresh = run(unit, fresh_seeds(found.seed, found.seeds).next(len(unit)))
    if fresh is None:
        return found
    fresh_off = ruling.by_runs(fresh, _lucks(fresh))
    members = Members(found.asked.targets, design, unit, kept, off[rows], fresh, fresh_off, tried)
    return replace(found, members=members)


class _Seeds:
    """Hands out seeds, none twice."""

    def __init__(self, first: int, each: int) -> None:
        self.free, self.each = first, each

    def next(self, points: int) -> list[list[int]]:
        first, self.free = self.free, self.free + points * self.each
        return [
            list(range(first + at * self.each, first + (at + 1) * self.each))
            for at in range(points)
        ]


def fresh_seeds(seed: int, each: int) -> _Seeds:
    """Return the seeds of those runs that only judge, beside a calibration's first seed."""
    return _Seeds(seed + _FRESH, each)


def _lucks(came: Shown) -> list[Floats]:
    """Return the variance between seeds of each target at points, (n,) each, NaN as 0."""
    found = []
    for at in range(came.mean.shape[1]):
        luck = Luck.of(came.mean[:, at], came.within[:, at])
        found.append(np.nan_to_num(luck.at(came.mean[:, at])))
    return found


def _design(asked: Targets, unit: Floats, seed: int) -> Design:
    values = np.stack([one.at(unit[:, at]) for at, one in enumerate(asked.ranges)], axis=1)
    names = tuple(one.name for one in asked.ranges)
    return Design(names, values, seed, "history-matching", asked.ranges)


def _write(
    found: Calibrated,
    folder: Path,
    waves: int,
    draw: Draw | None,
    command: str | Sequence[str] | None,
    started: datetime,
) -> dict[str, Any]:
    """Write ensemble, tables, charts and manifest; return the manifest."""
    origin = {
        **sources_of_results(),
        **_measured(found.asked),
        **found.asked.origin(),
        "seed": found.seed,
        "points": found.points,
        "seeds": found.seeds,
        "waves": waves,
        "members": found.wanted,
        "finished": {
            "waves": len(found.waves),
            "members": None if found.members is None else len(found.members),
        },
        "libraries": {name: version(name) for name in ("numpy", "scipy", "scikit-learn")},
    }
    key = short_key(origin)

    def fill(aside: Aside) -> None:
        tables = {
            CALIBRATED_WAVES: found.table(),
            CALIBRATED_TARGETS: found.targets(),
            CALIBRATED_PAIRS: found.pairs(),
            CALIBRATED_PARAMETERS: found.parameters(),
            CALIBRATED_CORRELATIONS: found.correlations(),
            CALIBRATED_POINTS: found.points_table(),
        }
        for name, table in tables.items():
            with aside.file(name) as file:
                write_csv(file, table, key)
        if found.members is not None and len(found.members):
            with aside.file(ENSEMBLE) as file:
                write_ensemble(file, found, origin, key)
        for name, text in ({} if draw is None else draw(found, key)).items():
            aside.write(name, text)

    def manifest(digests: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or "cisim.calibrate, called from Python",
            made={
                "by": BY,
                "results": results_version(_through(found.asked)),
                "targets": [found.asked.name, found.asked.title],
            },
            asked=waves,
            incomplete=found.incomplete,
            failed=[{"which": which, "reason": reason} for which, reason in found.failed],
            notes=found.sentences(),
            started=started,
            finished=datetime.now(UTC),
            files=digests,
        )

    return write_result(folder, fill, manifest)


def write_beside(
    found: Sequence[Calibrated],
    out: str | os.PathLike[str],
    command: str | Sequence[str] | None = None,
) -> dict[str, Any]:
    """Write how ensembles of several files of targets differ; return the manifest.

    Raises InputError if the folder cannot be written.
    """
    keys = {one.asked.name: (one.manifest or {}).get("key") for one in found}
    origin = {**sources_of_results(), "of": keys}
    key = short_key(origin)

    def fill(aside: Aside) -> None:
        with aside.file(CALIBRATED_BESIDE) as file:
            write_csv(file, beside(found), key)

    def manifest(digests: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or "cisim.lab.calibration.write_beside, called from Python",
            made={"by": BY},
            asked=len(found),
            incomplete=False,
            failed=[],
            files=digests,
        )

    return write_result(check_out(out), fill, manifest)


def _through(asked: Targets) -> tuple[str, ...]:
    return tuple(sorted({MEASURED, *(name for one in asked.readers for name in one.through)}))


def _measured(asked: Targets) -> dict[str, Any]:
    scenario: Scenario | None = asked.scenario
    return {} if scenario is None else {"scenarios": [scenario.resolved()]}


def write_ensemble(file: Any, found: Calibrated, origin: Mapping[str, Any], key: str) -> None:
    """Write the points as Parquet, a column a parameter, with its making in the metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    design = found.ensemble
    members = found.members
    assert members is not None
    making = {
        "key": key,
        **{name: value for name, value in origin.items() if name != "scenarios"},
        "space_left": [one.part.share for one in found.waves],
        "stopped": found.stopped,
        "cut": CUT,
        "medoid": members.medoid,
        "fresh": {"seeds": found.seeds, "pass": int(members.pass_fresh.sum()), "of": len(members)},
        "said": found.sentences(),
    }
    table = pa.table({name: design.values[:, at] for at, name in enumerate(design.names)})
    table = table.replace_schema_metadata({"cisim": key, "cisim.making": json.dumps(making)})
    parquet.write_table(table, file, compression="zstd", write_page_checksum=True)
