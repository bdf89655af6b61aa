"""What has been computed, kept in parts so that work that was broken off can go on.

A part is a Parquet file of some rows under their keys. Its name is the hash of all its bytes, so
that one that was damaged is seen as such, wherever that was, and what it held is done again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from cisim.lab.disk import replacing, unwritable
from cisim.lab.executors import Say
from cisim.model.state import Floats

_NAME = re.compile(r"part-([0-9a-f]{64})\.parquet")
_KEY = "key"


class Parts:
    """Rows of numbers under keys, on disk as parts that are whole or not there.

    Without a folder they are kept in memory only.

    rows : what is known, by key, (columns,) each
    """

    EVERY = 20
    """After so many new rows a part is written."""

    def __init__(self, folder: Path | None, columns: Sequence[str], say: Say | None = None) -> None:
        self.folder, self.columns = folder, list(columns)
        self.rows: dict[str, Floats] = {}
        self._new: list[str] = []
        self._damaged: list[Path] = []
        if folder is None:
            return
        for path in sorted(folder.glob("part-*.parquet")):
            name = _NAME.fullmatch(path.name)
            if name is None:
                continue  # of an older version
            try:
                data = path.read_bytes()
            except OSError as error:
                if say is not None:
                    why = error.strerror or error
                    say(f"{path.name} cannot be read ({why}); what it held is done again.")
                continue
            if hashlib.sha256(data).hexdigest() != name[1]:
                self._damaged.append(path)
                if say is not None:
                    say(f"{path.name} is damaged; what it held is done again.")
                continue
            self.rows.update(_unpacked(data, self.columns))

    def add(self, key: str, row: Floats) -> None:
        """Keep a row; every now and then write what is new."""
        self.rows[key] = row
        self._new.append(key)
        if len(self._new) >= self.EVERY:
            self.flush()

    def flush(self) -> None:
        """Write what is new, and throw away what is damaged.

        Raises InputError if the folder cannot be written.
        """
        if self.folder is None:
            return
        for path in self._damaged:
            with suppress(OSError):
                path.unlink()
        self._damaged = []
        if self._new:
            data = _packed(self._new, np.array([self.rows[key] for key in self._new]), self.columns)
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                name = f"part-{hashlib.sha256(data).hexdigest()}.parquet"
                with replacing(self.folder / name) as file:
                    file.write(data)
            except OSError as error:
                raise unwritable(self.folder, error) from None
            self._new = []


def _packed(keys: Sequence[str], rows: Floats, columns: Sequence[str]) -> bytes:
    """Return the bytes of a part, from (n, columns) numbers."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    arrays = [pa.array(keys, pa.string()), *(pa.array(column) for column in rows.T)]
    parquet.write_table(pa.table(arrays, names=[_KEY, *columns]), sink, compression="zstd")
    return bytes(sink.getvalue())


def _unpacked(data: bytes, columns: Sequence[str]) -> dict[str, Floats]:
    """Return the rows of a part by key; none if it is of other work."""
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(pa.BufferReader(data))
    if table.column_names != [_KEY, *columns]:
        return {}
    numbers = [table[name].to_numpy() for name in columns]
    rows = np.column_stack(numbers).astype(np.float64, copy=False)
    return dict(zip(table[_KEY].to_pylist(), rows, strict=True))
