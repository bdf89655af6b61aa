"""Whether a result is what it says: its files by their digests, and a sample of its runs again.

Three things are looked at. Each file must have the digest that the manifest has, and the manifest
the key that is the hash of what it says. What is derived (summaries, bills, charts, answers) is
derived again from the numbers. And some runs are done again, and their numbers compared to the bit.
What that means for a result hangs on its kind: see cisim.lab.kinds. Of a comparison's folder the
results that stand in it (over all that may be believed, under rival theories) are looked at, too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cisim.lab.executors import Executor, Progress, Say, whole_number
from cisim.lab.kinds import kind_of
from cisim.lab.kinds.kind import STOPPED, Draw, How, RunAgain, Sample, fails_again
from cisim.lab.manifest import MANIFEST
from cisim.lab.reported import hashes_of, read_report
from cisim.lab.results import beside
from cisim.lab.same_files import differing_sources
from cisim.lab.simulate import run_ensembles
from cisim.lab.written import Written, read_manifest, scenario_of
from cisim.model.input_error import InputError, printable
from cisim.model.told import Sentences, several
from cisim.version import __version__

SAYS = Sentences(
    "verified",
    folder="{folder}, key {key}",
    file_of="{place} of the result with key {key}",
    not_again="Runs of what {by} made are not done again here.",
    report="{path}, key {key}",
    version="It was made by version {version}, and this is {here}.",
    no_scenarios="It encloses no scenarios, so no run can be done again.",
    something_else="it shows something else now",
    unread="{path} cannot be read ({why}); allowed is the folder of a result, or a file of one.",
    gone="{path} is not there; allowed is the folder of a result, or a file of one.",
    no_manifest=(
        "{path} has no {manifest} beside it, which says what it was made from. Right would be "
        "--manifest FILE with the manifest of that result."
    ),
    no_manifest_keyed=(
        "{path} has no {manifest} beside it, which says what it was made from. It carries the key "
        "{keys}. Right would be --manifest FILE with the manifest of that result."
    ),
    not_a_file="{path} is no file of the result with key {key}; allowed are {files}.",
    moved="{path} is not what was written: its digest is {found}…, and {manifest} has {kept}…",
)

SAMPLE = 5
"""So many runs are done again, unless another number is asked for."""
_KEY = re.compile(rb"\b[0-9a-f]{12}\b")


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
    charts: Draw | None = None,
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
    charts   : makes its charts, to derive them again; None: charts by digest only

    Raises InputError if there is nothing that can be verified.
    """
    place = Path(path)
    if sample is not None:
        sample = whole_number("sample", sample, 0, None)
    how = How(workers, executor, policies, progress, say, charts)
    if place.suffix in (".html", ".htm"):
        return _report(place, sample, draw, how)
    inner: list[Path] = []
    if place.is_dir() or place.name == MANIFEST:
        written, names = read_manifest(place), None
        inner = beside(written.folder) if place.is_dir() else []
        what = SAYS("folder", folder=printable(written.folder), key=written.key)
    else:
        written = _manifest_of(place, manifest)
        names = [place.name]
        what = SAYS("file_of", place=printable(place), key=written.key)
    files = {name: written.changed(name) for name in names or written.files}
    if manifest is not None and names is not None:
        files[names[0]] = _moved(place, written)
    notes = differing_sources(written)
    kind = kind_of(written)
    if kind is None:
        notes.append(SAYS("not_again", by=printable(written.by)))
        return Verified(what, files, (), 0, tuple(notes))
    found = kind.look(written, files, Sample(sample, f"{written.key} {draw}"), how)
    for name, wrong in found.files.items():
        if wrong or name in files or name not in written.files:
            files[name] = files.get(name) or wrong
    runs, of_runs, notes = [*found.runs], found.of_runs, [*notes, *found.notes]
    for folder in inner:
        other = verify(
            folder, sample, workers, policies=policies, draw=draw, charts=charts,
            progress=progress, say=say, executor=executor,
        )  # fmt: skip
        files |= {f"{folder.name}/{name}": wrong for name, wrong in other.files.items()}
        runs += [
            one._replace(scenario=several((folder.name, one.scenario), ": ")) for one in other.runs
        ]
        of_runs += other.of_runs
        notes += [one for one in other.notes if one not in notes]
    return Verified(what, files, tuple(runs), of_runs, tuple(notes))


def _report(path: Path, size: int | None, draw: int, how: How) -> Verified:
    """Look whether a report is what was written, and does some of its runs again."""
    said = read_report(path)
    what = SAYS("report", path=printable(path), key=said.key) if said.key else printable(path)
    files = {path.name: said.wrong}
    notes = []
    if said.version and said.version != __version__:
        notes.append(SAYS("version", version=printable(said.version), here=__version__))
    every = [(name, seed) for name, seeds in said.hashes.items() for seed in seeds]
    if not every:
        notes.append(SAYS("no_scenarios"))
        return Verified(what, files, (), 0, tuple(notes))
    scenarios = [scenario_of(one, how.policies) for one in said.scenarios]
    chosen = Sample(size, f"{said.key} {draw}").of(every)
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
        runs += [RunAgain(one.name, fault.seed, fails_again(fault.reason)) for fault in one.failed]
        now = hashes_of(one, said.outcomes, one.replicates.size)
        for seed, found in zip(one.seeds.tolist(), now, strict=True):
            wrong = "" if found == said.hashes[one.name][seed] else SAYS("something_else")
            runs.append(RunAgain(one.name, seed, wrong))
    if new[0].incomplete:
        notes.append(STOPPED)
    return Verified(what, files, tuple(runs), len(every), tuple(notes))


def _manifest_of(path: Path, manifest: str | os.PathLike[str] | None) -> Written:
    """Return the result of which a file is one.

    Raises InputError if its manifest is not beside it and none is given, or is another's.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(SAYS("gone", path=printable(path))) from None
    except OSError as error:
        raise InputError(
            SAYS("unread", path=printable(path), why=error.strerror or error)
        ) from None
    if manifest is None and not (path.parent / MANIFEST).is_file():
        keys = ", ".join(sorted({one.decode() for one in _KEY.findall(data)})[:3])
        here = {"path": printable(path), "manifest": MANIFEST}
        if keys and path.suffix in (".svg", ".csv"):
            raise InputError(SAYS("no_manifest_keyed", **here, keys=keys))
        raise InputError(SAYS("no_manifest", **here))
    written = read_manifest(path.parent if manifest is None else manifest)
    if path.name not in written.files:
        raise InputError(
            SAYS(
                "not_a_file", path=printable(path), key=written.key, files=", ".join(written.files)
            )
        )
    return written


def _moved(path: Path, written: Written) -> str:
    """Return what is wrong with a file that does not stand beside its manifest."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found == written.files[path.name]:
        return ""
    return SAYS(
        "moved",
        path=printable(path),
        found=found[:12],
        manifest=printable(written.name),
        kept=written.files[path.name][:12],
    )
