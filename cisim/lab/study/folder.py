"""The folder of a study: what it holds, and how the study comes back from it.

    experiment.toml   what was asked for
    scenarios.json    the scenarios, resolved, each world once; none is repeated for a point
    designs.parquet   point × what is varied, and the hash of each scenario there; the ranges stand
                      in its metadata
    parts/            the runs (cisim.lab.store)
    failed.csv        runs that are quarantined, each with the line that does it again
    manifest.json     where it comes from, a few kilobytes

All but parts and failed.csv are written before anything is run. So the folder can be moved to
another machine at any time, and gone on with there (cisim.lab.sweep.folder).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.design import Design
from cisim.lab.ensemble import Failure
from cisim.lab.manifest import MANIFEST
from cisim.lab.results import DESIGNS
from cisim.lab.store import Store
from cisim.lab.study.kept import InStore
from cisim.lab.study.layout import Layout
from cisim.lab.study.study import Study
from cisim.model.input_error import InputError, printable
from cisim.world.files import read_text
from cisim.world.ranges import Range

EXPERIMENT, SCENARIOS, FAILED = "experiment.toml", "scenarios.json", "failed.csv"
FILES = (EXPERIMENT, SCENARIOS, DESIGNS, FAILED)
HASH = "hash of "
"""Before a scenario's name: its column in designs.parquet."""
ABOUT = b"cisim.design"
SWEEP = "sweep"
"""What a manifest says that it was made by."""


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a sweep's folder, None if there is none.

    Raises InputError if it is of another result, or cannot be read.
    """
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        said = json.loads(read_text(path))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{printable(path)}: cannot be read as JSON ({error}).") from None
    needed = {"study", "kept", "sources", "version", "runs", "seed"}
    if not isinstance(said, dict) or not needed <= said.keys():
        raise InputError(
            f"{printable(folder)} holds a result that is no sweep; allowed is another folder."
        )
    return said


def kept_in(manifest: Mapping[str, Any] | None) -> Layout | None:
    """Return what a study keeps of each run, None of nothing."""
    if manifest is None:
        return None
    kept = manifest["kept"]
    return Layout(
        str(kept["kind"]),
        tuple(kept["outcomes"]),
        tuple(int(month) for month in kept["months"]),
        tuple(kept["regions"]),
    )


def read_design(folder: Path) -> tuple[Design, dict[str, Any], NDArray[np.bytes_]]:
    """Return the design of a folder, what is said about it, and the hashes, (S, n) S24."""
    from pyarrow import parquet

    path = folder / DESIGNS
    try:
        table = parquet.read_table(path, page_checksum_verification=True)
        about = json.loads(table.schema.metadata[ABOUT])
        ranges = tuple(
            Range(**{**one, "choices": tuple(one["choices"])}) for one in about["ranges"]
        )
        columns = []
        for one in ranges:
            given = table[one.name].to_pylist() if one.choices else table[one.name].to_numpy()
            if one.choices:
                places = {word: float(at) for at, word in enumerate(one.choices)}
                given = [places[word] for word in given]
            columns.append(np.asarray(given, np.float64))
        hashes = [table[f"{HASH}{name}"].to_pylist() for name in about["scenarios"]]
        values = np.column_stack(columns) if columns else np.empty((table.num_rows, 0))
        who = np.array(hashes).astype("S24")
    except FileNotFoundError:
        raise InputError(f"{printable(path)}: there is no such file.") from None
    except Exception as error:  # what a foreign or damaged file does to its reader is many things
        why = " ".join(str(error).split())[:200]
        raise InputError(f"{printable(path)} is no design of a sweep ({printable(why)}).") from None
    names = tuple(one.name for one in ranges)
    return Design(names, values, int(about["seed"]), str(about["kind"]), ranges), about, who


def load_study(folder: str | os.PathLike[str]) -> Study:
    """Return the study of a folder; its runs stay on disk until they are asked for.

    Raises InputError if there is none.
    """
    place = Path(folder)
    manifest = read_manifest(place) if place.is_dir() else None
    layout = kept_in(manifest)
    if manifest is None or layout is None:
        raise InputError(f"{printable(place)} holds no sweep; allowed is a folder of one.")
    design, about, who = read_design(place)
    results = str(manifest["sources"]["model"])
    try:
        store = Store.reading(
            place, columns=list(layout.columns), kind=layout.kind, results=results
        )
    except InputError:
        store = Store(None, layout.columns, kind=layout.kind, results=results)  # nothing yet
    seed, replicates = int(manifest["seed"]), int(manifest["runs"]["most"])
    if manifest["incomplete"] and "at_most" in manifest["replicates"]:
        for batch in store.batches(["seed"]):
            replicates = max(replicates, 1 + int(batch["seed"].to_numpy().max()) - seed)
        replicates = min(replicates, int(manifest["replicates"]["at_most"]))
    return Study(
        name=str(manifest["study"]),
        scenarios=tuple(about["scenarios"]),
        design=design,
        outcomes=layout.outcomes,
        months=np.array(layout.months, np.int64),
        regions=layout.regions,
        replicates=replicates,
        kept=InStore(store, who, seed, replicates, layout),
        failed=tuple(_read_failed(place)),
        incomplete=bool(manifest["incomplete"]),
        folder=place,
        asked=int(manifest["runs"]["asked"]),
        there=int(manifest["runs"]["there"]),
    )


def _read_failed(folder: Path) -> list[Failure]:
    path = folder / FAILED
    if not path.exists():
        return []
    frame = pd.read_csv(path, keep_default_na=False)
    rows = zip(*(frame[name].tolist() for name in Failure._fields), strict=True)
    return [Failure(*row) for row in rows]
