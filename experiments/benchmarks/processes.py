"""What is measured in a process of its own: the command line's start, and memory at one size.

`python -m experiments.benchmarks.processes 3700` measures one size and prints JSON.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cisim.model.state import State

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "import sys; from cisim.cli import main; sys.exit(main())"
HEAVY = ("scipy.stats", "SALib", "matplotlib", "solara")
LOOK = (
    "import sys; from cisim.cli import main; code = main(); "
    f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr); "
    "sys.exit(code)"
)
SPIN = "total = 0\nfor k in range({}): total += k * k"


class Taken(NamedTuple):
    """What a whole process has taken: CPU-seconds (user and system), wall seconds; and said."""

    cpu: float
    wall: float
    said: str


class ProcessFailedError(RuntimeError):
    """A measured process that ended with an error."""


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment, with the checkout first among what can be imported."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **(changes or {})}


def run_process(arguments: Sequence[str], changes: Mapping[str, str] | None = None) -> Taken:
    """Run Python with arguments in an empty folder; return what it took.

    Raises ProcessFailedError if it ends with an error.
    """
    with TemporaryDirectory() as folder:
        errors = Path(folder) / "errors.txt"
        with errors.open("wb") as stream:
            begin = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=folder,
                env=environment(changes),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stream,
            )
            _, code, usage = os.wait4(process.pid, 0)  # with the children it has waited for
            wall = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(code)
        said = errors.read_text(errors="replace")
    if process.returncode:
        raise ProcessFailedError(f"ended with {process.returncode}: {said[-2000:]}")
    return Taken(usage.ru_utime + usage.ru_stime, wall, said)


def cisim(*arguments: str, cache: str | None = None) -> Taken:
    """Run the command line as a whole process, with another cache of kernels if one is given."""
    return run_process(
        ["-c", COMMAND, *arguments], None if cache is None else {"CISIM_CACHE": cache}
    )


def heavy_imports(*arguments: str) -> list[str]:
    """Return which of the heavy packages the command line imports."""
    said = run_process(["-c", LOOK, *arguments]).said
    (line,) = [line for line in said.splitlines() if line.startswith("loaded:")]
    return line.split()[1:]


def ceiling(rounds: int, loops: int = 4_000_000) -> list[float]:
    """Return how much more two plain loops get done side by side than one alone, a round each."""
    spin = [sys.executable, "-c", SPIN.format(loops)]
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        subprocess.run(spin, check=True)
        alone = time.perf_counter() - begin
        begin = time.perf_counter()
        both = [subprocess.Popen(spin) for _ in range(2)]
        for one in both:
            one.wait()
        found.append(2.0 * alone / (time.perf_counter() - begin))
    return found


# --- one size ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Size:
    """What one size takes; bytes are above those of the process after imports and a small run.

    build        : CPU-seconds for the world
    months       : CPU-seconds for `lived` months of history and after it, observed
    state        : bytes of all columns
    recorder     : bytes of what is recorded in a whole run
    after_build, after_run, after_outcomes : peak bytes up to there
    """

    organisations: int
    ties: int
    build: float
    months: float
    lived: int
    state: int
    recorder: int
    after_build: int
    after_run: int
    after_outcomes: int


def state_bytes(state: State) -> int:
    """Return the bytes of all columns of a state."""
    return sum(getattr(column, "nbytes", 0) for _, column in state.columns())


def measure_size(organisations: int, history: int, months: int, horizon: int = 120) -> Size:
    """Measure one size here; only a fresh process tells memory well."""
    from cisim.lab.warm import warm
    from experiments.benchmarks.machine import status
    from experiments.benchmarks.sizes import (
        SEED,
        go_on,
        live_through_history,
        sized,
    )

    warm(always=True)
    gc.collect()
    before = status("VmRSS")
    scenario = sized(organisations, months=horizon)
    begin = time.process_time()
    state = scenario.build(SEED)
    build = time.process_time() - begin
    after_build = status("VmHWM") - before
    begin = time.process_time()
    recorder = live_through_history(state, scenario, history)
    go_on(state, scenario, recorder, 0, months)
    lived = time.process_time() - begin
    go_on(state, scenario, recorder, months, horizon)
    after_run = status("VmHWM") - before
    recorder.frame()
    after_outcomes = status("VmHWM") - before
    return Size(
        organisations=state.sizes["N"],
        ties=state.sizes["A"],
        build=build,
        months=lived,
        lived=history + months,
        state=state_bytes(state),
        recorder=recorder.table.nbytes,
        after_build=after_build,
        after_run=after_run,
        after_outcomes=after_outcomes,
    )


def size_apart(organisations: int, history: int, months: int, horizon: int = 120) -> Size:
    """Measure one size in a process of its own."""
    numbers = [str(n) for n in (organisations, history, months, horizon)]
    done = subprocess.run(
        [sys.executable, "-m", "experiments.benchmarks.processes", *numbers],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Size(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(measure_size(*(int(number) for number in sys.argv[1:])))))
