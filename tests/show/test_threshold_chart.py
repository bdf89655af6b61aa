"""The chart of a threshold: its curve, its goal, and what is marked on the axis."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.lab.goal import Goal
from cisim.lab.threshold import Threshold
from cisim.lab.turning import Scale
from cisim.lab.varied import find_varied
from cisim.show.charts import Chart, threshold
from cisim.show.charts.lying import ticks
from tests.show.test_charts import NASTY, assert_reads_well, everything

TOWN = [
    cisim.Scenario.load(name, world="one-town") for name in ("same-money", "national-and-regional")
]
SHARE = Goal("wellbeing_gain", True, 0.5, 0.9)


def made_up(
    vary: str = "effort_half",
    goal: Goal = SHARE,
    by_order: bool = False,
    low: float | None = None,
    high: float | None = None,
    slope: float = -0.6,
) -> Threshold:
    varied = find_varied(vary, TOWN)
    scale = varied.scale(low, high)
    values = np.array(scale.points(9))
    luck = np.random.default_rng(1).normal(scale=0.1, size=40)
    place = np.array([scale.share(value) for value in values])
    one = 1.0 + slope * place[:, None] + luck
    other = np.full_like(one, 0.7) + 0.5 * luck
    return Threshold(
        vary=varied,
        scale=scale,
        scenarios=tuple(TOWN),
        goal=goal,
        by_order=by_order,
        points=9,
        values=values,
        outcomes=np.stack([one, other], axis=1),
        seeds=np.arange(40),
        asked=40,
    )


ALL = {
    "share of a parameter": made_up(),
    "mean": made_up(goal=Goal("wellbeing_gain", True, 0.5)),
    "order": made_up(by_order=True, goal=Goal("wellbeing_gain", True, 0.0)),
    "difference": made_up(goal=Goal("wellbeing_gain", True, 0.0, None, None, *(
        ("national-and-regional", "same-money")))),
    "months": made_up("seed_end", slope=-1.0),
    "posts": made_up("regional_fte", low=0.0, high=4.0, slope=1.0),
    "percent": made_up(goal=Goal("member_share", True, 0.5)),
    "flat": made_up(slope=0.0),
    "tiny": made_up(low=0.2, high=0.2001),
}  # fmt: skip


@pytest.mark.parametrize("width", [320, 390, 640, 900])
@pytest.mark.parametrize("kind", ALL)
def test_it_reads_well_at_every_width(kind: str, width: int) -> None:
    chart = threshold(ALL[kind], width=width, footer="cisim")
    assert_reads_well(chart)
    assert chart.svg == threshold(ALL[kind], width=width, footer="cisim").svg


def test_nasty_names_are_escaped() -> None:
    names = {TOWN[0].name: NASTY, TOWN[1].name: "a" * 300}
    assert_reads_well(threshold(ALL["order"], names=names))


def test_the_default_the_anchor_the_plausible_range_and_the_goal_are_marked() -> None:
    chart = threshold(ALL["share of a parameter"])
    words = everything(chart)
    for said in ("default: 0.61", "3: parity with Communities That Care", "goal: 90 %", "turns at"):
        assert said in words
    assert "what may be believed, 0.5 to 9" in words
    assert "Futures with Children's wellbeing of at least 0.5 points of 100" in words.replace(
        "&#39;", "'"
    )
    zoomed = everything(threshold(made_up(low=0.7, high=1.0)))
    assert "parity" not in zoomed
    assert "default: 0.61" not in zoomed


def test_the_numbers_behind_it_are_those_of_the_table() -> None:
    found = ALL["share of a parameter"]
    chart: Chart = threshold(found)
    np.testing.assert_allclose(chart.table["estimate"], 100.0 * found.table()["estimate"])
    np.testing.assert_allclose(chart.numbers.filed["estimate"], found.table()["estimate"])
    assert all(sentence in chart.summary for sentence in found.sentences())


def test_ticks_are_round_and_within() -> None:
    assert ticks(Scale(0.15, 3.0, log=True)) == [0.2, 0.5, 1.0, 2.0]
    assert ticks(Scale(0.001, 1e6, log=True)) == [10.0**k for k in range(-3, 7)]
    assert ticks(Scale(0.0, 4.0)) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert ticks(Scale(0.0, 3.0, whole=True)) == [0.0, 1.0, 2.0, 3.0]
