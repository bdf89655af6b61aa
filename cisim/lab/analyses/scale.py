"""Points on the scale on which they were spread: 0 at the low end of a range, 1 at the high end.

Evenly in logs where the range says so, so that an index, a box or a curve means the same there as
the design did.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.lab.analyses.says import SAYS
from cisim.lab.design import Design
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.world.ranges import Range


@dataclass(frozen=True, eq=False)
class Scaled:
    """What was varied, and every point on its scale.

    ranges : (k,) over what each was varied; what never varies is left out
    unit   : (n, k) within 0 and 1 where points lie in their ranges
    """

    ranges: tuple[Range, ...]
    unit: Floats

    @classmethod
    def of(cls, design: Design) -> Scaled:
        """Return the points of a design on their scale.

        Raises InputError if nothing varies.
        """
        known = {one.name: one for one in design.ranges}
        declared = declarations(Parameters)
        ranges, columns = [], []
        for k, name in enumerate(design.names):
            values = design.values[:, k]
            if not len(values) or values.min() == values.max():
                continue
            one = known.get(name)
            if one is None:
                low, high = float(values.min()), float(values.max())
                log = name in declared and declared[name].log_scale and low > 0.0
                one = Range(name, low, high, log)
            ranges.append(one)
            columns.append(_share(one, values))
        if not ranges:
            raise InputError(SAYS("same_points"))
        return cls(tuple(ranges), np.stack(columns, axis=1))

    @property
    def names(self) -> tuple[str, ...]:
        """Return what was varied."""
        return tuple(one.name for one in self.ranges)

    @property
    def problem(self) -> dict[str, Any]:
        """Return the same as SALib has it."""
        k = len(self.ranges)
        return {"num_vars": k, "names": list(self.names), "bounds": [[0.0, 1.0]] * k}

    def value(self, k: int, share: float) -> float:
        """Return the value of column k at a share of its range."""
        one = self.ranges[k]
        if one.log:
            return one.low * (one.high / one.low) ** share
        return one.low + share * (one.high - one.low)

    def columns(self) -> tuple[tuple[str, ...], Floats]:
        """Return names and (n, k') numbers; of several choices without order, each is a column."""
        names: list[str] = []
        parts = []
        for k, one in enumerate(self.ranges):
            if len(one.choices) < 3:
                names.append(one.name)
                parts.append(self.unit[:, k])
                continue
            for number, choice in enumerate(one.choices):
                names.append(f"{one.name}={choice}")
                parts.append(
                    (self.unit[:, k] == number / (len(one.choices) - 1)).astype(np.float64)
                )
        return tuple(names), np.stack(parts, axis=1)


def words_of(one: Range, value: float) -> str:
    """Return a value of a range for people: three digits, a choice by its name."""
    if one.choices:
        return one.choices[round(value)]
    if one.whole:
        return f"{value:.0f}"
    return f"{value:.3g}"


def _share(one: Range, values: Floats) -> Floats:
    if one.choices:
        return values / max(1, len(one.choices) - 1)
    if one.log:
        return np.log(values / one.low) / math.log(one.high / one.low)
    return (values - one.low) / (one.high - one.low)
