"""A robust answer: see cisim.lab.robust."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cisim.lab.kinds.pieces import Pieces
from cisim.lab.robust import robust
from cisim.lab.written import Written
from cisim.world.scenario import Scenario


def _asked(written: Written, scenarios: Sequence[Scenario]) -> Callable[..., Any]:
    said = written.manifest
    return partial(
        robust,
        scenarios,
        int(said["points"]),
        int(said["replicates"]),
        seed=int(said["seeds"]["first"]),
        outcome=str(said["outcomes"][0]),
    )


KIND = Pieces(_asked)
