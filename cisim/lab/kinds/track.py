"""Tracking of a running partnership: see cisim.lab.tracking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cisim.lab.kinds.pieces import Pieces
from cisim.lab.simulate import as_they_believe
from cisim.lab.tracking import Figure, track
from cisim.lab.written import Written
from cisim.world.scenario import Scenario


def _asked(written: Written, scenarios: Sequence[Scenario]) -> Callable[..., Any]:
    said = written.manifest
    return partial(
        track,
        scenarios[0],
        [Figure(**one) for one in said["observed"]],
        against=scenarios[1] if len(scenarios) > 1 else None,
        outcome=str(said["outcome"]),
        tolerance=float(said["tolerance"]),
        watch=[str(one) for one in said["watching"]],
        within=int(said["within"]),
        replicates=int(said["replicates"]),
        effective=int(said["effective"]),
        most=int(said["most"]),
        beliefs=as_they_believe(scenarios),
        seed=int(said["seeds"]["first"]),
    )


KIND = Pieces(_asked, draws=True)
