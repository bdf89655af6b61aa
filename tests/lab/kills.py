"""Drivers and workers are killed at random moments, and the work ends as if nothing had happened.

`python tests/lab/kills.py 200` prints what it found: nothing may be lost, twice, damaged or left.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import psutil
from pyarrow import parquet

HERE = Path(__file__).resolve().parent
PIECES = 3000
ORPHANED_AFTER = 5.0
"""So many seconds after its driver was killed no worker may be there any more."""

WORK = """
import sys
from pathlib import Path
import pieces
from cisim.lab.executors import Local
from cisim.lab.executors import on
from cisim.lab.resume import Parts, continue_work
from cisim.lab.store import store
from cisim.lab.store.keys import key_of

store.EVERY = 0.2  # in seconds, so that many parts are written between two kills
folder, many = Path(sys.argv[1]), int(sys.argv[2])
keys = [key_of({"piece": piece}) for piece in range(many)]
with on(Local(2)):
    done = continue_work(pieces.row, 0.005, keys, Parts(folder, ["a", "b"]), workers=2,
                         progress=lambda done, total: print(done, flush=True))
raise SystemExit(3 if done.failed else 0)
"""


class Found(NamedTuple):
    """What was there after so many kills.

    kills   : of drivers, of workers
    lost, wrong : rows that are missing, or have other numbers than they should
    double  : rows that are there more than once
    corrupt : parts that cannot be read, and files that are no parts
    orphans : processes that were there too long after their driver was killed
    """

    drivers: int
    workers: int
    lost: int
    wrong: int
    double: int
    corrupt: int
    orphans: int

    def good(self) -> bool:
        return not (self.lost or self.wrong or self.double or self.corrupt or self.orphans)


def kill(kills: int, seed: int, folder: Path) -> Found:
    """Kill drivers and workers so often, then let the work end; return what was found."""
    chance = random.Random(seed)
    killed: Counter[str] = Counter()
    orphans = 0
    while killed.total() < kills:
        driver = _start(folder)
        if chance.random() < 0.8:  # else it is killed while it begins
            _first_line(driver)
        while killed.total() < kills and driver.poll() is None:
            time.sleep(chance.uniform(0.0, 0.8))
            children = _children(driver.pid)
            workers = [one for one in children if "spawn_main" in " ".join(_line(one))]
            if workers and chance.random() < 0.7:  # a new driver takes seconds, a new worker one
                chance.choice(workers).kill()
                killed["worker"] += 1
                continue
            driver.kill()
            driver.wait()
            killed["driver"] += 1
            orphans += _left(children)
            break
        if driver.poll() is None:
            driver.kill()
            driver.wait()
            orphans += _left(_children(driver.pid))
        elif driver.returncode == 0:  # it was done before so many were killed: once more
            for path in (folder / "parts").glob("*.parquet"):
                if chance.random() < 0.5:
                    path.unlink()
    for _ in range(5):  # a piece on which two workers were killed is quarantined until asked again
        driver = _start(folder)
        driver.communicate(timeout=300)
        if driver.returncode == 0:
            break
    return _found(folder, killed, orphans)


def _start(folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    return subprocess.Popen(
        [sys.executable, "-c", WORK, str(folder), str(PIECES)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _first_line(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.readline()


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _left(children: list[psutil.Process]) -> int:
    end = time.monotonic() + ORPHANED_AFTER
    while time.monotonic() < end and any(_lives(one) for one in children):
        time.sleep(0.05)
    return sum(_lives(one) for one in children)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _found(folder: Path, killed: Counter[str], orphans: int) -> Found:
    """Read the parts by themselves, without what wrote them."""
    import pieces

    from cisim.lab.store.keys import key_of

    expected = {key_of({"piece": piece}): pieces.row(0.0, piece) for piece in range(PIECES)}
    there: dict[str, dict[str, float]] = {}
    double = wrong = corrupt = 0
    for path in sorted((folder / "parts").iterdir()):
        if path.suffix != ".parquet":
            corrupt += not path.name.startswith(".")
            continue
        try:
            rows = parquet.read_table(path).to_pylist()
        except Exception:
            corrupt += 1
            continue
        for row in rows:
            key = row["key"] if isinstance(row["key"], str) else row["key"].hex()
            has = there.setdefault(key, {})
            double += row["name"] in has
            has[row["name"]] = row["value"]
    for key, has in there.items():
        wrong += [has.get("a"), has.get("b")] != expected[key].tolist()
    lost = len(set(expected) - set(there))
    return Found(killed["driver"], killed["worker"], lost, wrong, double, corrupt, orphans)


def main() -> None:
    """Kill as often as asked, 60 times if not; end with 1 if anything was found."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = kill(kills, int(time.time()), Path(folder))
    print(f"{found} in {time.monotonic() - began:,.0f} s")
    raise SystemExit(not found.good())


if __name__ == "__main__":
    main()
