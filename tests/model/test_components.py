"""The seven components: each can be weakened and removed, and at full strength nothing changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cisim
from cisim.model.outcomes import OUTCOMES
from cisim.model.process import arguments
from cisim.model.processes.activity import combine
from cisim.model.processes.trust import reliability
from cisim.world.levers.components import COMPONENTS, Components
from cisim.world.structure import Structure

FUTURES = 6
LOOKED_AT = ("wellbeing_gain", "joint_activity", *(one.outcome for one in COMPONENTS.values()))


def ends(**levers: Any) -> dict[str, float]:
    """Return the means at month 60 in One town with both backbones."""
    base = cisim.Scenario.load("national-and-regional", world="one-town", months=60)
    seen = cisim.simulate(
        base.with_(structure_changes=levers), FUTURES, 1, outcomes=list(LOOKED_AT)
    )
    means = seen.values[:, -1, -1].mean(axis=0)
    return dict(zip(seen.outcomes, means.tolist(), strict=True))


@pytest.fixture(scope="module")
def whole() -> dict[str, float]:
    return ends()


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_that_is_removed_falls_and_is_missed(
    name: str, whole: dict[str, float]
) -> None:
    one = COMPONENTS[name]
    without = ends(**{one.lever: 0.0})
    assert without[one.outcome] < 0.9 * whole[one.outcome]
    assert without["wellbeing_gain"] < 0.98 * whole["wellbeing_gain"]


@pytest.mark.parametrize("name", [name for name in COMPONENTS if name != "beneficiary_engagement"])
def test_half_of_a_component_lies_between_all_and_none(name: str, whole: dict[str, float]) -> None:
    half, none = (ends(**{name: strength})["joint_activity"] for strength in (0.5, 0.0))
    assert none < half < whole["joint_activity"]


def test_what_is_not_said_is_as_strong_as_the_partnership_makes_it() -> None:
    said = {one.lever: 1.0 for one in COMPONENTS.values() if one.lever in Components.model_fields}
    said |= {"accountability": 0.0, "measurement_time": 0.0, "measurement_staff": 1.0}
    assert set(said) == set(Components.model_fields)
    assert ends(**said) == ends()


def test_every_component_is_a_lever_and_a_level() -> None:
    assert len(COMPONENTS) == 7
    levels = {name for name, one in OUTCOMES.items() if one.group == "components"}
    assert levels == {one.outcome for one in COMPONENTS.values()}
    assert {one.lever for one in COMPONENTS.values()} <= set(Structure.model_fields)


def test_what_is_measured_holds_partners_to_account(whole: dict[str, float]) -> None:
    assert ends(accountability=1.0)["joint_activity"] > 1.02 * whole["joint_activity"]
    none = ends(accountability=1.0, shared_measurement=0.0)["joint_activity"]
    assert none < 0.9 * whole["joint_activity"]


def test_measuring_is_paid_by_members_or_by_staff(whole: dict[str, float]) -> None:
    members = ends(measurement_time=0.1)["joint_activity"]
    staff = ends(measurement_time=0.1, measurement_staff=1.0)["joint_activity"]
    assert members < 0.98 * whole["joint_activity"]
    assert staff < 0.98 * whole["joint_activity"]
    assert staff != members


def kept(measurement: float, accountability: float, everyday: bool = False) -> float:
    one = np.array([0.5])
    given = {
        "i": 0, "everyday": everyday, "commitment": one, "mandate": one, "time_left": one,
        "measurement": np.array([measurement]), "accountability": accountability,
        "follow_min": 0.4, "everyday_reliability": 0.75,
    }  # fmt: skip
    return float(reliability(*(given[name] for name in arguments(reliability))))


def test_of_the_promises_that_would_be_broken_the_measured_share_is_kept() -> None:
    assert kept(0.0, 1.0) == kept(0.8, 0.0) == pytest.approx(0.4 + 0.6 * 0.5)
    assert kept(0.8, 0.5) == pytest.approx(0.7 + 0.4 * 0.3)
    assert kept(1.0, 1.0) == 1.0
    assert kept(0.8, 0.5, everyday=True) == kept(0.0, 0.0, everyday=True)


def test_sectors_that_add_nothing_to_each_other_are_worth_what_each_is_alone() -> None:
    both = np.array([1.0, 2.0, 0.0, 0.0, 0.0, 0.5])
    alone = [np.where(np.arange(6) == sector, both, 0.0) for sector in range(6)]
    apart = sum(combine(one, 0.18, 0.1, 0.7, 1.0) for one in alone)
    together = combine(both, 0.18, 0.1, 0.7, 1.0)
    assert apart < together
    assert combine(both, 0.18, 0.1, 0.7, 0.0) == pytest.approx(apart)
    assert combine(both, 0.18, 0.1, 0.7, 0.25) == pytest.approx(apart + 0.25 * (together - apart))


def test_inclusion_and_empowerment_come_before_wellbeing_and_need_those_concerned() -> None:
    base = cisim.Scenario.load("national-and-regional", world="one-town")
    names = ["inclusion", "empowerment", "wellbeing_gain"]
    seen = cisim.simulate(base, FUTURES, 1, outcomes=names).values[:, :, -1].mean(axis=0)
    half = [int(np.argmax(seen[:, k] >= seen[-1, k] / 2.0)) for k in range(3)]
    assert half[0] + 12 < half[2]
    assert half[1] + 12 < half[0]  # to be heard takes no time, to be many does
    nobody = base.with_(structure_changes={"engagement": 0.0})
    assert not cisim.simulate(nobody, 1, 1, outcomes=names[:2]).values.any()
    heard = base.with_(structure_changes={"engagement": 1.0})
    more = cisim.simulate(heard, FUTURES, 1, outcomes=names).values[:, -1, -1].mean(axis=0)
    assert more[1] > 2.0 * seen[-1, 1]
