"""Resampling with luck that has an address: the same study gives the same intervals anywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.model.luck import philox, word
from cisim.model.state import Floats

SEED = 1
_UNIT = 2.0**-32


def uniforms(address: str, rows: int, columns: int, seed: int = SEED) -> Floats:
    """Return uniform draws within (0, 1) at an address, (rows, columns).

    Draw c of row r is that of luck.uniform at process `address`, month 0, number r and draw c.
    """
    blocks = -(-columns // 4)
    number, index = np.divmod(np.arange(rows * blocks, dtype=np.uint64), np.uint64(max(blocks, 1)))
    month = np.full(number.size, 1000, np.uint64)
    process = np.full(number.size, word(address), np.uint64)
    low, high = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    plain: Any = philox
    words = np.stack(plain.py_func(number, index, month, process, low, high), axis=-1)
    return ((words.astype(np.float64) + 0.5) * _UNIT).reshape(rows, blocks * 4)[:, :columns]


def resampled(address: str, n: int, times: int) -> NDArray[np.int64]:
    """Return rows drawn from n with replacement, (times, n)."""
    return (uniforms(address, times, n) * n).astype(np.int64)


def shuffled(address: str, n: int, times: int) -> NDArray[np.int64]:
    """Return orders of n rows, (times, n)."""
    return np.argsort(uniforms(address, times, n), axis=1, kind="stable")
