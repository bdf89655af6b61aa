"""Months have one name everywhere: calendar months where a world starts at a date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cisim.model.input_error import InputError
from cisim.model.limits import MOST_MONTHS
from cisim.world.calendar import UNDATED, Calendar
from cisim.world.files import checked
from cisim.world.posts_in_words import posts_in_words
from cisim.world.scenario import Scenario, load_structure, load_world
from cisim.world.structure import MONTHS, Structure
from cisim.world.world import World

JULY = Calendar("2026-07")
STARTS = some.builds(
    lambda year, month: f"{year:04d}-{month:02d}", some.integers(1, 9999), some.integers(1, 12)
)


@given(start=STARTS, month=some.integers(0, 600))
def test_a_date_means_the_month_that_is_written_so(start: str, month: int) -> None:
    calendar = Calendar(start)
    if calendar.year(month) < 10_000:
        assert calendar.parse(calendar.written(month)) == month
    assert calendar.written(0) == start


@given(start=some.none() | STARTS, month=some.integers(0, 600))
def test_a_year_holds_the_twelve_months_from_its_first(start: str | None, month: int) -> None:
    calendar = Calendar(start)
    first = calendar.first_month(calendar.year(month))
    assert first <= month < first + 12
    assert first == calendar.first_month(calendar.year(month) + 1) - 12


def test_months_are_called_by_the_calendar() -> None:
    assert JULY.label(0) == "July 2026"
    assert JULY.label(6) == "January 2027"
    assert JULY.short(18) == "Jan 2028" == Calendar("2028-01").short(0)
    assert [JULY.year(month) for month in (0, 5, 6, 17, 18)] == [2026, 2026, 2027, 2027, 2028]
    assert JULY.year_label(6) == "2027"
    assert JULY.month("2027-07") == 12 == JULY.month(12)


def test_without_a_start_months_and_years_are_counted() -> None:
    assert UNDATED.label(18) == "month 18"
    assert UNDATED.written(18) == UNDATED.short(18) == "18"
    assert [UNDATED.year(month) for month in (0, 11, 12)] == [1, 1, 2]
    assert UNDATED.year_label(12) == "year 2"


@pytest.mark.parametrize(
    ("calendar", "text", "why"),
    [
        (JULY, "2026-06", "the date is 2026-06, before the start of the world"),
        (JULY, "2027-7", "is '2027-7'; allowed is a month's number or a year and a month"),
        (JULY, "2027-13", "is '2027-13'"),
        (JULY, "July 2027", "is 'July 2027'"),
        (JULY, "2027-07-01", "is '2027-07-01'"),
        (JULY, "9999-01", f"{MOST_MONTHS:,} months after the start"),
        (UNDATED, "2027-07", "but the world has no start"),
    ],
)
def test_what_is_no_date_after_the_start_is_refused_in_a_sentence(
    calendar: Calendar, text: str, why: str
) -> None:
    with pytest.raises(InputError, match=r"\.$") as refused:
        calendar.parse(text)
    assert why in str(refused.value)


@pytest.mark.parametrize("start", ["2026", "2026-1", "2026-00", "0000-01", "soon", 2026, True])
def test_a_start_is_a_year_and_a_month(start: Any) -> None:
    given = load_world("one-town").model_dump()
    with pytest.raises(ValueError, match="allowed is a year and a month"):
        World(**{**given, "start": start})


TOWN = """
title = "Town with dates"
source = "Made up"
start = "2026-07"
locals = ["education", "youth", "third", "private"]
bodies = ["health", "social"]

[[regions]]
name = "Town"
communities = 3
participating = 3
mean_children = 1500
seed_fte = 1.0
"""
EVENT = """
title = "The sponsor goes"
world = "town.toml"
structure = "regional"

[[events]]
kind = "sponsor-leaves"
month = {0}
"""


def scenario(folder: Path, month: str, town: str = TOWN) -> Scenario:
    (folder / "town.toml").write_text(town, encoding="utf-8")
    (folder / "s.toml").write_text(EVENT.format(month), encoding="utf-8")
    return Scenario.load(folder / "s.toml")


def test_an_event_may_have_a_date(tmp_path: Path) -> None:
    dated = scenario(tmp_path, '"2028-01"')
    assert [event.month for event in dated.events] == [18]
    assert dated == scenario(tmp_path, "18")
    again = dated.with_(events=[{"kind": "election", "month": "2027-07"}])
    assert [event.month for event in again.events] == [12]


@pytest.mark.parametrize(
    ("month", "why"),
    [
        ('"2026-06"', "s.toml: events[0].month is 2026-06, before the start of the world"),
        ('"soon"', "s.toml: events[0].month is 'soon'"),
        ('"2036-07"', "events[0].month is 2036-07; allowed is 2026-07 to 2036-06"),
        ("120", "events[0].month is 2036-07; allowed is 2026-07 to 2036-06"),
    ],
)
def test_an_event_outside_the_dates_is_refused(tmp_path: Path, month: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        scenario(tmp_path, month)
    assert why in str(refused.value)
    assert len(refused.value.sentences) == 1


def test_a_date_needs_a_world_with_a_start(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"events\[0\].month is '2028-01', but the world has no"):
        scenario(tmp_path, '"2028-01"', TOWN.replace('start = "2026-07"\n', ""))


def test_a_start_changes_no_future() -> None:
    from cisim.model.model import CollectiveImpactModel

    plain = Scenario.load("regional-only", world="one-town", months=12)
    dated = plain.with_(world=plain.world.model_copy(update={"start": "2026-01"}))
    one, other = (CollectiveImpactModel(each, seed=3).run() for each in (plain, dated))
    assert one.outcomes().equals(other.outcomes())


MONTHS_OF_LEVERS = {
    "national_start": "2027-01",
    "national_end": "2030-01",
    "regional_start": "2026-12",
    "regional_end": "2030-06",
    "seed_end": "2028-01",
}
IN_NUMBERS = {
    "national_start": 6.0,
    "national_end": 42.0,
    "regional_start": 5.0,
    "regional_end": 47.0,
    "seed_end": 18.0,
}


def test_every_lever_that_is_a_month_may_have_a_date_wherever_levers_are_given(
    tmp_path: Path,
) -> None:
    assert set(MONTHS_OF_LEVERS) == set(MONTHS)
    (tmp_path / "town.toml").write_text(TOWN, encoding="utf-8")
    both = 'title = "B"\nnational_fte = 4\nregional = true\n'
    lines = "".join(f'{name} = "{date}"\n' for name, date in MONTHS_OF_LEVERS.items())
    (tmp_path / "dated.toml").write_text(both + lines, encoding="utf-8")
    (tmp_path / "plain.toml").write_text(both, encoding="utf-8")
    head = 'title = "S"\nworld = "town.toml"\n'
    (tmp_path / "file.toml").write_text(f'{head}structure = "dated.toml"\n', encoding="utf-8")
    changes = f'{head}structure = "plain.toml"\n[structure_changes]\n{lines}'
    (tmp_path / "changes.toml").write_text(changes, encoding="utf-8")
    plain = Scenario.load(tmp_path / "plain.toml", world=str(tmp_path / "town.toml"))
    structure = load_structure(tmp_path / "dated.toml")
    ways = [
        Scenario.load(tmp_path / "file.toml"),
        Scenario.load(tmp_path / "changes.toml"),
        Scenario.load(tmp_path / "dated.toml", world=str(tmp_path / "town.toml")),
        plain.with_(structure=structure),
        plain.with_(structure_changes=MONTHS_OF_LEVERS),
        plain.set(MONTHS_OF_LEVERS),
        Scenario(**{**dict(plain), "structure": structure}),
    ]
    for one in ways:
        found = one.structure.model_dump(include=set(IN_NUMBERS))
        assert found == IN_NUMBERS
        assert Scenario.from_resolved(one.resolved()) == one
    assert "until January 2028, paid by foundation (regional)" in posts_in_words(ways[0])[1]


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("2026-06", "structure_changes.seed_end is 2026-06, before the start of the world"),
        ("2027-13", "structure_changes.seed_end is '2027-13'; allowed is a whole number from 0"),
        ("soon", 'or a date as "2027-07")'),
    ],
)
def test_a_lever_outside_the_dates_is_refused(tmp_path: Path, date: str, why: str) -> None:
    plain = scenario(tmp_path, "3")
    with pytest.raises(InputError) as refused:
        plain.with_(structure_changes={"seed_end": date})
    assert why in str(refused.value)


def test_each_date_of_a_structure_needs_a_world_with_a_start() -> None:
    given = checked(Structure, {"title": "S", **MONTHS_OF_LEVERS}, "s.toml")
    with pytest.raises(InputError) as refused:
        Scenario.load("no-backbone").with_(structure=given)
    assert len(refused.value.sentences) == 5
    assert all("but the world has no start" in one for one in refused.value.sentences)
