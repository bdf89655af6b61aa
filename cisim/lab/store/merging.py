"""Merging parts: which go together, and their rows in groups of some megabytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cisim.lab.store.keys import Keys, none
from cisim.lab.store.part import Part, open_part

FULL = 32 << 20
"""A part of so many bytes is not merged with others."""
MANY = 64
"""So many smaller parts are merged."""
_GROUP = 4 << 20
_ROWS = 1 << 14


class DamagedError(Exception):
    """A part is no longer what was written."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.part = part


def gathered(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield parts that make a large one together, in order."""
    some: list[Part] = []
    for one in parts:
        some.append(one)
        if sum(other.size for other in some) >= FULL:
            yield some
            some = []
    if len(some) > 1 or (some and some[0].skip is not None):
        yield some


def rows_of(parts: Sequence[Part], kept: Sequence[NDArray[np.bool_]]) -> Iterator[pa.Table]:
    """Yield the rows of the runs that are kept, some megabytes at a time.

    Raises DamagedError if a part is no longer what was written.
    """
    waiting: list[pa.Table] = []
    for one, mine in zip(parts, kept, strict=True):
        assert isinstance(one.source, Path)
        rows, start = np.repeat(mine, one.sizes), 0
        with open_part(one.source) as file:
            if file is None:
                raise DamagedError(one)
            for batch in file.iter_batches(_ROWS, use_threads=False):
                table = pa.Table.from_batches([batch])
                waiting.append(table.filter(pa.array(rows[start : start + batch.num_rows])))
                start += batch.num_rows
                if sum(table.nbytes for table in waiting) >= _GROUP:
                    yield _together(waiting)
                    waiting = []
    if waiting:
        yield _together(waiting)


def _together(tables: Sequence[pa.Table]) -> pa.Table:
    """Return tables as one, without the notes of the parts they came from."""
    plain = [table.replace_schema_metadata(None) for table in tables]
    return pa.concat_tables(plain).unify_dictionaries().combine_chunks()


def find_doubles(parts: Sequence[Part]) -> Keys:
    """Note for each part which of its runs one before it has, too; return all keys, ascending."""
    keys = np.concatenate([none(), *(one.keys for one in parts)])
    order = np.argsort(keys, kind="stable")
    ascending = keys[order]
    again = np.zeros(keys.size, bool)
    again[1:] = ascending[1:] == ascending[:-1]
    later = np.empty(keys.size, bool)
    later[order] = again
    start = 0
    for one in parts:
        mine = later[start : start + one.keys.size]
        one.skip = mine.copy() if mine.any() else None
        start += one.keys.size
    return ascending[~again]
