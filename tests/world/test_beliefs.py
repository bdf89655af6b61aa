"""Beliefs: each future draws its own parameters, the same for every scenario."""

from __future__ import annotations

import json

import numpy as np
import pytest

import cisim
from cisim.lab.sweep.identity import hash_of
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world.beliefs import BLOCK, Beliefs
from cisim.world.ranges import plausible_range
from cisim.world.scenario import Scenario

PLAUSIBLE = Beliefs()


def town(name: str = "national-and-regional", **changes: object) -> Scenario:
    return Scenario.load(name, world="one-town", months=12, **changes).believing("plausible")


def test_a_future_believes_the_same_whatever_others_are_run() -> None:
    some = PLAUSIBLE.values(np.array([205, 7, 2**62]))
    for row, seed in zip(some, (205, 7, 2**62), strict=True):
        assert PLAUSIBLE.point(seed) == dict(zip(PLAUSIBLE.names, row.tolist(), strict=True))
    assert not (some[0] == some[1]).any()


def test_a_row_of_futures_covers_every_range_evenly() -> None:
    declared = declarations(Parameters)
    for first in (1, 1 + 3 * BLOCK):
        rows = PLAUSIBLE.values(np.arange(first, first + BLOCK))
        for name, column in zip(PLAUSIBLE.names, rows.T, strict=True):
            over = plausible_range(declared[name])
            assert over.low <= column.min() <= column.max() <= over.high
            if not over.whole:
                strata = over.at((np.arange(BLOCK + 1)) / BLOCK)
                assert (np.histogram(column, strata)[0] == 1).all(), name


def test_fixed_is_what_a_scenario_says_and_anything_else_is_refused() -> None:
    plain = Scenario.load("no-backbone", world="one-town")
    assert plain.believing("fixed") == plain
    assert plain.in_future(3) is plain
    with pytest.raises(
        InputError, match="beliefs is 'guessed'; allowed is ensemble, plausible, fixed, "
    ):
        plain.believing("guessed")


def test_what_a_scenario_sets_stays_so_even_where_it_is_the_default() -> None:
    half = Parameters().effort_half
    one = town().set({"effort_half": half, "turnover": 0.02})
    for seed in (1, 2):
        there = one.in_future(seed).parameters
        assert (there.effort_half, there.turnover) == (half, 0.02)
        point = PLAUSIBLE.point(seed)
        for name in PLAUSIBLE.names:
            if name not in ("effort_half", "turnover"):
                assert getattr(there, name) == point[name]


def test_a_key_tells_what_is_set_to_its_default_from_what_is_drawn() -> None:
    one = town()
    other = one.set({"effort_half": Parameters().effort_half})
    assert one == other
    assert one.held != other.held
    assert hash_of(one) != hash_of(other)
    plain = Scenario.load("no-backbone", world="one-town")
    assert hash_of(plain) == hash_of(plain.set({"effort_half": Parameters().effort_half}))


def test_a_run_is_that_of_a_scenario_with_those_parameters() -> None:
    one = town()
    believed = cisim.CollectiveImpactModel(one, seed=5).run()
    plain = Scenario.load("national-and-regional", world="one-town", months=12)
    plain = plain.set(PLAUSIBLE.point(5))
    same = cisim.CollectiveImpactModel(plain, seed=5).run()
    assert believed.outcomes().equals(same.outcomes())
    assert believed.scenario.parameters == plain.parameters


def test_it_comes_back_from_a_file_as_it_was() -> None:
    one = town().set({"effort_half": Parameters().effort_half})
    again = Scenario.from_resolved(json.loads(json.dumps(one.resolved())))
    assert again.beliefs == one.beliefs
    assert again.in_future(4).parameters == one.in_future(4).parameters
    assert "beliefs" not in Scenario.load("no-backbone").resolved()


def test_the_same_money_is_given_in_every_future() -> None:
    names = ["same-total", "national-and-regional"]
    found = cisim.compare(
        [Scenario.load(name, world="one-town", months=24) for name in names],
        12,
        1,
        beliefs="plausible",
        outcomes=["external_money_total"],
        at=[24],
    )
    one, other = (found.ensembles[name].at("external_money_total") for name in names)
    assert np.array_equal(one, other)
    assert np.ptp(other) > 0.0
