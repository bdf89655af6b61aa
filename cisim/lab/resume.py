"""Work that can be continued.

What has been computed is kept under a key that depends on everything that decides its bits, and on
nothing else; work that was broken off goes on from there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.lab.executors import Function, Progress, Say, execute, whole_number
from cisim.lab.parts import Parts
from cisim.model.input_error import InputError
from cisim.model.limits import LARGEST_SEED
from cisim.model.state import Floats


@cache
def sources() -> str:
    """Return a hash of all that decides results: the sources of model, world and lab."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent.parent
    for floor in ("model", "world", "lab"):
        for path in sorted((here / floor).rglob("*.py"), key=lambda path: path.as_posix()):
            digest.update(path.relative_to(here).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def key_of(origin: Mapping[str, Any]) -> str:
    """Return the key of one piece of work: a hash of the sources and of what it starts from."""
    text = json.dumps({"sources": sources(), **origin}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


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
    workers: int,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Done:
    """Call `function(shared, piece)`, which returns a row, for each piece that is not yet known.

    keys : the key of each piece
    """
    left = [piece for piece, key in enumerate(keys) if key not in parts.rows]
    before = len(keys) - len(left)
    if before and say is not None:
        say(f"{before:,} of {len(keys):,} are there from before.")
    if before and progress is not None:
        progress(before, len(keys))

    def keep(piece: int, row: Any) -> None:
        parts.add(keys[piece], row)

    def count(done: int, _: int) -> None:
        if progress is not None:
            progress(before + done, len(keys))

    try:
        ending = execute(function, shared, left, keep, workers=workers, progress=count, say=say)
    finally:
        parts.flush()
    for fault in ending.failed:
        if fault.kind == "InputError" and len(parts.rows) == 0:
            raise InputError(fault.reason)
    rows = np.full((len(keys), len(parts.columns)), np.nan)
    finished = np.array([key in parts.rows for key in keys], bool)
    for piece, key in enumerate(keys):
        if finished[piece]:
            rows[piece] = parts.rows[key]
    failed = tuple((fault.piece, fault.reason) for fault in ending.failed)
    return Done(rows, finished, failed, ending.incomplete)


def check_room(seed: object, most: int) -> int:
    """Return a seed after which `most` further ones are allowed; raises InputError otherwise."""
    return whole_number("seed", seed, 0, LARGEST_SEED - most)
