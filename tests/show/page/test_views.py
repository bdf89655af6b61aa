"""What the pages show, from finished futures."""

from __future__ import annotations

import io
import math
import re
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble, Failure
from cisim.lab.gains import gains
from cisim.lab.simulate import run_ensembles, simulate
from cisim.lab.value import Prices
from cisim.model.outcomes import FUNCTIONS, OUTCOMES
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.show import bill_in_tables, charts
from cisim.show.charts.frame import px
from cisim.show.documents.measured import read_rows
from cisim.show.language.spoken import speaking
from cisim.show.page import words
from cisim.show.page.address.actions import act
from cisim.show.page.address.events import described, kinds
from cisim.show.page.address.look import Look, compared_of, explored_of, plain_events, scenario_of
from cisim.show.page.futures import engine as futures
from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.engine import Engine, News
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.network import library as films
from cisim.show.page.outcomes import INSIDE, KEPT, SHOWN
from cisim.show.page.views import (
    about,
    communities,
    compare,
    explore,
    inside,
    less_generous,
    levers,
)
from cisim.show.page.views.bill import bill as bill_of
from cisim.show.page.views.costs import costs as costs_of
from cisim.show.page.views.outcome import reached
from cisim.show.page.views.pictures import (
    COMPARE,
    EXPLORE,
    USUAL,
    Sizes,
    file_name,
    shown_cell,
    sizes_of,
    tidy,
    with_cursor,
)
from cisim.show.page.views.verdict import verdict
from cisim.show.report import EFFORT_HALF
from cisim.world.events import EVENTS
from cisim.world.levers.components import COMPONENTS
from cisim.world.scenario import LEVERS, Scenario

TOWN = Look(view="explore", world="one-town", months=24)
END = replace(TOWN, month=24)


def run(look: Look, replicates: int = 12) -> list[Ensemble]:
    made = compared_or_one(look)
    return run_ensembles(
        made, replicates, 1, 1, outcomes=KEPT, by_region=True, each=("community",), yearly=False
    )


def compared_or_one(look: Look) -> list[Scenario]:
    return compared_of(look) if look.view == "compare" else explored_of(look)


@pytest.fixture(scope="module")
def town() -> list[Ensemble]:
    return run(TOWN)


@pytest.fixture(scope="module")
def three() -> list[Ensemble]:
    return run(replace(TOWN, view="compare"))


# --- declarations ----------------------------------------------------------------------------


def test_every_lever_and_every_uncertain_belief_has_a_control_with_evidence() -> None:
    panel = levers.board()
    names = [one["name"] for group in panel["levers"] for one in group["controls"]]
    roots = {name.split(".")[0] for name in names}
    assert roots == set(LEVERS) - set(levers.IN_FILES) - set(levers.LITTLE)
    beliefs = [one["name"] for group in panel["assumptions"] for one in group["controls"]]
    known = declarations(Parameters)
    assert beliefs == [name for name, one in known.items() if not one.constant] or set(beliefs) == {
        name for name, one in known.items() if not one.constant
    }
    for group in (*panel["levers"], *panel["assumptions"]):
        assert 1 <= len(group["controls"]) <= levers.MOST
        for one in group["controls"]:
            assert one["meaning"]
            assert one["evidence"]
            assert one["source"]


def test_what_moves_no_outcome_by_2_percent_is_told_as_tried_and_is_no_control() -> None:
    rows = read_rows(Path(__file__).parents[3] / "results" / "systems.csv")
    moves: dict[str, bool] = {}
    for row in rows:
        moves[row.lever] = moves.get(row.lever, False) or row.moves
    still = {name for name, one in moves.items() if not one}
    assert still == set(levers.LITTLE)
    names = {one["name"] for group in levers.board()["levers"] for one in group["controls"]}
    assert not still & names
    look = act(TOWN, {"do": "set", "name": "neutrality", "value": 0.1})  # an older address
    assert scenario_of(look).structure.neutrality == 0.1
    assert levers.values(look)["start"] == {"neutrality": "0.5"}


def test_a_changed_control_says_so() -> None:
    look = act(TOWN, {"do": "set", "name": "trust_memory", "value": 60})
    values = levers.values(look)
    assert values["start"] == {"trust_memory": "41.6"}
    assert values["of"]["trust_memory"] == 60
    assert set(values["of"]) == {
        one["name"]
        for groups in levers.board().values()
        for group in groups
        for one in group["controls"]
    }


def test_every_kind_of_event_is_offered_and_can_be_added() -> None:
    assert [one["kind"] for one in kinds()] == list(EVENTS)
    for kind in kinds():
        event: dict[str, Any] = {"kind": kind["kind"], "month": 3}
        event.update({field["name"]: field["default"] for field in kind["fields"]})
        look = act(TOWN, {"do": "add-event", "event": event})
        assert described(plain_events(scenario_of(look))[0])


ADDED = """
from typing import Annotated, Literal
from pydantic import Field
from cisim.world import events

class Conference(events.Dated):
    words = "Members take new heart."
    kind: Literal["conference"]
    share: events.Share
    new_heart: Annotated[float, Field(ge=0, le=1)] = 0.2
    mood: Literal["merry", "sober"]

from cisim.show.page.address.events import described, kinds
(kind,) = (one for one in kinds() if one["kind"] == "conference")
event = {field["name"]: field["default"] for field in kind["fields"]}
assert event == {"share": 0.0, "new_heart": 0.2, "mood": "merry"}, event
print(described({"kind": "conference", **event}))
"""


def test_a_kind_of_event_that_is_declared_is_offered_with_its_fields() -> None:
    run = subprocess.run([sys.executable, "-c", ADDED], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    words = "Conference (share concerned: 0, new heart: 0.2, mood: merry)"
    assert run.stdout.strip() == words


def test_every_outcome_that_is_kept_exists() -> None:
    from cisim.lab.value import NEEDED
    from cisim.show.report import KEPT as REPORTED

    assert set(KEPT) <= set(OUTCOMES)
    assert {*NEEDED, *REPORTED} <= set(KEPT)


def test_about_shows_every_number_with_its_source() -> None:
    rows = [row for group in about.view()["groups"] for row in group["rows"]]
    assert {row[0] for row in rows} == set(declarations(Parameters))
    assert all(row[4] for row in rows)
    assert len(about.view()["limits"]) >= 8


def test_no_text_is_empty() -> None:
    def all_of(part: Any) -> Any:
        for value in part.values():
            if isinstance(value, dict):
                yield from all_of(value)
            else:
                yield value

    assert all(all_of(words.texts()))


# --- pictures --------------------------------------------------------------------------------


def test_charts_are_as_large_as_a_browser_says_within_what_can_be_read() -> None:
    assert sizes_of([840, 260, 840, 840, 840]) == Sizes(840, 260, 840, 840, 840)
    assert sizes_of([10, -1, 0.5, 299.4, 1e300]) == Sizes(300, 190, 300, 300, 1500)
    for said in (None, "", {}, [], [540, 200, 370, 530], [540, 200, 370, 530, None],
                 [math.nan, 200, 370, 530, 670], [540, math.inf, 370, 530, 670]):  # fmt: skip
        assert sizes_of(said) == USUAL


def test_the_headline_counts_futures(town: list[Ensemble]) -> None:
    values = town[0].at("wellbeing_gain")
    goal = float(np.sort(values)[4])
    look = replace(END, goal=goal)
    assert explore.headline(look, town[0]) == "8 of 12 futures reach the goal"


def test_a_goal_for_what_should_be_low_is_reached_from_above() -> None:
    values = np.array([0.1, 0.2, np.nan, 0.3])
    assert reached(values, 0.2, "service_forgone") == 2
    assert reached(values, 0.2, "wellbeing_gain") == 2


def test_every_chart_tells_how_many_futures_it_is_of_and_how_many_failed(
    town: list[Ensemble], three: list[Ensemble]
) -> None:
    def without(one: Ensemble, replicate: int) -> Ensemble:
        left = one.replicates != replicate
        return replace(
            one, replicates=one.replicates[left], values=one.values[left],
            books=None if one.books is None else one.books[left],
            communities=None if one.communities is None else one.communities.some(left),
            failed=(Failure(one.name, replicate, 1 + replicate, "bad"),),
        )  # fmt: skip

    for chart in explore.picture(TOWN, town)["charts"]:
        assert "12 futures · seed 1" in chart["svg"]
    for chart in explore.picture(TOWN, [without(town[0], 3)])["charts"]:
        assert "11 futures, 1 failed · seed 1" in chart["svg"]
    look = replace(TOWN, view="compare")
    lame = [without(three[0], 3), without(three[1], 5), *three[2:]]
    shown = [*compare.picture(look, lame)["charts"], communities.tiles(look, lame)]
    for one in shown:
        assert one is not None
        assert "10 futures, 2 failed · seed 1" in one["svg"]


@pytest.mark.parametrize("outcome", SHOWN)
def test_every_outcome_has_a_picture_and_limits(town: list[Ensemble], outcome: str) -> None:
    look = replace(TOWN, outcome=outcome)
    shown = explore.picture(look, town)
    assert shown["headline"]
    assert [chart["heads"][0] for chart in shown["charts"]] == ["scenario"] * len(EXPLORE)
    assert explore.frame(look)["limits"]


def test_files_of_a_chart_say_what_they_are_made_from(town: list[Ensemble]) -> None:
    chart = explore.picture(TOWN, town)["charts"][0]
    head, first, *rest = chart["csv"]().splitlines()
    assert head.endswith("unit,replicates,seed,version,manifest_key")
    assert first.split(",")[-4:-2] == ["12", "1"]
    assert len(rest) == 24
    assert "12 futures" in chart["svg"]


def files(shown: dict[str, Any]) -> list[pd.DataFrame]:
    as_text = {"manifest_key": str}  # 12 digits of base 16, which may look like a number
    return [pd.read_csv(io.StringIO(one["csv"]()), dtype=as_text) for one in shown["charts"]]


def by_kind(shown: dict[str, Any]) -> dict[str, pd.DataFrame]:
    kinds = [chart["kind"] for chart in shown["charts"]]
    return dict(zip(kinds, files(shown), strict=True))


@pytest.mark.parametrize("outcome", ["wellbeing_gain", "member_share", "gap_primary"])
def test_each_row_of_a_file_says_of_what_it_is(three: list[Ensemble], outcome: str) -> None:
    look = replace(TOWN, outcome=outcome, region="Town", month=18)
    beside = replace(look, view="compare")
    mine = by_kind(explore.picture(look, three[:1]))
    both = by_kind(compare.picture(beside, three))
    for table in [*mine.values(), *both.values()]:
        assert list(table.columns) == [name.lower() for name in dict.fromkeys(table.columns)]
        assert all(name.isidentifier() for name in table.columns)
        said = {
            "outcome": outcome, "region": "Town", "unit": OUTCOMES[outcome].unit,
            "replicates": 12, "seed": 1, "version": cisim.__version__,
        }  # fmt: skip
        for name, value in said.items():
            assert set(table[name]) == {value}
        assert table["manifest_key"].str.len().eq(12).all()
        keys = ["scenario", "month"] if len(table) > 24 else ["scenario"]
        assert not table.duplicated(keys).any()
    course = mine["gap" if outcome == "gap_primary" else "paths"]
    dots, differences = mine["dots"], both["differences"]
    assert set(dots["month"]) == set(differences["month"]) == {18}
    values = three[0].at(outcome, 18, "Town")
    middle = np.nanmedian(values)
    assert dots["q50"].item() == pytest.approx(middle)
    assert course.set_index("month")["q50"][18] == pytest.approx(middle)
    apart = three[1].at(outcome, 18, "Town") - values
    assert differences["mean_difference"][0] == pytest.approx(np.nanmean(apart))
    assert differences["n"][0] == np.isfinite(apart).sum()


def test_a_title_that_a_spreadsheet_would_run_is_text(town: list[Ensemble]) -> None:
    for start in "=+-@":
        one = replace(town[0], scenario=town[0].scenario.with_(title=f"{start}1+1"))
        for table in files(explore.picture(TOWN, [one])):
            assert set(table["scenario"]) == {f"'{start}1+1"}


@pytest.mark.parametrize("outcome", ["wellbeing_gain", "gap_primary"])
def test_all_of_one_region_names_it(three: list[Ensemble], outcome: str) -> None:
    look = replace(END, outcome=outcome, region="Town", goal=0.0)
    beside = replace(look, view="compare")
    mine, both = explore.picture(look, three[:1]), compare.picture(beside, three)
    for chart in [*mine["charts"], *both["charts"]]:
        assert ", Town" in chart["title"]
        assert ", Town" in chart["summary"]
        assert "-town-" in chart["file"]
    assert " in Town of at " in mine["detail"][0]
    assert ", Town: " in explore.headline(replace(look, goal=None), three[0])
    assert " in Town after" in both["verdicts"][0][0]
    assert not any(" after" in one for one, _ in both["verdicts"][1:]), "it is said once"
    for shown in (
        explore.picture(replace(look, region="overall"), three[:1]),
        compare.picture(replace(beside, region="overall"), three),
    ):
        assert not any("Town" in chart["title"] or "town" in chart["file"].split("-")
                       for chart in shown["charts"])  # fmt: skip


def test_names_of_files_are_plain() -> None:
    assert file_name("mine", "gap_primary", "OmaHäme / Öst", "dots") == (
        "mine-gap-primary-omahame-ost-dots"
    )


def test_a_table_for_people_has_no_powers_of_ten(town: list[Ensemble]) -> None:
    tiny = replace(town[0], values=town[0].values * 1e-5 - 2e-5)
    for look in (TOWN, replace(TOWN, outcome="gap_primary")):
        for chart in explore.picture(look, [tiny])["charts"]:
            cells = [cell for row in chart["rows"] for cell in row[1:]]
            assert not any(re.search(r"\de|-|×", cell) for cell in cells)
            assert any(cell.startswith("−") for cell in cells)
            assert len(chart["heads"]) == len(chart["numeric"]) == len(chart["rows"][0])
            assert "unit" not in chart["heads"]
    assert shown_cell(-3.365e-05) == "−0.00003365"
    assert shown_cell(1234567.0) == "1234567"
    assert shown_cell(float("nan")) == "–"


def test_the_cursor_stands_at_its_month(town: list[Ensemble]) -> None:
    table = tidy(town, "wellbeing_gain", "overall")
    chart = charts.course(table, "wellbeing_gain")
    first, last = (with_cursor(chart, month, "here") for month in (0, 24))
    assert first != last
    assert first.count('<g class="month-cursor" data-month="0">') == 1
    assert chart.time is not None
    for svg, x in ((first, chart.time.left), (last, chart.time.right)):
        assert f"M{px(x)} {px(chart.time.top)}L{px(x)} {px(chart.time.bottom)}" in svg
    ends = charts.dots(table, "wellbeing_gain")
    assert with_cursor(ends, 1, "here") == ends.svg


def test_a_branch_is_the_same_run_until_its_month() -> None:
    event = {"kind": "turnover-wave", "month": 12, "share": 1.0}
    base, branch = run(act(TOWN, {"do": "branch", "event": event}), 3)
    assert np.array_equal(base.values[:, :13], branch.values[:, :13], equal_nan=True)
    assert not np.array_equal(base.values[:, 13:], branch.values[:, 13:], equal_nan=True)


@pytest.mark.parametrize(
    ("scenario", "nothing"), [("missing-sponsor", True), ("integrated-sponsors", False)]
)
def test_an_event_that_changes_nothing_says_why(scenario: str, nothing: bool) -> None:
    look = replace(TOWN, scenario=scenario, month=24)
    look = act(look, {"do": "branch", "event": {"kind": "sponsor-leaves", "month": 12}})
    base, branch = run(look, 3)
    said = explore.against(look, branch, base)
    assert ("changes nothing in any of 3 futures: those whom" in said) == nothing
    assert said.startswith("With the branch") != nothing


def test_how_sure_shows_the_less_generous_values(town: list[Ensemble]) -> None:
    here, look = scenario_of(TOWN), replace(END, goal=0.1)
    wanted = less_generous.less_generous([here])
    assert [one.parameters.effort_half for one in wanted] == [1.0, 3.0]
    table = less_generous.alone(look, here, town[0], [])
    assert table is not None
    assert table["doubt"] == ""
    assert [row[1] for row in table["rows"][1:]] == ["still running"] * 2
    whole = less_generous.alone(look, here, town[0], [simulated(one) for one in wanted])
    assert whole is not None
    assert whole["rows"][0] == table["rows"][0]
    assert not any("still running" in row for row in whole["rows"])
    assert whole["rows"][2][1].split(" ")[0] in whole["doubt"]
    at_first = less_generous.alone(TOWN, here, town[0], [simulated(one) for one in wanted])
    assert at_first is not None
    assert at_first["doubt"] == "", "in month 0 nothing has happened"
    assert all(row[2].endswith("of 6") for row in whole["rows"][1:])
    assert less_generous.alone(replace(TOWN, outcome="trust_eligible"), here, town[0], []) is None


def simulated(scenario: Scenario) -> Ensemble:
    return simulate(scenario, 6, 1, outcomes=KEPT, by_region=True)


@pytest.fixture(scope="module")
def less(three: list[Ensemble]) -> list[Ensemble]:
    wanted = less_generous.less_generous([one.scenario for one in three])
    return [simulate(one, 8, 1, outcomes=KEPT, by_region=True) for one in wanted]


def test_compare_shows_differences_at_less_generous_values_too(
    three: list[Ensemble], less: list[Ensemble]
) -> None:
    look, scenarios = replace(TOWN, view="compare"), [one.scenario for one in three]
    early = less_generous.beside(look, scenarios, [], [])
    assert early is not None
    assert {cell for row in early["rows"] for cell in row[1:]} == {"still running"}
    halted = less_generous.beside(look, scenarios, three, [], halted=True)
    assert halted is not None
    assert [row[1] for row in halted["rows"][1:]] == ["not run"] * 2
    table = less_generous.beside(look, scenarios, three, less)
    assert table is not None
    assert table["heads"][1:] == ["National and regional backbones", "Missing sponsor"]
    assert [row[0].split()[0] for row in table["rows"]] == ["0.61", "1", "3"]
    assert "first 8 futures" in table["foot"]
    paired = Comparison({one.name: one for one in less[:3]}).paired("wellbeing_gain")
    said = [verdict(row, look.outcome, brief=True) for row in paired.to_dict("records")]
    assert table["rows"][1][1:] == said
    month = less_generous.beside(
        replace(look, month=0, outcome="gap_primary"), scenarios, three, less
    )
    assert month is not None
    assert len(month["rows"]) == 3


def test_how_sure_is_silent_where_there_is_nothing_to_say(
    three: list[Ensemble], less: list[Ensemble]
) -> None:
    look, scenarios = replace(TOWN, view="compare"), [one.scenario for one in three]
    assert less_generous.beside(look, scenarios[:1], three[:1], less) is None
    assert (
        less_generous.beside(replace(look, outcome="trust_eligible"), scenarios, three, less)
        is None
    )
    empty = [replace(one, values=np.full_like(one.values, np.nan)) for one in (*three, *less)]
    table = less_generous.beside(look, scenarios, empty[:3], empty[3:])
    assert table is not None
    assert {cell for row in table["rows"] for cell in row[1:]} == {"not defined here in this month"}


def test_scenarios_that_differ_in_the_number_itself_stay_as_they_are(
    three: list[Ensemble],
) -> None:
    scenarios = [three[0].scenario, three[1].scenario.set({"effort_half": 1.0})]
    wanted = less_generous.less_generous(scenarios)
    assert [one.parameters.effort_half for one in wanted] == [1.0, 1.0, 3.0, 3.0]
    table = less_generous.beside(replace(TOWN, view="compare"), scenarios, [], [])
    assert table is not None
    assert [row[0].split()[0] for row in table["rows"]] == ["As", "1", "3"]
    ones = [one.set({"effort_half": 1.0}) for one in scenarios]
    assert [one.parameters.effort_half for one in less_generous.less_generous(ones)] == [3.0, 3.0]


def test_the_report_of_the_page_has_the_values_of_the_command_line(
    three: list[Ensemble], less: list[Ensemble]
) -> None:
    found = less_generous.with_own(three, less, EFFORT_HALF)
    assert list(found) == [*EFFORT_HALF]
    look = replace(TOWN, view="compare")
    page = compare.report_page(look, three, Prices(), found)
    assert "was not run" not in page
    assert "1 of 6 by deprivation" in page
    heads = page.partition('<table id="effort-half">')[2].partition("</thead>")[0].split("<th ")[2:]
    for head, value, count in zip(heads, ("0.61", "1", "3"), (12, 8, 8), strict=True):
        assert f"effort_half {value}" in head
        assert f"{count} futures" in head


def test_compare_shows_verdicts_and_only_what_differs(three: list[Ensemble]) -> None:
    look = replace(TOWN, view="compare")
    shown = compare.picture(look, three)
    assert len(shown["verdicts"]) == 2
    frame = compare.frame(look)
    assert [row[0].split(" (")[0] for row in frame["differs"]["rows"]] == [
        "National staff",
        "Regional backbones",
        "Link of sponsors to the backbone",
        "Post that sponsors pay, at most",
    ]
    costs = costs_of(look, three, Prices())
    assert len(costs["rows"]) == 3
    assert all(len(row) == len(costs["heads"]) for row in costs["rows"])


def test_whose_money_is_given_is_said_by_that_scenarios_title() -> None:
    look = replace(TOWN, view="compare", compared=("no-backbone", "same-total"))
    rows = {row[0]: row[1:] for row in compare.frame(look)["differs"]["rows"]}
    assert rows["Same money as"] == ["–", "National and regional backbones"]


def test_what_pays_follows_from_the_costs_on_the_screen(three: list[Ensemble]) -> None:
    prices = Prices()
    costs = costs_of(replace(TOWN, view="compare"), three, prices)
    assert costs["heads"][4].startswith("Both together")
    money = [[float(cell.split()[0]) for cell in row[1:5]] for row in costs["rows"]]
    for external, sponsors, own, together in money:
        assert external + own == pytest.approx(together, abs=0.011)
        assert sponsors <= external
    pays = [float(row[6].split()[0]) for row in costs["rows"][1:]]
    for row, said in zip(money[1:], pays, strict=True):
        by_hand = (row[3] - money[0][3]) * 1e6 / prices.exclusion
        assert said == pytest.approx(by_hand, abs=0.06)
    assert money[0][0] == money[0][1]
    assert [note for note in costs["notes"] if note.startswith("Nobody is employed in No backb")]


def cells(row: list[str]) -> list[float]:
    return [0.0 if cell == "–" else float(cell.replace(",", "")) for cell in row[1:]]


MANY = {
    "payers": [
        {"name": f"payer {number}", "kind": "municipality", "year_price": 1000.0 * number}
        for number in range(1, 11)
    ],
    "posts": [
        {"where": "national", "fte": 0.3, "payer": f"payer {number}"} for number in range(1, 11)
    ],
}


@pytest.mark.parametrize("dated", [False, True])
def test_who_pays_adds_up_to_all_external_money(dated: bool) -> None:
    """Nobody, one payer, ten of them, equal money, and what one has changed oneself."""
    look = replace(TOWN, view="compare", settings=(("sponsor_link", 0.0),))
    named = ("no-backbone", "national-and-regional", "same-total", "mine")
    scenarios = compared_of(replace(look, compared=named))
    ten = scenarios[0].with_(name="ten", title="Ten payers", structure_changes=MANY)
    scenarios = [*scenarios, ten]
    if dated:
        world = ten.world.model_copy(update={"start": "2026-09"})
        scenarios = [one.with_(world=world) for one in scenarios]
    made = [simulate(one, 6, 1, outcomes=KEPT, by_region=True) for one in scenarios]
    shown = bill_of(look, made, Prices(fte_cost=50_000.0))
    labels = ["2026", "2027", "2028"] if dated else ["year 1", "year 2"]
    filed = pd.read_csv(io.StringIO(shown["chart"]["csv"]))
    printed = bill_in_tables.together(Comparison({one.name: one for one in made}).bill(50_000.0))
    for one, there in zip(made, shown["scenarios"], strict=True):
        years, money = there["years"], there["money"]
        assert years["heads"] == [*labels, "All years"]
        total = float(one.at("external_money_total").mean())
        summed = np.sum([cells(row) for row in years["paid"]], axis=0) if years["paid"] else 0.0
        assert np.allclose(summed, cells(years["total"]), atol=1e-9)
        rounded = 0.005 * len(labels) * max(len(years["paid"]), 1)
        assert cells(years["total"])[-1] == pytest.approx(total, abs=rounded)
        mine = filed[filed["scenario"] == there["title"]]
        assert mine.loc[mine["external"], "fte_years"].sum() == pytest.approx(total, rel=1e-12)
        assert years["own"] == money["own"]
        table = bill_in_tables.bill_table(printed, one.name)
        assert [row[0] for row in years["paid"]] == [payer for payer, _ in table.paid]
        assert cells(years["total"]) == table.total
    last = shown["scenarios"][-1]
    rows = last["money"]["paid"]
    assert [row[0] for row in rows] == [*(f"Payer {n}" for n in range(1, 11)), "Sponsors"]
    for number, row in enumerate(rows[:10], 1):
        assert cells(row)[-1] == pytest.approx(0.3 * 2 * number, abs=0.2)


def test_where_nobody_pays_anything_the_bill_says_so(three: list[Ensemble]) -> None:
    assert three[0].books is not None
    none = [replace(one, books=np.zeros_like(one.books)) for one in three]
    shown = bill_of(replace(TOWN, view="compare"), none, Prices())
    assert shown["chart"] is None
    assert not any(one[kind]["paid"] for one in shown["scenarios"] for kind in ("years", "money"))


def test_the_tiles_are_those_of_compare_by_community(three: list[Ensemble]) -> None:
    look = replace(TOWN, view="compare", outcome="trust_eligible", region="One town")
    told = communities.told(three)
    assert told["there"]
    assert "after 2 years, against No backbone" in told["words"]
    chart = communities.tiles(look, three, 640)
    found = gains(Comparison({one.name: one for one in three}))
    assert len(found) == 2 * 6
    filed = pd.read_csv(io.StringIO(chart["csv"]))
    assert chart["file"].startswith("compare-communities-")
    for column in ("community", "gains", "loses"):
        assert filed[column].tolist() == found[column].tolist()
    for column in ("children", "deprivation", "mean", "low", "high"):
        assert np.allclose(filed[column], found[column], rtol=1e-12)
    assert filed["scenario"].unique().tolist() == [one.scenario.title for one in three[1:]]
    assert set(filed["against"]) == {"No backbone"}
    assert "12 futures" in chart["svg"]
    assert "axis" not in chart


def test_where_there_are_too_many_communities_it_is_said(three: list[Ensemble]) -> None:
    none = [replace(one, communities=None) for one in three]
    told = communities.told(none)
    assert not told["there"]
    assert "This world has 6 communities" in told["words"]
    assert "1,000" in told["words"]


def test_each_chart_says_its_summary_in_each_language(three: list[Ensemble]) -> None:
    look = replace(END, view="compare")
    months = range(0, 25, 12)
    made = run_ensembles(
        compared_of(look), 3, 1, 1, outcomes=INSIDE.outcomes, by_region=True, at=months
    )

    def summaries() -> dict[str, str]:
        alone = explore.picture(replace(END, goal=0.1), three[:1])["charts"]
        beside = compare.picture(look, three)["charts"]
        built = inside.picture(look, made, compare.titles(compared_of(look)))["charts"]
        costs = [bill_of(look, three, Prices())["chart"], communities.tiles(look, three)]
        return {one["name"]: one["summary"] for one in (*alone, *beside, *built, *costs)}

    english = summaries()
    drawn = {draw.__name__ for draw in (*EXPLORE, *COMPARE)}
    assert len(english) == len(EXPLORE) + len(COMPARE) + len(inside.KINDS) + 2 > len(drawn)
    for code in ("fi", "sv"):
        with speaking(code):
            said = summaries()
        assert said.keys() == english.keys()
        assert [name for name in said if not said[name] or said[name] == english[name]] == []
        words = {name: set(re.findall(r"[a-z]{4,}", one)) for name, one in said.items()}
        left = {"better", "futures", "after", "where", "nobody", "highest", "each"}
        assert [name for name, those in words.items() if those & left] == []


def test_components_and_functions_are_those_of_the_region_that_is_looked_at() -> None:
    look = replace(TOWN, view="compare", world="finland", months=24)
    scenarios = compared_of(look)
    look = replace(look, region=scenarios[0].world.regions[1].name)
    made = run_ensembles(
        scenarios, 3, 1, 1, outcomes=INSIDE.outcomes, by_region=True, at=range(0, 25, 12)
    )
    names = compare.titles(scenarios)
    shown = inside.picture(look, made, names, 480)
    profile, functions, keepers = shown["charts"]
    assert [one["kind"] for one in shown["charts"]] == ["profile", "functions", "keepers"]
    assert "after 2 years" in keepers["summary"]
    assert "After 2 years" in keepers["svg"]
    earlier = inside.picture(replace(look, month=13), made, names, 480)["charts"]
    assert "after 1 year" in earlier[2]["summary"]
    assert "After 1 year" in earlier[2]["svg"]
    assert earlier[0]["csv"] == profile["csv"]
    assert look.region in profile["title"]
    where = made[0].regions.index(look.region)
    filed = pd.read_csv(io.StringIO(profile["csv"]))
    assert set(filed["region"]) == {look.region}
    assert set(filed["year"]) == {0, 1, 2}
    here = filed[(filed["scenario"] == names[made[1].name]) & (filed["year"] == 2)]
    levels = dict(zip(here["component"], here["level"], strict=True))
    for name, one in COMPONENTS.items():
        values = made[1].values[:, 2, where, made[1].outcomes.index(one.outcome)]
        assert levels[name] == pytest.approx(values.mean(), rel=1e-12)
    told = pd.read_csv(io.StringIO(functions["csv"]))
    assert set(told["function"]) == set(FUNCTIONS)
    assert profile["file"] != functions["file"]
    assert "3 futures" in profile["svg"]
    overall = inside.picture(replace(look, region=OVERALL), made, names, 480)["charts"][0]
    assert overall["title"] == "How far each of the seven components is there"
    assert overall["csv"] != profile["csv"]


def test_a_verdict_never_says_more_than_the_interval() -> None:
    row = {
        "n": 20, "equal": 0, "distinct": False, "mean": 1.0, "low": -1.0, "high": 3.0, "better": 12,
    }  # fmt: skip
    assert "cannot be told apart" in verdict(row, "wellbeing_gain")
    assert "few" in verdict({**row, "n": 3}, "wellbeing_gain")
    assert verdict(row, "gap_primary").startswith("cannot")
    assert "the same" in verdict({**row, "equal": 20}, "wellbeing_gain")
    better = {**row, "distinct": True, "low": 0.5}
    assert verdict(better, "wellbeing_gain").startswith("came out better in 12 of 20")
    assert verdict(better, "service_forgone").startswith("came out worse")


@pytest.mark.parametrize(
    ("mean", "low", "high", "written"),
    [
        (0.15, 0.1492, 0.1508, "+0.150 points of 100 (+0.149 to +0.151)"),
        (0.148, 0.146, 0.15, "+0.148 points of 100 (+0.146 to +0.150)"),
        (-0.15, -0.1502, -0.1498, "−0.1500 points of 100 (−0.1502 to −0.1498)"),
        (2e-5, 1e-5, 3e-5, "+0.000020 points of 100 (+0.000010 to +0.000030)"),
        (123.4, 121.0, 125.8, "+123 points of 100 (+121 to +126)"),
    ],
)
def test_an_interval_in_a_verdict_never_looks_like_a_point(
    mean: float, low: float, high: float, written: str
) -> None:
    row = {
        "n": 20, "equal": 0, "distinct": True, "mean": mean, "low": low, "high": high, "better": 9,
    }  # fmt: skip
    assert written in verdict(row, "wellbeing_gain")


def test_where_it_is_not_defined_is_said(town: list[Ensemble]) -> None:
    values = town[0].values.copy()
    values[:5, :, :, town[0].outcomes.index(TOWN.outcome)] = np.nan
    said = explore.detail(TOWN, replace(town[0], values=values))
    assert sum(one.startswith("In 5 of 12 futures it is not defined") for one in said) == 1
    assert not any("not defined" in one for one in explore.detail(TOWN, town[0]))
    values[..., town[0].outcomes.index(TOWN.outcome)] = np.nan
    (said_of_all,) = explore.detail(TOWN, replace(town[0], values=values))
    assert said_of_all.startswith("In 12 of 12 futures")


# --- futures ---------------------------------------------------------------------------------


def heard(engine: Engine, look: Look, asked: int) -> list[News]:
    done, found = threading.Event(), []

    def tell(news: News) -> None:
        found.append(news)
        if news.finished:
            done.set()

    engine.ask(explored_of(look), look.seed, asked, tell)
    assert done.wait(60)
    return found


@pytest.fixture(scope="module")
def engine() -> Any:
    made = Engine()
    made._workers = 1
    yield made
    made.close()


def test_a_picture_sharpens_to_the_same_bits_as_one_run(engine: Engine) -> None:
    look = replace(TOWN, months=12, seed=5)
    steps = heard(engine, look, 40)
    assert [news.done for news in steps] == [futures.FIRST, 40]
    whole = simulate(explored_of(look)[0], 40, 1, 5, outcomes=KEPT, by_region=True)
    found = steps[-1].ensembles[0]
    assert np.array_equal(found.values, whole.values, equal_nan=True)
    assert np.array_equal(found.seeds, whole.seeds)
    assert [news.done for news in heard(engine, look, 40)] == [40]
    assert futures.first(found, 20).asked == 20


@pytest.mark.usefixtures("no_run")
def test_what_cannot_be_run_is_told_in_a_sentence(engine: Engine) -> None:
    (news,) = heard(engine, replace(TOWN, seed=77), 20)
    assert news.finished
    assert "too much" in news.error


def test_a_cancelled_ticket_is_heard_no_more(engine: Engine) -> None:
    found: list[News] = []
    ticket = engine.ask(explored_of(replace(TOWN, seed=78)), 78, 200, found.append)
    ticket.cancel()
    heard(engine, replace(TOWN, months=12, seed=5), 20)
    assert not any(news.finished for news in found)


def test_names_and_titles_do_not_decide_futures_but_levers_do() -> None:
    one = scenario_of(TOWN)
    key = cache_key(one, 1)
    assert cache_key(one.with_(title="other", name="other"), 1) == key
    assert cache_key(one, 2) != key
    assert cache_key(one.set({"national_fte": 9.0}), 1) != key


def test_steps_begin_quick_and_end_with_what_is_asked() -> None:
    for organisations in (30, 370):
        steps = [0]
        while steps[-1] < futures.FULL:
            steps.append(futures.next_step(steps[-1], futures.FULL, organisations))
        assert steps[1] == futures.FIRST
        assert steps[-1] == futures.FULL


def test_a_preset_comes_back_as_it_was(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, town: list[Ensemble]
) -> None:
    monkeypatch.setattr(first_pictures, "folder", lambda: tmp_path)
    whole = replace(town[0], asked=first_pictures.FUTURES)
    first_pictures.store("key", whole)
    again = first_pictures.load("key", town[0].scenario)
    assert again is not None
    assert np.array_equal(again.values, town[0].values, equal_nan=True)
    assert again.communities is not None
    assert town[0].communities is not None
    assert np.array_equal(again.communities.values, town[0].communities.values)
    for name in ("of", "outcomes", "names", "regions"):
        assert getattr(again.communities, name) == getattr(town[0].communities, name)
    first_pictures.store("key", replace(whole, communities=None))  # as an older version did
    assert first_pictures.load("key", town[0].scenario) is None
    (tmp_path / "key.npz").write_bytes(b"damaged")
    assert first_pictures.load("key", town[0].scenario) is None


def test_a_film_is_made_once() -> None:
    one = scenario_of(TOWN)
    assert films.film_of(one, 1) is films.film_of(one, 1)
