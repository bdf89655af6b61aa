"""A threshold: see cisim.lab.threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cisim.lab.kinds.pieces import Pieces
from cisim.lab.simulate import as_they_believe
from cisim.lab.threshold import threshold
from cisim.lab.written import Written
from cisim.world.scenario import Scenario


def _asked(written: Written, scenarios: Sequence[Scenario]) -> Callable[..., Any]:
    said = written.manifest
    vary = said["vary"]
    return partial(
        threshold,
        scenarios,
        str(vary["name"]),
        goal=said["goal"],
        until_order_turns=bool(said["until_order_turns"]),
        low=float(vary["low"]),
        high=float(vary["high"]),
        points=int(vary["points"]),
        replicates=int(said["asked"]),
        beliefs=as_they_believe(scenarios),
        seed=int(said["seeds"]["first"]),
    )


KIND = Pieces(_asked, draws=True)
