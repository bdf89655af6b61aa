"""Designs: points in the space of what may be believed or chosen.

Whatever makes points in the unit cube makes a design (cisim.lab.designs): ranges turn shares into
values, see cisim.world.ranges.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.executors import whole_number
from cisim.model.luck import check_seed
from cisim.model.state import Floats
from cisim.world.ranges import Range, check_names, free_parameters, latin_shares, plausible_range

MOST_POINTS = 100_000
"""Sampled worlds of one robust answer."""


@dataclass(frozen=True, eq=False)
class Design:
    """Points, one row each.

    names  : (k,) what is varied: parameters; with ranges also levers, dates, posts, structures
    values : (n, k) float, of a choice its place
    seed   : of the design
    kind   : how it was sampled
    ranges : (k,) over what, where that is known

    Raises InputError for a name that is no parameter, where no range says what it is.
    """

    names: tuple[str, ...]
    values: Floats
    seed: int
    kind: str = "latin-hypercube"
    ranges: tuple[Range, ...] = ()

    def __post_init__(self) -> None:
        known = {one.name for one in self.ranges}
        check_names("names", [name for name in self.names if name not in known])

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def point(self, number: int) -> dict[str, float]:
        """Return the numbers of a point by name."""
        return dict(zip(self.names, self.values[number].tolist(), strict=True))

    def table(self) -> pd.DataFrame:
        """Return point × what is varied, `point` first; a choice by its name."""
        columns: dict[str, Any] = {"point": np.arange(len(self))}
        choices = {one.name: one.choices for one in self.ranges}
        for name, column in zip(self.names, self.values.T, strict=True):
            words = choices.get(name)
            columns[name] = np.array(words, object)[column.astype(int)] if words else column
        return pd.DataFrame(columns)


def latin_hypercube(points: int, seed: int = 1, *, fixed: Iterable[str] = ()) -> Design:
    """Return a Latin hypercube over the plausible ranges of all parameters that are not `fixed`.

    Raises InputError for a number of points or a seed that is not allowed, or a name in `fixed`
    that is no parameter.
    """
    points = whole_number("points", points, 1, MOST_POINTS)
    seed = check_seed(seed)
    ranges = tuple(plausible_range(one) for one in free_parameters(fixed).values())
    shares = latin_shares([one.name for one in ranges], points, seed)
    values = np.empty(shares.shape)
    for column, one in enumerate(ranges):
        values[:, column] = one.at(shares[:, column])
    return Design(tuple(one.name for one in ranges), values, seed, ranges=ranges)
