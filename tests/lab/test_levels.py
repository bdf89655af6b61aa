"""Value on three levels: what each gains and forgoes, held to sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

import cisim
from cisim.lab.compare import compare
from cisim.lab.comparison import Comparison
from cisim.lab.levels import ITEMS, VALUED, value_levels
from cisim.lab.value import NEEDED, Prices

TOWN = cisim.Scenario.load("no-backbone", world="one-town", months=36)


@pytest.fixture(scope="module")
def pair() -> Comparison:
    helped = TOWN.with_(name="helped", structure_changes={"regional": True, "volunteers": 0.1})
    return compare([TOWN, helped], 6, workers=1, outcomes=[*NEEDED, *VALUED], beliefs="fixed")


def row(pair: Comparison, item: str, prices: Prices | None = None) -> dict[str, float]:
    table = value_levels(pair, prices)
    (found,) = table[table["item"] == item].to_dict("records")
    return found


def test_every_level_gains_and_forgoes_something(pair: Comparison) -> None:
    table = value_levels(pair)
    sides = {(one.level, one.side) for one in ITEMS.values()}
    assert sides == {(a, b) for a in ("individual", "partner", "society")
                     for b in ("gains", "forgoes")}  # fmt: skip
    assert set(zip(table["level"], table["side"], strict=True)) == sides
    assert (table["scenario"] == "helped").all()
    assert (table["low"] <= table["mean"]).all()
    assert (table["mean"] <= table["high"]).all()


def test_a_childs_gain_is_what_is_brought_less_what_is_lost(pair: Comparison) -> None:
    gain = pair.paired("wellbeing_gain")["mean"].item()
    assert row(pair, "brought")["mean"] - row(pair, "lost")["mean"] == pytest.approx(gain)
    assert row(pair, "lost")["mean"] > 0.0
    assert row(pair, "children")["mean"] == pytest.approx(gain * 9.0)


def test_time_and_money_are_those_of_the_bill(pair: Comparison) -> None:
    bill = pair.bill()
    own = bill[~bill["external"].astype(bool)].groupby("scenario")["fte_years"].sum()
    assert row(pair, "time")["mean"] == pytest.approx(own["helped"] - own["no-backbone"])
    volunteers = bill[bill["payer"] == "volunteers for the backbone"]["fte_years"].sum()
    assert row(pair, "volunteered")["mean"] == pytest.approx(volunteers)
    assert 0.0 < volunteers < 0.31
    paid = bill[bill["external"].astype(bool)].groupby("scenario")["money"].sum()
    apart = paid["helped"] - paid["no-backbone"]
    assert row(pair, "paid")["mean"] == pytest.approx(apart)
    assert row(pair, "paid", Prices(currency="SEK"))["unit"] == "SEK"


def test_what_was_not_kept_or_is_not_there_is_left_out(pair: Comparison) -> None:
    assert row(pair, "trust_eligible")["unit"] == "0..1"
    alone = compare(
        [TOWN, TOWN.with_(name="again")], 2, workers=1, outcomes=NEEDED, beliefs="fixed"
    )
    told = value_levels(alone)
    assert not set(VALUED) & set(told["item"])
    assert np.abs(told["mean"]).max() == 0.0
