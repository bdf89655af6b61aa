"""Scenarios: what they resolve to, what changes them, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cisim.model.input_error import InputError
from cisim.world.files import parse, read_text, shipped
from cisim.world.scenario import Scenario, kind_of, load_structure, load_world

NEEDED = (
    "no-backbone",
    "same-money",
    "national-only",
    "regional-only",
    "regional-academic",
    "national-and-regional",
    "integrated-sponsors",
    "missing-sponsor",
)
EVENT = {"kind": "election", "month": 12}


def read(text: str, **changes: Any) -> Scenario:
    return Scenario.read(f'title = "T"\n{text}', "t.toml", "t", **changes)


def refusal(text: str, **changes: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(text, **changes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", shipped("scenarios"))
@pytest.mark.parametrize("world", [None, *shipped("worlds")])
def test_every_shipped_scenario_runs_on_every_shipped_world(name: str, world: str | None) -> None:
    scenario = Scenario.load(name) if world is None else Scenario.load(name, world=world)
    assert scenario.world_name == (world or "finland")
    assert scenario.months == 120


def test_the_scenarios_that_comparisons_need_are_shipped() -> None:
    assert set(NEEDED) <= set(shipped("scenarios"))


def test_absent_sponsors_are_said_to_be_a_counterfactual() -> None:
    assert "counterfactual" in Scenario.load("missing-sponsor").note
    assert Scenario.load("missing-sponsor").structure.sponsor_link == 0


def test_a_scenario_states_only_what_differs() -> None:
    plain = read("")
    assert (plain.world_name, plain.structure_name, plain.events) == ("finland", "none", ())
    assert plain.differs == {}
    changed = read("[parameters]\ntrust_memory = 60\n[structure_changes]\nnational_fte = 2\n")
    assert changed.differs == {"trust_memory": 60, "national_fte": 2}


def test_what_is_resolved_comes_back_the_same() -> None:
    scenario = read('events = [{kind = "election", month = 3, region = "Pirha"}]')
    again = Scenario.from_resolved(json.loads(json.dumps(scenario.resolved())))
    assert again == scenario


def test_changes_make_a_copy_and_leave_the_scenario() -> None:
    scenario = Scenario.load("no-backbone")
    other = scenario.with_(world="one-town", months=24, parameters={"trust_memory": 60})
    assert (other.world_name, other.months, other.parameters.trust_memory) == ("one-town", 24, 60)
    assert (scenario.world_name, scenario.months) == ("finland", 120)
    assert other.with_(parameters={"mandate_min": 0.2}).parameters.trust_memory == 60


def test_parts_may_be_given_as_they_are() -> None:
    town, both = load_world("one-town"), load_structure("national-and-regional")
    assert Scenario.load("no-backbone", world=town, structure=both).structure == both
    assert Scenario.load("no-backbone").with_(world=town).world is town


def test_a_path_in_a_file_starts_at_the_files_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    town = shipped("worlds")["one-town"].read_text(encoding="utf-8")
    for folder, title in (("a", "Beside"), ("b", "Here")):
        (tmp_path / folder / "w.toml").write_text(town.replace("One town", title), "utf-8")
    (tmp_path / "a" / "s.toml").write_text('title = "S"\nworld = "w.toml"', "utf-8")
    monkeypatch.chdir(tmp_path / "b")
    assert Scenario.load("../a/s.toml").world.title == "Beside"
    assert Scenario.load("../a/s.toml", world="w.toml").world.title == "Here"


def test_set_finds_parameters_and_levers_by_name() -> None:
    scenario = Scenario.load("no-backbone").set(
        {"trust_memory": 60, "national_fte": 2, "national_roles.bridge": 0.1, "regional": True}
    )
    assert scenario.parameters.trust_memory == 60
    assert scenario.structure.national_roles.bridge == 0.1
    assert scenario.structure.national_roles.knowledge == 0.2
    assert scenario.structure.regional


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trust_memry": 1}, "trust_memry is not a parameter or a lever. Did you mean trust_mem"),
        ({"trust_memory.x": 1}, "trust_memory.x is not a parameter or a lever"),
        ({"title": "x"}, "title is not a parameter or a lever"),
        ({"": 1}, "'' is not a parameter or a lever"),
        ({"trust_memory": 0}, "trust_memory is 0; allowed is a number from 1 to 600 (months)"),
        ({"trust_memory": True}, "trust_memory is True"),
        ({"trust_memory": "60"}, "trust_memory is '60'"),
        ({"trust_memory": float("nan")}, "trust_memory is nan"),
        ({"national_roles.brigde": 0.1}, "Did you mean bridge?"),
        ({"national_roles": 3, "national_roles.bridge": 0.1}, "as a whole and in part"),
        ({"national_roles": {"bridge": 0.1}, "national_roles.bridge": 0.1}, "is set twice"),
        ({"national_roles.bridge": 1}, "the shares add up to 1.8"),
    ],
)
def test_what_cannot_be_set_is_said_with_name_and_value(
    changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.load("no-backbone").set(changes)
    assert str(caught.value).startswith("--set: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[parameters]\ntrust_memry = 1",
            "parameters.trust_memry is not a parameter. Did you mean",
        ),
        ("[parameters]\ntrust_memory = nan", "parameters.trust_memory is nan"),
        ("[parameters]\ntrust_memory = inf", "parameters.trust_memory is inf"),
        ("[parameters]\ntrust_memory = 'a'", "parameters.trust_memory is 'a'"),
        ("[structure_changes]\nnational_ft = 1", "structure_changes.national_ft is not a field"),
        ("world = 'finlnd'", "t.toml: world: 'finlnd' is not a world"),
        ("structure = 'nun'", "t.toml: structure: 'nun' is not a structure"),
        ("world = 'gone.toml'", "gone.toml: there is no such file"),
        ("world = 3", "t.toml: world is 3; allowed is text"),
        ("months = 0", "months is 0; allowed is a whole number from 1 to 12000 (months)"),
        ("months = 1e3", "months is 1000.0"),
        ("mnths = 3", "mnths is not a field. Did you mean months?"),
        ("events = [{kind = 'electon', month = 1}]", "Did you mean election?"),
        ("events = [{month = 1}]", "events[0].kind is missing"),
        ("events = [{kind = 'election'}]", "events[0].month is missing"),
        ("events = [{kind = 'election', month = -1}]", "events[0].month is -1"),
        ("events = [{kind = 'election', month = 120}]", "events[0].month is 120; allowed is 0 to"),
        ("events = [{kind = 'election', month = 1, region = 'Prha'}]", "Did you mean Pirha?"),
        (
            "events = [{kind = 'election', month = 1, share = 0.5}]",
            "events[0].share is not a field",
        ),
        ("events = [{kind = 'reform', month = 1, share = 2}]", "events[0].share is 2; allowed is"),
        ("title = 'again'", "is not TOML"),
    ],
)
def test_what_no_scenario_can_be_is_said_with_field_and_value(text: str, words: str) -> None:
    assert words in refusal(text)


def test_a_structure_s_file_is_a_scenario_in_which_nothing_else_is_changed(tmp_path: Path) -> None:
    file = tmp_path / 'Två "orter".toml'
    file.write_text('title = "Posts"\nregional = true\nregional_fte = 2.0\n', encoding="utf-8")
    found = Scenario.load(str(file), world="one-town")
    assert (found.name, found.title) == ('Två "orter"', "Posts")
    assert found.structure.regional_fte == 2.0
    assert found.world.title == "One town"
    assert found.events == ()
    with pytest.raises(InputError, match="is a structure itself, all of which 'none' would"):
        Scenario.load(str(file), structure="none")
    file.write_text("regional = true\nregional_fte = -2.0\n", encoding="utf-8")
    with pytest.raises(InputError, match=r'"orter".toml: regional_fte is -2') as error:
        Scenario.load(str(file))
    assert str(error.value).count("\n") == 0
    file.write_text("regional = true\n", encoding="utf-8")
    assert Scenario.load(str(file)).title == 'Två "orter"'


def test_the_money_of_a_structure_s_file_may_be_given_to_organisations(tmp_path: Path) -> None:
    posts = 'title = "Posts"\n[[posts]]\nwhere = "regional"\nfte = 2.0\npayer = "foundation"\n'
    (tmp_path / "posts.toml").write_text(posts, encoding="utf-8")
    given = tmp_path / "grants.toml"
    given.write_text('title = "Grants"\nsame_money_as = "posts.toml"\n', encoding="utf-8")
    found = Scenario.load(str(given), world="one-town")
    assert found.same_money is not None
    assert found.same_money.structure == load_structure(str(tmp_path / "posts.toml"))
    assert found.same_money.world == found.world


def test_an_event_after_a_shorter_horizon_is_refused() -> None:
    text = 'events = [{kind = "election", month = 30}]'
    assert read(text).events_at(30)
    assert "events[0].month is 30; allowed is 0 to 23" in refusal(text, months=24)


def test_an_event_in_a_region_of_another_world_is_refused() -> None:
    text = 'events = [{kind = "election", month = 3, region = "Pirha"}]'
    assert "is not a region of one-town" in refusal(text, world="one-town")


def test_events_come_in_the_order_of_the_file() -> None:
    scenario = Scenario.load("no-backbone").with_(
        events=[{"kind": "reform", "month": 12}, EVENT, {**EVENT, "month": 13}]
    )
    assert [event.kind for event in scenario.events_at(12)] == ["reform", "election"]
    assert scenario.events_at(14) == []


@pytest.mark.parametrize("kind", ["worlds", "structures", "scenarios"])
def test_a_file_shows_by_its_keys_what_it_is(kind: Any) -> None:
    for path in shipped(kind).values():
        assert kind_of(parse(read_text(path), path.name)) == kind
    assert kind_of({"title": "x"}, kind) == kind
    assert kind_of({}, "anywhere") == "scenarios"
