"""A simulation inside somebody else's worker: it ends, and so does the worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cisim.lab.executors import execute
from cisim.model.input_error import InputError

HERE = Path(__file__).resolve().parent

POOL = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
import nested
if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("{start}")) as pool:
        print(pool.submit(nested.{ask}, {workers}).result())
"""

DAEMONS = """
import multiprocessing
import nested
if __name__ == "__main__":
    with multiprocessing.get_context("{start}").Pool(1) as pool:
        print(pool.apply(nested.{ask}, [{workers}]))
"""

JOBLIB = """
import nested
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
if __name__ == "__main__":
    print(*Parallel(n_jobs=2, backend="{start}")(delayed(nested.{ask})({workers}) for _ in "ab"))
    get_reusable_executor().shutdown(wait=True)
"""

AFTER = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
import nested
if __name__ == "__main__":
    assert nested.ask(2) == 2
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("{start}")) as pool:
        print(pool.submit(nested.{ask}, {workers}).result())
"""

ENDS = """
import multiprocessing, os, sys
import nested
def work():
    nested.ask({workers})
    {ask}
if __name__ == "__main__":
    process = multiprocessing.get_context("{start}").Process(target=work)
    process.start()
    process.join()
    print(process.exitcode)
"""


def ran(code: str, tmp_path: Path, **how: object) -> str:
    """Run a script in which somebody else's workers simulate; return what it prints."""
    script = tmp_path / "script.py"
    script.write_text(code.format(**how))
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", str(script)]
        if how["workers"] is None
        else [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    told = "workers is 2; this process is a worker of another program, so the work is done in it"
    assert (told in done.stderr) == (how["workers"] == 2), done.stderr
    return done.stdout.strip()


slow = pytest.mark.slow


@pytest.mark.parametrize(
    ("code", "start", "ask", "workers", "said"),
    [
        (POOL, "spawn", "children", 2, "0"),
        (POOL, "fork", "children", None, "0"),
        (DAEMONS, "fork", "in_thread", 2, "0"),
        pytest.param(POOL, "spawn", "children", None, "0", marks=slow),
        pytest.param(POOL, "fork", "children", 2, "0", marks=slow),
        pytest.param(POOL, "forkserver", "in_thread", 2, "0", marks=slow),
        pytest.param(DAEMONS, "spawn", "children", 2, "0", marks=slow),
        pytest.param(AFTER, "fork", "children", 2, "0", marks=slow),
        pytest.param(AFTER, "fork", "children", None, "0", marks=slow),
        (JOBLIB, "loky", "children", 2, "0 0"),
        pytest.param(JOBLIB, "loky", "in_thread", None, "0 0", marks=slow),
        pytest.param(JOBLIB, "multiprocessing", "children", 2, "0 0", marks=slow),
        pytest.param(ENDS, "spawn", "raise KeyboardInterrupt", 2, "1", marks=slow),
        (ENDS, "fork", "raise ValueError", 2, "1"),
        pytest.param(ENDS, "fork", "sys.exit(4)", 2, "4", marks=slow),
        pytest.param(ENDS, "fork", "os._exit(5)", 2, "5", marks=slow),
        pytest.param(ENDS, "spawn", "os._exit(5)", 2, "5", marks=slow),
    ],
)
def test_somebody_elses_worker_simulates_alone_says_so_and_ends(
    code: str, start: str, ask: str, workers: int | None, said: str, tmp_path: Path
) -> None:
    """Also where more workers are asked for: no process is started that could outlive it."""
    assert ran(code, tmp_path, start=start, ask=ask, workers=workers) == said


def test_a_function_that_workers_cannot_import_is_refused_before_anything_starts() -> None:
    def local(shared: None, index: int) -> int:
        raise AssertionError("never called")

    with pytest.raises(InputError, match="cannot be imported by workers"):
        execute(local, None, range(20), lambda index, result: None, workers=2)
