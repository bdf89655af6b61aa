"""Charts: what is drawn can be read, is the same each time, and says what its table says."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisim.lab.ensemble import mean_interval
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES
from cisim.show import charts
from cisim.show.charts import Chart
from cisim.show.charts.axes import round_step, spread, time_ticks, value_axis
from cisim.show.charts.ink import DARK, DASHES, LIGHT, MARKERS, SERIES_DARK, SERIES_LIGHT
from cisim.show.charts.series import outcome_shown, quantiles
from cisim.show.charts.words import Reading, escape, measure, wrap, wrap_apart
from cisim.show.language.facts import scenario_of
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.address.checks import FIRST
from cisim.show.page.address.look import Look
from cisim.show.page.address.look import scenario_of as looked_at
from cisim.show.page.views.pictures import USUAL
from cisim.world.scenario import Scenario

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {
    "none": "No backbone",
    "money": "Same money",
    "both": "National and regional backbones",
    "hollow": "Missing sponsor",
}
NASTY = "</text><script>alert('1')</script> & \"quotes\" \x00\x0b ]]> <!-- –"
Values = Callable[[int, int, np.ndarray], np.ndarray]


def futures(
    values: Values,
    scenarios: tuple[str, ...] = tuple(NAMES),
    replicates: int = 30,
    months: int = 121,
) -> pd.DataFrame:
    """Return a tidy table: values(scenario, replicate, months) under wellbeing_gain."""
    month = np.arange(months)
    rows = [
        pd.DataFrame(
            {
                "scenario": name,
                "replicate": k,
                "month": month,
                "wellbeing_gain": values(s, k, month),
            }
        )
        for s, name in enumerate(scenarios)
        for k in range(replicates)
    ]
    return pd.concat(rows, ignore_index=True)


def luck(s: int, k: int, month: np.ndarray) -> np.ndarray:
    """Return a path that depends on the scenario and on the future."""
    rng = np.random.default_rng([k, 7])
    return s * month / 120 * 0.4 + np.cumsum(rng.normal(0, 0.01, month.size)) + 0.002 * s * k


def gaps(s: int, k: int, month: np.ndarray) -> np.ndarray:
    """Return paths with gaps, one that ends early and one that is not there at all."""
    path = luck(s, k, month)
    path[20:40] = np.nan
    path[41:43] = np.nan
    if s == 1:
        path[80:] = np.nan
    if s == 2:
        path[:] = np.nan
    return path


EVENTS = pd.DataFrame(
    {
        "month": [0, 24, 60, 66, 72, 76, 118, 119],
        "words": ["Election", "Election", "Seed money ends", "Sponsor leaves", "Election", "Reform",
                  "A very long event that happens near the end", "Reform"],
        "region": ["", "", "", "", "", "Pohde", "", ""],
        "scenario": ["", "", "", "hollow", "", "", "", "both"],
    }
)  # fmt: skip

TABLES: dict[str, pd.DataFrame] = {
    "usual": futures(luck),
    "gaps": futures(gaps),
    "one future": futures(luck, replicates=1),
    "few futures": futures(luck, replicates=7),
    "constant": futures(lambda s, k, m: np.full(m.size, 0.3)),
    "zero": futures(lambda s, k, m: np.zeros(m.size)),
    "huge": futures(lambda s, k, m: luck(s, k, m) * 1e12),
    "largest": futures(lambda s, k, m: np.full(m.size, (-1.0) ** k * 1e300)),
    "tiny": futures(lambda s, k, m: luck(s, k, m) * 1e-9),
    "infinite": futures(lambda s, k, m: np.where(m == 120, np.inf, luck(s, k, m))),
    "short": futures(luck, months=2),
    "one month": futures(luck, months=1),
    "long": futures(luck, replicates=3, months=1201),
    "many scenarios": futures(luck, tuple(f"scenario {n}" for n in range(13)), replicates=11),
    "nasty names": futures(luck, (NASTY, "a" * 300, "a" * 300 + "b", "短い名前")),
}
DRAWN: dict[str, Callable[..., Chart]] = {
    "paths": lambda table, **more: charts.paths(
        table, "wellbeing_gain", goal=0.5, events=EVENTS, **more
    ),
    "mean paths": lambda table, **more: charts.paths(
        table, "wellbeing_gain", centre="mean", **more
    ),
    "gap": lambda table, **more: charts.gap(table, "wellbeing_gain", events=EVENTS, **more),
    "dots": lambda table, **more: charts.dots(table, "wellbeing_gain", **more),
    "goal dots": lambda table, **more: charts.dots(table, "wellbeing_gain", goal=0.4, **more),
    "differences": lambda table, **more: charts.differences(table, "wellbeing_gain", **more),
}


@pytest.fixture(scope="module")
def network() -> tuple[pd.DataFrame, pd.DataFrame]:
    model = CollectiveImpactModel(Scenario.load("national-and-regional", world="one-town"), seed=1)
    return charts.network_tables(model, 0, [0, 12, 24])


def root(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)


def boxes(chart: Chart, use: str = "") -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return each text with its left, top, right and bottom."""
    found = []
    for text in root(chart).iter(f"{SVG}text"):
        if use and use not in (text.get("class") or "").split():
            continue
        size = float(text.get("font-size", "0"))
        wide = measure(text.text or "", size, text.get("font-weight") == "600")
        x, y = float(text.get("x", "nan")), float(text.get("y", "nan"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[
            text.get("text-anchor", "start")
        ]
        found.append((text.text or "", (left, y - size * 0.8, left + wide, y + size * 0.22)))
    return found


def everything(chart: Chart) -> str:
    return " ".join(text for text, _ in boxes(chart))


def assert_reads_well(chart: Chart) -> None:
    """Check what must hold of every chart: well-formed, named, inside its box, words clear."""
    svg = root(chart)
    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    named = {e.get("id"): e for e in svg.iter() if e.get("id")}
    title, said = (named[part] for part in (svg.get("aria-labelledby") or "").split())
    assert (title.tag, said.tag) == (f"{SVG}title", f"{SVG}desc")
    assert title.text == " ".join(re.sub("[\x00-\x08\x0b-\x1f]", "", chart.title).split())
    assert said.text
    assert not {e.tag for e in svg.iter()} - {
        SVG + tag for tag in ("svg", "title", "desc", "style", "rect", "path", "text", "circle")
    }
    numbers = re.findall(r'(?: d| x| y| cx| cy| r)="([^"]*)"', chart.svg)
    assert not [n for n in numbers if "nan" in n or "inf" in n]
    _, _, wide, high = (float(n) for n in (svg.get("viewBox") or "").split())
    for text, (left, top, right, bottom) in boxes(chart):
        assert left >= -0.5, text
        assert top >= -0.5, text
        assert right <= wide + 0.5, text
        assert bottom <= high + 0.5, text
    for (one, a), (other, b) in itertools.combinations(boxes(chart, "label"), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{one!r} lies on {other!r}"


@pytest.mark.parametrize("width", [320, 390, 640, 900])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", DRAWN)
def test_every_chart_reads_well_whatever_is_in_the_table(kind: str, table: str, width: int) -> None:
    chart = DRAWN[kind](TABLES[table], width=width, footer=charts.small_print(30, 1, "abc123"))
    assert_reads_well(chart)
    assert len(chart.table)


@pytest.mark.parametrize("kind", DRAWN)
def test_a_chart_is_the_same_each_time_and_in_any_order_of_rows(kind: str) -> None:
    table = TABLES["usual"]
    first = DRAWN[kind](table, names=NAMES)
    mixed = table.sample(frac=1.0, random_state=3)
    for again in (DRAWN[kind](table, names=NAMES), DRAWN[kind](mixed, names=NAMES)):
        assert again.svg == first.svg
        assert again.summary == first.summary
        pd.testing.assert_frame_equal(again.table, first.table)


@pytest.mark.parametrize("kind", DRAWN)
def test_a_table_is_not_changed_by_drawing_it(kind: str) -> None:
    table = TABLES["gaps"].copy()
    DRAWN[kind](table, names=NAMES)
    pd.testing.assert_frame_equal(table, TABLES["gaps"])


def test_names_titles_and_footers_are_escaped() -> None:
    names = {key: NASTY + str(at) for at, key in enumerate(NAMES)}
    for draw in DRAWN.values():
        chart = draw(TABLES["usual"], names=names, title=NASTY, footer=NASTY)
        assert_reads_well(chart)
        assert "<script" not in chart.svg
        assert "alert(" in chart.svg


@given(st.text())
@settings(max_examples=300)
def test_any_text_can_stand_in_xml(text: str) -> None:
    element = ET.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')
    assert (element.text or "") == element.get("b")


def test_no_chart_reaches_outside_itself() -> None:
    chart = charts.paths(TABLES["usual"], "wellbeing_gain")
    assert re.findall(r"https?://[^\"\s]*", chart.svg) == ["http://www.w3.org/2000/svg"]
    for word in ("<script", "@import", "@font-face", "url(", "href", "<image"):
        assert word not in chart.svg


# --- numbers -----------------------------------------------------------------------------------


def test_the_table_of_paths_holds_quantiles_of_the_futures() -> None:
    table = TABLES["usual"]
    chart = charts.paths(table, "wellbeing_gain", names=NAMES)
    shown = chart.table
    assert list(shown["month"].unique()) == list(range(0, 121, 12))
    row = shown[(shown.scenario == "Missing sponsor") & (shown.month == 60)].iloc[0]
    values = table[(table.scenario == "hollow") & (table.month == 60)]["wellbeing_gain"]
    assert row.futures == 30
    assert chart.numbers.unit == "points of 100"
    np.testing.assert_allclose(
        [row.low, row.centre, row.high], np.quantile(values, [0.05, 0.5, 0.95]), rtol=1e-12
    )
    mean = charts.paths(table, "wellbeing_gain", names=NAMES, centre="mean").table
    row = mean[(mean.scenario == "Missing sponsor") & (mean.month == 60)].iloc[0]
    assert math.isclose(row.centre, values.mean())


def test_the_summary_of_paths_says_the_numbers_of_the_table() -> None:
    chart = charts.paths(TABLES["usual"], "wellbeing_gain", names=NAMES, goal=0.6)
    for row in chart.table[chart.table.month == 120].itertuples():
        said = f"{row.scenario} {row.centre:.2f} ({row.low:.2f} to {row.high:.2f})"
        assert said.replace("-", "−") in chart.summary
        assert f"{row.centre:.2f} ({row.low:.2f} to {row.high:.2f})".replace(
            "-", "−"
        ) in everything(chart)
    for row in chart.table[chart.table.month == 60].itertuples():
        assert f"{row.scenario} {row.centre:.2f}".replace("-", "−") in chart.summary
    assert "median of 30 futures" in chart.summary
    assert "points of 100" in chart.summary
    assert "Higher is better." in chart.summary


def test_the_summary_of_dots_says_the_numbers_of_the_table() -> None:
    table = TABLES["usual"]
    chart = charts.dots(table, "wellbeing_gain", names=NAMES, goal=0.4)
    last = table[table.month == 120]
    for (key, name), row in zip(NAMES.items(), chart.table.itertuples(), strict=True):
        reached = int((last[last.scenario == key]["wellbeing_gain"] >= 0.4).sum())
        assert row.scenario == name
        assert row.reached == reached
        assert f"{name} in {reached} of 30 futures" in chart.summary
        said = f"{row.median:.2f} ({row.low:.2f} to {row.high:.2f})".replace("-", "−")
        assert f"{name} {said}" in chart.summary
    assert everything(chart).count("of 30 futures") == len(NAMES) + 1


def test_there_are_twenty_dots_and_as_many_filled_as_reach_the_goal_in_twenty() -> None:
    table = futures(lambda s, k, m: np.full(m.size, k / 100), ("a",), replicates=100)
    chart = charts.dots(table, "wellbeing_gain", goal=0.75)
    dots = list(root(chart).iter(f"{SVG}circle"))
    assert len(dots) == 20
    assert sum("s0" in (dot.get("class") or "") for dot in dots) == 5
    assert chart.table.reached.iloc[0] == 25
    few = charts.dots(TABLES["few futures"], "wellbeing_gain")
    assert len(list(root(few).iter(f"{SVG}circle"))) == 4 * 7
    assert "Each dot is one future" in everything(few)


@pytest.mark.parametrize("outcome", ["wellbeing_gain", "service_forgone"])
def test_dots_stand_on_their_side_of_the_goal(outcome: str) -> None:
    table = futures(lambda s, k, m: np.full(m.size, 0.3 + k / 1e4), ("a",), replicates=40)
    chart = charts.dots(table.rename(columns={"wellbeing_gain": outcome}), outcome, goal=0.302)
    lines = [p.get("d", "") for p in root(chart).iter(f"{SVG}path") if p.get("class") == "ink-line"]
    goal = float(lines[0][1:].split(" ")[0])
    for dot in root(chart).iter(f"{SVG}circle"):
        filled = "s0" in (dot.get("class") or "")
        right = float(dot.get("cx", "nan")) > goal
        assert filled == (right if outcome == "wellbeing_gain" else not right)


def test_a_goal_is_reached_from_above_where_lower_is_better() -> None:
    table = futures(lambda s, k, m: np.full(m.size, k / 10), ("a",), replicates=10)
    table = table.rename(columns={"wellbeing_gain": "service_forgone"})
    assert charts.dots(table, "service_forgone", goal=0.2).table.reached.iloc[0] == 3


def test_differences_are_those_within_each_future() -> None:
    table = TABLES["usual"]
    chart = charts.differences(table, "wellbeing_gain", names=NAMES)
    last = table[table.month == 120].pivot(
        index="replicate", columns="scenario", values="wellbeing_gain"
    )
    assert list(chart.table.scenario) == list(NAMES.values())[1:]
    for key, row in zip(list(NAMES)[1:], chart.table.itertuples(), strict=True):
        values = (last[key] - last["none"]).to_numpy()
        interval = mean_interval(values)
        np.testing.assert_allclose((row.mean, row.low, row.high), interval[:3], rtol=1e-12)
        assert row.better == int((values > 0).sum())
        said = f"{row.scenario} +{row.mean:.2f} (+{row.low:.2f} to +{row.high:.2f})"
        assert said in chart.summary
        assert f"{row.scenario} better in {row.better} of 30 futures" in chart.summary


def test_an_interval_never_looks_like_a_point() -> None:
    small = np.linspace(-1e-3, 1e-3, 40)
    table = futures(lambda s, k, m: np.full(m.size, k + s * (0.15 + small[k])), ("a", "b"), 40)
    (row,) = charts.differences(table, "wellbeing_gain").table.itertuples()
    assert row.low < row.high
    summary = charts.differences(table, "wellbeing_gain").summary
    mean, low, high = re.findall(r"[+−]\d\.\d+", summary)[:3]
    assert len(mean) == len(low) == len(high)
    assert float(low) < float(high)
    falls = charts.differences(table, "wellbeing_gain", against="b").summary
    assert len(re.findall(r"−\d\.\d+", falls)) == 3
    assert "-" not in falls.replace("-0", "")


def test_a_difference_whose_interval_holds_zero_is_not_called_better() -> None:
    noise = np.random.default_rng(5).normal(0, 1, (2, 40))
    noise -= noise.mean(axis=1, keepdims=True)
    table = futures(lambda s, k, m: np.full(m.size, noise[s, k] + 0.02 * s), ("a", "b"), 40)
    chart = charts.differences(table, "wellbeing_gain")
    assert not chart.table.told_apart.iloc[0]
    assert chart.table.needed.iloc[0] > 40
    assert "cannot be told apart with 40 futures" in chart.summary
    assert "better in" not in chart.summary


def test_differences_leave_out_futures_that_a_scenario_lacks() -> None:
    table = TABLES["usual"]
    lacking = table[~((table.scenario == "hollow") & (table.replicate < 5))]
    chart = charts.differences(lacking, "wellbeing_gain", names=NAMES)
    assert list(chart.table.futures) == [25, 25, 25]


def test_worse_is_said_of_what_falls_where_higher_is_better() -> None:
    table = futures(lambda s, k, m: np.full(m.size, -s * (1.0 + k / 100)), ("a", "b"), 20)
    assert "b worse in 20 of 20 futures" in charts.differences(table, "wellbeing_gain").summary


def test_the_gap_says_in_how_many_futures_it_widens() -> None:
    table = futures(lambda s, k, m: (k - 9.5) * m / 1000, ("a",), replicates=30)
    chart = charts.gap(table, "wellbeing_gain")
    assert "wider than at the start in 10 of 30 futures with a" in chart.summary
    assert "gap narrows" in everything(chart)
    assert "gap widens" in everything(chart)


def test_a_share_is_shown_in_percent() -> None:
    table = TABLES["usual"].assign(member_share=lambda t: t["wellbeing_gain"].clip(0, 1))
    chart = charts.paths(table, "member_share", names=NAMES)
    assert "100 %" in everything(chart) or "50 %" in everything(chart)
    last = chart.table[chart.table.month == 120]
    assert chart.numbers.unit == "%"
    filed = chart.numbers.filed
    assert filed["centre"].tolist() == pytest.approx((chart.table["centre"] / 100).tolist())
    assert f"National and regional backbones {last.centre.iloc[2]:.0f} %" in chart.summary
    with pytest.raises(InputError, match=r"allowed is 0 to 1\.$"):
        charts.paths(table, "member_share", goal=80)


def test_rows_of_single_regions_are_left_out() -> None:
    table = TABLES["usual"]
    both = pd.concat(
        [
            table.assign(region="overall"),
            table.assign(region="Pohde", wellbeing_gain=99.0),
        ]
    )
    assert charts.paths(both, "wellbeing_gain").svg == charts.paths(table, "wellbeing_gain").svg


@given(st.lists(st.lists(st.floats(-5, 5) | st.just(math.nan), min_size=3, max_size=3), min_size=1))
def test_quantiles_leave_nan_out_as_numpy_does(rows: list[list[float]]) -> None:
    values = np.array(rows)
    found = quantiles(values, (0.0, 0.05, 0.5, 0.95, 1.0))
    for column in range(3):
        there = values[np.isfinite(values[:, column]), column]
        if there.size:
            expected = np.quantile(there, (0.0, 0.05, 0.5, 0.95, 1.0))
            np.testing.assert_allclose(found[:, column], expected, rtol=1e-9, atol=1e-12)
        else:
            assert np.isnan(found[:, column]).all()


# --- what is drawn -----------------------------------------------------------------------------


def test_one_future_is_drawn_without_a_band_and_says_so() -> None:
    chart = charts.paths(TABLES["one future"], "wellbeing_gain")
    assert "fill-opacity" not in chart.svg
    assert "One future only" in everything(chart)
    assert " to " not in chart.summary.split(".")[0]


def test_at_most_25_single_futures_are_drawn() -> None:
    chart = charts.paths(TABLES["usual"], "wellbeing_gain", names=NAMES)
    thin = [p for p in root(chart).iter(f"{SVG}path") if p.get("stroke-width") == ".8"]
    assert [path.get("d", "").count("M") for path in thin] == [25] * 4


def test_a_line_is_broken_where_there_is_no_value() -> None:
    chart = charts.paths(TABLES["gaps"], "wellbeing_gain", names=NAMES)
    lines = [
        p.get("d", "") for p in root(chart).iter(f"{SVG}path") if p.get("stroke-width") == "2.6"
    ]
    assert [line.count("M") for line in lines] == [3, 3, 0, 3]
    assert "no values" in everything(chart)


def test_scenarios_keep_their_look_by_their_place() -> None:
    chart = charts.paths(TABLES["many scenarios"], "wellbeing_gain")
    lines = [p for p in root(chart).iter(f"{SVG}path") if p.get("stroke-width") == "2.6"]
    looks = [(line.get("class"), line.get("stroke-dasharray")) for line in lines]
    assert len(set(looks)) == len(looks) == 13
    assert looks[0] == ("l0", None)
    assert len(set(DASHES)) == len(set(MARKERS)) == len(SERIES_LIGHT) == len(SERIES_DARK)


def luminance(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(luminance(c) @ weights) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "series"), [(LIGHT, SERIES_LIGHT), (DARK, SERIES_DARK)])
def test_colours_stand_out_from_their_paper(theme: dict[str, str], series: tuple[str, ...]) -> None:
    assert min(contrast(colour, theme["paper"]) for colour in series) >= 3
    assert min(contrast(theme[use], theme["paper"]) for use in ("ink", "quiet")) >= 4.5
    assert contrast(theme["axis"], theme["paper"]) >= 3


# Machado, Oliveira & Fernandes 2009, severity 1; the identity for usual sight.
SIGHT = {
    "usual": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip


def oklab(linear: np.ndarray) -> np.ndarray:
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    ) @ np.clip(linear, 0, 1)
    return np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                     [1.9779984951, -2.4285922050, 0.4505937099],
                     [0.0259040371, 0.7827717662, -0.8086757660]]) @ np.cbrt(cones)  # fmt: skip


@pytest.mark.parametrize("series", [SERIES_LIGHT, SERIES_DARK])
@pytest.mark.parametrize("sight", SIGHT)
def test_the_first_four_colours_differ_for_every_eye(series: tuple[str, ...], sight: str) -> None:
    seen = [oklab(SIGHT[sight] @ luminance(colour)) for colour in series[:4]]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 0.05


def test_one_string_serves_both_themes_and_a_chosen_theme_stays() -> None:
    auto, light, dark = (
        charts.paths(TABLES["usual"], "wellbeing_gain", theme=theme).svg
        for theme in ("auto", "light", "dark")
    )
    assert LIGHT["paper"] in auto
    assert DARK["paper"] in auto
    assert "prefers-color-scheme:dark" in auto
    assert "prefers-color-scheme" not in light + dark
    assert DARK["paper"] not in light
    assert LIGHT["paper"] not in dark


def test_styles_of_a_chart_reach_no_other_on_the_same_page() -> None:
    one = charts.paths(TABLES["usual"], "wellbeing_gain", theme="light")
    other = charts.paths(TABLES["usual"], "wellbeing_gain", theme="dark")
    assert root(one).get("id") != root(other).get("id")
    for chart in (one, other):
        style = next(root(chart).iter(f"{SVG}style")).text or ""
        rules = re.findall(r"([^{}]+)\{[^{}]*\}", style)
        assert all(rule.startswith(f"#{root(chart).get('id')} .") for rule in rules)


def test_events_stand_under_the_axis_and_in_the_summary() -> None:
    chart = charts.paths(TABLES["usual"], "wellbeing_gain", names=NAMES, events=EVENTS)
    words = everything(chart)
    for said in ("Seed money ends", "Reform (Pohde)", "Missing sponsor: Sponsor leaves"):
        assert said in words
    assert "seed money ends after 5 years" in chart.summary
    assert "sponsor leaves (Missing sponsor) after 66 months" in chart.summary
    shown = charts.paths(TABLES["usual"], "wellbeing_gain", names=["none", "money"], events=EVENTS)
    assert "Sponsor leaves" not in everything(shown)


def test_a_strip_stands_by_itself() -> None:
    chart = charts.strip(EVENTS, 120, names=NAMES)
    assert_reads_well(chart)
    assert list(chart.table.month) == sorted(EVENTS.month)
    empty = charts.strip(EVENTS[:0], 120)
    assert_reads_well(empty)
    assert "Nothing dated happens." in empty.summary


@given(
    st.lists(st.integers(0, 120), max_size=25),
    st.lists(st.text("abcdefghij ", min_size=1, max_size=60), min_size=25, max_size=25),
    st.sampled_from([320, 640]),
)
@settings(max_examples=60)
def test_words_of_events_never_lie_on_each_other(
    months: list[int], words: list[str], width: int
) -> None:
    events = pd.DataFrame({"month": months, "words": words[: len(months)]})
    assert_reads_well(charts.strip(events, 120, width=width))


def test_events_of_scenarios_become_one_table() -> None:
    plain = Scenario.load("national-and-regional")
    election = {"kind": "election", "month": 24}
    reform = {"kind": "reform", "month": 12, "region": "Pohde"}
    one = plain.with_(name="one", events=[election, reform])
    other = plain.with_(name="other", events=[election])
    table = charts.event_table([one, other])
    assert table.to_dict("records") == [
        {"scenario": "one", "month": 12, "region": "Pohde", "words": "Reform"},
        {"scenario": "", "month": 24, "region": "", "words": "Election"},
    ]
    assert not len(charts.event_table([plain]))


# --- network -----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 640])
@pytest.mark.parametrize("months", [[0], [0, 24], [0, 12, 24]])
def test_a_network_reads_well(
    network: tuple[pd.DataFrame, pd.DataFrame], months: list[int], width: int
) -> None:
    chart = charts.network(*network, months=months, title=NASTY, width=width)
    assert_reads_well(chart)
    assert list(chart.table.month) == months
    assert charts.network(*network, months=months, title=NASTY, width=width).svg == chart.svg


@pytest.mark.parametrize("ties", ["fixed", "forming"])
def test_the_network_counts_what_the_model_counts(ties: str) -> None:
    scenario = Scenario.load("national-and-regional", world="one-town").set({"ties": ties})
    model = CollectiveImpactModel(scenario, seed=2)
    tables = charts.network_tables(model, 0, [0, 30])
    chart = charts.network(*tables)
    members = model.recorder.values(["members"])["members"][[0, 30], 0]
    assert list(chart.table.members) == list(members)
    assert model.month == 30
    first, last = chart.table.to_dict("records")
    of = f"{last['members']} of {last['eligible']} eligible organisations take part"
    assert f"At the start {first['members']} of" in chart.summary
    assert f"After 30 months {of}" in chart.summary
    assert f"{last['active_ties']} active ties" in chart.summary


def test_no_two_organisations_stand_in_one_place(
    network: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    from cisim.show.charts.network import _places

    for communities, each, bodies in ((1, 1, 0), (1, 40, 1), (60, 4, 30), (3, 200, 6), (0, 0, 5)):
        count = communities * each + bodies
        organisations = pd.DataFrame(
            {
                "organisation": range(count),
                "community": np.repeat(np.arange(-1, communities), [bodies, *[each] * communities]),
            }
        )
        places = _places(organisations, 140.0)
        at = np.array([places.at[n] for n in range(count)])
        assert np.abs(at).max() <= 140.0
        away = np.linalg.norm(at[:, None] - at[None], axis=2) + np.eye(count) * 9
        assert away.min() > 0.7


# --- parts -------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0, 300), st.floats(5, 60)), min_size=1, max_size=9),
)
def test_labels_keep_clear_of_each_other_and_within_if_they_fit(
    labels: list[tuple[float, float]],
) -> None:
    wanted, heights = [w for w, _ in labels], [h for _, h in labels]
    high = max(300.0, sum(heights))
    centres = spread(wanted, heights, 0.0, high)
    spans = sorted((c - h / 2, c + h / 2) for c, h in zip(centres, heights, strict=True))
    assert spans[0][0] >= -1e-6
    assert spans[-1][1] <= high + 1e-6
    for one, other in itertools.pairwise(spans):
        assert one[1] <= other[0] + 1e-6


def test_a_label_that_is_free_stays_where_it_wants_to_be() -> None:
    assert spread([50.0, 200.0], [20.0, 20.0], 0.0, 300.0) == [50.0, 200.0]


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_an_axis_holds_its_numbers_and_has_some_ticks(one: float, other: float) -> None:
    axis = value_axis(one, other, 0.0, 100.0)
    assert axis.low <= min(one, other) <= max(one, other) <= axis.high
    assert 1 <= len(axis.ticks) <= 12
    assert all(axis.low <= tick <= axis.high for tick in axis.ticks)
    assert list(axis.ticks) == sorted(set(axis.ticks))


def test_ticks_are_round() -> None:
    assert [round_step(extent, 5) for extent in (1, 0.7, 23, 1e-6)] == [0.2, 0.2, 5, 2e-7]
    assert value_axis(0, 1, 0, 1).ticks == (0, 0.2, 0.4, 0.6, 0.8, 1)
    assert [tick.words for tick in time_ticks(0, 120)] == ["0", "2", "4", "6", "8", "10 years"]
    assert [tick.words for tick in time_ticks(0, 12)] == [
        "0",
        "2",
        "4",
        "6",
        "8",
        "10",
        "12 months",
    ]


def test_numbers_are_written_for_people() -> None:
    reading = Reading.of(0.0, 2.0, "points", False)
    assert reading.number(1.234) == "1.23"
    assert reading.number(-0.001) == "0.00"
    assert reading.number(-1.5) == "−1.50"
    assert reading.signed(0.5) == "+0.50"
    assert reading.signed(0.0) == "0.00"
    assert reading.number(math.nan) == "–"
    assert Reading.of(0, 3e6, "children", False).axis == "× 10⁶ children"
    assert Reading.of(0, 3e6, "children", False).number(2.5e6) == "2.5"
    assert Reading.of(0, 40, "", True).number(35.2) == "35 %"
    assert Reading.of(0, 5000, "", False).number(1234.0) == "1,234"


def test_long_words_are_wrapped_and_shortened() -> None:
    for words in ("National and regional backbones with a university", "x" * 200, "短" * 80, ""):
        lines = wrap(words, 120, 15, 2, True)
        assert 1 <= len(lines) <= 2
        assert all(measure(line, 15, True) <= 120 for line in lines)
    assert wrap("Same money", 120, 15) == ("Same money",)
    assert wrap("national-and-regional", 130, 15, 2, True) == ("national-and-", "regional")


def test_names_that_differ_at_their_ends_look_different() -> None:
    start = "A scenario of a very long name that goes on and on in "
    one, other, third = wrap_apart([start + "Pohde", start + "Soite", "Third"], 130, 15)
    assert one != other
    assert one[-1].endswith("Pohde")
    assert third == ("Third",)


@pytest.mark.parametrize("code", languages())
def test_names_of_what_is_compared_first_are_whole_beside_the_network(code: str) -> None:
    with speaking(code):
        titles = {name: scenario_of(name).title for name in FIRST}
        table = futures(luck, FIRST)
        chart = charts.paths(
            table, "wellbeing_gain", names=titles, width=USUAL.width, room=USUAL.room
        )
    said = [
        "".join(one.itertext())
        for one in ET.fromstring(chart.svg).iter(f"{SVG}text")
        if one.get("class") == "label ink"
    ]
    assert sorted(" ".join(said).split()) == sorted(" ".join(titles.values()).split())


@pytest.mark.parametrize("code", languages())
def test_the_name_of_what_is_explored_is_whole_beside_the_network(code: str) -> None:
    with speaking(code):
        title = looked_at(Look(view="explore", world="one-town")).title
        names, table = {FIRST[1]: title}, futures(luck, FIRST[1:2])
        chart = charts.paths(
            table, "wellbeing_gain", names=names, width=USUAL.width, room=USUAL.room
        )
    said = [
        "".join(one.itertext())
        for one in ET.fromstring(chart.svg).iter(f"{SVG}text")
        if one.get("class") == "label ink"
    ]
    assert " ".join(said) == title


def test_an_outcome_is_shown_in_its_own_words() -> None:
    shown = outcome_shown("gap_primary")
    assert shown.title == "Gap between deprived and affluent communities"
    assert shown.words.startswith("Gain of deprived")
    for outcome in OUTCOMES.values():
        assert outcome_shown(outcome) == outcome_shown(outcome.name)
    unknown = outcome_shown("my_own_column")
    assert (unknown.title, unknown.unit, unknown.better) == ("My own column", "", "")


def test_the_small_print_names_version_futures_seed_and_key() -> None:
    words = charts.small_print(100, 1, "abc123")
    assert re.fullmatch(r"cisim \d+\.\d+\.\d+ · 100 futures · seed 1 · key abc123", words)
    assert words in everything(charts.paths(TABLES["usual"], "wellbeing_gain", footer=words))


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda t: charts.paths(t.drop(columns="month"), "wellbeing_gain"), "no column month"),
        (lambda t: charts.paths(t, "wellbeing_gian"), "Did you mean wellbeing_gain?"),
        (lambda t: charts.paths(t[:0], "wellbeing_gain"), "no rows"),
        (lambda t: charts.paths(pd.concat([t, t]), "wellbeing_gain"), "two rows"),
        (lambda t: charts.paths(t, "wellbeing_gain", names=["hallow"]), "Did you mean hollow?"),
        (lambda t: charts.paths(t, "wellbeing_gain", names=["none", "none"]), "once"),
        (lambda t: charts.paths(t, "wellbeing_gain", goal=101), "-100 to 100"),
        (lambda t: charts.paths(t, "wellbeing_gain", goal=math.nan), "goal"),
        (lambda t: charts.paths(t, "wellbeing_gain", theme="blue"), "auto, light, dark"),
        (lambda t: charts.paths(t, "wellbeing_gain", centre="mode"), "median or mean"),
        (lambda t: charts.paths(t, "wellbeing_gain", width=10), "300 to 4000"),
        (lambda t: charts.paths(t, "wellbeing_gain", events=t), "no column words"),
        (lambda t: charts.dots(t, "wellbeing_gain", month=121), "0 to 120"),
        (lambda t: charts.differences(t, "wellbeing_gain", names=["none"]), "two or more"),
        (lambda t: charts.differences(t, "wellbeing_gain", against="nobody"), "nobody"),
        (lambda t: charts.network(t, t), "no column organisation"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    draw: Callable[[pd.DataFrame], Chart], said: str
) -> None:
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        draw(TABLES["few futures"])
    assert "\n" not in str(caught.value)


def test_a_network_of_months_or_regions_that_are_not_there_is_refused(
    network: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    with pytest.raises(InputError, match="0, 12 and 24"):
        charts.network(*network, months=[5])
    model = CollectiveImpactModel(Scenario.load("no-backbone", world="one-town", months=3), seed=1)
    with pytest.raises(InputError, match="there is no region"):
        charts.network_tables(model, "Atlantis")
    with pytest.raises(InputError, match="or later"):
        charts.network_tables(model.run(2), 0, [1])
