"""Results on disk: tidy tables, charts and a manifest that says where they come from.

`series.parquet` has the keys scenario, replicate, month and region first, and where the world has
a start a date after the month; then a column per outcome. `books.parquet` has what each payer paid
in each replicate, `summary.csv` means and intervals as plain numbers, `manifest.json` what is
needed to get the same bits again, and the digest of every other file. All carry the manifest's
key. The files of a result take their places together (cisim.lab.disk), and those of an earlier one
go. What is written here is read by cisim.lab.written.
"""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from cisim.lab.bill import years_of
from cisim.lab.comparison import Comparison
from cisim.lab.disk import Aside, check_links, encoded, replacing_all, try_folder, unwritable
from cisim.lab.ensemble import LEVEL, Ensemble
from cisim.lab.gains import gains
from cisim.lab.manifest import MANIFEST, describe, listed, manifest_key
from cisim.model.input_error import InputError, printable
from cisim.model.outcomes import OUTCOMES, OWN_TIME
from cisim.model.told import Sentences

SAYS = Sentences(
    "results",
    a_file="out is {name}, a file; allowed is a folder, there or not.",
    a_folder="out is {name}, in which {file} is a folder; move that away.",
    unwritten="out is {name}, which cannot be written ({reason}); allowed is a folder of yours.",
)

SERIES = "series.parquet"
SUMMARY = "summary.csv"
NETWORK = "network.svg"
BILL, BILL_CHART = "bill.csv", "bill.svg"
BOOKS = "books.parquet"
PARTS = "parts"
"""The folder of what is kept of work that goes on: see cisim.lab.store."""
ROBUST = "robust.parquet"
RIVALS, RIVAL_ORDER = "rivals.parquet", "rivals.csv"
BESIDE = UNCERTAIN, UNDER_RIVALS = "uncertain", "rivals"
"""Folders in that of a comparison that hold results of their own: see cisim.lab.robust and
cisim.lab.rivals."""
DESIGNS = "designs.parquet"
EFFECTS = "effects.parquet"
VERDICTS = "validation.csv"
VALIDATION = "validation.md"
THRESHOLD = "threshold.csv"
CURVE = "threshold.svg"
ABLATION, ABLATION_CHART = "ablation.csv", "ablation.svg"
ATTRIBUTION, ATTRIBUTION_CHART = "attribution.csv", "attribution.svg"
COMMUNITIES, GAINS, TILES = "communities.parquet", "communities.csv", "communities.svg"
FRONT, FRONT_CHART, FRONT_BILL = "front.csv", "front.svg", "front-bill.csv"
CANDIDATES, CHOICES = "front-candidates.csv", "front-levers.csv"
BELIEFS = "front-beliefs.parquet"
STRUCTURES, PLACE = tuple(f"best-{number}.toml" for number in range(1, 6)), "best-world.toml"
ANALYSES = (
    "sobol", "pairs", "morris", "pawn", "correlation", "ranking", "robustness", "learning", "prim",
    "tree", "surrogate",
)  # fmt: skip
ENSEMBLE = "ensemble.parquet"
CALIBRATED_WAVES, CALIBRATED_TARGETS = "calibration-waves.csv", "calibration-targets.csv"
CALIBRATED_PAIRS, CALIBRATED_POINTS = "calibration-pairs.csv", "calibration-points.csv"
CALIBRATED_PARAMETERS = "calibration-parameters.csv"
CALIBRATED_CORRELATIONS = "calibration-correlations.csv"
CALIBRATED_BESIDE = "calibration-beside.csv"
CALIBRATED_CHARTS = tuple(
    f"calibration-{name}.svg" for name in ("left", "targets", "conflicts", "parameters")
)
MOST_CHARTS = 20
"""Charts of one analysis that are files, one for each scenario."""
TRACKED_FIT, TRACKED_OUTCOMES = "track-figures.csv", "track-outcomes.csv"
TRACKED_BELIEFS, TRACKED_WATCH = "track-beliefs.csv", "track-watch.csv"
TRACKED_WEIGHTS, TRACKED_AGAINST = "track-weights.csv", "track-against.csv"
TRACKED_WATCH_CHART = "track-watch.svg"
POINTS = "points.parquet"
ORGANISATIONS, MEMBERS = "organisations.parquet", "organisations.csv"


def result_files() -> set[str]:
    """Return every name that a file of a result may have; a later result throws them away."""
    tables = {SERIES, SUMMARY, ROBUST, DESIGNS, EFFECTS, VERDICTS, VALIDATION, THRESHOLD}
    tables |= {RIVALS, RIVAL_ORDER}
    charts = {f"{name}.svg" for name, one in OUTCOMES.items() if one.headline}
    each = {COMMUNITIES, GAINS, TILES, ORGANISATIONS, MEMBERS}
    worth = {ABLATION, ABLATION_CHART, ATTRIBUTION, ATTRIBUTION_CHART}
    best = {FRONT, FRONT_CHART, FRONT_BILL, CANDIDATES, CHOICES, BELIEFS, PLACE, *STRUCTURES}
    bills = {BILL, BILL_CHART, BOOKS}
    of_study = {POINTS}
    for name in (part for one in ANALYSES for part in (one, f"{one}-by-month")):
        of_study |= {f"{name}.csv", *(f"{name}-{at}.svg" for at in range(1, MOST_CHARTS + 1))}
    believed = {
        ENSEMBLE, CALIBRATED_WAVES, CALIBRATED_TARGETS, CALIBRATED_PAIRS, CALIBRATED_POINTS,
        CALIBRATED_PARAMETERS, CALIBRATED_CORRELATIONS, CALIBRATED_BESIDE, *CALIBRATED_CHARTS,
    }  # fmt: skip
    tracked = {
        TRACKED_FIT, TRACKED_OUTCOMES, TRACKED_BELIEFS, TRACKED_WATCH, TRACKED_WEIGHTS,
        TRACKED_AGAINST, TRACKED_WATCH_CHART,
        *(f"track-{name}.svg" for name in (*OUTCOMES, *range(1, MOST_CHARTS + 1))),
    }  # fmt: skip
    ours = {*believed, *tracked, *bills, *each, *tables, *charts, *worth, *best, *of_study}
    return {MANIFEST, NETWORK, CURVE, *ours}


def beside(folder: Path) -> list[Path]:
    """Return the folders in that of a comparison which hold results of their own."""
    return [folder / name for name in BESIDE if (folder / name / MANIFEST).is_file()]


def check_out(path: str | os.PathLike[str]) -> Path:
    """Return the folder that results may be written to; called before anything is run.

    What is needed is tried and undone, so nothing is left behind.

    Raises InputError, naming `path`, if it is a file or cannot be written.
    """
    folder = Path(path)
    name = printable(folder)
    try:
        check_links(folder, "out")
        if folder.exists() and not folder.is_dir():
            raise InputError(SAYS("a_file", name=name))
        for file in sorted(result_files()):
            if (folder / file).is_dir():
                raise InputError(SAYS("a_folder", name=name, file=file))
        try_folder(folder)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(SAYS("unwritten", name=name, reason=reason)) from None
    return folder


def write_ensembles(
    path: str | os.PathLike[str],
    results: Comparison | Ensemble,
    command: str | Sequence[str],
    *,
    charts: Mapping[str, str] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    each_in_tables: bool = True,
    made: Mapping[str, Any] | None = None,
    level: float = LEVEL,
    started: datetime | None = None,
    finished: datetime | None = None,
) -> dict[str, Any]:
    """Write series, summary, charts and manifest into the folder `path`; return the manifest.

    command           : how to get the same again, as words or as a line
    charts            : SVG by name of the file
    tables            : further tables by name of their CSV
    each_in_tables    : whether what each community showed is summed up in a CSV, too
    made              : what else the manifest says of how it was made
    started, finished : when the runs were; kept in the manifest

    Raises InputError if the folder cannot be written; then an earlier result is as it was.
    """
    folder = check_out(path)
    ensembles = listed(results)
    key = manifest_key(results)

    def fill(aside: Aside) -> None:
        for name, svg in sorted((charts or {}).items()):
            aside.write(name, svg)
        for name, table in sorted((tables or {}).items()):
            with aside.file(name) as file:
                write_csv(file, table, key)
        with aside.file(SERIES) as file:
            _write_series(file, ensembles, key)
        with aside.file(SUMMARY) as file:
            _write_summary(file, ensembles, key, level)
        if ensembles[0].communities is not None:
            with aside.file(COMMUNITIES) as file:
                write_table(file, pd.concat([one.by_community() for one in ensembles]), key)
            if each_in_tables:
                with aside.file(GAINS) as file:
                    write_csv(file, gains(results, level=level), key)
        if ensembles[0].organisations is not None:
            whole = pd.concat([one.by_organisation() for one in ensembles])
            with aside.file(ORGANISATIONS) as file:
                write_table(file, whole, key)
            of = ["scenario", "region", "organisation"]
            means = whole.drop(columns=["replicate", "month"]).groupby(of, sort=False).mean()
            with aside.file(MEMBERS) as file:
                write_csv(file, means.reset_index(), key)
        if all(one.books is not None for one in ensembles):
            with aside.file(BILL) as file:
                write_csv(file, results.bill(), key)
            with aside.file(BOOKS) as file:
                _write_books(file, ensembles, key)

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return describe(
            results, command, started=started, finished=finished, files=files, made=made
        )

    return write_result(folder, fill, manifest)


def write_result(
    folder: Path,
    fill: Callable[[Aside], None],
    manifest: Callable[[Mapping[str, str]], dict[str, Any]],
) -> dict[str, Any]:
    """Write the files of a result into a folder, in the place of an earlier one.

    fill     : writes all but the manifest
    manifest : returns it, given the digests of what `fill` wrote

    Raises InputError if the folder cannot be written; then an earlier result is as it was.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing_all(folder, last=MANIFEST) as aside:
            aside.gone |= result_files()
            fill(aside)
            said = manifest(aside.digests)
            aside.write(MANIFEST, json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise unwritable(folder, error) from None
    return said


# --- tables ---------------------------------------------------------------------------------


_PACKED: dict[str, Any] = {"compression": "zstd", "write_page_checksum": True}
"""How Parquet is written: whoever reads it can have each page checked."""


def _write_series(file: IO[bytes], ensembles: Sequence[Ensemble], key: str) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    word = pa.dictionary(pa.int32(), pa.string())
    first = ensembles[0]
    calendar = first.scenario.calendar
    dates = [("date", word)] if calendar.dated else []
    schema = pa.schema(
        [
            ("scenario", word),
            ("replicate", pa.int64()),
            ("month", pa.int32()),
            *dates,
            ("region", word),
            *((name, pa.float64()) for name in first.outcomes),
        ],
        metadata={"cisim": key},
    )
    names = [ensemble.name for ensemble in ensembles]
    words = ["scenario", *(name for name, _ in dates), "region"]
    with parquet.ParquetWriter(file, schema, use_dictionary=words, **_PACKED) as writer:
        for place, ensemble in enumerate(ensembles):
            for some in _batches(ensemble):
                values = ensemble.values[some]
                n, months, regions, outcomes = values.shape
                rows = n * months * regions
                flat = np.ascontiguousarray(values.reshape(rows, outcomes).T)
                region = np.tile(np.arange(regions, dtype=np.int32), n * months)
                which = np.full(rows, place, np.int32)
                when = np.tile(np.repeat(np.arange(months, dtype=np.int32), regions), n)
                written = [calendar.written(month) for month in ensemble.months.tolist()]
                columns = [
                    pa.DictionaryArray.from_arrays(which, names),
                    np.repeat(ensemble.replicates[some], months * regions),
                    ensemble.months.astype(np.int32)[when],
                    *(pa.DictionaryArray.from_arrays(when, written) for _ in dates),
                    pa.DictionaryArray.from_arrays(region, list(ensemble.regions)),
                    *flat,
                ]
                writer.write_table(pa.table([pa.array(c) for c in columns], schema=schema))


def _write_books(file: IO[bytes], ensembles: Sequence[Ensemble], key: str) -> None:
    """Write FTE-years: a row for each scenario, replicate, year, region and payer, in order."""
    import pyarrow as pa
    from pyarrow import parquet

    word = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema(
        [
            ("scenario", word),
            ("replicate", pa.int64()),
            ("year", pa.int32()),
            ("region", word),
            ("payer", word),
            ("fte_years", pa.float64()),
        ],
        metadata={"cisim": key},
    )
    names = [ensemble.name for ensemble in ensembles]
    words = ["scenario", "region", "payer"]
    with parquet.ParquetWriter(file, schema, use_dictionary=words, **_PACKED) as writer:
        for place, ensemble in enumerate(ensembles):
            books = ensemble.books
            assert books is not None
            n, years, regions, payers = books.shape
            calendar, scenario = ensemble.scenario.calendar, ensemble.scenario
            paid = [*(one.name for one in scenario.payers), *OWN_TIME]
            payer = np.tile(np.arange(payers, dtype=np.int32), n * years * regions)
            region = np.repeat(np.arange(regions, dtype=np.int32), payers)
            columns = [
                pa.DictionaryArray.from_arrays(np.full(books.size, place, np.int32), names),
                np.repeat(ensemble.replicates, years * regions * payers),
                np.tile(
                    np.repeat(
                        years_of(calendar, scenario.months).astype(np.int32), regions * payers
                    ),
                    n,
                ),
                pa.DictionaryArray.from_arrays(np.tile(region, n * years), list(ensemble.regions)),
                pa.DictionaryArray.from_arrays(payer, paid),
                books.reshape(-1),
            ]
            writer.write_table(pa.table([pa.array(c) for c in columns], schema=schema))


def _batches(ensemble: Ensemble, rows: int = 200_000) -> Iterator[slice]:
    """Yield slices of replicates of about as many rows each."""
    each = max(1, ensemble.months.size * len(ensemble.regions))
    step = max(1, rows // each)
    for start in range(0, ensemble.replicates.size, step):
        yield slice(start, start + step)


def write_table(file: IO[bytes], frame: pd.DataFrame, key: str) -> None:
    """Write a table as Parquet that carries a manifest's key."""
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), "cisim": key})
    parquet.write_table(table, file, **_PACKED)


def _write_summary(file: IO[bytes], ensembles: Sequence[Ensemble], key: str, level: float) -> None:
    for place, ensemble in enumerate(ensembles):
        frame = ensemble.summary(level)
        columns = [frame[name].tolist() for name in frame.columns]
        if not place:
            file.write(csv_line([*frame.columns, "manifest"]))
        for row in zip(*columns, strict=True):
            file.write(csv_line([*row, key]))


def write_csv(file: IO[bytes], table: pd.DataFrame, key: str) -> None:
    """Write a table as CSV in which every row carries a manifest's key."""
    file.write(csv_line([*table.columns, "manifest"]))
    for row in table.itertuples(index=False):
        file.write(csv_line([*row, key]))


def csv_line(cells: Iterable[object]) -> bytes:
    """Return a line of CSV: numbers plain, undefined ones empty, text that cannot run."""
    text = _Line()
    csv.writer(text, lineterminator="\n").writerow([_cell(cell) for cell in cells])
    return encoded(text.line)


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
