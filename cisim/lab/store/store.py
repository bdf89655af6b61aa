"""The store: rows of runs under keys, written by one driver, read by anybody.

The driver alone writes, workers return rows. What is new waits in memory until it is some
megabytes or ten seconds old, and then becomes a part (cisim.lab.store.part) beside the others.
Small parts are merged into large ones: the large one is safe on the disk before the small ones go,
and where a key is in two parts a reader takes one. So at every moment the parts are the truth.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from cisim.lab import disk
from cisim.lab.executors import Say, processors
from cisim.lab.store.keys import Keys, Known, inner, packed, results_version
from cisim.lab.store.merging import FULL, MANY, DamagedError, find_doubles, gathered, rows_of
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
)
from cisim.lab.store.reading import Where, groups
from cisim.lab.store.waiting import Waiting
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.told import Sentences

SAYS = Sentences(
    "store",
    read_only="{folder} is open to be read only.",
    damaged="{name} is damaged; what it held is done again.",
    not_kept="{name} was not kept.{near}",
    no_runs="{name} holds no runs; allowed is the folder of a study.",
    versions=(
        "{name} holds runs of {there}, not of {version}; allowed is a study that this version "
        "has made, or one that holds one version."
    ),
    columns=(
        "{name} holds runs with {kinds} kinds of columns; allowed is one, named by its columns."
    ),
)

EVERY = 10.0
"""Seconds after which a result is on the disk."""
RUNS = "runs"


class Store:
    """Rows of runs under keys.

    columns : the kind of each column, by name: float64, int32, int64, bool, string
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
        owner = None if folder is None else Owner(folder, shard)
        self._begin(folder, columns, say, owner, kind, results or results_version())
        if owner is not None:
            owner.take()
            try:
                self._sweep()
                self._look()
            except BaseException:
                owner.release()
                raise

    @classmethod
    def reading(
        cls,
        folder: Path,
        say: Say | None = None,
        *,
        columns: Sequence[str] | None = None,
        kind: str = RUNS,
        results: str | None = None,
    ) -> Store:
        """Return what a folder holds, to be read only; whoever writes there goes on.

        columns : names that it must have; None takes what there is
        kind    : what the rows are of
        results : the results version; None takes this one's, or else the only one there is

        Raises InputError if there is nothing, or if it is not clear what is meant.
        """
        schema = _chosen(folder, columns, kind, results)
        self = cls.__new__(cls)
        said = columns_of(schema) or {}
        self._begin(folder, said, say, None, kind_of(schema), results_of(schema))
        self._look()
        return self

    def _begin(
        self,
        folder: Path | None,
        columns: Mapping[str, str],
        say: Say | None,
        owner: Owner | None,
        kind: str,
        results: str,
    ) -> None:
        self.folder, self.columns = folder, dict(columns)
        self._say, self._owner, self._kind, self._results = say, owner, kind, results
        shard = "" if owner is None or owner.shard is None else "{}/{}".format(*owner.shard)
        self._shard = shard
        self._schema = schema_of(columns, results, kind, shard)
        self._parts: dict[str, Part] = {}
        self._seen: set[str] = set()
        self._damaged: list[Path] = []
        self._known = Known()
        self._new = Waiting(columns)
        self._lock = threading.RLock()
        self._clock: threading.Timer | None = None
        self._fault: InputError | None = None

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
        """Write what is new and let others have the folder; it can still be read.

        Raises InputError if the folder cannot be written.
        """
        try:
            self.flush()
        finally:
            self._stop_clock()
            owner, self._owner = self._owner, None
            if owner is not None:
                owner.release()

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

        Raises ValueError if a column is missing or unknown, or of another kind or length, and
        InputError if the folder cannot be written.
        """
        short = inner(key)
        if self.folder is not None and self._owner is None:
            raise InputError(SAYS("read_only", folder=printable(self.folder)))
        with self._lock:
            if self._fault is not None:
                fault, self._fault = self._fault, None
                raise fault
            if short in self._known:
                return
            self._new.add(key, columns)
            self._known.add(short)
            if self._new.is_much:
                self.flush()
            elif self._clock is None and self.folder is not None:
                self._clock = threading.Timer(EVERY, self._due)
                self._clock.daemon = True
                self._clock.start()

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
            if not len(self._new):
                return
            table, keys, sizes = self._new.table(self._schema)
            if self.folder is None:
                self._take_in(Part(table, self._schema, keys, sizes, table.nbytes))
            else:
                self._take_in(self._write([table], keys, sizes))
            self._new.clear()
            if len(self._mergeable()) >= MANY:
                self.compact()

    def discard(self) -> None:
        """Throw all runs away, those in its parts, too: they are kept elsewhere now."""
        with self._lock:
            self._stop_clock()
            for one in self._parts.values():
                if isinstance(one.source, Path):
                    with suppress(OSError):  # then it is there again the next time
                        one.source.unlink()
            if self.folder is not None:
                with suppress(OSError):  # others have parts there
                    (self.folder / FOLDER).rmdir()
            self._parts = {}
            self._new.clear()
            self._known = Known()

    def _write(self, tables: Iterable[pa.Table], keys: Keys, sizes: NDArray[np.int32]) -> Part:
        """Write a part, each table as a group of rows."""
        assert self.folder is not None
        place = self.folder / FOLDER
        try:
            disk.make_folder(place)
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

    # --- merging ---------------------------------------------------------------------------

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
            elif self._owner is not None and self._owner.alone:
                parts = self._mergeable()
                doubles = any(one.skip is not None for one in self._parts.values())
                for some in gathered(parts):
                    doubles |= not self._merge(some)
                if doubles:
                    self._find_doubles()

    def _mergeable(self) -> list[Part]:
        """Return the parts that are better merged: ours that are small, or hold what others do."""
        return [
            one
            for one in self._parts.values()
            if (one.size < FULL or one.skip is not None)
            and (not self._shard or one.shard == self._shard)
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

    def _merge(self, parts: Sequence[Part]) -> bool:
        """Put one part in the place of several; return whether none of them was damaged."""
        kept = [np.ones(one.keys.size, bool) if one.skip is None else ~one.skip for one in parts]
        keys = np.concatenate([one.keys[mine] for one, mine in zip(parts, kept, strict=True)])
        sizes = np.concatenate([one.sizes[mine] for one, mine in zip(parts, kept, strict=True)])
        merged = None
        if keys.size:
            try:
                merged = self._write(rows_of(parts, kept), keys, sizes)
            except DamagedError as error:
                self._forget(error.part)
                return False
        for one in parts:
            assert isinstance(one.source, Path)
            del self._parts[one.source.name]
            if merged is None or one.source != merged.source:
                with suppress(OSError):  # then it is seen again, and its runs are there twice
                    one.source.unlink()
        if merged is not None:
            self._take_in(merged)
        return True

    def _forget(self, part: Part) -> None:
        """Leave a part out that was damaged since it was looked at."""
        assert isinstance(part.source, Path)
        self._tell(SAYS("damaged", name=part.source.name))
        self._damaged.append(part.source)
        del self._parts[part.source.name]

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
        """Take in the parts that are new since the last look, and leave out those that are gone."""
        assert self.folder is not None
        changed = False
        while True:
            there = {path.name: path for path in _listed(self.folder)}
            gone = [name for name in self._parts if name not in there]
            for name in gone:
                del self._parts[name]
                self._seen.discard(name)
            new = [path for name, path in there.items() if name not in self._seen]
            changed |= bool(new or gone)
            if not self._take_in_new(new):
                break
        if changed:
            self._find_doubles()

    def _take_in_new(self, new: Sequence[Path]) -> bool:
        """Look at parts; return whether one has gone meanwhile: merged into one not listed yet."""
        other: dict[str, list[str]] = {}
        merged = False
        with ThreadPoolExecutor(min(4, processors())) as threads:
            for path, found in zip(new, threads.map(self._examined, new), strict=True):
                if isinstance(found, Part):
                    self._parts[path.name] = found
                elif found == _GONE:
                    merged = True
                    continue
                elif found.endswith(_LEFT):
                    other.setdefault(found, []).append(printable(path.name))
                elif found:
                    self._tell(f"{path.name} {found}")
                self._seen.add(path.name)
        for why, names in other.items():
            many = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
            self._tell(f"{names[0]}{many} {'are' if many else 'is'} {why}")
        return merged

    def _find_doubles(self) -> None:
        self._known = Known(find_doubles(list(self._parts.values())))
        for key in self._new.keys:
            if inner(key) not in self._known:
                self._known.add(inner(key))

    def _examined(self, path: Path) -> Part | str:
        """Return a part of this store, or what is to be said of it ("" for nothing)."""
        again = "done again" if self._owner is not None else "left out"
        if digest_in(path.name) is None:
            return f"no part of a result{_LEFT}"
        try:
            with open_part(path) as file:
                if file is None:
                    self._damaged.append(path)
                    return f"is damaged; what it held is {again}."
                schema = file.schema_arrow
                columns = columns_of(schema)
                if columns is None:
                    return f"no part of a result{_LEFT}"
                if kind_of(schema) != self._kind:
                    return ""
                if results_of(schema) != self._results:
                    return f"of other results ({results_of(schema)}, not {self._results}){_LEFT}"
                if columns != self.columns:
                    return f"of other columns ({', '.join(columns)}){_LEFT}"
                keys, sizes = runs_in(file.read([KEY], use_threads=False)[KEY])
                size = path.stat().st_size
        except FileNotFoundError:
            return _GONE
        except OSError as error:
            return f"cannot be read ({error.strerror or error}); what it held is {again}."
        except (pa.ArrowException, ValueError):
            return f"no part of a result{_LEFT}"
        return Part(path, schema, keys, sizes, size)

    def _tell(self, sentence: str) -> None:
        if self._say is not None:
            self._say(sentence)

    # --- reading ---------------------------------------------------------------------------

    def get(self, key: str) -> dict[str, NDArray[Any]]:
        """Return the rows of one run, by column; raises KeyError if it is not there."""
        short = np.array([inner(key)], "S12")[0]
        with self._lock:
            self.flush()
            for one in list(self._parts.values()):
                mine = one.keys == short
                if mine.any():
                    table = pa.Table.from_batches(groups(one, list(self.columns), {}, mine))
                    return {name: table[name].to_numpy() for name in self.columns}
        raise KeyError(key)

    def scan(self, columns: Sequence[str], where: Where | None = None) -> pa.Table:
        """Return some columns of all runs, each run once; "key" is a column, too.

        where : values that are wanted, by column: {"month": [60, 120], "region": "overall"}

        Raises InputError if a column does not exist.
        """
        batches = list(self.batches(columns, where))
        schema = pa.schema([self._schema.field(name) for name in columns])
        return pa.Table.from_batches(batches, schema).unify_dictionaries()

    def batches(
        self, columns: Sequence[str], where: Where | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield what `scan` returns, some rows at a time, each run whole within one part.

        Who writes meanwhile may merge parts: none of their runs is left out or comes twice.
        """
        for name in [*columns, *(where or {})]:
            if name not in self._schema.names:
                raise InputError(
                    SAYS("not_kept", name=shown(name), near=nearest(name, self._schema.names))
                )
        with self._lock:
            self.flush()
            if self.folder is not None:
                self._look()
            left = list(self._parts.values())
        given: list[Keys] = []
        merged = False
        while left:
            part = left.pop(0)
            keep = None if part.skip is None else ~part.skip
            if merged:
                fresh = ~np.isin(part.keys, np.concatenate(given))
                keep = fresh if keep is None else keep & fresh
            if keep is not None and not keep.any():
                continue
            try:
                yield from groups(part, columns, where or {}, keep)
            except FileNotFoundError:
                with self._lock:
                    self._look()
                    left = list(self._parts.values())
                merged = bool(given)
                continue
            given.append(part.keys if keep is None else part.keys[keep])


_LEFT = "; left alone."
_GONE = "gone"


def _found(folder: Path) -> list[Path]:
    """Return what may be parts; a link that leads nowhere is none."""
    return sorted(
        path
        for path in (folder / FOLDER).glob("*.parquet")
        # Of a file that was listed it is not asked whether it is still there: whoever opens it sees
        # that it was merged, and looks for the one that took its place.
        if not path.is_symlink() or path.exists()
    )


def _listed(folder: Path) -> list[Path]:
    """Return the parts of a folder into which somebody may write.

    A folder that changes while it is listed may show neither the parts that were merged nor the
    one that took their place; so it is listed until that makes no difference.
    """
    before, now = None, _found(folder)
    while now != before:
        before, now = now, _found(folder)
    return now


def _schemas(folder: Path) -> list[pa.Schema]:
    """Return the schema of every file that has one."""
    found = []
    for path in _listed(folder):
        try:
            with path.open("rb") as file:
                found.append(parquet.read_schema(file))
        except FileNotFoundError:  # merged into another meanwhile
            return _schemas(folder)
        except (pa.ArrowException, OSError):
            continue
    return found


def _chosen(
    folder: Path, columns: Sequence[str] | None, kind: str, results: str | None
) -> pa.Schema:
    """Return the schema of the runs that are meant."""
    name = printable(folder)
    schemas: dict[tuple[str, ...], pa.Schema] = {}
    for schema in _schemas(folder):
        mine = columns_of(schema)
        if mine is None or kind_of(schema) != kind:
            continue
        if columns is None or set(columns) <= mine.keys():
            schemas[(results_of(schema), *mine)] = schema
    if not schemas:
        raise InputError(SAYS("no_runs", name=name))
    versions = sorted({key[0] for key in schemas})
    now = results_version()
    version = results or (now if now in versions else versions[0])
    if version not in versions or (results is None and now not in versions and len(versions) > 1):
        raise InputError(SAYS("versions", name=name, there=", ".join(versions), version=version))
    fitting = [schema for key, schema in schemas.items() if key[0] == version]
    if len(fitting) > 1:
        raise InputError(SAYS("columns", name=name, kinds=len(fitting)))
    return fitting[0]
