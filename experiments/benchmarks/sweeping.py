"""What a sweep costs above a plain loop of the same runs, in turns within one and the same sweep.

The sweep goes on in this process. After every block of its runs it stands still while a plain loop
does as many, so a busy minute falls on both: a point at a time `CollectiveImpactModel(...).run()`,
which neither checks, keeps nor writes anything.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from cisim.lab.sweep.experiment import Experiment
from cisim.model.model import CollectiveImpactModel
from experiments.benchmarks.clock import Spread, cpu, ratios
from experiments.benchmarks.sizes import SCENARIO

REPLICATES = 10
OUTCOMES = ("wellbeing_gain", "member_share")
YEARS = range(0, 121, 12)
VARY: dict[str, dict[str, float]] = {"effort_half": {}, "trust_memory": {}, "turnover": {}}


@dataclass(frozen=True)
class Sweeping:
    """What was measured; seconds are of the processor.

    ratio       : of a block of the sweep to a block of the loop; the first has what the sweep does
                  before all runs
    sweep, loop : seconds a run, of all blocks; the sweep's with what it does after all runs
    on_disk     : bytes
    """

    runs: int
    ratio: Spread
    sweep: float
    loop: float
    on_disk: int


def experiment(runs: int) -> Experiment:
    """Return a sweep of so many One town runs; `runs` is a multiple of REPLICATES."""
    return Experiment(
        [SCENARIO],
        {"kind": "latin-hypercube", "points": runs // REPLICATES, "seed": 1, "vary": VARY},
        world="one-town",
        months=120,
        at=list(YEARS),
        outcomes=list(OUTCOMES),
        replicates=REPLICATES,
    )


def measure(folder: Path, runs: int, block: int) -> Sweeping:
    """Return what a sweep of `runs` takes, and a loop of the same, `block` runs in turns."""
    made = experiment(runs)
    todo = (
        (made.at_point(point)[0], made.seed + replicate)
        for point in made.plan.build().values
        for replicate in range(REPLICATES)
    )
    swept: list[float] = []
    looped: list[float] = []
    before, began = 0, 0.0

    def turn(done: int, total: int) -> None:
        """Do in a loop what the sweep has done since the last turn, if that is a block of it."""
        nonlocal before, began
        if done - before < min(block, total - before) or done == before:
            return
        swept.append((cpu() - began) / (done - before))
        gc.collect()
        begin = cpu()
        for scenario, seed in islice(todo, done - before):
            CollectiveImpactModel(scenario, seed=seed).run()
        looped.append((cpu() - begin) / (done - before))
        many.append(done - before)
        gc.collect()
        before, began = done, cpu()

    many: list[int] = []
    gc.collect()
    began = cpu()
    made.run(folder, workers=1, progress=turn)
    after = cpu() - began
    return Sweeping(
        sum(many),
        ratios(swept, looped),
        float(np.dot(swept, many) + after) / sum(many),
        float(np.dot(looped, many)) / sum(many),
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
    )
