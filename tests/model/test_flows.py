"""What flows between the two levels of backbones can be cut one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from cisim import Scenario
from cisim.model.model import CollectiveImpactModel
from cisim.model.state import Floats, State
from cisim.world.levers.flows import FLOWS


@cache
def after(months: int, **changes: float) -> State:
    scenario = Scenario.load("national-and-regional").with_(world="test-region")
    scenario = scenario.with_(structure_changes={"advocacy": 0.0, **changes})
    return CollectiveImpactModel(scenario, 3).run(months).state


READ: dict[str, Callable[[State], Floats]] = {
    "flow_horizon": lambda state: state.regions.reach[:, 0],
    "flow_guidance": lambda state: state.regions.roles[:, 1],
    "flow_evaluation": lambda state: state.regions.reach[:, 1],
    "flow_peers": lambda state: state.regions.reach[:, 2],
    "flow_knowledge": lambda state: state.backbones.knowhow[1:],
    "flow_need": lambda state: state.regions.upward,
    "flow_overview": lambda state: state.regions.reach[:, 1],
}


def test_every_flow_is_looked_at() -> None:
    assert tuple(READ) == FLOWS


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_that_is_cut_takes_away_what_one_level_gives_the_other(flow: str) -> None:
    whole, half, cut = (READ[flow](after(2, **{flow: share})) for share in (1.0, 0.5, 0.0))
    assert (whole > half + 1e-6).all()
    assert (half > cut + 1e-6).all()


def test_what_the_national_level_gives_members_directly_is_not_cut() -> None:
    cut = after(2, **dict.fromkeys(FLOWS, 0.0))
    np.testing.assert_array_equal(cut.regions.direct, after(2).regions.direct)
    assert (cut.regions.direct > 0.0).all()
    assert (cut.regions.national == 0.0).all()


def test_an_academic_partner_near_by_is_not_cut_with_the_national_level() -> None:
    cut = after(2, academic_fte=0.5, flow_evaluation=0.0, flow_knowledge=0.0)
    alone = after(2, academic_fte=0.5, national_fte=0.0)
    np.testing.assert_array_equal(
        cut.regions.national[:, [2, 4]], alone.regions.national[:, [2, 4]]
    )
    assert (cut.regions.national[:, [2, 4]] > 0.0).all()
