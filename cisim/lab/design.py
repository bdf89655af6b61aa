"""Designs over what we believe.

A design samples every parameter that is no constant over its plausible range: a Latin hypercube,
log-uniform where the declaration says so. Each of n points lies in another n-th of every
parameter's range. Draws have addresses (parameter's name, point), so a parameter that is added
changes nobody else's sample, and a design is the same with any version of any library.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.executors import whole_number
from cisim.model.arithmetic import exp, log
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.luck import check_seed, uniform, word
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.state import Floats
from cisim.world.scenario import LEVERS

MOST_POINTS = 100_000


class Range(NamedTuple):
    """Over what a number is varied.

    log     : whether evenly in logs
    whole   : whether it takes whole values only
    choices : what the numbers 0, 1, … stand for, where what is varied is no number
    """

    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Design:
    """Sampled parameter sets.

    names  : (k,) parameters
    values : (n, k) float
    seed   : of the design
    kind   : how it was sampled
    ranges : (k,) over what, where that is known

    Raises InputError for a name that is no parameter.
    """

    names: tuple[str, ...]
    values: Floats
    seed: int
    kind: str = "latin-hypercube"
    ranges: tuple[Range, ...] = ()

    def __post_init__(self) -> None:
        _check_names("names", self.names)

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def point(self, number: int) -> dict[str, float]:
        """Return the parameters of a point by name."""
        return dict(zip(self.names, self.values[number].tolist(), strict=True))

    def table(self) -> pd.DataFrame:
        """Return point × parameters, `point` first."""
        frame = pd.DataFrame(self.values, columns=list(self.names))
        frame.insert(0, "point", np.arange(len(self)))
        return frame


def free_parameters(fixed: Iterable[str] = ()) -> dict[str, Declaration]:
    """Return the declarations of all parameters that have a plausible range and are not fixed.

    Raises InputError for a name that is no parameter.
    """
    held = set(_check_names("fixed", [fixed] if isinstance(fixed, str) else fixed))
    return {
        name: declared
        for name, declared in declarations(Parameters).items()
        if not declared.constant and declared.plausible is not None and name not in held
    }


def latin_hypercube(points: int, seed: int = 1, *, fixed: Iterable[str] = ()) -> Design:
    """Return a Latin hypercube over the plausible ranges of all parameters that are not `fixed`.

    Raises InputError for a number of points or a seed that is not allowed, or a name in `fixed`
    that is no parameter.
    """
    points = whole_number("points", points, 1, MOST_POINTS)
    seed = check_seed(seed)
    declared = free_parameters(fixed)
    values = np.empty((points, len(declared)))
    for column, one in enumerate(declared.values()):
        address = word(f"design {one.name}")
        draws = np.array(
            [[uniform(seed, address, 0, point, draw) for draw in (0, 1)] for point in range(points)]
        )
        stratum = np.argsort(np.argsort(draws[:, 0], kind="stable"), kind="stable")
        values[:, column] = [_within(one, u) for u in ((stratum + draws[:, 1]) / points).tolist()]
    ranges = tuple(_range(one) for one in declared.values())
    return Design(tuple(declared), values, seed, ranges=ranges)


def _range(declared: Declaration) -> Range:
    low, high = declared.plausible or (declared.default, declared.default)
    return Range(declared.name, low, high, declared.log_scale, declared.whole)


def _check_names(what: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of parameters; raises InputError, with the nearest, for any other."""
    given = tuple(names)
    for name in given:
        if name in LEVERS:
            raise InputError(
                f"{what} has {name}, a lever: what is decided is not sampled; allowed are "
                f"parameters. (cisim list parameters)"
            )
        if name not in Parameters.model_fields:
            near = nearest(str(name), Parameters.model_fields)
            raise InputError(
                f"{what} has {shown(name)}, which is not a parameter.{near} (cisim list parameters)"
            )
    return given


def _within(declared: Declaration, u: float) -> float:
    """Return the value at the share u of a plausible range, in logs where that is declared."""
    low, high = declared.plausible or (declared.default, declared.default)
    if declared.log_scale:
        value = exp(log(low) + u * (log(high) - log(low)))
    else:
        value = low + u * (high - low)
    if declared.whole:
        value = float(math.floor(value + 0.5))
    return float(min(max(value, low), high))
