"""Sponsors as a table: what a row says holds, what it leaves out is as usual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cisim.model.agents import Sponsor
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.parameters import Parameters
from cisim.model.state import NO_CAP, SPONSOR_KINDS, State
from cisim.world.files import checked
from cisim.world.scenario import Scenario
from cisim.world.sponsors import kinds_of
from cisim.world.structure import Structure

P = Parameters()
EVERYBODY = ["health", "education", "political", "municipal"]


def scenario(rows: list[Any], world: str = "one-town", **changes: Any) -> Scenario:
    levers = {"sponsors": rows, **changes.pop("structure_changes", {})}
    return Scenario.load("national-and-regional", world=world, months=36).with_(
        structure_changes=levers, **changes
    )


def run(rows: list[Any], seed: int = 4, **changes: Any) -> CollectiveImpactModel:
    return CollectiveImpactModel(scenario(rows, **changes), seed=seed).run()


def seats(state: State, kind: str) -> np.ndarray:
    return state.sponsors.kind == SPONSOR_KINDS.index(kind)


# what is left out is as usual ----------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [{"kind": kind} for kind in EVERYBODY],
        [{"kind": kind} for kind in reversed(EVERYBODY)],
        ["municipal", {"kind": "health"}, "political", {"kind": "education"}],
        [{"kind": kind, "region": "Town"} for kind in EVERYBODY],
        [*EVERYBODY, {"kind": "health", "region": "Town"}],
        [{"kind": kind, "present": True, "link": 0.5, "budget": 1.0} for kind in EVERYBODY],
        [{"kind": kind, "engagement": P.sponsor_base} for kind in EVERYBODY],
        [
            {"kind": "health", "jurisdiction": {"health": 0.8, "social": 0.8, "level": "regional"}},
            {"kind": "education", "jurisdiction": {"education": 0.7, "youth": 0.7}},
            {"kind": "political", "elections": {"first": 24, "every": 48}},
            {"kind": "municipal", "cap": 9999.0},
        ],
    ],
)
def test_rows_that_repeat_the_defaults_give_the_same_bits(rows: list[Any]) -> None:
    short, table = run(EVERYBODY), run(rows)
    assert short.outcomes().equals(table.outcomes())


@pytest.mark.parametrize("link", [0.0, 0.3, 0.9, 1.0])
def test_a_link_in_every_row_is_the_link_of_the_structure(link: float) -> None:
    lever = run(EVERYBODY, structure_changes={"sponsor_link": link})
    table = run([{"kind": kind, "link": link} for kind in EVERYBODY])
    assert lever.outcomes().equals(table.outcomes())


def test_a_kind_without_a_row_is_not_there() -> None:
    listed, table = run(["political"]), run([{"kind": "political"}])
    left = run(["political", {"kind": "health", "present": False}])
    assert listed.outcomes().equals(table.outcomes())
    assert listed.outcomes().equals(left.outcomes())
    assert kinds_of(left.scenario.structure.sponsors) == ["political"]


# what a row says holds -----------------------------------------------------------------------


def test_a_row_of_a_region_goes_before_a_row_of_all() -> None:
    rows = [{"kind": "health", "region": "Pohde", "link": 0.9}, {"kind": "health", "link": 0.2}]
    state = scenario(rows, "finland").build(1)
    health = seats(state, "health")
    assert state.sponsors.link[health].tolist() == [0.2, 0.2, 0.2, 0.2, 0.9]
    assert state.sponsors.present.sum() == 5


def test_an_engagement_is_what_it_starts_with() -> None:
    state = run([{"kind": "health", "engagement": -0.4}, "political"]).state
    assert state.sponsors.opening[seats(state, "health")].tolist() == [-0.4]
    model = CollectiveImpactModel(
        scenario([{"kind": "health", "engagement": -0.4}, "political"]), seed=4
    )
    at_start = {sponsor.kind: sponsor.engagement for sponsor in model.agents_by_type[Sponsor]}
    assert at_start["health"] == -0.4
    assert at_start["political"] == P.sponsor_base
    assert at_start["education"] == 0.0


def test_a_sponsor_pays_no_more_than_its_cap() -> None:
    whole = run([{"kind": kind, "link": 1.0} for kind in EVERYBODY])
    capped = run([{"kind": kind, "link": 1.0, "cap": 0.05} for kind in EVERYBODY])
    money = capped.outcomes(["sponsor_money"])["sponsor_money"]
    assert whole.outcomes(["sponsor_money"])["sponsor_money"].max() > 0.2
    assert money.max() == pytest.approx(4 * 0.05)
    assert all(one.resources == 0.05 for one in capped.agents_by_type[Sponsor])
    nothing = run([{"kind": kind, "link": 1.0, "cap": 0.0} for kind in EVERYBODY])
    broke = run([{"kind": kind, "link": 1.0, "budget": 0.0} for kind in EVERYBODY])
    assert nothing.outcomes().equals(broke.outcomes())
    assert nothing.outcomes(["sponsor_money"])["sponsor_money"].max() == 0.0


def test_without_a_cap_nothing_is_capped() -> None:
    state = scenario(EVERYBODY).build(1)
    assert (state.sponsors.cap == NO_CAP).all()


def test_elections_come_when_a_row_says_so() -> None:
    """With certain change the engagement is goodwill in the month of an election only."""
    certain = {"election_change": 1.0, "official_tenure": 1200.0}
    rows = [
        {"kind": "political", "engagement": 0.9, "elections": {"first": 5, "every": 4}},
        {"kind": "municipal", "engagement": 0.9, "elections": "none"},
    ]
    model = CollectiveImpactModel(scenario(rows, parameters=certain), seed=4)
    political = int(np.flatnonzero(seats(model.state, "political"))[0])
    municipal = int(np.flatnonzero(seats(model.state, "municipal"))[0])
    fell = []
    for month in range(15):
        before = model.state.sponsors.engagement.copy()
        model.step()
        now = model.state.sponsors.engagement
        if now[political] < 0.3 <= before[political] or now[political] > before[political] + 0.3:
            fell.append(month)
        assert now[municipal] > 0.3
        model.state.sponsors.engagement[political] = 0.9
    assert fell == [5, 9, 13]


def test_a_position_is_what_a_row_says_and_else_drawn() -> None:
    rows = [{"kind": "health", "position": [0.1, -0.2, 0.3]}, "political"]
    here, usual = scenario(rows).build(7), scenario(EVERYBODY).build(7)
    health = seats(here, "health")
    assert here.sponsors.position[health].tolist() == [[0.1, -0.2, 0.3]]
    np.testing.assert_array_equal(here.sponsors.position[~health], usual.sponsors.position[~health])


def test_the_closest_who_stands_behind_decides_how_soon_mandates_rise() -> None:
    """One sponsor, of two who stand behind, is close; another close one has no say there."""
    rows = [
        {"kind": "political", "link": 0.2, "engagement": 0.9},
        {"kind": "municipal", "link": 0.8, "engagement": 0.9},
        {"kind": "health", "link": 1.0, "engagement": 0.9},
    ]
    model = CollectiveImpactModel(scenario(rows), seed=4)
    orgs = model.state.orgs
    orgs.mandate[:] = 0.3
    model.step()
    local = (orgs.sector == 0) & (orgs.community >= 0)
    g = model.state.sponsors.engagement
    reach = model.state.sponsors.jurisdiction[:, 0, 1]
    aim = P.mandate_min + (1 - P.mandate_min) * (1 - np.prod(1 - g * reach))
    rise = (aim - 0.3) / P.mandate_time * P.loose_gain * 0.8
    np.testing.assert_allclose(orgs.mandate[local], 0.3 + rise, rtol=1e-12)


# a sponsor who works against it --------------------------------------------------------------

HOSTILE = [
    "education",
    {"kind": "political", "engagement": -1.0, "link": 0.0, "elections": "none"},
]


def test_a_hostile_sponsor_without_a_link_stays_hostile_and_pays_nothing() -> None:
    model = run(HOSTILE)
    political = seats(model.state, "political")
    assert model.state.sponsors.engagement[political].tolist() == [-1.0]
    hostile = next(one for one in model.agents_by_type[Sponsor] if one.kind == "political")
    assert hostile.resources == 0.0


def test_mandates_fall_below_what_executives_give_without_anybody() -> None:
    alone, against = run([]), run([HOSTILE[1]])
    public = alone.state.orgs.sector < 4
    assert (against.state.orgs.mandate[public] < alone.state.orgs.mandate[public]).all()
    assert against.state.orgs.mandate[public].max() < P.mandate_min + 0.1
    assert against.state.orgs.mandate.min() >= 0.0


def test_members_are_asked_to_leave_as_far_as_the_sponsor_reaches() -> None:
    """Opposed is what the sponsor reaches; whoever it does not reach leaves as before."""
    certain = {"recall_rate": 1.0}
    model = CollectiveImpactModel(scenario([HOSTILE[1]], parameters=certain), seed=4)
    model.step()
    orgs = model.state.orgs
    public = orgs.sector < 4
    np.testing.assert_allclose(orgs.opposed[public], P.jurisdiction_political)
    assert (orgs.opposed[~public] == 0.0).all()


def test_recall_is_a_chance_beside_that_of_leaving_anyway() -> None:
    """As many leave as before with recall 0, and everybody whom a sponsor wholly reaches with 1."""
    rows = [
        {
            **HOSTILE[1],
            "jurisdiction": {"education": 1.0, "social": 1.0, "health": 1.0, "youth": 1.0},
        }
    ]
    left = {}
    for recall in (0.0, 1.0):
        beliefs = {"recall_rate": recall, "init_member_share": 1.0, "leave_rate": 0.0}
        model = CollectiveImpactModel(scenario(rows, parameters=beliefs), seed=4)
        founded = model.state.orgs.member.copy()
        model.step()
        left[recall] = founded & ~model.state.orgs.member
    public = model.state.orgs.sector < 4
    assert not left[0.0].any()
    assert (left[1.0] == (founded & public)).all()
    assert left[1.0].any()


def test_recall_changes_nothing_where_nobody_is_hostile() -> None:
    usual, eager = run(EVERYBODY), run(EVERYBODY, parameters={"recall_rate": 1.0})
    assert usual.outcomes().equals(eager.outcomes())


# bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"kind": "helth"}, "Did you mean health?"),
        ({"link": 1.0}, "sponsors[0].kind is missing"),
        ({"kind": "health", "link": 2}, "sponsors[0].link is 2; allowed is a number from 0 to 1"),
        ({"kind": "health", "engagement": -2}, "sponsors[0].engagement is -2"),
        ({"kind": "health", "bugdet": 1}, "sponsors[0].bugdet is not a field. Did you mean budget"),
        ({"kind": "health", "cap": -1}, "sponsors[0].cap is -1"),
        ({"kind": "health", "position": [1, 2]}, "sponsors[0].position is [1, 2]"),
        ({"kind": "health", "jurisdiction": {"third": 1}}, "jurisdiction.third is not a field"),
        ({"kind": "health", "jurisdiction": {"youth": 3}}, "jurisdiction.youth is 3"),
        ({"kind": "health", "elections": "none"}, "whose officials are not elected"),
        ({"kind": "political", "elections": {"every": 0}}, "elections.every is 0"),
        ({"kind": "political", "elections": {"first": -1}}, "elections.first is -1"),
        ({"kind": "political", "elections": {"first": "soon"}}, "elections.first is 'soon'"),
        (3, "sponsors[0] is 3"),
    ],
)
def test_a_wrong_row_is_said_with_field_and_value(row: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(Structure, {"sponsors": [row]}, "s.toml")
    assert str(caught.value).startswith("s.toml: ")
    assert any(words in one for one in caught.value.sentences), caught.value.sentences
    assert len(caught.value.sentences) == 1


@pytest.mark.parametrize(
    "rows",
    [
        ["health", {"kind": "health"}],
        [{"kind": "health", "region": "Town"}, {"kind": "health", "region": "Town"}],
    ],
)
def test_a_sponsor_is_there_once(rows: list[Any]) -> None:
    with pytest.raises(InputError, match="sponsors names one kind twice; health may be there once"):
        checked(Structure, {"sponsors": rows}, "s.toml")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"kind": "health", "region": "Twon"}, "which is not a region of this world. Did you mean"),
        (
            {"kind": "political", "elections": {"first": "2027-01"}},
            "sponsors[0].elections.first is '2027-01', but the world has no start",
        ),
    ],
)
def test_a_row_must_fit_the_world(row: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        scenario([row])
    assert words in str(caught.value)


def test_an_election_may_have_a_date() -> None:
    rows = [{"kind": "political", "elections": {"first": "2027-01", "every": 48}}]
    town = Scenario.load("no-backbone", world="one-town").world
    dated = scenario(rows, world=town.model_copy(update={"start": "2026-06"}))
    political = dated.build(1).sponsors
    assert political.first_election[political.kind == 2].tolist() == [7]
    with pytest.raises(InputError, match="before the start of the world"):
        dated.with_(world=town.model_copy(update={"start": "2027-02"}))


def test_a_table_comes_back_from_a_saved_scenario() -> None:
    one = scenario([*HOSTILE, {"kind": "health", "jurisdiction": {"health": 0.5}}])
    assert Scenario.from_resolved(one.resolved()) == one
