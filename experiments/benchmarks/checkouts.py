"""This checkout against another one: the same comparison in two processes that take turns.

Each process imports its own checkout, is asked for one comparison at a time, and tells the CPU
time that it took; so both meet the same minutes of the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ANSWER = """
import gc, inspect, sys, time
import cisim

names, world, replicates, outcomes, every = sys.argv[1:]
scenarios = [cisim.Scenario.load(name, world=world) for name in names.split(",")]
months = scenarios[0].months
kept = {"outcomes": outcomes.split(",")} if outcomes else {}
if every != "1":
    kept["at"] = range(0, months + 1, int(every))
if "beliefs" in inspect.signature(cisim.compare).parameters:
    kept["beliefs"] = "fixed"  # as it is in checkouts that do not know them
for line in sys.stdin:
    gc.collect()
    begin = time.process_time()
    found = cisim.compare(scenarios, replicates=int(replicates), workers=1, seed=int(line), **kept)
    print(time.process_time() - begin, flush=True)
"""


class Checkout:
    """A process that compares scenarios with the cisim of one folder when it is asked."""

    def __init__(
        self,
        root: Path,
        scenarios: Sequence[str],
        world: str,
        replicates: int,
        outcomes: Sequence[str] = (),
        every: int = 1,
    ) -> None:
        arguments = [",".join(scenarios), world, str(replicates), ",".join(outcomes), str(every)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", ANSWER, *arguments],
            env={**os.environ, "PYTHONPATH": str(root.resolve())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )

    def seconds(self, seed: int) -> float:
        """Return the CPU-seconds of one comparison.

        Raises RuntimeError if the process has ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(f"{seed}\n")
            self.process.stdin.flush()
        except OSError as error:
            raise RuntimeError("the checkout's process has ended") from error
        told = self.process.stdout.readline()
        if not told:
            raise RuntimeError("the checkout's process has ended")
        return float(told)

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@contextmanager
def both(here: Path, there: Path, *given: object, **more: object) -> Iterator[list[Checkout]]:
    """Give the process of this checkout and that of the other, as Checkout takes them."""
    checkouts = [Checkout(root, *given, **more) for root in (here, there)]  # type: ignore[arg-type]
    try:
        yield checkouts
    finally:
        for one in checkouts:
            one.close()


def in_turns(checkouts: Sequence[Checkout], turns: int) -> list[list[float]]:
    """Return the CPU-seconds of each checkout in each turn; the first comparison is not counted."""
    taken: list[list[float]] = [[] for _ in checkouts]
    for one in checkouts:
        one.seconds(0)
    for turn in range(turns):
        order = range(len(checkouts)) if turn % 2 == 0 else reversed(range(len(checkouts)))
        for which in order:
            taken[which].append(checkouts[which].seconds(turn + 1))
    return taken
