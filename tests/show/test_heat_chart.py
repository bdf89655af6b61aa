"""The map of a study: every cell is there, can be opened, and says what it is."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cisim.lab.analyses import Question
from cisim.lab.cells import Cells, Side
from cisim.model.input_error import InputError
from cisim.show.charts import Chart, heat
from cisim.show.language.spoken import speaking


def cells(means: list[list[float]], outcome: str = "wellbeing_gain", against: str = "") -> Cells:
    values = np.array(means)
    across = tuple(float(k) for k in range(values.shape[1]))
    upward = tuple(float(k) for k in range(values.shape[0]))
    return Cells(
        Question(outcome, "a", against, 60, "overall"),
        Side("national_fte", across, across),
        Side("regional_fte", upward, upward),
        values,
        np.isfinite(values).astype(np.int64),
        np.where(np.isfinite(values), 0, -1),
        np.zeros(values.shape, np.int64),
    )


def cell(chart: Chart, across: int, upward: int) -> str:
    """Return the markup of a cell."""
    found = re.search(rf'<g class="cell" data-cell="{across} {upward}">.*?</g>', chart.svg)
    assert found
    return found[0]


def test_each_cell_says_where_it_is_and_what_it_holds() -> None:
    chart = heat(cells([[0.5, 1.0], [1.5, 2.0]]), names={"national_fte": "National staff"})
    assert len(re.findall("data-cell", chart.svg)) == 4
    assert "National staff 1, regional_fte 0: 1.00" in cell(chart, 1, 0)
    assert 'stroke-width="2.6"' in cell(chart, 1, 1)  # the best
    assert "Highest: National staff 1, regional_fte 1: 2.00" in chart.summary
    assert list(chart.table.iloc[3])[2:] == [2.0, 1]


def test_below_zero_has_another_colour_and_a_broken_edge() -> None:
    chart = heat(cells([[-1.0, 0.5]], against="b"))
    assert 'class="s1 axis-line"' in cell(chart, 0, 0)
    assert "stroke-dasharray" in cell(chart, 0, 0)
    assert "−1.00" in cell(chart, 0, 0)
    assert 'class="s0"' in cell(chart, 1, 0)
    assert "+0.50" in cell(chart, 1, 0)


def test_an_empty_cell_cannot_be_opened_and_an_empty_map_is_refused() -> None:
    chart = heat(cells([[np.nan, 0.5]]))
    assert 'data-cell="0 0"' not in chart.svg
    with pytest.raises(InputError, match="no cell"):
        heat(cells([[np.nan]]))


def test_less_is_better_where_the_outcome_says_so() -> None:
    chart = heat(cells([[3.0, 1.0]], "service_forgone"))
    assert 'stroke-width="2.6"' in cell(chart, 1, 0)


def test_it_speaks_finnish() -> None:
    with speaking("fi"):
        chart = heat(cells([[0.5, 1.0]]))
    assert "Paras:" in chart.summary
    assert "0,50" in cell(chart, 0, 0)
    assert "Best" not in chart.svg
