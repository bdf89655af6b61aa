"""Studies on the page: what is shown of a result, and what a cell of its map opens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cisim.lab.analyses import analyse
from cisim.lab.disk import digest_of
from cisim.lab.optimise.written import scenario_text, world_text
from cisim.lab.sweep import Experiment
from cisim.lab.sweep.folder import scenario_at
from cisim.model.input_error import InputError
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.cell import look_at
from cisim.show.page.address.look import Look, plain_events, scenario_of
from cisim.show.page.address.studied import Studied
from cisim.show.page.partnership import kept
from cisim.show.page.results_root import open_shelf, shelf
from cisim.show.page.views import studies
from cisim.world.scenario import Scenario
from tests.lab.test_shelf import result

EXPERIMENT = """
title = "Staff of both levels"
scenarios = ["no-backbone", "national-and-regional"]
world = "one-town"
months = 12
replicates = 1
outcomes = ["wellbeing_gain", "joint_activity", "member_share"]
at = [6, 12]

[design]
kind = "full-factorial"

[design.vary]
national_fte = { values = [0, 2, 4, 6] }
own_value = { values = [0.5, 1, 3] }
"""
STAFF = Look(view="studies", study=Studied("staff"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a sweep of 4 × 3 points, and its analyses."""
    root = tmp_path_factory.mktemp("studies") / "all"
    root.mkdir()
    file = root / "staff.toml"
    file.write_text(EXPERIMENT, "utf-8")
    study = Experiment.load(file).run(root / "staff", workers=1)
    file.unlink()
    analyse(study, only=["robustness", "ranking"], out=root / "more" / "answers")
    return root


@pytest.fixture(autouse=True)
def root(made: Path) -> Iterator[Path]:
    """Open the folder of results, and close it after the test."""
    open_shelf(made)
    yield made
    open_shelf()


def test_the_list_says_what_there_is_and_where(root: Path) -> None:
    said = studies.listing()
    assert str(root) in said["words"]
    by_name = {one["name"]: one for one in said["results"]}
    assert set(by_name) == {"staff", "more/answers"}
    assert by_name["staff"]["title"] == "Staff of both levels"
    assert "12 points · 24 runs" in by_name["staff"]["about"]
    assert by_name["staff"]["opens"]
    assert not by_name["staff"]["why"]


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "28 November 2026"), ("fi", "28. marraskuuta 2026"), ("sv", "28 november 2026")],
)
def test_a_day_is_written_as_the_language_writes_it(code: str, said: str) -> None:
    with speaking(code):
        assert studies.about_in_words({"written": "2026-11-28T10:15:00+00:00"}) == said
        # A manifest that somebody has changed keeps nobody from the list.
        assert studies.about_in_words({"written": "yesterday, late"}) == "yesterday,"


@pytest.mark.parametrize("code", languages())
def test_every_kind_has_words_in_every_language(code: str) -> None:
    with speaking(code):
        for by in ("sweep", "analyse", "optimise", "compare"):
            assert studies.kind_in_words(by) != by


def test_what_is_asked_stands_in_the_address() -> None:
    look = act(STAFF, {"do": "study-asked", "name": "across", "value": "own_value"})
    look = act(look, {"do": "study-asked", "name": "month", "value": 6})
    look = act(look, {"do": "study-asked", "name": "good", "value": 0.5})
    again, ignored = link.read(link.write(look).partition("?")[2])
    assert again == look
    assert not ignored
    assert act(look, {"do": "study-asked", "name": "good", "value": None}).study.good is None
    assert "study=" not in link.write(replace(look, view="start"))


@pytest.mark.parametrize(
    "said", ['{"folder":3}', '{"nonsense":"x"}', '{"month":-1}', '{"good":"x"}', "[]", "x"]
)
def test_what_cannot_be_read_in_an_address_is_said(said: str) -> None:
    look, ignored = link.read(f"view=studies&study={said}")
    assert look.study == Studied()
    assert len(ignored) == 1


def test_sides_that_meet_change_places() -> None:
    look = act(STAFF, {"do": "study-asked", "name": "across", "value": "national_fte"})
    look = act(look, {"do": "study-asked", "name": "upward", "value": "own_value"})
    look = act(look, {"do": "study-asked", "name": "across", "value": "own_value"})
    assert (look.study.across, look.study.upward) == ("own_value", "national_fte")


def test_the_map_is_a_chart_with_table_and_file() -> None:
    one = studies.opened("staff")
    given = Studied("staff", scenario="national-and-regional", against="no-backbone")
    shown = studies.picture(one, given, 390)
    chart = shown["chart"]
    assert chart["svg"].count("data-cell") == 12
    assert len(chart["rows"]) == 12
    lines = chart["csv"].splitlines()
    assert len(lines) == 13
    assert lines[0].startswith("national_fte,own_value,wellbeing_gain,points,point")
    assert lines[1].endswith(f"staff,{one.key}")
    assert [words for _, words in shown["across"]][1].endswith(" 2")


def test_a_cell_opens_its_scenario_with_the_values_of_its_point(root: Path) -> None:
    asked = replace(
        STAFF, study=Studied("staff", "national_fte", "own_value", "national-and-regional")
    )
    look = act(asked, {"do": "cell", "across": 2, "upward": 1})
    assert look.view == "explore"
    assert look.scenario == "national-and-regional"  # it keeps its colour and its name
    here, there = scenario_of(look), scenario_at(root / "staff", "national-and-regional", 7)
    assert here.structure.national_fte == 4.0
    assert here.parameters.own_value == 1.0
    assert (here.structure, here.parameters) == (there.structure, there.parameters)
    assert (here.world, here.months) == (there.world, there.months)
    again, ignored = link.read(link.write(look).partition("?")[2])
    assert (again, ignored) == (look, [])
    for odd in ({"across": 9, "upward": 0}, {"across": 0, "upward": -1}, {"across": "x"}):
        with pytest.raises(InputError):
            act(asked, {"do": "cell", **odd})


@pytest.mark.parametrize("name", ["missing-sponsor", "re-design", "posts-paid-early"])
def test_a_scenario_elsewhere_is_looked_at_as_it_is(name: str) -> None:
    shipped = Scenario.load(name, world="one-town").set({"trust_memory": 40.0}, "x")
    for one in (shipped, shipped.model_copy(update={"name": "another"})):
        here = scenario_of(look_at(one, "x"))
        assert (here.structure, here.parameters) == (one.structure, one.parameters)
        assert plain_events(here) == plain_events(one)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Return a scenario in a place that does not ship, and keep places in a folder of the test."""
    monkeypatch.setattr(kept, "folder", lambda: tmp_path / "places")
    town = Scenario.load("national-and-regional", world="one-town").set({"trust_memory": 40.0}, "x")
    poorer = town.world.model_copy(update={"title": "Our town", "deprivation_mean": 0.45})
    return town.model_copy(update={"world": poorer, "world_name": "our-town"})


def test_a_place_of_ones_own_is_kept_once_and_looked_at(elsewhere: Scenario) -> None:
    look = look_at(elsewhere, "x")
    assert look.scenario == "national-and-regional"  # it keeps its colour and its name
    here = scenario_of(look)
    assert here.world == elsewhere.world
    assert (here.structure, here.parameters) == (elsewhere.structure, elsewhere.parameters)
    built = elsewhere.model_copy(update={"name": "another"})
    assert scenario_of(look_at(built, "x")).structure == elsewhere.structure
    assert [(one.name, one.title) for one in kept.kept()] == [(look.world, "Our town")]


def test_a_place_that_was_kept_from_files_is_that_one(elsewhere: Scenario) -> None:
    name = kept.keep(f"# from files\n{world_text(elsewhere)}", "Our town")
    assert look_at(elsewhere, "x").world == name
    assert len(kept.kept()) == 1


def test_what_a_search_has_chosen_in_a_place_of_ones_own_opens(
    root: Path, elsewhere: Scenario
) -> None:
    folder = root / "search"
    folder.mkdir()
    better = elsewhere.set({"national_fte": 3.0}, "x")
    files = {"best-1.toml": scenario_text(better, "More staff", ""),
             "best-world.toml": world_text(better)}  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    result(folder, made={"by": "optimise"},
           files={name: digest_of(folder / name) for name in files})  # fmt: skip
    search = Look(view="studies", study=Studied("search"))
    try:
        look = act(search, {"do": "best", "file": "best-1.toml"})
        assert scenario_of(look).title == "More staff"
        assert scenario_of(look).structure == better.structure
        assert scenario_of(look).world == elsewhere.world
        (folder / "best-world.toml").write_text("title = 'x'", "utf-8")
        with pytest.raises(InputError, match="not what was written"):
            act(search, {"do": "best", "file": "best-1.toml"})
    finally:
        shutil.rmtree(folder)


def test_who_reads_in_another_language_has_the_names_of_that_language() -> None:
    given = Studied("staff")
    said = []
    for code in ("fi", "en"):
        with speaking(code):
            said.append(dict(studies.choices(studies.opened("staff"), given)["scenarios"]))
    assert said[0]["no-backbone"] != said[1]["no-backbone"] == "No backbone"


def test_a_level_that_is_good_enough_is_in_the_unit_that_is_shown() -> None:
    one = studies.opened("staff")
    assert studies.choices(one, Studied("staff", outcome="member_share"))["unit"] == "%"
    heads, *reached = (
        studies.robust(one, Studied("staff", outcome="member_share", good=good))["table"]
        for good in (1.0, 100.0)
    )
    place = heads["heads"].index("Good enough")
    assert heads["rows"][0][place].startswith("100%")  # one in a hundred takes part everywhere
    assert reached[0]["rows"][0][place].startswith("0%")


def test_a_level_of_one_outcome_is_none_of_another() -> None:
    look = act(STAFF, {"do": "study-asked", "name": "good", "value": 0.5})
    look = act(look, {"do": "study-asked", "name": "outcome", "value": "joint_activity"})
    assert look.study.good is None


def test_how_robust_each_is_and_a_level_that_is_good_enough() -> None:
    one = studies.opened("staff")
    plain = studies.robust(one, Studied("staff"))
    assert len(plain["table"]["rows"]) == 2
    assert plain["table"]["heads"][-1].startswith("Regret")
    good = studies.robust(one, Studied("staff", good=0.0))
    assert "Good enough" in good["table"]["heads"]
    assert good["chart"]["csv"].startswith("outcome,scenario,month")


def test_what_decides_has_its_evidence() -> None:
    found = studies.deciding(studies.opened("staff"), Studied("staff"))
    assert "correlation" in found["csv"].splitlines()[0]
    for row in found["rows"]:
        assert row["source"]
        assert row["meaning"]


def test_tables_of_another_result_are_shown_and_what_is_missing_is_told(root: Path) -> None:
    found = {one["name"]: one for one in studies.tables(studies.opened("more/answers"))}
    assert {"robustness.csv", "ranking.csv"} <= set(found)
    assert len(found["robustness.csv"]["rows"]) == 2
    assert found["robustness.csv"]["csv"].startswith("outcome,scenario")
    shutil.copytree(root / "more" / "answers", root / "copy")
    try:
        (root / "copy" / "ranking.csv").unlink()
        (root / "copy" / "robustness.csv").write_text("x,y\n1,2\n", "utf-8")
        (root / "copy" / "manifest.json").touch()
        again = {one["name"]: one for one in studies.tables(studies.opened("copy"))}
        assert "not kept" in again["ranking.csv"]["fault"]
        assert "is not what was written" in again["robustness.csv"]["fault"]
    finally:
        shutil.rmtree(root / "copy")


def test_a_result_of_another_version_of_the_model_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("staff", "more/answers"):
        assert studies.head(studies.opened(folder))["why"] == ""
    monkeypatch.setattr(studies, "source_hash", lambda: "another")
    for folder in ("staff", "more/answers"):
        assert "another version of the model" in studies.head(studies.opened(folder))["why"]


def test_nothing_outside_opens_and_without_a_folder_it_says_how(monkeypatch: pytest.MonkeyPatch
                                                                ) -> None:  # fmt: skip
    for name in ("..", "../all/staff", "/"):
        with pytest.raises(InputError, match="is no folder below"):
            studies.opened(name)
    monkeypatch.setattr("cisim.show.page.results_root.usual_root", lambda: None)
    assert open_shelf() is None
    assert shelf() is None
    assert "cisim ui --studies" in studies.listing()["words"]
    with pytest.raises(InputError, match="cisim ui --studies"):
        studies.opened("staff")
