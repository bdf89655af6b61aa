"""Costs and break-even, against sums by hand and runs with other beliefs."""

from __future__ import annotations

import math

import numpy as np
import pytest

import cisim
from cisim.lab.compare import compare
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import t_quantile
from cisim.lab.value import (
    EXCLUSION_SEK,
    ITEMS,
    NEEDED,
    Even,
    Prices,
    accounts,
    break_even,
    children_in,
    costs,
    delayed,
    even,
    fieller,
    ratio_of_belief,
)
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters

P = Parameters()

# Nothing is measured, so nobody sees how own services fare and membership cannot answer to it.
BLIND = {"measurement_start": 0.0, "measure_rate": 0.0}


def town(name: str, structure: str, **parameters: float) -> cisim.Scenario:
    chosen = cisim.Scenario.load("no-backbone", world="one-town", structure=structure, months=36)
    return chosen.with_(name=name, parameters=parameters)


@pytest.fixture(scope="module")
def pair() -> Comparison:
    scenarios = [town("none", "none", **BLIND), town("both", "national-and-regional", **BLIND)]
    return compare(scenarios, 8, workers=1, outcomes=NEEDED, beliefs="fixed")


def test_external_money_and_own_services_are_summed_over_the_months(pair: Comparison) -> None:
    found = accounts(pair)["both"]
    series = pair.ensembles["both"].series
    later = series[series["month"] > 0].groupby("replicate")
    world = pair.ensembles["both"].scenario.world
    assert children_in(world) == 6 * 1500
    assert found.external == pytest.approx(later["external_money"].sum() / 12)
    assert found.own == pytest.approx(later["service_displaced"].sum() / 12 * 9)
    assert found.sponsors == pytest.approx(later["sponsor_money"].sum() / 12)
    assert found.total == pytest.approx(found.external + found.own)
    assert (found.sponsors <= found.external + 1e-12).all()


def test_gain_is_what_was_brought_minus_own_value_times_what_was_spent(pair: Comparison) -> None:
    dearer = compare(
        [town("none", "none", **BLIND, own_value=4.0),
         town("both", "national-and-regional", **BLIND, own_value=4.0)],
        8, workers=1, outcomes=NEEDED, beliefs="fixed",
    )  # fmt: skip
    for name in ("none", "both"):
        here, there = accounts(pair)[name], accounts(dearer)[name]
        assert there.spent == pytest.approx(here.spent)
        assert here.gain - there.gain == pytest.approx((4.0 - P.own_value) * here.spent, abs=1e-9)


def test_at_the_break_even_children_are_as_well_off_as_without(pair: Comparison) -> None:
    (found,) = break_even(pair)
    assert found.own_value.side == "below"
    assert found.own_value.low < found.own_value.value < found.own_value.high
    at = found.own_value.value
    again = compare(
        [town("none", "none", **BLIND, own_value=at),
         town("both", "national-and-regional", **BLIND, own_value=at)],
        8, workers=1, outcomes=["wellbeing_gain"], beliefs="fixed",
    )  # fmt: skip
    assert again.paired("wellbeing_gain")["mean"].item() == pytest.approx(0.0, abs=1e-9)
    assert found.pi == pytest.approx(P.own_value * P.effort_half / P.wb_max)
    assert found.pi_even.value == pytest.approx(at * P.effort_half / P.wb_max)
    assert found.with_money.value < at


def test_exclusions_are_cost_by_price(pair: Comparison) -> None:
    prices = Prices(fte_cost=50_000, currency="SEK", sek=1)
    assert prices.exclusion == EXCLUSION_SEK
    (found,) = break_even(pair, prices)
    table = costs(pair).set_index(["scenario", "item"])
    assert found.exclusions[0] == pytest.approx(
        table.loc[("both", "total"), "more"] * 50_000 / 15e6
    )
    assert found.external[0] == pytest.approx(
        table.loc[("both", "external"), "more"] * 50_000 / 15e6
    )
    assert found.exclusions[1] < found.exclusions[0] < found.exclusions[2]
    assert math.isnan(table.loc[("none", "total"), "more"])
    assert set(table.index.get_level_values("item")) == set(ITEMS)


def test_a_social_return_needs_the_missing_link(pair: Comparison) -> None:
    assert break_even(pair)[0].social_return is None
    (found,) = break_even(pair, Prices(prevented=0.5))
    assert found.social_return is not None
    gain = pair.paired("wellbeing_gain")["mean"].item()
    by_hand = gain * 9 * 0.5 / found.exclusions[0]
    assert found.social_return[0] == pytest.approx(by_hand)
    assert found.social_return[1] < by_hand < found.social_return[2]


def test_a_scenario_beside_its_own_copy_costs_nothing_and_says_nothing(pair: Comparison) -> None:
    ensembles = pair.ensembles
    twins = Comparison({"none": ensembles["none"], "both": ensembles["none"]})
    (found,) = break_even(twins)
    assert found.own_value.side == "unclear"
    assert found.exclusions == (0.0, 0.0, 0.0)


def test_the_delay_of_a_constant_is_the_constant_at_last() -> None:
    assert delayed(np.full((2, 600), 0.3), 30.0) == pytest.approx(np.full(2, 0.3))
    assert delayed(np.array([[1.0, 0.0]]), 6.0) == pytest.approx([0.25 + 0.5 * (0.25 - 0.25)])


@pytest.mark.parametrize(
    ("brings", "takes", "side"),
    [
        (2.0, 1.0, "below"),
        (-2.0, -1.0, "above"),
        (2.0, -1.0, "always"),
        (-2.0, 1.0, "never"),
        (2.0, 0.0, "unclear"),
    ],
)
def test_which_side_of_the_break_even_is_ahead(brings: float, takes: float, side: str) -> None:
    luck = np.random.default_rng(3).normal(0, 0.2, (2, 60))
    luck -= luck.mean(axis=1, keepdims=True)
    found = even(brings + luck[0], takes + luck[1])
    assert found.side == side
    if side in ("below", "above"):
        assert found.value == pytest.approx(2.0)
        assert found.low < 2.0 < found.high


def test_one_future_tells_nothing() -> None:
    found: Even = even(np.ones(1), np.ones(1))
    assert found.side == "unclear"
    assert all(math.isnan(number) for number in found[1:])


def test_fieller_ends_are_where_the_difference_stops_being_told_apart() -> None:
    luck = np.random.default_rng(5).normal(size=(2, 40))
    a, b = 3.0 + luck[0], 2.0 + 0.3 * luck[0] + 0.4 * luck[1]
    for end in fieller(a, b):
        rest = a - end * b
        t = abs(rest.mean()) / (rest.std(ddof=1) / math.sqrt(rest.size))
        assert t == pytest.approx(float(t_quantile(39, 0.9)))
    assert all(math.isnan(end) for end in fieller(a, luck[1]))


def test_what_is_missing_or_no_price_is_refused(pair: Comparison) -> None:
    short = compare(
        [town("a", "none"), town("b", "regional")], 2, workers=1, at=[36], beliefs="fixed"
    )
    with pytest.raises(InputError, match="1 months of 37"):
        costs(short)
    few = compare([town("a", "none"), town("b", "regional")], 2, workers=1,
                  outcomes=["wellbeing_gain"], beliefs="fixed")  # fmt: skip
    with pytest.raises(InputError, match="service_displaced"):
        break_even(few)
    with pytest.raises(InputError, match="Did you mean none"):
        costs(pair, against="nune")
    for wrong in (
        {"fte_cost": 0.0},
        {"fte_cost": math.nan},
        {"fte_cost": True},
        {"sek": -1.0},
        {"prevented": 0.0},
        {"currency": ""},
        {"currency": "a\nb"},
    ):
        with pytest.raises(InputError, match="allowed is"):
            Prices(**wrong)  # type: ignore[arg-type]


def test_pi_is_of_the_scenario_s_own_beliefs() -> None:
    one = town("a", "none", own_value=3, effort_half=1, wb_max=20).with_(months=1)
    assert ratio_of_belief(cisim.simulate(one, 2, 1, outcomes=["wellbeing_gain"])) == 0.15


def test_costs_and_levels_take_what_each_future_believes() -> None:
    both = [
        town(name, name, own_value=2.0).with_(months=12, name=name).believing("plausible")
        for name in ("none", "national-and-regional")
    ]
    whole = cisim.compare(both, 3, 1)
    alone = [
        cisim.compare([one.in_future(seed) for one in both], 1, 1, seed, beliefs="fixed")
        for seed in (1, 2, 3)
    ]
    together = accounts(whole)["national-and-regional"]
    for name in ("meetings", "spent", "gain"):
        each = [float(getattr(accounts(one)["national-and-regional"], name)[0]) for one in alone]
        assert getattr(together, name) == pytest.approx(each, rel=1e-12)
    assert len({float(one) for one in whole.ensembles["none"].parameter("meeting_cost")}) == 3
    assert set(whole.ensembles["none"].parameter("own_value")) == {2.0}
    (found,), singles = break_even(whole), [break_even(one)[0] for one in alone]
    assert found.pi == pytest.approx(np.median([one.pi for one in singles]))
