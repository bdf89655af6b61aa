"""A search or an analysis gone through once more exactly as it came then, from what is kept.

What is asked and what came of each piece (finished, failed and why, never begun) decide all that
follows, so the same function gives the same object, an interrupted one, too: with `folder` from the
rows in its parts, and nothing is run; without, by running what was finished then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.lab.executors import Function
from cisim.lab.manifest import ranges, without_places
from cisim.lab.store import Store
from cisim.lab.store.keys import as_of, results_version
from cisim.model.input_error import InputError
from cisim.model.state import Floats

PIECES = "pieces"
"""In a manifest, under `made`: what came of each piece."""


@dataclass(eq=False)
class Batch:
    """Pieces that were asked for together, and their rows.

    columns  : the name of each number
    called   : what a piece is called, and its seed
    rows     : (pieces, columns) float as they are kept
    finished : (pieces,) bool
    """

    function: Function
    shared: Any
    columns: Sequence[str]
    called: Callable[[int], tuple[str, int]]
    rows: Floats = field(default_factory=lambda: np.empty((0, 0)))
    finished: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))


@dataclass(eq=False)
class Then:
    """What came of the pieces of a result.

    said    : of its manifest; None: all pieces were finished
    folder  : whose parts have the rows; None: they are run
    seen    : batches that were gone through, with rows where there is a folder
    lacking : pieces that were finished and of which the parts have no row
    stopped : whether it was stopped now
    """

    said: Mapping[str, Any] | None
    folder: Path | None = None
    seen: list[Batch] = field(default_factory=list)
    lacking: int = 0
    stopped: bool = False

    def begin(self, batch: Batch, pieces: int) -> tuple[NDArray[np.bool_], list[tuple[int, str]]]:
        """Return which pieces of the next batch were finished, and those that had failed."""
        at = len(self.seen)
        self.seen.append(batch)
        if self.said is None:
            return np.ones(pieces, bool), []
        batches = self.said["batches"]
        there = np.zeros(pieces, bool)
        if at >= len(batches):
            return there, []
        for low, high in batches[at]["finished"]:
            there[int(low) : int(high) + 1] = True
        return there, [(int(piece), str(reason)) for piece, reason in batches[at]["failed"]]

    def take(self, wanted: NDArray[np.bool_], rows: Floats, finished: NDArray[np.bool_]) -> None:
        """Note the rows that the parts have of the batch that was begun last."""
        self.lacking += int((wanted & ~finished).sum())
        self.seen[-1].rows, self.seen[-1].finished = rows.copy(), wanted & finished

    def reading(self, columns: Mapping[str, str], kind: str) -> Store:
        """Return the parts to be read; an empty store where there are none."""
        assert self.folder is not None
        version = None if self.said is None else str(self.said["results"]["model"])
        try:
            return Store.reading(self.folder, columns=list(columns), kind=kind, results=version)
        except InputError:
            return Store(None, columns, kind=kind)


_then: ContextVar[Then | None] = ContextVar("then", default=None)


def earlier() -> Then | None:
    """Return what came then, within `as_then`; None outside of it."""
    return _then.get()


@contextmanager
def as_then(then: Then) -> Iterator[None]:
    """Let all work within come as it came then.

    Rows are known by the keys of the version by which they were written.
    """
    before = _then.set(then)
    try:
        if then.folder is None or then.said is None:
            yield
            return
        results = then.said["results"]
        with as_of(str(results["model"]), str(results["work"])):
            yield
    finally:
        _then.reset(before)


def plain(finished: NDArray[np.bool_], failed: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """Return what came of a batch, as a manifest has it."""
    return {
        "finished": ranges(np.flatnonzero(finished)),
        "failed": [[piece, without_places(reason)] for piece, reason in failed],
    }


def made(by: str, came: Sequence[Mapping[str, Any]], through: tuple[str, ...]) -> dict[str, Any]:
    """Return what a manifest says of how a result of pieces was made.

    came    : of each batch: see `plain`
    through : the modules of the lab that decide the bits of a piece
    """
    results = {"model": results_version(), "work": results_version(through)}
    return {"by": by, PIECES: {"results": results, "batches": list(came)}}
