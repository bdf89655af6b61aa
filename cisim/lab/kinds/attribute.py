"""What each one is worth: see cisim.lab.shapley."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cisim.lab.kinds.pieces import Pieces
from cisim.lab.shapley import shapley
from cisim.lab.simulate import as_they_believe
from cisim.lab.written import Written
from cisim.world.scenario import Scenario


def _asked(written: Written, scenarios: Sequence[Scenario]) -> Callable[..., Any]:
    said = written.manifest
    (scenario,) = scenarios
    return partial(
        shapley,
        scenario,
        said["of"],
        groups=dict(said["groups"]) or None,
        outcome=str(said["outcomes"][0]),
        at=int(said["month"]),
        replicates=int(said["asked"]),
        seed=int(said["seeds"]["first"]),
        beliefs=as_they_believe([scenario]),
    )


KIND = Pieces(_asked, draws=True)
