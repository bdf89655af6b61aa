"""What a kind of result is: how it comes back, is made again, and is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from cisim.lab.executors import Executor, Progress, Say
from cisim.lab.written import Written
from cisim.model.state import Floats
from cisim.model.told import Sentences

SAYS = Sentences(
    "done_again",
    stopped="It was stopped before all of the sample was run.",
    fails="it fails when it is run again ({reason})",
    both="{kept!r} is kept, and a run gives {given!r}",
    other_bytes="its bytes are not those of its name",
)

Draw = Callable[[Written, Any, str], Mapping[str, str]]
"""Makes the charts that a written result has once more, of what was made again and its key: SVG by
the name of the file."""


class How(NamedTuple):
    """How a result is made again, or runs of it are.

    policies : "module:function" of the policies that may be run
    draw     : makes charts; None: none are made
    """

    workers: int | None = None
    executor: Executor | None = None
    policies: Sequence[str] = ()
    progress: Progress | None = None
    say: Say | None = None
    draw: Draw | None = None


class Sample(NamedTuple):
    """How many runs are done again, None for all, and what decides which."""

    size: int | None
    draw: str

    def of(self, every: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """Return a sample, drawn by a hash of each name and number."""
        ranked = sorted(
            (hashlib.sha256(f"{self.draw} {name} {number}".encode()).digest(), name, number)
            for name, number in every
        )
        return [(name, number) for _, name, number in ranked[: self.size]]


class RunAgain(NamedTuple):
    """A run, or a piece of work, that was done again.

    scenario : or what the piece is called
    wrong    : where it differs, "" for nowhere
    """

    scenario: str
    seed: int
    wrong: str


class Looked(NamedTuple):
    """What was found of a result beside the digests of its files.

    files   : of each file, or folder of parts, what is wrong with it, "" for nothing
    runs    : that were done again
    of_runs : how many there are
    """

    files: Mapping[str, str]
    runs: Sequence[RunAgain]
    of_runs: int
    notes: Sequence[str] = ()


class Kind(Protocol):
    """One kind of results; a file of this package has it as KIND, and its name is what a manifest
    says that it was made by.
    """

    def load(self, written: Written) -> Any:
        """Return a result as Python returned it when it was made.

        Raises InputError if a file is missing or damaged, or is not what the manifest says.
        """

    def again(self, written: Written, folder: Path, how: How) -> Mapping[str, str] | None:
        """Make a result again in a folder, as far as it had come; None if it was stopped.

        What comes back is said, by name, of what is not compared as a file is: a word of
        cisim.lab.same_files, "" of what is another by its nature.
        """

    def look(self, written: Written, files: Mapping[str, str], sample: Sample, how: How) -> Looked:
        """Derive again what is derived, and do some of the runs again.

        files : of each file that is looked at what is wrong with its digest, "" for nothing
        """


STOPPED = SAYS("stopped")


def fails_again(reason: str) -> str:
    """Return what is wrong with a run that was finished and fails now."""
    return SAYS("fails", reason=reason)


def both(there: Floats, here: Floats, at: tuple[int, ...]) -> str:
    """Return a number as it is kept, and as a run gives it."""
    return SAYS("both", kept=float(there[at]), given=float(here[at]))


def first_difference(one: Floats, other: Floats) -> tuple[int, ...] | None:
    """Return the first place in which the bits of two arrays differ; None for nowhere."""
    if one.tobytes() == other.tobytes():
        return None
    bits = [np.ascontiguousarray(array).view(np.uint64) for array in (one, other)]
    return tuple(int(k) for k in np.argwhere(bits[0] != bits[1])[0])


def changed_parts(folder: Path) -> dict[str, str]:
    """Return what is wrong with each part of a result, by the digest that is its name."""
    from cisim.lab.results import PARTS

    found = {}
    for path in sorted((folder / PARTS).glob("part-*.parquet")):
        digest = path.stem.removeprefix("part-")
        same = hashlib.sha256(path.read_bytes()).hexdigest() == digest
        found[f"{PARTS}/{path.name}"] = "" if same else SAYS("other_bytes")
    return found
