"""Scenarios under rival theories: see cisim.lab.rivals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cisim.lab.kinds.pieces import Pieces
from cisim.lab.rivals import rivals
from cisim.lab.simulate import as_they_believe
from cisim.lab.written import Written
from cisim.world.scenario import Scenario


def _asked(written: Written, scenarios: Sequence[Scenario]) -> Callable[..., Any]:
    said = written.manifest
    return partial(
        rivals,
        scenarios,
        int(said["seeds"]["replicates"]),
        seed=int(said["seeds"]["first"]),
        outcome=str(said["outcomes"][0]),
        beliefs=as_they_believe(scenarios),
        tried=[(str(choice), str(name)) for choice, name in said["theories"]],
    )


KIND = Pieces(_asked)
