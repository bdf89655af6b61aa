"""Work that can be continued.

What has been computed is kept in a store under a key that depends on everything that decides its
bits, and on nothing else (cisim.lab.store.keys); work that was broken off goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab import once_more
from cisim.lab.executors import Ending, Executor, Function, Progress, Say, execute, whole_number
from cisim.lab.store import Store, key_of
from cisim.lab.store.keys import packed
from cisim.lab.warm import warm
from cisim.model.input_error import InputError
from cisim.model.limits import LARGEST_SEED
from cisim.model.state import Floats
from cisim.model.told import Sentences

SAYS = Sentences(
    "resumed",
    from_before="{before:,} of {of:,} are there from before.",
)

__all__ = [
    "Called",
    "Done",
    "Parts",
    "Quarantined",
    "check_room",
    "continue_work",
    "key_of",
    "known_rows",
    "work_on",
]

COLUMNS = {"name": "string", "value": "float64"}
KIND = "pieces"
"""What a store calls such rows."""


class Quarantined(NamedTuple):
    """A piece that is quarantined: which, why in one line, and the line that does it again."""

    which: str
    reason: str
    again: str = ""


class Called(NamedTuple):
    """What a piece is called, and the seed of its future."""

    which: str
    seed: int


@dataclass(frozen=True)
class Parts:
    """Where pieces of work are kept that give a row of numbers each.

    folder  : of the result; None keeps nothing
    columns : the name of each number
    came    : what came of each batch of pieces so far, for the manifest: see cisim.lab.once_more
    """

    folder: Path | None
    columns: Sequence[str]
    say: Say | None = None
    came: list[dict[str, Any]] = field(default_factory=list)

    def open(self) -> Store:
        """Return the store of it; raises InputError if somebody else writes there."""
        then = once_more.earlier()
        if then is not None and then.folder is not None:
            return then.reading(COLUMNS, KIND)
        return Store(self.folder, COLUMNS, self.say, kind=KIND)


@dataclass(frozen=True)
class Done:
    """What came of the pieces.

    rows       : (pieces, columns) float, NaN where a piece did not finish
    finished   : (pieces,) bool
    failed     : (piece, reason) of those that are quarantined
    incomplete : whether it was stopped before the end
    """

    rows: Floats
    finished: NDArray[np.bool_]
    failed: tuple[tuple[int, str], ...]
    incomplete: bool


def continue_work(
    function: Function,
    shared: Any,
    keys: Sequence[str],
    parts: Parts,
    *,
    called: Callable[[int], Called] | None = None,
    workers: int = 1,
    together: int = 1,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Done:
    """Call `function(shared, piece)`, which returns a row, for each piece that is not yet known.

    keys   : the key of each piece
    called : what a piece is called; left out, by its number

    Raises InputError if somebody else writes into the folder, or if it cannot be written.
    """

    def greet(before: int) -> None:
        if before and say is not None:
            say(SAYS("from_before", before=before, of=len(keys)))
        if before and progress is not None:
            progress(before, len(keys))

    with parts.open() as store:
        return work_on(
            store, function, shared, keys, parts, called=called, greet=greet, workers=workers,
            together=together, progress=progress, say=say, executor=executor,
        )  # fmt: skip


def work_on(
    store: Store,
    function: Function,
    shared: Any,
    keys: Sequence[str],
    parts: Parts,
    *,
    called: Callable[[int], Called] | None = None,
    greet: Callable[[int], None],
    first: bool = True,
    workers: int = 1,
    together: int = 1,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Done:
    """Do as `continue_work` with the store of `parts`, which is open; note what came.

    greet : called with how many are there from before
    first : whether nothing was done before, so that input that cannot be run is told
    """
    rows, finished = known_rows(store, keys, parts.columns)
    then = once_more.earlier()
    batch = once_more.Batch(function, shared, parts.columns, called or _by_number)
    wanted = np.ones(len(keys), bool)
    failed: list[tuple[int, str]] = []
    if then is not None:
        wanted, failed = then.begin(batch, len(keys))
        if then.folder is not None:
            then.take(wanted, rows, finished)
            wanted &= finished
        rows[~wanted], finished[~wanted] = np.nan, False
    left = np.flatnonzero(wanted & ~finished).tolist()
    before, stopped = int(finished.sum()), False
    try:
        greet(before)
    except KeyboardInterrupt:
        stopped = True
    names = np.array(parts.columns)

    def keep(piece: int, row: Any) -> None:
        rows[piece], finished[piece] = row, True
        store.add(keys[piece], {"name": names, "value": rows[piece]})

    def count(done: int, _: int) -> None:
        if progress is not None:
            progress(before + done, len(keys))

    if left and not stopped:
        warm(say)
    ending = (
        Ending([], bool(left))
        if stopped
        else execute(
            function,
            shared,
            left,
            keep,
            workers=workers,
            together=together,
            executor=executor,
            progress=count,
            say=say,
        )
    )
    for fault in ending.failed:
        if fault.kind == "InputError" and first and not finished.any():
            raise InputError(fault.reason)
    failed += [(fault.piece, fault.reason) for fault in ending.failed]
    if then is not None:
        then.stopped |= ending.incomplete
    parts.came.append(once_more.plain(finished, failed))
    unknown = len(keys) - int(finished.sum()) - len(failed)
    return Done(rows, finished, tuple(sorted(failed)), ending.incomplete or unknown > 0)


def _by_number(piece: int) -> Called:
    return Called(f"piece {piece}", piece)


def known_rows(
    store: Store, keys: Sequence[str], columns: Sequence[str]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the rows that are there, NaN where one is not, and which are."""
    rows = np.full((len(keys), len(columns)), np.nan)
    if not store.has(keys).any():
        return rows, np.zeros(len(keys), bool)
    wanted, piece_of = np.unique(packed(keys), return_inverse=True)
    found = np.full((wanted.size, len(columns)), np.nan)
    count = np.zeros(wanted.size, np.int64)
    for batch in store.batches(["key", "name", "value"]):
        places = _codes(batch["name"], {name: k for k, name in enumerate(columns)})
        words = packed(batch["key"].dictionary.to_pylist())
        at = wanted.searchsorted(words)
        at[at == wanted.size] = 0
        which = np.where(wanted[at] == words, at, -1)[batch["key"].indices.to_numpy()]
        mine = (which >= 0) & (places >= 0)
        found[which[mine], places[mine]] = batch["value"].to_numpy()[mine]
        np.add.at(count, which[mine], 1)
    rows[:] = found[piece_of]
    finished = (count == len(columns))[piece_of]
    rows[~finished] = np.nan
    return rows, finished


def _codes(words: Any, places: dict[str, int]) -> NDArray[np.int64]:
    """Return the place of each word of a dictionary column, -1 for a word that has none."""
    known = np.array([places.get(word, -1) for word in words.dictionary.to_pylist()], np.int64)
    return known[words.indices.to_numpy()]


def check_room(seed: object, most: int) -> int:
    """Return a seed after which `most` further ones are allowed; raises InputError otherwise."""
    return whole_number("seed", seed, 0, LARGEST_SEED - most)
