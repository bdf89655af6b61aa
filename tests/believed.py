"""Ensembles of beliefs that tests make up: two that ship, and how they were made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from cisim.lab.comparison import Comparison
from cisim.lab.design import latin_hypercube
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.world.joint_points import SHIPPING
from cisim.world.scenario import Scenario

MADE = {"points": 100, "waves": 2, "members": 40, "fresh": {"seeds": 2, "pass": 5, "of": 8},
        "space_left": [0.5, 0.25]}  # fmt: skip
"""How a first look is made."""


def write_points(
    path: Path, columns: Mapping[str, Any], made: Mapping[str, Any] | None = None
) -> Path:
    """Write a table as an ensemble of points."""
    table = pa.table(dict(columns))
    if made is not None:
        table = table.replace_schema_metadata({"cisim.making": json.dumps(dict(made))})
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path)
    return path


def write_ensemble(path: Path, size: int, seed: int, **fixed: float | np.ndarray) -> Path:
    """Write an ensemble of points spread over the plausible space, some numbers as given."""
    design = latin_hypercube(size, seed)
    columns = {name: design.values[:, at] for at, name in enumerate(design.names)}
    columns |= {name: np.broadcast_to(value, size).copy() for name, value in fixed.items()}
    return write_points(path, columns, {**MADE, "members": size})


def ship(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str, size: int = 8) -> None:
    """Let ensembles of these names ship, and no other."""
    for at, name in enumerate(names or SHIPPING):
        write_ensemble(folder / "beliefs" / f"{name}.parquet", size, at + 1)
    monkeypatch.setattr("cisim.world.joint_points.configs", lambda: folder)


def made_up(ends: Mapping[str, np.ndarray], beliefs: str) -> Comparison:
    """Return a comparison on One town of which nothing was run.

    ends : wellbeing gained in each future from seed 1 on, (n,), by scenario
    """
    return Comparison(
        {
            name: Ensemble(
                scenario=Scenario.load(name, world="one-town", months=12).believing(beliefs),
                outcomes=("wellbeing_gain",),
                months=np.array([12]),
                regions=(OVERALL,),
                first_seed=1,
                replicates=np.arange(values.size),
                values=values.reshape(-1, 1, 1, 1),
                asked=values.size,
            )
            for name, values in ends.items()
        }
    )
