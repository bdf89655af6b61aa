"""Luck with an address: every draw is a function of where it is used, and of nothing else.

Philox4x32-10 with key = seed and counter = (number, draw, month, process): `number` is the
entity's permanent number, never its row; `process` a stable hash of the process's name, never its
place in the schedule. Nothing consumes a stream, so a rule, a backbone or an organisation that is
added shifts nobody else's luck, and two scenarios with one seed meet the same futures.

A block of the generator holds four draws: draw d is word d mod 4 of block d div 4, so that a
meeting finds its four in one block. The world is built at month BUILDING, before all others.

Source  Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3; known answers in the tests
"""

from __future__ import annotations

import operator
from typing import NamedTuple

import numpy as np

from cisim.model.arithmetic import normal_quantile
from cisim.model.input_error import InputError, shown
from cisim.model.kernel import inlined, kernel
from cisim.model.limits import LARGEST_SEED

BUILDING = -1000
"""The month under which the world is built."""

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_UNIT = 2.0**-32


def check_seed(seed: object) -> int:
    """Return a seed as a whole number.

    Raises InputError if it is not one from 0 to LARGEST_SEED.
    """
    try:
        whole = operator.index(seed)  # type: ignore[arg-type]
    except TypeError:
        whole = -1
    if not 0 <= whole <= LARGEST_SEED:
        raise InputError(
            f"seed is {shown(seed)}; allowed is a whole number from 0 to {LARGEST_SEED}."
        )
    return whole


def word(name: str) -> int:
    """Return the 32-bit FNV-1a hash of a name: its word in every address."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


@kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Return the four words of one Philox4x32-10 block; all are uint64 below 2**32."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (
            (p1 >> _SHIFT) ^ c1 ^ k0,
            p1 & _MASK,
            (p0 >> _SHIFT) ^ c3 ^ k1,
            p0 & _MASK,
        )
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


_philox = inlined(philox.py_func)  # type: ignore[attr-defined]
"""The same within a simple loop, so that several are made at a time."""


@kernel
def block(seed, process, month, number, index):
    """Return the four uniform draws of block `index` at an address, each within (0, 1)."""
    key = np.uint64(seed)
    a, b, c, d = philox(
        np.uint64(number) & _MASK,
        np.uint64(index) & _MASK,
        np.uint64(month + 1000) & _MASK,
        np.uint64(process) & _MASK,
        key & _MASK,
        key >> _SHIFT,
    )
    return (a + 0.5) * _UNIT, (b + 0.5) * _UNIT, (c + 0.5) * _UNIT, (d + 0.5) * _UNIT


@kernel
def uniforms(seed, process, month, numbers, index, draws):
    """Write the first draw of block `index` of each number as `block` has it, in a simple loop."""
    key = np.uint64(seed)
    for k in range(numbers.size):
        first = _philox(
            np.uint64(numbers[k]) & _MASK,
            np.uint64(index) & _MASK,
            np.uint64(month + 1000) & _MASK,
            np.uint64(process) & _MASK,
            key & _MASK,
            key >> _SHIFT,
        )[0]
        draws[k] = (first + 0.5) * _UNIT


@kernel
def uniform(seed, process, month, number, draw):
    """Return the uniform draw within (0, 1) at an address."""
    a, b, c, d = block(seed, process, month, number, draw >> 2)
    lane = draw & 3
    if lane == 0:
        return a
    if lane == 1:
        return b
    return c if lane == 2 else d


@kernel
def normal(seed, process, month, number, draw):
    """Return the standard normal draw at an address."""
    return normal_quantile(uniform(seed, process, month, number, draw))


class Luck(NamedTuple):
    """Where this month's draws are found: the run's seed and the month."""

    seed: int
    month: int
