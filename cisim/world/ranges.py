"""Ranges: over what a number may be believed to lie, and samples that cover them.

A number lies at a share u of its range, from 0 to 1, evenly or in logs as the declaration says; so
whatever makes points in the unit cube makes values. Of a Latin hypercube each of n points lies in
another n-th of every range. Draws have addresses (the name, the point), so a name that is added
changes nobody else's sample, and a sample is the same with any version of any library.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from cisim.model.arithmetic import exp, log
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.luck import philox, word
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.structure import LEVERS

SAYS = Sentences(
    "ranges",
    lever=(
        "{where} has {name}, a lever: what is decided is not sampled; allowed are "
        "parameters. (cisim list parameters)"
    ),
    no_parameter="{where} has {name}, which is not a parameter.{near} (cisim list parameters)",
)


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

    def at(self, shares: Floats) -> Floats:
        """Return the values at shares of the range, from 0 to 1, (n,) each."""
        if self.choices:
            last = len(self.choices) - 1.0
            return np.minimum(np.floor(shares * len(self.choices)), last)
        if self.log:
            low, high = float(log(self.low)), float(log(self.high))
            logs = (low + shares * (high - low)).tolist()
            values = np.array([exp(one) for one in logs], np.float64)
        else:
            values = self.low + shares * (self.high - self.low)
        if self.whole:
            values = np.floor(values + 0.5)
        return cast(Floats, np.clip(values, self.low, self.high))

    def shares(self, values: Floats) -> Floats:
        """Return where values stand in the range, from 0 to 1, (n,): the way back from `at`."""
        if self.log:
            low, high = math.log(self.low), math.log(self.high)
            return (np.log(values) - low) / (high - low)
        return (values - self.low) / (self.high - self.low)

    def word(self, value: float) -> str | float:
        """Return what a value stands for: itself, or a choice's name."""
        return self.choices[int(value)] if self.choices else value


def free_parameters(fixed: Iterable[str] = ()) -> dict[str, Declaration]:
    """Return the declarations of all parameters that have a plausible range and are not fixed.

    Raises InputError for a name that is no parameter.
    """
    held = set(check_names("fixed", [fixed] if isinstance(fixed, str) else fixed))
    return {
        name: declared
        for name, declared in declarations(Parameters).items()
        if not declared.constant and declared.plausible is not None and name not in held
    }


def latin_shares(names: Sequence[str], points: int, seed: int) -> Floats:
    """Return the shares of a Latin hypercube, (points, k), each within (0, 1).

    A column depends on its name, the number of points and the seed only.
    """
    shares = np.empty((points, len(names)))
    number = np.arange(points, dtype=np.uint64)
    for column, name in enumerate(names):
        first, second = _two_draws(seed, word(f"design {name}"), number)
        stratum = np.argsort(np.argsort(first, kind="stable"), kind="stable")
        shares[:, column] = (stratum + second) / points
    return shares


def _two_draws(seed: int, process: int, number: Any) -> tuple[Floats, Floats]:
    """Return draws 0 and 1 of `luck.uniform` at month 0 for many numbers at once, (n,) each."""
    nothing = np.zeros_like(number)
    month, where = nothing + np.uint64(1000), nothing + np.uint64(process)
    key = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    plain: Any = philox  # as plain Python it takes arrays
    words = plain.py_func(number, nothing, month, where, *key)
    return (words[0] + 0.5) * 2.0**-32, (words[1] + 0.5) * 2.0**-32


def plausible_range(declared: Declaration) -> Range:
    """Return what may be believed of a parameter, its default alone for a constant."""
    low, high = declared.plausible or (declared.default, declared.default)
    return Range(declared.name, low, high, declared.log_scale, declared.whole)


def check_names(what: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of parameters; raises InputError, with the nearest, for any other."""
    given = tuple(names)
    for name in given:
        if name in LEVERS:
            raise InputError(SAYS("lever", where=what, name=name))
        if name not in Parameters.model_fields:
            near = nearest(str(name), Parameters.model_fields)
            raise InputError(SAYS("no_parameter", where=what, name=shown(name), near=near))
    return given
