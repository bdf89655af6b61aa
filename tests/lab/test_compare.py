"""Scenarios in shared futures: their differences against hand and scipy.stats."""

from __future__ import annotations

import inspect
import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import cisim
from cisim.lab.compare import _grow, _more, at_values, check_goals, compare
from cisim.lab.comparison import Comparison, Precision, futures_needed, join, two_digits
from cisim.lab.ensemble import Ensemble
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters

USUAL = Parameters().effort_half

TOWN = cisim.Scenario.load("no-backbone", world="one-town", months=12)
OUTCOME = "wellbeing_gain"  # higher is better


def ensemble(name: str, values: list[float], replicates: list[int] | None = None) -> Ensemble:
    numbers = np.arange(len(values)) if replicates is None else np.array(replicates)
    return Ensemble(
        scenario=TOWN.with_(name=name),
        outcomes=(OUTCOME,),
        months=np.array([12]),
        regions=("overall",),
        first_seed=1,
        replicates=numbers,
        values=np.array(values, float).reshape(-1, 1, 1, 1),
        asked=len(values),
    )


def comparison(*ensembles: Ensemble) -> Comparison:
    return Comparison({one.name: one for one in ensembles})


def test_paired_statistics_are_those_of_the_textbook() -> None:
    luck = np.random.default_rng(1).normal(size=(2, 40))
    a, b = luck[0], 0.5 + luck[0] + 0.4 * luck[1]
    row = comparison(ensemble("a", a), ensemble("b", b)).paired(OUTCOME).iloc[0]
    test = stats.ttest_rel(b, a)
    low, high = test.confidence_interval(0.9)
    assert row["scenario"] == "b"
    assert row["against"] == "a"
    assert row["n"] == 40
    assert row["mean"] == pytest.approx((b - a).mean())
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert row["better"] == row["higher"] == (b > a).sum()
    assert row["correlation"] == pytest.approx(np.corrcoef(a, b)[0, 1])
    saved = 1 - np.var(b - a, ddof=1) / (np.var(a, ddof=1) + np.var(b, ddof=1))
    assert row["variance_reduction"] == pytest.approx(saved)
    assert row["distinct"]
    assert math.isnan(row["needed"])
    assert f"better in {(b > a).sum()} of 40 futures" in row["words"]


def test_better_follows_the_direction_of_the_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    from cisim.model.outcomes import OUTCOMES

    both = comparison(ensemble("a", [1, 1, 1, 1]), ensemble("b", [2, 3, 0, 1]))
    assert both.paired(OUTCOME)["better"].item() == 2
    monkeypatch.setitem(OUTCOMES, OUTCOME, replace(OUTCOMES[OUTCOME], better="lower"))
    assert both.paired(OUTCOME)["better"].item() == 1
    monkeypatch.setitem(OUTCOMES, OUTCOME, replace(OUTCOMES[OUTCOME], better=""))
    row = both.paired(OUTCOME).iloc[0]
    assert math.isnan(row["better"])
    assert (row["higher"], row["equal"]) == (2, 1)
    assert "better" not in row["words"]


def test_what_cannot_be_told_apart_is_said_with_how_many_futures_it_would_take() -> None:
    row = comparison(ensemble("a", [0, 0, 0, 0]), ensemble("b", [1, -1, 2, -1])).paired(OUTCOME)
    assert not row["distinct"].item()
    assert row["needed"].item() > 4
    assert "cannot be told apart with 4 futures, about" in row["words"].item()


@pytest.mark.parametrize(("mean", "sd"), [(0.1, 1.0), (-0.5, 1.0), (1.0, 1.0), (0.01, 3.0)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_futures_needed_are_the_fewest_whose_half_width_is_below_the_mean(
    mean: float, sd: float, level: float
) -> None:
    m = int(futures_needed(mean, sd, level))

    def half(n: int) -> float:
        return float(stats.t.ppf(0.5 + level / 2, n - 1) * sd / math.sqrt(n))

    assert half(m) < abs(mean) <= half(m - 1)
    assert futures_needed(0.0, 1.0) == math.inf


def test_scenarios_that_do_not_differ_are_said_not_to() -> None:
    row = comparison(ensemble("a", [1, 2, 3]), ensemble("b", [1, 2, 3])).paired(OUTCOME).iloc[0]
    assert row["words"] == "no difference in any of 3 futures"
    assert (row["mean"], row["equal"], row["better"]) == (0.0, 3, 0)
    assert row["variance_reduction"] == 1.0
    assert row["correlation"] == pytest.approx(1.0)


def test_undefined_outcomes_leave_out_their_pair_and_n_says_so() -> None:
    nan = math.nan
    both = comparison(ensemble("a", [1, nan, 3, 4]), ensemble("b", [2, 3, nan, 7]))
    pair = both.differences(OUTCOME, "b")
    assert pair.seeds.tolist() == [1, 4]
    assert pair.values.tolist() == [1.0, 3.0]
    assert both.paired(OUTCOME)["n"].item() == 2
    none = comparison(ensemble("a", [nan, nan]), ensemble("b", [1, 2])).paired(OUTCOME).iloc[0]
    assert none["n"] == 0
    assert math.isnan(none["mean"])


def test_pairs_are_only_of_futures_that_every_scenario_has() -> None:
    three = comparison(
        ensemble("a", [1, 2, 3], [0, 1, 2]),
        ensemble("b", [5, 7], [1, 2]),
        ensemble("c", [9, 9], [0, 2]),
    )
    assert three.futures.tolist() == [3]
    assert three.differences(OUTCOME, "b").values.tolist() == [4.0]
    assert three.paired(OUTCOME)["n"].tolist() == [1, 1]
    assert three.table()["n"].tolist() == [3, 2, 2]


def test_a_comparison_is_the_ensembles_of_its_scenarios() -> None:
    other = TOWN.with_(name="with-backbones", structure="national-and-regional")
    both = compare(
        [TOWN, other], 4, workers=2, seed=5, outcomes=[OUTCOME, "member_share"], beliefs="fixed"
    )
    assert both.names == ("no-backbone", "with-backbones")
    for scenario in (TOWN, other):
        alone = cisim.simulate(scenario, 4, workers=1, seed=5, outcomes=[OUTCOME, "member_share"])
        assert both.ensembles[scenario.name].values.tobytes() == alone.values.tobytes()
    assert len(both.series) == 2 * 4 * 13
    assert not both.incomplete
    assert both.failed == ()
    table = both.table(at=12, outcomes=[OUTCOME])
    assert table["scenario"].tolist() == ["no-backbone", "with-backbones"]
    assert both.paired("member_share", against="with-backbones")["scenario"].item() == "no-backbone"


def test_of_one_future_nothing_is_told_and_nothing_is_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        row = comparison(ensemble("a", [1.0]), ensemble("b", [2.0])).paired(OUTCOME).iloc[0]
    assert row["n"] == 1
    assert math.isnan(row["correlation"])
    assert row["words"] == "one future says nothing"


def test_an_interrupted_comparison_has_complete_pairs() -> None:
    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    other = TOWN.with_(name="other")
    both = compare([TOWN, other], 50, workers=1, outcomes=[OUTCOME], progress=stop, beliefs="fixed")
    assert both.incomplete
    assert both.futures.tolist() == [1, 2]
    assert both.ensembles["no-backbone"].replicates.tolist() == [0, 1, 2]
    assert both.paired(OUTCOME)["n"].item() == 2


@pytest.mark.parametrize(
    ("scenarios", "said"),
    [
        ([], "two or more"),
        (TOWN, "two or more"),
        ("no-backbone", "two or more"),
        ([TOWN, TOWN], "'no-backbone' 2 times"),
        ([TOWN, "national-only"], "on the world finland and no-backbone on one-town"),
        ([TOWN, TOWN.with_(name="b", months=24)], "b has 24 months and no-backbone 12"),
        ([TOWN, 3], "scenario is 3"),
    ],
)
def test_what_cannot_be_compared_is_refused(scenarios: object, said: str) -> None:
    with pytest.raises(InputError) as error:
        compare(scenarios, 2, workers=1, beliefs="fixed")  # type: ignore[arg-type]
    assert said in str(error.value)


def test_wrong_questions_are_input_errors() -> None:
    both = comparison(ensemble("alpha", [1, 2]), ensemble("beta", [2, 3]))
    for ask in (
        lambda: both.paired("wellbing_gain"),
        lambda: both.paired("member_share"),
        lambda: both.paired(OUTCOME, against="bet"),
        lambda: both.paired(OUTCOME, at=3),
        lambda: both.paired(OUTCOME, level=1.0),
        lambda: both.paired(OUTCOME, region="Pohde"),
    ):
        with pytest.raises(InputError):
            ask()


@pytest.mark.slow
def test_the_finnish_world_gives_the_same_bits_with_one_and_two_workers() -> None:
    scenarios = ["no-backbone", "national-and-regional"]
    one = compare(scenarios, 6, workers=1, by_region=True, beliefs="fixed")
    two = compare(scenarios, 6, workers=2, by_region=True, beliefs="fixed")
    for name in scenarios:
        assert one.ensembles[name].values.tobytes() == two.ensembles[name].values.tobytes()


# --- as many futures as it takes


def pair_of_towns() -> list[cisim.Scenario]:
    return [TOWN, TOWN.with_(name="with-backbones", structure="national-and-regional")]


def test_auto_stops_as_soon_as_the_interval_is_narrow_enough() -> None:
    both = compare(
        pair_of_towns(), "auto", workers=1, outcomes=[OUTCOME], precision=1.0, beliefs="fixed"
    )
    assert both.futures.size == 50
    assert both.precision is not None
    assert both.precision.met
    assert both.precision.reached == both.half_width(OUTCOME) <= 1.0
    assert "with 50 futures" in both.precision.words


def test_auto_grows_until_it_is_and_gives_the_bits_of_that_many_at_once() -> None:
    few = compare(
        pair_of_towns(), "auto", workers=1, outcomes=[OUTCOME], precision=1.0, beliefs="fixed"
    )
    wanted = few.half_width(OUTCOME) / 1.5
    grown = compare(
        pair_of_towns(), "auto", workers=1, outcomes=[OUTCOME], precision=wanted, beliefs="fixed"
    )
    n = int(grown.futures.size)
    assert 50 < n < 300
    assert grown.half_width(OUTCOME) <= wanted
    at_once = compare(pair_of_towns(), n, workers=2, outcomes=[OUTCOME], beliefs="fixed")
    for name, ensemble in grown.ensembles.items():
        assert ensemble.values.tobytes() == at_once.ensembles[name].values.tobytes()
        assert ensemble.replicates.tolist() == list(range(n))
        assert ensemble.asked == n
    assert at_once.precision is None


def test_auto_stops_at_the_most_and_says_so() -> None:
    seen: list[tuple[int, int]] = []
    both = compare(
        pair_of_towns(), "auto", workers=1, outcomes=[OUTCOME], precision=1e-9, most=60,
        progress=lambda done, total: seen.append((done, total)), beliefs="fixed",
    )  # fmt: skip
    assert both.futures.size == 60
    assert both.precision is not None
    assert not both.precision.met
    assert "but at most 60 were allowed" in both.precision.words
    assert seen[-1] == (120, 120)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_auto_keeps_what_is_done_when_it_is_stopped() -> None:
    def stop(done: int, total: int) -> None:
        if done == 105:
            raise KeyboardInterrupt

    both = compare(
        pair_of_towns(),
        "auto",
        workers=1,
        outcomes=[OUTCOME],
        precision=1e-9,
        progress=stop,
        beliefs="fixed",
    )
    assert both.incomplete
    assert both.futures.size == 52
    assert both.precision is not None
    assert "it was stopped before" in both.precision.words


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"outcome": "wellbing_gain"}, "Did you mean wellbeing_gain?"),
        ({"outcome": "joint_fte"}, "precision is missing"),
        ({"outcomes": ["member_share"]}, "not among the outcomes that are kept"),
        ({"precision": 0.0}, "precision is 0; allowed is a number above 0 (points of 100)"),
        ({"precision": math.nan}, "precision is nan"),
        ({"precision": "fine"}, "precision is 'fine'"),
        ({"most": 1}, "most is 1"),
        ({"replicates": "many"}, "allowed is a whole number or auto"),
    ],
)
def test_auto_says_what_is_wrong(asked: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as error:
        compare(pair_of_towns(), **{"replicates": "auto", "workers": 1, **asked})  # type: ignore[arg-type]
    assert said in str(error.value)


def test_joined_comparisons_number_their_futures_on() -> None:
    one = comparison(ensemble("a", [1, 2]), ensemble("b", [3, 5]))
    later = comparison(*(replace(ensemble(name, [7.0]), first_seed=3) for name in ("a", "b")))
    both = join(one, later)
    assert both.futures.tolist() == [1, 2, 3]
    assert both.differences(OUTCOME, "b").values.tolist() == [2.0, 3.0, 0.0]
    with pytest.raises(InputError, match="allowed is 3 or later"):
        join(one, one)
    with pytest.raises(InputError, match="different scenarios"):
        join(one, comparison(ensemble("a", [1]), ensemble("c", [1])))
    other = replace(later.ensembles["a"], scenario=TOWN.with_(name="a", months=13))
    with pytest.raises(InputError, match="the scenario, outcomes, months or"):
        join(one, Comparison({"a": other, "b": later.ensembles["b"]}))


def test_other_values_of_a_parameter_meet_the_same_futures() -> None:
    both = compare(pair_of_towns(), 4, workers=1, seed=9, outcomes=[OUTCOME], beliefs="fixed")
    seen: list[tuple[int, int]] = []
    found = at_values(
        both, "effort_half", (USUAL, 1, 3), 3, workers=1, outcomes=[OUTCOME],
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert list(found) == [USUAL, 1.0, 3.0]
    assert found[USUAL] is both
    assert found[3.0].futures.tolist() == [9, 10, 11]
    assert found[3.0].ensembles[TOWN.name].scenario.parameters.effort_half == 3
    assert seen[-1] == (12, 12)
    with pytest.raises(InputError, match="Did you mean effort_half"):
        at_values(both, "efort_half", [1.0])
    with pytest.raises(InputError, match="effort_half"):
        at_values(both, "effort_half", [-1.0])


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        ({"wellbing_gain": 1.0}, "wellbing_gain is not an outcome. Did you mean wellbeing_gain?"),
        ({"member_share": 1.2}, "goal of member_share is 1.2; allowed is a number from 0 to 1"),
        ({"members": -1}, "allowed is a number of at least 0 (organisations)"),
        ({"wellbeing_gain": math.inf}, "goal of wellbeing_gain is inf"),
        ({"wellbeing_gain": "much"}, "goal of wellbeing_gain is 'much'"),
        ({"wellbeing_gain": True}, "goal of wellbeing_gain is True"),
        ({"joint_fte": 3.0}, "neither higher nor lower is better"),
    ],
)
def test_goals_that_can_never_be_are_refused(goals: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as error:
        check_goals(goals)
    assert said in str(error.value)
    assert check_goals({"member_share": 1, "convergence": -3.0}) == {
        "member_share": 1.0,
        "convergence": -3.0,
    }


# --- figures in words ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (2, 2), (9.0, 9), (10, 10), (99, 99), (100, 100), (101, 110), (110, 110), (119.5, 120),
        (120, 120), (121, 130), (999, 1000), (1000, 1000), (1001, 1100), (12_345, 13_000),
        (990_001, 1_000_000),
    ],
)  # fmt: skip
def test_how_many_would_be_needed_is_rounded_up_to_two_digits(needed: float, said: int) -> None:
    assert two_digits(needed) == said


def telling(n: int, mean: float) -> str:
    """Return the words on n futures whose differences are ±1, their mean moved to `mean`."""
    spread = np.tile([1.0, -1.0], n // 2) + mean
    return str(
        comparison(ensemble("a", np.zeros(n)), ensemble("b", spread))
        .paired(OUTCOME)["words"]
        .item()
    )


def test_the_words_say_how_many_futures_would_be_needed_and_when_none_would_help() -> None:
    pair = comparison(ensemble("a", np.zeros(20)), ensemble("b", np.tile([1.1, -0.9], 10)))
    needed = pair.paired(OUTCOME)["needed"].item()
    assert 200 < needed < 400
    about = math.ceil(needed / 10) * 10
    assert about != needed
    assert telling(20, 0.1) == (
        f"cannot be told apart with 20 futures, about {about} would be needed, better in 10 of "
        f"20 futures"
    )
    assert telling(2_000, 0.01).startswith(
        "cannot be told apart with 2,000 futures, about 28,000 would be needed"
    )
    assert telling(20, 1e-3).startswith(
        "cannot be told apart with 20 futures, nor with 1,000,000, better in 10 of 20 futures"
    )
    assert telling(20, 0.0).startswith("cannot be told apart with 20 futures, nor with 1,000,000")
    assert telling(20, 5.0).startswith("+5 (+4.6 to +5.4), better in 20 of 20 futures")


def test_few_futures_say_nothing() -> None:
    one = comparison(ensemble("a", [1.0]), ensemble("b", [2.0])).paired(OUTCOME).iloc[0]
    assert one["words"] == "one future says nothing"
    assert not one["distinct"]
    assert math.isnan(one["needed"])
    none = comparison(ensemble("a", [math.nan]), ensemble("b", [2.0])).paired(OUTCOME).iloc[0]
    assert none["words"] == "0 shared futures are too few to compare"
    two = comparison(ensemble("a", [1.0, 2.0]), ensemble("b", [2.0, 3.0])).paired(OUTCOME).iloc[0]
    assert two["distinct"]
    assert two["words"] == "+1 (+1 to +1), better in 2 of 2 futures"
    assert (two["correlation"], two["variance_reduction"]) == (1.0, 1.0)


def test_what_does_not_vary_has_no_correlation() -> None:
    flat = comparison(ensemble("a", [1.0, 1.0, 1.0]), ensemble("b", [1.0, 2.0, 3.0]))
    row = flat.paired(OUTCOME).iloc[0]
    assert math.isnan(row["correlation"])
    assert row["variance_reduction"] == 0.0
    still = comparison(ensemble("a", [1.0, 1.0]), ensemble("b", [2.0, 2.0])).paired(OUTCOME).iloc[0]
    assert math.isnan(still["correlation"])
    assert math.isnan(still["variance_reduction"])


def test_futures_that_would_be_needed_have_ends() -> None:
    assert futures_needed(1.0, 0.0) == 2.0
    assert futures_needed(1e-12, 1.0) == math.inf
    assert futures_needed(1.0, 1e-9) == 2.0


# --- how many more ---------------------------------------------------------------------------


def of_spread(done: int, sd: float) -> Comparison:
    """Return a comparison of `done` futures whose differences have a standard deviation."""
    values = np.tile([1.0, -1.0], done // 2)
    return comparison(
        ensemble("a", np.zeros(done)), ensemble("b", values * sd / np.std(values, ddof=1))
    )


def test_where_no_spread_is_known_as_many_are_added_as_there_are() -> None:
    nothing = comparison(*(ensemble(name, [math.nan] * 50) for name in "ab"))
    assert _more(nothing, OUTCOME, 0.05, 50, 2_000) == 50
    assert _more(nothing, OUTCOME, 0.05, 400, 2_000) == 400
    assert _more(nothing, OUTCOME, 0.05, 50, 60) == 10
    assert _more(nothing, OUTCOME, 0.05, 4, 2_000) == 10


def test_a_tenth_more_is_added_than_the_largest_spread_calls_for() -> None:
    for done, sd, wanted in ((50, 1.0, 0.2), (50, 2.0, 0.25), (100, 0.7, 0.08)):
        total = math.ceil(1.1 * futures_needed(wanted, sd))
        assert done + 10 < total < 10 * done
        assert _more(of_spread(done, sd), OUTCOME, wanted, done, 2_000) == total - done
    calm, wild = of_spread(50, 0.01), of_spread(50, 1.0)
    three = comparison(
        calm.ensembles["a"], calm.ensembles["b"],
        replace(wild.ensembles["b"], scenario=TOWN.with_(name="c")),
    )  # fmt: skip
    assert _more(three, OUTCOME, 0.2, 50, 2_000) == math.ceil(1.1 * futures_needed(0.2, 1.0)) - 50


def test_never_fewer_than_ten_nor_more_than_ten_times_as_many_are_run() -> None:
    assert _more(of_spread(50, 1.0), OUTCOME, 0.237, 50, 2_000) == 10
    assert _more(of_spread(50, 1.0), OUTCOME, 0.001, 50, 2_000) == 450
    assert _more(of_spread(50, 1.0), OUTCOME, 0.001, 50, 300) == 250


def test_auto_over_an_outcome_that_is_never_defined_doubles_to_the_most_and_says_so() -> None:
    asked: list[tuple[int, int]] = []

    def run(count: int, first: int, progress: object) -> Comparison:
        asked.append((count, first))
        return comparison(
            *(replace(ensemble(name, [math.nan] * count), first_seed=first) for name in "ab")
        )

    found = _grow(run, 5, OUTCOME, 0.05, 330, 2, None)
    assert asked == [(50, 5), (50, 55), (100, 105), (130, 205)]
    assert found.futures.size == 330
    assert found.precision is not None
    assert found.precision.words == (
        "Differences of wellbeing_gain were wanted to ±0.05 points of 100; in 330 futures too few "
        "of them are defined."
    )
    assert found.half_width(OUTCOME) == math.inf


def test_a_comparison_asks_for_what_a_simulation_does_where_nothing_is_said() -> None:
    one, many = (inspect.signature(run).parameters for run in (cisim.simulate, compare))
    shared = set(one) & set(many)
    assert {"replicates", "workers", "seed", "outcomes", "by_region", "months", "at"} <= shared
    for name in shared:
        assert one[name].default == many[name].default, name
    assert many["replicates"].default == 200
    assert many["seed"].default == 1


def test_a_precision_that_is_just_reached_is_met() -> None:
    just = Precision(OUTCOME, 0.5, 0.5, 60, 60)
    assert just.met
    assert just.words == (
        "Differences of wellbeing_gain are known to ±0.5 points of 100 with 60 futures; ±0.5 was "
        "wanted."
    )
    assert not just._replace(reached=0.51).met
    counts: list[int] = []

    def run(count: int, first: int, progress: object) -> Comparison:
        counts.append(count)
        both = of_spread(count, 1.0)
        return comparison(*(replace(one, first_seed=first) for one in both.ensembles.values()))

    wanted = of_spread(50, 1.0).half_width(OUTCOME)
    found = _grow(run, 1, OUTCOME, wanted, 2_000, 2, None)
    assert counts == [50]
    assert found.precision == Precision(OUTCOME, wanted, wanted, 50, 2_000)


def test_other_values_that_are_interrupted_are_run_no_further() -> None:
    def stop(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    both = compare(pair_of_towns(), 3, workers=1, outcomes=[OUTCOME], beliefs="fixed")
    found = at_values(
        both, "effort_half", (USUAL, 1, 3), 3, workers=1, outcomes=[OUTCOME], progress=stop
    )
    assert list(found) == [USUAL, 1.0]
    assert found[USUAL] is both
    assert found[1.0].incomplete
