"""However large what is given, a run stays within what time allows."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.world.scenario import Scenario, levers


def lived(
    parameters: dict[str, float] | None = None, **levers: float
) -> cisim.CollectiveImpactModel:
    scenario = Scenario.load("same-money", world="one-town").with_(
        months=6, parameters={"history_months": 12} | (parameters or {}), structure_changes=levers
    )
    return cisim.CollectiveImpactModel(scenario, seed=2).run()


@pytest.mark.parametrize("cost", [0.001, 0.01, 0.5])
def test_no_grant_makes_more_meetings_than_a_month_has_room_for(cost: float) -> None:
    little = {"meeting_cost": cost, "everyday_meetings": 20.0, "staff_time": 0.005}
    model = lived(little, grant_nat=1500.0)
    most = 1.0 / cost
    held, count = model.state.meetings, model.state.meetings_count
    started = np.bincount(held.party[:count][held.kind[:count] == 3])
    assert 0.5 * most < started.max() <= most


def test_the_ceiling_is_far_above_what_ordinary_time_asks_for() -> None:
    model = lived()
    kept = model.state.meetings.party[: model.state.meetings_count]
    assert np.bincount(kept).max() < 20 < 1.0 / model.parameters.meeting_cost


def test_structures_at_the_corners_of_what_is_allowed_run_and_stay_finite() -> None:
    luck = np.random.default_rng(4)
    for _ in range(12):
        given = {
            name: float(luck.choice(one.bounds))
            for name, one in levers().items()
            if not name.endswith(("_start", "_end")) and luck.random() < 0.7
        }
        given |= {"grant_nat": 1500.0 * luck.integers(2), "grant_reg": 0.0}  # within their limit
        given |= {"local_action": 0.0}  # which counts among them
        model = lived(**given)
        assert model.state.meetings_count <= 4 * model.state.orgs.number.size * 1000
        for name, column in model.state.columns():
            assert np.isfinite(np.asarray(column)).all(), (name, given)
