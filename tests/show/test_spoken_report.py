"""The report is whole in each language: no word is left in English, no sentence is put together."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_first_page import around, believed, told
from test_languages import forms_of, texts_of
from test_report import made_up
from test_spoken import english_in

from cisim.lab.compare import compare
from cisim.lab.comparison import Comparison
from cisim.lab.rivals import Rivals, theories
from cisim.lab.rivals import Theory as Other
from cisim.lab.robust import Robust
from cisim.lab.threshold import Threshold, threshold
from cisim.show.language.spoken import ENGLISH, file_of, languages, speaking
from cisim.show.language.texts import Untranslated
from cisim.show.report import network_charts, report, write_report
from cisim.world.files import shipped
from cisim.world.scenario import Scenario

OTHERS = [code for code in languages() if code != ENGLISH]
ROOT = Path(__file__).parents[2] / "cisim"


@cache
def runs() -> Comparison:
    """Return shipped scenarios that differ in all kinds of levers, and what they gain by place."""
    names = ("no-backbone", "champion-leaves", "missing-sponsor", "national-and-regional")
    chosen = [Scenario.load(name, world="one-town", months=24) for name in names]
    return compare(
        [one.believing("plausible") for one in chosen], 24, workers=1, by_region=True,
        by_community=True,
    )  # fmt: skip


@cache
def turned() -> Threshold:
    names = ("no-backbone", "national-and-regional")
    chosen = [Scenario.load(name, world="one-town", months=12) for name in names]
    return threshold(chosen, "effort_half", until_order_turns=True, replicates=6, workers=1)


def cheap(*points: float) -> Comparison:
    """Return four scenarios whose names are no words of any language."""
    costs = (10.0, 5.0, 20.0, 30.0)
    ends = [(cost, around(mean)) for cost, mean in zip(costs, points, strict=True)]
    found = told(*ends, gap=[0.5] * 40)
    return nameless(found)


def nameless(found: Comparison) -> Comparison:
    return Comparison(
        {
            name: replace(one, scenario=_nameless(one.scenario, name))
            for name, one in found.ensembles.items()
        }
    )


def rival() -> Rivals:
    tried = [
        None,
        *(Other(choice, name) for choice, names in theories().items() for name in names[1:]),
    ]
    values = np.random.default_rng(1).normal(size=(len(tried), 12, 4)) + np.arange(4.0)
    return Rivals(tuple("abcd"), "wellbeing_gain", tuple(tried), values, 12)


def _nameless(scenario: Scenario, name: str) -> Scenario:
    return scenario.model_copy(update={"title": name.upper() * 2, "story": "", "short": ""})


def robust() -> Robust:
    return believed(cheap(1.0, 2.0, 2.0, 3.0), {"a": 0.0, "b": 0.5, "c": 1.0, "d": -1.0})


def pages() -> Iterator[str]:
    """Yield reports in which everything is said that a report may say."""
    yield report(runs(), turns=[turned()], networks=network_charts(runs()))
    mine, other = cheap(1.0, 2.0, 2.0, 3.0), cheap(3.0, 2.0, 2.0, 1.0)
    yield report(
        mine, effort_half={1.0: mine, 3.0: other}, uncertain=robust(), rivals=rival(),
        goals={"wellbeing_gain": 0.5, "service_forgone": 0.1}, prevented=0.5,
        command="cisim compare a b",
    )  # fmt: skip
    for ends in (
        {"a": [1.0, 1.1, 1.2], "b": [0.1, 0.3, 0.2]},
        {"a": [1.0, 1.1, 1.2], "b": [1.0, 1.1, 1.2]},
        {"a": [1.0, -1.1, 1.2], "b": [1.0, 1.0, 1.0], "c": [1.0, 3.1, -1.2]},
        {"a": [-1.0], "b": [2.0]},
    ):
        yield report(nameless(made_up(ends)))


def words_of(html: str) -> Iterator[str]:
    """Yield what people read of a page, but what sources say in their own words, and commands."""
    html = re.sub(r"<(style|script|pre|code)\b.*?</\1>", " ", html, flags=re.DOTALL)
    html = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', " ", html, flags=re.DOTALL)
    yield from re.findall(r'(?:aria-label|title)="([^"]*)"', html)
    for part in re.split(r"<(?!/?(?:strong|em)\b)[^>]*>", html):
        yield unescape(" ".join(part.split()))


@pytest.mark.parametrize("code", OTHERS)
def test_no_english_is_left_in_a_report(code: str) -> None:
    with speaking(code), warnings.catch_warnings():
        warnings.simplefilter("error", Untranslated)
        for page in pages():
            assert f'<html lang="{code}">' in page
            for words in words_of(page):
                assert not english_in(words), words


@pytest.mark.parametrize("code", OTHERS)
def test_what_a_report_says_of_any_shipped_scenario_is_in_the_language(code: str) -> None:
    from cisim.show.notes_in_words import notes_in_words
    from cisim.show.scenario_in_words import (
        dates,
        events_of,
        in_words,
        meaning,
        posts_of,
        said_by,
    )

    with speaking(code), warnings.catch_warnings():
        warnings.simplefilter("error", Untranslated)
        for name in shipped("scenarios"):
            one = Scenario.load(name)
            said = [events_of(one), posts_of(one), *notes_in_words(one), *dates([one])["words"]]
            for key, value in said_by(one).items():
                if key in one.differs or key.partition(".")[0] in one.differs:
                    said += [meaning(key)]
                    said += [] if key == "posts" else [in_words(key, value, one.calendar)]
            for words in said:
                assert not english_in(words), (name, words)


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_to_be_known_of_money_limits_and_place_is_in_the_language(code: str) -> None:
    from cisim.show.notes_in_words import notes_in_words

    payer = {"name": "Nina", "kind": "county", "year_price": 60_000.0, "budget": {"1": 30_000}}
    post = {"where": "regional", "fte": 1.0, "payer": "Nina", "until": 24, "after": "sponsors",
            "cap": 1.0, "roles": {"cross_sectoral": 0.1}}  # fmt: skip
    levers = {"payers": [payer], "posts": [post], "neutrality": 0.0}
    plain = Scenario.load("no-backbone", world="one-town")
    noted = plain.with_(structure_changes=levers, parameters={"staff_time": 4.0})
    with speaking(ENGLISH):
        english = notes_in_words(noted)
    with speaking(code), warnings.catch_warnings():
        warnings.simplefilter("error", Untranslated)
        own = notes_in_words(noted)
    assert len(own) == len(english) > 4
    for words, before in zip(own, english, strict=True):
        assert english_in(before), before
        assert not english_in(words), words


BROKEN = """() => {
  const broken = [], range = document.createRange();
  for (const one of document.querySelectorAll("thead th, tbody th, tbody td, dt")) {
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (node.parentElement.closest("code") || !one.getClientRects().length) continue;
      for (const word of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (range.getClientRects().length > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("code", languages())
def test_no_word_and_no_number_in_a_table_is_broken(
    code: str, browser: Any, tmp_path: Path
) -> None:
    with speaking(code):
        file = write_report(tmp_path / "report.html", report(runs(), fte_cost=6_000_000.0))
    page = browser.new_page()
    page.goto(file.as_uri())
    try:
        for width in (1000, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert not page.evaluate(BROKEN)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        page.close()


PUT_TOGETHER = re.compile(r"^(?!.*[<=]).*[A-Za-z]{2,} [a-z]{2,}")
"""Two words outside of a mark: a sentence, or a piece of one."""
SPOKEN = (
    "show/report/question.py", "show/report/answer.py", "show/report/allowed.py",
    "show/report/assumed.py", "show/report/believed.py", "show/report/bill.py",
    "show/report/case.py", "show/report/figures.py", "show/report/follows.py",
    "show/report/pays.py", "show/report/rivals.py", "show/findings.py",
    "show/beliefs_in_words.py", "show/decided_in_words.py", "show/charts/along.py",
    "show/charts/threshold.py",
)  # fmt: skip


@pytest.mark.parametrize("name", SPOKEN)
def test_no_sentence_is_put_together_where_it_is_said(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            skipped |= {id(one) for one in ast.walk(node)}
        elif isinstance(node, documented) and ast.get_docstring(node, clean=False):
            skipped |= {id(one) for one in ast.walk(node.body[0])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert id(node) in skipped or not PUT_TOGETHER.search(node.value), node.value


ENDED = re.compile(r"\{(\w+)\}[^\W\d_]")
"""Something that is filled in and has an ending: right for a month only, whose word is known."""


@pytest.mark.parametrize("code", OTHERS)
def test_a_name_that_is_filled_in_stands_as_it_is(code: str) -> None:
    for name, text in texts_of(file_of(code)):
        if name.partition(".")[0] not in ("language", "glossary"):
            for form in forms_of(text):
                assert set(ENDED.findall(form)) <= {"month"}, (name, form)
