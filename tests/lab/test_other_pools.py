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
        print(pool.submit(nested.ask, {workers}).result())
"""

JOBLIB = """
import nested
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
if __name__ == "__main__":
    print(*Parallel(n_jobs=2)(delayed(nested.ask)({workers}) for _ in range(2)))
    get_reusable_executor().shutdown(wait=True)
"""


@pytest.mark.parametrize(
    ("code", "start", "workers", "said"),
    [
        (POOL, "spawn", None, "2"),
        (POOL, "fork", None, "2"),
        (JOBLIB, "", None, "2 2"),
        (POOL, "spawn", 2, "2"),
        pytest.param(POOL, "fork", 2, "2", marks=pytest.mark.slow),
        pytest.param(JOBLIB, "", 2, "2 2", marks=pytest.mark.slow),
    ],
)
def test_a_worker_that_simulates_ends(
    code: str, start: str, workers: int | None, said: str, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text(code.format(workers=workers, start=start))
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert done.stdout.strip() == said


def test_a_function_that_workers_cannot_import_is_refused_before_anything_starts() -> None:
    def local(shared: None, index: int) -> int:
        raise AssertionError("never called")

    with pytest.raises(InputError, match="cannot be imported by workers"):
        execute(local, None, range(20), lambda index, result: None, workers=2)
