"""The key of a run, and many keys in little memory.

A key is a hash of what a run starts from (the resolved scenario with its parameters and policy,
and the seed) and of the results version, and of nothing else: no order, no chunk, no worker, no
machine. The results version is the code under model/ and world/, without its comments and
docstrings (cisim.model.sources), and the code of those modules of the lab that the piece of work
itself goes through. What only sends, keeps, writes or shows results is not part of it, so a study
can be gone on with after that has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.model.sources import code_hash, source_hash

LENGTH = 24
"""Hexadecimal digits of a key."""
Keys = NDArray[np.bytes_]
"""(n,) S12, keys as bytes."""
_TYPE = f"S{LENGTH // 2}"
_RECENT = 4096


def key_of(origin: Mapping[str, Any], through: Iterable[str] = ()) -> str:
    """Return the key of one piece of work, 24 hexadecimal digits.

    origin  : what it starts from, as plain values
    through : the modules of the lab that decide its bits, by name
    """
    modules = tuple(through)
    then = _as_of.get()
    version = results_version(modules) if then is None else then[bool(modules)]
    said = {"results": version, **origin}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


_as_of: ContextVar[tuple[str, str] | None] = ContextVar("results versions", default=None)


@contextmanager
def as_of(model: str, work: str) -> Iterator[None]:
    """Let keys within be those of another results version, so that what it has kept is found.

    model, work : `results_version` of it without modules of the lab, and with those of the work
    """
    before = _as_of.set((model, work))
    try:
        yield
    finally:
        _as_of.reset(before)


@cache
def results_version(through: tuple[str, ...] = ()) -> str:
    """Return a hash of the code that decides results, 16 hexadecimal digits."""
    if not through:
        return source_hash()
    files = [(name, _source(name)) for name in sorted(set(through))]
    return hashlib.sha256(f"{source_hash()} {code_hash(files)}".encode()).hexdigest()[:16]


def _source(module: str) -> bytes:
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ValueError(f"there is no module {module}")
    return Path(found.origin).read_bytes()


def inner(key: str) -> bytes:
    """Return a key as bytes; raises ValueError if it is not of 24 hexadecimal digits."""
    if len(key) != LENGTH:
        raise ValueError(f"{key!r} is no key; a key has {LENGTH} hexadecimal digits")
    return bytes.fromhex(key)


def packed(keys: Sequence[str]) -> Keys:
    """Return keys as bytes, (n,).

    Raises ValueError if one is not of 24 hexadecimal digits.
    """
    whole = "".join(keys)
    if not {LENGTH}.issuperset(map(len, keys)):
        inner(next(key for key in keys if len(key) != LENGTH))
    return np.frombuffer(bytes.fromhex(whole), _TYPE)


def none() -> Keys:
    """Return no keys, (0,)."""
    return np.empty(0, _TYPE)


class Known:
    """A growing set of keys: a sorted array, and a small set of those that came since."""

    def __init__(self, ascending: Keys | None = None) -> None:
        self._sorted: Keys = none() if ascending is None else ascending
        self._recent: set[bytes] = set()

    def __len__(self) -> int:
        return int(self._sorted.size) + len(self._recent)

    def add(self, key: bytes) -> None:
        """Note a key that is not among them."""
        self._recent.add(key)
        if len(self._recent) > max(_RECENT, self._sorted.size // 16):
            new = np.sort(np.array(list(self._recent), _TYPE))
            self._sorted = np.sort(np.concatenate([self._sorted, new]), kind="stable")
            self._recent = set()

    def __contains__(self, key: bytes) -> bool:
        if key in self._recent:
            return True
        if not self._sorted.size:
            return False
        one = np.array([key], _TYPE)
        place = int(self._sorted.searchsorted(one)[0])
        return place < self._sorted.size and bool(self._sorted[place] == one[0])

    def has(self, keys: Keys) -> NDArray[np.bool_]:
        """Return which of some keys are among them, (n,)."""
        found = np.zeros(keys.size, bool)
        if self._sorted.size:
            place = self._sorted.searchsorted(keys)
            place[place == self._sorted.size] = 0
            found = self._sorted[place] == keys
        if self._recent:
            size = LENGTH // 2
            data = keys.tobytes()
            recent = self._recent
            found |= [data[k * size : k * size + size] in recent for k in range(keys.size)]
        return found
