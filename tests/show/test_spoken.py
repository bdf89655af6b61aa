"""What people read is in the language that is spoken: nothing English is left on charts and page.

The page is looked at in a browser, too (tests/show/page/test_spoken_page.py); here its views are,
which takes seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cisim.show import charts
from cisim.show.charts import Chart
from cisim.show.charts.words import measure
from cisim.show.language.spoken import ENGLISH, languages, speaking
from cisim.show.page.address.events import kinds
from cisim.show.page.address.look import Look
from cisim.show.page.views import compare, explore
from cisim.show.page.views.levers import board
from cisim.world.files import shipped
from cisim.world.scenario import Scenario

OTHERS = [code for code in languages() if code != ENGLISH]
STOP = re.compile(
    r"\b(the|of|and|with|is|are|by|not|which|from|what|how|who|than|their|its|this|that|these|or|"
    r"where|no|nobody|children|future|futures|month|year|years)\b",
    re.IGNORECASE,
)
"""Words that every English sentence has one of, and no Finnish or Swedish one."""
NAMES = re.compile(
    r"collective impact|Alive & Thrive|Getting to Zero|San Francisco|cisim \w+( --[\w-]+)?|"
    r"https?://\S+|Communities That Care|Save the Children",
)
UNSAID = {"evidence", "file", "fileName", "csv", "key", "kind", "name"}
"""Keys of a view whose values are no words of the page: sources' words, files, names."""


def english_in(text: str) -> list[str]:
    """Return the English words of a text."""
    codes = re.sub(r"\b[a-z\d]+(?:-[a-z\d]+)+\b", " ", text)  # names of files and of choices
    without = re.sub(r"<style>.*?</style>", " ", NAMES.sub(" ", codes), flags=re.DOTALL)
    return STOP.findall(re.sub(r"<[^>]*>|`[^`]*`|\{\w+\}", " ", without))


def said(view: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a view that is shown."""
    if key in UNSAID:
        return
    if isinstance(view, str):
        yield view
    elif isinstance(view, dict):
        for name, value in view.items():
            yield from said(value, str(name))
    elif isinstance(view, list | tuple):
        for one in view:
            yield from said(one)


def test_the_detector_tells_the_languages_apart() -> None:
    assert english_in("Who works with whom")
    assert not english_in("Kuka tekee työtä kenen kanssa")
    assert not english_in("Vem arbetar med vem, i en framtid av många")


@pytest.mark.parametrize("code", OTHERS)
def test_the_controls_of_the_page_are_in_the_language(code: str) -> None:
    with speaking(code):
        for text in (*said(board()), *said(list(kinds()))):
            assert not english_in(text), text


@pytest.mark.parametrize("code", OTHERS)
def test_what_explore_and_compare_say_without_futures_is_in_the_language(code: str) -> None:
    with speaking(code):
        for look in (Look(view="explore", scenario=name) for name in shipped("scenarios")):
            for text in (*said(explore.frame(look)), *said(compare.frame(look))):
                assert not english_in(text), text


def table(start: str | None = None) -> pd.DataFrame:
    """Return futures of two scenarios, drawn, as charts take them."""
    draw = np.random.default_rng(1)
    rows = [
        (name, future, month, month / 20 + (name == "b") + draw.normal())
        for name in "ab"
        for future in range(24)
        for month in range(0, 121, 12)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replicate", "month", "value"])


def drawn(outcome: str) -> Iterator[Chart]:
    """Yield the charts of an outcome that page and report draw."""
    names = {"a": "Ensimmäinen", "b": "Toinen"}
    found = table().rename(columns={"value": outcome})
    if outcome == "member_share":
        found[outcome] = found[outcome].clip(0, 10) / 10
    scenario = Scenario.load("champion-leaves")
    yield charts.course(found, outcome, names=names)
    yield charts.dots(found, outcome, names=names, goal=0.3)
    yield charts.differences(found, outcome, names=names)
    yield charts.strip(charts.event_table([scenario]), 120)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("outcome", ["wellbeing_gain", "member_share", "gap_primary"])
def test_charts_are_in_the_language(code: str, outcome: str) -> None:
    with speaking(code):
        for chart in drawn(outcome):
            found = english_in(chart.svg)
            assert not found, chart.kind
            assert not english_in(chart.summary), chart.summary


@pytest.mark.parametrize("code", languages())
def test_no_word_of_a_chart_runs_over_its_edge(code: str) -> None:
    text = re.compile(r'<text x="([\d.-]+)" y="[^"]*" font-size="([\d.]+)"([^>]*)>([^<]*)</text>')
    with speaking(code):
        for chart in drawn("wellbeing_gain"):
            wide = float(re.search(r'viewBox="0 0 ([\d.]+)', chart.svg)[1])  # type: ignore[index]
            for x, size, rest, words in text.findall(chart.svg):
                size_of = measure(words, float(size), "font-weight" in rest)
                left = float(x) - (
                    size_of if 'anchor="end"' in rest
                    else size_of / 2 if 'anchor="middle"' in rest
                    else 0.0
                )  # fmt: skip
                assert left >= -1.0, (chart.kind, words)
                assert left + size_of <= wide + 1.0, (chart.kind, words)
