"""The patterns, tested: see cisim.lab.patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from cisim.lab.design import Design
from cisim.lab.kinds.pieces import Pieces
from cisim.lab.patterns import validate
from cisim.lab.patterns.validation import Points
from cisim.lab.results import DESIGNS
from cisim.lab.written import Written, read_frame, unranged
from cisim.world.scenario import Scenario


def _asked(written: Written, scenarios: Sequence[Scenario]) -> Callable[..., Any]:
    said = written.manifest
    (scenario,) = scenarios
    return partial(
        validate,
        False,
        int(said["replicates"]),
        int(said["points"]),
        seed=int(said["seeds"]["first"]),
        patterns=[str(one) for one in said["patterns"]],
        ensemble=_believed(written) if "ensemble" in said["design"] else None,
        world=scenario,
    )


def _believed(written: Written) -> Points:
    """Return the points of a table, NaN where one was not finished: nothing is done with it."""
    said = written.manifest
    names = tuple(str(one) for one in said["design"]["parameters"])
    values = np.full((int(said["points"]), len(names)), np.nan)
    seeds = unranged(said["seeds"]["finished"]) - int(said["seeds"]["first_of_points"])
    values[seeds[seeds >= 0]] = read_frame(written, DESIGNS)[list(names)].to_numpy(np.float64)
    design = Design(names, values, int(said["design"]["seed"]), "ensemble")
    return Points(str(said["design"]["ensemble"]), design)


KIND = Pieces(_asked)
