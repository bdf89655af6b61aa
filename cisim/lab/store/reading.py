"""Reading parts: some columns of the rows that are wanted, a group of rows at a time.

Texts are kept as numbers into a list, and what is wanted of them is looked up in that list, not in
each row: of ten million rows one scenario is found in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from cisim.lab.store.part import Part
from cisim.lab.store.waiting import plain
from cisim.model.input_error import InputError, printable
from cisim.model.told import Sentences

SAYS = Sentences(
    "store_reading",
    damaged=(
        "{name} of {folder} has been damaged since it was opened ({why}); what it held is done "
        "again the next time."
    ),
)

Where = Mapping[str, Any]
"""A value, or a list of them, by column."""


def groups(
    part: Part, columns: Sequence[str], where: Where, keep: NDArray[np.bool_] | None
) -> Iterator[pa.RecordBatch]:
    """Yield columns of the rows of a part that are wanted.

    keep : (n,) which of its runs; None for all

    Raises FileNotFoundError, before it yields anything, if the part is gone, and InputError if it
    has been damaged since it was opened.
    """
    names = list(dict.fromkeys([*columns, *where]))
    rows = None if keep is None else np.repeat(keep, part.sizes)
    start = 0
    for group in _tables(part.source, names):
        mine = wanted(group, where)
        if rows is not None:
            here = rows[start : start + group.num_rows]
            mine = here if mine is None else mine & here
        start += group.num_rows
        found = group.select(list(columns))
        if mine is not None and not mine.all():
            found = found.filter(pa.array(mine))
        yield from (batch for batch in found.to_batches() if batch.num_rows)


def _tables(source: Path | pa.Table, names: Sequence[str]) -> Iterator[pa.Table]:
    if isinstance(source, pa.Table):
        yield from (pa.Table.from_batches([one]) for one in source.select(names).to_batches())
        return
    with source.open("rb") as file:
        try:
            held = parquet.ParquetFile(file, page_checksum_verification=True)
            for number in range(held.num_row_groups):
                yield held.read_row_group(number, names, use_threads=False).select(names)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                SAYS(
                    "damaged",
                    name=source.name,
                    folder=printable(source.parent.parent),
                    why=_first(error),
                )
            ) from None


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def wanted(table: pa.Table, where: Where) -> NDArray[np.bool_] | None:
    """Return which rows are wanted, (n,); None for all."""
    found: NDArray[np.bool_] | None = None
    for name, value in where.items():
        few = [value] if isinstance(value, str) or np.ndim(value) == 0 else list(value)
        mine = np.concatenate([_among(chunk, few) for chunk in table[name].chunks])
        found = mine if found is None else found & mine
    return found


def _among(column: pa.Array, values: Sequence[Any]) -> NDArray[np.bool_]:
    if isinstance(column, pa.DictionaryArray):
        few = {plain(value) if isinstance(value, str) else value for value in values}
        mine = np.array([word in few for word in column.dictionary.to_pylist()], bool)
        return mine[column.indices.to_numpy()]
    rows = column.to_numpy(zero_copy_only=False)
    if len(values) == 1:
        return np.asarray(rows == values[0])
    return np.isin(rows, np.array(values))
