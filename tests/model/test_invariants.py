"""What must not matter, bit for bit: rows, bystanders, idle backbones, pauses."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import numpy as np
import pytest

from cisim.lab.patterns.runs import relabel
from cisim.model.model import CollectiveImpactModel
from cisim.model.state import State, arrange
from cisim.world.scenario import Scenario

MONTHS = 30
SCENARIOS = ["national-and-regional", "same-money-joint", "no-backbone"]


def scenario(name: str, **changes: object) -> Scenario:
    return Scenario.load(name).with_(world="one-town", months=MONTHS, **changes)  # type: ignore[arg-type]


class Prepared:
    """A scenario whose state is changed after it is built and before history begins."""

    def __init__(self, given: Scenario, change: object) -> None:
        self._given, self._change = given, change

    def __getattr__(self, name: str) -> object:
        return getattr(self._given, name)

    def in_future(self, seed: int) -> Prepared:
        return Prepared(self._given.in_future(seed), self._change)

    def build(self, seed: int) -> State:
        return self._change(self._given.build(seed))  # type: ignore[operator, no-any-return]


def same_bits(one: State, other: State, except_for: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    """Hold every column of two states to the same bits."""
    theirs = dict(other.columns())
    for name, ours in one.columns():
        if name.split(".")[0] != "meetings" and name not in except_for:
            np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs[name]), err_msg=name)
    count = one.meetings_count
    for part in dataclasses.fields(one.meetings):
        ours, others = (getattr(state.meetings, part.name)[:count] for state in (one, other))
        np.testing.assert_array_equal(ours, others, err_msg=part.name)


def with_a_bystander(state: State) -> State:
    """Add an organisation that knows nobody and may not take part, in its last row."""
    rows = state.orgs.number.size
    for part in dataclasses.fields(state.orgs):
        column = getattr(state.orgs, part.name)
        setattr(state.orgs, part.name, np.concatenate([column, column[-1:]]))
    state.orgs.number[-1] = rows
    state.orgs.eligible[-1] = False
    state.orgs.community[-1] = 2
    state.orgs.sector[-1] = 4
    state.ties.start = np.append(state.ties.start, state.ties.start[-1])
    state.ties.near = np.append(state.ties.near, state.ties.start[-1])
    state.layout = arrange(
        state.orgs.number,
        state.orgs.region,
        state.orgs.community,
        state.communities.region,
        state.regions.visible.size,
    )
    return state


def relabelled(state: State) -> State:
    """Put the organisations into other rows; their permanent numbers stay their own."""
    return relabel(state, 4)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_bystander_changes_not_one_bit_of_anything_else(name: str) -> None:
    plain = CollectiveImpactModel(scenario(name), seed=3).run()
    watched = CollectiveImpactModel(Prepared(scenario(name), with_a_bystander), seed=3).run()  # type: ignore[arg-type]
    theirs = dict(watched.state.columns())
    for column, ours in plain.state.columns():
        table = column.split(".")[0]
        if table in ("layout", "meetings") or column == "regions.together":
            continue  # it is one more that nobody knows
        others = np.asarray(theirs[column])
        if table == "orgs" or column in ("ties.start", "ties.near"):
            others = others[:-1]
        np.testing.assert_array_equal(np.asarray(ours), others, err_msg=column)
    ours_seen, theirs_seen = plain.recorder.values(), watched.recorder.values()
    for outcome, values in ours_seen.items():
        if outcome in ("known_density", "known_centralisation", "known_reach"):
            continue
        np.testing.assert_array_equal(values, theirs_seen[outcome], err_msg=outcome)


@pytest.mark.parametrize("trust", ["evidence", "layers"])
@pytest.mark.parametrize("ties", ["fixed", "forming"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_relabelling_organisations_relabels_the_results(name: str, ties: str, trust: str) -> None:
    given = scenario(name, parameters={"ties": ties, "trust_theory": trust})
    plain = CollectiveImpactModel(given, seed=3).run()
    mixed = CollectiveImpactModel(Prepared(given, relabelled), seed=3).run()  # type: ignore[arg-type]
    back = np.argsort(mixed.state.orgs.number)
    assert not np.array_equal(back, np.arange(back.size)), "they are in other rows"
    for part in dataclasses.fields(plain.state.orgs):
        ours = getattr(plain.state.orgs, part.name)
        theirs = getattr(mixed.state.orgs, part.name)[back]
        np.testing.assert_array_equal(ours, theirs, err_msg=part.name)
    for table in ("communities", "regions", "backbones", "sponsors", "practice"):
        for part in dataclasses.fields(getattr(plain.state, table)):
            ours = getattr(getattr(plain.state, table), part.name)
            theirs = getattr(getattr(mixed.state, table), part.name)
            np.testing.assert_array_equal(ours, theirs, err_msg=f"{table}.{part.name}")
    assert np.sort(plain.state.ties.kept).tolist() == np.sort(mixed.state.ties.kept).tolist()


def test_a_national_backbone_without_staff_changes_not_one_bit() -> None:
    without = CollectiveImpactModel(scenario("regional-only"), seed=3).run()

    def idle(state: State) -> State:
        state.backbones.exists[0] = True
        return state

    with_one = CollectiveImpactModel(Prepared(scenario("regional-only"), idle), seed=3).run()  # type: ignore[arg-type]
    same_bits(without.state, with_one.state, {"backbones.exists"})


def test_a_regional_backbone_without_staff_changes_not_one_bit() -> None:
    unpaid = {"core_post": 0.0}
    without = scenario("national-only", parameters=unpaid)
    idle = scenario(
        "national-only",
        parameters=unpaid,
        structure_changes={"regional": True, "regional_fte": 0.0, "backbone_share": 0.0},
    )
    one = CollectiveImpactModel(without, seed=3).run()
    other = CollectiveImpactModel(idle, seed=3).run()
    chosen = {"backbones.exists", "regions.fte", "levers.backbone_share", "posts.end"}
    same_bits(one.state, other.state, chosen)


@pytest.mark.parametrize(
    ("name", "ties"), [*((name, "fixed") for name in SCENARIOS), (SCENARIOS[0], "forming")]
)
def test_a_pause_in_a_file_changes_not_one_bit(name: str, ties: str, tmp_path: Path) -> None:
    given = scenario(name, parameters={"ties": ties})
    through = CollectiveImpactModel(given, seed=3).run()
    half = CollectiveImpactModel(given, seed=3).run(MONTHS // 2)
    path = half.save(tmp_path / "half.npz")
    resumed = CollectiveImpactModel.load(path).run()
    same_bits(through.state, resumed.state)
    for outcome, values in through.recorder.values().items():
        np.testing.assert_array_equal(values, resumed.recorder.values()[outcome], err_msg=outcome)


def test_ten_years_are_sixty_months_and_sixty_months(tmp_path: Path) -> None:
    ten_years = Scenario.load("national-and-regional").with_(world="one-town", months=120)
    through = CollectiveImpactModel(ten_years, seed=8).run()
    path = CollectiveImpactModel(ten_years, seed=8).run(60).save(tmp_path / "sixty.npz")
    same_bits(through.state, CollectiveImpactModel.load(path).run().state)


def test_a_copy_lives_the_same_life_and_leaves_the_first_alone() -> None:
    first = CollectiveImpactModel(scenario("national-and-regional"), seed=3).run(10)
    second = copy.deepcopy(first)
    second.run()
    assert first.month == 10
    same_bits(first.run().state, second.state)


def test_the_same_world_for_every_structure_of_a_seed() -> None:
    states = [scenario(name).build(7) for name in SCENARIOS]
    for name, ours in states[0].columns():
        if name.split(".")[0] in ("orgs", "ties", "communities"):
            for state in states[1:]:
                np.testing.assert_array_equal(np.asarray(ours), dict(state.columns())[name])


def test_relabelling_organisations_leaves_every_outcome_as_it_is() -> None:
    given = scenario("national-and-regional")
    plain = CollectiveImpactModel(given, seed=3).run().recorder.values()
    mixed = CollectiveImpactModel(Prepared(given, relabelled), seed=3).run()  # type: ignore[arg-type]
    for outcome, values in plain.items():
        np.testing.assert_array_equal(values, mixed.recorder.values()[outcome], err_msg=outcome)


def test_a_changed_copy_of_a_world_is_planned_anew() -> None:
    world = Scenario.load("no-backbone").world
    assert Scenario.load("no-backbone").with_(world=world).build(1).sizes["N"] == 370
    smaller = world.model_copy(update={"regions": world.regions[:1]})
    given = Scenario.load("no-backbone").with_(world=smaller)
    assert given.build(1).sizes["N"] == 50 == len(smaller.organisation_names)
