"""Where a world starts at a date, whatever is shown of time speaks of calendar months."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

import cisim
from cisim.cli import app
from cisim.show import charts
from cisim.show.charts.axes import time_ticks
from cisim.show.page.address.look import Look, explored_of
from cisim.show.page.outcomes import KEPT
from cisim.show.page.views import changes, compare, explore, why
from cisim.show.page.views.pictures import monthly
from cisim.world.calendar import Calendar
from cisim.world.scenario import Scenario

JULY = Calendar("2026-07")
LEAVES = {"kind": "sponsor-leaves", "month": "2028-03"}
COUNTED = re.compile(r"\b[Mm]onth [1-9]|after \d+ (?:years|months)")
LOOK = Look(view="explore", world="county", events=(LEAVES,))


@pytest.fixture(scope="module")
def dated() -> cisim.Ensemble:
    scenario = explored_of(LOOK)[0]
    return cisim.simulate(scenario, 3, 1, outcomes=KEPT, by_region=True)


def test_ticks_stand_at_januaries_and_calendar_months() -> None:
    years = [(tick.month, tick.words) for tick in time_ticks(0, 120, 7, JULY)]
    assert years == [(18, "2028"), (42, "2030"), (66, "2032"), (90, "2034"), (114, "2036")]
    months = [(tick.month, tick.words) for tick in time_ticks(0, 12, 7, JULY)]
    assert months == [(0, "Jul 2026"), (6, "Jan 2027"), (12, "Jul 2027")]
    assert len(time_ticks(0, 12_000, 7, JULY)) <= 8


def test_charts_and_their_tables_have_dates(dated: cisim.Ensemble) -> None:
    calendar, events = dated.scenario.calendar, charts.event_table([dated.scenario])
    table = dated.series[dated.series["region"] == "overall"]
    path = charts.paths(table, "wellbeing_gain", events=events, calendar=calendar)
    assert path.numbers.shown["date"].tolist()[:2] == ["2026-01", "2027-01"]
    assert "year" not in path.numbers.shown
    assert "Children's wellbeing in January 2036" in path.summary
    assert "sponsor leaves in March 2028" in path.summary
    assert ">2030<" in path.svg
    twenty = charts.dots(table, "wellbeing_gain", month=54, calendar=calendar)
    assert twenty.title.endswith("in July 2030")
    for chart in (path, twenty, charts.strip(events, 120, calendar=calendar)):
        assert not COUNTED.search(chart.summary), chart.summary


def test_without_a_start_they_count_as_before(dated: cisim.Ensemble) -> None:
    table = dated.series[dated.series["region"] == "overall"].drop(columns="date")
    path = charts.paths(table, "wellbeing_gain")
    assert "year" in path.numbers.shown
    assert "after 10 years" in path.summary
    assert "10 years<" in path.svg


def test_the_page_speaks_of_dates(dated: cisim.Ensemble) -> None:
    there = replace(LOOK, month=54)
    frame, seen = explore.frame(there), explore.picture(there, [dated])
    assert frame["monthWords"] == "July 2030 (month 54)"
    assert frame["start"] == "2026-01"
    assert seen["headline"].startswith("In July 2030: ")
    assert seen["charts"][0]["axis"]["start"] == "2026-01"
    assert "date" in seen["charts"][0]["heads"]
    said = [seen["headline"], *seen["detail"], *(one["title"] for one in seen["charts"])]
    assert not [text for text in said if COUNTED.search(text)]
    assert changes.between(replace(LOOK, events=None), LOOK).endswith("March 2028")
    side = compare.frame(replace(LOOK, view="compare", compared=("mine", "no-backbone")))
    assert any(row[0].endswith("March 2028") for row in side["differs"]["rows"])
    lines = monthly([dated], {dated.name: "X"}, LOOK, explore.Origin.of([dated])).splitlines()
    assert lines[0].split(",")[2:5] == ["scenario", "month", "date"]
    assert ",54,2030-07," in lines[55]


def test_why_names_the_month(dated: cisim.Ensemble) -> None:
    told = why.view(dated.scenario, 1, "joint_activity", "overall", 54)
    assert "in the year up to July 2030" in told["words"][0]


def test_run_and_check_speak_of_dates(tmp_path: object) -> None:
    runner = CliRunner()
    checked = runner.invoke(app, ["check", "county"])
    assert "from January 2026" in checked.output
    args = ["run", "national-and-regional", "--world", "county", "--months", "24", "--quiet"]
    ran = runner.invoke(app, args)
    assert ran.exit_code == 0
    assert "2 years, January 2026 to December 2027" in ran.output
    assert "take part in January 2028" in " ".join(ran.output.split())
    assert "Jan 2027" in ran.output


def test_a_report_speaks_of_dates() -> None:
    from cisim.show.report import KEPT as ASKED
    from cisim.show.report import report

    two = [
        Scenario.load(name, world="county", months=36)
        for name in ("no-backbone", "national-and-regional")
    ]
    two[1] = two[1].with_(events=[LEAVES], structure_changes={"seed_end": 24})
    found = cisim.compare(two, 3, 1, outcomes=ASKED)
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", report(found), flags=re.DOTALL)
    words = " ".join(text.split())
    assert "3 years, January 2026 to December 2028" in words
    assert "March 2028: sponsor-leaves" in words
    assert "in January 2029" in words
    assert "January 2028" in words  # the end of seed money, a lever
    assert not COUNTED.search(words)
