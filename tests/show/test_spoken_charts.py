"""Every kind of chart, its summary and its numbers are in the language that is spoken.

All charts are walked: one that is added is missed here by name. A word that is the same as in
English has stayed English, unless ALIKE says that it is right in both.
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from html import unescape

import pandas as pd
import pytest

import cisim
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import FUNCTIONS
from cisim.show import charts
from cisim.show.analysed import charts_of
from cisim.show.bill_in_tables import together
from cisim.show.charts import Chart
from cisim.show.language.facts import column_words
from cisim.show.language.spoken import ENGLISH, languages, speaking
from cisim.show.language.texts import Untranslated
from cisim.world.levers.components import COMPONENTS
from tests.lab import test_bill, test_shapley
from tests.show import (
    test_along_chart,
    test_calibration_charts,
    test_front_chart,
    test_heat_chart,
    test_threshold_chart,
    test_tiles,
    test_track_report,
)
from tests.show.test_spoken import table
from tests.show.test_spoken_analyses import answers

OTHERS = [code for code in languages() if code != ENGLISH]
NAMES = {
    "First", "Second", "Region", "Place", "County", "paying", "toy", "none", "短い名前",
    "members", "after", "months", "Kymenlaakso", "down",  # targets
    "alert", "quotes", "scri", "script", "text",  # a name that is hostile
    "backbone", "plain", "body", "factor", "init",  # as in the analyses
    "Clopper", "Pearson", "Communities", "That", "Care",
}  # fmt: skip
"""Names of people, of made-up things, and words of technical names; none that is not needed."""
ALIKE: dict[str, set[str]] = {
    "fi": set(),
    "sv": {"Regional", "Ring", "Sponsor", "agenda", "band", "budget", "information", "median",
           "minus", "parameter", "region", "regional", "scenario", "under"},
}  # fmt: skip
"""Words that are the same as in English, and right so; none that is not needed."""
TABLE = table().rename(columns={"value": "wellbeing_gain"})
BOTH = {"a": "First", "b": "Second"}
ALONG = {"both": "First", "money": "Second"}


@cache
def calibrated() -> dict[str, object]:
    found = test_calibration_charts.found.__wrapped__()  # type: ignore[attr-defined]
    assert isinstance(found, dict)
    return found


@cache
def carried() -> cisim.Comparison:
    chosen = [
        cisim.Scenario.load(name, world="test-region", months=25)
        for name in ("no-backbone", "national-and-regional")
    ]
    return cisim.compare(
        chosen, replicates=2, workers=1, outcomes=charts.CARRYING, beliefs="fixed", at=[0, 12, 24]
    )


@cache
def network() -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town")
    return charts.network_tables(CollectiveImpactModel(scenario, seed=1), 0, [0, 12])


@cache
def paid() -> cisim.Ensemble:
    return cisim.simulate(test_bill.paying(), 1, 1)


def levels(column: str, names: Iterable[str]) -> pd.DataFrame:
    rows = [("a", year, name, 0.0 if at == 1 else 0.5)
            for year in range(3) for at, name in enumerate(names)]  # fmt: skip
    return pd.DataFrame(rows, columns=["scenario", "year", column, "level"])


def worths() -> pd.DataFrame:
    row = {"component": "communication", "outcome": "wellbeing_gain", "worth": 0.2, "low": 0.1,
           "high": 0.3, "missed": 3}  # fmt: skip
    return pd.DataFrame([row | {"n": 4}])


def of_analyses(kind: str) -> list[Chart]:
    drawn = [chart for each in answers() for one in each.answers for chart in charts_of(one, each)]
    return [chart for chart in drawn if chart.kind == kind]


DRAWN: dict[str, Callable[[], Iterable[Chart]]] = {
    "along": lambda: [charts.along(replace(one, anchors=()), names=ALONG)
                      for one in (test_along_chart.FOUND, test_along_chart.NO_TURN)],
    "attribution": lambda: [charts.attribution(test_shapley.worths(of))
                            for of in ("roles", "levels", "sectors")],
    "bill": lambda: [charts.bill(together(paid().bill()), names={"paying": "First"})],
    "boxes": lambda: of_analyses("boxes"),
    "course": lambda: [charts.course(TABLE, "wellbeing_gain", names=BOTH)],
    "differences": lambda: [charts.differences(TABLE, "wellbeing_gain", names=BOTH)],
    "dots": lambda: [charts.dots(TABLE, "wellbeing_gain", names=BOTH, goal=0.3)],
    "front": lambda: [charts.front(test_front_chart.made_up())],
    "functions": lambda: [charts.functions(levels("function", FUNCTIONS), names=BOTH)],
    "gap": lambda: [charts.gap(TABLE.rename(columns={"wellbeing_gain": "gap_primary"}),
                               "gap_primary", names=BOTH)],
    "heat": lambda: [charts.heat(test_heat_chart.cells([[0.5, 1.0], [1.5, 2.0]]), names={
        "national_fte": "First", "regional_fte": "Second"})],
    "indices": lambda: of_analyses("indices"),
    "indices_by_month": lambda: of_analyses("indices-by-month"),
    "keepers": lambda: [charts.keepers(charts.keeper_table(carried().ensembles.values()))],
    "network": lambda: [charts.network(*network(), title="First")],
    "paths": lambda: [charts.paths(TABLE, "wellbeing_gain", names=BOTH)],
    "profile": lambda: [charts.profile(levels("component", COMPONENTS), names=BOTH)],
    "ranges_narrowed": lambda: map(charts.ranges_narrowed, calibrated().values()),
    "space_left": lambda: map(charts.space_left, calibrated().values()),
    "strip": lambda: [charts.strip(charts.event_table(
        [cisim.Scenario.load("champion-leaves")]), 120)],
    "target_conflicts": lambda: map(charts.target_conflicts, calibrated().values()),
    "targets_off": lambda: map(charts.targets_off, calibrated().values()),
    "telling": lambda: [charts.telling(test_track_report.found())],
    "threshold": lambda: map(charts.threshold, test_threshold_chart.ALL.values()),
    "tiles": lambda: [charts.tiles(one, names={"one": "First", "other": "Second"})
                      for one in test_tiles.TABLES.values()],
    "tracked": lambda: [charts.tracked(test_track_report.found(), name)
                        for name in ("members", "wellbeing_gain")],
    "worth": lambda: [charts.worth(worths(), "wellbeing_gain", names={"communication": "First"}),
                      charts.worth(worths().assign(n=1), "wellbeing_gain", names={
                          "communication": "First"})],
}  # fmt: skip


def words_of(chart: Chart) -> set[str]:
    """Return the words of a chart, its summary and its numbers, but those of technical names."""
    numbers = chart.numbers.shown
    cells = [one for one in numbers.astype(object).to_numpy().ravel() if isinstance(one, str)]
    in_words = chart.kind == "heat"
    heads = [str(one) if in_words else column_words(str(one)) for one in numbers.columns]
    drawn = re.sub(r"(?s)<style>.*?</style>|<[^>]*>", " ", chart.svg)
    text = unescape(
        " ".join([drawn, chart.title, chart.summary, chart.numbers.unit, *cells, *heads])
    )
    without = re.sub(r"\b[\da-f]{8,}\b|\S*[_.]\w\S*|\b[a-z]+-[a-z-]+\b|--\S+", " ", text)
    return set(re.findall(r"[^\W\d_]{3,}", without))


def test_every_chart_is_walked() -> None:
    there = {name for name in charts.__all__ if inspect.isfunction(getattr(charts, name))}
    drawing = {
        name for name in there
        if str(inspect.signature(getattr(charts, name)).return_annotation) == "Chart"
    }  # fmt: skip
    assert set(DRAWN) == drawing


@cache
def alike(name: str, code: str) -> set[str]:
    """Return the words that a kind of chart has in a language as in English."""

    def drawn(code: str) -> set[str]:
        with speaking(code), warnings.catch_warnings():
            warnings.simplefilter("error", Untranslated)
            found = list(DRAWN[name]())
            assert found
            return {word for chart in found for word in words_of(chart)}

    return drawn(code) & drawn(ENGLISH)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", DRAWN)
def test_no_english_is_left_in_a_chart(name: str, code: str) -> None:
    assert alike(name, code) <= NAMES | ALIKE[code]


@pytest.mark.parametrize("code", OTHERS)
def test_no_word_is_let_pass_that_no_chart_needs(code: str) -> None:
    """Else English could come back under a word that was let pass long ago."""
    assert set().union(*(alike(name, code) for name in DRAWN)) == NAMES | ALIKE[code]
