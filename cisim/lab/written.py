"""A result that was written, read back: its manifest, and its numbers to the bit.

Nothing is believed: the manifest's key must be the hash of what it says, and a file's digest the
one that the manifest has. What is not so is told in one sentence.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.disk import digest_of
from cisim.lab.each import Followed, looked_at
from cisim.lab.ensemble import Ensemble, Failure
from cisim.lab.manifest import FORMAT, MANIFEST, short_key
from cisim.lab.replicate import books_shape
from cisim.lab.results import BOOKS, COMMUNITIES, ORGANISATIONS, SERIES
from cisim.model.input_error import InputError, printable, shown
from cisim.model.outcomes.each import Of
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "written",
    lacks="{manifest} lists no {file}; allowed is a result that has one.",
    again="{wrong}; cisim rerun makes it again from its manifest.",
    missing="{path} is not there, but {manifest} lists it",
    unread_part="{path} cannot be read ({why})",
    changed="{path} is not what was written: its digest is {found}…, and {manifest} has {kept}…",
    large="{file} is too large for a manifest of cisim.",
    gone="{file} is not there; allowed is the folder of a result, or its {manifest}.",
    no_text="it is no text",
    unread_file="{file} cannot be read ({why}).",
    no_json="it is no JSON",
    no_key="it has no key",
    format=(
        "{file} is a manifest of format {allowed}, of another version of cisim ({version}); "
        "allowed is format {allowed}."
    ),
    no_part="it has no {part}",
    unlisted="what it lists is not there",
    edited="{file} was changed: its key is {key}, and what it says gives {found}.",
    foreign=(
        "{path} is no manifest of cisim ({why}); allowed is the folder of a result, or its "
        "{manifest}."
    ),
    no_column="no column {column}",
    rows="{rows:,} rows for {wanted:,}",
    not_said="{path} is not what {manifest} says: it has {lacks}.",
    unread="{path} cannot be read ({why}).",
)

LARGEST_MANIFEST = 200_000_000
"""Bytes; a manifest has the worlds of its scenarios, and some are long."""
EACH_FILE: dict[Of, str] = {"community": COMMUNITIES, "organisation": ORGANISATIONS}


@dataclass(frozen=True, eq=False)
class Written:
    """A result on the disk.

    folder   : where its files are
    name     : of the manifest's file
    manifest : what that says
    """

    folder: Path
    name: str
    manifest: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Return the manifest's key."""
        return str(self.manifest["key"])

    @property
    def by(self) -> str:
        """Return by what it was made."""
        return str(self.manifest["made"].get("by"))

    @cached_property
    def files(self) -> dict[str, str]:
        """Return the digest of each file, by its name."""
        return {str(name): str(digest) for name, digest in self.manifest["files"].items()}

    def file(self, name: str) -> Path:
        """Return where a file is.

        Raises InputError if the result has none of that name, or if it is not what was written.
        """
        if name not in self.files:
            raise InputError(SAYS("lacks", manifest=printable(self.name), file=name))
        wrong = self.changed(name)
        if wrong:
            raise InputError(SAYS("again", wrong=wrong))
        return self.folder / name

    def changed(self, name: str) -> str:
        """Return what is wrong with a file that the manifest lists, "" for nothing."""
        path = self.folder / name
        try:
            found = digest_of(path)
        except FileNotFoundError:
            return SAYS("missing", path=printable(path), manifest=printable(self.name))
        except OSError as error:
            return SAYS("unread_part", path=printable(path), why=error.strerror or error)
        if found == self.files[name]:
            return ""
        return SAYS(
            "changed",
            path=printable(path),
            found=found[:12],
            manifest=printable(self.name),
            kept=self.files[name][:12],
        )


def read_manifest(path: str | os.PathLike[str]) -> Written:
    """Return the result of a folder, or of its manifest's file.

    Raises InputError if there is none, or if it is damaged, foreign or of another version.
    """
    place = Path(path)
    file = place / MANIFEST if place.is_dir() else place
    try:
        if file.stat().st_size > LARGEST_MANIFEST:
            raise InputError(SAYS("large", file=printable(file)))
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise InputError(SAYS("gone", file=printable(file), manifest=MANIFEST)) from None
    except UnicodeDecodeError:
        raise _foreign(file, SAYS("no_text")) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(SAYS("unread_file", file=printable(file), why=why)) from None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise _foreign(file, SAYS("no_json")) from None
    return checked_manifest(said, file.parent, str(file))


def checked_manifest(said: object, folder: Path, name: str) -> Written:
    """Return what a manifest says, once its key is that of what it says.

    Raises InputError otherwise.
    """
    if not isinstance(said, dict) or not isinstance(said.get("format"), int) or "key" not in said:
        raise _foreign(Path(name), SAYS("no_key"))
    if said["format"] != FORMAT:
        raise InputError(
            SAYS("format", file=printable(name), allowed=FORMAT, version=shown(said.get("version")))
        )
    kinds = {"decides": list, "made": dict, "files": dict, "sources": dict, "failed": list}
    for part, kind in kinds.items():
        if not isinstance(said.get(part), kind):
            raise _foreign(Path(name), SAYS("no_part", part=part))
    plain = all(isinstance(one, str) and Path(one).name == one for one in said["files"])
    if not plain or not all(one in said for one in said["decides"]):
        raise _foreign(Path(name), SAYS("unlisted"))
    found = short_key({one: said[one] for one in said["decides"]})
    if found != said["key"]:
        raise InputError(SAYS("edited", file=printable(name), key=shown(said["key"]), found=found))
    return Written(folder, name, said)


def _foreign(path: Path, why: str) -> InputError:
    return InputError(SAYS("foreign", path=printable(path), why=why, manifest=MANIFEST))


@contextmanager
def as_manifest(written: Written) -> Iterator[None]:
    """Tell what a manifest lacks, or has in another form, in one sentence."""
    try:
        yield
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise _foreign(Path(written.name), what[:100]) from None


def scenarios_of(
    written: Written, policies: Sequence[str] = (), *, to_read: bool = False
) -> list[Scenario]:
    """Return the scenarios of a result.

    policies : "module:function" of those that may be run
    to_read  : whether those that are not given stay unrun

    Raises InputError if a policy is missing, or is another now.
    """
    return [
        scenario_of(resolved, policies, to_read=to_read)
        for resolved in written.manifest["scenarios"]
    ]


def scenario_of(
    resolved: Mapping[str, Any], policies: Sequence[str] = (), *, to_read: bool = False
) -> Scenario:
    """Return one scenario of a manifest, as `scenarios_of` does."""
    ran = resolved.get("policy") or (resolved.get("same_money") or {}).get("policy") or {}
    given = next((one for one in policies if one == ran.get("function")), None)
    return Scenario.from_resolved(resolved, given, to_read=to_read)


# --- ensembles -------------------------------------------------------------------------------


def read_ensembles(
    written: Written,
    policies: Sequence[str] = (),
    *,
    only: Container[str] | None = None,
    outcomes: Iterable[str] | None = None,
) -> list[Ensemble]:
    """Return the ensembles of a result, equal to those that were written.

    only     : the scenarios that are wanted, by name; None for all
    outcomes : those that are wanted; None for all

    Raises InputError if a file is missing or damaged, or is not what the manifest says.
    """
    with as_manifest(written):
        said = written.manifest
        resolved = said["scenarios"]
        names = [one["name"] for one in resolved]
        wanted = [only is None or name in only for name in names]
        seeds = [said["seeds"][name] for name in names]
        finished = [unranged(one["finished"]) - int(one["first"]) for one in seeds]
        sizes = [one.size for one in finished]
        scenarios = [
            scenario_of(one, policies, to_read=True) if mine else None
            for one, mine in zip(resolved, wanted, strict=True)
        ]
        months = unranged(said["months"])
        kept, regions = tuple(outcomes or said["outcomes"]), tuple(said["regions"])
        shape = (months.size, len(regions), len(kept))
        values = [
            np.empty((n if mine else 0, *shape)) for n, mine in zip(sizes, wanted, strict=True)
        ]
        rooms = [
            room if mine else n * months.size * len(regions)
            for room, n, mine in zip(values, sizes, wanted, strict=True)
        ]
        fill(written, SERIES, kept, rooms)
        books = [
            np.empty((n, *books_shape(scenario_of(one, to_read=True), regions)))
            for n, one in zip(sizes, resolved, strict=True)
        ]
        if BOOKS in written.files:
            fill(written, BOOKS, ["fte_years"], [one[..., None] for one in books])
        each = {
            of: _followed(written, of, int(resolved[0]["months"]), sizes)
            for of, name in EACH_FILE.items()
            if name in written.files
        }
        failed = [Failure(**one) for one in said["failed"]]
        return [
            Ensemble(
                scenario=scenario,
                outcomes=kept,
                months=months,
                regions=regions,
                first_seed=int(seeds[s]["first"]),
                replicates=finished[s],
                values=values[s],
                asked=int(said["asked"][scenario.name]),
                failed=tuple(one for one in failed if one.scenario == scenario.name),
                incomplete=bool(said["incomplete"]),
                books=books[s] if BOOKS in written.files else None,
                communities=each["community"][s] if "community" in each else None,
                organisations=each["organisation"][s] if "organisation" in each else None,
            )
            for s, scenario in enumerate(scenarios)
            if scenario is not None
        ]


def fill(
    written: Written, name: str, columns: Sequence[str], rooms: Sequence[Floats | int]
) -> None:
    """Put columns of a Parquet file of a result into arrays, (..., columns) each, in order.

    rooms : where a number stands, so many rows are left out

    Raises InputError if the file is missing or damaged, or has other columns or rows.
    """
    import pyarrow as pa
    from pyarrow import parquet

    path = written.file(name)
    rows = [None if isinstance(one, int) else one.reshape(-1, len(columns)) for one in rooms]
    sizes = [one if isinstance(one, int) else one.size // max(1, len(columns)) for one in rooms]
    ends = np.cumsum([0, *sizes]).tolist()
    try:
        file = parquet.ParquetFile(path)
        there = file.metadata.num_rows
        missing = [one for one in columns if one not in file.schema_arrow.names]
        if missing or there != ends[-1]:
            lacks = (
                SAYS("no_column", column=missing[0])
                if missing
                else SAYS("rows", rows=there, wanted=ends[-1])
            )
            raise InputError(
                SAYS(
                    "not_said", path=printable(path), manifest=printable(written.name), lacks=lacks
                )
            )
        start = 0
        for batch in file.iter_batches(1 << 17, columns=list(columns)):
            end = start + batch.num_rows
            numbers = [batch.column(batch.schema.get_field_index(one)) for one in columns]
            for room, first, last in zip(rows, ends[:-1], ends[1:], strict=True):
                low, high = max(first, start), min(last, end)
                if room is None or low >= high:
                    continue
                for c, column in enumerate(numbers):
                    some = column.slice(low - start, high - low)
                    room[low - first : high - first, c] = some.to_numpy(zero_copy_only=False)
            start = end
    except (OSError, pa.ArrowException) as error:
        why = " ".join(str(error).split())[:200]
        raise InputError(SAYS("unread", path=printable(path), why=why)) from None


def _followed(written: Written, of: Of, horizon: int, sizes: Sequence[int]) -> list[Followed]:
    """Return what each community, or organisation, of each scenario has shown."""
    frame = read_frame(written, EACH_FILE[of])
    outcomes = tuple(frame.columns[list(frame.columns).index(of) + 1 :])
    months = looked_at(of, horizon)
    many = len(frame) // max(1, sum(sizes) * months.size)
    names = tuple(frame[of].iloc[:many])
    regions = tuple(frame["region"].iloc[:many])
    found, start = [], 0
    for n in sizes:
        rows = n * months.size * many
        values = frame[list(outcomes)].iloc[start : start + rows].to_numpy(np.float64)
        shaped = values.reshape(n, months.size, many, len(outcomes))
        found.append(Followed(of, outcomes, months, names, regions, shaped))
        start += rows
    return found


def read_frame(written: Written, name: str) -> pd.DataFrame:
    """Return a Parquet file of a result as a table.

    Raises InputError if it is missing, damaged or no Parquet file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    path = written.file(name)
    try:
        return parquet.read_table(path).to_pandas()
    except (OSError, pa.ArrowException) as error:
        why = " ".join(str(error).split())[:200]
        raise InputError(SAYS("unread", path=printable(path), why=why)) from None


def unranged(ranges: Iterable[Sequence[int]]) -> NDArray[np.int64]:
    """Return the numbers of ranges, both ends included: what `ranges` was given."""
    found = [np.arange(int(low), int(high) + 1) for low, high in ranges]
    return np.concatenate([np.zeros(0, np.int64), *found])


def same_bits(one: Floats, other: Floats) -> bool:
    """Return whether two arrays have the same shape and bits, NaN and all."""
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def is_number(value: object) -> bool:
    """Return whether this is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
