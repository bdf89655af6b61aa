"""Whom recruiters ask, what partners share and sign, who opens doors, and how it is steered."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from cisim.model.agents import Organisation
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.processes.membership import join_and_leave
from cisim.model.processes.sponsors import engage_sponsors
from cisim.world.scenario import Scenario

FUTURES = 12


def run(months: int, seed: int = 1, **structure: Any) -> CollectiveImpactModel:
    beliefs = structure.pop("parameters", {})
    scenario = Scenario.load("national-and-regional", world="county", months=max(1, months))
    scenario = scenario.with_(structure_changes=structure, parameters=beliefs)
    return CollectiveImpactModel(scenario, seed).run(months)


@cache
def last(outcome: str, months: int, **structure: Any) -> np.ndarray:
    """Return an outcome at the end, (futures,)."""
    runs = (run(months, seed, **structure) for seed in range(1, FUTURES + 1))
    return np.array([one.outcomes([outcome])[outcome].iloc[-1] for one in runs])


@pytest.mark.parametrize(
    ("changes", "outcome", "sign"),
    [
        ({"value_distance": 0.6}, "alignment", 1),
        ({"value_distance": 1.4}, "alignment", -1),
        ({"scope": 1.5}, "alignment", -1),
        ({"seats": 0.4}, "members", -1),
        ({"champion": "best-trusted"}, "joins_self", 1),
        ({"agreement": "contract-with-exit-clause"}, "leavers", 1),
        ({"agreement": "contract"}, "leavers", -1),
        ({"steering": "operational"}, "trust_active", 1),
        ({"steering": "operational"}, "load", 1),
        ({"steering": "strategic"}, "mandate_public", 1),
        ({"steering": "strategic"}, "load", 1),
        ({"shared_credit": 1.0}, "wellbeing_gain", 1),
        ({"selection": "usual-suspects"}, "reliability", 1),
    ],
    ids=str,
)
def test_each_lever_moves_what_it_is_said_to_move(
    changes: dict[str, Any], outcome: str, sign: int
) -> None:
    moved = last(outcome, 60, **changes) - last(outcome, 60)
    assert sign * moved.mean() > 2 * moved.std(ddof=1) / np.sqrt(FUTURES)


def joining(model: CollectiveImpactModel, **parameters: float) -> np.ndarray:
    """Return who would join this month, had each the whole luck of it, (N,)."""
    state, p = model.state.copy(), model.parameters.model_copy(update=parameters)
    joins = np.zeros(state.orgs.number.size)
    for month in range(1000, 1600):
        join_and_leave(state, p, Luck(model.seed, month))
        joins += state.orgs.joining
    return joins / 600


def test_recruiters_who_choose_ask_as_many_as_those_who_do_not() -> None:
    alike = {"contagion_rate": 0.0, "w_trust": 0.0, "w_efficacy": 0.0, "w_load": 0.0}
    before = run(12)
    open_ = joining(before, **alike)
    for selection in (1.0, 2.0):
        before.state.levers.selection = selection
        chosen = joining(before, **alike)
        assert abs(chosen.sum() - open_.sum()) < 0.15 * open_.sum()
        assert np.abs(chosen - open_).max() > 0.02, "others are asked"


def test_usual_suspects_are_those_whom_members_know_and_trust() -> None:
    model = run(12, selection="usual-suspects")
    chances = joining(model, contagion_rate=0.0, w_trust=0.0)
    others = [one for one in model.agents_by_type[Organisation] if one.eligible and not one.member]
    known = [
        sum(tie.trust * tie.familiarity for tie in one.ties() if tie.other.member) for one in others
    ]
    chance = np.array([chances[one.row] for one in others])
    assert np.corrcoef(known, chance)[0, 1] > 0.5


def test_a_complementary_partner_is_one_whose_sector_its_community_lacks() -> None:
    model = run(12, selection="complementary")
    orgs, chances = model.state.orgs, joining(model, contagion_rate=0.0, w_trust=0.0)
    lacking, there = [], []
    for one in model.agents_by_type[Organisation]:
        if one.eligible and not one.member and one.community >= 0:
            alike = orgs.member & (orgs.sector == orgs.sector[one.row])
            here = alike & ((orgs.community == one.community) | (orgs.community < 0))
            (there if here.any() else lacking).append(chances[one.row])
    assert np.mean(lacking) > 3 * np.mean(there)


@pytest.mark.parametrize("seats", [0.0, 0.3, 0.6])
def test_a_region_that_is_full_lets_nobody_in(seats: float) -> None:
    model = run(60, seats=seats)
    table = model.outcomes(["members", "eligible", "joins_self", "joins_recruited"])
    joins = (table["joins_self"] + table["joins_recruited"]).to_numpy()
    full = table["members"].to_numpy()[:-1] >= seats * table["eligible"].to_numpy()[:-1]
    assert full.any()
    assert np.all(np.diff(joins)[full] == 0)


def test_values_that_are_shared_wholly_are_one_aim_in_each_region() -> None:
    orgs = run(0, value_distance=0.0).state.orgs
    assert np.ptp(orgs.remit[orgs.eligible], axis=0).max() < 1e-12
    middle = run(0).state.orgs.remit[orgs.eligible].mean(axis=0)
    assert np.allclose(orgs.remit[orgs.eligible], middle)
    assert np.array_equal(
        run(0, value_distance=0.5, scope=2.0).state.orgs.remit, run(0).state.orgs.remit
    )


def test_a_champion_is_the_founder_whom_most_know_and_trust_and_goes_with_the_person() -> None:
    model = run(0, champion="best-trusted")
    founders = [one for one in model.agents_by_type[Organisation] if one.member]
    (champion,) = [one for one in founders if one.champion]
    assert champion.standing == max(one.standing for one in founders)
    champion.change_representative()
    assert not any(one.champion for one in founders)


def test_only_those_who_know_a_champion_are_asked_and_while_it_is_a_member() -> None:
    model = run(6, champion={"names": ["County/health"]}, parameters={"turnover": 0.0})
    still = {"contagion_rate": 0.0, "recruit_rate": 0.0}
    (champion,) = [one for one in model.agents_by_type[Organisation] if one.champion]
    champion.join()
    chances = joining(model, **still, champion_rate=1.0)
    known = {tie.other.row for tie in champion.ties()}
    assert set(np.flatnonzero(chances)) <= known
    assert chances.any()
    champion.leave()
    model.state.orgs.eligible[champion.row] = False
    assert not joining(model, **still, champion_rate=1.0).any()


def test_a_person_who_left_before_it_was_founded_is_no_champion_lost() -> None:
    always = {"turnover": 1.0}
    model = run(0, champion={"names": ["County/health"]}, parameters=always)
    assert model.state.orgs.champion.sum() == 1
    model.run(1)
    assert not model.state.orgs.champion.any()


@pytest.mark.parametrize(
    ("agreement", "remains"),
    [("none", 0.3), ("letter-of-intent", 0.475), ("contract", 0.65)],
)
def test_what_is_signed_stands_when_people_change(agreement: str, remains: float) -> None:
    model = run(3, agreement=agreement, parameters={"inst_base": 0.3})
    model.state.orgs.measurement[:] = 0.0
    one = max(model.agents_by_type[Organisation], key=lambda one: one.standing)
    arcs = slice(model.state.ties.start[one.row], model.state.ties.start[one.row + 1])
    before = model.state.ties.kept[arcs].copy()
    one.change_representative()
    assert np.allclose(model.state.ties.kept[arcs], remains * before)


def test_shared_credit_lets_partners_see_results_off_their_remit_as_far_as_a_broker_tells() -> None:
    model = run(36)
    seen = {}
    for credit, broker in ((0.0, 1.0), (1.0, 1.0), (1.0, 0.0)):
        state = model.state.copy()
        state.levers.shared_credit = credit
        state.regions.roles[:, 3] = broker
        engage_sponsors(state, model.parameters, Luck(1, 36))
        seen[credit, broker] = state.orgs.benefit
    assert np.array_equal(seen[1.0, 0.0], seen[0.0, 1.0])
    assert np.all(seen[1.0, 1.0] >= seen[0.0, 1.0])
    visible = model.state.communities.visible
    local = model.state.orgs.eligible & (model.state.orgs.community >= 0)
    whole = visible[model.state.orgs.community[local]]
    assert np.allclose(seen[1.0, 1.0][local], whole)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"selection": "friends"}, "selection is 'friends'"),
        ({"champion": {"names": ["County/helth"]}}, "champion.names[0] is 'County/helth'"),
        ({"champion": {"names": []}}, "champion.names"),
        ({"agreement": "exit-clause"}, "agreement is 'exit-clause'"),
        ({"seats": 1.5}, "seats is 1.5"),
        ({"scope": 0.0}, "scope is 0"),
    ],
)
def test_what_is_not_allowed_is_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said.replace("[", r"\[").replace("]", r"\]")):
        run(0, **given)


def test_defaults_that_are_said_are_the_model_as_it_is_without_them() -> None:
    said = {
        "selection": "open", "seats": 1.0, "champion": "none", "value_distance": 1.0, "scope": 1.0,
        "agreement": "none", "steering": "none", "shared_credit": 0.0,
    }  # fmt: skip
    assert np.array_equal(run(24, **said).recorder.table, run(24).recorder.table, equal_nan=True)
