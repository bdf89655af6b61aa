"""What a visitor has seen: one axis for an outcome, the path of before, one colour a scenario."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cisim.lab.ensemble import Ensemble
from cisim.lab.simulate import run_ensembles, simulate
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.address.look import Look, compared_of, scenario_of
from cisim.show.page.outcomes import KEPT, STRIP
from cisim.show.page.session import Session
from cisim.show.page.views import communities, compare, explore
from cisim.show.page.views.colours import places
from cisim.show.page.views.course import STEPS, half_way
from cisim.show.page.views.glossary import terms
from cisim.show.page.views.levers import MOST_FIRST, values
from cisim.show.page.views.small import Frame, SmallPath, small_chart
from cisim.world.scenario import Scenario

TOWN = Look(view="explore", world="one-town", months=36, month=36)
GREAT = replace(TOWN, settings=(("national_fte", 60.0),))
SCALE = "wellbeing_gain"


def run(look: Look) -> Ensemble:
    return simulate(scenario_of(look), 12, 1, outcomes=KEPT, by_region=True)


@pytest.fixture(scope="module")
def both() -> tuple[Ensemble, Ensemble]:
    return run(TOWN), run(GREAT)


def ticks(chart: dict[str, str]) -> set[str]:
    """Return the numbers at the upright axis of a chart."""
    return set(re.findall(r'text-anchor="end">([\d.,−]+)<', chart["svg"]))


def test_an_axis_grows_with_a_session_and_never_shrinks(both: tuple[Ensemble, Ensemble]) -> None:
    session = Session()
    small = explore.picture(TOWN, [both[0]], session=session)
    large = explore.picture(GREAT, [both[1]], session=session)
    again = explore.picture(TOWN, [both[0]], session=session)
    assert ticks(small["charts"][0]) != ticks(large["charts"][0])
    assert ticks(again["charts"][0]) == ticks(large["charts"][0])
    assert (small["grew"], again["grew"]) == ("", "")
    assert large["grew"], "that it has grown is said where it happens"
    other = explore.picture(GREAT, [both[1]], session=Session())
    assert not other["grew"], "a first picture has nothing to be compared with"


def test_the_path_before_stays_as_a_ghost_and_the_difference_comes_first(
    both: tuple[Ensemble, Ensemble],
) -> None:
    session = Session()
    first = explore.picture(TOWN, [both[0]], session=session)
    assert "ghost" not in first["charts"][0]["svg"]
    assert not first["level"]
    assert all(row["ghost"] is None for row in first["course"]["rows"])
    session.settle(TOWN, both[0])
    session.settle(GREAT, both[1])
    second = explore.picture(GREAT, [both[1]], session=session)
    assert second["charts"][0]["svg"].count('class="axis-line ghost"') == 1
    assert re.match(r"(Better|Worse) than before in \d+ of 12 futures: [+−]", second["headline"])
    assert second["level"].startswith("After 3 years: ")
    assert all(row["ghost"] for row in second["course"]["rows"])
    back = explore.picture(TOWN, [both[0]], session=session)
    assert back["headline"] != second["headline"], "what was left is now what was before"
    elsewhere = replace(TOWN, months=24, month=24)
    assert (
        "ghost"
        not in explore.picture(elsewhere, [run(elsewhere)], session=session)["charts"][0]["svg"]
    )


def test_nothing_that_is_the_same_is_said_to_differ(both: tuple[Ensemble, Ensemble]) -> None:
    assert explore.than_before(TOWN, both[0], both[0])[0] == "The same as before in all 12 futures"
    assert explore.than_before(replace(TOWN, month=0), both[0], both[1]) == ("", "")


def test_a_sentence_has_the_digits_of_its_chart(both: tuple[Ensemble, Ensemble]) -> None:
    shown = explore.picture(TOWN, [both[0]], session=Session())
    label = re.search(r'class="label quiet">([\d.−]+)', shown["charts"][0]["svg"])
    assert label is not None
    assert f": {label.group(1)} " in shown["headline"]


def test_a_scenario_has_its_colour_in_every_company() -> None:
    look = Look(view="compare")
    one = places(look, ["missing-sponsor"])
    assert places(look, ["no-backbone", "missing-sponsor"])[1:] == one
    assert places(look, ["missing-sponsor", "same-total", "mine"])[:1] == one
    there = replace(look, scenario="missing-sponsor", world="one-town")
    assert places(there, ["mine"]) == one, "on another world it is the same scenario"
    mine = places(replace(there, settings=(("national_fte", 1.0),)), ["mine", "missing-sponsor"])
    assert mine[1:] == one
    assert len(set(mine)) == 2
    for names in (["no-backbone", "three-structures"], ["mine", "branch", "same-total"]):
        assert len(set(places(look, names))) == len(names)


def test_the_strip_tells_when_a_curve_has_gone_half_its_way() -> None:
    assert half_way(np.array([0.0, 0.1, 0.6, 0.9, 1.0])) == 2
    assert half_way(np.array([0.5, 0.5, 0.5])) is None
    assert half_way(np.array([np.nan, np.nan, 1.0])) is None
    assert half_way(np.array([np.nan, 0.0, -1.0])) == 2


def test_a_story_of_another_place_is_not_told_here() -> None:
    there = Look(view="explore", scenario="national-and-regional")
    assert explore.frame(there)["story"]
    assert explore.frame(replace(there, world="one-town"))["story"] == ""
    own = replace(there, world="one-town", story="What we saw.")
    assert explore.frame(own)["story"] == "What we saw."


def test_phases_lie_on_the_time_axis_without_a_gap(both: tuple[Ensemble, Ensemble]) -> None:
    phases = explore.picture(TOWN, [both[0]])["course"]["phases"]
    assert phases[0]["phase"] == "initiation"
    assert phases[-1]["end"] == 36
    for one, other in pairwise(phases):
        assert one["end"] == other["start"]
        assert one["start"] < one["end"]


def test_the_strip_has_the_five_curves_in_the_order_in_which_things_move(
    both: tuple[Ensemble, Ensemble],
) -> None:
    strip = explore.picture(TOWN, [both[0]])["course"]
    assert [row["name"] for row in strip["rows"]] == list(STRIP)
    for row in strip["rows"]:
        said = row["lines"][0].split()
        steps = np.cumsum([int(step) for step in said if step != "x"])
        assert len(said) == 37
        assert 0 <= min(steps) < max(steps) <= STEPS


@pytest.mark.parametrize("name", ["missing-sponsor", "grown-from-network", "integrated-sponsors"])
def test_a_storys_own_levers_stand_first(name: str) -> None:
    found = values(Look(view="explore", scenario=name))["first"]
    assert len(found) == MOST_FIRST
    assert len(set(found)) == MOST_FIRST
    usual = Scenario.load("no-backbone").structure
    mine = Scenario.load(name).structure
    assert any(getattr(mine, one) != getattr(usual, one) for one in found)


@pytest.mark.parametrize("code", languages())
def test_the_glossary_explains_words_that_the_page_says(code: str) -> None:
    sample = {
        "en": "The mandate of sponsors: better in 160 of 200 futures.",
        "fi": "Sponsorien mandaatit: parempi 160/200 tulevaisuudessa.",
        "sv": "Sponsorernas mandat: bättre i 160 av 200 framtider.",
    }
    with speaking(code):
        known = terms()
    found = [one for one in known if re.search(rf"\b(?:{one['match']})\b", sample[code], re.I)]
    assert len(found) == 3
    assert all(one["says"].endswith(".") for one in known)


def test_every_chart_of_compare_gives_a_scenario_the_same_colour() -> None:
    look = Look(
        view="compare", world="one-town", months=24, compared=("same-total", "missing-sponsor")
    )
    found = run_ensembles(
        compared_of(look), 8, 1, 1, outcomes=KEPT, by_region=True, each=("community",)
    )
    own = {f"s{place}" for place in places(look, look.compared)}
    drawn = [*compare.picture(look, found)["charts"], communities.tiles(look, found)]
    for chart in drawn:
        assert set(re.findall(r'class="(s\d)[ "]', chart["svg"])) <= own, chart["name"]
    assert "s2" in "".join(re.findall(r'class="(s\d)', drawn[0]["svg"]))
    assert first_picture_of("missing-sponsor").count("var(--s2)") == 2


def first_picture_of(name: str) -> str:
    scenario = Scenario.load(name, months=12)
    ensemble = simulate(scenario, 2, 1, outcomes=KEPT, by_region=True)
    months, values = np.arange(13.0), ensemble.values[:, :, -1, 0]
    return small_chart("x", [SmallPath(months, values, places(Look(), [name])[0])], Frame(0, 1, 12))
