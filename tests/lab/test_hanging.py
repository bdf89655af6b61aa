"""What a difference hangs on: found again where it is known, and nothing where there is nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

import cisim
from cisim.lab.comparison import Comparison
from cisim.lab.hanging import PI, along, asked_of, hangs_on, leading_axes, passes_half
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.show.beliefs_in_words import hangs_in_words
from cisim.world.beliefs import Beliefs, usual_beliefs
from cisim.world.scenario import Scenario

N = 300
SEEDS = np.arange(1, N + 1)
BELIEFS = Beliefs()


def believed(name: str) -> NDArray[np.float64]:
    return BELIEFS.values(SEEDS)[:, BELIEFS.names.index(name)]


@pytest.fixture(scope="module")
def run() -> Comparison:
    """Return a comparison of which only the shape is used."""
    scenarios = [
        Scenario.load(name, world="one-town", months=2)
        for name in ("no-backbone", "national-and-regional")
    ]
    return cisim.compare(scenarios, 1, 1, beliefs="plausible", outcomes=["wellbeing_gain"], at=[2])


def made_up(run: Comparison, difference: NDArray[np.float64]) -> Comparison:
    """Return a comparison in which the second is better by a given difference in each future."""
    ends = {"no-backbone": np.zeros(N), "national-and-regional": difference}
    return Comparison(
        {
            name: replace(
                one,
                first_seed=1,
                replicates=np.arange(N),
                values=ends[name].reshape(N, 1, 1, 1),
                asked=N,
            )
            for name, one in run.ensembles.items()
        }
    )


PAIR = ("national-and-regional", "no-backbone")


@pytest.mark.parametrize("seed", range(60))
def test_a_monotone_chance_passes_one_half_where_isotonic_regression_does(seed: int) -> None:
    luck = np.random.default_rng(seed)
    values = luck.integers(0, 40, 30).astype(float) if seed % 2 else luck.normal(size=30)
    better = luck.choice([0.0, 0.5, 1.0], 30, p=[0.4, 0.2, 0.4])
    order = np.argsort(values, kind="stable")
    found = []
    for rising in (True, False):
        chance = isotonic_regression(better[order], increasing=rising).x
        above = np.round(chance - 0.5, 9) * (1 if rising else -1)
        below, over = np.flatnonzero(above < 0), np.flatnonzero(above > 0)
        wanted = np.nan
        if below.size and over.size:
            wanted = (values[order][below[-1]] + values[order][over[0]]) / 2
        found.append(passes_half(values, better, rising))
        np.testing.assert_equal(found[-1], wanted)


def test_where_one_belief_alone_decides_it_is_found_with_its_place(run: Comparison) -> None:
    half = believed("effort_half")
    found = made_up(run, np.log(2.1 / half))
    assert asked_of(found) is not None
    table = hangs_on(found, *PAIR)
    assert table.iloc[0]["parameter"] == "effort_half"
    assert bool(table.iloc[0]["clear"])
    assert (table.iloc[0]["best_low"], table.iloc[0]["best_high"]) == (1.0, 0.0)
    one = along(found, "effort_half", *PAIR)
    near = np.sort(half)
    place = int(np.searchsorted(near, 2.1))
    assert near[place - 1] <= one.turn <= near[place]
    assert one.low <= one.turn <= one.high
    assert one.high / one.low < 1.2
    assert "below it national-and-regional is better in most futures" in one.said()
    rows = one.table()
    assert rows["n"].sum() == N
    assert (np.diff(rows["q50"]) < 0.0).all()


def test_a_mirrored_difference_turns_at_the_same_place(run: Comparison) -> None:
    luck = 0.3 * np.sin(7.0 * SEEDS)
    difference = np.log(2.1 / believed("effort_half")) + luck
    one = along(made_up(run, difference), "effort_half", *PAIR)
    other = along(made_up(run, -difference), "effort_half", *PAIR)
    assert (one.turn, one.low, one.high) == (other.turn, other.low, other.high)
    assert one.low <= 2.1 <= one.high


def test_pi_is_made_of_three_and_turns_where_they_do(run: Comparison) -> None:
    ratio = believed("own_value") * believed("effort_half") / believed("wb_max")
    found = made_up(run, np.log(0.05 / ratio))
    one = along(found, PI, *PAIR)
    assert one.low <= 0.05 <= one.high
    assert one.high / one.low < 1.5
    assert one.over.low <= ratio.min() <= ratio.max() <= one.over.high
    assert leading_axes(found)[0].over.name == PI


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_where_no_belief_decides_nothing_turns(run: Comparison, share: float) -> None:
    luck = np.modf(SEEDS * 0.618034)[0]
    found = made_up(run, np.where(luck < share, 1.0, -1.0))
    one = along(found, "turnover", *PAIR)
    assert np.isnan(one.turn)
    assert "does not turn" in one.said()


def test_what_a_scenario_sets_is_not_what_it_hangs_on(run: Comparison) -> None:
    found = made_up(run, np.log(2.1 / believed("effort_half")))
    one = found.ensembles[PAIR[0]]
    fixed = replace(one, scenario=one.scenario.set({"effort_half": 0.5}))
    found = Comparison({**found.ensembles, PAIR[0]: fixed})
    assert "effort_half" not in set(hangs_on(found, *PAIR)["parameter"])
    with pytest.raises(InputError, match=r"'effort_half' is no parameter that these futures"):
        along(found, "effort_half", *PAIR)
    with pytest.raises(InputError, match=r"pi is made of .* of which a scenario sets effort_half"):
        along(found, PI, *PAIR)
    assert PI not in [axis.over.name for axis in leading_axes(found)]


def test_futures_that_believe_the_same_say_so() -> None:
    scenarios = [
        Scenario.load(name, world="one-town", months=2)
        for name in ("no-backbone", "national-and-regional")
    ]
    found = cisim.compare(scenarios, 2, 1, outcomes=["wellbeing_gain"], at=[2], beliefs="fixed")
    assert asked_of(found) is None
    assert leading_axes(found) == []
    with pytest.raises(InputError, match="have the same parameters; allowed is one whose futures"):
        hangs_on(found, *PAIR)
    with pytest.raises(InputError, match="have other beliefs; allowed are the same in all"):
        cisim.compare([scenarios[0], scenarios[1].believing("plausible")], 2, 1)


def test_where_nobody_says_a_future_is_luck_and_a_point_that_ships_as_in_the_command() -> None:
    scenarios = [
        Scenario.load(name, world="one-town", months=2)
        for name in ("no-backbone", "national-and-regional")
    ]
    asked = {"outcomes": ["wellbeing_gain"], "at": [2]}
    found = cisim.compare(scenarios, 4, 1, **asked)  # type: ignore[arg-type]
    said = cisim.compare(scenarios, 4, 1, beliefs=usual_beliefs(), **asked)  # type: ignore[arg-type]
    for name, one in found.ensembles.items():
        assert one.scenario.beliefs == scenarios[0].believing("ensemble").beliefs
        assert one.values.tobytes() == said.ensembles[name].values.tobytes()
    own = [one.believing("plausible") for one in scenarios]
    kept = cisim.compare(own, 2, 1, **asked)  # type: ignore[arg-type]
    assert [one.scenario for one in kept.ensembles.values()] == own


def test_a_result_goes_on_and_is_read_with_its_beliefs(tmp_path: object) -> None:
    names = ["no-backbone", "national-and-regional"]
    given = {"beliefs": "plausible", "outcomes": ["wellbeing_gain"], "at": [6], "out": tmp_path}
    scenarios = [Scenario.load(name, world="one-town", months=6) for name in names]
    some = cisim.compare(scenarios, 3, 1, **given)
    said: list[str] = []
    more = cisim.compare(scenarios, 5, 1, say=said.append, **given)
    assert any("6 of 10 runs are there from before" in one for one in said)
    whole = cisim.compare(scenarios, 5, 1, **{**given, "out": None})
    read = cisim.load(tmp_path)
    for name in names:
        assert np.array_equal(more.ensembles[name].values, whole.ensembles[name].values)
        assert np.array_equal(read.ensembles[name].values, whole.ensembles[name].values)
        assert np.array_equal(some.ensembles[name].values, whole.ensembles[name].values[:3])
    assert read.ensembles[names[0]].scenario.beliefs == Beliefs()
    assert np.array_equal(
        read.ensembles[names[0]].parameter("effort_half"),
        BELIEFS.values(np.arange(1, 6))[:, BELIEFS.names.index("effort_half")],
    )


def test_whom_nobody_ever_beats_is_set_beside_the_next_best(run: Comparison) -> None:
    """Not beside the first that was named: all of them are better than it in no future."""
    last, best = made_up(run, np.ones(N)).ensembles.values()
    scenarios = {"worst": last, "next": replace(best, values=best.values - 0.5), "best": best}
    named = {
        name: replace(one, scenario=one.scenario.with_(name=name))
        for name, one in scenarios.items()
    }
    found = Comparison(named)
    assert asked_of(found) == ("best", "next")
    said = hangs_in_words(found)
    assert said[1:] == [
        f"By wellbeing_gain best is better than next in {N} of {N} futures, whatever they believe."
    ]


def test_of_a_few_futures_that_all_agree_it_is_not_said_that_no_belief_could_turn_them(
    run: Comparison,
) -> None:
    pair = [one.scenario for one in run.ensembles.values()]
    few = cisim.compare(pair, 4, 1, outcomes=["wellbeing_gain"], at=[2])
    told = " ".join(hangs_in_words(few))
    assert "4 futures; so few futures do not tell what that hangs on." in told
    assert "whatever they believe" not in told


def test_pi_is_anchored_where_both_of_its_parts_are(run: Comparison) -> None:
    """The trial of Communities That Care gives effort_half 3 and own_value 1.3; wb_max nothing."""
    found = along(made_up(run, np.ones(N)), PI, *PAIR)
    assert [one.value for one in found.anchors] == [
        pytest.approx(1.3 * 3.0 / Parameters().wb_max, rel=0.05)
    ]
