"""Cases: each on a world of its own, every number with its source, nothing out of scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cisim
from cisim.model.input_error import InputError
from cisim.model.literature import SOURCES
from cisim.world.believed import place_notes, staff_notes
from cisim.world.files import checked, parse, read_text, shipped
from cisim.world.scenario import ScenarioFile, load_world
from cisim.world.sourced import ASSUMPTION, Evidence, of_nothing, sourced
from cisim.world.story import Story
from cisim.world.world import World

CASES, WORLDS = shipped("cases"), shipped("worlds")
PLACES = {
    "S20": "finland-2020", "S21": "malmo", "S22": "backby", "S22 PLV": "pa-lika-villkor",
    "S23": "nz-locality", "S24": "alive-and-thrive", "S25": "san-francisco",
}  # fmt: skip
"""The places of the cases that the sources tell."""


def said(path: Any) -> dict[str, Any]:
    return parse(read_text(path), path.name)


def rests(file: dict[str, Any]) -> list[Evidence]:
    return [Evidence.model_validate(one) for one in file.get("evidence", [])]


@pytest.mark.parametrize("path", [*CASES.values(), *WORLDS.values()], ids=lambda path: path.stem)
def test_every_number_has_a_source_or_is_marked_as_an_assumption(path: Any) -> None:
    file = said(path)
    told = sourced({key: file[key] for key in file if key != "evidence"}, rests(file))
    known = {*SOURCES, ASSUMPTION}
    assert [one for one in told if one.source not in known] == []


@pytest.mark.parametrize("name", CASES)
def test_a_case_lies_within_what_is_believed(name: str) -> None:
    case = cisim.Scenario.load(name)
    assert place_notes(case.world, case.parameters) == []
    assert staff_notes(case.world, case.structure) == []


def test_no_case_is_called_as_a_scenario_is() -> None:
    assert not set(CASES) & set(shipped("scenarios"))


@pytest.mark.parametrize("world", PLACES.values())
def test_every_place_has_cases_to_compare_and_a_story(world: str) -> None:
    cases = [name for name in CASES if cisim.Scenario.load(name).world_name == world]
    assert len(cases) >= 2
    assert len({cisim.Scenario.load(name).months for name in cases}) == 1
    stories = [Story.load(name) for name in shipped("stories")]
    (story,) = [one for one in stories if one.steps[0].here.scenario.world_name == world]
    told = {state.scenario.name.partition(",")[0] for state in story.states}
    assert set(cases) == told


def test_finland_2020_has_the_municipalities_of_table_1_and_the_cities_that_it_names() -> None:
    world = load_world("finland-2020")
    settled = {
        region.name: (here.communities, here.participating)
        for region, here in zip(world.regions, world.settled, strict=True)
    }
    assert settled == {
        "OmaHäme": (11, 11), "Soite": (8, 7), "Pirha": (23, 4), "Siunsote": (13, 13),
        "Pohde": (30, 30),
    }  # fmt: skip
    assert {"Oulu", "Tampere"} <= set(world.community_names)
    assert world.calendar.label(0) == "January 2020"


def test_in_finland_a_region_comes_in_when_its_first_post_does_and_not_before() -> None:
    case = cisim.Scenario.load("finland-2020-ends", months=60)
    posts = case.structure.posts
    begins = {
        name: min(case.calendar.month(one.from_) for one in posts if one.region == name)
        for name in {one.region for one in posts}
    }
    seen = cisim.simulate(case, 1, 1, outcomes=["members", "regional_staff"], by_region=True)
    for region, month in begins.items():
        for outcome in ("members", "regional_staff"):
            values = np.array([seen.at(outcome, m, region)[0] for m in range(61)])
            assert np.all(values[1 : month + 1] == 0), (region, outcome)
            assert np.all(values[month + 12 :] > 0), (region, outcome)


@pytest.mark.parametrize(
    ("name", "start"),
    [("finland-2020-ends", None), ("finland-2020-takes-over", 2027),
     ("finland-2020-a-year-later", 2028)],
)  # fmt: skip
def test_in_finland_counties_pay_from_the_year_that_is_said(name: str, start: int | None) -> None:
    bill = cisim.simulate(name, 1, 1).bill()
    paid = bill[bill["fte_years"] > 0]
    counties = paid[paid["payer"].str.startswith("County of P")]
    assert set(counties["year"]) == (set() if start is None else set(range(start, 2031)))


def test_evidence_that_names_no_number_is_refused() -> None:
    plain = said(WORLDS["one-town"])
    one = {"numbers": ["regions.comunities"], "source": "K26"}
    with pytest.raises(InputError) as caught:
        checked(World, {**plain, "evidence": [one]}, "w.toml")
    assert str(caught.value) == (
        "w.toml: evidence[0].numbers[0] is 'regions.comunities', which is no number of this file. "
        "Did you mean regions.communities?"
    )
    case = {"title": "T", "months": 12, "evidence": [{"numbers": ["month"], "source": "K26"}]}
    with pytest.raises(InputError, match=r"is no number of this file\. Did you mean months\?$"):
        checked(ScenarioFile, case, "c.toml")


def test_what_is_said_of_one_member_goes_before_what_is_said_of_all() -> None:
    file = {"regions": [{"name": "A", "seed_fte": 1.0}, {"name": "B", "seed_fte": 2.0}],
            "start": "2020-01", "regional": True}  # fmt: skip
    told = [Evidence(numbers=["regions.seed_fte"], source="K26"),
            Evidence(numbers=["regions.B.seed_fte"], source="assumption")]  # fmt: skip
    found = [(one.called, one.value, one.source) for one in sourced(file, told)]
    assert found == [
        ("regions.A.seed_fte", "1", "K26"), ("regions.B.seed_fte", "2", "assumption"),
        ("start", "2020-01", ""),
    ]  # fmt: skip
    twice = [*told, Evidence(numbers=["regions.B.seed_fte"], source="V20")]
    (words,) = of_nothing(file, twice)
    assert "of which is told before" in words
