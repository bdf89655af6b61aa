"""What a process of the pool does: chunks of pieces, as long as its parent lives."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from multiprocessing import connection, current_process, parent_process
from typing import Any, NamedTuple

from cisim.lab.executors.work import Function, fault_of

_stopped: Any = None
"""In a worker: a byte shared with the parent, 1 when it should stop after the piece under way."""
_since: Any = None
_piece: Any = None
"""In a worker, shared with the parent, a place for each: since when (seconds of time.monotonic,
0 for idle) it is at which piece."""
_place = 0


class Done(NamedTuple):
    """What came of a chunk, as far as it came, and the seconds that all and the longest took."""

    results: list[tuple[int, Any]]
    seconds: float
    longest: float


def begin(stopped: Any, since: Any, piece: Any, polite: int = 0) -> None:
    """Prepare a worker: Ctrl-C is the parent's business, and it does not outlive the parent.

    polite : how much less urgent than its parent it is, where a system knows such a thing
    """
    global _stopped, _since, _piece, _place
    _stopped, _since, _piece = stopped, since, piece
    _place = (int(current_process().name.rpartition("-")[2]) - 1) % len(since)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if polite and hasattr(os, "nice"):
        os.nice(polite)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def ready() -> None:
    """Do nothing, which shows that a worker starts."""


@lru_cache(maxsize=2)
def _unpacked(payload: bytes) -> Any:
    return pickle.loads(payload)


def do(function: Function, payload: bytes, indexes: Sequence[int]) -> Done:
    """Do the pieces of a chunk."""
    began, longest = time.perf_counter(), 0.0
    results: list[tuple[int, Any]] = []
    for index in indexes:
        if _stopped.value:
            break
        here = time.perf_counter()
        _piece[_place], _since[_place] = index, time.monotonic()
        try:
            result = function(_unpacked(payload), index)
        except BaseException as error:
            result = fault_of(index, error)
        longest = max(longest, time.perf_counter() - here)
        results.append((index, result))
    _since[_place] = 0.0
    return Done(results, time.perf_counter() - began, longest)
