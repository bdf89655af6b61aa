"""The report: one file that can be read alone, says what its tables say, and loads nothing."""

from __future__ import annotations

import itertools
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from html_page import Page

import cisim
from cisim.lab.compare import at_values, compare
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import Ensemble
from cisim.lab.levels import value_levels
from cisim.lab.value import ITEMS
from cisim.model.input_error import InputError
from cisim.model.literature import SOURCES
from cisim.model.outcomes import OUTCOMES, OWN_TIME
from cisim.show.findings import digits, money, outcome_effect, rounded
from cisim.show.limits import limits
from cisim.show.report import (
    EFFORT_HALF,
    KEPT,
    check_report,
    network_charts,
    report,
    write_report,
)
from cisim.world.scenario import Scenario

TOWN = Scenario.load("no-backbone", world="one-town", months=24)
BACKBONES = Scenario.load("national-and-regional", world="one-town", months=24)
GOALS = {"wellbeing_gain": 0.0, "trust_eligible": 0.5}
NASTY = "<script>alert('1')</script> & \"quotes\" {{ 7 * 7 }} {0} %s */"


def runs(*scenarios: Scenario, futures: int = 24) -> Comparison:
    return compare(scenarios, futures, workers=1, beliefs="fixed")


@pytest.fixture(scope="module")
def both() -> Comparison:
    return runs(TOWN, BACKBONES)


@pytest.fixture(scope="module")
def halves(both: Comparison) -> dict[float, Comparison]:
    return at_values(both, "effort_half", EFFORT_HALF, 6, workers=1, outcomes=KEPT)


@pytest.fixture(scope="module")
def html(both: Comparison, halves: dict[float, Comparison]) -> str:
    return report(both, goals=GOALS, effort_half=halves, networks=network_charts(both))


@pytest.fixture(scope="module")
def told(html: str) -> Page:
    return Page(html)


def made_up(values: dict[str, list[float]], outcome: str = "wellbeing_gain") -> Comparison:
    """Return a comparison in which one outcome is as given at the end and the others are 0."""
    ensembles = {}
    for name, ends in values.items():
        cube = np.zeros((len(ends), 25, 1, len(OUTCOMES)))
        cube[:, -1, 0, list(OUTCOMES).index(outcome)] = ends
        ensembles[name] = Ensemble(
            scenario=TOWN.with_(name=name, title=name.title()),
            outcomes=tuple(OUTCOMES),
            months=np.arange(25),
            regions=("overall",),
            first_seed=1,
            replicates=np.arange(len(ends)),
            values=cube,
            asked=len(ends),
            books=np.zeros((len(ends), 2, 1, len(TOWN.payers) + len(OWN_TIME))),
        )
    return Comparison(ensembles)


# --- it is a page that stands alone


def test_it_is_whole_html_with_one_heading_and_unique_ids(told: Page) -> None:
    assert told.wrong == []
    assert told.open == []
    tags = [tag for tag, _ in told.elements]
    assert tags.count("h1") == tags.count("main") == 1
    assert told.elements[0] == ("html", {"lang": "en"})
    ids = [given["id"] for _, given in told.elements if "id" in given]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_nothing_is_loaded_from_anywhere(html: str, told: Page) -> None:
    for tag, given in told.elements:
        for name in ("src", "srcset", "data", "action", "poster", "background", "ping"):
            assert name not in given, (tag, name)
        assert given.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in given)
    assert "url(" not in html
    assert "@import" not in html
    places = set(re.findall(r"\w+://[^\s\"'<>]+", html))
    assert places == {"http://www.w3.org/2000/svg"}  # a name, not a place
    policy = next(g for t, g in told.elements if g.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"].startswith("default-src 'none'")
    scripts = [given for tag, given in told.elements if tag == "script"]
    assert [given["type"] for given in scripts] == ["application/json"]


def test_every_link_leads_somewhere_and_every_chart_says_what_it_shows(told: Page) -> None:
    ids = {given["id"] for _, given in told.elements if "id" in given}
    links = [given["href"][1:] for tag, given in told.elements if tag == "a"]
    assert links
    assert set(links) <= ids
    for name in ("aria-labelledby", "aria-describedby"):
        for _, given in told.elements:
            assert set(given.get(name, "").split()) <= ids
    charts = [given for tag, given in told.elements if tag == "svg"]
    assert all("aria-labelledby" in g or g.get("aria-hidden") == "true" for g in charts)
    assert sum(tag == "figure" for tag, _ in told.elements) == sum(
        tag == "details" for tag, _ in told.elements
    )


def test_every_table_has_heads_for_columns_and_rows(told: Page) -> None:
    scopes = [given.get("scope") for tag, given in told.elements if tag == "th"]
    assert set(scopes) <= {"col", "row", "rowgroup"}
    for rows in told.tables.values():
        assert all(row for row in rows)


def test_the_same_comparison_gives_the_same_bytes(
    both: Comparison, halves: dict[float, Comparison], html: str
) -> None:
    again = report(both, goals=GOALS, effort_half=halves, networks=network_charts(both))
    assert again == html


def test_the_answer_comes_first_and_then_what_it_rests_on(told: Page) -> None:
    assert told.headings == [
        "Who pays what in which year",
        "What each brings for its money",
        "What would turn it, and what else to know",
        "What is compared",
        "What follows",
        "What it costs",
        "What it hangs on",
        "What this cannot say",
        "Appendix: all outcomes",
        "Appendix: every payer, year by year",
        "Appendix: where it breaks even",
        "Appendix: more charts",
        "Appendix: what is assumed, and on what evidence",
        "Appendix: how to run it again",
    ]


# --- what it says


def test_only_what_differs_is_listed(both: Comparison, told: Page) -> None:
    table = next(rows for rows in told.tables.values() if rows and rows[0][0].strip() == "What")
    text = " ".join(" ".join(row) for row in table)
    assert "national_fte" in text
    assert "Whether regions have a backbone" in text
    assert "sponsor_link" not in text
    assert "trust_memory" not in text


def test_a_changed_belief_is_listed_with_its_evidence() -> None:
    other = TOWN.with_(name="faithful", title="Faithful", parameters={"trust_memory": 100})
    alike = [one.set({"recruit_rate": 0.1, "seed_end": 12}) for one in (TOWN, other)]
    page = Page(report(runs(*alike, futures=2)))
    table = page.tables["assumptions"]
    rows = {row[0].split()[0]: row for row in table}
    assert rows["trust_memory"][1].strip() == "41.6 or 100 (default 41.6)"
    assert rows["recruit_rate"][1].strip() == "0.1 (default 0.0522)"
    assert "seed_end = 12; recruit_rate = 0.1" in page.text
    assert {"own_value", "effort_half", "wb_max", "solo_quality", "lead_share"} <= set(rows)


def test_a_number_in_a_sentence_is_the_table_s(both: Comparison, told: Page) -> None:
    effects = {row[0].split("Unit")[0]: row for row in told.tables["effects"] if len(row) == 3}
    wellbeing = r"children's wellbeing is (.*?) than with No backbone, on average "
    gap = r"(?:wider|narrower): (.*?), on average "
    for title, pattern in (("Children's wellbeing", wellbeing), ("Gap between", gap)):
        pattern += r"(\S+) points of 100 \((\S+) to (\S+)\)"
        (row,) = (row for name, row in effects.items() if name.strip().startswith(title))
        found = re.search(pattern, told.text)
        if found is None:
            assert "cannot be told apart" in row[2]
            continue
        count, apart, low, high = found.groups()
        assert row[2].split() == f"mean {row[2].split()[1]} {apart} {low} to {high} {count}".split()
    costs = {row[0].strip(): row for row in told.tables["costs"][1:]}
    said = re.search(r"it takes (\S+) FTE-years (more|less) of external money", told.text)
    assert said is not None
    sign = {"more": "+", "less": "−"}[said[2]]
    assert f"difference {sign}{said[1]}" in costs[ITEMS["external"]][2]
    rows = {row[0].strip(): row[1].strip() for row in told.tables["break-even"][1:]}
    needed = re.search(r"prevents at least (.*?) lasting exclusions among", told.text)
    if needed is not None:
        (cell,) = (text for name, text in rows.items() if name.startswith("Lasting exclusions to"))
        assert needed[1] == cell
    worth = re.search(r"is worth (?:less|more) than (.*?\)) points", told.text)
    if worth is not None:
        (cell,) = (text for name, text in rows.items() if name.startswith("Worth of own"))
        assert cell.endswith(worth[1])


def test_numbers_are_those_of_the_comparison(both: Comparison, told: Page) -> None:
    (pair,) = both.paired("wellbeing_gain").to_dict("records")
    cell = outcome_effect(both, "wellbeing_gain").cells[BACKBONES.name]
    shown = float(cell.apart.replace("−", "-"))
    assert shown == pytest.approx(pair["mean"], abs=0.5 * 10.0 ** -len(cell.apart.split(".")[1]))
    assert cell.apart in told.text
    assert f"of {pair['n']} futures" in cell.count


def test_value_on_three_levels_is_that_of_the_lab(both: Comparison, told: Page) -> None:
    rows = [[cell.strip() for cell in row] for row in told.tables["three-levels"]]
    heads = ["Children: gains", "Children: forgoes", "Partners: gains", "Partners: forgoes",
             "Society: gains", "Society: forgoes"]  # fmt: skip
    assert [row[0] for row in rows if len(row) == 1] == heads
    lines = [row for row in rows[1:] if len(row) == 2]
    found = value_levels(both).to_dict("records")
    assert len(lines) == len(found)
    for line, row in zip(lines, found, strict=True):
        assert line[0].lower().startswith(row["words"].lower())
        assert row["unit"] in line[0]
        mean, low, _, high = line[1].replace("−", "-").replace(",", "").split()
        assert float(mean) == pytest.approx(row["mean"], abs=0.006 + 0.001 * abs(row["mean"]))
        assert float(low) <= float(mean) <= float(high)


def test_where_futures_believe_no_one_value_is_said_to_be_assumed(
    told: Page, halves: dict[float, Comparison]
) -> None:
    some = compare([TOWN, BACKBONES], 24, workers=1, beliefs="plausible")
    page = Page(report(some, effort_half=halves))
    middle = "0.619 was assumed, and nobody has measured it."
    assert middle in told.text
    assert middle not in page.text
    names = ("own_value", "effort_half", "wb_max")
    own, half, most = (some.ensembles["no-backbone"].parameter(name) for name in names)
    low, high = np.quantile(own, (0.05, 0.95))
    believed = f"Nine in ten of these futures believe {low:.2g} to {high:.2g}"
    assert f"{believed}, and nobody has measured it." in page.text
    least, largest = np.quantile(own * half / most, (0.05, 0.95))
    assert f"believe {least:.2g} to {largest:.2g}; at the defaults it is 0.619 ×" in page.text
    assert "wb_max = 0.619 ×" not in page.text
    used = {row[0].split()[0]: row[1].strip() for row in page.tables["assumptions"][1:]}
    assert used["own_value"] == f"{low:.3g} to {high:.3g} in nine of ten futures"
    at_least, at_most = np.quantile(half, (0.05, 0.95))
    assert f"{at_least:.2g} to {at_most:.2g} FTE for 1,000 children in nine in ten" in page.text
    here = "0.61 FTE for 1,000 children here"
    assert here in told.text
    assert here not in page.text
    for name, values in (("effort_half", half), ("own_value", own)):
        assert f"--set {name}={2 * np.median(values):.2g}" in page.text
    assert page.text.count("twice the median") == 2
    assert "Joint work takes twice the time:" not in page.text


def test_goals_are_counted_in_frequencies(both: Comparison, told: Page) -> None:
    ends = both.ensembles[BACKBONES.name].at("trust_eligible")
    reached = int((ends >= 0.5).sum())
    assert f"{reached} of 24 futures with Both backbones" in told.text
    assert "Trust among all who may take part of at least 0.5" in told.text


def test_what_cannot_be_told_apart_is_not_called_better() -> None:
    html = report(made_up({"first": [0, 0, 0, 0], "second": [1, -1, 2, -1]}))
    text = Page(html).text
    assert re.search(r"cannot be told apart with 4 futures, about [\d,]+ would be needed", text)
    assert "children are not shown to gain" in text
    assert "is better in" not in text


def test_worse_is_said_as_worse() -> None:
    text = Page(report(made_up({"first": [1.0, 1.1, 1.2], "second": [0.5, 0.55, 0.7]}))).text
    assert "After 2 years children's wellbeing is worse in 3 of 3 futures than with First" in text
    assert "Stay with First : after 2 years children's wellbeing is worse in 3 of 3 futures" in text
    assert "and children lose by it" in text
    assert "Holds if" not in text


def test_what_makes_no_difference_is_said_to() -> None:
    text = Page(report(made_up({"first": [1, 2, 3], "second": [1, 2, 3]}))).text
    assert "comes out the same in all 3 futures" in text
    assert "Nothing: all scenarios say the same." in text


def test_one_future_is_warned_of() -> None:
    text = Page(report(made_up({"first": [1], "second": [2]}))).text
    assert "1 future only: too few to rely on" in text
    assert "one future says nothing" in text


def test_harm_is_said() -> None:
    text = Page(report(made_up({"first": [1, 1, 1], "second": [-1, 2, -1]}))).text
    assert "worse off than in the ordinary world in 2 of 3 futures with Second" in text


def test_effort_half_stands_beside_itself_at_three_values(told: Page) -> None:
    heads, *rows = told.tables["effort-half"]
    assert [head.split("effort_half")[-1].split()[0] for head in heads[1:]] == ["0.61", "1", "3"]
    assert "24 futures" in heads[1]
    assert "6 futures" in heads[2]
    assert len(rows) == 1
    assert all("own_value" in cell or "own services" in cell or "told" in cell
               for cell in rows[0][1:])  # fmt: skip


def test_who_is_best_at_which_effort_half_is_said() -> None:
    whole = made_up({"first": [0, 0, 0], "second": [1, 1.1, 1.2]})
    text = Page(
        report(
            whole,
            effort_half={0.5: whole, 3.0: made_up({"first": [1, 1.1, 1.2], "second": [0, 0, 0]})},
        )
    ).text
    assert (
        "Children are best off with Second at effort_half 0.5 and best off with First at "
        "effort_half 3." in text
    )
    assert "At 3 children are worse off with Second than with First: worse in 3 of 3" in text


def test_without_other_values_it_says_how_to_get_them(both: Comparison) -> None:
    text = Page(report(both)).text
    assert "The comparison was not run at other values of effort_half" in text


def test_limits_and_stakes_are_told(told: Page) -> None:
    for one in limits():
        assert one.plain in told.text
    assert "Sharing luck between scenarios has reduced the variance" in told.text
    for name in ("V20", "K26", "R21", "Kuklinski 2015"):
        assert SOURCES[name].stake in told.text


def test_a_social_return_appears_only_with_the_missing_link(both: Comparison, told: Page) -> None:
    assert "A social return as a ratio is not shown" in told.text
    assert "Social return." not in told.text
    linked = Page(report(both, prevented=0.4, currency="SEK", sek=1)).text
    assert "Social return. Value by cost" in linked
    assert "prevents 0.4 lasting exclusions among 1,000 children" in linked
    assert "SEK 15.0 million at SEK 1 for one SEK" in linked


def test_prices_reach_the_page(both: Comparison) -> None:
    cheap, dear = (Page(report(both, fte_cost=cost)).text for cost in (1_000.0, 90_000.0))
    assert "priced at EUR 1,000" in cheap
    assert "priced at EUR 90,000" in dear


# --- how to run it again


def test_the_command_gives_the_same_scenarios(both: Comparison, told: Page) -> None:
    line = (
        "cisim compare no-backbone national-and-regional --world one-town --months 24 "
        "--beliefs fixed --replicates 24 --seed 1 --report report.html --goal wellbeing_gain=0 "
        "--goal trust_eligible=0.5"
    )
    assert line in told.text
    for change in ("--set effort_half=1.22", "--set own_value=1.238", "--months 12", "--seed 25"):
        assert f"{line} {change}" in told.text


def test_a_command_is_shown_without_places_and_no_setting_twice(both: Comparison) -> None:
    text = Page(
        report(both, command=["cisim", "compare", "/home/me/a.toml", "b", "--set=own_value=2"])
    ).text
    assert "cisim compare a.toml b --set=own_value=2" in text
    assert "/home" not in text
    assert "own_value=3" not in text


def test_scenarios_from_python_are_enclosed() -> None:
    changed = BACKBONES.with_(parameters={"trust_memory": 60})
    html = report(runs(TOWN, changed, futures=2))
    assert "put together in Python" in html
    text = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert text is not None
    data = json.loads(text[1])
    told = [Scenario.from_resolved({**one, "world": data["world"]}) for one in data["scenarios"]]
    assert told == [TOWN, changed]


# --- hostile and odd input


def test_hostile_words_stay_words() -> None:
    nasty = [
        one.model_copy(update={"title": NASTY, "story": NASTY, "note": NASTY})
        for one in (TOWN, BACKBONES)
    ]
    comparison = runs(nasty[0], nasty[1].with_(title=NASTY + "2"), futures=2)
    html = report(comparison, question=NASTY, command=NASTY, written=NASTY)
    page = Page(html)
    assert page.wrong == page.open == []
    assert "<script>alert" not in html
    assert "{{ 7 * 7 }}" in page.text
    assert sum(tag == "script" for tag, _ in page.elements) == 1


def test_scenarios_of_one_title_go_by_their_names() -> None:
    twins = runs(TOWN, TOWN.with_(name="twin"), futures=2)
    assert "Is “twin” better for children than “no-backbone”?" in Page(report(twins)).text


def test_regions_are_shown_where_they_were_kept() -> None:
    small = Scenario.load("no-backbone", months=6)
    other = Scenario.load("national-and-regional", months=6)
    kept = compare([small, other], 2, workers=1, by_region=True, outcomes=KEPT, beliefs="fixed")
    text = Page(report(kept)).text
    assert "Children's wellbeing by region" in text
    assert "Siunsote" in text


def test_undefined_outcomes_and_quarantined_runs_do_not_stop_it(both: Comparison) -> None:
    ensembles = dict(both.ensembles)
    one = ensembles[BACKBONES.name]
    values = one.values.copy()
    values[..., one.outcomes.index("gap_primary")] = math.nan
    failure = cisim.lab.ensemble.Failure(one.name, 23, 24, "it failed")
    ensembles[one.name] = replace(
        one,
        values=values[:-1],
        books=None if one.books is None else one.books[:-1],
        replicates=one.replicates[:-1],
        failed=(failure,),
    )
    text = Page(report(Comparison(ensembles))).text
    assert "1 run failed and is left out" in text
    assert "not defined in any shared future" in text
    assert "in 23 of 23 futures" in text or "of 23 futures" in text


def test_what_cannot_be_reported_is_refused(both: Comparison) -> None:
    first = both.ensembles[TOWN.name]
    with pytest.raises(InputError, match="two or more"):
        report(Comparison({TOWN.name: first}))
    with pytest.raises(InputError, match="Did you mean wellbeing_gain"):
        report(both, goals={"wellbeing_gian": 1})
    with pytest.raises(InputError, match="member_share is 2; allowed is a number from 0 to 1"):
        report(both, goals={"member_share": 2})
    with pytest.raises(InputError, match="fte_cost"):
        report(both, fte_cost=-1)
    with pytest.raises(InputError, match="has not kept"):
        report(
            compare([TOWN, BACKBONES], 2, workers=1, outcomes=["wellbeing_gain"], beliefs="fixed")
        )
    with pytest.raises(InputError, match="months"):
        report(compare([TOWN, BACKBONES], 2, workers=1, at=[24], beliefs="fixed"))
    none = {name: replace(one, replicates=one.replicates[:0], values=one.values[:0], books=None)
            for name, one in both.ensembles.items()}  # fmt: skip
    with pytest.raises(InputError, match="nothing to report"):
        report(Comparison(none))


# --- the file


def test_it_is_written_whole_and_may_replace_an_earlier_one(html: str, tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    assert check_report(path) == path
    assert not path.parent.exists()
    assert write_report(path, html) == path
    assert path.read_text(encoding="utf-8") == html
    write_report(path, html.replace("report", "Report"))
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]


def test_a_place_that_cannot_be_had_is_refused(html: str, tmp_path: Path) -> None:
    (tmp_path / "notes.html").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for path, said in (
        (tmp_path, "a folder; allowed is a file"),
        (tmp_path / "notes.html", "in use and is no report of cisim"),
        (tmp_path / "file" / "report.html", "cannot be written"),
        (tmp_path / ("x" * 300), "cannot be written"),
        ("", "allowed is the name of a file"),
        ("a\0b", "cannot be written"),
    ):
        for attempt in (check_report, lambda path: write_report(path, html)):
            with pytest.raises(InputError) as error:
                attempt(path)
            assert said in str(error.value)
    assert (tmp_path / "notes.html").read_text(encoding="utf-8") == "mine"


def test_an_empty_file_may_be_filled(html: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").touch()
    write_report(tmp_path / "report.html", html)


def test_each_fold_says_by_itself_what_is_in_it(html: str, both: Comparison) -> None:
    for of in (r"<summary>(.*?)</summary>", r'role="region" aria-label="([^"]+)"'):
        said = re.findall(of, html, re.DOTALL)
        assert len(said) == len(set(said)), [one for one in said if said.count(one) > 1]
    matrices = [one for one in re.findall(r"<summary>(.*?)</summary>", html) if "unctions" in one]
    assert len(matrices) == len(both.names)


# --- on paper

PAPER = 680
"""How wide A4 is between the margins of the page, in CSS pixels: 180 mm."""
WIDTHS = r"""() => [...document.querySelectorAll("table")].filter(t => t.offsetWidth).map(t => ({
  id: t.id,
  width: t.offsetWidth,
  columns: [...t.querySelectorAll("thead tr:first-child > *")].map(
    c => c.getBoundingClientRect().width * 25.4 / 96),
  wider: [...t.querySelectorAll("td, th")].filter(c => c.scrollWidth > c.clientWidth + 1).map(
    c => c.textContent),
  broken: [...t.querySelectorAll("thead th")].filter(c => {
    const range = document.createRange();
    return [...c.childNodes].filter(n => n.nodeType === 3).some(n =>
      [...n.data.matchAll(/\S+/g)].some(word => {
        range.setStart(n, word.index);
        range.setEnd(n, word.index + word[0].length);
        return range.getClientRects().length > 1;
      }));
  }).map(c => c.textContent),
}))"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("scenarios", [2, 4, 8])
def test_on_paper_every_column_is_wide_enough_to_read(
    browser: Any, tmp_path: Path, scenarios: int
) -> None:
    titles = ["No backbone", "Same money", "National and regional backbones", "Missing sponsor",
              "Integrated sponsors", "National only", "Regional only", "Earmarked"]  # fmt: skip
    rng = np.random.default_rng(3)
    whole = made_up({name: rng.normal(k, 1, 30).tolist() for k, name in enumerate("abcdefgh")})
    chosen = {
        name: replace(one, scenario=one.scenario.with_(title=title))
        for title, (name, one) in zip(titles, whole.ensembles.items(), strict=True)
    }
    few = Comparison(dict(list(chosen.items())[:scenarios]))
    first = next(iter(few.ensembles.values()))
    other = list(few.ensembles.values())[-1]
    few.ensembles[other.scenario.name] = replace(
        other, scenario=other.scenario.with_(parameters={"trust_memory": 100})
    )
    assert first.scenario != other.scenario
    path = write_report(tmp_path / "report.html", report(few, effort_half={0.5: few, 3.0: few}))
    page = browser.new_page(viewport={"width": PAPER, "height": 960})
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    tables = page.evaluate(WIDTHS)
    assert len(tables) == 11
    for table in tables:
        assert table["width"] <= PAPER
        assert table["columns"][0] > 35.0  # mm
        by_year = table["id"] in ("bill", "bill-in-full", "own-time")
        assert min(table["columns"]) > (11.0 if by_year else 15.0)
        assert table["wider"] == []
        assert table["broken"] == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()


# --- numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (10.68, "10.7"), (0.1882, "0.188"), (1234.0, "1,234"), (-0.05, "−0.0500"),
     (math.nan, "–")],
)  # fmt: skip
def test_numbers_have_about_three_digits(value: float, text: str) -> None:
    assert digits(value) == text


def test_intervals_are_never_narrower_than_their_digits() -> None:
    rng = np.random.default_rng(2)
    values = {"a": np.zeros(40).tolist(), "b": (0.08 + rng.normal(0, 0.005, 40)).tolist(),
              "c": (0.9 + rng.normal(0, 0.2, 40)).tolist()}  # fmt: skip
    cells = outcome_effect(made_up(values), "wellbeing_gain").cells
    for name in "bc":
        low, high = (float(end) for end in cells[name].between.split(" to "))
        assert low < float(cells[name].apart) < high


def test_money_is_said_as_people_do() -> None:
    assert money(6_541_503, "EUR") == "EUR 6.54 million"
    assert money(-295_048, "EUR") == "−EUR 295,000"
    assert money(12e9, "SEK") == "SEK 12.0 billion"
    assert rounded(235_700.0) == 236_000
