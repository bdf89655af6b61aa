"""Studies whose answer is known: outcomes that are functions of the points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from cisim.lab.design import Design
from cisim.lab.study import InMemory, Study
from cisim.model.parameters import Parameters
from cisim.world.ranges import Range

NAMES = tuple(Parameters.model_fields)
Function = Callable[[np.ndarray], np.ndarray]


def box(points: int, many: int, seed: int = 1, low: float = 0.0, high: float = 1.0) -> Design:
    """Return random points over a box of the first parameters."""
    draws = np.random.default_rng(seed).random((points, many))
    return design(low + (high - low) * draws, low, high)


def saltelli(blocks: int, many: int, low: float, high: float, second: bool = False) -> Design:
    """Return Saltelli's design as SALib makes it."""
    from SALib.sample import sobol

    problem = {"num_vars": many, "names": NAMES[:many], "bounds": [[low, high]] * many}
    values = sobol.sample(problem, blocks, calc_second_order=second, seed=1)
    return design(values, low, high, "saltelli")


def morris(trajectories: int, many: int, low: float, high: float, levels: int = 4) -> Design:
    """Return a Morris design as SALib makes it."""
    from SALib.sample import morris as sample

    problem = {"num_vars": many, "names": NAMES[:many], "bounds": [[low, high]] * many}
    values = sample.sample(problem, trajectories, num_levels=levels, seed=1)
    return design(values, low, high, "morris")


def design(
    values: np.ndarray, low: float, high: float, kind: str = "latin-hypercube", log: bool = False
) -> Design:
    names = NAMES[: values.shape[1]]
    ranges = tuple(Range(name, low, high, log) for name in names)
    return Design(names, values, 1, kind, ranges)


def study(
    points: Design,
    scenarios: Mapping[str, Function] | Function,
    *,
    noise: float = 0.0,
    replicates: int = 1,
    outcomes: Sequence[str] = ("wellbeing_gain",),
    months: Sequence[int] = (60, 120),
    seed: int = 7,
) -> Study:
    """Return a study in which an outcome is a function of the points, grown evenly over time.

    noise : standard deviation of a run, the same luck in every scenario
    """
    given = scenarios if isinstance(scenarios, Mapping) else {"a": scenarios}
    luck = noise * np.random.default_rng(seed).standard_normal((len(points), replicates))
    whole = np.stack([one(points.values)[:, None] + luck for one in given.values()])
    over = np.array(months) / months[-1]
    values = whole[:, :, :, None] * over
    values = np.repeat(values[:, :, :, :, None, None], len(outcomes), axis=-1)
    kept = InMemory(tuple(outcomes), tuple(months), ("overall",), values)
    return Study(
        "made-up", tuple(given), points, tuple(outcomes), np.array(months), ("overall",),
        replicates, kept,
    )  # fmt: skip


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
