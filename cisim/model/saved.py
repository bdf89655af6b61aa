"""A run in a file: what `save` writes, and what `load` believes of it.

A saved run is a NumPy archive: every column of the state, what was recorded, and `about`, a JSON
text with the scenario, the seed, the month, the version and sources that lived it, and a digest
over all of it. A file may have been damaged or made by somebody else, so nothing of it reaches a
kernel unchecked: the scenario is read as any file of a user's is; the world is built anew from it,
and every row number must be the one that was built; sizes are those of that world, known before
anything is unpacked; every level is within what a run can leave behind.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple, NoReturn

import numpy as np

from cisim.model.input_error import InputError, shown
from cisim.model.limits import LARGEST_SEED
from cisim.model.outcomes import Asked
from cisim.model.sources import source_hash
from cisim.model.state import (
    MEETING_KINDS,
    NEVER,
    NOT_NEGATIVE,
    Meetings,
    Span,
    State,
    column_kinds,
    stand,
)
from cisim.version import __version__

FORMAT = 4
LARGEST_MONTH = 1_000_000
_LARGEST_ABOUT = 64 * 2**20
_LARGEST_COUNT = 10_000_000
"""Meetings of one month; far above what time allows in any world that fits into memory."""
_HEADER = 4096


class Lived(NamedTuple):
    """A model that has lived months of a run: the version, and the hash of its sources."""

    version: str
    sources: str


def this_model() -> Lived:
    """Return the model that runs here."""
    return Lived(__version__, source_hash())


class Saved(NamedTuple):
    """What a file says of a run, checked as far as it can be without building its world.

    scenario : as `Scenario.resolved` returned it, not yet read
    lived    : the models that have lived it, in their order
    observe  : what it observes
    archive  : the file's columns, still packed
    """

    path: str
    scenario: dict[str, Any]
    seed: int
    month: int
    lived: tuple[Lived, ...]
    observe: Asked
    digest: str
    said: bytes
    archive: zipfile.ZipFile


# --- writing ---------------------------------------------------------------------------------


def write(
    path: str | os.PathLike[str],
    about: Mapping[str, Any],
    state: State,
    recorded: Mapping[str, np.ndarray],
    lived: Iterable[Lived],
) -> Path:
    """Write a run to a file, whole or not at all; return its path.

    about    : scenario (resolved), seed, month and what is observed, as JSON takes them
    recorded : arrays beside the state's columns

    Raises InputError if the file cannot be written.
    """
    target = Path(path)
    columns = {name: np.asarray(column) for name, column in _columns(state).items()}
    columns |= recorded
    said = _text({**about, "format": FORMAT, "lived": [list(one) for one in lived]})
    if len(said) > _LARGEST_ABOUT:
        raise InputError(
            f"{target}: the scenario takes {len(said):,} bytes; a saved run holds at most "
            f"{_LARGEST_ABOUT:,}."
        )
    digest = _digest(said, columns)
    seal = _text({"digest": digest})
    partial = None
    try:
        with NamedTemporaryFile(
            "wb", dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
        ) as file:
            partial = Path(file.name)
            np.savez_compressed(
                file,
                allow_pickle=False,
                about=np.frombuffer(said, np.uint8),
                seal=np.frombuffer(seal, np.uint8),
                **columns,
            )
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~_umask())
        partial.replace(target)
    except OSError as error:
        raise InputError(
            f"{target}: cannot be written ({error.strerror or error}); nothing was changed."
        ) from error
    finally:
        if partial is not None:
            with suppress(FileNotFoundError):
                partial.unlink()
    return target


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _text(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, allow_nan=False).encode()


def _columns(state: State) -> dict[str, Any]:
    """Return every column by "table.column"; of the meetings only those that hold."""
    columns = {
        f"{name}.{part.name}": getattr(table, part.name)
        for name, table in state.tables()
        for part in fields(table)
    }
    held = min(state.meetings_count, state.meetings.arc.size)
    for part in fields(state.meetings):
        columns[f"meetings.{part.name}"] = getattr(state.meetings, part.name)[:held]
    return columns


def _digest(said: bytes, columns: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256(said)
    for name in sorted(columns):
        column = np.asarray(columns[name], order="C")
        digest.update(f"{name} {column.dtype.str} {column.shape}\n".encode())
        digest.update(column.tobytes())
    return digest.hexdigest()


# --- reading ---------------------------------------------------------------------------------


def read(path: str | os.PathLike[str]) -> Saved:
    """Return what a file says of a run; its columns wait until `restore` knows their sizes.

    Raises InputError if the file cannot be read, is no saved run, or says what cannot be.
    """
    name = os.fspath(path)
    try:
        archive = zipfile.ZipFile(io.BytesIO(Path(path).read_bytes()))
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error}).") from error
    except Exception as error:  # whatever an archive that is none leads to
        raise InputError(f"{name}: is not a saved run of cisim.") from error
    said = _unpack(archive, "about", _LARGEST_ABOUT, name)
    seal = _unpack(archive, "seal", _HEADER, name)
    if said is None or said.dtype != np.uint8 or seal is None or seal.dtype != np.uint8:
        earlier = said is not None and said.dtype == np.uint8
        raise InputError(
            f"{name}: has the format of an earlier version; allowed is {FORMAT}, what this "
            f"version writes."
            if earlier
            else f"{name}: is not a saved run of cisim."
        )
    about = _object(said.tobytes(), name)
    if about.get("format") != FORMAT:
        raise InputError(
            f"{name}: has format {shown(about.get('format'))}; allowed is {FORMAT}, what this "
            f"version writes."
        )
    scenario = about.get("scenario")
    if not isinstance(scenario, dict):
        raise InputError(f"{name}: scenario is {shown(scenario)}; allowed is a table.")
    lived = about.get("lived")
    if not (
        isinstance(lived, list)
        and lived
        and all(
            isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one)
            for one in lived
        )
    ):
        raise InputError(f"{name}: does not say which model lived it.")
    return Saved(
        name,
        scenario,
        _whole(about, "seed", LARGEST_SEED, name),
        _whole(about, "month", LARGEST_MONTH, name),
        tuple(Lived(*one) for one in lived),
        _asked(about.get("observe"), name),
        str(_object(seal.tobytes(), name).get("digest")),
        said.tobytes(),
        archive,
    )


def restore(
    saved: Saved, state: State, recorded: Mapping[str, tuple[int, ...]]
) -> dict[str, np.ndarray]:
    """Write the saved columns into the state that scenario and seed have built.

    state    : as `Scenario.build` returned it
    recorded : the largest shape that each array beside the columns may have

    Return those arrays. Raises InputError if the file is damaged, or says what no run leaves
    behind.
    """
    meetings = [f"meetings.{part.name}" for part in fields(state.meetings)]
    built = {name: np.asarray(column) for name, column in _columns(state).items()}
    expected = {*built, *recorded, "about", "seal"}
    there = {name.removesuffix(".npy") for name in saved.archive.namelist()}
    for name in sorted(expected ^ there):
        _refuse(saved, f"{name} is {'missing' if name in expected else 'no column of a run'}")
    found: dict[str, np.ndarray] = {}
    for name in sorted(expected - {"about", "seal"}):
        if name in recorded:
            size, kind = int(np.prod(recorded[name])) * 8, np.dtype(np.float64)
        else:
            kind = built[name].dtype
            size = _LARGEST_COUNT * 8 if name in meetings else built[name].nbytes
        column = _unpack(saved.archive, name, size, saved.path)
        if column is None or column.dtype != kind:
            _refuse(saved, f"{name} does not fit the scenario")
        found[name] = np.asarray(column, order="C")
    if _digest(saved.said, found) != saved.digest:
        _refuse(saved, "its digest is not that of its columns")
    for name, column in built.items():
        if name not in meetings:
            _check_column(saved, name, found[name], column, state)
    _check_acquaintances(saved, found, state)
    _check_meetings(saved, found)
    for name, largest in recorded.items():
        array = found[name]
        fits = array.ndim == len(largest) and all(map(int.__le__, array.shape, largest))
        if not fits or not np.isfinite(array).all():
            _refuse(saved, f"{name} does not fit the scenario, or is no number")
    for table_name, table in state.tables():
        for part in fields(table):
            was = found[f"{table_name}.{part.name}"]
            number = not isinstance(getattr(table, part.name), np.ndarray)
            setattr(table, part.name, float(was) if number else was)
    state.meetings_held[0] = state.meetings.arc.size
    return {name: found[name] for name in recorded}


def _check_column(
    saved: Saved, name: str, column: np.ndarray, built: np.ndarray, state: State
) -> None:
    if column.shape != built.shape:
        _refuse(saved, f"{name} has the shape {column.shape}; allowed is {built.shape}")
    kind = column_kinds()[name]
    if kind == "given" or (kind == "acquainted" and not state.openings.other.size):
        if not np.array_equal(column, built):
            _refuse(saved, f"{name} is not what scenario and seed build")
    elif kind in ("acquainted", "rows"):
        _check_range(saved, name, column, -1 if kind == "rows" else 0, state.ties.other.size)
    elif column.dtype == np.bool_:
        _check_flags(saved, name, column)
    elif name == "posts.payer":
        _check_range(saved, name, column, 0, state.payers.limited.size - 1)
    elif column.dtype == np.int32:
        _check_range(saved, name, column, NEVER, LARGEST_MONTH)
    else:
        span = kind if isinstance(kind, Span) else NOT_NEGATIVE
        _check_range(saved, name, column, span.low, span.high)


def _check_acquaintances(saved: Saved, found: Mapping[str, np.ndarray], state: State) -> None:
    """Refuse ties that are not those of the openings whose organisations know each other."""
    openings = replace(state.openings, tie=found["openings.tie"].copy())
    known = openings.tie >= 0
    if not known.size:
        return
    fits = np.array_equal(known, known[openings.reverse])
    expected = stand(openings) if fits else ()
    fits = fits and np.array_equal(openings.tie, found["openings.tie"])
    for name, column in zip(("start", "near", "other", "reverse"), expected, strict=fits):
        fits = fits and np.array_equal(column, found[f"ties.{name}"])
    if not fits:
        _refuse(saved, "ties and openings.tie do not say the same of who knows whom")


def _check_meetings(saved: Saved, found: Mapping[str, np.ndarray]) -> None:
    arc, start = found["meetings.arc"], found["ties.start"]
    for part in fields(Meetings):
        if found[f"meetings.{part.name}"].shape != (arc.size,):
            _refuse(saved, f"meetings.{part.name} has another length than meetings.arc")
    _check_range(saved, "meetings.arc", arc, 0, int(start[-1]) - 1)
    _check_range(saved, "meetings.kind", found["meetings.kind"], 0, len(MEETING_KINDS) - 1)
    initiator = np.repeat(np.arange(start.size - 1), np.diff(start))
    if not np.array_equal(found["meetings.party"], initiator[arc]):
        _refuse(saved, "meetings.party is not who has the tie")
    for name in ("dialogue", "theirs", "ours"):
        _check_range(saved, f"meetings.{name}", found[f"meetings.{name}"], 0.0, 1.0)
    _check_flags(saved, "meetings.productive", found["meetings.productive"])


def _check_range(saved: Saved, name: str, column: np.ndarray, low: float, high: float) -> None:
    inside = (column >= low) & (column <= high)  # not a number is outside
    if not inside.all():
        value = column[~inside].flat[0].item()
        _refuse(saved, f"{name} has {value!r}; allowed is {low:g} to {high:g}")


def _check_flags(saved: Saved, name: str, column: np.ndarray) -> None:
    if column.size and column.view(np.uint8).max() > 1:
        _refuse(saved, f"{name} has what is neither yes nor no")


def _refuse(saved: Saved, why: str) -> NoReturn:
    raise InputError(f"{saved.path}: {why}; the file is damaged.")


def _unpack(archive: zipfile.ZipFile, name: str, nbytes: int, path: str) -> np.ndarray | None:
    """Return one array of at most so many bytes, None if there is none of that name."""
    try:
        entry = archive.getinfo(f"{name}.npy")
    except KeyError:
        return None
    if entry.file_size > nbytes + _HEADER:
        raise InputError(f"{path}: {name} is larger than the scenario allows; the file is damaged.")
    try:
        with archive.open(entry) as file:
            array = np.lib.format.read_array(io.BytesIO(file.read()), allow_pickle=False)
    except Exception as error:  # zipfile, zlib and numpy raise many kinds
        raise InputError(f"{path}: {name} cannot be unpacked; the file is damaged.") from error
    return array


def _object(said: bytes, path: str) -> dict[str, Any]:
    try:
        value = json.loads(said, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not a saved run of cisim.") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}: is not a saved run of cisim.")
    return value


def _asked(observe: Any, path: str) -> Asked:
    """Return what a run observes: names of outcomes and months, each a list or null for all."""
    try:
        names, months = observe
        if months is not None and not all(0 <= month <= LARGEST_MONTH for month in months):
            raise ValueError
        return Asked.of(names, months)
    except (ValueError, TypeError):
        raise InputError(
            f"{path}: observe is {shown(observe)}; allowed are two lists, outcomes and months."
        ) from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _whole(about: Mapping[str, Any], name: str, largest: int, path: str) -> int:
    value = about.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
        raise InputError(
            f"{path}: {name} is {shown(value)}; allowed is a whole number from 0 to {largest}."
        )
    return value
