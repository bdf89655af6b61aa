"""The report's first page: what to do, how often that is right, what it hangs on, who pays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from html_page import Page

from cisim.lab.compare import at_values, compare
from cisim.lab.comparison import Comparison
from cisim.lab.design import latin_hypercube
from cisim.lab.ensemble import Ensemble
from cisim.lab.ladder import ladder
from cisim.lab.robust import Robust
from cisim.lab.threshold import threshold
from cisim.lab.value import costs
from cisim.model.outcomes import OUTCOMES, OWN_TIME
from cisim.model.parameters import Parameters
from cisim.show.report import KEPT, report
from cisim.show.report.case import short_of
from cisim.world.beliefs import Beliefs
from cisim.world.scenario import Scenario

P = Parameters()

TOWN = Scenario.load("no-backbone", world="one-town", months=24)
BACKBONES = Scenario.load("national-and-regional", world="one-town", months=24)
TITLES = {"a": "No backbone", "b": "Grants", "c": "Two posts", "d": "Three posts"}


def told(*ends: tuple[float, list[float]], gap: list[float] | None = None) -> Comparison:
    """Return a comparison of a, b, ... with such FTE-years and points in each future."""
    ensembles = {}
    places = {name: at for at, name in enumerate(OUTCOMES)}
    for name, (years, points) in zip(TITLES, ends, strict=False):
        cube = np.zeros((len(points), 25, 1, len(OUTCOMES)))
        cube[:, -1, 0, places["wellbeing_gain"]] = points
        cube[:, -1, 0, places["external_money_total"]] = years
        cube[:, 1:, 0, places["external_money"]] = years / 2.0
        cube[:, 13:, 0, places["sponsor_money"]] = years / 2.0
        books = np.zeros((len(points), 2, 1, len(TOWN.payers) + len(OWN_TIME)))
        kinds = [payer.kind for payer in TOWN.payers]
        books[:, 0, 0, kinds.index("foundation")] = years / 2.0
        books[:, 1, 0, kinds.index("sponsor")] = years / 2.0
        if gap is not None and name != "a":
            cube[:, -1, 0, places["gap_primary"]] = gap
        ensembles[name] = Ensemble(
            scenario=TOWN.with_(name=name, title=TITLES[name]),
            outcomes=tuple(OUTCOMES),
            months=np.arange(25),
            regions=("overall",),
            first_seed=1,
            replicates=np.arange(len(points)),
            values=cube,
            asked=len(points),
            books=books,
        )
    return Comparison(ensembles)


def around(mean: float, n: int = 40, sd: float = 0.05) -> list[float]:
    """Return points of n futures around a mean, always the same."""
    return list(mean + sd * np.random.default_rng(3).normal(size=n))


def answer_of(comparison: Comparison, halves: Mapping[float, Comparison] | None = None) -> str:
    """Return the first sentence of the answer, in words."""
    html = report(comparison, effort_half=halves or {})
    found = re.search(r'<p class="said">(.*?)</p>', html, re.DOTALL)
    assert found is not None
    return unescape(re.sub("<[^>]+>", "", found[1]))


def believed(comparison: Comparison, gains: Mapping[str, float], points: int = 40) -> Robust:
    """Return a robust answer in which each scenario's gain is a factor times effort_half's rank."""
    design = latin_hypercube(points, 1)
    size = 9.0 - design.values[:, design.names.index("effort_half")]
    names = comparison.names
    values = np.array([[gains[name] * one for name in names] for one in size])
    return Robust(
        names=names,
        outcome="wellbeing_gain",
        values=values,
        wellbeing=values,
        reference=np.zeros((points, 2)),
        design=design,
        replicates=1,
        seed=1,
        asked=points,
    )


# --- what to do


def test_it_says_what_to_do_with_difference_and_frequency_in_one_sentence() -> None:
    said = answer_of(told((0, around(0.0)), (10, around(0.2)), (20, around(0.9, sd=0.1))))
    assert said.startswith("Choose Two posts: after 2 years children's wellbeing is better in 40")
    assert "of 40 futures than with No backbone, on average +0." in said
    assert re.search(r"points of 100 \(\+0\.\d+ to \+0\.\d+\); ", said)
    assert said.count(".") == len(re.findall(r"\d\.\d", said)) + 1  # one sentence
    assert said.endswith("how far that hangs on how effective joint work is was not looked at.")


def test_it_says_where_the_assumption_that_decides_turns_it_round() -> None:
    here = told((0, around(0.0)), (10, around(0.2)), (20, around(0.9)))
    there = told((0, around(0.0)), (10, around(0.2)), (20, around(0.1)))
    said = answer_of(here, {P.effort_half: here, 1.0: here, 3.0: there})
    assert said.endswith(
        "as long as joint work is about as effective as is assumed here: where the same effect "
        "takes 4.9 times the joint time (effort_half 3, as in the best evaluated programme of the "
        "kind), Grants is best."
    )
    level = told((0, around(0.0)), (10, around(0.0)), (20, around(0.0)))
    said = answer_of(here, {P.effort_half: here, 2 * P.effort_half: level, 3.0: level})
    assert "where the same effect takes twice the joint time" in said
    assert said.endswith("nothing tells the first two apart.")


def test_it_says_so_where_the_assumption_does_not_turn_it() -> None:
    here = told((0, around(0.0)), (20, around(0.9)))
    smaller = told((0, around(0.0)), (20, around(0.3)))
    said = answer_of(here, {P.effort_half: here, 3.0: smaller})
    assert "that stays so where the same effect takes 4.9 times the joint time" in said
    assert said.endswith("with a difference of +0.30.")


def test_who_is_worse_than_what_there_is_is_not_recommended() -> None:
    said = answer_of(told((0, around(0.5)), (20, around(0.1)), (30, around(0.2))))
    assert said.startswith("Stay with No backbone: after 2 years children's wellbeing is worse in")
    assert "with Two posts, the best of the others, than with No backbone, on average −0." in said


def test_what_nothing_tells_apart_is_left_to_the_cheaper() -> None:
    even = [0.1, -0.1, 0.2, -0.15]
    said = answer_of(told((0, [0.0] * 4), (20, even)))
    assert said.startswith("Nothing tells Grants from No backbone, so take what costs less, No b")
    assert "cannot be told apart with 4 futures" in said
    said = answer_of(told((0, [0.0] * 4), (20, [9.0, 9.1, 9, 9]), (10, [9.0, 9.1, 9.1, 8.9])))
    assert said.startswith("Choose Grants or Two posts, whichever costs less, here Two posts:")
    assert "is better in 4 of 4 futures than with No backbone" in said


def test_next_comes_the_second_and_harm_is_told() -> None:
    text = Page(report(told((0, around(0.0)), (10, around(-0.4)), (20, around(0.9))))).text
    assert "Children end up worse off than in the ordinary world in" in text
    assert "Next comes" not in text  # all are compared with the second already
    text = Page(report(told((0, around(0.0)), (10, around(0.4)), (20, around(0.9))))).text
    assert "Next comes Grants; beside it the first is better in 40 of 40 futures" in text


# --- who pays


def test_every_figure_of_the_bill_is_on_a_payer_and_a_year_and_they_add_up() -> None:
    comparison = told((0, [0.0] * 4), (10, [1.0] * 4))
    page = Page(report(comparison, fte_cost=50_000))
    head, none, grants, *payers = [[c.strip() for c in row] for row in page.tables["bill"]]
    assert head == ["Year", "1", "2", "All"]
    assert none[1:] == ["–", "–", "–"]
    assert grants == ["Grants", "250", "250", "500"]
    sponsor = next(payer.name for payer in TOWN.payers if payer.kind == "sponsor")
    assert payers == [["foundation", "250", "–", "250"], [sponsor, "–", "250", "250"]]
    assert page.tables["bill-in-full"] == page.tables["bill"]


def test_the_bill_is_the_external_money_of_the_costs() -> None:
    both = compare([TOWN, BACKBONES], 4, workers=1, beliefs="fixed")
    page = Page(report(both, fte_cost=1_000_000))
    table = costs(both).set_index(["scenario", "item"])["mean"]
    for name in both.names:
        title = "Both backbones" if name == BACKBONES.name else "No backbone"
        row = next(r for r in page.tables["bill"] if r[0].strip().startswith(title))
        assert float(row[-1].replace(",", "").replace("–", "0")) == pytest.approx(
            1000 * table[name, "external"], abs=0.5
        )


def test_many_years_are_put_together_in_the_last_column() -> None:
    long = [one.with_(months=150) for one in (TOWN, BACKBONES)]
    page = Page(report(compare(long, 2, workers=1, outcomes=KEPT, beliefs="fixed")))
    head = [cell.strip() for cell in page.tables["bill"][0]]
    assert head == ["Year", *map(str, range(1, 11)), "11 to 13", "All"]


def test_where_the_world_has_a_start_years_are_those_of_the_calendar() -> None:
    world = TOWN.world.model_copy(update={"start": "2026-07"})
    dated = [one.with_(world=world) for one in (TOWN, BACKBONES)]
    page = Page(report(compare(dated, 2, workers=1, outcomes=KEPT, beliefs="fixed")))
    assert [cell.strip() for cell in page.tables["bill"][0][1:]] == ["2026", "2027", "2028", "All"]
    assert "children's wellbeing in July 2028" in page.text
    assert "after 2 years" not in page.text


# --- what it brings


def test_what_it_brings_is_told_beside_the_next_cheaper() -> None:
    comparison = told(
        (0, around(0.0)), (30, around(0.9)), (20, around(0.6)), (40, around(0.5))
    )  # fmt: skip
    rows = Page(report(comparison)).tables["worth"][1:]
    assert [row[0].split("  ")[0].strip() for row in rows] == [
        "No backbone", "Two posts", "Grants", "Three posts"
    ]  # fmt: skip
    step = next(one for one in ladder(comparison) if one.scenario == "b")
    assert f"+{step.each[0]:.2f}" in rows[2][3]
    assert "for 10.0 more than Two posts" in rows[2][3]
    assert "beaten: Grants costs no more and brings more" in rows[3][3]
    assert "the cheapest" in rows[0][3]


def test_the_robust_answer_stands_on_the_first_page() -> None:
    comparison = told((0, around(0.0)), (20, around(0.9)))
    html = report(comparison, uncertain=believed(comparison, {"a": 0.1, "b": 0.4}))
    first = Page(html.split('<nav aria-label="Contents">')[0] + "</main></body></html>")
    (head, none, some) = first.tables["worth"]
    assert [cell.strip() for cell in head[-2:]] == ["Best in", "Harms in"]
    assert some[-2].strip() == "100%"
    assert none[-2].strip() == "0%"
    assert "Over everything that may be believed (40 sampled worlds) Grants is best in" in (
        first.text
    )
    assert "does harm in 0%" in first.text
    assert "effort_half" in first.text


def test_without_it_one_line_says_how_to_get_it() -> None:
    page = Page(report(told((0, around(0.0)), (20, around(0.9)))))
    assert "was not asked: add --uncertain to the command." in page.text
    assert "Best in" not in " ".join(page.tables["worth"][0])


# --- what would turn it


def test_what_was_searched_for_its_turns_stands_on_the_first_page_with_a_chart() -> None:
    chosen = [TOWN, BACKBONES]
    both = compare(chosen, 4, workers=1, outcomes=KEPT, beliefs="fixed")
    found = threshold(
        chosen, "own_value", until_order_turns=True, low=1.0, high=50.0, replicates=4, points=4
    )
    html = report(both, turns=[found])
    first, rest = html.split('<nav aria-label="Contents">')
    said = found.sentences({TOWN.name: "No backbone", BACKBONES.name: "Both backbones"})
    assert unescape(Page(first + "</main></body></html>").text).count(" ".join(said[:-1])) == 1
    assert "Both backbones is best" in said[0]
    assert "Where the answer turns" in rest
    assert "was not searched for" not in html
    without = report(both)
    assert "add <code>--turns effort_half</code>, or another name" in without


# --- what else


def test_where_futures_believe_differently_what_decides_stands_on_the_first_page() -> None:
    beliefs = Beliefs()
    half = beliefs.values(np.arange(1, 201))[:, beliefs.names.index("effort_half")]
    plain = told((1.0, [0.0] * 200), (4.0, list(np.log(3.5 / half))))
    each = {
        name: replace(one, scenario=one.scenario.believing("plausible"))
        for name, one in plain.ensembles.items()
    }
    html = report(Comparison(each))
    said = " ".join(unescape(re.sub("<[^>]+>", "", html)).split())
    best = int((half < 3.5).sum())
    assert f"it is better than No backbone in {best} of 200 futures, and effort_half" in said
    assert "100% of futures in its lowest third, 0% in its highest" in said
    assert "200 of luck and belief, the same for every scenario" in said
    assert re.search(r"Over everything that may be believed Grants is best in \d+% \(\d+ to", said)
    turn = re.search(r"The order turns near pi [\d.]+ \(.*?\) and effort_half ([\d.]+) \(", said)
    assert turn is not None
    assert turn[1] == "3.5"
    assert "below, Grants is better in most futures, above, No backbone." in said
    assert "--uncertain" not in said
    assert said.count("What it depends on: effort_half") >= 1
    assert "was not run at other values of effort_half" not in said
    fixed = unescape(re.sub("<[^>]+>", "", report(plain)))
    assert "200 of luck alone, the same for every scenario" in " ".join(fixed.split())


def test_lasting_exclusions_are_told_in_words() -> None:
    text = Page(report(told((0, around(0.0)), (20, around(0.9))))).text
    assert re.search(
        r"It pays for all that it costs if it prevents at least [\d.]+ .*lasting", text
    )
    assert "one young person who stays outside study, work and society for life" in text
    worse = Page(report(told((0, around(0.9)), (20, around(0.1))))).text
    assert "it costs more, and children lose by it" in worse
    assert "one young person" not in worse


def test_the_gap_stands_on_the_first_page() -> None:
    rng = np.random.default_rng(1)
    html = report(told((0, around(0.0)), (20, around(0.9)), gap=list(-0.3 + rng.random(40) / 9)))
    first = Page(html.split('<nav aria-label="Contents">')[0] + "</main></body></html>").text
    assert "The gap: Between deprived and affluent communities it is wider: worse in 40" in first


def test_names_are_short_after_the_first_mention() -> None:
    one = BACKBONES.with_(title="Development workers in all regions, with four people behind them")
    page = Page(report(compare([TOWN, one], 2, workers=1, beliefs="fixed")))
    assert "below Development workers in…" in page.text
    assert page.tables["costs"][0][2].strip() == "Development workers in…"
    titles = {"a": "Two posts, paid by the county", "b": "Two posts, paid by the state", "c": "C"}
    chosen = {name: TOWN.with_(title=title) for name, title in titles.items()}
    assert short_of(titles, chosen) == titles  # both would be "Two posts"
    chosen["a"] = chosen["a"].model_copy(update={"short": "By the county"})
    assert short_of(titles, chosen)["a"] == "By the county"
    assert short_of(titles, chosen)["b"] == "Two posts"


def test_a_new_title_has_no_old_short_name() -> None:
    both = Scenario.load("national-and-regional")
    assert both.short == "Both backbones"
    assert both.with_(title="Something else").short == ""
    assert both.with_(months=12).short == "Both backbones"


def test_national_staff_is_what_this_place_gets() -> None:
    page = Page(report(compare([TOWN, BACKBONES], 2, workers=1, beliefs="fixed")))
    row = next(row for row in page.tables["differing"] if "national_fte" in row[0])
    assert "FTE that this place gets" in row[0]
    assert "five regions" not in row[0]
    assert float(row[2]) == pytest.approx(4 * TOWN.world.scale)
    assert TOWN.world.scale == pytest.approx(0.2)


def test_the_question_is_one_line_and_may_be_one_s_own() -> None:
    three = told((0, around(0.0)), (10, around(0.1)), (20, around(0.2)))
    assert (
        "Which of three choices leaves children best off after 2 years?" in Page(report(three)).text
    )
    own = Page(report(three, question="Does the county take over?"))
    assert own.text.startswith("Does the county take over? Does the county take over? Place:")


def test_a_comparison_at_other_values_has_the_same_first_page() -> None:
    both = compare([TOWN, BACKBONES], 6, workers=1, beliefs="fixed")
    halves = at_values(both, "effort_half", (P.effort_half, 3), 6, workers=1, outcomes=KEPT)
    assert "effort_half 3" in answer_of(both, halves)
