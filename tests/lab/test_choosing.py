"""Choosing among scenarios: what decides, how robust each is, what learning is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cisim.lab.analyses import learning, ranking, robustness
from cisim.lab.analyses.intervals import wilson
from cisim.lab.study import InMemory
from cisim.model.input_error import InputError
from tests.lab import made_up
from tests.lab.made_up import NAMES, box, study


def level(x: np.ndarray) -> np.ndarray:
    """Return what all scenarios share: much more than what tells them apart."""
    return 10.0 * x[:, 2] - 5.0


TWO = {"a": lambda x: level(x) + x[:, 0] - 0.5, "b": level}


def test_what_moves_the_level_of_all_does_not_decide_their_ranking() -> None:
    found = ranking(study(box(300, 4), TWO))
    table = found.table()
    mine = table[table["scenario"] == "a"]
    assert mine["parameter"].iloc[0] == NAMES[0]
    assert mine[mine["clear"]]["parameter"].tolist() == [NAMES[0]]
    first = mine.iloc[0]
    assert (first["best_low"], first["best_high"]) == (0.0, 1.0)
    assert {"source", "supports", "evidence", "plausible_low"} <= set(table.columns)
    said = " ".join(found.sentences())
    assert NAMES[0] in said
    assert NAMES[2] not in said


def test_of_a_scenario_that_is_best_nowhere_nothing_decides() -> None:
    three = {**TWO, "never": lambda x: level(x) - 2.0 - x[:, 0]}
    said = ranking(study(box(300, 4), three)).sentences()
    assert "never is best at no point." in said
    assert not any("never is best (" in one for one in said)


def test_shares_regret_and_harm_are_those_of_the_points() -> None:
    one = study(box(500, 3), TWO)
    x = one.design.values
    table = robustness(one, against="b", threshold=-2.0).table().set_index("scenario")
    a = table.loc["a"]
    best = (x[:, 0] > 0.5).mean()
    assert a["best"] == pytest.approx(best)
    assert a["harms"] == pytest.approx((x[:, 0] < 0.5).mean())
    assert (a["best_low"], a["best_high"]) == wilson(int((x[:, 0] > 0.5).sum()), 500)
    assert a["regret"] == pytest.approx(np.maximum(0.5 - x[:, 0], 0).mean())
    assert a["regret_most"] == pytest.approx(np.maximum(0.5 - x[:, 0], 0).max())
    assert a["satisfies"] == pytest.approx((TWO["a"](x) >= -2.0).mean())
    assert a["regret_low"] < a["regret"] < a["regret_high"]
    assert np.isnan(table.loc["b", "harms"])
    assert np.isnan(a["sure"])


def test_without_another_scenario_harm_of_wellbeing_is_against_the_ordinary_world() -> None:
    one = study(box(200, 3), TWO)
    table = robustness(one).table().set_index("scenario")
    assert table.loc["b", "harms"] == pytest.approx((level(one.design.values) < 0).mean())


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    held = {"best": 0, "regret": 0}
    for seed in range(100):
        table = robustness(study(box(80, 3, seed), TWO)).table().set_index("scenario")
        a = table.loc["a"]
        held["best"] += a["best_low"] <= 0.5 <= a["best_high"]
        held["regret"] += a["regret_low"] <= 0.125 <= a["regret_high"]
    assert all(82 <= count <= 97 for count in held.values()), held


def test_less_is_better_where_the_outcome_says_so() -> None:
    from cisim.model.outcomes import OUTCOMES

    lower = next(name for name, one in OUTCOMES.items() if one.better == "lower")
    one = study(box(200, 3), TWO, outcomes=(lower,))
    table = robustness(one, threshold=0.0).table().set_index("scenario")
    x = one.design.values
    assert table.loc["a", "best"] == pytest.approx((x[:, 0] < 0.5).mean())
    assert table.loc["b", "satisfies"] == pytest.approx((level(x) <= 0).mean())
    assert "harms" not in table


def test_luck_that_could_turn_the_best_is_told_apart() -> None:
    still = robustness(study(box(100, 3), TWO, noise=0.3, replicates=3)).table()
    # The same luck in every scenario turns nothing.
    np.testing.assert_allclose(still["sure"], still["best"])
    one = study(box(100, 3), TWO, replicates=3)
    kept = one.kept
    assert isinstance(kept, InMemory)
    kept.values[0] += np.random.default_rng(1).normal(0, 5, kept.values[0].shape)
    loud = robustness(one).table()
    assert (loud["sure"] < 0.3).all()
    assert loud["best"].sum() == pytest.approx(1.0)


def test_points_that_one_scenario_has_not_finished_are_left_out_of_all() -> None:
    one = study(box(100, 3), TWO)
    kept = one.kept
    assert isinstance(kept, InMemory)
    kept.values[1, :40] = np.nan
    found = robustness(one)
    assert found.table()["points"].tolist() == [60, 60]
    assert "40 of 100 points are not finished by all" in " ".join(found.sentences())


def test_of_a_saltelli_design_only_independent_rows_are_counted() -> None:
    found = robustness(study(made_up.saltelli(64, 3, 0.0, 1.0), TWO))
    assert found.table()["points"].tolist() == [128, 128]


def test_learning_one_of_a_line_is_worth_what_the_arithmetic_says() -> None:
    # a is better than b by m + s * t with t standard normal: choosing a without learning is worth
    # nothing more, and with learning E max(0, m + s t) - m.
    from scipy.stats import norm

    x = np.random.default_rng(2).standard_normal((1500, 3))
    m, s = 0.3, np.array([1.0, 0.5, 0.0])
    design = made_up.design(x, -5.0, 5.0, "table")
    two = {"a": lambda x: m + x @ s + 0.0, "b": lambda x: 0.0 * x[:, 0]}
    found = learning(study(design, two))

    def worth(spread: float) -> float:
        return float(spread * norm.pdf(m / spread) - m * norm.cdf(-m / spread))

    assert found.now == "a"
    assert found.perfect == pytest.approx(worth(np.hypot(1.0, 0.5)), abs=0.03)
    np.testing.assert_allclose(found.worth[:2], [worth(1.0), worth(0.5)], atol=0.03)
    assert found.clear.tolist() == [True, True, False]
    assert found.low[0] <= worth(1.0) <= found.high[0]
    table = found.table()
    assert table["parameter"].tolist()[:2] == [NAMES[0], NAMES[1]]
    assert {"source", "supports", "parameter_unit"} <= set(table.columns)
    assert NAMES[0] in " ".join(found.sentences())


def test_a_curve_that_turns_is_worth_learning_too() -> None:
    one = study(
        box(400, 4, low=-1.0), {"a": lambda x: x[:, 1] ** 2 - 1 / 3, "b": lambda x: 0 * x[:, 0]}
    )
    found = learning(one)
    assert found.clear.tolist() == [False, True, False, False]
    # E max(0, t^2 - 1/3) of a uniform t.
    assert found.worth[1] == pytest.approx(2 / (9 * np.sqrt(3)), abs=0.02)


def test_nothing_is_worth_learning_where_one_is_always_better() -> None:
    one = study(box(200, 4), {"a": lambda x: level(x) + 1 + x[:, 0], "b": level})
    found = learning(one)
    assert found.perfect == 0.0
    assert not found.clear.any()
    assert "No single parameter" in " ".join(found.sentences())


def test_chance_is_seldom_called_worth_learning() -> None:
    wrong = 0
    for seed in range(12):
        one = study(box(80, 6, seed), {"a": level, "b": level})
        kept = one.kept
        assert isinstance(kept, InMemory)
        kept.values[0] += np.random.default_rng(seed).normal(0, 1, kept.values[0].shape)
        wrong += bool(learning(one).clear.any())
    assert wrong < 4


def test_what_is_only_luck_has_no_lower_bound_above_nothing() -> None:
    one = study(box(300, 3), {"a": level, "b": level}, replicates=4)
    kept = one.kept
    assert isinstance(kept, InMemory)
    kept.values[0] += np.random.default_rng(3).normal(0, 1, kept.values[0].shape)
    found = learning(one)
    assert found.perfect > 0.15
    assert found.perfect_at_least < 0.03


def test_twice_the_outcome_is_twice_the_worth_and_the_order_of_points_is_nothing() -> None:
    one = study(box(100, 3), TWO)
    double = study(box(100, 3), {name: (lambda x, f=f: 2 * f(x)) for name, f in TWO.items()})
    np.testing.assert_allclose(learning(double).worth, 2 * learning(one).worth)
    order = np.random.default_rng(1).permutation(100)
    turned = study(replace(one.design, values=one.design.values[order]), TWO)
    np.testing.assert_allclose(learning(turned).worth, learning(one).worth)
    assert robustness(turned).table()["best"].tolist() == robustness(one).table()["best"].tolist()


@pytest.mark.parametrize("analysis", [ranking, robustness, learning])
def test_a_choice_needs_two_scenarios_points_and_a_better_side(analysis) -> None:
    from cisim.model.outcomes import OUTCOMES

    with pytest.raises(InputError, match="one scenario only, a, so there is nothing to choose"):
        analysis(study(box(50, 3), level))
    with pytest.raises(InputError, match="needs 10 points"):
        analysis(study(box(5, 3), TWO))
    with pytest.raises(InputError, match="hang together"):
        analysis(study(made_up.morris(10, 3, 0.0, 1.0), TWO))
    neither = next(name for name, one in OUTCOMES.items() if not one.better)
    with pytest.raises(InputError, match="neither more nor less is better"):
        analysis(study(box(50, 3), TWO, outcomes=(neither,)))


def test_what_a_choice_cannot_use_is_told() -> None:
    with pytest.raises(InputError, match="needs 60 points"):
        learning(study(box(50, 3), TWO))
    with pytest.raises(InputError, match="'c' is no scenario"):
        robustness(study(box(50, 3), TWO), against="c")
    with pytest.raises(InputError, match="threshold is nan"):
        robustness(study(box(50, 3), TWO), threshold=float("nan"))


def test_wilson_of_nothing_and_of_all_stays_within_the_scale() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 50)[0] == 0.0
    assert wilson(50, 50)[1] == 1.0
    low, high = wilson(5, 50)
    assert 0.04 < low < 0.1 < high < 0.2
