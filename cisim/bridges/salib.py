"""SALib: a problem over what may be believed of a scenario, and the runs of a sample of it.

    problem = salib_problem("national-and-regional", ["effort_half", "trust_memory"])
    X = SALib.sample.sobol.sample(problem, 64)
    Y = problem.evaluate(X, workers=2)
    SALib.analyze.sobol.analyze(problem, Y)

Samples are in each number's own unit; one that is believed evenly in logs is sampled so ("logunif"
among the problem's "dists"). SALib's derivative-based indices (dgsm) know no distribution but the
uniform; all its other methods do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from cisim.bridges.varied import (
    Asking,
    Runs,
    mean_of_futures,
    outcomes_of,
    ranges_of,
    scenario_of,
    seeds_of,
)
from cisim.lab.executors import Progress, Say, count_workers, execute, whole_number
from cisim.lab.extras import needed
from cisim.lab.warm import warm
from cisim.model.input_error import InputError
from cisim.model.state import Floats
from cisim.world.ranges import Range
from cisim.world.scenario import Scenario


class SalibProblem(dict[str, Any]):
    """A problem as SALib takes it, num_vars, names, bounds and dists, that can run its samples.

    runs   : what is run at each point
    ranges : of the numbers that are varied, in the order of a sample's columns
    """

    runs: Runs
    ranges: tuple[Range, ...]

    def evaluate(
        self,
        X: Any,
        *,
        workers: int | None = 1,
        progress: Progress | None = None,
        say: Say | None = None,
    ) -> Floats:
        """Return the outcome of each point of a sample, (n,); of several outcomes (n, O).

        X : (n, num_vars), each number in its own unit, as SALib's samplers return it; whole
            numbers are rounded

        Each is the mean over the replicates, which have the same seeds at every point. Raises
        InputError for a sample of another shape or a value that is not allowed, RuntimeError if a
        run failed, as SALib's methods take no gaps.
        """
        points = np.array(X, np.float64)
        if points.ndim != 2 or points.shape[1] != len(self.ranges) or not len(points):
            raise InputError(
                f"X has the shape {points.shape}; allowed is (points, {len(self.ranges)}), "
                f"with a column for each of the problem's names."
            )
        for column, one in enumerate(self.ranges):
            if one.whole:
                points[:, column] = np.floor(points[:, column] + 0.5)
        seeds = len(self.runs.seeds)
        found = np.full((len(points), seeds, len(self.runs.outcomes)), np.nan)

        def keep(index: int, result: Any) -> None:
            found[divmod(index, seeds)] = result

        warm(say)
        ending = execute(
            _one,
            (self.runs, tuple(one.name for one in self.ranges), points),
            range(len(points) * seeds),
            keep,
            workers=count_workers(workers, say),
            progress=progress,
            say=say,
        )
        for fault in ending.failed:
            if fault.kind == "InputError":
                raise InputError(fault.reason)
            point, replicate = divmod(fault.piece, seeds)
            raise RuntimeError(f"point {point}, replicate {replicate} failed: {fault.reason}")
        if ending.incomplete:
            raise KeyboardInterrupt
        means = mean_of_futures(np.moveaxis(found, 1, 0))
        return means if means.shape[1] > 1 else means[:, 0]


def salib_problem(
    scenario: Scenario | str,
    names: Asking = None,
    outcomes: str | Iterable[str] = "wellbeing_gain",
    *,
    months: int | None = None,
    at: int | None = None,
    replicates: int = 1,
    seed: int = 1,
) -> SalibProblem:
    """Return a problem of SALib over the numbers of a scenario.

    names      : parameters, over their plausible ranges; or parameters, levers, numbers of events
                 with ranges of one's own, {"national_fte": (0, 8)}; None for all that are free and
                 that the scenario does not set itself
    outcomes   : what `evaluate` returns
    months     : another horizon
    at         : the month that is looked at, by default the horizon
    replicates : futures of each point; `evaluate` returns means over them
    seed       : of the first future; all points share them

    SALib's own form works too:

        ProblemSpec(problem).sample_sobol(64).evaluate(problem.evaluate).analyze_sobol()

    Raises InputError for a name or a range that is not allowed, or without SALib.
    """
    needed("SALib", "bridges")
    loaded = scenario_of(scenario, months)
    month = loaded.months if at is None else whole_number("at", at, 0, loaded.months)
    ranges = ranges_of(names, "names", loaded)
    problem = SalibProblem(
        num_vars=len(ranges),
        names=[one.name for one in ranges],
        bounds=[_bounds(one) for one in ranges],
        dists=["logunif" if one.log else "unif" for one in ranges],
    )
    asked = outcomes_of(outcomes)
    problem.runs = Runs(loaded, asked, np.array([month]), seeds_of(replicates, seed))
    problem.ranges = ranges
    return problem


def _bounds(one: Range) -> list[float]:
    """Return between what is sampled; each whole number has the same share of it."""
    return [one.low - 0.499999, one.high + 0.499999] if one.whole else [one.low, one.high]


def _one(work: tuple[Runs, tuple[str, ...], Floats], index: int) -> Floats:
    """Return the outcomes of one replicate of one point, (O,)."""
    runs, names, points = work
    point, replicate = divmod(index, len(runs.seeds))
    values = dict(zip(names, points[point].tolist(), strict=True))
    return runs.one(values, runs.seeds[replicate], f"point {point}")[0]
