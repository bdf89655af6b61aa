"""The bill: every figure is on a payer and a year, and the sum is all external money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cisim
from cisim.lab.bill import OWN
from cisim.lab.comparison import Comparison, join
from cisim.model.input_error import InputError
from cisim.show.bill_in_tables import bill_table, together, written
from cisim.show.charts import bill as chart

COUNTY = {"name": "County", "kind": "county", "year_price": 50_000.0}
POST = {"where": "regional", "fte": 1.0, "payer": "foundation", "until": 18}
GOES_ON = POST | {"after": {"takeover": "County", "share": 0.5}}


def paying(**changes: Any) -> cisim.Scenario:
    base = cisim.Scenario.load("no-backbone", world="one-town", months=30)
    levers = {"posts": [GOES_ON], "payers": [COUNTY]}
    return base.with_(name="paying", structure_changes=levers, **changes)


@pytest.fixture(scope="module")
def both() -> Comparison:
    plain = cisim.Scenario.load("no-backbone", world="one-town", months=30)
    return cisim.compare([plain, paying()], 4, 1, by_region=True)


def test_who_pays_what_in_which_year(both: Comparison) -> None:
    table = both.bill()
    mine = table[table["scenario"] == "paying"]

    def of(payer: str, column: str) -> list[float]:
        return [round(one, 9) for one in mine.loc[mine["payer"] == payer, column]]

    assert of("foundation", "fte_years") == [1.0, 0.5, 0.0]
    assert of("County", "fte_years") == [0.0, 0.25, 0.25]
    assert of("County", "money") == [0.0, 12_500.0, 12_500.0]
    assert of("foundation", "money") == [60_000.0, 30_000.0, 0.0]
    assert mine["label"].unique().tolist() == ["year 1", "year 2", "year 3"]
    assert set(mine.loc[~mine["external"], "kind"]) == {OWN}


def test_the_sum_over_payers_is_the_external_money(both: Comparison) -> None:
    for by_region in (False, True):
        table = both.bill(by_replicate=True, by_region=by_region)
        sums = table[table["external"]].groupby(["scenario", "replicate"])["fte_years"].sum()
        for name, one in both.ensembles.items():
            total = one.at("external_money_total")
            np.testing.assert_allclose(sums[name].to_numpy(), total, rtol=1e-13)


def test_it_is_told_over_the_futures_that_every_scenario_has(both: Comparison) -> None:
    plain = both.ensembles["no-backbone"].scenario
    fewer = cisim.simulate(plain, 2, 1)
    table = Comparison({"fewer": fewer, "paying": cisim.simulate(paying(), 4, 1)}).bill(
        by_replicate=True
    )
    assert table.groupby("scenario")["replicate"].unique().map(list).to_dict() == {
        "no-backbone": [0, 1],
        "paying": [0, 1],
    }
    assert table.index.is_unique


def test_years_are_calendar_years_where_the_world_has_a_start() -> None:
    world = paying().world.model_copy(update={"start": "2026-10"})
    table = cisim.simulate(paying(world=world), 1, 1).bill()
    mine = table[table["payer"] == "foundation"]
    assert mine["year"].tolist() == [2026, 2027, 2028, 2029]
    assert mine["label"].tolist() == ["2026", "2027", "2028", "2029"]
    assert mine["fte_years"].round(12).tolist() == [0.25, 1.0, 0.25, 0.0]


def test_parts_of_a_comparison_join_with_their_books() -> None:
    two = [paying(), paying().with_(name="other")]
    whole = cisim.compare(two, 4, 1).bill(by_replicate=True)
    parts = join(cisim.compare(two, 2, 1), cisim.compare(two, 2, 1, seed=3))
    assert parts.bill(by_replicate=True).equals(whole)


def test_a_table_adds_up_as_it_is_read(both: Comparison) -> None:
    table = bill_table(together(both.bill()), "paying")
    assert [name for name, _ in table.paid] == ["Foundation", "County", "Sponsors"]
    for place in range(len(table.heads)):
        assert sum(row[place] for _, row in table.paid) == pytest.approx(table.total[place])
        assert table.total[place] == round(table.total[place], 2)
    assert written(table)[3][0] == "all external money"


def test_a_chart_has_a_panel_a_scenario_and_the_numbers_of_the_bill(both: Comparison) -> None:
    table = together(both.bill())
    drawn = chart(table, names={"no-backbone": "Nobody", "paying": "A county goes on"})
    assert drawn.svg.startswith("<svg")
    assert "A county goes on" in drawn.svg
    assert "Nobody" in drawn.svg
    assert drawn.table["fte_years"].sum() == pytest.approx(table["fte_years"].sum())
    with pytest.raises(InputError, match="no column payer"):
        chart(table.drop(columns="payer"))


def test_what_is_wrong_is_said(both: Comparison) -> None:
    with pytest.raises(InputError, match="fte_cost is 0; allowed is a number above 0"):
        both.bill(0.0)
    with pytest.raises(InputError, match="needs results that were kept by region"):
        cisim.simulate(paying(), 1, 1).bill(by_region=True)
