"""Are we on track, on the page: a file of own figures in any language, and an honest answer."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cisim.lab.executors import Serial, pool
from cisim.lab.survey.tables import Table
from cisim.lab.tracking import Tracked, read_figures, track
from cisim.model.input_error import InputError
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.address.look import Look, scenario_of
from cisim.show.page.partnership.observed import EXAMPLE, table_of, to_fill_in
from cisim.show.page.views import track as views
from cisim.show.page.views.own import problem
from cisim.show.report import track_report
from cisim.show.survey_in_words import known
from tests.scripts import ROOT

TOWN = Look(view="track", scenario="regional-only", world="one-town", months=24)
RUN = {"replicates": 40, "most": 40, "effective": 2, "within": 6, "watch": ["members", "load"]}


def tracked(rows: list[dict[str, Any]]) -> Tracked:
    return track(scenario_of(TOWN), rows, executor=Serial(), **RUN)  # type: ignore[arg-type]


def held_against(look: Look, other: str) -> Tracked:
    rows = [{"outcome": "members", "month": 12, "value": 8, "error": 3}]
    return track(observed=rows, **(views.asked(look, other) | RUN))


def test_what_is_weighed_leaves_the_processes_to_whoever_waits_for_a_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "FUTURES", (4, 4))
    answers: list[Tracked] = []
    table = [{"outcome": "members", "month": 12, "value": 8, "error": 3}]

    def weigh() -> None:
        answers.append(track(observed=table, **views.asked(TOWN, "")))

    aside = threading.Thread(target=weigh, daemon=True)
    with pool.using:  # somebody waits for a picture, and it takes long
        aside.start()
        aside.join(120)
        assert answers


@pytest.fixture(scope="module")
def fitting() -> Tracked:
    return held_against(TOWN, "no-backbone")


@pytest.fixture(scope="module")
def strange() -> Tracked:
    return tracked([{"outcome": "members", "month": 12, "value": 900, "error": 0.1,
                     "tolerance": 0.1}])  # fmt: skip


@pytest.mark.parametrize("code", sorted(languages()))
def test_the_file_to_fill_in_is_read_as_it_is(code: str) -> None:
    with speaking(code):
        text = to_fill_in()
        figures = read_figures(table_of("a.csv", text.encode()), scenario_of(TOWN))
    assert [(one.outcome, one.month, one.value, one.error) for one in figures] == sorted(
        ((name, int(month), float(value), float(error)) for name, month, value, error in EXAMPLE),
        key=lambda one: one[1],
    )


def test_a_workbook_with_several_sheets_is_not_guessed_at(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [Table(f"a.xlsx#{n}", ["x"], [["1"]], [2]) for n in range(2)]
    monkeypatch.setattr("cisim.show.page.partnership.observed.tables_of", lambda data, path: tables)
    with pytest.raises(InputError, match=r"a\.xlsx: has several sheets"):
        table_of("a.xlsx", b"x")


def test_what_fits_is_told_with_what_comes_how_many_count_and_what_to_watch(
    fitting: Tracked,
) -> None:
    view = views.view(fitting, TOWN, 390)
    assert view["fits"]
    assert view["come"].startswith("Children's wellbeing, after 2 years: now ")
    assert " before " in view["come"]
    assert f"they count as {max(1, round(fitting.effective))}." in view["counted"]
    assert [one["figure"] for one in view["rows"]] == ["Members, month 12"]
    assert view["watch"]
    assert view["charts"][0]["kind"] == "tracked"
    assert "month-cursor" not in view["charts"][0]["svg"]


@pytest.mark.parametrize(
    ("code", "words"),
    [("en", "cannot be told: too few futures count."), ("fi", "ei voida sanoa"),
     ("sv", "går inte att säga")],
)  # fmt: skip
def test_of_hardly_any_future_no_band_is_told(code: str, words: str, fitting: Tracked) -> None:
    one = np.zeros(fitting.futures)
    one[3] = 1.0
    lonely = replace(fitting)
    vars(lonely)["weighed"] = fitting.weighed._replace(weights=one, effective=1.0, largest=1.0)
    with speaking(code):
        assert words in views.view(lonely, TOWN, 390)["come"]


def test_where_no_future_fits_that_is_the_answer_and_nothing_is_foreseen(strange: Tracked) -> None:
    view = views.view(strange, TOWN, 390)
    assert not view["fits"]
    assert view["verdict"] == "No future fits what you have seen"
    assert "you saw 900" in view["said"][0]
    assert "another than your partnership" in view["said"][-1]
    assert (view["come"], view["watch"], view["charts"]) == ("", "", [])
    assert not view["rows"][0]["fits"]


@pytest.mark.parametrize("beliefs", ["ensemble", "plausible", "fixed"])
def test_futures_differ_by_what_the_visitor_has_chosen(beliefs: str) -> None:
    found = held_against(replace(TOWN, beliefs=beliefs), "no-backbone")
    assert found.against is not None
    for scenario in (found.scenario, found.against.scenario):
        assert (scenario.beliefs.kind if scenario.beliefs else "fixed") == beliefs


def test_another_structure_is_set_against_it_in_the_same_futures_and_place() -> None:
    found = held_against(TOWN, "national-and-regional")
    assert found.against is not None
    other = found.against.scenario
    assert (other.world_name, other.months) == (found.scenario.world_name, found.scenario.months)
    view = views.view(found, TOWN, 390)
    assert view["instead"][0].startswith("National and regional backbones instead would make ")
    assert "from the start, and not a change from now on" in view["instead"][-1]
    row = found.beside().set_index("outcome").loc["wellbeing_gain"]
    assert row["mean"] > 0
    assert view["beside"]["rows"][0][0] == "Children's wellbeing"
    assert len(view["beside"]["heads"]) == len(view["beside"]["rows"][0])
    page = track_report(found)
    assert view["instead"][0] in page
    assert "on the page or in Python" in page


def test_what_may_be_set_against_it_is_a_scenario_that_ships_and_another() -> None:
    frame = views.frame(TOWN, "no-backbone")
    names = [name for name, _ in frame["others"]]
    assert "no-backbone" in names
    assert TOWN.scenario not in names
    assert all(views.other(name) == name for name in ("", *names))
    with pytest.raises(InputError):
        views.other("love")


def test_how_far_it_has_come_is_told_with_how_far_it_may_go() -> None:
    first, most = views.futures(TOWN)
    assert f"{most:,}" in views.waiting(TOWN, 0, 0)
    assert views.waiting(TOWN, 1200, 1600).startswith("1,200 of 1,600 futures are done; up to ")
    guide = (ROOT / "docs" / "track.md").read_text("utf-8")
    assert f"In a small place up to {most:,} futures are run" in guide
    large = views.futures(replace(TOWN, world="finland"))[1]
    assert f"above {views.LARGE} organisations up to {large}" in guide
    assert first < most


@pytest.mark.parametrize("code", ["fi", "sv"])
def test_nothing_of_the_answer_stays_english(code: str, fitting: Tracked, strange: Tracked) -> None:
    for found in (fitting, strange):
        english = views.view(found, TOWN, 390)
        with speaking(code):
            own = views.view(found, TOWN, 390)
        for name in ("verdict", "come", "watch", "counted"):
            assert (own[name] != english[name]) == bool(english[name]), name
        assert not set(own["said"]) & set(english["said"])
        assert not set(own["instead"]) & set(english["instead"])
        for one, other in zip(own["charts"], english["charts"], strict=True):
            assert one["summary"] != other["summary"]
            assert not [word for word in (">before<", ">now<", ">observed<") if word in one["svg"]]


@pytest.mark.parametrize(
    ("row", "form"),
    [
        ("love;3;1;1", "no_outcome"),
        ("members;900;1;1", "no_month"),
        ("members;3;many;1", "number"),
        ("members;3;-5;1", "out_of_bounds"),
        ("members;3;0;0", "no_error"),
        ("members;2;1;1", "figure_again"),
    ],
)
def test_what_is_wrong_with_a_figure_stands_with_its_row_in_every_language(
    row: str, form: str
) -> None:
    text = f"outcome;month;value;error\nmembers;2;4;1\n{row}\n"
    with pytest.raises(InputError) as fault:
        read_figures(table_of("a.csv", text.encode()), scenario_of(TOWN))
    told = fault.value.sentences
    assert form in {known(getattr(one, "what", one)) for one in told}
    said = set()
    for code in languages():
        with speaking(code):
            shown = problem(told[0])
        assert shown["row"] == "3"
        said.add(shown["what"])
    assert len(said) == len(languages())


def test_a_column_that_lacks_or_means_nothing_is_named() -> None:
    for text, form in (("month;value\n3;1\n", "no_column"),
                       ("outcome;month;value;mood\nmembers;3;4;good\n", "odd_column")):  # fmt: skip
        with pytest.raises(InputError) as fault:
            read_figures(table_of("a.csv", text.encode()), scenario_of(TOWN))
        assert known(fault.value.sentences[0]) == form
