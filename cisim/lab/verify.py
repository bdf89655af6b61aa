"""Whether a result is what it says: its files by their digests, and a sample of its runs again.

Three things are looked at. Each file must have the digest that the manifest has, and the manifest
the key that is the hash of what it says. What is derived (summaries, bills, charts) is derived
again from the numbers. And some runs are done again, and their numbers compared to the bit.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.each import Followed
from cisim.lab.ensemble import Ensemble
from cisim.lab.executors import Executor, Progress, Say, whole_number
from cisim.lab.load import load, loaded
from cisim.lab.manifest import COMPARE, MANIFEST, SIMULATE, listed
from cisim.lab.reported import hashes_of, read_report
from cisim.lab.rerun import (
    BUT_FOR_THE_KEY,
    DIFFERS,
    NOT_MADE,
    SAME,
    Again,
    compared,
    differing_sources,
    write_again,
)
from cisim.lab.results import BOOKS, PARTS, SERIES
from cisim.lab.robust import BY as BY_ROBUST
from cisim.lab.robust import Robust, worlds_again
from cisim.lab.simulate import run_ensembles
from cisim.lab.study import Study
from cisim.lab.study.folder import SWEEP, load_study
from cisim.lab.sweep.folder import load_experiment, named_policy
from cisim.lab.written import (
    EACH_FILE,
    Written,
    as_manifest,
    read_manifest,
    scenario_of,
    scenarios_of,
)
from cisim.model.input_error import InputError, printable
from cisim.model.state import Floats
from cisim.version import __version__

SAMPLE = 5
"""So many runs are done again, unless another number is asked for."""
_KEY = re.compile(rb"\b[0-9a-f]{12}\b")


class RunAgain(NamedTuple):
    """A run that was done again.

    wrong : where it differs, "" for nowhere
    """

    scenario: str
    seed: int
    wrong: str


@dataclass(frozen=True)
class Verified:
    """What was looked at.

    what    : what was verified, in words
    files   : of each file what is wrong with it, "" for nothing
    runs    : that were done again
    of_runs : how many there are
    notes   : what should be known, as that the sources are others
    """

    what: str
    files: Mapping[str, str]
    runs: tuple[RunAgain, ...]
    of_runs: int
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Return whether all is as it was written."""
        return not any(self.files.values()) and not any(one.wrong for one in self.runs)


def verify(
    path: str | os.PathLike[str],
    sample: int | None = SAMPLE,
    workers: int | None = None,
    *,
    manifest: str | os.PathLike[str] | None = None,
    policies: Sequence[str] = (),
    draw: int = 1,
    again: Again | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Verified:
    """Look whether a result, or one file of it, is what it says.

    path     : a folder with a manifest, the manifest, one of its files, or a report
    sample   : how many runs are done again, None for all
    manifest : where that of a file is, if not beside it
    policies : "module:function" of the policies under which it ran
    draw     : decides which runs are the sample
    again    : writes it with its charts, to derive them again; None: charts by digest only

    Raises InputError if there is nothing that can be verified.
    """
    place = Path(path)
    if sample is not None:
        sample = whole_number("sample", sample, 0, None)
    how = _How(workers, draw, progress, say, executor)
    if place.suffix in (".html", ".htm"):
        return _report(place, sample, policies, how)
    if place.is_dir() or place.name == MANIFEST:
        written, names = read_manifest(place), None
        what = f"{printable(written.folder)}, key {written.key}"
    else:
        written = _manifest_of(place, manifest)
        names = [place.name]
        what = f"{printable(place)} of the result with key {written.key}"
    files = {name: written.changed(name) for name in names or written.files}
    if manifest is not None and names is not None:
        files[names[0]] = _moved(place, written)
    notes = differing_sources(written)
    if written.by == SWEEP:
        return _study(written, what, files, sample, policies, draw, notes)
    if written.by == BY_ROBUST and not any(files.values()):
        return _robust(written, what, files, sample, policies, draw, notes)
    if written.by not in (SIMULATE, COMPARE):
        notes.append(f"Runs of what {printable(written.by)} made are not done again here.")
        return Verified(what, files, (), 0, tuple(notes))
    numbers = [name for name in (SERIES, BOOKS, *EACH_FILE.values()) if name in written.files]
    wrong = [one for name in numbers if (one := files.get(name) or written.changed(name))]
    if wrong:
        files |= {name: written.changed(name) for name in numbers}
        notes.append("As its numbers are not what was written, nothing was run.")
        return Verified(what, files, (), 0, tuple(notes))
    result = loaded(written)
    for name, state in _derived(written, result, again).items():
        if name in files and not files[name]:
            files[name] = state
    ensembles = listed(result)
    if sample == 0:
        return Verified(what, files, (), _count(ensembles), tuple(notes))
    chosen = _sample(ensembles, sample, f"{written.key} {draw}")
    scenarios = scenarios_of(written, policies)
    new = run_ensembles(
        scenarios,
        max(one.asked for one in ensembles),
        workers,
        ensembles[0].first_seed,
        outcomes=ensembles[0].outcomes,
        by_region=len(ensembles[0].regions) > 1,
        each=tuple(of for of, name in EACH_FILE.items() if name in written.files),
        at=ensembles[0].months.tolist(),
        only=chosen,
        progress=progress,
        say=say,
        executor=executor,
    )
    runs = [run for old, now in zip(ensembles, new, strict=True) for run in _compared(old, now)]
    if new[0].incomplete:
        notes.append("It was stopped before all of the sample was run.")
    return Verified(what, files, tuple(runs), _count(ensembles), tuple(notes))


class _How(NamedTuple):
    """How runs are done again."""

    workers: int | None
    draw: int
    progress: Progress | None
    say: Say | None
    executor: Executor | None


def _report(path: Path, sample: int | None, policies: Sequence[str], how: _How) -> Verified:
    """Look whether a report is what was written, and does some of its runs again."""
    said = read_report(path)
    what = f"{printable(path)}, key {said.key}" if said.key else printable(path)
    files = {path.name: said.wrong}
    notes = []
    if said.version and said.version != __version__:
        notes.append(
            f"It was made by version {printable(said.version)}, and this is {__version__}."
        )
    every = [(name, seed) for name, seeds in said.hashes.items() for seed in seeds]
    if not every:
        notes.append("It encloses no scenarios, so no run can be done again.")
        return Verified(what, files, (), 0, tuple(notes))
    scenarios = [scenario_of(one, policies) for one in said.scenarios]
    chosen = _drawn(every, sample, f"{said.key} {how.draw}")
    if not chosen:
        return Verified(what, files, (), len(every), tuple(notes))
    first, last = min(seed for _, seed in chosen), max(seed for _, seed in chosen)
    new = run_ensembles(
        scenarios,
        last - first + 1,
        how.workers,
        first,
        outcomes=said.outcomes,
        only=[[seed - first for name, seed in chosen if name == one.name] for one in scenarios],
        progress=how.progress,
        say=how.say,
        executor=how.executor,
    )
    runs = []
    for one in new:
        runs += [
            RunAgain(one.name, fault.seed, f"it fails when it is run again ({fault.reason})")
            for fault in one.failed
        ]
        now = hashes_of(one, said.outcomes, one.replicates.size)
        for seed, found in zip(one.seeds.tolist(), now, strict=True):
            wrong = "" if found == said.hashes[one.name][seed] else "it shows something else now"
            runs.append(RunAgain(one.name, seed, wrong))
    if new[0].incomplete:
        notes.append("It was stopped before all of the sample was run.")
    return Verified(what, files, tuple(runs), len(every), tuple(notes))


def _study(
    written: Written,
    what: str,
    files: dict[str, str],
    sample: int | None,
    policies: Sequence[str],
    draw: int,
    notes: list[str],
) -> Verified:
    """Look at the parts of a study, and do some of its points and futures again."""
    for path in sorted((written.folder / PARTS).glob("part-*.parquet")):
        digest = path.stem.removeprefix("part-")
        same = hashlib.sha256(path.read_bytes()).hexdigest() == digest
        files[f"{PARTS}/{path.name}"] = "" if same else "its bytes are not those of its name"
    study = load_study(written.folder)
    places = [
        (str(point), replicate)
        for point in range(len(study.design))
        for replicate in range(study.replicates)
    ]
    some = _drawn(places, sample, f"{written.key} {draw}")
    if not some:
        return Verified(what, files, (), len(places), tuple(notes))
    experiment = load_experiment(written.folder, named_policy(written.folder, policies))
    kept: dict[tuple[int, int], list[Floats]] = {}
    months = study.months.tolist()
    for region in study.regions:
        for outcome in study.outcomes:
            values = study.kept.runs(outcome, months, region)
            for point, replicate in some:
                mine = values[:, int(point), replicate].copy()
                kept.setdefault((int(point), replicate), []).append(mine)
    runs = []
    for (at_point, in_future), columns in kept.items():
        there = np.stack(columns, axis=-1).reshape(
            len(study.scenarios), len(months), len(study.regions), len(study.outcomes)
        )
        if not np.isfinite(there).any():
            continue  # it is not finished
        now = experiment.again(at_point, in_future)[list(study.outcomes)].to_numpy(np.float64)
        here = now.reshape(there.shape)
        for s, name in enumerate(study.scenarios):
            if np.isfinite(there[s]).any():
                wrong = _of_study(study, there[s], here[s])
                label = f"{name}, point {at_point}" if len(study.design) > 1 else name
                runs.append(RunAgain(label, experiment.seed + in_future, wrong))
    return Verified(what, files, tuple(runs), len(places) * len(study.scenarios), tuple(notes))


def _robust(
    written: Written,
    what: str,
    files: Mapping[str, str],
    sample: int | None,
    policies: Sequence[str],
    draw: int,
    notes: list[str],
) -> Verified:
    """Do some worlds of a robust answer again; each scenario there counts as a run."""
    found = load(written.name)
    assert isinstance(found, Robust)
    if found.worlds < found.asked:
        notes.append("As not all of its worlds are finished, none is run again here.")
        return Verified(what, files, (), 0, tuple(notes))
    chosen = _drawn([("world", k) for k in range(found.worlds)], sample, f"{written.key} {draw}")
    worlds = [world for _, world in chosen]
    with as_manifest(written):
        reference = scenario_of(written.manifest["reference"], policies)
    scenarios = [*scenarios_of(written, policies), reference]
    names = [*found.names, reference.name]
    runs = []
    if worlds:
        now = worlds_again(found, scenarios, worlds)
        then = np.stack([found.values, found.wellbeing], axis=-1)
        then = np.concatenate([then, found.reference[:, None]], axis=1)
        for here, world in enumerate(worlds):
            for s, name in enumerate(names):
                at = first_difference(then[world, s], now[here, s])
                wrong = "" if at is None else _both(then[world, s], now[here, s], at)
                runs.append(RunAgain(f"{name}, world {world}", found.seed + world, wrong))
    return Verified(what, files, tuple(runs), found.worlds * len(names), tuple(notes))


def _of_study(study: Study, there: Floats, here: Floats) -> str:
    same = (there == here) | (np.isnan(there) & np.isnan(here))
    if same.all():
        return ""
    month, region, outcome = (int(k) for k in np.argwhere(~same)[0])
    at = month, region, outcome
    return (
        f"{study.outcomes[outcome]} in month {study.months[month]}, {study.regions[region]}: "
        f"{_both(there, here, at)}"
    )


def _drawn(
    every: Sequence[tuple[str, int]], sample: int | None, draw: str
) -> list[tuple[str, int]]:
    """Return a sample, drawn by a hash of each."""
    ranked = sorted(
        (hashlib.sha256(f"{draw} {name} {number}".encode()).digest(), name, number)
        for name, number in every
    )
    return [(name, number) for _, name, number in ranked[:sample]]


def _manifest_of(path: Path, manifest: str | os.PathLike[str] | None) -> Written:
    """Return the result of which a file is one.

    Raises InputError if its manifest is not beside it and none is given, or is another's.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{printable(path)} cannot be read ({error.strerror or error}); allowed is the folder "
            f"of a result, or a file of one."
        ) from None
    if manifest is None and not (path.parent / MANIFEST).is_file():
        keys = ", ".join(sorted({one.decode() for one in _KEY.findall(data)})[:3])
        carries = f"It carries the key {keys}. " if keys and path.suffix in (".svg", ".csv") else ""
        raise InputError(
            f"{printable(path)} has no {MANIFEST} beside it, which says what it was made from. "
            f"{carries}Right would be --manifest FILE with the manifest of that result."
        )
    written = read_manifest(path.parent if manifest is None else manifest)
    if path.name not in written.files:
        raise InputError(
            f"{printable(path)} is no file of the result with key {written.key}; allowed are "
            f"{', '.join(written.files)}."
        )
    return written


def _moved(path: Path, written: Written) -> str:
    """Return what is wrong with a file that does not stand beside its manifest."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found == written.files[path.name]:
        return ""
    return (
        f"{printable(path)} is not what was written: its digest is {found[:12]}…, and "
        f"{printable(written.name)} has {written.files[path.name][:12]}…"
    )


def _derived(
    written: Written, result: Ensemble | Comparison, again: Again | None
) -> dict[str, str]:
    """Return what is wrong with files when they are derived again from the numbers."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="cisim-") as place:
        (again or write_again)(Path(place), result, written)
        new = read_manifest(place)
        for name in written.files:
            state = compared(written, new, name)
            drawn = name.endswith(".svg")
            if state in (SAME, BUT_FOR_THE_KEY) or (state == NOT_MADE and drawn and again is None):
                found[name] = ""
            elif state == DIFFERS:
                found[name] = f"{name} is not what the numbers of its result give"
            else:
                found[name] = f"{name} could not be derived again"
    return found


def _count(ensembles: Sequence[Ensemble]) -> int:
    return sum(int(one.replicates.size) for one in ensembles)


def _sample(ensembles: Sequence[Ensemble], sample: int | None, draw: str) -> list[list[int]]:
    """Return which replicates of each scenario are run again, drawn by a hash of each."""
    every = [(one.name, replicate) for one in ensembles for replicate in one.replicates.tolist()]
    some = _drawn(every, sample, draw)
    return [sorted(k for name, k in some if name == one.name) for one in ensembles]


def _compared(old: Ensemble, new: Ensemble) -> Iterator[RunAgain]:
    """Yield the runs of a scenario that were done again, with where they differ."""
    for failure in new.failed:
        yield RunAgain(old.name, failure.seed, f"it fails when it is run again ({failure.reason})")
    for place, replicate in enumerate(new.replicates.tolist()):
        there = int(np.flatnonzero(old.replicates == replicate)[0])
        yield RunAgain(old.name, old.first_seed + replicate, _difference(old, there, new, place))


def _difference(old: Ensemble, there: int, new: Ensemble, here: int) -> str:
    """Return the first place in which two runs differ, "" for none."""
    at = first_difference(old.values[there], new.values[here])
    if at is not None:
        month, region, outcome = at
        return (
            f"{old.outcomes[outcome]} in month {old.months[month]}, {old.regions[region]}: "
            f"{_both(old.values[there], new.values[here], at)}"
        )
    if old.books is not None and new.books is not None:
        at = first_difference(old.books[there], new.books[here])
        if at is not None:
            return f"{BOOKS}: {_both(old.books[there], new.books[here], at)}"
    for one, other in (
        (old.communities, new.communities),
        (old.organisations, new.organisations),
    ):
        if one is not None and other is not None:
            at = first_difference(one.values[there], other.values[here])
            if at is not None:
                return _of_each(one, other, there, here, at)
    return ""


def _of_each(one: Followed, other: Followed, there: int, here: int, at: tuple[int, ...]) -> str:
    month, who, outcome = at
    return (
        f"{one.outcomes[outcome]} of {one.names[who]} in month {one.months[month]}: "
        f"{_both(one.values[there], other.values[here], at)}"
    )


def _both(there: Floats, here: Floats, at: tuple[int, ...]) -> str:
    return f"{float(there[at])!r} is kept, and a run gives {float(here[at])!r}"


def first_difference(one: Floats, other: Floats) -> tuple[int, ...] | None:
    """Return the first place in which the bits of two arrays differ; None for nowhere."""
    if one.tobytes() == other.tobytes():
        return None
    bits = [np.ascontiguousarray(array).view(np.uint64) for array in (one, other)]
    return tuple(int(k) for k in np.argwhere(bits[0] != bits[1])[0])
