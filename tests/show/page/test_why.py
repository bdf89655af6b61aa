"""Why: what moved an outcome, in words and bars that add up; a click on a chart asks there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from cisim.lab.simulate import simulate
from cisim.show.charts.frame import px
from cisim.show.page import words
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, explored_of
from cisim.show.page.outcomes import KEPT
from cisim.show.page.views import explore, why
from cisim.show.page.views.pictures import Sizes
from cisim.show.page.views.why import Question
from cisim.version import __version__
from cisim.world.scenario import Scenario

EVENTS = (
    {"kind": "reform", "month": 15},
    {"kind": "breach-of-promises", "month": 16},
    {"kind": "sponsor-leaves", "month": 18},
)


def finland(months: int = 24) -> Scenario:
    return Scenario.load("national-and-regional", months=months, events=EVENTS)


def town(**levers: object) -> Scenario:
    return Scenario.load("national-and-regional", world="one-town", months=48).set(levers)


def test_nothing_has_moved_anything_in_month_0() -> None:
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
            found |= set(why.parts(chosen, 3, outcome, "overall", 0, 24))
    labels = {why._label(name) for name in found}
    assert len(labels) == len(found)
    kinds = {name.partition(".")[2] for name in found if name.startswith("event.")}
    assert kinds <= set(words.part("event_kinds"))


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
    run = simulate(explored_of(look)[0], 4, 1, outcomes=KEPT, by_region=True)
    shown = {chart["kind"]: chart for chart in explore.picture(look, [run], Sizes(width))["charts"]}
    over_time = shown["gap" if outcome == "gap_primary" else "paths"]
    axis = over_time["axis"]
    assert 0 <= axis["left"] < axis["right"] <= width
    assert axis["months"] == 24
    assert axis["top"] + 100 < axis["bottom"]
    cursor = axis["left"] + (axis["right"] - axis["left"]) * 6 / 24
    assert f"M{px(cursor)} " in over_time["svg"]
    assert axis["width"] == width
    assert "axis" not in shown["dots"]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_a_click_on_a_chart_asks_why_there(visitors: Any, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visitor = visitors(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = visitor.go(f"view=explore&world=one-town&month=60&version={__version__}")
    visitor.ready(200)
    page.get_by_role("button", name="Why?").click()
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
    page.wait_for_function("document.querySelector('.course output').textContent.includes('36')")
    click(0.0)
    page.wait_for_function("!location.search.includes('month=')")
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
    page = visitor.go(f"view=compare&world=one-town&outcome={outcome}&version={__version__}")
    visitor.ready(200)  # the last picture: an earlier one is drawn anew under the hand
    chart = page.locator(".chart .pick svg")
    assert chart.count() == 1
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
    page.wait_for_url("**month=**")
