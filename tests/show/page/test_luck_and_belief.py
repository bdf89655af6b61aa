"""A future on the page is luck and belief: the numbers are those of the command, and said to be."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import cisim
from cisim.cli import app
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.simulate import run_ensembles
from cisim.model.parameters import Parameters
from cisim.show.language.spoken import speaking
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.cell import look_at
from cisim.show.page.address.look import Look, compared_of, scenario_of
from cisim.show.page.address.scenario_file import look_of, text_of
from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.engine import FIRST, Engine, News, Ticket
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.outcomes import KEPT
from cisim.show.page.screens.parts import status_of
from cisim.show.page.session import Session
from cisim.show.page.views import compare, explore, less_generous, start
from cisim.show.page.views.differ import choices, differences
from cisim.world.scenario import Scenario

PAIR = ("no-backbone", "national-and-regional")
TOWN = Look(view="compare", world="one-town", months=24, compared=PAIR)
N = 24
HALF = Parameters().effort_half


def asked(scenarios: Sequence[Scenario], futures: int, *, sharper: bool = False) -> News:
    """Return what the engine of the page answers."""
    engine, there, heard = Engine(), threading.Event(), []

    def tell(news: News) -> None:
        heard.append(news)
        if news.finished:
            there.set()

    engine.ask(scenarios, 1, futures, tell, sharper=sharper)
    assert there.wait(300)
    engine.close()
    return heard[-1]


@pytest.fixture(scope="module")
def believed() -> tuple[Ensemble, ...]:
    """Return futures of luck and belief as the page has them."""
    scenarios = [one.believing(TOWN.beliefs) for one in compared_of(TOWN)]
    return asked(scenarios, N, sharper=True).ensembles


@pytest.fixture(scope="module")
def fixed() -> tuple[Ensemble, ...]:
    return tuple(run_ensembles(compared_of(TOWN), N, 1, 1, outcomes=KEPT, by_region=True))


def test_each_ensemble_says_its_difference_in_no_more_digits_than_a_room_can_use(
    believed: tuple[Ensemble, ...],
) -> None:
    both = Comparison({one.name: one for one in believed})
    said = [differences(both, "wellbeing_gain", PAIR[1], at, OVERALL) for at in (1, 12, 24)]
    assert said[0] == ""
    assert "+0.0" in said[2]
    assert not any(re.search(r"\.\d{4}", one) for one in said)


def test_the_numbers_are_those_of_compare_to_the_last_bit(
    believed: tuple[Ensemble, ...],
) -> None:
    two = [cisim.Scenario.load(name, world="one-town", months=24) for name in PAIR]
    found = cisim.compare(two, N, 1, outcomes=["wellbeing_gain", "member_share"])
    for one in believed:
        for outcome in found.ensembles[one.name].outcomes:
            mine, theirs = (each.at(outcome) for each in (one, found.ensembles[one.name]))
            assert mine.tobytes() == theirs.tobytes()


def test_the_command_prints_what_the_page_shows(believed: tuple[Ensemble, ...]) -> None:
    said = CliRunner().invoke(
        app,
        ["compare", *PAIR, "--world", "one-town", "--months", "24", "--replicates", str(N),
         "--json", "--quiet"],
    )  # fmt: skip
    printed = json.loads(said.stdout)
    row = next(
        one for one in printed["differences"]
        if one["outcome"] == "wellbeing_gain" and one["scenario"] == PAIR[1]
    )  # fmt: skip
    apart = believed[1].at("wellbeing_gain") - believed[0].at("wellbeing_gain")
    assert row["mean"] == pytest.approx(float(apart.mean()), rel=1e-12)
    assert row["better"] == int((apart > 0.0).sum())


def test_luck_alone_is_as_it_was_to_the_last_bit(fixed: tuple[Ensemble, ...]) -> None:
    found = asked(compared_of(TOWN), N).ensembles
    for one, before in zip(found, fixed, strict=True):
        assert one.scenario.beliefs is None
        assert np.array_equal(one.values, before.values, equal_nan=True)


def test_what_is_kept_of_one_belief_is_never_shown_of_another() -> None:
    here = scenario_of(TOWN)
    keys = {cache_key(here.believing(held), 1) for held in ("ensemble", "plausible", "fixed")}
    assert len(keys) == 3
    assert cache_key(here.believing("fixed"), 1) == cache_key(here, 1)


def test_start_says_which_place_its_cards_are_of() -> None:
    assert start.view()["place"] == "Place: Finland, five regions, 2025"
    with speaking("fi"):
        assert start.view()["place"] == "Paikka: Suomi, viisi aluetta, 2025"


def test_cards_on_start_are_the_first_futures_of_what_compare_says_in_the_end() -> None:
    kept = {cache_key(one, 1) for one in first_pictures.scenarios()}
    for one in start.carded():
        assert cache_key(one, 1) in kept
        assert one.beliefs is not None
        shown = scenario_of(Look(view="compare", scenario=one.name, world=one.world_name))
        assert cache_key(one, 1) == cache_key(shown.believing(Look().beliefs), 1)


def test_first_pictures_come_before_what_only_sharpens_one() -> None:
    here = (scenario_of(TOWN),)
    full = Ticket(here, 1, 200, lambda news: None, sharper=True, number=1)
    first = Ticket(here, 2, 20, lambda news: None, number=2)
    assert min((full, first), key=lambda one: one.urgency) is first
    full.done = first.done = FIRST
    assert min((full, first), key=lambda one: one.urgency) is full


def test_the_choice_is_kept_in_the_address_and_in_a_file() -> None:
    for beliefs in ("plausible", "fixed"):
        look = act(TOWN, {"do": "beliefs", "beliefs": beliefs})
        assert f"beliefs={beliefs}" in link.write(look)
        assert link.read(link.write(look).partition("?")[2]) == (look, [])
        assert look_of(text_of(look), "mine.toml").beliefs == beliefs
    assert "beliefs" not in link.write(TOWN)
    other, told = link.read("view=explore&beliefs=fixd")
    assert other.beliefs == "ensemble"
    assert "fixed" in told[0]


@pytest.mark.parametrize(
    "message",
    [
        {"do": "shipped", "scenario": "missing-sponsor"},
        {"do": "scenario", "scenario": "missing-sponsor"},
        {"do": "reset"},
        {"do": "build", "world": "one-town", "structure": "none"},
        {"do": "compare-mine"},
    ],
)
def test_the_choice_stays_while_other_things_change(message: dict[str, Any]) -> None:
    assert act(replace(TOWN, beliefs="fixed"), message).beliefs == "fixed"


def test_a_number_that_is_set_by_hand_holds_in_all_futures_the_default_too() -> None:
    for value in (2.0, HALF):
        look = act(TOWN, {"do": "set", "name": "effort_half", "value": value})
        assert look.settings == (("effort_half", value),)
        assert link.read(link.write(look).partition("?")[2])[0] == look
        back = look_of(text_of(look), "mine.toml")
        for one in (look, back):
            here = scenario_of(one).believing("ensemble")
            assert here.held == ("effort_half",)
            points = [here.in_future(seed).parameters for seed in range(1, 9)]
            assert {point.effort_half for point in points} == {value}
            assert len({point.own_value for point in points}) > 1
        told = choices(look, [scenario_of(look)])
        assert "Joint work for half the effect" in told["held"]
    free = act(look, {"do": "reset", "name": "effort_half"})
    assert scenario_of(free).believing("ensemble").held == ()


def test_a_lever_that_is_back_at_its_start_is_dropped() -> None:
    start = scenario_of(TOWN).structure.sponsor_link
    away = act(TOWN, {"do": "set", "name": "sponsor_link", "value": start / 2})
    assert act(away, {"do": "set", "name": "sponsor_link", "value": start}).settings == ()


def test_a_cell_holds_its_values_the_default_too() -> None:
    cell = Scenario.load("national-and-regional", world="one-town").set({"effort_half": HALF})
    assert scenario_of(look_at(cell, "a cell")).believing("ensemble").held == ("effort_half",)


def test_it_is_said_what_futures_differ_by(
    believed: tuple[Ensemble, ...], fixed: tuple[Ensemble, ...]
) -> None:
    look = replace(TOWN, month=24)
    shown = [explore.picture(replace(look, view="explore"), one[1:]) for one in (believed, fixed)]
    assert "futures of luck and belief lie between" in " ".join(shown[0]["detail"])
    assert "futures of luck alone lie between" in " ".join(shown[1]["detail"])
    for picture, words in zip(shown, ("luck and belief", "luck alone"), strict=True):
        assert f"· {words}" in picture["charts"][0]["svg"]
    half = News(fixed, N, 200, False)
    assert "luck alone" in status_of(half, 200, False, stale=False, quick=True)["words"]
    assert "quick answer" in status_of(half, 200, False, stale=False, quick=True)["words"]
    full = News(believed, N, N, True)
    assert status_of(full, N, False, stale=False)["words"] == f"{N} futures of luck and belief"


def test_where_the_two_ensembles_disagree_both_numbers_are_said(
    believed: tuple[Ensemble, ...], fixed: tuple[Ensemble, ...]
) -> None:
    _, said = compare.picture(TOWN, believed)["verdicts"][0]
    apart = believed[1].at("wellbeing_gain") - believed[0].at("wellbeing_gain")
    ends = [float(apart[k::2].mean()) for k in (0, 1)]  # seed 1 is of the first ensemble
    assert ends[0] != pytest.approx(ends[1], rel=0.05)
    numbers = said.partition("By members' own reports ")[2].rstrip(".").split(", by evaluations ")
    assert [float(one.replace("−", "-")) for one in numbers] == pytest.approx(ends, abs=0.006)
    assert compare.picture(TOWN, fixed)["verdicts"][0][1] == ""
    same = [replace(one, values=np.zeros_like(one.values)) for one in believed]
    assert compare.picture(TOWN, same)["verdicts"][0][1] == ""


def test_a_quick_answer_is_never_put_beside_a_full_one(
    believed: tuple[Ensemble, ...], fixed: tuple[Ensemble, ...]
) -> None:
    session = Session()
    here = replace(TOWN, view="explore", scenario=PAIR[0], month=24)
    there = replace(here, scenario=PAIR[1])
    session.settle(here, believed[0], fixed[0])
    assert session.before(there, fixed[1]) is fixed[0]
    assert session.before(there, believed[1]) is believed[0]
    session.settle(here, believed[0])
    assert session.before(there, fixed[1]) is None
    only_beliefs = replace(here, beliefs="fixed")
    session.settle(here, believed[0], fixed[0])
    assert session.before(only_beliefs, fixed[0]) is None, "it is the same scenario"


def test_less_generous_values_hold_and_all_else_is_believed() -> None:
    here = scenario_of(TOWN).believing("ensemble")
    found = less_generous.less_generous([here], (HALF, 1.0, 3.0))
    assert [one.held for one in found] == [("effort_half",)] * 3, "the default is no belief"
    table = less_generous.alone(replace(TOWN, month=24), here, None, ())
    assert table is not None
    assert table["rows"][0][0] == "as each future believes"
    beside = less_generous.beside(
        replace(TOWN, view="compare", month=24), [here, here.with_(name="other")], [], []
    )
    assert beside is not None
    for words in (table["words"], beside["words"]):
        assert "Each future believes a value of its own" in words
        assert "default" not in words


SAID = """window.said = new Set();
new MutationObserver(() => {
  const status = document.querySelector('.results [role=status]');
  if (status) window.said.add(status.textContent);
}).observe(document, { subtree: true, childList: true, characterData: true })"""
"""Keeps all that was said of how far it has come."""


@pytest.mark.browser
@pytest.mark.slow
def test_a_visitor_sees_a_quick_answer_then_luck_and_belief_and_can_choose(visitors: Any) -> None:
    visitor = visitors(viewport={"width": 1366, "height": 768})
    visitor.page.add_init_script(SAID)  # it may be gone before a slow machine looks
    page = visitor.go("view=explore&world=one-town&months=36&month=36&set=national_fte:3.5")
    page.wait_for_function("[...window.said].some((one) => one.includes('a quick answer'))")
    visitor.ready(200)
    assert "200 futures of luck and belief" in page.locator(".results [role=status]").inner_text()
    page.get_by_role("button", name="How sure?").click()
    page.get_by_label("luck alone").check()
    page.wait_for_function("() => location.search.includes('beliefs=fixed')")
    page.get_by_text("200 futures of luck alone").wait_for()
    page.go_back()
    page.get_by_text("200 futures of luck and belief").wait_for()
    assert page.get_by_label("luck and belief").is_checked()


@pytest.mark.browser
@pytest.mark.slow
def test_pi_stands_one_press_away_whole_on_a_projector(visitors: Any) -> None:
    visitor = visitors(viewport={"width": 1366, "height": 768})
    page = visitor.go("view=compare&world=one-town&months=36")
    visitor.ready(200)
    page.get_by_role("button", name="What decides it").click()
    chart = page.locator(".hangs .chart svg").first
    chart.wait_for()
    place = chart.bounding_box()
    assert place["y"] > 0
    assert place["y"] + place["height"] <= 768
    words = page.locator(".hangs .chart").inner_text()
    assert "parity with Communities That Care" in words
    assert "default: " in words
