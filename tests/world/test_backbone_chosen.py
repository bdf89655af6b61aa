"""A governance group chooses its backbone: by trust, mandates and what communities say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cisim.lab.decisions import COLUMNS, decisions
from cisim.model.agents import Organisation
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.show.decided_in_words import told_often, told_once
from cisim.show.scenario_in_words import events_of
from cisim.world.choosing import Candidate, decide, supports
from cisim.world.scenario import Scenario
from cisim.world.unheld import unheld, unheld_in_words

GROUP = "Governance group: "
TRUST, PROVIDER = GROUP + "community trust", GROUP + "primary health organisation"
HOMES = [
    Candidate(name="Trust", holder=TRUST, credibility=0.6),
    Candidate(name="Provider", holder=PROVIDER, credibility=0.4),
    Candidate(name="New"),
]


def locality(*events: dict[str, Any], months: int = 24) -> CollectiveImpactModel:
    scenario = Scenario.load("no-backbone", world="nz-locality", months=months)
    return CollectiveImpactModel(scenario.with_(events=events), seed=2)


def group(model: CollectiveImpactModel) -> list[Organisation]:
    return [one for one in model.agents_by_type[Organisation] if one.founder]


def trust_in(one: Organisation, name: str) -> float:
    return next(tie.trust for tie in one.ties() if tie.other.name == name)


def test_support_is_trust_weighed_by_mandates_and_what_communities_say() -> None:
    model = locality()
    members = group(model)
    for place, one in enumerate(members):
        one.mandate = 0.1 + 0.2 * place
    voters = [one for one in members if one.name != TRUST]
    assert len(voters) == len(members) - 1  # nobody appoints itself
    mandates = [one.mandate for one in voters]
    wanted = np.average([trust_in(one, TRUST) for one in voters], weights=mandates)
    found = supports(model, HOMES, 0.25)
    assert found[0].group == pytest.approx(wanted)
    assert found[0].total == pytest.approx(0.75 * wanted + 0.25 * 0.6)
    stranger = model.parameters.trust_prior
    assert found[2].group == pytest.approx(stranger)  # nobody knows what is not there yet
    assert found[2].communities == model.state.levers.credibility


def test_a_member_without_a_mandate_has_no_say_and_a_group_without_leaves_it_to_communities() -> (
    None
):
    model = locality()
    first, *others = group(model)
    for one in others:
        one.mandate = 0.0
    alone = supports(model, HOMES[1:2], 0.0)[0].total
    expected = model.parameters.trust_prior if first.name == PROVIDER else trust_in(first, PROVIDER)
    assert alone == pytest.approx(expected)
    first.mandate = 0.0
    assert [one.total for one in supports(model, HOMES[:2], 0.0)] == [0.6, 0.4]


def test_of_equals_the_one_that_is_named_first_is_chosen() -> None:
    model = locality()
    twins = [Candidate(name=name, credibility=0.5) for name in ("first", "second")]
    chosen = decide(model, twins, 0.5).chosen
    assert chosen is not None
    assert chosen.name == "first"


def test_where_nobody_of_the_group_is_left_nobody_is_chosen_and_nothing_changes() -> None:
    event = {"kind": "backbone-chosen", "month": 3}
    model, plain = locality(event), locality()
    for one in (model, plain):
        one.run(3)
        for member in group(one):
            member.leave()
    model.run()
    plain.run()
    (decision,) = model.decisions
    assert decision.chosen is None
    assert np.array_equal(model.recorder.table, plain.recorder.table, equal_nan=True)
    (told,) = told_once(model.decisions, model.scenario.calendar)
    assert told == "Month 3: nobody of those who founded it was left to choose a backbone."


def test_the_chosen_one_brings_its_home_and_its_staff() -> None:
    homes = [
        {"name": "Bad", "credibility": 0.0, "fte": 9.0},
        {"name": "Good", "credibility": 1.0, "engagement": 0.6, "overhead": 0.1, "start_up": 4},
    ]
    event = {"kind": "backbone-chosen", "month": 5, "fte": 0.7, "candidates": homes}
    model = locality(event).run()
    levers = model.state.levers
    assert (levers.credibility, levers.engagement, levers.overhead) == (1.0, 0.6, 0.1)
    assert levers.neutrality == 0.5  # as the structure says
    assert model.backbone(0).resources == 0.7
    staff = model.recorder.values(["regional_staff"])["regional_staff"][:, -1]
    assert not staff[:6].any()
    assert staff[8] > 0.1
    assert staff[24] <= 0.7
    early = locality(event).run(9)
    assert early.state.backbones.staff[1] > 0.0  # paid, and not acting before it has settled in
    assert early.state.backbones.hands[1] == 0.0
    assert early.run(2).state.backbones.hands[1] > 0.0


def test_who_is_chosen_is_told_of_one_future_and_of_many() -> None:
    scenario = Scenario.load("nz-group-alone", months=8)
    found = decisions(scenario, 6, seed=4)
    assert tuple(found.columns) == COLUMNS
    assert found.groupby("seed")["chosen"].sum().tolist() == [1] * 6
    best = found.loc[found.groupby("seed")["support"].idxmax()]
    assert best["chosen"].all()
    model = CollectiveImpactModel(scenario, 4).run()
    (once,) = told_once(model.decisions, scenario.calendar)
    name = found[(found["seed"] == 4) & found["chosen"]]["candidate"].iloc[0]
    assert once.startswith(f"Month 6: the group chose {name} as its backbone, wanted 0.")
    (often,) = told_often(found, scenario.calendar)
    many = int(found[found["candidate"] == name]["chosen"].sum())
    assert f"{name} in {many}" in often
    assert "of 6 futures" in often
    assert decisions(Scenario.load("nz-nobody"), 6).empty


def test_a_group_that_asks_chooses_whom_communities_trust() -> None:
    asks, alone = (
        decisions(Scenario.load(name, months=8), 12) for name in ("nz-group-asks", "nz-group-alone")
    )
    trusted = asks[asks["candidate"] == "Community trust"]["chosen"]
    assert trusted.all()
    assert len(set(alone[alone["chosen"]]["candidate"])) > 1  # its own trust differs by future


def test_a_backbone_that_is_chosen_holds_functions_and_its_candidates_are_named() -> None:
    scenario = Scenario.load("nz-group-asks")
    assert "facilitator" in unheld(scenario.structure)
    assert set(unheld(scenario.structure, scenario.events)) == {"initiator", "catalyst"}
    assert len(unheld_in_words(scenario.structure, scenario.events)) == 1
    assert "candidates Community trust / Health provider / New structure" in events_of(scenario)


def test_names_that_the_place_has_not_are_refused() -> None:
    base = Scenario.load("no-backbone", world="nz-locality")
    homes = [{"name": "A", "holder": TRUST[:-1]}, {"name": "A"}]
    with pytest.raises(InputError) as caught:
        base.with_(events=[{"kind": "backbone-chosen", "month": 1, "candidates": homes}])
    first, second = caught.value.sentences
    assert first.startswith("no-backbone: events[0].candidates[0].holder is 'Governance group: co")
    assert f"Did you mean {TRUST}?" in first
    assert second == (
        "no-backbone: events[0].candidates[1].name is 'A' again; allowed is each name once."
    )
    with pytest.raises(InputError, match=r"events\[0\]\.community is 'Nowhere', which is no comm"):
        base.with_(events=[{"kind": "communities-enter", "month": 1, "community": "Nowhere"}])
    with pytest.raises(InputError, match="same_money_as gives all the money"):
        Scenario.load("same-total").with_(events=[{"kind": "backbone-chosen", "month": 1}])
