"""A past that is shared is the past that each would have lived alone, and it is lived once."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import cisim
from cisim.lab.patterns.runs import VARIANTS, Relabelled, run_variants
from cisim.lab.robust import robust
from cisim.lab.simulate import run_ensembles
from cisim.model import past
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.month import work
from cisim.model.past import Pasts, live_past, side_by_side
from cisim.model.processes.activity import act_together
from cisim.model.schedule import HISTORY
from cisim.model.state import NATIONAL_ROLES, PUBLIC, REGIONAL_ROLES, State
from cisim.world.files import shipped
from cisim.world.scenario import LEVERS, Scenario, levers

MONTHS = 12
FOUR = ("no-backbone", "same-money", "national-and-regional", "missing-sponsor")


def scenario(name: str, **changes: Any) -> Scenario:
    return Scenario.load(name).with_(**{"world": "one-town", "months": MONTHS, **changes})


def same_bits(one: State, other: State) -> None:
    theirs = dict(other.columns())
    for name, ours in one.columns():
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs[name]), err_msg=name)


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the seeds of all pasts that are lived in this process."""
    seeds: list[int] = []

    def counted(one: Any, seed: int) -> State:
        seeds.append(seed)
        return live_past(one, seed)

    monkeypatch.setattr(past, "live_past", counted)
    monkeypatch.setattr("cisim.model.model.live_past", counted)
    return seeds


@pytest.mark.parametrize("world", shipped("worlds"))
def test_a_run_from_a_shared_past_is_the_run_lived_alone(world: str) -> None:
    pasts = Pasts()
    for name in shipped("scenarios"):
        one = Scenario.load(name, world=world)
        one = one.with_(months=max([MONTHS, *(event.month + 1 for event in one.events)]))
        shared = CollectiveImpactModel(one, seed=3, pasts=pasts).run(MONTHS)
        alone = CollectiveImpactModel(one, seed=3).run(MONTHS)
        same_bits(shared.state, alone.state)
        np.testing.assert_array_equal(shared.recorder.table, alone.recorder.table)
    assert pasts.lived < len(shipped("scenarios"))


def other_levers() -> dict[str, Any]:
    """Return for each lever what the others below do not set."""
    numbers = {name: one.bounds for name, one in levers().items() if one.bounds is not None}
    found: dict[str, Any] = {
        name: low if low != one.default else high
        for (name, (low, high)), one in zip(numbers.items(), levers().values(), strict=True)
    }
    first = {"national_roles": NATIONAL_ROLES[0], "regional_roles": REGIONAL_ROLES[0]}
    found |= {name: {role: 0.0} for name, role in first.items()}
    found |= {"grant_nat": 2.0, "grant_reg": 2.0}  # the largest of both are too much for a town
    found |= {"participation": "none", "founders": {"network": True}}
    found |= {"selection": "complementary", "champion": "best-trusted"}
    found |= {"agreement": "contract", "steering": "both"}
    found |= {"local_action": 2.0, "allow": ["agenda"]}
    found |= {"functions": {"catalyst": ["sponsors"]}, "responsibilities": {"vision": 0.5}}
    found |= {"regional": True, "regional_fte": 7.0, "sponsors": ["political"]}
    post = {"where": "national", "fte": 1.0, "from": 3, "payer": "foundation"}
    payer = {"name": "the county", "kind": "county", "position": [1.0, 0.0, 0.0]}
    return {
        **found,
        "posts": [post],
        "payers": [payer],
        "same_money_as": "regional-only",
        "left_out": [Scenario.load("no-backbone", world="one-town").world.organisation_names[0]],
    }


def test_every_lever_is_tried() -> None:
    assert set(other_levers()) == set(LEVERS)


@pytest.mark.parametrize("lever", LEVERS)
def test_history_reads_nothing_that_a_structure_sets(lever: str) -> None:
    """Set before history as a model alone sets it, and after the history of another structure."""
    given = lever == "same_money_as"  # which nobody who is paid can have beside it
    plain = scenario("no-backbone" if given else "national-and-regional")
    changed = plain.with_(structure_changes={lever: other_levers()[lever]})
    assert changed.structure != plain.structure or lever in ("regional",)
    pasts = Pasts()
    pasts.state(plain, 5)
    same_bits(pasts.state(changed, 5), live_past(changed, 5))
    same_bits(pasts.state(plain, 5), live_past(plain, 5))
    assert pasts.lived == 1


def test_a_structure_leaves_nothing_of_the_one_before_it() -> None:
    names = shipped("scenarios")
    for before, after in product(names, names):
        one = scenario(after, events=[])
        state = scenario(before, events=[]).build(2)
        one.equip(state, 2)
        same_bits(state, one.build(2))


def test_another_world_parameter_or_seed_is_another_past() -> None:
    plain = scenario("no-backbone")
    pasts = Pasts()
    for one, seed in (
        (plain, 1),
        (plain.with_(parameters={"turnover": 0.02}), 1),
        (plain.with_(world="finland"), 1),
        (plain, 2),
        (plain.with_(structure="national-and-regional", name="other"), 2),
    ):
        same_bits(pasts.state(one, seed), live_past(one, seed))
    assert pasts.lived == 4


def test_a_name_neither_joins_nor_parts() -> None:
    plain = scenario("no-backbone")
    alike = plain.with_(name="other", title="Other")
    namesake = plain.with_(parameters={"turnover": 0.02})
    assert alike.past == plain.past
    assert namesake.past != plain.past
    assert (
        Relabelled(plain).past
        != plain.past
        == Scenario.load("no-backbone").with_(world=plain.world.model_copy()).past
    )


def test_those_that_share_a_past_stand_side_by_side() -> None:
    one, other = scenario("no-backbone"), scenario("no-backbone", parameters={"turnover": 0.02})
    assert side_by_side([one, other, one, one, other]) == ([0, 2, 3, 1, 4], 2)


def test_a_comparison_lives_through_each_past_once(lived: list[int]) -> None:
    four = [scenario(name) for name in FOUR]
    cisim.compare(four, replicates=3, workers=1, seed=20, beliefs="fixed")
    assert lived == [20, 21, 22]
    lived.clear()
    cisim.simulate(four[0], replicates=2, workers=1)
    assert lived == [1, 2]


def test_scenarios_of_two_pasts_come_back_in_their_own_order(lived: list[int]) -> None:
    mixed = [
        scenario(name, parameters={"turnover": turnover}).with_(name=f"{name} {turnover}")
        for turnover in (0.01, 0.02)
        for name in FOUR[:2]
    ]
    mixed = [mixed[0], mixed[2], mixed[1], mixed[3]]
    for workers in (1, 2):
        lived.clear()
        together = run_ensembles(mixed, 2, workers, 4)
        assert workers == 2 or lived == [4, 4, 5, 5]
        for one, given in zip(together, mixed, strict=True):
            assert one.scenario is given
            alone = cisim.simulate(given, 2, 1, 4)
            np.testing.assert_array_equal(one.values, alone.values)


def test_a_robust_answer_and_a_set_of_patterns_share_their_pasts(lived: list[int]) -> None:
    robust([scenario(name) for name in FOUR], points=2, replicates=1, workers=1)
    assert len(lived) == 2
    lived.clear()
    names = ["both", "none", "trusting", "absent", "relabelled", "same-total"]
    runs = run_variants(scenario("national-and-regional"), 1, names, ["wellbeing_gain"])
    assert set(runs) == set(names)
    assert len(lived) == 3
    for name in ("both", "trusting", "absent", "same-total"):
        alone = VARIANTS[name].change(scenario("national-and-regional"))
        found = CollectiveImpactModel(alone, seed=1).run().recorder.values(["wellbeing_gain"])
        np.testing.assert_array_equal(runs[name]["wellbeing_gain"], found["wellbeing_gain"][:, -1])


def test_a_structure_that_fails_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    equip = Scenario.equip

    def failing(self: Scenario, state: State, seed: int) -> None:
        equip(self, state, seed)
        if self.name == "same-money":
            state.orgs.own_time[:] = np.nan
            raise RuntimeError("half way")

    monkeypatch.setattr(Scenario, "equip", failing)
    found = cisim.compare(
        [scenario(name) for name in FOUR], replicates=2, workers=1, beliefs="fixed"
    )
    failed = [(one.scenario, one.seed) for one in found.failed]
    assert failed == [("same-money", 1), ("same-money", 2)]
    monkeypatch.undo()
    for name in FOUR:
        if name != "same-money":
            alone = cisim.simulate(scenario(name), 2, 1)
            np.testing.assert_array_equal(found.ensembles[name].values, alone.values)


def test_equal_worlds_stay_equal_when_they_were_built() -> None:
    one, other = (Scenario.load("no-backbone", world="one-town") for _ in range(2))
    one.build(1)
    other.build(1)
    assert one.world == other.world
    assert one == other


def test_nobody_looks_back_at_what_was_done_before_the_last_year_of_history() -> None:
    """So it need not be worked out: whatever stood there, month 0 is the same."""
    plain = scenario("no-backbone")
    p = plain.parameters
    states = plain.build(3), plain.build(3)
    for month in range(-int(p.history_months), 0):
        for state in states:
            work(HISTORY, state, p, Luck(3, month))
        if month == -13:
            before = states[1].copy()
            act_together(states[1], p, Luck(3, month))
            same_bits(before, states[1])
            places, regions = states[1].communities, states[1].regions
            for column in (places.joint, places.everyday, places.input, places.service):
                column[:] = 0.7
            places.measured[:], places.agenda[:], regions.agenda[:] = 0.7, 0.7, 0.7
            places.has_agenda[:], regions.has_agenda[:], regions.visible[:] = True, True, 0.7
    same_bits(*states)


def test_mandates_do_not_move_where_nothing_begins() -> None:
    nobody = scenario("no-backbone", months=36).with_(parameters={"init_member_share": 0.0})
    model = CollectiveImpactModel(nobody)
    before = model.state.orgs.mandate.copy()
    engaged = model.state.sponsors.engagement.copy()
    public = model.state.orgs.sector < PUBLIC
    assert before[public].min() < model.parameters.mandate_start
    model.run(36)
    np.testing.assert_allclose(model.state.orgs.mandate, before, rtol=1e-12)
    np.testing.assert_allclose(model.state.sponsors.engagement, engaged, rtol=1e-12)


def test_founders_commitment_is_what_their_reasons_say_and_does_not_fall_at_once() -> None:
    base = scenario("no-backbone", months=12)
    changes = []
    for seed in range(1, 7):
        model = CollectiveImpactModel(base, seed)
        founders = model.state.orgs.member.copy()
        at_first = model.state.orgs.commitment[founders].copy()
        assert 0.05 < at_first.min() < at_first.max() < 0.95
        assert at_first.std() > 0.0
        model.run(12)
        stay = founders & model.state.orgs.member
        changes.append(model.state.orgs.commitment[stay].mean() - at_first.mean())
    assert abs(float(np.mean(changes))) < 0.05  # it fell from .50 to .30


def test_whoever_joins_without_a_word_is_as_committed_as_a_founder_with_its_reasons() -> None:
    model = CollectiveImpactModel(scenario("national-and-regional"))
    for row in np.flatnonzero(model.state.orgs.member)[:3].tolist():
        one = model.organisation(row)
        before = one.commitment
        one.leave()
        assert one.commitment == 0.0
        one.join()
        assert one.member
        assert one.commitment == before
        one.join(0.25)
        assert one.commitment == 0.25
        with pytest.raises(ValueError, match="commitment"):
            one.join(1.5)


def test_a_founder_leads_from_month_0_where_there_is_no_staff() -> None:
    alone = CollectiveImpactModel(scenario("no-backbone"))
    staffed = CollectiveImpactModel(scenario("national-and-regional"))
    assert alone.state.regions.lead_time[0] > 0.0
    assert staffed.state.regions.lead_time[0] < alone.state.regions.lead_time[0]


def test_the_end_of_seed_money_shows_where_it_bites_and_in_that_order() -> None:
    ends = scenario("national-and-regional", months=72).with_(
        structure_changes={"seed_end": 24}, name="ends"
    )
    goes_on = ends.with_(structure_changes={"seed_end": 10_000}, name="goes on")
    names = ("regional_staff", "component_backbone", "brokered_meetings", "joint_activity")
    early, late = [], []
    both = [cisim.simulate(one, 12, 1, outcomes=names) for one in (ends, goes_on)]
    for name in names:
        for month, found in ((30, early), (72, late)):
            with_, without = (float(one.at(name, month).mean()) for one in both)
            found.append(with_ / without - 1.0)
    assert early[0] < -0.4  # staff falls at once
    assert early[0] < early[1] < -0.1  # what it does falls with it, less
    assert early[2] < -0.1
    assert early[0] / 3 < early[3] < 0.0  # joint work lives on for a while
    assert late[3] < early[3]
