"""Results on disk: a tidy table, a summary and a manifest that says where they come from.

`series.parquet` has the keys scenario, replicate, month and region first, then a column per
outcome; `summary.csv` means and intervals as plain numbers; `manifest.json` what is needed to get
the same bits again. All carry the manifest's key. Each file is written beside its place and then
moved there, the manifest last: without one a folder is not finished. A manifest names no machine,
no user and no folder.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import platform
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import IO, Any

import numpy as np

from cisim.lab.compare import Comparison
from cisim.lab.executors import processors
from cisim.lab.simulate import LEVEL, Ensemble
from cisim.model.inputs import InputError
from cisim.model.kernel import source_hash

MANIFEST = "manifest.json"
SERIES = "series.parquet"
SUMMARY = "summary.csv"
FORMAT = 1
_KEY_LENGTH = 12


def check_out(path: str | os.PathLike[str]) -> Path:
    """Return the folder that results may be written to; called before anything is run.

    What is needed is tried and undone, so nothing is left behind.

    Raises InputError, naming `path`, if it is a file or cannot be written.
    """
    folder = Path(path)
    made: list[Path] = []
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"out is {folder}, a file; allowed is a folder, there or not.")
        for part in [*reversed(folder.parents), folder]:
            if not part.exists():
                part.mkdir()
                made.append(part)
        for name in (SERIES, SUMMARY, MANIFEST):
            if (folder / name).is_dir():
                raise InputError(f"out is {folder}, in which {name} is a folder; move that away.")
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"out is {folder}, which cannot be written ({reason}); allowed is a folder of yours."
        ) from None
    finally:
        for part in reversed(made):
            with suppress(OSError):  # somebody else has put something there
                part.rmdir()
    return folder


def write_ensembles(
    path: str | os.PathLike[str],
    results: Comparison | Ensemble,
    command: str | Sequence[str],
    *,
    level: float = LEVEL,
    started: datetime | None = None,
    finished: datetime | None = None,
) -> dict[str, Any]:
    """Write series, summary and manifest into the folder `path`; return the manifest.

    command           : how to get the same again, as words or as a line
    started, finished : when the runs were; kept in the manifest

    Raises InputError if the folder cannot be written.
    """
    folder = check_out(path)
    ensembles = _listed(results)
    key = manifest_key(results)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        _write_series(folder / SERIES, ensembles, key)
        _write_summary(folder / SUMMARY, ensembles, key, level)
        files = {name: _digest_of_file(folder / name) for name in (SERIES, SUMMARY)}
        manifest = describe(results, command, started=started, finished=finished, files=files)
        write_text(folder / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(
            f"out is {folder}, which cannot be written ({error.strerror or error}); "
            f"allowed is a folder of yours with room in it."
        ) from None
    return manifest


# --- manifest --------------------------------------------------------------------------------


def manifest_key(results: Comparison | Ensemble) -> str:
    """Return the key of results: the same for the same sources, scenarios, seeds and outcomes."""
    text = json.dumps(_origin(_listed(results)), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


def describe(
    results: Comparison | Ensemble,
    command: str | Sequence[str],
    *,
    started: datetime | None = None,
    finished: datetime | None = None,
    files: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the manifest: everything that is needed to get the same results again."""
    ensembles = _listed(results)
    times = {
        name: moment.astimezone(UTC).isoformat(timespec="seconds")
        for name, moment in (("started", started), ("finished", finished))
        if moment is not None
    }
    if started is not None and finished is not None:
        times["seconds"] = f"{(finished - started).total_seconds():.1f}"
    return {
        "format": FORMAT,
        "key": manifest_key(results),
        "command": without_places(_words(command)),
        **_origin(ensembles),
        "lock": lock_hash(),
        "asked": {ensemble.name: ensemble.asked for ensemble in ensembles},
        "incomplete": any(ensemble.incomplete for ensemble in ensembles),
        "failed": [
            {**failure._asdict(), "reason": without_places(failure.reason)}
            for ensemble in ensembles
            for failure in ensemble.failed
        ],
        "times": {"written": datetime.now(UTC).isoformat(timespec="seconds"), **times},
        "host": {
            "python": platform.python_version(),
            "implementation": platform.python_implementation(),
            "system": platform.system(),
            "machine": platform.machine(),
            "processors": processors(),
        },
        "files": dict(files or {}),
    }


def _origin(ensembles: Sequence[Ensemble]) -> dict[str, Any]:
    """Return what decides the bits of the results, as plain values."""
    from cisim import __version__

    first = ensembles[0]
    return {
        "version": __version__,
        "sources": {"model": source_hash(), "package": package_hash()},
        "scenarios": [ensemble.scenario.resolved() for ensemble in ensembles],
        "seeds": {ensemble.name: _ranges(ensemble.seeds) for ensemble in ensembles},
        "outcomes": list(first.outcomes),
        "months": _ranges(first.months),
        "regions": list(first.regions),
    }


def _listed(results: Comparison | Ensemble) -> list[Ensemble]:
    return [results] if isinstance(results, Ensemble) else list(results.ensembles.values())


def _ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return ascending numbers as ranges, both ends included: [[1, 100], [102, 102]]."""
    found: list[list[int]] = []
    for number in map(int, numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


@cache
def package_hash() -> str:
    """Return a hash of all sources of the package, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent.parent
    for path in sorted(here.rglob("*.py"), key=lambda path: path.relative_to(here).as_posix()):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def lock_hash() -> dict[str, str]:
    """Return a hash of the versions everything runs on, and of what it was taken.

    That is requirements.lock in a checkout, and else the list of what is installed.
    """
    checkout = Path(__file__).resolve().parent.parent.parent
    lock = checkout / "requirements.lock"
    if (checkout / "pyproject.toml").is_file() and lock.is_file():
        return {"of": lock.name, "hash": hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}
    installed = {
        f"{re.sub(r'[-_.]+', '-', str(one.name)).lower()}=={one.version}" for one in distributions()
    }
    text = "\n".join(sorted(installed))
    return {"of": "installed", "hash": hashlib.sha256(text.encode()).hexdigest()[:16]}


_PLACE = re.compile(
    r"(?<![\w.)/\\-])(?:~[\w.-]*|\.{1,2}|[A-Za-z]:)?(?:[\\/][^\s\\/:;,\"'=]+)+[\\/]?"
)


def without_places(command: str | Sequence[str]) -> str:
    """Return a command or a sentence in which a path is only its last part.

    Paths within the working folder, which tell nothing about the machine, stay.
    """
    if isinstance(command, str):
        return _PLACE.sub(lambda found: _last(found[0]), command)
    return shlex.join(_word(word) for word in command)


def _words(command: str | Sequence[str]) -> str | Sequence[str]:
    try:
        return shlex.split(command) if isinstance(command, str) else command
    except ValueError:  # a quote without its end
        return command


def _word(word: str) -> str:
    option, equals, value = word.partition("=")
    if equals and option.startswith("-"):
        return f"{option}={_word(value)}"
    is_place = word.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:[\\/]", word)
    climbs = ".." in re.split(r"[\\/]", word)
    return _last(word) if is_place or climbs else without_places(word)


def _last(place: str) -> str:
    parts = [part for part in re.split(r"[\\/]", place) if part not in ("", ".", "..")]
    return parts[-1] if parts and not parts[-1].startswith("~") else "."


# --- files -----------------------------------------------------------------------------------


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of `path` once it is whole and safe on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all."""
    with replacing(path) as file:
        file.write(text.encode())


@cache
def _umask() -> int:
    """Return the user's mask; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync(folder: Path) -> None:
    """Make a rename last; not every system lets a folder be opened for that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_series(path: Path, ensembles: Sequence[Ensemble], key: str) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    word = pa.dictionary(pa.int32(), pa.string())
    first = ensembles[0]
    schema = pa.schema(
        [
            ("scenario", word),
            ("replicate", pa.int64()),
            ("month", pa.int32()),
            ("region", word),
            *((name, pa.float64()) for name in first.outcomes),
        ],
        metadata={"cisim": key},
    )
    names = [ensemble.name for ensemble in ensembles]
    with (
        replacing(path) as file,
        parquet.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=["scenario", "region"]
        ) as writer,
    ):
        for place, ensemble in enumerate(ensembles):
            for some in _batches(ensemble):
                values = ensemble.values[some]
                n, months, regions, outcomes = values.shape
                rows = n * months * regions
                flat = np.ascontiguousarray(values.reshape(rows, outcomes).T)
                region = np.tile(np.arange(regions, dtype=np.int32), n * months)
                which = np.full(rows, place, np.int32)
                columns = [
                    pa.DictionaryArray.from_arrays(which, names),
                    np.repeat(ensemble.replicates[some], months * regions),
                    np.tile(np.repeat(ensemble.months.astype(np.int32), regions), n),
                    pa.DictionaryArray.from_arrays(region, list(ensemble.regions)),
                    *flat,
                ]
                writer.write_table(pa.table([pa.array(c) for c in columns], schema=schema))


def _batches(ensemble: Ensemble, rows: int = 200_000) -> Iterator[slice]:
    """Yield slices of replicates of about as many rows each."""
    each = max(1, ensemble.months.size * len(ensemble.regions))
    step = max(1, rows // each)
    for start in range(0, ensemble.replicates.size, step):
        yield slice(start, start + step)


def _write_summary(path: Path, ensembles: Sequence[Ensemble], key: str, level: float) -> None:
    with replacing(path) as file:
        for place, ensemble in enumerate(ensembles):
            frame = ensemble.summary(level)
            columns = [frame[name].tolist() for name in frame.columns]
            if not place:
                file.write(csv_line([*frame.columns, "manifest"]))
            for row in zip(*columns, strict=True):
                file.write(csv_line([*row, key]))


def csv_line(cells: Iterable[object]) -> bytes:
    """Return a line of CSV: numbers plain, undefined ones empty, text that cannot run."""
    text = _Line()
    csv.writer(text, lineterminator="\n").writerow([_cell(cell) for cell in cells])
    return text.line.encode()


class _Line:
    line = ""

    def write(self, line: str) -> int:
        self.line = line
        return len(line)


def _cell(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, int | np.integer):
        return str(int(cell))
    if isinstance(cell, float | np.floating):
        return "" if math.isnan(cell) else repr(float(cell))
    return quoted(str(cell))


def quoted(text: str) -> str:
    """Return a text as a spreadsheet may have it: one that it would run gets a leading '."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
