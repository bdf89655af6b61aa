"""The store of a study, with made-up runs: what a driver takes, and what a reader.

The runs are those of a usual study: eight scenarios, eleven months kept, eight outcomes. They are
written, and then read, by processes of their own, as only a fresh one tells memory well.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from experiments.benchmarks.machine import status
from experiments.benchmarks.processes import environment

SCENARIOS = 8
MONTHS = np.arange(0, 121, 12)
OUTCOMES = tuple(f"outcome {number}" for number in range(8))
COLUMNS = {
    "scenario": "string",
    "point": "int32",
    "month": "int32",
    "region": "string",
    **dict.fromkeys(OUTCOMES, "float64"),
}
MANY = 1_000_000
"""Runs that a study may have; what they take is told from what fewer do."""


@dataclass(frozen=True)
class Stored:
    """What a store takes; seconds are of the processor, bytes are above those at the start.

    keeping : seconds a run, of the driver
    grown   : bytes, the most that the driver's memory has grown
    on_disk : bytes
    opening : seconds, with looking at every byte
    band    : seconds for the quantiles of one outcome by month, of one scenario
    whole   : seconds for everything, a group of rows at a time
    rows    : that `whole` gave
    """

    runs: int
    keeping: float
    grown: int
    on_disk: int
    opening: float
    band: float
    whole: float
    rows: int


def write(folder: Path, runs: int) -> tuple[float, int]:
    """Write runs; return the seconds for each and by how many bytes the memory has grown."""
    from cisim.lab.store import Store

    noise = np.random.default_rng(1).normal(size=(1000, len(OUTCOMES), MONTHS.size))

    def add(store: Store, number: int) -> None:
        values = dict(zip(OUTCOMES, noise[number % 1000] + number, strict=True))
        key = hashlib.sha256(number.to_bytes(8)).hexdigest()[:24]
        who = {"scenario": f"scenario {number % SCENARIOS}", "point": number // SCENARIOS}
        store.add(key, {**who, "month": MONTHS, "region": "overall", **values})

    with TemporaryDirectory() as other, Store(Path(other), COLUMNS) as store:
        add(store, 0)  # what is imported for the first part is not the runs' doing
    before = status("VmRSS")
    began = time.process_time()
    with Store(folder, COLUMNS) as store:
        for number in range(runs):
            add(store, number)
    return (time.process_time() - began) / runs, status("VmHWM") - before


def read(folder: Path) -> tuple[float, float, float, int]:
    """Read what was written; return the seconds to open, for a band, for all, and the rows."""
    from cisim.lab.store import Store

    began = time.process_time()
    store = Store.reading(folder)
    opened = time.process_time()
    where = {"scenario": "scenario 3", "region": "overall"}
    table = store.scan(["month", OUTCOMES[3]], where)
    months, values = (table[name].to_numpy() for name in table.column_names)
    band = [np.quantile(values[months == month], (0.05, 0.5, 0.95)) for month in MONTHS]
    assert np.isfinite(band).all()
    banded = time.process_time()
    rows = sum(batch.num_rows for batch in store.batches(["key", *COLUMNS]))
    return opened - began, banded - opened, time.process_time() - banded, rows


def measure(folder: Path, runs: int) -> Stored:
    """Write and read runs in processes of their own; return what it took."""
    keeping, grown = _apart("write", folder, runs)
    opening, band, whole, rows = _apart("read", folder)
    on_disk = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    return Stored(runs, keeping, int(grown), on_disk, opening, band, whole, int(rows))


def _apart(*words: object) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "experiments.benchmarks.stored", *map(str, words)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    if what == "write":
        print(json.dumps(write(Path(where), int(more[0]))))
    elif what == "read":
        print(json.dumps(read(Path(where))))
    else:
        with TemporaryDirectory() as place:
            print(json.dumps(asdict(measure(Path(place) / "study", int(where)))))
