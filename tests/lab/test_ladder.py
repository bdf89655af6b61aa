"""What each scenario brings beside the next cheaper one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import Ensemble
from cisim.lab.ladder import ladder
from cisim.model.input_error import InputError
from cisim.model.outcomes import OUTCOMES, OWN_TIME
from cisim.world.scenario import Scenario

TOWN = Scenario.load("no-backbone", world="one-town", months=12)


def costing(**given: tuple[list[float], list[float]]) -> Comparison:
    """Return a comparison of scenarios with such FTE-years and points in each future."""
    ensembles = {}
    for name, (years, points) in given.items():
        cube = np.zeros((len(years), 13, 1, len(OUTCOMES)))
        cube[:, -1, 0, list(OUTCOMES).index("external_money_total")] = years
        cube[:, -1, 0, list(OUTCOMES).index("wellbeing_gain")] = points
        ensembles[name] = Ensemble(
            scenario=TOWN.with_(name=name),
            outcomes=tuple(OUTCOMES),
            months=np.arange(13),
            regions=("overall",),
            first_seed=1,
            replicates=np.arange(len(years)),
            values=cube,
            asked=len(years),
            books=np.zeros((len(years), 1, 1, len(TOWN.payers) + len(OWN_TIME))),
        )
    return Comparison(ensembles)


def test_it_tells_what_the_next_ten_years_bring_and_not_the_mean() -> None:
    found = ladder(
        costing(
            dear=([60.0, 60.0], [0.7, 0.7]),
            none=([0.0, 0.0], [0.0, 0.0]),
            middle=([20.0, 20.0], [0.6, 0.6]),
        )
    )
    assert [one.scenario for one in found] == ["none", "middle", "dear"]
    none, middle, dear = found
    assert none.beside == none.beaten_by == ""
    assert all(math.isnan(one) for one in none.each)
    assert (middle.beside, dear.beside) == ("none", "middle")
    assert middle.each[0] == pytest.approx(0.3)
    assert dear.each[0] == pytest.approx(0.025)  # a mean would say 0.117
    assert (dear.more, dear.points) == (pytest.approx(40), pytest.approx(0.1))


def test_what_costs_more_and_brings_no_more_is_beaten_and_no_step() -> None:
    found = ladder(
        costing(
            none=([0.0] * 3, [0.0] * 3),
            good=([10.0] * 3, [0.5] * 3),
            worse=([20.0] * 3, [0.4] * 3),
            best=([30.0] * 3, [0.6] * 3),
        )
    )
    by_name = {one.scenario: one for one in found}
    assert by_name["worse"].beaten_by == "good"
    assert by_name["worse"].beside == ""
    assert by_name["best"].beside == "good"
    assert by_name["best"].each[0] == pytest.approx(0.05)


def test_of_two_that_cost_the_same_the_worse_is_beaten_wherever_it_stands() -> None:
    for order in (("one", "other"), ("other", "one")):
        given = {"one": ([10.01] * 2, [0.5] * 2), "other": ([10.0] * 2, [0.2] * 2)}
        found = ladder(costing(**{name: given[name] for name in order}))
        assert [(one.scenario, one.beaten_by) for one in found] == [("one", ""), ("other", "one")]


def test_twins_leave_the_one_that_is_named_first() -> None:
    same = ([10.0] * 2, [0.5] * 2)
    found = ladder(costing(first=same, second=same))
    assert [(one.scenario, one.beaten_by) for one in found] == [("first", ""), ("second", "first")]


def test_the_interval_is_of_the_ratio_over_futures() -> None:
    rng = np.random.default_rng(5)
    years = 10.0 + rng.normal(0, 0.5, 200)
    points = 0.05 * years + rng.normal(0, 0.02, 200)
    (_, step) = ladder(costing(none=([0.0] * 200, [0.0] * 200), some=(list(years), list(points))))
    mean, low, high = step.each
    assert low < mean < high
    assert low < 0.5 < high
    assert high - low < 0.02


def test_one_future_has_no_interval() -> None:
    (_, step) = ladder(costing(none=([0.0], [0.0]), some=([10.0], [1.0])))
    assert step.each[0] == pytest.approx(1.0)
    assert math.isnan(step.each[1])


def test_what_costs_are_made_of_must_be_kept() -> None:
    two = costing(a=([0.0], [0.0]), b=([1.0], [1.0]))
    thin = {}
    for name, one in two.ensembles.items():
        at = one.outcomes.index("external_money_total")
        thin[name] = Ensemble(
            **{
                **{field: getattr(one, field) for field in ("scenario", "months", "regions")},
                "outcomes": one.outcomes[:at],
                "values": one.values[..., :at],
                "first_seed": 1,
                "replicates": one.replicates,
                "asked": 1,
            }
        )
    with pytest.raises(InputError, match="has not kept"):
        ladder(Comparison(thin))
