"""Measure how fast the model is, and write `results/benchmark.md`.

    python experiments/benchmarks/run.py            the whole benchmark, up to an hour
    python experiments/benchmarks/run.py --quick    two minutes, to see that it works

A quick run writes `results/benchmark-quick.md`; with --only nothing is written, the page is
printed. A part that fails is said on the page and on standard error, and the exit code is 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import argparse
import time
import traceback
from collections.abc import Sequence

from cisim.lab.warm import warm
from experiments.benchmarks.machine import facts
from experiments.benchmarks.page import Part, markdown
from experiments.benchmarks.parts import FULL, PARTS, QUICK, Effort

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "python experiments/benchmarks/run.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few measurements, small sizes")
    parser.add_argument("--only", choices=PARTS, nargs="+", help="print only these parts")
    parser.add_argument("--out", type=Path, help="the page, instead of that in results/")
    given = parser.parse_args(arguments)
    name = "benchmark-quick.md" if given.quick else "benchmark.md"
    machine = facts()
    warm(say, always=True)
    parts, failed = measure(given.only or list(PARTS), QUICK if given.quick else FULL)
    command = COMMAND + (" --quick" if given.quick else "")
    page = markdown(parts, machine, command, given.quick)
    if given.only and given.out is None:
        print(page)
    else:
        write(given.out or ROOT / "results" / name, page)
        say(f"Written: {(given.out or Path('results') / name)}")
    return 1 if failed else 0


def measure(names: Sequence[str], effort: Effort) -> tuple[list[Part], list[str]]:
    """Return the parts, and the names of those that could not be measured."""
    parts, failed = [], []
    for name in names:
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
        say(f"  {time.perf_counter() - begin:.0f} s")
    return parts, failed


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
