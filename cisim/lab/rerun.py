"""A result made again from its manifest alone, and whether each file is the same.

The manifest has the resolved scenarios, the seeds that were finished and what was kept, so exactly
these runs are done again, of an interrupted result, too; a study has them in files beside it. Where
the bytes of a file differ, as they do under another version of cisim, whose key they carry, it is
told whether its numbers differ.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cisim.lab.before import keeping
from cisim.lab.comparison import Comparison, Precision
from cisim.lab.ensemble import Ensemble, Failure
from cisim.lab.executors import Executor, Progress, Say
from cisim.lab.manifest import COMPARE, SIMULATE, sources_of_results
from cisim.lab.results import ABLATION, GAINS, PARTS, check_out, write_ensembles
from cisim.lab.simulate import run_ensembles, what_is_kept
from cisim.lab.study import Study
from cisim.lab.study.folder import EXPERIMENT, SWEEP, load_study
from cisim.lab.sweep.folder import load_experiment, named_policy
from cisim.lab.written import (
    EACH_FILE,
    Written,
    as_manifest,
    read_manifest,
    scenarios_of,
    unranged,
)
from cisim.model.input_error import InputError, printable, shown

SAME, BUT_FOR_THE_KEY, DIFFERS, NOT_MADE = "same", "same but for the key", "differs", "not made"
UNKNOWN = "other bytes"
"""What may be said of a file; the last where the earlier one is not there to be compared with."""

Again = Callable[[Path, Ensemble | Comparison, Written], object]
"""Writes a result with the charts that an earlier one has."""


@dataclass(frozen=True)
class Remade:
    """A result that was made again.

    files  : what may be said of each file, by name
    notes  : what should be known: other sources, what was not finished
    folder : where it is, None if it was thrown away
    """

    files: Mapping[str, str]
    notes: tuple[str, ...]
    folder: Path | None

    @property
    def same(self) -> bool:
        """Return whether every file has the same bytes, or the same but for the key."""
        return all(one in (SAME, BUT_FOR_THE_KEY) for one in self.files.values())


def rerun(
    manifest: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    *,
    policies: Sequence[str] = (),
    again: Again | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Remade | None:
    """Make a result again from its manifest, and compare every file with what that says.

    None comes back if it was stopped before the end.

    manifest : the file, or its folder
    out      : where it is made, and goes on if it is stopped; None: nowhere, it is only compared
    policies : "module:function" of the policies under which it ran: code that a file names is not
               run unless it is named here, too
    again    : writes it with its charts; None for the numbers alone

    Raises InputError if something given is wrong, or a policy is missing or another now.
    """
    written = read_manifest(manifest)
    if out is not None and _is_one(Path(out), written.folder):
        raise InputError(
            f"out is {printable(Path(out))}, where the manifest is; allowed is another."
        )
    if written.by == SWEEP:
        return _study_again(written, out, workers, policies, progress, say, executor)
    with _place(out) as folder:
        found = ensembles_again(written, folder, workers, policies, progress, say, executor, again)
        if found is None:
            return None
        new = read_manifest(folder)
        files = {name: compared(written, new, name) for name in written.files}
    return Remade(files, tuple(_notes(written)), None if out is None else folder)


def _notes(written: Written) -> list[str]:
    notes = list(differing_sources(written))
    if written.manifest["incomplete"]:
        notes.append("It was interrupted, so what had been finished then was made again.")
    return notes


def _study_again(
    written: Written,
    out: str | os.PathLike[str] | None,
    workers: int | None,
    policies: Sequence[str],
    progress: Progress | None,
    say: Say | None,
    executor: Executor | None,
) -> Remade | None:
    """Run a study again from its folder, and compare every run that had been finished.

    Where its runs stand in parts is an accident, so of these the numbers are compared. What was
    asked for is written out in the new folder, so that file is another.
    """
    earlier = load_study(written.folder)
    experiment = load_experiment(written.folder, named_policy(written.folder, policies))
    with _place(out) as folder:
        study = experiment.run(
            folder,
            None if executor is not None else workers,
            executor,
            progress=progress,
            say=say,
            command=str(written.manifest["command"]),
        )
        if study.incomplete:
            return None
        new = read_manifest(folder)
        results = [name for name in written.files if name != EXPERIMENT]
        files = {name: compared(written, new, name) for name in results}
        files[PARTS] = SAME if _same_runs(earlier, study) else DIFFERS
    return Remade(files, tuple(_notes(written)), None if out is None else folder)


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


def _is_one(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


@contextmanager
def _place(out: str | os.PathLike[str] | None):  # type: ignore[no-untyped-def]
    if out is not None:
        yield check_out(out)
        return
    with tempfile.TemporaryDirectory(prefix="cisim-") as folder:
        yield Path(folder)


def differing_sources(written: Written) -> list[str]:
    """Return in a sentence that the sources, or the version, are not those of a result."""
    here, there = sources_of_results(), written.manifest
    if here["sources"] == there["sources"]:
        return []
    model = here["sources"]["model"] == there["sources"].get("model")
    what = (
        "the model is the same, what is around it has changed"
        if model
        else f"the model was {shown(there['sources'].get('model'))} and is "
        f"{here['sources']['model']}, so runs may differ"
    )
    version = printable(str(there.get("version")))
    return [f"It was made by version {version}, and this is {here['version']}: {what}."]


def ensembles_again(
    written: Written,
    folder: Path,
    workers: int | None,
    policies: Sequence[str],
    progress: Progress | None,
    say: Say | None,
    executor: Executor | None,
    again: Again | None,
) -> Ensemble | Comparison | None:
    """Run what a manifest says was finished, and write it; None if it was stopped."""
    if written.by not in (SIMULATE, COMPARE):
        raise InputError(
            f"{printable(written.name)} says that it was made by {shown(written.by)}, which "
            f"cannot be made again from a manifest; its command can: "
            f"{printable(str(written.manifest.get('command')))}"
        )
    with as_manifest(written):
        said = written.manifest
        scenarios = scenarios_of(written, policies)
        by_region = len(said["regions"]) > 1
        each = tuple(of for of, name in EACH_FILE.items() if name in written.files)
        seeds = [said["seeds"][one.name] for one in scenarios]
        first = int(seeds[0]["first"])
        only = [unranged(one["finished"]) - first for one in seeds]
        asked = [int(said["asked"][one.name]) for one in scenarios]
        months = unranged(said["months"]).tolist()
        failed = [Failure(**one) for one in said["failed"]]
        reached = said["made"].get("precision")
        precision = None if reached is None else Precision(**reached)
        outcomes = [str(one) for one in said["outcomes"]]
    kept = what_is_kept(scenarios[0], outcomes, by_region, each, True, months)
    if list(kept.regions) != said["regions"]:
        raise InputError(
            f"{printable(written.name)} has regions {shown(said['regions'])}; its world has "
            f"{', '.join(kept.regions)}."
        )
    with keeping(folder, kept, say) as known:
        ensembles = run_ensembles(
            scenarios,
            max(asked),
            workers,
            first,
            outcomes=outcomes,
            by_region=by_region,
            each=each,
            at=months,
            known=known,
            only=[one.tolist() for one in only],
            progress=progress,
            say=say,
            executor=executor,
        )
        if ensembles[0].incomplete:
            return None
        as_then = [
            replace(
                one,
                asked=many,
                failed=tuple(fault for fault in failed if fault.scenario == one.name) + one.failed,
                incomplete=bool(said["incomplete"]),
            )
            for one, many in zip(ensembles, asked, strict=True)
        ]
        result: Ensemble | Comparison = as_then[0]
        if written.by == COMPARE:
            result = Comparison({one.name: one for one in as_then}, precision)
        assert known is not None
        known.write(
            result,
            lambda place, found: (
                write_again(place, found, written)
                if again is None
                else again(place, found, written)
            ),
        )
    return result


def write_again(
    folder: Path,
    result: Ensemble | Comparison,
    written: Written,
    charts: Mapping[str, str] | None = None,
) -> None:
    """Write a result that was made again, with the tables that an earlier one has."""
    made = {name: one for name, one in written.manifest["made"].items() if name == PARTS_OF}
    tables = {}
    if ABLATION in written.files and isinstance(result, Comparison):
        from cisim.lab.ablation import worth

        tables[ABLATION] = worth(result, result.names[0], made[PARTS_OF])
    kept = {name: svg for name, svg in (charts or {}).items() if name in written.files}
    write_ensembles(
        folder,
        result,
        str(written.manifest["command"]),
        charts=kept,
        tables=tables,
        each_in_tables=GAINS in written.files,
        made=made,
    )


PARTS_OF = "parts"
"""Of a comparison of a scenario without each of its components: which is which."""


def compared(earlier: Written, new: Written, name: str) -> str:
    """Return whether a file of a result is the same in another one."""
    if name not in new.files:
        return NOT_MADE
    if new.files[name] == earlier.files[name]:
        return SAME
    if not (earlier.folder / name).is_file() or earlier.changed(name):
        return UNKNOWN
    one, other = earlier.folder / name, new.folder / name
    same = (
        same_tables(one, other)
        if name.endswith(".parquet")
        else same_texts(one, other, earlier, new)
    )
    return BUT_FOR_THE_KEY if same else DIFFERS


def same_tables(one: Path, other: Path) -> bool:
    """Return whether two Parquet files have the same columns and numbers, to the bit."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        here, there = parquet.read_table(one).to_pandas(), parquet.read_table(other).to_pandas()
    except (OSError, pa.ArrowException):
        return False
    if list(here.columns) != list(there.columns) or len(here) != len(there):
        return False
    for column in here.columns:
        a, b = here[column].to_numpy(), there[column].to_numpy()
        if a.dtype != b.dtype:
            return False
        equal = a.tobytes() == b.tobytes() if a.dtype.kind == "f" else bool((a == b).all())
        if not equal:
            return False
    return True


_NAME = re.compile(rb"chart-[0-9a-f]{10}")
"""How a chart calls its parts, by a hash of all that it says."""


def same_texts(one: Path, other: Path, earlier: Written, new: Written) -> bool:
    """Return whether two texts are the same, but for the key and the version that each carries."""
    texts = []
    for path, written in ((one, earlier), (other, new)):
        text = path.read_bytes().replace(written.key.encode(), b"key")
        version = f"cisim {written.manifest['version']} ".encode()
        texts.append(_NAME.sub(b"chart", text.replace(version, b"cisim ")))
    return texts[0] == texts[1]
