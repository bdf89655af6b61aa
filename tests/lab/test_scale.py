"""A level outside its scale never comes out without a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.lab.scale import outside
from cisim.model.outcomes import OUTCOMES

GRANTS = {
    "structure_changes": {"grant_joint": 0.0, "grant_nat": 10_000.0, "grant_reg": 1000.0},
}


def test_nothing_that_ships_leaves_its_scale() -> None:
    for name in ("national-and-regional", "no-backbone"):
        ensemble = cisim.simulate(name, 3, 1, months=24)
        assert ensemble.outside == ()


def test_who_leaves_the_scale_is_counted_and_told() -> None:
    names = ["wellbeing", "member_share"]
    values = np.full((4, 3, 1, 2), 0.5)
    values[1, 2, 0, 0] = 182.0
    values[3, 0, 0, 0] = -513_113.0
    values[2, 1, 0, 1] = np.nan
    (one,) = outside("grants", names, values)
    assert one == ("grants", "wellbeing", 2, 4, -513_113.0)
    assert "wellbeing left its scale of 0 to 100 in 2 of 4 futures (to -5.131e+05)" in str(one)


def test_an_endless_value_is_outside_every_scale() -> None:
    values = np.full((1, 1, 1, 1), np.inf)
    (one,) = outside("harm", ["service_demand"], values)
    assert "in this future (to no end)" in str(one)


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_ends_of_a_scale_belong_to_it(name: str) -> None:
    ends = [end for end in OUTCOMES[name].bounds if np.isfinite(end)]
    if ends:
        assert outside("x", [name], np.array(ends).reshape(-1, 1, 1, 1)) == []


def test_large_grants_are_told_by_an_ensemble() -> None:
    scenario = cisim.Scenario.load("same-money", world="one-town").with_(**GRANTS)
    ensemble = cisim.simulate(scenario, 2, 1, months=60, outcomes=["wellbeing", "member_share"])
    assert [one.outcome for one in ensemble.outside] == ["wellbeing"]
