"""A result made again from its manifest alone, and whether each file is the same.

What was finished then is done again, of an interrupted result, too: see cisim.lab.kinds. Of a
comparison's folder the results that stand in it are made again, too.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cisim.lab.executors import Executor, Progress, Say
from cisim.lab.kinds import known_kind
from cisim.lab.kinds.kind import Draw, How
from cisim.lab.results import beside, check_out
from cisim.lab.same_files import BUT_FOR_THE_KEY, SAME, compared, differing_sources
from cisim.lab.written import Written, read_manifest
from cisim.model.input_error import InputError, printable
from cisim.model.told import Sentences

SAYS = Sentences(
    "remade",
    same_place="out is {path}, where the manifest is; allowed is another.",
    interrupted="It was interrupted, so what had been finished then was made again.",
)


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
    draw: Draw | None = None,
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
    draw     : makes its charts; None for the numbers alone

    Raises InputError if something given is wrong, or a policy is missing or another now.
    """
    written = read_manifest(manifest)
    if out is not None and _is_one(Path(out), written.folder):
        raise InputError(SAYS("same_place", path=printable(Path(out))))
    kind = known_kind(written)
    with _place(out) as folder:
        said = kind.again(written, folder, How(workers, executor, policies, progress, say, draw))
        if said is None:
            return None
        new = read_manifest(folder)
        left = [name for name in written.files if name not in said]
        files = {name: compared(written, new, name) for name in left}
        files |= {name: state for name, state in said.items() if state}
        notes = _notes(written)
        for inner in beside(written.folder) if Path(manifest).is_dir() else []:
            other = rerun(
                inner, None if out is None else folder / inner.name, workers, policies=policies,
                draw=draw, progress=progress, say=say, executor=executor,
            )  # fmt: skip
            if other is None:
                return None
            files |= {f"{inner.name}/{name}": state for name, state in other.files.items()}
            notes += [one for one in other.notes if one not in notes]
    return Remade(files, tuple(notes), None if out is None else folder)


def _notes(written: Written) -> list[str]:
    notes = list(differing_sources(written))
    if written.manifest["incomplete"]:
        notes.append(SAYS("interrupted"))
    return notes


def _is_one(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


@contextmanager
def _place(out: str | os.PathLike[str] | None) -> Iterator[Path]:
    if out is not None:
        yield check_out(out)
        return
    with tempfile.TemporaryDirectory(prefix="cisim-") as folder:
        yield Path(folder)
