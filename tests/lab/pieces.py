"""Pieces of work for the tests: a worker must be able to import them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from multiprocessing import connection
from pathlib import Path

import numpy as np


def square(shared: int, index: int) -> np.ndarray:
    return np.full(3, shared + index * index, float)


def urgency(shared: None, index: int) -> int:
    return os.nice(0)


def process_of(shared: float, index: int) -> int:
    time.sleep(shared)
    return os.getpid()


def large(shared: float, index: int) -> bytes:
    time.sleep(shared)
    return bytes(5_000_000)


def raise_on(shared: set[int], index: int) -> int:
    if index in shared:
        raise ValueError(f"piece {index}\nis bad")
    return index


def raise_once(shared: str, index: int) -> int:
    if index in (3, 5) and not Path(f"{shared}-{index}").exists():
        Path(f"{shared}-{index}").touch()
        raise MemoryError
    return index


def count_and_raise(shared: list[int], index: int) -> None:
    shared.append(index)
    raise ValueError


def leave_on(shared: set[int], index: int) -> object:
    if index in shared:
        raise SystemExit(5)
    return index


def unsendable_on(shared: set[int], index: int) -> object:
    return (lambda: index) if index in shared else index


def kill_on(shared: set[int], index: int) -> int:
    if index in shared:
        _die()
    return index


def kill_once(shared: str, index: int) -> int:
    if index == 7 and not Path(shared).exists():
        Path(shared).touch()
        _die()
    return index


def die_while_sending(shared: set[int], index: int) -> bytes:
    if index not in shared:
        return b"done"

    def send_half(self: connection.Connection, parts: bytes) -> None:
        os.write(self.fileno(), parts[: len(parts) // 2])
        _die()

    connection.Connection._send = send_half  # type: ignore[attr-defined]
    return bytes(1_000_000)


def _die() -> None:
    assert multiprocessing.parent_process() is not None, "never in the parent"
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_on(shared: set[int], index: int) -> int:
    if index in shared:
        time.sleep(20)
    return index


def row(shared: float, index: int) -> np.ndarray:
    time.sleep(shared)
    return np.array([index / 7.0, index * index], float)
