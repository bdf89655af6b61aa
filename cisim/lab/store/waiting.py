"""What waits to be written: the rows of the newest runs, in buffers that are used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cisim.lab.store.keys import Keys, packed
from cisim.lab.store.part import KEY
from cisim.model.input_error import shown

BYTES = 4 << 20
"""Numbers of so many bytes are a part at once."""


class Waiting:
    """Rows under keys, not yet written.

    columns : the kind of each column, by name
    keys    : of the runs, in the order in which they came
    """

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = dict(columns)
        self._types = {
            name: np.dtype(np.int32 if kind == "string" else kind)
            for name, kind in self.columns.items()
        }
        width = sum(one.itemsize for one in self._types.values())
        self._most = max(1, BYTES // max(width, 1))
        self._buffers = {name: np.empty(0, kind) for name, kind in self._types.items()}
        self.clear()

    def clear(self) -> None:
        """Forget what was written."""
        self.keys: list[str] = []
        self._sizes: list[int] = []
        self._rows = 0
        self._words: dict[str, dict[str, int]] = {
            name: {} for name, kind in self.columns.items() if kind == "string"
        }

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def is_much(self) -> bool:
        """Return whether it is enough for a part."""
        return self._rows >= self._most or len(self.keys) >= self._most

    def add(self, key: str, columns: Mapping[str, Any]) -> None:
        """Note the rows of one run.

        Raises ValueError if a column is missing or unknown, or of another kind or length.
        """
        if columns.keys() != self.columns.keys():
            raise ValueError(f"columns are {sorted(columns)}; allowed are {sorted(self.columns)}")
        rows: int | None = None
        checked: list[tuple[str, Any]] = []
        for name, kind in self._types.items():
            value = columns[name]
            given = np.asarray(value)
            if given.ndim:
                if given.ndim > 1 or rows not in (None, given.size):
                    raise ValueError(f"{name} has shape {given.shape}; allowed is one length")
                rows = given.size
            if self.columns[name] == "string":
                given = self._codes(name, given)
            elif given.dtype != kind and not _fits(given, kind):
                raise ValueError(f"{name} is {shown(value)}; allowed is {self.columns[name]}")
            checked.append((name, given))
        size = 1 if rows is None else rows
        if not size:
            raise ValueError("a run without rows cannot be kept")
        self._make_room(size)
        end = self._rows + size
        for name, given in checked:
            self._buffers[name][self._rows : end] = given
        self.keys.append(key)
        self._sizes.append(size)
        self._rows = end

    def _codes(self, name: str, given: NDArray[Any]) -> Any:
        """Return the number of each text, the same for the same."""
        if given.dtype.kind not in "UO":
            raise ValueError(f"{name} is {shown(given.tolist())}; allowed is text")
        words = self._words[name]
        codes = [words.setdefault(str(word), len(words)) for word in given.ravel().tolist()]
        return np.array(codes, np.int32) if given.ndim else codes[0]

    def _make_room(self, size: int) -> None:
        need = self._rows + size
        there = next(iter(self._buffers.values())).size if self._buffers else need
        if need <= there:
            return
        new = max(need, min(self._most + size, 2 * there))
        for name, old in self._buffers.items():
            self._buffers[name] = np.empty(new, old.dtype)
            self._buffers[name][: self._rows] = old[: self._rows]

    def table(self, schema: pa.Schema) -> tuple[pa.Table, Keys, NDArray[np.int32]]:
        """Return the rows as a table of their own, the keys of the runs and how many rows each."""
        sizes = np.array(self._sizes, np.int32)
        arrays = []
        for name in schema.names:
            if name == KEY:
                codes = np.repeat(np.arange(sizes.size, dtype=np.int32), sizes)
                arrays.append(_dictionary(codes, self.keys))
                continue
            rows = self._buffers[name][: self._rows].copy()
            words = self._words.get(name)
            arrays.append(pa.array(rows) if words is None else _dictionary(rows, list(words)))
        return pa.table(arrays, schema=schema), packed(self.keys), sizes


def _fits(given: NDArray[Any], kind: np.dtype[Any]) -> bool:
    """Return whether numbers are of a kind, or can be without another value."""
    if not np.can_cast(given.dtype, kind, "same_kind"):
        return False
    return kind.kind != "i" or bool((given.astype(kind) == given).all())


def plain(word: str) -> str:
    """Return a text as it is kept: what a name of a file has that is no UTF-8 is escaped."""
    return word.encode("utf-8", "backslashreplace").decode()


def _dictionary(codes: NDArray[np.int32], words: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes), pa.array([plain(word) for word in words], pa.string())
    )
