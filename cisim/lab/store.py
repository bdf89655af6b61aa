"""Results on disk: a tidy table, a summary and a manifest that says where they come from.

`series.parquet` has the keys scenario, replicate, month and region first, then a column per
outcome; `summary.csv` means and intervals as plain numbers; `manifest.json` what is needed to get
the same bits again. All carry the manifest's key. Each file is written beside its place and then
moved there, the manifest last: without one a folder is not finished. A manifest names no machine,
no user and no folder.
"""

from __future__ import annotations

import csv
import json
import math
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from cisim.lab.compare import Comparison
from cisim.lab.disk import digest_of, replacing, write_text
from cisim.lab.manifest import MANIFEST, describe, listed, manifest_key
from cisim.lab.simulate import LEVEL, Ensemble
from cisim.model.input_error import InputError

SERIES = "series.parquet"
SUMMARY = "summary.csv"


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
    ensembles = listed(results)
    key = manifest_key(results)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        _write_series(folder / SERIES, ensembles, key)
        _write_summary(folder / SUMMARY, ensembles, key, level)
        files = {name: digest_of(folder / name) for name in (SERIES, SUMMARY)}
        manifest = describe(results, command, started=started, finished=finished, files=files)
        write_text(folder / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise InputError(
            f"out is {folder}, which cannot be written ({error.strerror or error}); "
            f"allowed is a folder of yours with room in it."
        ) from None
    return manifest


# --- tables ---------------------------------------------------------------------------------


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
