"""What a difference hangs on, drawn: every future a dot, and where the order turns."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cisim.lab.hanging import Along
from cisim.model.quantity import Anchor
from cisim.show.charts import along
from cisim.world.ranges import Range
from tests.show.test_charts import NASTY, assert_reads_well, everything

HALF = np.exp(np.linspace(math.log(0.15), math.log(3.0), 60))
APART = np.log(1.1 / HALF)
FOUND = Along(
    scenario="both",
    against="money",
    outcome="wellbeing_gain",
    over=Range("effort_half", 0.15, 3.0, log=True),
    meaning="The joint work that gives half of what joint work could ever give.",
    unit="FTE/1000 children",
    anchors=(Anchor(3.0, "the best evaluated programme"), Anchor(9.0, "beyond the axis")),
    default=0.5,
    values=HALF,
    differences=APART,
    better=(APART > 0.0).astype(np.float64),
    turn=1.1,
    low=1.0,
    high=1.3,
)
NO_TURN = replace(FOUND, turn=math.nan, low=math.nan, high=math.nan, better=np.ones(60))


@pytest.mark.parametrize("width", [320, 390, 640, 900])
@pytest.mark.parametrize("found", [FOUND, NO_TURN])
def test_it_reads_well_at_every_width(found: Along, width: int) -> None:
    chart = along(found, width=width, footer="key abc123", when="after 10 years")
    assert_reads_well(chart)
    assert "key abc123" in everything(chart)
    assert chart.svg.count("<circle") == 60
    assert "…" not in chart.svg.partition("Dots:")[2]


@pytest.mark.parametrize("name", NASTY)
def test_names_are_only_names(name: str) -> None:
    assert_reads_well(along(FOUND, names={"both": name, "money": "Same money"}))


def test_default_anchor_and_turn_are_marked_and_what_lies_beyond_is_not() -> None:
    said = everything(along(FOUND))
    assert "default: 0.5" in said
    assert "3: the best evaluated programme" in said
    assert "turns near 1.1" in said
    assert "beyond the axis" not in said
    assert "turns near" not in everything(along(NO_TURN))


def test_a_dot_stands_where_its_future_is() -> None:
    def heights(found: Along) -> list[float]:
        svg = along(found, width=640).svg
        return [float(one.split('cy="')[1].split('"')[0]) for one in svg.split("<circle")[1:]]

    assert heights(FOUND) == sorted(heights(FOUND))  # down the page as the difference falls
    flipped = replace(FOUND, differences=APART[::-1].copy())
    assert heights(flipped) == sorted(heights(flipped), reverse=True)


def test_the_table_has_six_parts_with_their_futures() -> None:
    table = along(FOUND).table
    assert table["n"].sum() == 60
    assert table["better"].tolist() == [1.0] * 4 + [0.0] * 2
