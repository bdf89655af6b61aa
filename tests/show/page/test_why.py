"""Why: what moved an outcome adds up, disturbs nothing, and blames nobody who is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cisim.lab.simulate import simulate
from cisim.model.model import CollectiveImpactModel
from cisim.show.charts.frame import px
from cisim.show.page import words
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look
from cisim.show.page.outcomes import KEPT
from cisim.show.page.views import explore, why
from cisim.show.page.views.why import Question
from cisim.world.scenario import Scenario

EVENTS = (
    {"kind": "reform", "month": 15},
    {"kind": "breach-of-promises", "month": 16},
    {"kind": "sponsor-leaves", "month": 18},
)
BACKBONES = {"arranged_kept", "arranged_broken", "host", "arranged", "taught", "recruited"}
LEADS = {"led_kept", "led_broken", "host_led", "led", "taught_led", "recruited_led", "lead_time"}
SPONSORS = {"health", "education", "political", "municipal", "backing", "money"}


def finland(months: int = 24) -> Scenario:
    return Scenario.load("national-and-regional", months=months, events=EVENTS)


def town(**levers: object) -> Scenario:
    return Scenario.load("national-and-regional", world="one-town", months=48).set(levers)


@pytest.fixture(scope="module")
def observed() -> dict[str, np.ndarray]:
    return CollectiveImpactModel(finland(), 3).run().recorder.values(list(why.EXPLAINED))


@pytest.mark.parametrize("outcome", why.EXPLAINED)
@pytest.mark.parametrize("region", ["overall", "Pirha"])
@pytest.mark.parametrize(("month", "months"), [(24, 12), (16, 1), (19, 1), (8, 12), (1, 1)])
def test_the_parts_add_up_to_the_change_that_was_observed(
    observed: dict[str, np.ndarray], outcome: str, region: str, month: int, months: int
) -> None:
    chosen = finland()
    first, found = why.flows(chosen, 3, outcome, region, month, months)
    assert first == max(0, month - months)
    names = [one.name for one in chosen.world.regions]
    seen = observed[outcome][:, -1 if region == "overall" else names.index(region)]
    assert sum(found.values()) == pytest.approx(seen[month] - seen[first], abs=1e-9)
    assert "rest" not in found


@pytest.mark.parametrize("outcome", why.EXPLAINED)
def test_who_looks_why_does_not_disturb_the_run(outcome: str) -> None:
    looked, alone = (CollectiveImpactModel(finland(), 5).run(11) for _ in range(2))
    why.follow(looked, outcome, None, 12, 20)
    alone.run(9)
    assert looked.month == alone.month == 20
    there = dict(alone.state.columns())
    for name, column in looked.state.columns():
        if name.startswith("meetings."):  # only the first rows hold
            count = alone.state.meetings_count
            assert np.array_equal(column[:count], there[name][:count]), name
        else:
            assert np.array_equal(column, there[name]), name


def test_a_level_read_twice_is_the_same() -> None:
    model = CollectiveImpactModel(finland(), 3).run(10)
    for outcome in why.EXPLAINED:
        watch = why._Watch(model, outcome, 2)
        assert watch.level(model.state) == watch.level(model.state)


@pytest.mark.parametrize("outcome", why.EXPLAINED)
def test_without_backbones_none_has_a_part(outcome: str) -> None:
    alone = town(national_fte=0.0, regional=False)
    _, found = why.flows(alone, 3, outcome, "overall", 36, 36)
    assert found
    assert not BACKBONES & set(found)


@pytest.mark.parametrize("outcome", why.EXPLAINED)
def test_without_a_lead_organisation_none_has_a_part(outcome: str) -> None:
    _, found = why.flows(town(lead_share=0.0), 3, outcome, "overall", 36, 36)
    assert not LEADS & set(found)


def test_backbones_have_their_parts_where_they_are() -> None:
    _, trust = why.flows(town(), 3, "trust_eligible", "overall", 36, 36)
    _, activity = why.flows(town(), 3, "joint_activity", "overall", 36, 36)
    assert trust["arranged_kept"] > 0 > trust["arranged_broken"]
    assert trust["host"] > 0
    assert activity["taught"] > 0
    assert activity["recruited"]  # newcomers bring effort, and are strangers at first
    assert why.flows(finland(), 3, "joint_activity", "overall", 3)[1]["founders"] > 0


@pytest.mark.parametrize("outcome", why.EXPLAINED)
def test_a_missing_sponsor_has_no_part(outcome: str) -> None:
    there = why.flows(town(), 3, outcome, "overall", 36)[1]
    for missing in (town(sponsors=[]), town(sponsor_link=0.0)):
        _, found = why.flows(missing, 3, outcome, "overall", 36)
        assert not SPONSORS & set(found)
    if outcome not in ("trust_eligible", "mandate_other"):
        assert SPONSORS & set(there)


def test_one_kind_of_sponsor_alone_is_the_only_one_behind_mandates() -> None:
    _, found = why.flows(town(sponsors=["municipal"]), 3, "mandate_public", "overall", 36)
    assert SPONSORS & set(found) == {"municipal"}


def test_grants_are_not_taken_for_sponsors_money() -> None:
    granted = town(sponsors=[], grant_reg=1.0, grant_joint=1.0, regional=False)
    _, found = why.flows(granted, 3, "joint_activity", "overall", 24, 24)
    assert "grants" in found
    assert not SPONSORS & set(found)


def test_an_event_has_its_part_in_the_month_it_strikes() -> None:
    _, found = why.flows(finland(), 3, "mandate_public", "overall", 16, 1)
    assert found["event.reform"] < 0
    assert "event.sponsor-leaves" not in found  # mandates lapse from then on
    _, found = why.flows(finland(), 3, "mandate_public", "overall", 15, 1)
    assert "event.reform" not in found


def test_a_year_is_the_sum_of_its_months() -> None:
    _, year = why.flows(town(), 3, "joint_activity", "overall", 24)
    months = [why.flows(town(), 3, "joint_activity", "overall", m, 1)[1] for m in range(13, 25)]
    for name, part in year.items():
        assert sum(one.get(name, 0.0) for one in months) == pytest.approx(part, abs=1e-7)


def test_nothing_has_moved_anything_in_month_0() -> None:
    assert why.flows(town(), 3, "joint_activity", "overall", 0) == (0, {})
    shown = why.view(town(), 3, "joint_activity", "overall", 0)
    assert shown["rows"] == []
    assert "month 0" in shown["words"][0]


@pytest.mark.parametrize("outcome", why.EXPLAINED)
@pytest.mark.parametrize("months", why.SPANS)
def test_the_largest_come_first_and_what_is_shown_adds_up(outcome: str, months: int) -> None:
    shown = why.view(finland(), 3, outcome, "overall", 24, months)
    rows = shown["rows"]
    assert 1 <= len(rows) <= why.MOST + 1
    named = [abs(row["size"]) for row in rows if "smaller)" not in row["name"]]
    assert named == sorted(named, reverse=True)
    assert max(abs(row["size"]) for row in rows) == 1.0

    def number(text: str) -> float:
        return float(text.replace("−", "-"))

    total = number(shown["total"][1])
    decimals = len(shown["total"][1].partition(".")[2])
    assert sum(number(row["value"]) for row in rows) == pytest.approx(total, abs=9 * 10**-decimals)
    assert f"month {24}" in shown["words"][0]
    for row in rows:
        assert (row["size"] < 0) == row["value"].startswith("−")


def test_every_cause_that_is_found_has_words() -> None:
    found = set()
    for outcome in why.EXPLAINED:
        for chosen in (finland(), town(grant_nat=2.0, grant_joint=0.5), town(regional=False)):
            found |= set(why.flows(chosen, 3, outcome, "overall", 24, 24)[1])
    labels = {why._label(name) for name in found}
    assert len(labels) == len(found)
    known = set(words.part("why"))
    assert {name.partition(".")[0] for name in found} <= known


def test_what_is_explained_follows_the_charts_until_it_is_chosen() -> None:
    asked = Question()
    assert why.explained(asked, "mandate_other") == "mandate_other"
    assert why.explained(asked, "trust_active") == "trust_eligible"
    assert why.explained(asked, "wellbeing_gain") == "joint_activity"
    asked = asked.after({"do": "why-outcome", "value": "trust_eligible"})
    assert why.explained(asked, "mandate_other") == "trust_eligible"
    assert asked.after({"do": "why-months", "value": 1}).months == 1
    for odd in ({"do": "why-months", "value": 7}, {"do": "why-outcome", "value": "x"}, {}):
        assert asked.after(odd) == asked


def test_wellbeing_is_explained_by_what_it_follows_from() -> None:
    look = Look(view="explore", world="one-town", months=24)
    assert "follows from joint activity" in why.choices(Question(), look)["note"]
    assert why.choices(Question("joint_activity"), look)["note"] == ""
    assert "not explained" in why.choices(Question(), replace(look, outcome="load"))["note"]
    assert why.choices(Question(), look)["branch"] is None
    event = {"kind": "turnover-wave", "month": 12, "share": 1.0}
    assert why.choices(Question(), act(look, {"do": "branch", "event": event}))["branch"] is False


def test_the_sentence_says_which_way_and_names_gain_and_loss() -> None:
    said = why.view(town(), 3, "trust_eligible", "overall", 36)["words"]
    assert re.match(r"Trust (rose|fell) by 0\.\d+ in the year up to month 36\.", said[0])
    assert said[1].startswith("The largest gain: ")
    assert said[2].startswith("The largest loss: ")


@pytest.mark.parametrize("outcome", ["wellbeing_gain", "gap_primary"])
@pytest.mark.parametrize("width", [390, 480, 640])
def test_a_chart_over_time_says_where_its_months_are(outcome: str, width: int) -> None:
    look = Look(view="explore", world="one-town", months=24, outcome=outcome, month=6)
    run = simulate(explore.scenarios(look)[0], 4, 1, outcomes=KEPT, by_region=True)
    over_time, ends = explore.picture(look, [run], width)["charts"]
    axis = over_time["axis"]
    assert 0 <= axis["left"] < axis["right"] <= width
    assert axis["months"] == 24
    assert axis["top"] + 100 < axis["bottom"]
    cursor = axis["left"] + (axis["right"] - axis["left"]) * 6 / 24
    assert f"M{px(cursor)} " in over_time["svg"]
    assert "axis" not in ends


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_a_click_on_a_chart_asks_why_there(visitors: Any, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visitor = visitors(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = visitor.go("view=explore&world=one-town&month=60&version=0.1.0")
    visitor.ready(200)
    area = page.locator("section.why")
    area.locator("strong").get_by_text("Joint activity rose by").wait_for()
    area.get_by_text("follows from joint activity").wait_for()
    area.get_by_label("Explain").select_option("trust_eligible")
    said = area.locator("strong")
    said.get_by_text(re.compile(r"Trust (rose|fell) by .* in the year up to month 60")).wait_for()
    area.get_by_label("Over").select_option("1")
    said.get_by_text(re.compile(r"Trust .* in the month up to month 60")).wait_for()
    assert area.locator("tbody tr").count() >= 3
    assert area.locator("tbody th[scope=row]").count() == area.locator("tbody tr").count()

    def click(share: float) -> None:
        chart = page.locator(".chart .pick svg")
        chart.scroll_into_view_if_needed()
        left, right, top = chart.evaluate(
            "svg => { const path = [...svg.querySelectorAll('path.axis-line')]"
            ".map(e => e.getBoundingClientRect())"
            ".sort((a, b) => b.width - a.width || b.top - a.top)[0];"
            "return [path.left, path.right, path.top] }"
        )
        page.mouse.click(left + share * (right - left), top - 30)

    click(0.3)
    page.wait_for_url("**month=36**")
    said.get_by_text("month up to month 36").wait_for()
    page.wait_for_function("document.querySelector('.cursor output').textContent.includes('36')")
    click(0.0)
    page.wait_for_url("**month=0**")
    said.get_by_text("Choose a later month").wait_for()
    click(1.0)
    said.get_by_text("month up to month 120").wait_for()
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    )
    told = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]
    assert not told
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("outcome", ["wellbeing_gain", "gap_primary"])
def test_a_click_moves_the_month_of_compare(visitor: Any, outcome: str) -> None:
    page = visitor.go(f"view=compare&world=one-town&outcome={outcome}&version=0.1.0")
    visitor.ready(20)
    chart = page.locator(".chart .pick svg")
    assert chart.count() == 1
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
    page.wait_for_url("**month=**")
