"""Two writings of one model agree: compiled kernels, and plain Mesa objects written from the text.

Every state variable of every structure, in every month of history and of three years and more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from named import mixed

from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.month import work
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from cisim.model.state import NEVER, SECTORS, GivenMoney, State
from cisim.model.surveyed import stand_as_surveyed
from cisim.world.events import NationalPressure
from cisim.world.files import shipped
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World
from reference import ReferenceModel
from reference.dated import support

TOLERANCE = 1e-9

ORGANISATION = {
    "member": "member",
    "commitment": "commitment",
    "mandate": "mandate",
    "agenda": "agenda",
    "knowhow": "knowhow",
    "measurement": "measurement",
    "time_left": "time_left",
    "own_time": "own_time",
    "eligible": "eligible",
    "remit": "remit",
    "met": "meetings",
    "service_time": "service_time",
    "joint_time": "joint_time",
    "everyday_time": "bilateral_time",
    "contacts": "contacts",
    "self_started": "own_started",
    "time": "time",
    "benefit": "own_benefit",
    "opposed": "opposed",
    "claimed": "claimed",
    "champion": "champion",
    "former": "former",
    "given": "given",
}
OF_MEMBERS = {"extra": "extra", "led": "lead_time", "volunteered": "volunteered"}
COMMUNITY = {
    "children": "children",
    "deprivation": "deprivation",
    "participating": "participating",
    "need": "need",
    "joint": "joint",
    "everyday": "everyday",
    "visible": "visible",
    "service": "service",
    "trust": "trust",
}
AFTER_HISTORY = {"baseline": "baseline", "ordinary_service": "ordinary_service"}
REGION = {
    "lead_time": "lead_time",
    "visible": "visible",
    "advocacy": "advocacy",
    "money": "money",
    "grants": "grants",
    "paid": "paid",
    "pull": "pull",
    "upward": "feed",
    "facilitation": "facilitation",
    "measuring": "measuring",
    "joined_self": "joins_self",
    "joined_recruited": "joins_recruited",
    "left": "leavers",
    "action": "action",
    "volunteered": "volunteered",
    "claimed": "claimed",
}
PARTNERSHIP = {
    "phase": "phase",
    "phase_months": "age",
    "phase_fit": "opening_fit",
    "redesigns": "redesigned",
    "tried": "tried",
}


def small_finland() -> World:
    """Return Finland with fewer municipalities, participating in the same ways."""
    size = {
        "OmaHäme": (3, 3),
        "Soite": (4, 3),
        "Pirha": (6, 2),
        "Siunsote": (2, 2),
        "Pohde": (4, 4),
    }
    world = load_world("finland")
    regions = [
        region.model_copy(
            update={"communities": size[region.name][0], "participating": size[region.name][1]}
        )
        for region in world.regions
    ]
    return world.model_copy(update={"regions": regions, "title": "Small Finland"})


WORLDS: dict[str, Callable[[], World]] = {
    "one-town": lambda: load_world("one-town"),
    "small-finland": small_finland,
    "names": mixed,
    "names-and-given-ties": lambda: mixed(acquaintance="given"),
}


class Comparison:
    """Holds the columns of a state against the objects of a reference model."""

    def __init__(self, state: State) -> None:
        self.state = state

    def same(self, name: str, when: object, ours: Any, theirs: Iterable[Any]) -> None:
        ours = np.asarray(ours, float)
        other = np.asarray(list(theirs), float).reshape(ours.shape)
        np.testing.assert_allclose(
            ours, other, rtol=0, atol=TOLERANCE, err_msg=f"{name} at month {when}"
        )

    def check(self, reference: ReferenceModel, when: object, *, history: bool) -> None:
        state, orgs = self.state, reference.organisations
        assert [SECTORS[s] for s in state.orgs.sector] == [one.sector for one in orgs]
        for ours, theirs in ORGANISATION.items():
            values = [getattr(one, theirs) for one in orgs]
            self.same(ours, when, getattr(state.orgs, ours), values)
        for ours, theirs in OF_MEMBERS.items():
            values = [getattr(one, theirs) if one.member else 0.0 for one in orgs]
            members = np.where(state.orgs.member, getattr(state.orgs, ours), 0.0)
            self.same(ours, when, members, values)
        self.ties(reference, when)
        self.openings(reference, when)
        for ours, theirs in COMMUNITY.items() | (set() if history else AFTER_HISTORY.items()):
            values = [getattr(one, theirs) for one in reference.communities]
            self.same(ours, when, getattr(state.communities, ours), values)
        for stage in range(0 if history else 3):
            values = [getattr(one, f"d{stage + 1}") for one in reference.communities]
            self.same(f"D{stage + 1}", when, state.communities.delay[:, stage], values)
        if isinstance(when, int) and when >= 0:
            for ours, theirs in REGION.items():
                values = [getattr(one, theirs) for one in reference.regions]
                self.same(ours, when, getattr(state.regions, ours), values)
            for ours, theirs in PARTNERSHIP.items():
                values = [getattr(one.partnership, theirs) for one in reference.regions]
                self.same(ours, when, getattr(state.regions, ours), values)
        self.same("staff", when, state.backbones.staff[1:], [r.staff for r in reference.regions])
        hands = self.state.backbones.hands[1:]
        self.same("hands", when, hands, [r.hands for r in reference.regions])
        self.same("K", when, state.backbones.knowhow[1:], [r.knowhow for r in reference.regions])
        self.same("g", when, state.sponsors.engagement, [s.engagement for s in reference.sponsors])
        self.same("x_p", when, state.sponsors.position, [s.position for s in reference.sponsors])

    def ties(self, reference: ReferenceModel, when: object) -> None:
        ties, number = self.state.ties, self.state.orgs.number
        for row, one in enumerate(reference.organisations):
            arcs = slice(ties.start[row], ties.start[row + 1])
            assert number[ties.other[arcs]].tolist() == list(one.ties)
            theirs = list(one.ties.values())
            for column in ("prior", "kept", "broken", "first", "damage"):
                values = [getattr(tie, column) for tie in theirs]
                self.same(f"{column} of {row}", when, getattr(ties, column)[arcs], values)
            for column in ("last_met", "last_brokered"):
                months = [getattr(tie, column) for tie in theirs]
                expected = [NEVER if month is None else month for month in months]
                assert getattr(ties, column)[arcs].tolist() == expected

    def openings(self, reference: ReferenceModel, when: object) -> None:
        if reference.openings is None:
            assert not self.state.openings.other.size
            return
        openings, number, theirs = self.state.openings, self.state.orgs.number, reference.openings
        for row, one in enumerate(reference.organisations):
            rows = slice(openings.start[row], openings.start[row + 1])
            mine = theirs.of[one.number]
            there = [other.other(one).number for other in mine]
            assert number[openings.other[rows]].tolist() == there
            known = (openings.tie[rows] >= 0).tolist()
            assert known == [other.known for other in mine], f"known of {row} at month {when}"
        together = [theirs.together(region) for region in reference.regions]
        if when != "founding":
            self.same("together", when, self.state.regions.together, together)


def agree(
    scenario: Scenario, seed: int, months: int, pressures: Sequence[NationalPressure] = ()
) -> None:
    """Run both writings side by side and hold every state variable against the other's."""
    p = scenario.parameters
    state = scenario.build(seed)
    comparison = Comparison(state)

    def after_a_month_of_history(reference: ReferenceModel) -> None:
        month = reference.month - 1
        work(HISTORY, state, p, Luck(seed, month))
        comparison.check(reference, month, history=True)

    paying = given = None
    if scenario.reference is not None:
        one = scenario.reference
        paying = ReferenceModel(one.world, one.structure, one.parameters, seed)
        given = CollectiveImpactModel(one, seed).run(months).payments
    reference = ReferenceModel(
        scenario.world, scenario.structure, p, seed, after_a_month_of_history, paying
    )
    reference.pressures = list(pressures)
    stand_as_surveyed(state, p, seed, scenario.surveyed(state))
    if given is not None:
        state.given = GivenMoney(given.paid[1:], given.position[1:])
    work(FOUNDING, state, p, Luck(seed, 0))
    comparison.check(reference, "founding", history=False)
    for month in range(months):
        if paying is not None:
            paying.step()
        for event in pressures:
            if event.month == month:
                rows = [event.region in (None, one.name) for one in scenario.world.regions]
                state.regions.pressure[rows] = event.pressure
                state.regions.pressure_end[rows] = month + event.months
        reference.step()
        work(SCHEDULE, state, p, Luck(seed, month))
        comparison.check(reference, month, history=False)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("name", shipped("scenarios"))
def test_kernels_and_objects_agree_in_every_state_variable(name: str, world: str) -> None:
    scenario = Scenario.load(name).with_(world=WORLDS[world](), events=[])
    agree(scenario, seed=11, months=40)


UNUSUAL: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"national_fte": 9.0, "regional": True, "regional_fte": 2.5, "seed_end": 9},
        {"turnover": 0.2, "conflict_cost": 1.0, "spillover": 0.0, "lead_share": 0.8},
    ),
    (
        {"national_fte": 2.0, "national_start": 5, "national_end": 20, "academic_fte": 1.0},
        {"meetings_max": 6.0, "everyday_meetings": 3.0, "explore": 0.3, "trust_memory": 6.0},
    ),
    (
        {"regional": True, "regional_start": 7, "regional_end": 30, "engagement": 1.0},
        {"know_rate": 0.9, "measure_rate": 1.0, "agenda_rate": 1.0, "kpi_pull": 1.0},
    ),
    (
        {"grant_nat": 60.0, "grant_reg": 8.0, "grant_joint": 0.5, "sponsors": ["political"]},
        {"init_member_share": 1.0, "staff_time": 0.02, "meeting_cost": 0.05, "wb_delay": 3.0},
    ),
    (
        {"national_fte": 4.0, "regional": True, "sponsor_link": 0.9, "advocacy": 1.0},
        {"init_member_share": 0.0, "recruit_rate": 0.0, "ces_rho": 0.4, "core_post": 3.0},
    ),
    (
        {
            "national_fte": 4.0, "regional": True, "flow_horizon": 0.2, "flow_guidance": 0.0,
            "flow_evaluation": 0.5, "flow_peers": 0.3, "flow_knowledge": 0.6, "flow_need": 0.1,
            "flow_overview": 0.7, "academic_fte": 0.4,
        },
        {"solo_quality": 0.3},
    ),
    (
        {
            "national_fte": 5.0, "regional": True, "left_out": ["Pirha/2/youth", "Soite/health"],
            "responsibilities": {
                "vision": 0.1, "activities": 0.3, "measurement": 0.25, "public_will": 0.05,
                "policy": 0.15, "funding": 0.1,
            },
        },
        {},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(UNUSUAL)))
def test_they_agree_far_from_the_defaults(case: int) -> None:
    levers, beliefs = UNUSUAL[case]
    scenario = Scenario.load("no-backbone").with_(
        world=small_finland(), structure_changes=levers, parameters=beliefs
    )
    agree(scenario, seed=5, months=40)


COMPONENTS: list[dict[str, Any]] = [
    {"common_agenda": 0.4, "shared_measurement": 0.3, "reinforcing_activities": 0.6},
    {"communication": 0.2, "backbone_support": 0.7, "investment": 0.8, "academic_fte": 0.3},
    {"accountability": 0.9, "measurement_time": 0.1, "measurement_staff": 0.7},
    {"measurement_time": 0.6, "measurement_staff": 1.0, "regional_fte": 0.2},
    {"grant_nat": 8.0, "grant_reg": 1.0, "investment": 0.3, "reinforcing_activities": 0.0},
]


@pytest.mark.parametrize("case", range(len(COMPONENTS)))
def test_they_agree_on_components_that_are_weakened_and_on_who_measures(case: int) -> None:
    scenario = Scenario.load("national-and-regional").with_(
        world=small_finland(), structure_changes=COMPONENTS[case]
    )
    agree(scenario, seed=7, months=40)


RIVALS: list[dict[str, Any]] = [
    {"trust_theory": "layers", "turnover": 0.1},
    {"trust_theory": "layers-later", "layers_dependence": 1.0, "layers_signal": 0.5},
    {"agenda_theory": "friedkin-johnsen", "contribution_theory": "conditional"},
    {"agenda_theory": "bounded-confidence", "production_theory": "additive"},
    {"production_theory": "weakest-link"},
]


@pytest.mark.parametrize("case", range(len(RIVALS)))
def test_they_agree_on_rival_theories(case: int) -> None:
    scenario = Scenario.load("national-and-regional").with_(
        world=small_finland(),
        parameters=RIVALS[case],
        structure_changes={
            "common_agenda": 0.8, "reinforcing_activities": 0.7, "left_out": ["Soite/health"],
        },
    )  # fmt: skip
    agree(scenario, seed=7, months=40)


def test_they_agree_on_two_layers_from_surveyed_ties() -> None:
    scenario = Scenario.load("national-and-regional").with_(
        world=mixed(acquaintance="given"), parameters={"trust_theory": "layers", "turnover": 0.1}
    )
    agree(scenario, seed=3, months=20)


def test_they_agree_on_how_fast_those_engaged_are_included_and_empowered() -> None:
    scenario = Scenario.load("national-and-regional").with_(world=small_finland(), events=[])
    seen = CollectiveImpactModel(scenario, 3).run(20).outcomes(by_region=True)
    reference = ReferenceModel(scenario.world, scenario.structure, scenario.parameters, 3)
    reference.run(20)
    for name in ("inclusion", "empowerment"):
        ours = seen[name].to_numpy().reshape(21, -1)
        np.testing.assert_allclose(ours, reference.outcomes[name], rtol=0, atol=TOLERANCE)
        assert ours[-1, -1] > 0.01


def test_they_agree_on_less_of_another_scenarios_money() -> None:
    scenario = Scenario.load("same-total").with_(
        world=small_finland(), events=[], structure_changes={"investment": 0.4}
    )
    agree(scenario, seed=7, months=40)


ROWS = [
    {"kind": "health", "link": 1.0, "budget": 2.0, "cap": 0.4, "position": [0.3, -0.2, 0.1]},
    {"kind": "education", "engagement": -0.7, "link": 0.0},
    {"kind": "education", "region": "Pirha", "engagement": 0.6, "elections": None},
    {
        "kind": "political",
        "link": 0.3,
        "engagement": -1.0,
        "elections": {"first": 5, "every": 7},
        "jurisdiction": {"health": 0.9, "social": 0.2, "level": "regional"},
    },
    {"kind": "municipal", "region": "Pohde", "present": False},
    {"kind": "municipal", "elections": "none", "jurisdiction": {"education": 0.6, "youth": 1.0}},
]
CHOSEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"sponsors": ROWS}, {"recall_rate": 0.4, "sponsor_budget": 4.0}),
    ({"sponsors": ["health", {"kind": "political", "link": 0.9}], "sponsor_link": 0.1}, {}),
    ({"participation": "all", "founders": "network"}, {}),
    ({"founders": "none", "sponsor_link": 0.7}, {}),
    ({"participation": "none", "founders": "drawn"}, {"init_member_share": 0.4}),
    (
        {
            "participation": {"number": 2, "which": "smallest"},
            "founders": {"network": True, "number": 4},
        },
        {},
    ),
    ({"participation": {"number": 3, "which": "random", "region": "Pirha"}}, {}),
    (
        {
            "participation": {"names": ["Pirha/2", "Pohde/1", "Pohde/4"]},
            "founders": {"names": ["Pirha/2/youth", "Pohde/health", "Soite/social-2"]},
        },
        {},
    ),
]


@pytest.mark.parametrize("case", range(len(CHOSEN)))
def test_they_agree_on_who_sponsors_takes_part_and_founds(case: int) -> None:
    levers, beliefs = CHOSEN[case]
    scenario = Scenario.load("regional-only").with_(
        world=small_finland(), structure_changes=levers, parameters=beliefs
    )
    agree(scenario, seed=5, months=40)


RELATIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"selection": "usual-suspects", "seats": 0.5, "agreement": "contract"},
        {"turnover": 0.1, "recruit_rate": 0.3},
    ),
    (
        {"selection": "complementary", "agreement": "letter-of-intent", "champion": "best-trusted"},
        {"turnover": 0.1, "recruit_rate": 0.9, "leave_rate": 0.4},
    ),
    (
        {
            "champion": {"names": ["Pirha/2/youth", "Pohde/health", "Soite/social-2"]},
            "agreement": "contract-with-exit-clause",
            "steering": "operational",
        },
        {"turnover": 0.02, "champion_rate": 0.9, "leave_rate": 0.2},
    ),
    (
        {"value_distance": 0.6, "scope": 2.0, "shared_credit": 0.8, "steering": "strategic"},
        {},
    ),
    ({"value_distance": 0.0, "steering": "both", "participation": "none"}, {"meeting_cost": 0.05}),
]


@pytest.mark.parametrize("case", range(len(RELATIONS)))
def test_they_agree_on_partners_agreements_and_steering(case: int) -> None:
    levers, beliefs = RELATIONS[case]
    scenario = Scenario.load("national-and-regional").with_(
        world=small_finland(), structure_changes=levers, parameters=beliefs
    )
    agree(scenario, seed=5, months=40)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["national-and-regional", "same-money", "missing-sponsor"])
def test_they_agree_on_all_of_finland_for_ten_years(name: str) -> None:
    agree(Scenario.load(name), seed=2, months=120)


SHORT = {
    "initiation_shortest": 2,
    "run_shortest": 4,
    "run_longest": 7,
    "redesign_shortest": 2,
    "redesign_longest": 5,
    "need_drift": 0.1,
}
PHASED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("national-and-regional", {"redesign": 1.0, "engagement": 0.8}, SHORT),
    ("no-backbone", {"redesign": 0.7}, {"leave_rate": 0.4, "restart_rate": 0.9} | SHORT),
    ("national-and-regional", {"replication": 0.9}, {"redesign_example": 0.8} | SHORT),
    ("regional-academic", {"early_money": 0.6, "seed_end": 24}, {}),
    ("national-only", {"innovation": 1.0}, {"innovation_gain": 2.0, "innovation_friction": 0.9}),
    ("national-and-regional", {"data_steering": 1.0}, {"steering_span": 0.5, "spillover": 0.3}),
    (
        "national-and-regional",
        {"redesign": 0.4, "replication": 0.3, "early_money": -0.2, "innovation": 0.6}
        | {"data_steering": 0.5, "headroom": 1.0},
        SHORT,
    ),
]


@pytest.mark.parametrize("case", range(len(PHASED)))
def test_they_agree_on_phases_and_innovation(case: int) -> None:
    name, levers, beliefs = PHASED[case]
    scenario = Scenario.load(name).with_(
        world=small_finland(), structure_changes=levers, parameters=beliefs, events=[]
    )
    agree(scenario, seed=5, months=40)


POSTS = [
    {"where": "national", "fte": 0.7, "payer": "Itla", "roles": {"bridge": 0.9}},
    {"where": "national", "fte": 0.4, "payer": "State", "until": 30},
    {
        "where": "regional", "fte": 0.9, "payer": "Itla", "until": 12,
        "after": {"takeover": "County", "share": 0.6, "from": 15, "until": 33},
    },
    {
        "where": "regional", "fte": 0.35, "payer": "State", "from": 3, "until": 20,
        "after": "sponsors", "cap": 0.2, "roles": {"local_support": 0.5, "information_broker": 0.4},
    },
    {"where": "academic", "fte": 0.2, "payer": "State", "from": 6},
]  # fmt: skip
PAYERS = [
    {"name": "State", "kind": "state", "year_price": 6.0, "budget": {"1": 2.5, "3": 9.0}},
    {"name": "Itla", "kind": "foundation"},
    {"name": "County", "kind": "county", "position": [0.4, -0.2, 0.1]},
]


@pytest.mark.parametrize("world", ["one-town", "small-finland"])
def test_they_agree_on_posts_of_all_kinds(world: str) -> None:
    levers = {"posts": POSTS, "payers": PAYERS, "sponsor_link": 0.9}
    scenario = Scenario.load("no-backbone").with_(world=WORLDS[world](), structure_changes=levers)
    agree(scenario, seed=9, months=40)


def test_they_agree_on_earmarked_money_of_posts_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "pays.toml").write_text(
        'title = "P"\nworld = "one-town"\nstructure = "national-and-regional"\n', "utf-8"
    )
    (tmp_path / "given.toml").write_text(
        f'title = "G"\nworld = "one-town"\n[structure_changes]\nsame_money_use = 0.6\n'
        f'same_money_as = "{tmp_path / "pays.toml"}"\n',
        "utf-8",
    )
    agree(Scenario.load(tmp_path / "given.toml"), seed=3, months=30)


HOMES: list[dict[str, Any]] = [
    {"start_up": 9.0, "overhead": 0.35, "national_fte": 4.0, "regional": True, "seed_end": 18},
    {
        "volunteers": 0.4, "volunteer_value": 0.6, "regional": True, "regional_start": 12,
        "start_up": 5.0, "sponsors_post": 1.0, "sponsor_link": 0.9,
    },
    {"volunteers": 40.0, "volunteer_value": 1.0, "local_action": 1.5},
    {
        "staff_shortage": 0.5, "vertical_governance": 0.6, "national_pressure": 0.8,
        "regional": True,
    },
    {"national_pressure": 1.0, "founders": "none", "local_action": 0.5},
    {"vertical_governance": 1.0, "national_pressure": 1.0, "national_fte": 4.0},
    {"earned_trust": 0.6, "engagement": 0.8, "credibility": 0.4, "regional": True},
]  # fmt: skip


@pytest.mark.parametrize("world", ["one-town", "small-finland"])
@pytest.mark.parametrize("case", range(len(HOMES)))
def test_they_agree_on_homes_volunteers_local_action_and_pressure(case: int, world: str) -> None:
    scenario = Scenario.load("no-backbone").with_(
        world=WORLDS[world](), structure_changes=HOMES[case]
    )
    agree(scenario, seed=7, months=40)


def test_they_agree_on_pressure_that_comes_and_goes() -> None:
    scenario = Scenario.load("national-and-regional").with_(
        world=small_finland(), structure_changes={"national_pressure": 0.2}
    )
    came = NationalPressure(
        kind="national-pressure", month=4, months=9, pressure=0.9, region="Pirha"
    )
    again = NationalPressure(kind="national-pressure", month=20, months=6, pressure=0.1)
    agree(scenario, seed=7, months=30, pressures=[came, again])


def test_they_agree_on_posts_of_local_action() -> None:
    action = [
        {"where": "local-action", "fte": 0.6, "payer": "State", "from": 2, "until": 30},
        {"where": "local-action", "fte": 0.2, "payer": "Itla", "until": 8,
         "after": {"takeover": "County", "share": 0.5}},
    ]  # fmt: skip
    levers = {"posts": [*POSTS, *action], "payers": PAYERS, "volunteers": 0.1}
    scenario = Scenario.load("no-backbone").with_(
        world=WORLDS["small-finland"](), structure_changes=levers
    )
    agree(scenario, seed=9, months=36)


def agree_on_events(scenario: Scenario, seed: int, months: int) -> ReferenceModel:
    """Run both writings with a scenario's dated events; return the plain one at the end."""
    model = CollectiveImpactModel(scenario, seed)
    reference = ReferenceModel(scenario.world, scenario.structure, scenario.parameters, seed)
    reference.dated = list(scenario.events)
    comparison = Comparison(model.state)
    for month in range(months):
        reference.step()
        model.step()
        comparison.check(reference, month, history=False)
    return reference


CHOICES: list[list[dict[str, Any]]] = [
    [{"kind": "backbone-chosen", "month": 5, "fte": 0.8}],
    [
        {
            "kind": "backbone-chosen", "month": 0, "consulted": 0.2, "payer": "State",
            "candidates": [
                {"name": "A", "holder": "Town/health", "credibility": 0.3, "start_up": 4.0},
                {"name": "B", "holder": "Town/social", "fte": 0.3, "engagement": 0.8},
                {"name": "C", "credibility": 0.2, "neutrality": 0.9, "overhead": 0.2},
            ],
        },
        {"kind": "backbone-chosen", "month": 14, "consulted": 1.0, "fte": 2.0},
    ],
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(CHOICES)))
def test_they_agree_on_whom_a_group_chooses_and_what_follows(case: int) -> None:
    scenario = Scenario.load("no-backbone", months=40).with_(
        world="one-town", events=CHOICES[case], structure_changes={"payers": PAYERS}
    )
    reference = agree_on_events(scenario, seed=6, months=40)
    model = CollectiveImpactModel(scenario, 6).run()
    decisions = model.decisions
    assert len(decisions) == len(CHOICES[case])
    assert decisions[-1].chosen.name == reference.chosen
    first = scenario.events[0]
    before = ReferenceModel(scenario.world, scenario.structure, scenario.parameters, 6)
    before.run(first.month)
    ours = [one.total for one in decisions[0].support]
    theirs = [support(before, first, one) for one in first.candidates]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)
    assert (
        decisions[0].chosen.name
        == max(zip(theirs, first.candidates, strict=True), key=lambda pair: pair[0])[1].name
    )


def test_they_agree_on_communities_that_enter_and_large_events() -> None:
    scenario = Scenario.load("national-and-regional", months=40).with_(
        world=small_finland(),
        structure_changes={"left_out": ["Pirha/4/youth"], "grant_reg": 0.3},
        events=[
            {"kind": "communities-enter", "month": 4, "region": "Pirha", "number": 3},
            {"kind": "large-event", "month": 9, "share": 0.7, "time": 0.5},
            {"kind": "communities-enter", "month": 12, "community": "Soite/2"},
            {"kind": "large-event", "month": 20, "region": "Pohde", "share": 1.0, "heart": 1.0},
            {"kind": "communities-enter", "month": 30, "which": "smallest"},
        ],
    )
    reference = agree_on_events(scenario, seed=4, months=40)
    assert all(one.participating for one in reference.communities)


FORMING: list[dict[str, Any]] = [
    {},
    {
        "closure_rate": 0.5, "encounter_rate": 0.1, "forget_after": 3.0, "forget_time": 3.0,
        "side_by_side": 40.0, "bridge_rate": 1.0, "introduction_rate": 1.0, "across_levels": 2.0,
        "everyday_meetings": 1.5,
    },
    {"wider_ties": 2.0, "wider_region_ties": 0.0, "known_near": 0.2, "known_sector": 0.0},
    {"tie_time": 0.0, "popularity": 2.0, "closure_rate": 0.5, "encounter_rate": 0.1},
    {"renown_spread": 0.0, "known_other": 0.3},
    {"renown_spread": 2.5, "across_levels": 5.0, "known_near": 1.0, "known_other": 0.0},
    {"tie_time": 0.03, "popularity": 0.0, "bridge_rate": 1.0, "introduction_rate": 1.0},
]  # fmt: skip


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("changes", FORMING)
def test_ties_form_and_lapse_alike_in_both(changes: dict[str, Any], world: str) -> None:
    scenario = Scenario.load("national-and-regional").with_(
        world=WORLDS[world](), events=[], parameters={"ties": "forming", **changes}
    )
    agree(scenario, seed=7, months=30)
