"""The table of who carries which function of leadership, lit at one moment."""

from __future__ import annotations

import re

import pytest

import cisim
from cisim.lab.compare import compare
from cisim.show.charts import CARRYING, keeper_table, keepers
from cisim.show.charts.keepers import KEEPERS
from cisim.show.language.spoken import speaking
from cisim.show.language.texts import say
from cisim.world.functions import usual


@pytest.fixture(scope="module")
def both() -> cisim.Comparison:
    scenarios = [
        cisim.Scenario.load(name, world="test-region", months=25)
        for name in ("no-backbone", "national-and-regional")
    ]
    return compare(scenarios, 2, 1, outcomes=CARRYING, at=[0, 12, 24, 25])


def test_each_function_is_with_those_who_keep_it_in_table_3(both: cisim.Comparison) -> None:
    table = keeper_table(both.ensembles.values())
    mine = table[table["scenario"] == "national-and-regional"]
    found = mine.groupby("function")["keeper"].apply(set).to_dict()
    assert found["initiator"] == {"national"}
    assert found["champion"] == {"national", "regional"}
    assert found["sponsor"] == {"sponsors"}
    assert found["implementor"] == {"regional"}
    assert set(found) == set(usual().holders)


def test_a_cell_is_as_full_as_the_function_is_exercised_in_that_year(
    both: cisim.Comparison,
) -> None:
    ensemble = both.ensembles["national-and-regional"]
    for month, row, when in ((None, 24, "after 2 years"), (13, 12, "after 1 year"),
                             (3, 0, "at the beginning")):  # fmt: skip
        table = keeper_table([ensemble], month)
        assert set(table["when"]) == {when}
        level = table.set_index("function")["level"]["initiator"]
        assert level == pytest.approx(ensemble.at("function_initiator", row).mean())


def test_a_level_that_is_not_there_is_not_lit_by_what_the_other_does() -> None:
    def lit(name: str, month: int = 12) -> dict[tuple[str, str], float]:
        scenario = cisim.Scenario.load(name, world="one-town", months=24)
        seen = cisim.simulate(scenario, 2, 1, outcomes=CARRYING)
        rows = keeper_table([seen], month)
        return rows.set_index(["function", "keeper"])["level"].to_dict()

    alone = lit("regional-only")
    assert alone["champion", "regional"] > 0.0
    assert alone["champion", "national"] == 0.0
    led = lit("national-only")  # a member that leads stands in for the region
    assert led["champion", "national"] == led["champion", "regional"] > 0.0
    left = lit("no-backbone")
    assert left["champion", "regional"] > 0.0
    assert left["champion", "national"] == left["initiator", "national"] == 0.0


@pytest.mark.parametrize("width", [300, 480])
def test_it_draws_a_cell_for_each_keeper_and_a_broken_edge_for_nobody(
    both: cisim.Comparison, width: int
) -> None:
    table = keeper_table(both.ensembles.values())
    chart = keepers(table, names={"no-backbone": "None", "national-and-regional": "Both"},
                    width=width)  # fmt: skip
    idle = int((~(table["level"] > 0.0)).sum())
    assert chart.svg.count("stroke-dasharray") == idle > 0
    assert len(re.findall(r'fill="none"', chart.svg)) >= len(table)
    assert "None: nobody exercises Initiator" in chart.summary
    assert "Both: all are exercised." in chart.summary
    boxes = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', chart.svg)
    assert max(float(x) + float(wide) for x, wide in boxes) <= width
    assert set(chart.table["keeper"]) <= {say(f"charts.keeper_{one}") for one in KEEPERS}


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_title_and_heads_are_whole_on_a_phone(both: cisim.Comparison, code: str) -> None:
    with speaking(code):
        chart = keepers(keeper_table(both.ensembles.values()), width=390)
    shown = " ".join(re.findall(r">([^<>]+)<", chart.svg))
    assert "…" not in shown


def test_a_function_that_a_table_gives_to_nobody_has_a_row_without_a_cell() -> None:
    scenario = cisim.Scenario.load("regional-only", world="test-region", months=12).with_(
        structure_changes={
            "functions": {name: [] for name in usual().holders} | {"broker": ["lead"]}
        }
    )
    seen = cisim.simulate(scenario, 1, 1, outcomes=CARRYING)
    table = keeper_table([seen])
    nobody = table[table["keeper"] == ""]
    assert set(nobody["function"]) == set(usual().holders) - {"broker"}
    chart = keepers(table, width=400)
    assert "nobody exercises Initiator" in chart.summary
    assert set(chart.table[chart.table["function"] == "Catalyst"]["keeper"]) == {"nobody"}
