"""Worlds with names: what is named stands as it is said, the rest is drawn as ever."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from named import MIXED, mixed

from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.world.files import checked, parse
from cisim.world.names import spelling
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World

ORGANISATIONS = [
    "Linna-alueen koulut",
    "Steinerkoulu",
    'Nuorisoyhdistys "Ääni", r.y.',
    "Hyvinvointialue",
    "Whānau Ora, Ōtaki",
    "Pohjoisen nuorisotalo",
]


def said() -> dict[str, Any]:
    return parse(MIXED, "mixed.toml")


def refusals(**changes: Any) -> list[str]:
    """Return all that is said of the mixed world with some fields changed."""
    with pytest.raises(InputError) as caught:
        checked(World, {**said(), **changes}, "w.toml")
    assert all("\n" not in one and one.startswith("w.toml: ") for one in caught.value.sentences)
    return list(caught.value.sentences)


def row(table: str, at: int, **changes: Any) -> list[dict[str, Any]]:
    """Return a table of the mixed world with one row changed, None taking a field away."""
    rows: list[dict[str, Any]] = said()[table]
    changed = {**rows[at], **changes}
    rows[at] = {name: value for name, value in changed.items() if value is not None}
    return rows


def built(world: World, seed: int = 3) -> Any:
    return Scenario.load("no-backbone", world=world).build(seed)


def test_names_stand_for_those_who_have_one() -> None:
    world = mixed()
    assert world.community_names == (
        "Hämeenlinna", "Forssa", "Janakkala", "Loppi", "Te Awa Kairangi ki Uta",
        "Pohjoinen/1", "Pohjoinen/2", "Pohjoinen/3",
    )  # fmt: skip
    names = world.organisation_names
    assert list(names[-6:]) == ORGANISATIONS
    assert names[:3] == (
        "Häme/Janakkala/education",
        "Häme/Janakkala/youth",
        "Häme/Janakkala/private-or-education",
    )
    assert len(names) == len(set(names)) == world.organisation_count == 24
    assert all(world.has_organisation(name) for name in names)
    assert not any(
        world.has_organisation(name)
        for name in ("Häme/health", "Häme/Forssa/youth", "Häme/1/youth", "Pohjoinen/2/youth", "x")
    )


def test_what_is_said_stands_and_the_rest_is_drawn() -> None:
    world = mixed()
    state = built(world)
    places, orgs = state.communities, state.orgs
    number = {name: place for place, name in enumerate(world.organisation_names)}
    assert places.children[0] == 5000
    assert places.children[2] == 900
    assert places.deprivation[:2].tolist() == [0.35, 0.6]
    drawn = places.children[[1, 3, 4]]
    assert drawn.mean() == pytest.approx(700)
    assert len(set(drawn.tolist())) == 3
    assert places.participating[0]
    assert not places.participating[3]
    assert places.participating[:5].sum() == 3
    assert places.participating[5:].sum() == 2
    schools = number["Linna-alueen koulut"]
    assert orgs.own_time[schools] == orgs.time[schools] == 0.4
    assert orgs.own_time[number["Hyvinvointialue"]] == 1.5
    p = Scenario.load("no-backbone").parameters
    assert orgs.own_time[number["Steinerkoulu"]] == pytest.approx(
        p.staff_time * (5000 / 2000) ** 0.5
    )
    assert orgs.community[number["Pohjoisen nuorisotalo"]] == 6
    assert orgs.region[number["Whānau Ora, Ōtaki"]] == 0
    assert orgs.community[number["Whānau Ora, Ōtaki"]] == -1


def test_the_largest_take_part_among_those_that_do_not_say() -> None:
    state = built(mixed())
    undecided = [1, 2, 4]
    order = sorted(undecided, key=lambda c: -state.communities.children[c])
    assert state.communities.participating[order].tolist() == [True, True, False]


def test_given_ties_are_exactly_those_and_both_adds_them_to_the_drawn_ones() -> None:
    drawn = built(mixed(acquaintance="drawn", ties=[]))
    for kind, ties in (("given", 7), ("both", None)):
        world = mixed(acquaintance=kind)
        state = built(world)
        owner = np.repeat(np.arange(state.orgs.number.size), np.diff(state.ties.start))
        pairs = set(zip(owner.tolist(), state.ties.other.tolist(), strict=True))
        number = {name: place for place, name in enumerate(world.organisation_names)}
        given = {tuple(number[name] for name in tie.between) for tie in world.ties}
        given |= {(b, a) for a, b in given}
        rest = np.repeat(np.arange(drawn.orgs.number.size), np.diff(drawn.ties.start))
        expected = set(zip(rest.tolist(), drawn.ties.other.tolist(), strict=True))
        assert pairs == (given if ties else given | expected)
        assert given - expected


def test_prior_trust_stands_on_both_sides() -> None:
    world = mixed(acquaintance="given")
    state = built(world)
    number = {name: place for place, name in enumerate(world.organisation_names)}
    a, b = number['Nuorisoyhdistys "Ääni", r.y.'], number["Häme/Janakkala/youth"]
    for one, other in ((a, b), (b, a)):
        arcs = slice(state.ties.start[one], state.ties.start[one + 1])
        (at,) = np.flatnonzero(state.ties.other[arcs] == other)
        assert state.ties.prior[arcs][at] == 0.8


def test_a_row_more_at_the_end_changes_nobody_elses_luck() -> None:
    more = {"name": "Late", "sector": "private", "community": "Loppi"}
    same: dict[str, Any] = {"locals": [], "ties": said()["ties"][:4], "acquaintance": "given"}
    plain = mixed(**same)
    after = mixed(**same, organisations=[*said()["organisations"], more])
    one, other = (
        CollectiveImpactModel(Scenario.load("national-and-regional", world=world, months=24), 5)
        .run()
        .state
        for world in (plain, after)
    )
    size = plain.organisation_count
    assert after.organisation_count == size + 1
    theirs = dict(other.columns())
    for name, ours in one.columns():
        if name.startswith("orgs."):
            np.testing.assert_array_equal(ours, theirs[name][:size], err_msg=name)
        elif name in ("ties.kept", "ties.other", "communities.delay", "regions.agenda"):
            np.testing.assert_array_equal(ours, theirs[name], err_msg=name)


def test_a_region_without_names_beside_a_named_one_keeps_its_communities() -> None:
    finland = load_world("finland")
    regions = [one.model_dump() for one in finland.regions]
    last = regions[-1]
    del last["communities"], last["participating"]
    names = [{"name": f"Kunta {k}", "region": "Pohde"} for k in range(30)]
    named = checked(
        World, {**finland.model_dump(), "regions": regions, "communities": names}, "finland"
    )
    one, other = built(finland), built(named)
    for column in ("children", "deprivation", "participating", "need"):
        np.testing.assert_array_equal(
            getattr(one.communities, column), getattr(other.communities, column)
        )
    np.testing.assert_array_equal(one.ties.other, other.ties.other)
    np.testing.assert_array_equal(one.ties.prior, other.ties.prior)


def test_an_accent_of_its_own_is_the_same_letter() -> None:
    rows = row("organisations", 0, community="Ha\u0308meenlinna", name="A\u0308a\u0308ni")
    ties = [{"between": ["Ääni", "Hyvinvointialue"]}]
    world = checked(World, {**said(), "organisations": rows, "ties": ties}, "w.toml")
    assert world.organisation_names[-6] == "Ääni"
    assert spelling("Ääni, r.y.") == spelling("ÄÄNI ry")


@pytest.mark.parametrize(
    ("table", "at", "changes", "words"),
    [
        ("organisations", 0, {"name": "a/b"}, "organisations[0].name is 'a/b'; allowed is text"),
        ("organisations", 0, {"name": ""}, "organisations[0].name is ''"),
        ("organisations", 2, {"sector": "yuoth"}, "organisations[2].sector is 'yuoth'"),
        ("organisations", 1, {"own_time": 0}, "organisations[1].own_time is 0"),
        (
            "organisations",
            1,
            {"name": "Linna-alueen koulut"},
            "organisations[1].name is 'Linna-alueen koulut', as is that of organisations[0]",
        ),
        (
            "organisations",
            1,
            {"community": "Hämenlinna"},
            "community is 'Hämenlinna', which is no community of this world. Did you mean Hämeen",
        ),
        ("organisations", 1, {"community": "Pohjoinen/4"}, "no community of this world"),
        (
            "organisations",
            1,
            {"community": None, "level": "local"},
            "community is missing; a local organisation needs it",
        ),
        ("organisations", 3, {"region": "Hame"}, "which is no region of this world. Did you mean"),
        ("organisations", 3, {"region": None}, "region is missing"),
        ("organisations", 3, {"community": "Forssa"}, "but level is regional"),
        ("organisations", 2, {"region": "Pohjoinen"}, "but Forssa is in Häme"),
        ("communities", 1, {"region": "Hme"}, "communities[1] (Forssa): region is 'Hme'"),
        ("communities", 1, {"name": "Loppi"}, "communities[3].name is 'Loppi', as is that of"),
        ("communities", 0, {"children": 0}, "communities[0].children is 0; allowed is a number"),
        ("communities", 0, {"deprivation": 2}, "communities[0].deprivation is 2"),
        ("regions", 0, {"communities": 4}, "communities is 4, but 5 are named"),
        ("regions", 0, {"participating": 5}, "participating is 5; allowed is 1 to 4"),
        ("regions", 0, {"participating": 0}, "participating is 0; allowed is 1 to 4"),
        (
            "regions",
            0,
            {"mean_children": None},
            "needed as the children of communities[1] (Forssa)",
        ),
        ("regions", 1, {"mean_children": None}, "regions[1] (Pohjoinen): mean_children is missing"),
        ("regions", 1, {"communities": None}, "communities is missing; it is needed where no"),
        ("ties", 0, {"strength": 1.5}, "ties[0].strength is 1.5; allowed is a number from 0 to 1"),
        ("ties", 0, {"strength": [0.5]}, "ties[0].strength is [0.5]"),
        ("ties", 0, {"strength": [0.5, "no"]}, "'no'"),
        ("ties", 0, {"strength": ["unknown", "unknown"]}, "unknown on both sides; leave it out"),
        (
            "ties",
            1,
            {"between": ["Steinerkolu", "Hyvinvointialue"]},
            "which is no organisation of this world. Did you mean Steinerkoulu?",
        ),
        ("ties", 1, {"between": ["Häme/Loppi/yuoth", "Hyvinvointialue"]}, "Häme/Loppi/youth?"),
        ("ties", 2, {"between": said()["ties"][0]["between"][::-1]}, "given before, in ties[0]"),
    ],
)
def test_what_no_named_world_can_be_is_said_with_its_row(
    table: str, at: int, changes: dict[str, Any], words: str
) -> None:
    assert any(words in one for one in refusals(**{table: row(table, at, **changes)}))


def test_everything_that_is_wrong_is_told_at_once_with_the_rows_of_the_file() -> None:
    organisations = row("organisations", 1, sector="x")
    organisations[4]["community"] = "Hämeenlinn"
    organisations[4].pop("region")
    ties = row("ties", 0, strength=3)
    ties[4]["between"] = ["Nobody", "Hyvinvointialue"]
    ties[6]["between"] = ["Hyvinvointialue", "Hyvinvointialue"]
    communities = row("communities", 0, deprivation=7)
    said_of_all = refusals(organisations=organisations, ties=ties, communities=communities)
    for words in (
        "organisations[1].sector is 'x'",
        "ties[0].strength is 3",
        "communities[0].deprivation is 7",
        "ties[4].between names 'Nobody'",
        "ties[6].between is 'Hyvinvointialue' twice",
    ):
        assert sum(words in one for one in said_of_all) == 1, words
    # Steinerkoulu is there, but for its sector, and what is in Hämeenlinna may be right
    assert len(said_of_all) == 5, said_of_all


def test_of_a_thousand_wrong_rows_the_first_twenty_are_told_and_how_many_more() -> None:
    ties = [{"between": [f"nobody {k}", "Hyvinvointialue"]} for k in range(1000)]
    found = refusals(ties=ties)
    assert len(found) == 21
    assert found[-1] == "w.toml: 980 more things are wrong."


def test_ties_that_would_be_left_out_are_refused() -> None:
    (one,) = refusals(acquaintance="drawn")
    assert 'acquaintance is "drawn", which leaves out the ties that are given (7)' in one


def test_a_resolved_scenario_comes_back() -> None:
    scenario = Scenario.load("no-backbone", world=mixed())
    assert Scenario.from_resolved(scenario.resolved()) == scenario
