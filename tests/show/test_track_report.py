"""Charts and report of a tracked partnership say what was found, and nothing where nothing fits."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab.reported import read_report
from cisim.lab.tracking import Figure, Tracked
from cisim.lab.verify import verify
from cisim.model.outcomes import OUTCOMES
from cisim.show.charts import telling, tracked
from cisim.show.report import track_report, write_report
from cisim.world.scenario import Scenario

FIGURES = (
    Figure("members", 3, 10.0, 2.0, 3.0),
    Figure("members", 6, 12.0, 2.0, 3.0),
    Figure("trust_survey", 6, 0.7, 0.1, 0.2),
)


@cache
def found(**changes: Any) -> Tracked:
    """Return a partnership of made-up futures: members, trust and wellbeing go with one number."""
    scenario = Scenario.load("regional-only", world="one-town", months=24).believing("plausible")
    outcomes = tuple(OUTCOMES)
    n, months = 60, np.arange(25.0)
    belief = np.linspace(-1.0, 1.0, n)[:, None]
    values = np.zeros((n, 25, 1, len(outcomes)))
    for name, row in (
        ("members", 6.0 + months * (1.0 + belief)),
        ("trust_survey", 0.7 + 0.1 * belief + 0.0 * months),
        ("wellbeing_gain", belief * months / 24.0),
        ("load", 0.2 + 0.1 * belief**2 + 0.0 * months),
    ):
        values[:, :, 0, outcomes.index(name)] = row
    values[:, :4, 0, outcomes.index("trust_survey")] = np.nan
    given: dict[str, Any] = {
        "scenario": scenario, "figures": FIGURES, "outcome": "wellbeing_gain",
        "outcomes": outcomes, "regions": ("overall",), "values": values,
        "seeds": np.arange(1, n + 1), "watching": ("members", "trust_survey", "load"),
        "within": 12, "tolerance": 0.3, "wanted": 20, "most": 600, "asked": n,
    }  # fmt: skip
    return Tracked(**{**given, **changes})


def wrong() -> Tracked:
    return found(figures=(Figure("members", 6, 90.0, 0.5, 0.5),))


@pytest.mark.parametrize("width", [390, 640])
def test_a_fan_shows_before_and_now_and_each_figure_with_its_error(width: int) -> None:
    chart = tracked(found(), "members", width=width)
    assert chart.svg.count("<circle") == 3  # of the legend, and two figures
    assert chart.svg.count('stroke-width="2.2"') == 2  # their error
    assert chart.svg.count('fill-opacity=".30"') == 2  # of the legend, and the band
    table = chart.table.set_index("month")
    assert table.loc[6, "observed"] == 12.0
    assert np.isnan(table.loc[12, "observed"])
    forecast = found().forecast(["members"]).set_index("month")
    assert table.loc[24, "q05"] == pytest.approx(forecast.loc[24, "q05"])
    assert forecast.loc[24, "q95"] < forecast.loc[24, "before_q95"]
    assert "2 figures were observed" in chart.summary
    assert chart.time is not None
    assert 'x="nan"' not in chart.svg


def test_a_fan_of_what_is_undefined_at_first_begins_later() -> None:
    chart = tracked(found(), "trust_survey")
    assert "nan" not in re.sub(r"<(title|desc).*?</\1>", "", chart.svg)
    assert pd.isna(chart.table.set_index("month").loc[0, "q50"])


def test_of_hardly_any_future_no_band_of_now_is_drawn() -> None:
    exact = (Figure("members", 3, 10.0, 0.01, 0.01), Figure("members", 6, 12.0, 0.01, 0.01))
    few = found(figures=exact)
    assert not few.counted
    chart = tracked(few, "members")
    assert 'class="l0"' not in chart.svg
    assert 'fill-opacity=".38"' in chart.svg  # what was believed before
    assert chart.table[["q05", "q50", "q95"]].isna().all(axis=None)
    assert "not to be told as believed now" in chart.summary
    assert "too few count" in " ".join(re.sub("<[^>]*>", " ", chart.svg).split())
    assert "coloured" not in chart.svg
    assert few.forecast(["members"])["q50"].notna().all()  # which the chart leaves as it is


def test_what_would_tell_most_has_the_longest_bar() -> None:
    chart = telling(found())
    best = found().best_to_watch()
    assert best.iloc[0]["outcome"] in ("members", "trust_survey")
    assert best.set_index("outcome").loc["load", "tells"] < 0.3
    assert chart.table["tells"].iloc[0] == pytest.approx(100.0 * best["tells"].iloc[0])
    assert "What to watch next" in chart.summary
    assert "too few futures count" in telling(found(watching=())).svg


def test_the_first_page_answers_and_the_rest_stands_behind_it() -> None:
    page = track_report(found(), command="cisim track x --observed seen.csv")
    first = page.split("<nav")[0]
    for sentence in found().sentences():
        assert sentence.replace("'", "&#39;") in first
    assert "The model fits" in first
    assert "Members" in first
    for heading in ("Whether the model fits", "What is to come", "What was learnt",
                    "What to watch next", "What this cannot say", "Run it again"):  # fmt: skip
        assert f">{heading}</h2>" in page
    assert "cisim track x --observed seen.csv" in page
    assert "{{" not in page
    assert "wellbeing_gain" not in first
    assert not re.search(r'(src|href)="(?!#)', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert page == track_report(found(), command="cisim track x --observed seen.csv")


def test_the_title_names_the_place_once() -> None:
    def title(of: Scenario) -> str:
        return re.findall(r"<h1[^>]*>(.*?)</h1>", track_report(replace(found(), scenario=of)))[0]

    here = found().scenario
    assert title(here).endswith("Regional backbones only, One town")
    named = here.with_(title="Regional backbones only: One town")  # as the page calls it
    assert title(named).endswith("Regional backbones only: One town")


def test_where_no_future_fits_that_is_the_page() -> None:
    page = track_report(wrong())
    first = page.split("<nav")[0]
    assert "No future fits" in first
    assert "90.0" in first
    assert "What is to come" not in page
    assert "What to watch next" not in page


def test_a_report_of_real_runs_is_sealed_and_its_runs_are_verified(tmp_path: Path) -> None:
    scenario = Scenario.load("regional-only", world="one-town", months=6)
    seen = [{"outcome": "members", "month": 3, "value": 10, "error": 3}]
    other = Scenario.load("no-backbone", world="one-town", months=6)
    mine = cisim.track(scenario, seen, replicates=3, most=3, workers=1, against=other)
    file = write_report(tmp_path / "track.html", track_report(mine))
    said = read_report(file)
    assert said.wrong == ""
    assert list(said.hashes) == ["regional-only", "no-backbone"]
    looked = verify(file, 2, 1)
    assert [run.wrong for run in looked.runs] == ["", ""]
    file.write_text(file.read_text("utf-8").replace("The model fits", "The model fitz"), "utf-8")
    assert "is not what was written" in read_report(file).wrong
    data = re.search(r'id="scenarios">(.*?)</script>', track_report(mine))
    assert data
    assert json.loads(data[1])["observed"][0]["value"] == 10
