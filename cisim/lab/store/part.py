"""A part: a Parquet file of the rows of some runs, which never changes.

Its name is the hash of all its bytes, so that one that was damaged is seen as such, wherever that
was. It says in its metadata which results version it is of. The rows of a run stand together, and
numbers come back to the bit: they are not encoded, texts are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from cisim.lab.store.keys import LENGTH, Keys, none

KEY = "key"
FOLDER = "parts"
_NAME = re.compile(r"part-([0-9a-f]{64})\.parquet")
_RESULTS, _SHARD, _KIND = b"cisim.results", b"cisim.shard", b"cisim.kind"
_TYPES = {
    "float64": pa.float64(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "bool": pa.bool_(),
    "string": pa.dictionary(pa.int32(), pa.string()),
}


def schema_of(columns: Mapping[str, str], results: str, kind: str, shard: str = "") -> pa.Schema:
    """Return the schema of parts with some columns, and with what they say of themselves."""
    fields = [(KEY, _TYPES["string"]), *((name, _TYPES[kind]) for name, kind in columns.items())]
    return pa.schema(fields, metadata={_RESULTS: results, _SHARD: shard, _KIND: kind})


def columns_of(schema: pa.Schema) -> dict[str, str] | None:
    """Return the columns of a part without the key; None if it is none of ours."""
    kinds = {kind: name for name, kind in _TYPES.items()}
    if schema.names[:1] != [KEY] or any(one.type not in kinds for one in schema):
        return None
    if _RESULTS not in (schema.metadata or {}):
        return None
    return {one.name: kinds[one.type] for one in schema if one.name != KEY}


def results_of(schema: pa.Schema) -> str:
    """Return the results version of a part."""
    return _said(schema, _RESULTS)


def kind_of(schema: pa.Schema) -> str:
    """Return what the rows of a part are of."""
    return _said(schema, _KIND)


def _said(schema: pa.Schema, what: bytes) -> str:
    return (schema.metadata or {}).get(what, b"").decode("utf-8", "replace")


@dataclass(eq=False)
class Part:
    """What is known of one part.

    source : its file, or its rows if they are in memory only
    schema : its columns, and what it says of itself
    keys   : (n,) of its runs, in order
    sizes  : (n,) rows of each run
    size   : bytes
    skip   : (n,) whether another part has the run, too; None if none has
    """

    source: Path | pa.Table
    schema: pa.Schema
    keys: Keys
    sizes: NDArray[np.int32]
    size: int
    skip: NDArray[np.bool_] | None = field(default=None)

    @property
    def shard(self) -> str:
        """Return the shard that wrote it, "" for none."""
        return _said(self.schema, _SHARD)


def digest_in(name: str) -> str | None:
    """Return the hash that the name of a part has, None if it is no part's name."""
    found = _NAME.fullmatch(name)
    return None if found is None else found[1]


def name_of(digest: str) -> str:
    """Return the name of a part whose bytes have this hash."""
    return f"part-{digest}.parquet"


@contextmanager
def open_part(path: Path) -> Iterator[parquet.ParquetFile | None]:
    """Open a part; yield None if its bytes are not those that were written.

    Raises OSError if it cannot be read and ArrowException if it is no Parquet file.
    """
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest_in(path.name):
            yield None
            return
        file.seek(0)
        yield parquet.ParquetFile(file)


def packing(schema: pa.Schema) -> dict[str, Any]:
    """Return how parts are written."""
    words = [one.name for one in schema if pa.types.is_dictionary(one.type)]
    counts = [one.name for one in schema if pa.types.is_integer(one.type)]
    return {
        "compression": "zstd",
        "use_dictionary": [*words, *counts],
        "write_statistics": [*words[1:], *counts],
        "write_page_checksum": True,
        "store_schema": True,
    }


def _packed(words: pa.StringArray) -> Keys:
    """Return keys as bytes, (n,), without a Python object for each of a million."""
    ends = np.frombuffer(words.buffers()[1], np.int32)[words.offset : words.offset + len(words) + 1]
    if words.null_count or not (np.diff(ends) == LENGTH).all():
        raise ValueError("not every key has its length")
    text = words.buffers()[2].to_pybytes()[ends[0] : ends[-1]]
    return np.frombuffer(bytes.fromhex(text.decode("ascii")), f"S{LENGTH // 2}")


def runs_in(column: pa.ChunkedArray) -> tuple[Keys, NDArray[np.int32]]:
    """Return the keys of the runs in a column of keys, and how many rows each has.

    Raises ValueError if one is no key.
    """
    keys: list[Keys] = []
    sizes: list[NDArray[np.int32]] = []
    for chunk in column.chunks:
        codes = chunk.indices.to_numpy()
        if not codes.size:
            continue
        starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
        words = chunk.dictionary.take(pa.array(codes[starts]))
        found = _packed(words)
        counts = np.diff(np.append(starts, codes.size)).astype(np.int32)
        if keys and found[0] == keys[-1][-1]:  # a run across two chunks
            sizes[-1][-1] += counts[0]
            found, counts = found[1:], counts[1:]
        if found.size:
            keys.append(found)
            sizes.append(counts)
    if not keys:
        return none(), np.empty(0, np.int32)
    return np.concatenate(keys), np.concatenate(sizes)
