"""Homes, volunteers, local action, pressure from above: each does what it says, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cisim
from cisim.lab.bill import bill
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.state import FOUNDATION, PUBLIC

TOWN = cisim.Scenario.load("national-and-regional", world="one-town", months=36)
NOBODY = cisim.Scenario.load("no-backbone", world="one-town", months=36)


def run(levers: dict[str, Any], base: cisim.Scenario = TOWN, months: int = 36, **more: Any) -> Any:
    scenario = base.with_(structure_changes=levers, months=months, **more)
    return CollectiveImpactModel(scenario, 3).run()


def outcome(model: Any, name: str) -> np.ndarray:
    return np.asarray(model.recorder.values([name])[name][:, -1])


def gain(levers: dict[str, Any], base: cisim.Scenario = TOWN, futures: int = 12) -> float:
    seen = cisim.simulate(base.with_(structure_changes=levers, months=60), futures, 1)
    return float(seen.values[:, -1, -1, seen.outcomes.index("wellbeing_gain")].mean())


def same(one: Any, other: Any) -> None:
    theirs = other.recorder.values()
    for name, values in one.recorder.values().items():
        np.testing.assert_array_equal(values, theirs[name], err_msg=name)


OFF: list[dict[str, Any]] = [
    {"volunteer_value": 1.0},  # without volunteers
    {"vertical_governance": 0.0, "national_pressure": 0.0, "staff_shortage": 0.0},
    {"start_up": 0.0, "overhead": 0.0},
]


@pytest.mark.parametrize("levers", OFF)
def test_what_is_off_changes_not_one_bit(levers: dict[str, Any]) -> None:
    same(run(levers), run({}))


def test_staff_are_paid_from_the_first_month_and_act_when_their_home_is_there() -> None:
    for months, acts in ((6, False), (7, True)):
        model = run({"start_up": 6.0}, months=months)
        assert (model.state.backbones.hands > 0.0).tolist() == [acts, acts]
        assert model.state.payers.paid[FOUNDATION].sum() > 0.0
    late = run({"start_up": 100.0})
    nobody = run({"regional": False, "national_fte": 0.0, "sponsors_post": 0.0})
    usual = outcome(run({}), "joint_activity")[-1]
    for one in (late, nobody):  # a payer whose staff do nothing still pulls agendas a little
        assert outcome(one, "joint_activity")[-1] < 0.25 * usual
    assert outcome(late, "external_money_total")[-1] > outcome(nobody, "external_money_total")[-1]


def test_a_backbone_that_was_gone_begins_its_home_anew() -> None:
    posts = [{"where": "regional", "fte": 1.0, "payer": "foundation", "from": a, "until": b}
             for a, b in ((0, 12), (20, 36))]  # fmt: skip
    levers = {"posts": posts, "start_up": 4.0}
    hands = []
    model = CollectiveImpactModel(NOBODY.with_(structure_changes=levers), 3)
    for _ in range(36):
        model.step()
        hands.append(model.state.backbones.hands[1] > 0.0)
    assert hands == [False] * 4 + [True] * 8 + [False] * 12 + [True] * 12


def test_overhead_takes_its_share_of_the_time_and_none_of_the_money() -> None:
    half, all_ = run({"overhead": 0.5}, months=1), run({}, months=1)
    np.testing.assert_array_equal(half.state.backbones.hands, all_.state.backbones.hands / 2)
    np.testing.assert_array_equal(half.state.payers.paid, all_.state.payers.paid)
    assert gain({"overhead": 0.9}) < gain({})


def test_volunteers_give_their_own_time_which_is_no_money() -> None:
    model = run({"volunteers": 0.05}, NOBODY)
    assert model.state.regions.volunteered[0] == pytest.approx(0.05)
    assert model.state.orgs.volunteered.sum() == pytest.approx(0.05)
    assert model.state.backbones.hands[1] == pytest.approx(0.3 * 0.05)
    scenario = NOBODY.with_(structure_changes={"volunteers": 0.05})
    rows = bill(cisim.simulate(scenario, 2, 1))
    volunteers = rows[rows["payer"] == "volunteers for the backbone"]
    assert volunteers["fte_years"].sum() == pytest.approx(0.05 * 3)
    assert not volunteers["external"].any()
    assert (volunteers["kind"] == "own time").all()
    without = bill(cisim.simulate(NOBODY, 2, 1))
    assert "volunteers for the backbone" not in set(without["payer"])


def test_nobody_volunteers_more_than_they_would_give() -> None:
    model = run({"volunteers": 1000.0}, NOBODY, months=1)
    state = model.state
    volunteered = state.regions.volunteered[0]
    assert 0.0 < volunteered < state.orgs.own_time[state.orgs.member].sum()
    assert volunteered == pytest.approx(state.orgs.volunteered.sum())
    assert (state.orgs.volunteered <= state.orgs.time).all()


def test_volunteers_who_can_do_little_do_more_harm_than_those_who_can_do_all() -> None:
    able = gain({"volunteers": 0.4, "volunteer_value": 1.0}, NOBODY)
    idle = gain({"volunteers": 0.4, "volunteer_value": 0.0}, NOBODY)
    assert idle < gain({}, NOBODY) < able


def test_local_action_is_paid_to_members_and_booked_to_its_payer() -> None:
    county = {"name": "County", "kind": "county"}
    post = {"where": "local-action", "fte": 0.5, "payer": "County", "from": 6, "until": 18}
    model = run({"posts": [post], "payers": [county]}, NOBODY)
    names = [one.name for one in model.scenario.payers]
    paid = model.payments.paid[1:, names.index("County")].sum(axis=1)
    assert paid.tolist() == [0.0] * 6 + [0.5] * 12 + [0.0] * 18
    before, while_ = (run({"posts": [post], "payers": [county]}, NOBODY, months=m) for m in (6, 7))
    assert before.state.orgs.extra.sum() == run({}, NOBODY, months=6).state.orgs.extra.sum()
    none = run({}, NOBODY, months=7).state.orgs.extra.sum()
    assert while_.state.orgs.extra.sum() == pytest.approx(none + 0.5)
    assert while_.state.backbones.staff.sum() == 0.0


def test_local_action_moves_joint_work_and_is_own_time_where_nobody_is_a_member() -> None:
    assert gain({"local_action": 0.5}, NOBODY) > gain({}, NOBODY)
    model = run({"local_action": 0.5, "founders": "none", "sponsors": []}, NOBODY, months=1)
    orgs = model.state.orgs
    assert orgs.time.sum() == pytest.approx(orgs.own_time.sum() + 0.5)
    assert orgs.extra.sum() == 0.0


def test_pressure_claims_time_mandates_and_agendas_of_public_organisations() -> None:
    model = run({"national_pressure": 1.0}, months=12)
    free = run({}, months=12)
    orgs, p = model.state.orgs, model.parameters
    public = orgs.sector < PUBLIC
    np.testing.assert_allclose(orgs.claimed[public], p.pressure_time * orgs.own_time[public])
    assert not orgs.claimed[~public].any()
    assert orgs.mandate[public].mean() < free.state.orgs.mandate[public].mean()
    aim = model.state.levers.national_priority
    away = np.abs(orgs.agenda[public] - aim).mean()
    assert away < np.abs(free.state.orgs.agenda[public] - aim).mean()


def test_governance_across_the_levels_shields_by_its_share_and_costs_members_time() -> None:
    pressed, shielded = (
        gain({"national_pressure": 0.8}),
        gain({"national_pressure": 0.8, "vertical_governance": 0.8}),
    )
    assert pressed < shielded < gain({})
    assert gain({"vertical_governance": 1.0}) < gain({})
    whole = run({"national_pressure": 1.0, "vertical_governance": 1.0})
    without = run({"vertical_governance": 1.0})
    same(whole, without)


def test_governance_across_the_levels_finds_staff_where_locals_do_not() -> None:
    lacking = run({"staff_shortage": 0.6}, months=1).state.backbones.hands
    helped = run({"staff_shortage": 0.6, "vertical_governance": 0.5}, months=1)
    full = run({}, months=1).state.backbones.hands
    np.testing.assert_allclose(lacking, 0.4 * full)
    np.testing.assert_allclose(helped.state.backbones.hands, 0.7 * full)


def test_pressure_of_an_event_lasts_its_months_in_its_region() -> None:
    event = {
        "kind": "national-pressure",
        "month": 4,
        "months": 6,
        "pressure": 0.7,
        "region": "Pirha",
    }
    finland = cisim.Scenario.load("no-backbone", months=12)
    model = CollectiveImpactModel(finland.with_(events=[event]), 3)
    names = [region.name for region in finland.world.regions]
    claimed = []
    for _ in range(12):
        model.step()
        claimed.append(model.state.regions.claimed.copy())
    there = np.array(claimed)[:, names.index("Pirha")] > 0.0
    assert there.tolist() == [False] * 4 + [True] * 6 + [False] * 2
    assert not np.delete(np.array(claimed), names.index("Pirha"), axis=1).any()
    lasting = finland.with_(structure_changes={"national_pressure": 0.9}, events=[event])
    same(CollectiveImpactModel(lasting, 3).run(), run({"national_pressure": 0.9}, finland, 12))


def test_seed_money_that_ends_takes_its_local_action_along() -> None:
    end = {"kind": "seed-money-ends", "month": 9}
    model = CollectiveImpactModel(
        NOBODY.with_(structure_changes={"local_action": 0.5}, events=[end]), 3
    ).run()
    paid = model.payments.paid[1:, FOUNDATION].sum(axis=1)
    assert paid.tolist() == [0.5] * 9 + [0.0] * 27


def test_all_the_same_money_has_what_local_action_is_paid(tmp_path: Path) -> None:
    (tmp_path / "pays.toml").write_text(
        'title = "P"\nworld = "one-town"\n[structure_changes]\nlocal_action = 0.5\n', "utf-8"
    )
    (tmp_path / "given.toml").write_text(
        f'title = "G"\nworld = "one-town"\n[structure_changes]\n'
        f'same_money_as = "{tmp_path / "pays.toml"}"\n',
        "utf-8",
    )
    given = cisim.Scenario.load(tmp_path / "given.toml", months=24)
    pays = cisim.Scenario.load(tmp_path / "pays.toml", months=24)
    ends = [
        outcome(CollectiveImpactModel(one, 3).run(), "external_money_total")
        for one in (pays, given)
    ]
    np.testing.assert_allclose(ends[0], ends[1])
    assert ends[0][-1] > 0.99
    with pytest.raises(InputError, match="local_action would add to it"):
        given.with_(structure_changes={"local_action": 0.1})
