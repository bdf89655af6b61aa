"""Measure how fast the model is, and write `results/benchmark.md`.

    python experiments/benchmarks/run.py            the whole benchmark, up to an hour
    python experiments/benchmarks/run.py --quick    two minutes, to see that it works
    ... --against DIR                               and what is faster than another checkout

A quick run writes `results/benchmark-quick.md`; with --only nothing is written, the page is
printed. Before each part and at the end it looks how busy others keep the machine, and waits for
some minutes where that is too much. If it stays so no page is written, and the exit code is 1. A
part that fails is said on the page and on standard error, and the exit code is 1, too.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import argparse
import math
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace

from cisim.lab import executors
from cisim.lab.warm import warm
from experiments.benchmarks.machine import QUIET, facts, others
from experiments.benchmarks.page import Part, markdown
from experiments.benchmarks.parts import FULL, PARTS, QUICK, Effort

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0
"""Seconds."""
COMMAND = "python experiments/benchmarks/run.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few measurements, small sizes")
    parser.add_argument("--only", choices=PARTS, nargs="+", help="print only these parts")
    parser.add_argument("--out", type=Path, help="the page, instead of that in results/")
    parser.add_argument("--against", type=Path, help="a checkout of cisim to compare with")
    given = parser.parse_args(arguments)
    if given.against is not None and not (given.against / "cisim" / "__init__.py").is_file():
        parser.error(f"--against is {given.against}; allowed is a folder with a checkout of cisim.")
    name = "benchmark-quick.md" if given.quick else "benchmark.md"
    printed = bool(given.only) and given.out is None
    machine = facts()
    warm(say, always=True)
    effort = replace(QUICK if given.quick else FULL, against=given.against)
    busy: list[float] = []
    parts: list[Part] = []
    failed: list[str] = []
    for part in [*(given.only or PARTS), None]:
        busy.append(others() if printed else when_quiet())
        if busy[-1] > QUIET and not printed:
            say(
                f"Others use {busy[-1]:.0%} of this machine's processors; allowed are at most "
                f"{QUIET:.0%} while it measures. No page is written."
            )
            return 1
        if part is not None:
            measure(part, effort, parts, failed)
    machine.append(("used by others between the parts", _range(busy)))
    command = COMMAND + (" --quick" if given.quick else "")
    command += " --against DIR" if given.against is not None else ""
    page = markdown(parts, machine, command, given.quick)
    if printed:
        print(page)
    else:
        write(given.out or ROOT / "results" / name, page)
        say(f"Written: {(given.out or Path('results') / name)}")
    return 1 if failed else 0


def when_quiet() -> float:
    """Wait until others leave the machine alone, or for PATIENCE; return what they then use."""
    begin = time.monotonic()
    while (share := others()) > QUIET and time.monotonic() - begin < PATIENCE:
        time.sleep(1.0)
    return share


def measure(name: str, effort: Effort, parts: list[Part], failed: list[str]) -> None:
    """Add a part to `parts`, and its name to `failed` if it could not be measured."""
    say(f"Measuring: {name} ...")
    begin = time.perf_counter()
    try:
        parts.append(PARTS[name](effort))
    except Exception as error:
        traceback.print_exc()
        failed.append(name)
        part = Part(name)
        part.add("everything", "", "", f"not measured: {type(error).__name__}")
        parts.append(part)
    executors.close()  # no worker of this part is there in the next
    say(f"  {time.perf_counter() - begin:.0f} s")


def _range(shares: Sequence[float]) -> str:
    told = [share for share in shares if not math.isnan(share)]
    if not told:
        return "unknown"
    return f"{min(told):.0%} to {max(told):.0%} of all processors; allowed are {QUIET:.0%}"


def write(path: Path, page: str) -> None:
    """Write the page, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(page, encoding="utf-8")
    partial.replace(path)


def say(sentence: str) -> None:
    """Say how far it is, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
