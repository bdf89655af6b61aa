"""Work that can be continued.

What has been computed is kept in a store under a key that depends on everything that decides its
bits, and on nothing else (cisim.lab.store.keys); work that was broken off goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.lab.executors import Executor, Function, Progress, Say, execute, whole_number
from cisim.lab.store import Store, key_of
from cisim.lab.store.keys import packed
from cisim.model.input_error import InputError
from cisim.model.limits import LARGEST_SEED
from cisim.model.state import Floats

__all__ = ["Done", "Parts", "check_room", "continue_work", "key_of", "known_rows"]

COLUMNS = {"name": "string", "value": "float64"}


@dataclass(frozen=True)
class Parts:
    """Where pieces of work are kept that give a row of numbers each.

    folder  : of the result; None keeps nothing
    columns : the name of each number
    """

    folder: Path | None
    columns: Sequence[str]
    say: Say | None = None

    def open(self) -> Store:
        """Return the store of it; raises InputError if somebody else writes there."""
        return Store(self.folder, COLUMNS, self.say, kind="pieces")


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
    workers: int = 1,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Done:
    """Call `function(shared, piece)`, which returns a row, for each piece that is not yet known.

    keys : the key of each piece

    Raises InputError if somebody else writes into the folder, or if it cannot be written.
    """
    with parts.open() as store:
        rows, finished = known_rows(store, keys, parts.columns)
        left = np.flatnonzero(~finished).tolist()
        before = len(keys) - len(left)
        if before and say is not None:
            say(f"{before:,} of {len(keys):,} are there from before.")
        if before and progress is not None:
            progress(before, len(keys))
        names = np.array(parts.columns)

        def keep(piece: int, row: Any) -> None:
            rows[piece], finished[piece] = row, True
            store.add(keys[piece], {"name": names, "value": rows[piece]})

        def count(done: int, _: int) -> None:
            if progress is not None:
                progress(before + done, len(keys))

        ending = execute(
            function,
            shared,
            left,
            keep,
            workers=workers,
            executor=executor,
            progress=count,
            say=say,
        )
    for fault in ending.failed:
        if fault.kind == "InputError" and not finished.any():
            raise InputError(fault.reason)
    failed = tuple((fault.piece, fault.reason) for fault in ending.failed)
    return Done(rows, finished, failed, ending.incomplete)


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
