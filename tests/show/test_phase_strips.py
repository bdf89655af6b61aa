"""Phases under a time axis: months have the phase of most futures, in shading and in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.lab.ensemble import Ensemble
from cisim.lab.simulate import simulate
from cisim.model.input_error import InputError
from cisim.model.outcomes import PHASES
from cisim.show.charts import gap, paths, phase_table
from cisim.world.calendar import Calendar

BASE = cisim.Scenario.load("national-and-regional", world="test-region", months=12)
CODE = {word: code for code, word in enumerate(PHASES)}


@pytest.fixture(scope="module")
def run() -> Ensemble:
    return simulate(BASE, 4, 1, seed=2, outcomes=["phase", "wellbeing_gain"], by_region=True)


def with_phases(ensemble: Ensemble, phases: list[list[str]]) -> Ensemble:
    """Return an ensemble with these phases, (futures, months), everywhere."""
    values = ensemble.values.copy()
    codes = np.array([[CODE[word] for word in row] for row in phases], float)
    values[..., ensemble.outcomes.index("phase")] = codes[:, :, None]
    return replace(ensemble, values=values)


def test_a_month_has_the_phase_of_most_futures(run: Ensemble) -> None:
    many = ["before"] * 2 + ["initiation"] * 5 + ["run"] * 6
    late = ["before"] * 4 + ["initiation"] * 9
    table = phase_table([with_phases(run, [many, many, many, late])])
    assert table[["start", "end", "phase"]].to_numpy().tolist() == [
        [0, 2, "before"], [2, 7, "initiation"], [7, 13, "run"],
    ]  # fmt: skip
    shares = table["share"].tolist()
    assert shares == pytest.approx([1.0, (2 * 0.75 + 3) / 5, 0.75])
    half = phase_table([with_phases(run, [many, many, late, late])])
    assert half["phase"].tolist() == ["before", "initiation"]  # the earlier of two as frequent


def test_regions_have_their_own_and_what_has_not_kept_phases_has_none(run: Ensemble) -> None:
    region = BASE.world.regions[0].name
    by_hand = run.values[:, :, run.regions.index(region), run.outcomes.index("phase")]
    table = phase_table([run], region)
    for row in table.to_dict("records"):
        for month in range(row["start"], row["end"]):
            most = np.bincount(by_hand[:, month].astype(int), minlength=len(PHASES)).argmax()
            assert PHASES[most] == row["phase"]
    other = simulate(BASE, 2, 1, seed=2, outcomes=["wellbeing_gain"])
    assert phase_table([other]).empty
    drawn = paths(other.series, "wellbeing_gain", phases=phase_table([other]))
    assert drawn.svg == paths(other.series, "wellbeing_gain").svg


STAGES = pd.DataFrame(
    [
        ("a", 0, 3, "before"), ("a", 3, 10, "initiation"), ("a", 10, 60, "run"),
        ("a", 60, 70, "re-design"), ("a", 70, 121, "dormant"), ("b", 0, 121, "initiation"),
    ],
    columns=["scenario", "start", "end", "phase"],
)  # fmt: skip


def series(outcome: str, *scenarios: str) -> pd.DataFrame:
    months = np.arange(121)
    parts = [
        pd.DataFrame(
            {"scenario": name, "replicate": n, "month": months, outcome: months * 0.01 + n}
        )
        for name in scenarios
        for n in range(3)
    ]
    return pd.concat(parts, ignore_index=True)


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)</text>", svg)


@pytest.mark.parametrize("width", [640, 390])
@pytest.mark.parametrize(("draw", "outcome"), [(paths, "wellbeing_gain"), (gap, "gap_primary")])
def test_phases_are_shaded_named_and_said(draw: Any, outcome: str, width: int) -> None:
    table = series(outcome, "a", "b")
    plain = draw(table, outcome, names={"a": "A", "b": "B"}, width=width)
    chart = draw(table, outcome, names={"a": "A", "b": "B"}, phases=STAGES, width=width)
    told = words(chart.svg)
    assert "Phase of most futures:" in told
    assert set(PHASES) <= set(told)  # the key
    assert told.count("run") == 2  # its stretch has room
    assert chart.time == plain.time
    assert (
        "Phases of most futures begin: A before at the start, initiation after 3 months, "
        "run after 10 months" in chart.summary
    )
    assert "B initiation at the start." in chart.summary
    by_month = chart.table[chart.table["scenario"] == "A"].set_index("month")["phase"]
    assert by_month.loc[[0, 12, 48, 60, 72, 120]].tolist() == [
        "before", "run", "run", "re-design", "dormant", "dormant",
    ]  # fmt: skip
    assert "phase" not in plain.table.columns


def test_phases_that_nobody_is_in_are_not_in_the_key() -> None:
    chart = paths(series("wellbeing_gain", "b"), "wellbeing_gain", phases=STAGES)
    told = words(chart.svg)
    assert "initiation" in told
    assert not {"run", "re-design", "dormant", "before"} & set(told)


def test_phases_begin_at_dates_where_there_are_some() -> None:
    chart = paths(
        series("wellbeing_gain", "a"), "wellbeing_gain", phases=STAGES,
        calendar=Calendar("2026-01"),
    )  # fmt: skip
    assert "run in November 2026" in chart.summary


def test_a_table_of_phases_that_lacks_a_column_is_refused() -> None:
    with pytest.raises(InputError, match="the table of phases has no column phase"):
        paths(series("wellbeing_gain", "a"), "wellbeing_gain", phases=STAGES.drop(columns="phase"))
