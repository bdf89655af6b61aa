"""Events act on the agents of a running model, where and when they say."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from annotated_types import Le

from cisim.model.agents import Backbone, Community, Organisation, Sponsor
from cisim.model.model import CollectiveImpactModel
from cisim.model.state import SECTORS
from cisim.world.events import EVENTS
from cisim.world.scenario import Scenario

KINDS = {
    "election",
    "reform",
    "services-move",
    "seed-money-ends",
    "sponsor-leaves",
    "sponsor-arrives",
    "backbone-starts",
    "backbone-ends",
    "turnover-wave",
    "breach-of-promises",
    "champion-leaves",
    "payer-changes-agenda",
    "backbone-chosen",
    "communities-enter",
    "large-event",
}
UNCHANGING = {"sponsor-arrives", "services-move", "communities-enter"}
"""Nobody arrives who is there already, nor move services that the region's leaders answer for; all
communities of a town take part from the beginning."""
BASE = {"kind", "month"}
"""What is given to every event."""


def needed(kind: str) -> dict[str, Any]:
    """Return a value for each field that an event of a kind must have: a choice, or a number."""
    fields = EVENTS[kind].model_fields.items()
    wanted = {name: one for name, one in fields if one.is_required() and name not in BASE}
    choices = {name: get_args(one.annotation) for name, one in wanted.items()}
    most = {
        name: min((limit.le for limit in one.metadata if isinstance(limit, Le)), default=2.0)
        for name, one in wanted.items()
    }
    return {name: choices[name][-1] if choices[name] else min(2.0, most[name]) for name in wanted}


def model(
    *events: dict[str, Any], base: str = "national-and-regional", **changes: Any
) -> CollectiveImpactModel:
    scenario = Scenario.load(base, world="one-town", months=24).with_(events=events, **changes)
    return CollectiveImpactModel(scenario, seed=3)


def struck(kind: str, base: str = "national-and-regional", **fields: Any) -> CollectiveImpactModel:
    """Return a model at month 6 on whose agents the event has just acted."""
    ready = model({"kind": kind, "month": 6, **needed(kind), **fields}, base=base).run(6)
    for event in ready.scenario.events_at(6):
        event.strike(ready)
    return ready


def test_there_is_a_kind_for_every_event_of_the_description() -> None:
    assert set(EVENTS) >= KINDS
    assert all(kind.words for kind in EVENTS.values())


@pytest.mark.parametrize("kind", sorted(set(EVENTS)))
def test_every_event_can_strike_and_changes_nothing_before_its_month(kind: str) -> None:
    with_event = model({"kind": kind, "month": 6, **needed(kind)}).run(12)
    without = model().run(12)
    before, after = with_event.recorder.table[:7], with_event.recorder.table[7:13]
    assert np.array_equal(before, without.recorder.table[:7], equal_nan=True)
    changed = not np.array_equal(after, without.recorder.table[7:13], equal_nan=True)
    assert changed == (kind not in UNCHANGING)


EVERYWHERE = {"payer-changes-agenda", "backbone-chosen"}
"""Happen in all regions: a payer wants the same in each, and a group chooses for all."""


@pytest.mark.parametrize("kind", sorted(set(EVENTS) - EVERYWHERE))
def test_an_event_elsewhere_changes_nothing_here(kind: str) -> None:
    scenario = Scenario.load("national-and-regional", months=12)
    event = {"kind": kind, "month": 3, "region": "Soite", **needed(kind)}
    ready = CollectiveImpactModel(scenario.with_(events=[event]), seed=1).run(3)
    other = CollectiveImpactModel(scenario, seed=1).run(3)
    for one in ready.scenario.events_at(3):
        one.strike(ready)
    away = np.array([name != "Soite" for name in map(ready.scenario.region_name, range(5))])
    assert np.array_equal(
        ready.state.orgs.mandate[away[ready.state.orgs.region]],
        other.state.orgs.mandate[away[other.state.orgs.region]],
    )
    sponsors = away[ready.state.sponsors.region]
    assert np.array_equal(
        ready.state.sponsors.engagement[sponsors], other.state.sponsors.engagement[sponsors]
    )


def test_sponsors_that_leave_take_their_engagement_along() -> None:
    ready = struck("sponsor-leaves", sponsor="political")
    for sponsor in ready.agents_by_type[Sponsor]:
        assert sponsor.present == (sponsor.kind != "political")
        if sponsor.kind == "political":
            assert sponsor.engagement == 0


def test_sponsors_that_were_absent_arrive_with_the_link_that_is_given() -> None:
    ready = struck("sponsor-arrives", base="missing-sponsor", link=1.0)
    for sponsor in ready.agents_by_type[Sponsor]:
        assert sponsor.present
        assert sponsor.link == 1
        assert sponsor.engagement > 0


def test_a_backbone_starts_with_its_staff_and_ends() -> None:
    ready = struck("backbone-starts", base="no-backbone")
    assert ready.backbone(0).resources == 2
    later = model(
        {"kind": "backbone-starts", "month": 3, "level": "regional", "fte": 2.0},
        {"kind": "backbone-ends", "month": 12, "level": "regional"},
        base="no-backbone",
    ).run()
    staff = later.recorder.values(["regional_staff"])["regional_staff"][:, -1]
    assert staff[3] == 0
    assert staff[12] > 1
    assert staff[24] < staff[12]


def test_seed_money_that_ends_ends_the_plan() -> None:
    regional = [
        one for one in struck("seed-money-ends").agents_by_type[Backbone] if not one.national
    ]
    assert regional
    assert all(one.seed_end <= 6 for one in regional)


def test_a_reform_halves_mandates_towards_the_least() -> None:
    plain = model().run(6)
    ready = struck("reform", share=0.0)
    least = plain.parameters.mandate_min
    expected = least + (plain.state.orgs.mandate - least) / 2
    assert np.allclose(ready.state.orgs.mandate, expected, rtol=0, atol=1e-15)


def test_services_that_move_are_answered_for_by_the_region_and_no_more_by_municipalities() -> None:
    before = {"health": 0.6, "social": 0.6, "education": 0.5, "level": "both"}
    rows = [{"kind": "municipal", "jurisdiction": before}, {"kind": "health", "jurisdiction": {}}]
    scenario = Scenario.load("national-and-regional", world="one-town", months=24).with_(
        structure_changes={"sponsors": [*rows, "political", "education"]},
        events=[{"kind": "services-move", "month": 6}],
    )
    usual = Scenario.load("national-and-regional", world="one-town").build(1).sponsors.jurisdiction
    health, social, education = (SECTORS.index(one) for one in ("health", "social", "education"))

    def reach(months: int) -> dict[str, np.ndarray]:
        one = CollectiveImpactModel(scenario, seed=1).run(months)
        found = one.state.sponsors.jurisdiction
        return {s.kind: found[s.row].copy() for s in one.agents_by_type[Sponsor]}

    early, late = reach(6), reach(7)
    assert np.all(early["municipal"][[health, social]] == 0.6)
    assert np.all(early["health"] == 0)
    assert np.all(late["municipal"][[health, social]] == 0)
    assert np.all(late["municipal"][education] == 0.5)
    assert np.array_equal(late["health"], usual[0])
    assert np.array_equal(late["political"], usual[2])
    assert np.array_equal(late["education"], early["education"])


@pytest.mark.parametrize(("share", "some"), [(0.0, False), (1.0, True)])
def test_a_wave_of_turnover_strikes_its_share(share: float, some: bool) -> None:
    plain = model().run(6)
    ready = struck("turnover-wave", share=share)
    assert (not np.array_equal(ready.state.ties.kept, plain.state.ties.kept)) == some


def test_a_breach_costs_members_the_trust_of_those_they_know() -> None:
    plain = model().run(6)
    ready = struck("breach-of-promises", share=1.0, promises=5.0)

    def trust(one: CollectiveImpactModel) -> float:
        return float(one.agents_by_type[Organisation].agg("trust", np.mean))

    assert trust(ready) < trust(plain)


def test_communities_enter_the_largest_first_with_the_organisations_that_may() -> None:
    out = "Pirha/9/youth"
    scenario = Scenario.load("no-backbone", world="finland", months=12).with_(
        structure_changes={"participation": "none", "left_out": [out]},
        events=[
            {"kind": "communities-enter", "month": 2, "region": "Pirha", "number": 3},
            {"kind": "communities-enter", "month": 4, "region": "Soite", "which": "smallest",
             "number": 2},
            {"kind": "communities-enter", "month": 6, "community": "Pirha/9"},
        ],
    )  # fmt: skip
    ready = CollectiveImpactModel(scenario, seed=1)
    communities = list(ready.agents_by_type[Community])
    assert not any(one.participating for one in communities)
    pirha, soite = (
        sorted((one for one in communities if one.name.startswith(name)),
               key=lambda one: one.children)
        for name in ("Pirha/", "Soite/")
    )  # fmt: skip
    ready.run(3)
    assert {one.name for one in communities if one.participating} == {
        one.name for one in pirha[-3:]
    }
    ready.run(4)
    inside = {one.name for one in communities if one.participating}
    assert inside == {one.name for one in (*pirha[-3:], *soite[:2])} | {"Pirha/9"}
    for organisation in ready.agents_by_type[Organisation]:
        if organisation.community >= 0:
            here = communities[organisation.community].name in inside
            assert organisation.eligible == (here and organisation.name != out)


def test_a_large_event_takes_time_and_gives_heart_to_members_who_come() -> None:
    before = model().run(6)
    after = struck("large-event", share=1.0, heart=0.5, time=0.4)
    were, orgs = before.state.orgs, after.state.orgs
    member = were.member
    assert member.any()
    assert np.allclose(orgs.commitment[member], were.commitment[member] / 2 + 0.5)
    assert np.allclose(orgs.time_left[member], 0.6 * were.time_left[member])
    assert np.array_equal(orgs.commitment[~member], were.commitment[~member])
    assert np.array_equal(orgs.time_left[~member], were.time_left[~member])
