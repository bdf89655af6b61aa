"""A scenario as a problem of SALib: samples are right on their scale, and are run."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from SALib import ProblemSpec
from SALib.analyze import morris as analyze_morris
from SALib.analyze import sobol as analyze_sobol
from SALib.sample import fast_sampler, latin, morris, sobol

import cisim
from cisim.bridges import salib_problem
from cisim.model.input_error import InputError
from cisim.world.ranges import free_parameters


@pytest.fixture(scope="module")
def town() -> cisim.Scenario:
    return cisim.Scenario.load("national-and-regional", world="one-town", months=6)


@pytest.mark.parametrize(
    "sample",
    [
        lambda problem: sobol.sample(problem, 64, seed=1),
        lambda problem: morris.sample(problem, 64, seed=1),
        lambda problem: latin.sample(problem, 256, seed=1),
        lambda problem: fast_sampler.sample(problem, 256, seed=1),
    ],
    ids=["sobol", "morris", "latin", "fast"],
)
def test_samples_are_even_in_logs_where_that_is_declared(town: cisim.Scenario, sample: Any) -> None:
    problem = salib_problem(town, ["effort_half", "turnover"])
    low, high = free_parameters()["effort_half"].plausible or (0.0, 0.0)
    points = sample(problem)[:, 0]
    assert points.min() >= low * (1 - 1e-9)
    assert points.max() <= high * (1 + 1e-9)
    assert abs(np.mean(points < np.sqrt(low * high)) - 0.5) < 0.08


def test_a_sample_is_run_and_each_value_is_the_mean_over_its_futures(town: cisim.Scenario) -> None:
    problem = salib_problem(town, ["effort_half", "trust_memory"], replicates=2, seed=5, at=4)
    points = sobol.sample(problem, 2, seed=1)
    values = problem.evaluate(points)
    assert values.shape == (len(points),)
    for point, value in list(zip(points, values, strict=True))[:3]:
        beliefs = dict(zip(problem["names"], point.tolist(), strict=True))
        one = town.with_(parameters=beliefs)
        wanted = cisim.simulate(one, 2, workers=1, seed=5, at=[4]).at("wellbeing_gain")
        assert value == pytest.approx(wanted.mean(), rel=1e-12)


def test_sobol_indices_and_elementary_effects_come_out(town: cisim.Scenario) -> None:
    problem = salib_problem(town, ["effort_half", "trust_memory", "turnover"], "wellbeing_gain")
    points = sobol.sample(problem, 8, seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = analyze_sobol.analyze(problem, problem.evaluate(points), seed=1)
    assert found["ST"].shape == (3,)
    assert np.isfinite(found["ST"]).all()
    points = morris.sample(problem, 4, seed=1)
    effects = analyze_morris.analyze(problem, points, problem.evaluate(points), seed=1)
    assert (np.asarray(effects["mu_star"]) > 0).any()


def test_salibs_own_chain_takes_it(town: cisim.Scenario) -> None:
    problem = salib_problem(town, ["effort_half", "turnover"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spec = ProblemSpec(problem).sample_sobol(4, seed=1).evaluate(problem.evaluate)
        spec.analyze_sobol(seed=1)
    assert spec.analysis["S1"].shape == (2,)


def test_levers_with_ranges_and_several_outcomes(town: cisim.Scenario) -> None:
    names = {"national_fte": (0.0, 4.0), "national_start": (0, 3), "effort_half": None}
    problem = salib_problem(town, names, ["wellbeing_gain", "member_share"])
    points = latin.sample(problem, 40, seed=1)
    rounded = np.floor(points[:, 1] + 0.5)
    assert set(rounded.tolist()) == {0.0, 1.0, 2.0, 3.0}
    values = problem.evaluate(points[:3])
    assert values.shape == (3, 2)
    one = town.set(
        {
            "national_fte": float(points[0, 0]),
            "national_start": float(rounded[0]),
            "effort_half": float(points[0, 2]),
        }
    )
    wanted = cisim.CollectiveImpactModel(one, seed=1).run().outcomes().iloc[-1]
    np.testing.assert_array_equal(values[0], wanted[["wellbeing_gain", "member_share"]])


def test_dates_and_sizes_of_events_are_varied(town: cisim.Scenario) -> None:
    shaken = town.with_(events=[{"kind": "turnover-wave", "month": 2, "share": 0.5}])
    names = {"turnover-wave.month": (1, 4), "turnover-wave.share": (0.1, 0.9)}
    problem = salib_problem(shaken, names)
    points = latin.sample(problem, 4, seed=1)
    values = problem.evaluate(points)
    month, share = int(np.floor(points[1, 0] + 0.5)), float(points[1, 1])
    moved = town.with_(events=[{"kind": "turnover-wave", "month": month, "share": share}])
    wanted = cisim.CollectiveImpactModel(moved, seed=1).run().outcomes().iloc[-1]
    assert values[1] == wanted["wellbeing_gain"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"names": ["effort_half", "effort_half"]}, r"names has 'effort_half' twice"),
        ({"names": "efort_half"}, r"names has 'efort_half', which is not a parameter"),
        ({"at": 7}, r"at is 7; allowed is a whole number, 0 to 6"),
        ({"replicates": 1.5}, r"replicates is 1\.5"),
    ],
)
def test_what_is_not_allowed_is_told_in_one_sentence(
    town: cisim.Scenario, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        salib_problem(town, **given)


def test_a_sample_of_another_shape_or_outside_is_refused(town: cisim.Scenario) -> None:
    problem = salib_problem(town, ["effort_half", "turnover"])
    with pytest.raises(InputError, match=r"X has the shape \(3,\); allowed is \(points, 2\)"):
        problem.evaluate([1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="point 0: effort_half"):
        problem.evaluate([[-1.0, 0.1]])


@pytest.mark.slow
def test_two_workers_give_the_same_values(town: cisim.Scenario) -> None:
    problem = salib_problem(town, ["effort_half"], replicates=2)
    points = latin.sample(problem, 6, seed=1)
    alone, together = problem.evaluate(points), problem.evaluate(points, workers=2)
    np.testing.assert_array_equal(alone, together)
