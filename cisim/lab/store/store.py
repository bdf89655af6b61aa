"""The store: rows of runs under keys, written by one driver, read by anybody.

The driver alone writes, workers return rows. What is new waits in memory until it is some
megabytes or ten seconds old, and then becomes a part (cisim.lab.store.part) beside the others.
Small parts are merged into large ones: the large one is safe on the disk before the small ones go,
and where a key is in two parts a reader takes one. So at every moment the parts are the truth.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import dataset, parquet

from cisim.lab import disk
from cisim.lab.executors import Say
from cisim.lab.store.keys import Keys, Known, inner, packed, results_version
from cisim.lab.store.owner import Owner, Shard
from cisim.lab.store.part import (
    FOLDER,
    KEY,
    Part,
    columns_of,
    digest_in,
    kind_of,
    name_of,
    open_part,
    packing,
    results_of,
    runs_in,
    schema_of,
    table_of,
)
from cisim.model.input_error import InputError, nearest, printable, shown

EVERY = 10.0
"""Seconds after which a result is on the disk."""
BYTES = 4 << 20
"""Numbers of so many bytes are a part at once."""
FULL = 32 << 20
"""A part of so many bytes is not merged with others."""
MANY = 64
"""So many smaller parts are merged."""
_ROWS = 1 << 17
RUNS = "runs"

Where = Mapping[str, Any]
"""A value, or a list of them, by column."""


class Store:
    """Rows of runs under keys.

    columns : the kind of each column, by name: float64, int32, int64, bool, string
    alone   : whether nobody else can write there meanwhile; some file systems know no locks
    """

    def __init__(
        self,
        folder: Path | None,
        columns: Mapping[str, str],
        say: Say | None = None,
        shard: Shard | None = None,
        *,
        kind: str = RUNS,
        results: str | None = None,
    ) -> None:
        """Take ownership of a folder, or of a shard of it, and look at what is there.

        folder  : of the result, the parts are in a folder of it; None keeps all in memory
        shard   : which one, from 1 on, and of how many
        kind    : what the rows are of; other kinds may be in the same folder and are not looked at
        results : the results version of what is written, by default this one's

        Raises InputError if another driver has it, or if it cannot be written.
        """
        self.folder, self.columns = folder, dict(columns)
        self.shard = shard
        self._say = say
        self._results = results or results_version()
        self._written_by = "" if shard is None else f"{shard[0]}/{shard[1]}"
        self._schema = schema_of(columns, self._results, kind, self._written_by)
        self._parts: dict[str, Part] = {}
        self._seen: set[str] = set()
        self._damaged: list[Path] = []
        self._new: dict[str, dict[str, NDArray[Any]]] = {}
        self._bytes = 0
        self._lock = threading.RLock()
        self._clock: threading.Timer | None = None
        self._fault: InputError | None = None
        self._owner: Owner | None = None
        if folder is not None:
            self._owner = Owner(folder, shard)
            self._owner.take()
            try:
                self._sweep()
                self._look()
            except BaseException:
                self._owner.release()
                raise
        self._known = self._knows()

    @property
    def alone(self) -> bool:
        """Return whether locks hold others off."""
        return self._owner is not None and self._owner.alone

    @classmethod
    def reading(
        cls,
        folder: Path,
        say: Say | None = None,
        *,
        columns: Sequence[str] | None = None,
        results: str | None = None,
    ) -> Store:
        """Return what a folder holds, to be read only; whoever writes there goes on.

        columns : names that it must have; None takes those of the newest part
        results : the results version; None takes this one's, or else the only one there is

        Raises InputError if there is nothing, or if it is not clear what is meant.
        """
        found = _found(folder)
        if not found:
            raise InputError(f"{printable(folder)} holds no runs; allowed is a folder of a sweep.")
        schema = _chosen(folder, found, columns, results)
        self = cls(None, columns_of(schema) or {}, say, results=results_of(schema))
        self.folder = folder
        self._look()
        self._known = self._knows()
        return self

    # --- the driver ------------------------------------------------------------------------

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is new and let others have the folder."""
        try:
            self.flush()
        finally:
            self._stop_clock()
            if self._owner is not None:
                self._owner.release()

    def __len__(self) -> int:
        """Return how many runs there are."""
        return len(self._known)

    def has(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of some runs are there, (n,)."""
        with self._lock:
            return self._known.has(packed(keys))

    def add(self, key: str, columns: Mapping[str, Any]) -> None:
        """Keep the rows of one run; of a run that is there already they are the same.

        columns : arrays of one length by name; a scalar is repeated

        Raises ValueError if a column is missing or unknown, of another kind or length, and
        InputError if the folder cannot be written.
        """
        with self._lock:
            if self._fault is not None:
                fault, self._fault = self._fault, None
                raise fault
            short = inner(key)
            if short in self._known:
                return
            run = self._checked(columns)
            self._new[key] = run
            self._known.add(short)
            self._bytes += sum(value.nbytes for value in run.values()) + len(key)
            if self._bytes >= BYTES:
                self.flush()
            elif self._clock is None and self.folder is not None:
                self._clock = threading.Timer(EVERY, self._due)
                self._clock.daemon = True
                self._clock.start()

    def _checked(self, columns: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
        if columns.keys() != self.columns.keys():
            raise ValueError(f"columns are {sorted(columns)}; allowed are {sorted(self.columns)}")
        run: dict[str, NDArray[Any]] = {}
        length: int | None = None
        for name, kind in self.columns.items():
            given = np.array(columns[name])
            if kind == "string":
                if given.dtype.kind not in "UO":
                    raise ValueError(f"{name} is {shown(columns[name])}; allowed are texts")
            elif not np.can_cast(given.dtype, kind, "same_kind"):
                raise ValueError(f"{name} is {shown(columns[name])}; allowed are {kind}")
            else:
                given = given.astype(kind, copy=False)
            if given.ndim:
                if given.ndim > 1 or length not in (None, given.size):
                    raise ValueError(f"{name} has shape {given.shape}; allowed is one length")
                length = given.size
            run[name] = given
        if length == 0:
            raise ValueError("a run without rows cannot be kept")
        return run

    def _due(self) -> None:
        """Write what has waited for long enough; what goes wrong is told by the next call."""
        with self._lock:
            self._clock = None
            try:
                self.flush()
            except InputError as error:
                self._fault = error

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def flush(self) -> None:
        """Write what is new, and throw away what is damaged.

        Raises InputError if the folder cannot be written.
        """
        with self._lock:
            self._stop_clock()
            self._fault = None
            if self._owner is not None:
                for path in self._damaged:
                    with suppress(OSError):
                        path.unlink()
                self._damaged = []
            if not self._new:
                return
            table, sizes = table_of(self._schema, list(self._new), list(self._new.values()))
            keys = packed(list(self._new))
            if self.folder is None:
                self._take_in(Part(table, self._schema, keys, sizes, table.nbytes))
            else:
                self._take_in(self._write([table], keys, sizes))
            self._new, self._bytes = {}, 0
            if len(self._mergeable()) >= MANY:
                self.compact()

    def _write(self, tables: Iterable[pa.Table], keys: Keys, sizes: NDArray[np.int32]) -> Part:
        """Write a part, each table as a group of rows."""
        assert self.folder is not None
        place = self.folder / FOLDER
        try:
            place.mkdir(parents=True, exist_ok=True)
            with (
                disk.naming(place, name_of) as named,
                parquet.ParquetWriter(named.file, self._schema, **packing(self._schema)) as writer,
            ):
                for table in tables:
                    writer.write_table(table)
        except OSError as error:
            raise disk.unwritable(self.folder, error) from None
        assert named.path is not None
        return Part(named.path, self._schema, keys, sizes, named.file.size)

    def _take_in(self, part: Part) -> None:
        name = f"{len(self._seen)}" if isinstance(part.source, pa.Table) else part.source.name
        self._parts[name] = part
        self._seen.add(name)

    def compact(self) -> None:
        """Merge small parts into large ones; what is in two parts is then in one.

        The driver of a shard merges those of its own shard. Nothing is done where no lock tells
        that nobody else writes there.

        Raises InputError if the folder cannot be written.
        """
        with self._lock:
            self.flush()
            if self.folder is None:
                self._merge_in_memory()
            elif self.alone:
                for some in _gathered(self._mergeable()):
                    self._merge(some)
                _find_doubles(list(self._parts.values()))

    def _mergeable(self) -> list[Part]:
        """Return the parts that are better merged: ours that are small, or hold what others do."""
        return [
            one
            for one in self._parts.values()
            if (one.size < FULL or one.skip is not None)
            and (self.shard is None or one.shard == self._written_by)
        ]

    def _merge_in_memory(self) -> None:
        parts = list(self._parts.values())
        if len(parts) < 2:
            return
        table = pa.concat_tables([one.source for one in parts]).unify_dictionaries()
        keys = np.concatenate([one.keys for one in parts])
        sizes = np.concatenate([one.sizes for one in parts])
        self._parts = {}
        self._take_in(Part(table.combine_chunks(), self._schema, keys, sizes, table.nbytes))

    def _merge(self, parts: Sequence[Part]) -> None:
        """Put one part in the place of several."""
        kept = [np.ones(one.keys.size, bool) if one.skip is None else ~one.skip for one in parts]
        keys = np.concatenate([one.keys[mine] for one, mine in zip(parts, kept, strict=True)])
        sizes = np.concatenate([one.sizes[mine] for one, mine in zip(parts, kept, strict=True)])
        merged = None
        if keys.size:
            try:
                merged = self._write(_groups(parts, kept), keys, sizes)
            except _DamagedError as error:
                self._forget(error.part)
                return
        for one in parts:
            assert isinstance(one.source, Path)
            del self._parts[one.source.name]
            if merged is None or one.source != merged.source:
                with suppress(OSError):  # then it is seen again, and its runs are there twice
                    one.source.unlink()
        if merged is not None:
            self._take_in(merged)

    def _forget(self, part: Part) -> None:
        """Leave a part out that was damaged since it was looked at."""
        assert isinstance(part.source, Path)
        self._tell(f"{part.source.name} is damaged; what it held is done again.")
        self._damaged.append(part.source)
        del self._parts[part.source.name]
        _find_doubles(list(self._parts.values()))
        self._known = self._knows()

    def _knows(self) -> Known:
        parts = self._parts.values()
        return Known(np.concatenate([one.keys for one in parts]) if parts else None)

    # --- what is there ---------------------------------------------------------------------

    def _sweep(self) -> None:
        """Throw away what writers that are no more have left."""
        assert self.folder is not None
        place = self.folder / FOLDER
        if place.is_dir():
            with suppress(OSError), disk.locked(place) as alone:
                if alone:
                    disk.sweep(place)

    def _look(self) -> None:
        """Take in the parts that are new since the last look."""
        assert self.folder is not None
        for path in _found(self.folder):
            if path.name in self._seen:
                continue
            self._seen.add(path.name)
            part = self._taken_in(path)
            if part is not None:
                self._parts[path.name] = part
        _find_doubles(list(self._parts.values()))

    def _taken_in(self, path: Path) -> Part | None:
        if digest_in(path.name) is None:
            self._tell(f"{printable(path.name)} is no part of a result and is left alone.")
            return None
        try:
            file = open_part(path)
            if file is None:
                self._damaged.append(path)
                self._tell(f"{path.name} is damaged; what it held is done again.")
                return None
            columns = columns_of(file.schema_arrow)
            if columns is None:
                raise ValueError
            keys, sizes = runs_in(file.read([KEY])[KEY])
        except OSError as error:
            why = error.strerror or error
            self._tell(f"{path.name} cannot be read ({why}); what it held is done again.")
            return None
        except (pa.ArrowException, ValueError):
            self._tell(f"{path.name} is no part of a result and is left alone.")
            return None
        schema = file.schema_arrow
        if kind_of(schema) != kind_of(self._schema):
            return None
        if results_of(schema) != self._results:
            self._tell(
                f"{path.name} is of another version of the model ({results_of(schema)}, now "
                f"{self._results}) and is left alone."
            )
            return None
        if columns != self.columns:
            self._tell(f"{path.name} has other columns and is left alone.")
            return None
        return Part(path, schema, keys, sizes, path.stat().st_size)

    def _tell(self, sentence: str) -> None:
        if self._say is not None:
            self._say(sentence)

    # --- reading ---------------------------------------------------------------------------

    def get(self, key: str) -> dict[str, NDArray[Any]]:
        """Return the rows of one run, by column; raises KeyError if it is not there."""
        if not self.has([key])[0]:
            raise KeyError(key)
        table = self.scan(list(self.columns), {KEY: key})
        return {name: table[name].to_numpy() for name in self.columns}

    def scan(self, columns: Sequence[str], where: Where | None = None) -> pa.Table:
        """Return some columns of all runs, each run once; "key" is a column, too.

        where : values that are wanted, by column: {"month": [60, 120], "region": "overall"}

        Raises InputError if a column does not exist.
        """
        batches = list(self.batches(columns, where))
        fields = [self._schema.field(name) for name in columns]
        table = pa.Table.from_batches(batches, pa.schema(fields))
        return table.unify_dictionaries()

    def batches(
        self, columns: Sequence[str], where: Where | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield what `scan` returns, some rows at a time."""
        for name in [*columns, *(where or {})]:
            if name not in self._schema.names:
                raise InputError(f"{shown(name)} was not kept.{nearest(name, self._schema.names)}")
        with self._lock:
            self.flush()
            parts = list(self._parts.values())
        wanted = _wanted(where or {})
        whole = [one for one in parts if one.skip is None]
        yield from _read(whole, self._schema, columns, wanted)
        for one in parts:
            if one.skip is not None and not one.skip.all():
                twice = [key.ljust(12, b"\0").hex() for key in one.keys[one.skip].tolist()]
                mine = ~dataset.field(KEY).isin(twice)
                yield from _read(
                    [one], self._schema, columns, mine if wanted is None else wanted & mine
                )


def _found(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.parquet"))


def _chosen(
    folder: Path, found: Sequence[Path], columns: Sequence[str] | None, results: str | None
) -> pa.Schema:
    """Return the schema that is meant."""
    schemas: dict[tuple[str, ...], pa.Schema] = {}
    for path in found:
        with suppress(pa.ArrowException, OSError):
            schema = parquet.read_schema(path)
            mine = columns_of(schema)
            if (
                kind_of(schema) == RUNS
                and mine is not None
                and (columns is None or set(columns) <= mine.keys())
            ):
                schemas[(results_of(schema), *mine)] = schema
    versions = sorted({key[0] for key in schemas})
    now = results_version()
    version = results or (now if now in versions else versions[0] if len(versions) == 1 else None)
    fitting = [schema for key, schema in schemas.items() if key[0] == version]
    if not fitting:
        raise InputError(
            f"{printable(folder)} holds no runs that are meant"
            + (f" (of {', '.join(versions)})" if versions else "")
            + "; allowed is a folder of a sweep that this version made."
        )
    if len(fitting) > 1:
        raise InputError(
            f"{printable(folder)} holds runs with {len(fitting)} kinds of columns; allowed is one."
        )
    return fitting[0]


class _DamagedError(Exception):
    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.part = part


def _gathered(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield parts that make a large one together, in order."""
    some: list[Part] = []
    for one in parts:
        some.append(one)
        if sum(other.size for other in some) >= FULL:
            yield some
            some = []
    if len(some) > 1 or (some and some[0].skip is not None):
        yield some


def _groups(parts: Sequence[Part], kept: Sequence[NDArray[np.bool_]]) -> Iterator[pa.Table]:
    """Yield the rows of the runs that are kept, some megabytes at a time.

    Raises _DamagedError if a part is no longer what was written.
    """
    waiting: list[pa.Table] = []
    for one, mine in zip(parts, kept, strict=True):
        assert isinstance(one.source, Path)
        try:
            file = open_part(one.source)
        except (OSError, pa.ArrowException):
            file = None
        if file is None:
            raise _DamagedError(one)
        rows, start = np.repeat(mine, one.sizes), 0
        for batch in file.iter_batches(_ROWS):
            table = pa.Table.from_batches([batch])
            waiting.append(table.filter(pa.array(rows[start : start + batch.num_rows])))
            start += batch.num_rows
            if sum(table.nbytes for table in waiting) >= 2 * BYTES:
                yield _together(waiting)
                waiting = []
    if waiting:
        yield _together(waiting)


def _together(tables: Sequence[pa.Table]) -> pa.Table:
    """Return tables as one without the notes of the parts they came from."""
    plain = [table.replace_schema_metadata(None) for table in tables]
    return pa.concat_tables(plain).unify_dictionaries().combine_chunks()


def _find_doubles(parts: Sequence[Part]) -> None:
    """Note for each part which of its runs one before it has, too."""
    if not parts:
        return
    keys = np.concatenate([one.keys for one in parts])
    order = np.argsort(keys, kind="stable")
    later = np.zeros(keys.size, bool)
    later[order[1:]] = keys[order[1:]] == keys[order[:-1]]
    start = 0
    for one in parts:
        mine = later[start : start + one.keys.size]
        one.skip = mine if mine.any() else None
        start += one.keys.size


def _wanted(where: Where) -> dataset.Expression | None:
    found = None
    for name, value in where.items():
        if isinstance(value, str) or np.ndim(value) == 0:
            one = dataset.field(name) == value
        else:
            one = dataset.field(name).isin(list(value))
        found = one if found is None else found & one
    return found


def _read(
    parts: Sequence[Part],
    schema: pa.Schema,
    columns: Sequence[str],
    wanted: dataset.Expression | None,
) -> Iterator[pa.RecordBatch]:
    if not parts:
        return
    if isinstance(parts[0].source, pa.Table):
        source = dataset.dataset([one.source for one in parts], schema=schema)
    else:
        source = dataset.dataset([str(one.source) for one in parts], schema, format="parquet")
    scanner = source.scanner(columns=list(columns), filter=wanted, batch_size=_ROWS)
    for batch in scanner.to_batches():
        if batch.num_rows:
            yield batch
