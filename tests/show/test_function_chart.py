"""The matrix of functions of leadership, and functions that nobody holds in report and page."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from cisim.lab.compare import compare
from cisim.model.input_error import InputError
from cisim.model.outcomes import FUNCTIONS
from cisim.show.charts import LEADING, function_table, functions
from cisim.show.report import KEPT, report
from cisim.world.scenario import Scenario


def made_up(years: int = 4, **levels: float) -> pd.DataFrame:
    return pd.DataFrame(
        [("one", year, name, levels.get(name, 0.5)) for year in range(years) for name in FUNCTIONS],
        columns=["scenario", "year", "function", "level"],
    )


@pytest.mark.parametrize("width", [300, 390, 640])
def test_a_cell_for_each_year_and_function_and_a_broken_edge_where_nobody_exercises_it(
    width: int,
) -> None:
    chart = functions(made_up(initiator=0.0, broker=1.0), names={"one": "First"}, width=width)
    assert chart.svg.count("stroke-dasharray") == 4
    assert chart.summary.endswith("First: nobody ever exercises Initiator.")
    assert "1 by nobody" in chart.svg
    heights = [float(one) for one in re.findall(r'height="([\d.]+)" class="s', chart.svg)]
    assert len(heights) == 4 * (len(FUNCTIONS) - 1)
    assert sorted(set(heights)) == [8.5, 17.0]
    boxes = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', chart.svg)
    right = [float(x) + float(wide) for x, wide in boxes]
    assert max(right) <= width


def test_all_that_are_exercised_are_said_to_be() -> None:
    assert functions(made_up()).summary.endswith("one: all are exercised at some time.")


@pytest.mark.parametrize("table", [made_up().drop(columns="level"), made_up()[:0]])
def test_a_table_that_lacks_something_is_refused(table: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="the table of functions has no"):
        functions(table)


def test_the_report_has_the_matrix_and_names_what_nobody_holds() -> None:
    scenarios = [
        Scenario.load(name).with_(world="test-region", months=24)
        for name in ("no-backbone", "regional-only")
    ]
    found = compare(scenarios, 2, 1, outcomes=[*KEPT, *LEADING])
    table = function_table(found.ensembles.values())
    assert sorted(set(table["year"])) == [0, 1, 2]
    mine = table[(table["scenario"] == "regional-only") & (table["year"] == 2)]
    level = mine.set_index("function")["level"]
    assert level["catalyst"] == 0.0 < level["implementor"]
    series = found.ensembles["regional-only"].summary(at=24, outcomes=["function_implementor"])
    assert level["implementor"] == pytest.approx(series["mean"].iloc[0])
    page = report(found)
    assert "Which functions of leadership are exercised" in page
    assert "Functions that nobody holds: initiator (carried by futures), catalyst" in page
    without = report(compare(scenarios, 2, 1, outcomes=KEPT))
    assert "Which functions of leadership are exercised" not in without
