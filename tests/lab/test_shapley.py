"""What each one is worth: worths add up, whoever does nothing is worth nothing, both readings."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cisim.lab.shapley import coalition, order_of, players_of, readings_of, shapley
from cisim.lab.simulate import simulate
from cisim.lab.worths import AS_BELIEVED, AT_ONE, CUT, GIVEN, SAVED, Of, Player, Worths
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.show.charts import attribution
from cisim.show.charts.attribution import MOST_BARS, player_words
from cisim.show.language.spoken import speaking
from cisim.world.scenario import Scenario
from cisim.world.structure import Structure

LEVELS = ("national", "regional")


def town(name: str = "national-and-regional", **changes: Any) -> Scenario:
    found = Scenario.load(name).with_(world="test-region", months=30)
    return found.with_(structure_changes=changes) if changes else found


@cache
def worths(of: Of) -> Worths:
    return shapley(town(), of, replicates=3, workers=1, seed=4, beliefs="fixed")


# --- adding up


@pytest.mark.parametrize("of", ["roles", "levels", "organisations", "sectors"])
def test_worths_add_up_to_the_whole_difference_in_every_future(of: Of) -> None:
    found = worths(of)
    assert found.readings == readings_of(of)
    for reading in found.readings:
        total = found.worths[reading].sum(axis=1)
        np.testing.assert_allclose(total, found.difference(reading), rtol=0, atol=1e-12)
        assert (np.abs(found.difference(reading)) > 1e-3).all()
    shares = found.table().groupby("reading")["share"].sum()
    np.testing.assert_allclose(shares.to_numpy(), 1.0)


def test_all_of_them_are_the_scenario_itself_and_none_of_the_levels_is_no_backbone() -> None:
    found = worths("roles")
    whole = simulate(town(), 3, 1, seed=4, outcomes=["wellbeing_gain"], at=[30]).values[:, 0, 0, 0]
    none = town(national_fte=0.0, regional=False)
    nobody = simulate(none, 3, 1, seed=4, outcomes=["wellbeing_gain"], at=[30]).values[:, 0, 0, 0]
    for reading in (SAVED, GIVEN):
        np.testing.assert_array_equal(found.wholes[reading], np.stack([nobody, whole], axis=1))


def test_it_is_the_same_on_one_worker_and_on_two() -> None:
    two = shapley(town(), "roles", replicates=3, workers=2, seed=4, beliefs="fixed")
    assert two.table().equals(worths("roles").table())


def test_orders_are_of_the_seed_and_differ_between_futures() -> None:
    orders = [order_of(seed, 9) for seed in range(20)]
    assert all(sorted(order) == list(range(9)) for order in orders)
    assert len({tuple(order) for order in orders}) > 15
    assert {order[0] for order in (order_of(seed, 3) for seed in range(60))} == {0, 1, 2}


def test_an_organisation_that_is_left_out_already_is_worth_nothing() -> None:
    absent, there = town().world.organisation_names[:2]
    scenario = town(left_out=[absent])
    groups = {"absent": [absent], "there": [there]}
    found = shapley(scenario, "organisations", groups=groups, replicates=3, workers=1, seed=4)
    assert found.worths[""][:, 0].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_array_equal(found.worths[""][:, 1], found.difference(""))


# --- two readings


def roles_of(scenario: Scenario) -> dict[str, dict[str, float]]:
    return {level: getattr(scenario.structure, f"{level}_roles").model_dump() for level in LEVELS}


def test_time_that_is_saved_is_not_there_and_time_that_is_given_goes_to_the_others() -> None:
    scenario = town(national_fte=4.0)
    players = players_of(scenario, "roles")
    names = [one.name for one in players]
    rest = frozenset(range(9)) - {names.index("national: bridge")}
    saved = coalition(scenario, "roles", players, rest, SAVED)
    given = coalition(scenario, "roles", players, rest, GIVEN)
    assert saved.structure.national_fte == pytest.approx(3.2)
    assert given.structure.national_fte == 4.0
    for one in (saved, given):
        shares = roles_of(one)["national"]
        assert shares["bridge"] == 0.0
        assert {share for role, share in shares.items() if role != "bridge"} == {0.25}
        assert one.structure.regional_roles == scenario.structure.regional_roles
    hours = saved.structure.national_fte * roles_of(saved)["national"]["futures"]
    assert hours == pytest.approx(4.0 * 0.2)  # what the others do is as it was


def test_administration_is_saved_with_the_roles_that_it_serves() -> None:
    half = dict.fromkeys(("futures", "implementation", "evaluation", "bridge", "knowledge"), 0.1)
    scenario = town(national_fte=4.0, national_roles=half)
    players = players_of(scenario, "roles")
    saved = coalition(scenario, "roles", players, frozenset({0, 5, 6, 7, 8}), SAVED)
    assert saved.structure.national_fte == pytest.approx(0.8)
    assert saved.structure.national_roles.futures == pytest.approx(0.5)


def test_regional_staff_is_saved_however_it_is_paid() -> None:
    scenario = town(sponsors_post=2.0, grant_reg=1.0)
    players = players_of(scenario, "roles")
    saved = coalition(scenario, "roles", players, frozenset(range(8)), SAVED).structure
    assert saved.regional_scale == pytest.approx(0.75)
    assert saved.sponsors_post == pytest.approx(1.5)
    assert saved.grant_reg * saved.regional_scale == pytest.approx(1.0)  # grants are no staff


def test_posts_with_roles_of_their_own_lose_theirs_and_end_where_none_is_left() -> None:
    posts = [
        {"where": "national", "fte": 1.0, "payer": "foundation",
         "roles": {"futures": 0.5, "bridge": 0.5}},
        {"where": "national", "fte": 2.0, "payer": "foundation", "roles": {"futures": 1.0}},
        {"where": "regional", "fte": 1.0, "payer": "foundation"},
    ]  # fmt: skip
    scenario = town("no-backbone", posts=posts)
    players = players_of(scenario, "roles")
    names = [one.name for one in players]
    assert names[:2] == ["national: futures", "national: bridge"]
    assert len(names) == 6
    without = frozenset(range(6)) - {0}
    saved = coalition(scenario, "roles", players, without, SAVED).structure
    assert [(post.where, post.fte) for post in saved.posts] == [("national", 0.5), ("regional", 1)]
    assert saved.posts[0].roles == {"futures": 0.0, "implementation": 0.0, "evaluation": 0.0,
                                    "bridge": 1.0, "knowledge": 0.0}  # fmt: skip
    given = coalition(scenario, "roles", players, without, GIVEN).structure
    assert given.posts[0].fte == 1.0
    everybody = coalition(scenario, "roles", players, frozenset(range(6)), SAVED)
    assert everybody == scenario
    none = coalition(scenario, "roles", players, frozenset(), SAVED).structure
    assert none.posts == []


# --- levels


def test_what_levels_achieve_together_is_told_beside_solo_quality_one() -> None:
    found = worths("levels")
    table = found.beyond().set_index("reading")["mean"]
    assert set(table.index) == {AS_BELIEVED, AT_ONE, CUT, "rests on solo_quality"}
    assert table[AS_BELIEVED] > table[AT_ONE]
    assert table["rests on solo_quality"] == pytest.approx(table[AS_BELIEVED] - table[AT_ONE])
    by_hand = []
    for fte, regional in ((4.0, True), (4.0, False), (0.0, True), (0.0, False)):
        one = town(national_fte=fte, regional=regional)
        values = simulate(one, 3, 1, seed=4, outcomes=["wellbeing_gain"], at=[30]).values
        by_hand.append(values[:, 0, 0, 0])
    both, national, regional_only, none = by_hand
    np.testing.assert_allclose(
        found.together[AS_BELIEVED], both - national - regional_only + none, atol=1e-12
    )


# --- organisations


def test_an_organisation_that_may_not_take_part_never_does() -> None:
    scenario = town()
    players = players_of(scenario, "organisations")
    without = coalition(scenario, "organisations", players, frozenset(range(1, len(players))), "")
    model = CollectiveImpactModel(without, 4).run()
    absent = scenario.world.organisation_names.index(players[0].name)
    row = int(np.flatnonzero(model.state.orgs.number == absent)[0])
    assert not model.state.orgs.eligible[row]
    assert not model.state.orgs.member[row]


def test_groups_are_named_and_the_others_stay() -> None:
    scenario = town()
    names = [one.name for one in players_of(scenario, "organisations")]
    groups = {"first": names[:2], "next": names[2:5]}
    players = players_of(scenario, "organisations", groups)
    nobody = coalition(scenario, "organisations", players, frozenset(), "")
    assert nobody.structure.left_out == names[:5]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"a": ["nobody"]}, "which is no organisation of this world"),
        ({"a": []}, "is empty; allowed is at least one name"),
        ({"a": [0], "b": [0]}, "allowed is once"),
    ],
)
def test_wrong_groups_are_refused(groups: dict[str, list[Any]], words: str) -> None:
    first = town().world.organisation_names[0]
    named = {name: [first if one == 0 else one for one in who] for name, who in groups.items()}
    with pytest.raises(InputError, match=words):
        players_of(town(), "organisations", named)


# --- what is refused, and told


def test_what_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(InputError, match="no-backbone has no backbone whose roles"):
        players_of(town("no-backbone"), "roles")
    with pytest.raises(InputError, match="national-only has not both levels"):
        players_of(town("national-only"), "levels")
    with pytest.raises(InputError, match=r"attribute is .*things.*; allowed is one of roles, "):
        shapley(town(), "things", replicates=1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="allowed with roles are none"):
        players_of(town(), "roles", {"a": ["b"]})


def test_what_it_will_cost_is_told_before_it_starts() -> None:
    told: list[str] = []
    ran: list[int] = []

    def progress(done: int, total: int) -> None:
        ran.append(len(told))
        assert total == 3 * 2 * 9 * 2

    shapley(town(), "roles", replicates=3, workers=1, say=told.append, progress=progress)
    assert any("What 9 roles are worth takes 108 runs in 3 futures, about" in one for one in told)
    assert min(ran) == len(told)


def test_a_structure_alone_has_the_roles_that_have_time() -> None:
    some = Structure.model_validate({"regional": True, "regional_roles": {"local_support": 0.0}})
    scenario = town().model_copy(update={"structure": some})
    assert [one.name for one in players_of(scenario, "roles")] == [
        "regional: cross sectoral", "regional: knowledge gatherer", "regional: information broker",
    ]  # fmt: skip


# --- who is a member, files, and the chart


def made_up(
    members: Any, worths: Any, of: Of = "organisations", readings: tuple[str, ...] = ("",)
) -> Worths:
    worth = np.array(worths, float)
    futures, many = worth.shape
    players = tuple(Player(f"P{at}", (f"P{at}",)) for at in range(many))
    return Worths(
        town(), of, "wellbeing_gain", 30, players, readings, np.arange(futures),
        dict.fromkeys(readings, worth), {}, {}, 0,
        members=None if members is None else np.array(members, float),
    )  # fmt: skip


def with_wholes(found: Worths) -> Worths:
    whole = np.stack([np.zeros(found.seeds.size), found.worths[found.readings[0]].sum(1)], axis=1)
    return replace(found, wholes=dict.fromkeys(found.readings, whole))


def test_membership_is_that_of_the_scenario_with_all_of_them() -> None:
    found = worths("organisations")
    assert found.members is not None
    names = [one.name for one in found.players]
    for row, seed in enumerate(found.seeds.tolist()):
        model = CollectiveImpactModel(town(), seed).run()
        orgs = model.state.orgs
        joined = {town().organisation_name(one) for one in orgs.number[orgs.member].tolist()}
        assert {names[at] for at in np.flatnonzero(found.members[row])} == joined & set(names)
    assert 0.0 < found.members.mean() < 1.0
    assert worths("roles").members is None
    sectors = worths("sectors").members
    assert sectors is not None
    sizes = [len(one.parts) for one in worths("sectors").players]
    assert (sectors @ np.array(sizes)).tolist() == found.members.sum(axis=1).tolist()


def test_whom_to_ask_is_rarely_a_member_and_surely_worth_something_as_one() -> None:
    rare, always, never = [1, 1, 1, 0, 0, 0, 0, 0], [1] * 8, [0] * 8
    good = [0.5, 0.6, 0.55, 0, 0, 0, 0, 0]
    better = [0.9, 0.8, 0.85, 0, 0, 0, 0, 0]
    doubtful = [0.9, -0.8, 0.1, 0, 0, 0, 0, 0]
    found = with_wholes(
        made_up(
            np.array([rare, rare, rare, always, never]).T,
            np.array([good, better, doubtful, [1.0] * 8, [0.0] * 8]).T,
        )
    )
    assert found.to_ask()["player"].tolist() == ["P1", "P0"]
    table = found.table().set_index("player")
    assert table.loc["P0", "as_member"] == pytest.approx(0.55)
    assert table.loc["P0", "member"] == 3 / 8
    assert np.isnan(table.loc["P4", "as_member"])
    assert with_wholes(made_up(None, [[1.0], [2.0]], "roles")).to_ask().empty


def test_a_result_has_a_table_a_picture_and_a_manifest_with_its_key(tmp_path: Path) -> None:
    found = shapley(
        town(), "sectors", replicates=2, workers=1, seed=4, out=tmp_path,
        draw=lambda found, key: {"attribution.svg": attribution(found, footer=key).svg},
    )  # fmt: skip
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert found.manifest == manifest
    assert manifest["of"] == "sectors"
    assert set(manifest["files"]) == {"attribution.csv", "attribution.svg"}
    kept = pd.read_csv(tmp_path / "attribution.csv", keep_default_na=False)
    assert kept["player"].tolist() == [one.name for one in found.players]
    assert kept["mean"].astype(float).tolist() == found.table()["mean"].tolist()
    assert set(kept["manifest"]) == {manifest["key"]}
    assert manifest["key"] in (tmp_path / "attribution.svg").read_text("utf-8")
    again = shapley(town(), "sectors", replicates=2, workers=1, seed=5, out=tmp_path)
    assert again.manifest is not None
    assert again.manifest["key"] != manifest["key"]
    assert not (tmp_path / "attribution.svg").exists()  # of an earlier result


def test_the_chart_has_each_reading_of_each_one_the_most_worth_first() -> None:
    chart = attribution(worths("roles"))
    first = worths("roles").table()
    best = first[first["reading"] == SAVED].sort_values("mean", ascending=False)["player"]
    called = {one.name: player_words(one, "roles") for one in worths("roles").players}
    assert list(dict.fromkeys(chart.table["player"])) == [called[one] for one in best]
    assert set(chart.table["reading"]) == {SAVED, GIVEN}
    assert chart.svg.count('fill-opacity=".45"') == 2 * 9 + 2  # bars, and the key
    assert f"{SAVED} (upper bar)" in chart.svg


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("fi", ("Minkä arvoinen kukin rooli on", "aika säästyy (ylempi palkki)", "(alueellinen)")),
        ("sv", ("Vad varje roll är värd", "tiden sparas (övre stapeln)", "(regional)")),
    ],
)
def test_the_chart_speaks_the_language_that_is_spoken(code: str, words: tuple[str, ...]) -> None:
    with speaking(code):
        chart = attribution(worths("roles"))
    shown = " ".join(re.findall(r">([^<>]+)<", chart.svg))
    for one in words:
        assert one in shown
    for one in ("worth", "shared", "bar)", "national:", "regional:"):
        assert one not in f"{shown} {chart.summary}"


def test_of_many_the_chart_draws_those_that_are_worth_most_of_either_sign() -> None:
    worth = np.linspace(-1.0, 1.0, 61)[None, :].repeat(3, axis=0)
    found = with_wholes(made_up(np.ones_like(worth), worth))
    chart = attribution(found)
    assert chart.svg.count('fill-opacity=".45"') == MOST_BARS
    assert f"The {MOST_BARS} of 61 with the largest worths" in chart.svg
    assert ">P0 (100% member)<" in chart.svg
    assert ">P60 (100% member)<" in chart.svg
    assert ">P30 (100% member)<" not in chart.svg
    assert len(chart.table) == 61
