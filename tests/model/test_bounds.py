"""What an outcome cannot leave, it does not leave: over sampled worlds, structures and luck."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.design import latin_hypercube
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES
from cisim.world.files import shipped
from cisim.world.scenario import Scenario

SLACK = 1e-9
"""Sums of many numbers are rounded."""


def check(world: str, points: int, seed: int, months: int = 60) -> None:
    """Run shipped scenarios, each at other points of the plausible space."""
    scenarios = list(shipped("scenarios"))
    design = latin_hypercube(points, seed)
    for point in range(points):
        scenario = Scenario.load(scenarios[point % len(scenarios)], world=world, months=months)
        own = scenario.parameters.model_dump(exclude_defaults=True)
        believed = scenario.with_(parameters={**design.point(point), **own})
        values = CollectiveImpactModel(believed, seed=seed + point).run().recorder.values()
        for name, outcome in OUTCOMES.items():
            there = values[name][np.isfinite(values[name])]
            low, high = outcome.bounds
            if there.size:
                found = (float(there.min()), float(there.max()))
                assert low - SLACK <= found[0], (name, found, point)
                assert found[1] <= high + SLACK, (name, found, point)


@pytest.mark.parametrize("world", ["one-town", "test-region"])
def test_no_outcome_leaves_its_bounds_in_a_plausible_world(world: str) -> None:
    check(world, points=36, seed=11)


@pytest.mark.slow
@pytest.mark.parametrize("world", ["one-town", "test-region", "finland"])
def test_no_outcome_leaves_its_bounds_in_many_plausible_worlds(world: str) -> None:
    check(world, points=180, seed=500, months=120)


def test_a_unit_that_is_a_range_is_where_the_outcome_stays() -> None:
    for name, outcome in OUTCOMES.items():
        if ".." in outcome.unit:
            assert outcome.bounds == tuple(float(end) for end in outcome.unit.split("..")), name
        if outcome.unit == "0 or 1":
            assert outcome.bounds == (0.0, 1.0), name
        if outcome.form == "level" and outcome.bounds != (0.0, 1.0):
            assert outcome.unit != "0..1", name
