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
from multiprocessing import connection, parent_process
from typing import Any

from cisim.lab.executors.work import Function, fault_of

_stopped: Any = None
"""In a worker: a byte shared with the parent, 1 when it should stop after the piece under way."""


def begin(stopped: Any) -> None:
    """Prepare a worker: Ctrl-C is the parent's business, and it does not outlive the parent."""
    global _stopped
    _stopped = stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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


def do(
    function: Function, payload: bytes, indexes: Sequence[int]
) -> tuple[list[tuple[int, Any]], float]:
    """Return the results of a chunk as far as it came, and the seconds it took."""
    began = time.perf_counter()
    results: list[tuple[int, Any]] = []
    for index in indexes:
        if _stopped.value:
            break
        try:
            result = function(_unpacked(payload), index)
        except BaseException as error:
            result = fault_of(index, error)
        results.append((index, result))
    return results, time.perf_counter() - began
