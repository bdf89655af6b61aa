"""A scenario in the EMA Workbench, as its users would drive it."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.bridges import ema_model, in_units
from cisim.model.input_error import InputError
from cisim.world.ranges import free_parameters

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import ema_workbench
    from ema_workbench import (
        MultiprocessingEvaluator,
        Samplers,
        ScalarOutcome,
        SequentialEvaluator,
        perform_experiments,
    )
    from ema_workbench.analysis import feature_scoring, prim

# Version 3, for newer Pythons, has one class of points for both.
Policy = getattr(ema_workbench, "Policy", None) or ema_workbench.Sample
Scenario = getattr(ema_workbench, "Scenario", None) or ema_workbench.Sample


@pytest.fixture(scope="module")
def town() -> cisim.Scenario:
    return cisim.Scenario.load("national-and-regional", world="one-town", months=6)


def experiments(model: Any, *args: Any, **options: Any) -> tuple[pd.DataFrame, dict[str, Any]]:
    with SequentialEvaluator(model) as evaluator:
        return evaluator.perform_experiments(*args, log_progress=True, **options)


@pytest.mark.parametrize(
    "sampler", [Samplers.LHS, Samplers.MC, Samplers.SOBOL, Samplers.MORRIS, Samplers.FF],
    ids=lambda one: one.name,
)  # fmt: skip
def test_every_sampler_is_even_in_logs_where_that_is_declared(
    town: cisim.Scenario, sampler: Any
) -> None:
    declared = free_parameters()["effort_half"]
    low, high = declared.plausible or (0.0, 0.0)
    assert declared.log_scale
    model = ema_model(town, ["effort_half", "turnover"], outcomes="member_share")
    model.function = lambda **values: {"member_share": 0.0}
    points = 8 if sampler is Samplers.FF else 256
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn, _ = experiments(model, points, uncertainty_sampling=sampler)
    found = in_units(drawn)["effort_half"]
    assert found.between(low * (1 - 1e-9), high * (1 + 1e-9)).all()
    middle = float(np.sqrt(low * high))
    assert abs((found < middle).mean() - 0.5) < 0.08


def test_what_an_experiment_is_told_to_be_is_what_is_run(town: cisim.Scenario) -> None:
    model = ema_model(
        town,
        ["effort_half"],
        {"structure": ["none", "regional"], "sponsor_link": (0.0, 1.0)},
        ["wellbeing_gain", "service_forgone"],
        "member_share",
        constants={"trust_memory": 40.0},
        seed=9,
    )
    told, outcomes = experiments(model, 2, policies=4)
    assert len(told) == 8
    assert outcomes["member_share_by_month"].shape == (8, 7)
    np.testing.assert_array_equal(outcomes["TIME"][0], np.arange(7))
    for at, row in in_units(told).iterrows():
        beliefs = {"effort_half": row["effort_half"], "trust_memory": 40.0}
        scenario = town.with_(
            structure=row["structure"],
            structure_changes={"sponsor_link": row["sponsor_link"]},
            parameters=beliefs,
        )
        wanted = cisim.CollectiveImpactModel(scenario, seed=9).run().outcomes()
        for name in ("wellbeing_gain", "service_forgone"):
            np.testing.assert_allclose(outcomes[name][at], wanted[name].iloc[-1], rtol=1e-9)
        np.testing.assert_allclose(
            outcomes["member_share_by_month"][at], wanted["member_share"], rtol=1e-9
        )
    kinds = {one.name: one.kind for one in model.outcomes}
    assert kinds["wellbeing_gain"] == ScalarOutcome.MAXIMIZE
    assert kinds["service_forgone"] == ScalarOutcome.MINIMIZE


def test_replicates_are_futures_and_their_mean_is_the_outcome(town: cisim.Scenario) -> None:
    model = ema_model(town, ["effort_half"], None, "wellbeing_gain", replicates=3, seed=4)
    model.outcomes = [ScalarOutcome("worst", variable_name="wellbeing_gain", function=min)]
    told, outcomes = experiments(model, 2)
    for at, half in enumerate(in_units(told)["effort_half"]):
        one = town.with_(parameters={"effort_half": half})
        wanted = cisim.simulate(one, 3, workers=1, seed=4, at=[6]).at("wellbeing_gain")
        assert outcomes["wellbeing_gain"][at] == pytest.approx(wanted.mean(), rel=1e-9)
        assert outcomes["worst"][at] == pytest.approx(wanted.min(), rel=1e-9)


def test_all_that_is_free_is_varied_and_scored_and_searched(town: cisim.Scenario) -> None:
    model = ema_model(town, outcomes=["wellbeing_gain", "member_share"])
    assert len(model.uncertainties) == len(free_parameters())
    told, outcomes = experiments(model, 60)
    x = in_units(told).drop(columns=["scenario", "policy", "model"])
    assert set(x.columns) == set(free_parameters())
    scores = feature_scoring.get_feature_scores_all(x, outcomes)
    assert set(scores.columns) == {"wellbeing_gain", "member_share"}
    gain = outcomes["wellbeing_gain"]
    old = "threshold" in inspect.signature(prim.Prim).parameters
    cases = gain < np.quantile(gain, 0.3)
    box = prim.Prim(x, cases, **({"threshold": 0.5} if old else {})).find_box()
    assert box.coverage > 0.0


def test_a_policy_that_is_written_by_hand_is_run(town: cisim.Scenario) -> None:
    model = ema_model(town, ["effort_half"], {"structure": ["none", "regional"]}, "member_share")
    told, _ = experiments(model, 1, policies=[Policy("nothing", structure="none")])
    assert told["structure"].tolist() == ["none"]


def test_when_something_happens_can_be_uncertain_or_chosen(town: cisim.Scenario) -> None:
    shaken = town.with_(events=[{"kind": "turnover-wave", "month": 2, "share": 0.5}])
    model = ema_model(shaken, {"turnover-wave.month": (1, 5)}, None, "wellbeing_gain")
    told, outcomes = experiments(model, 3)
    assert set(told["turnover-wave.month"]) <= {1, 2, 3, 4, 5}
    month = int(told["turnover-wave.month"].iloc[0])
    moved = town.with_(events=[{"kind": "turnover-wave", "month": month, "share": 0.5}])
    wanted = cisim.CollectiveImpactModel(moved, seed=1).run().outcomes()["wellbeing_gain"].iloc[-1]
    assert outcomes["wellbeing_gain"][0] == wanted


def test_what_a_scenario_sets_itself_is_not_varied_unless_it_is_named(town: cisim.Scenario) -> None:
    sure = town.with_(parameters={"effort_half": 0.7})
    names = {one.name for one in ema_model(sure).uncertainties}
    assert names
    assert not names & {"effort_half", "log10_effort_half"}
    assert "log10_effort_half" in {one.name for one in ema_model(town).uncertainties}


def test_another_horizon_can_be_a_lever(town: cisim.Scenario) -> None:
    model = ema_model(town, ["effort_half"], {"months": [3, 6]}, "member_share")
    told, outcomes = experiments(model, 1, policies=[Policy("short", months=3)])
    short = town.with_(months=3, parameters={"effort_half": in_units(told)["effort_half"].iloc[0]})
    wanted = cisim.CollectiveImpactModel(short, seed=1).run().outcomes()["member_share"].iloc[-1]
    assert outcomes["member_share"][0] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"uncertainties": ["effort_hlaf"]}, r"uncertainties has 'effort_hlaf', which"),
        ({"uncertainties": ["national_fte"]}, r"uncertainties.national_fte lacks low and high"),
        ({"uncertainties": {"effort_half": (2.0, 1.0)}}, r"effort_half goes from low 2 to high 1"),
        ({"uncertainties": {"effort_half": 3.0}}, r"effort_half is 3\.0; allowed are two numbers"),
        ({"uncertainties": []}, r"uncertainties is empty"),
        ({"levers": {"strcture": ["none"]}}, r"levers has 'strcture'.*Did you mean structure"),
        ({"levers": {"structure": ["none"]}}, r"allowed are at least two choices"),
        ({"levers": {"months": [2, 3]}, "series": "member_share"}, r"levers has months"),
        ({"outcomes": "welbeing_gain"}, r"welbeing_gain.*wellbeing_gain"),
        ({"replicates": 0}, r"replicates is 0; allowed is a whole number"),
        ({"constants": {"effort_half": 1.0}, "uncertainties": ["effort_half"]}, r"varied twice"),
        ({"name": "a-b"}, r"name is 'a-b'; allowed are letters and digits"),
        ({"name": "2b"}, r"name is '2b'; allowed are letters and digits, a letter first"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_told_in_one_sentence(
    town: cisim.Scenario, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        ema_model(town, **given)


def test_a_logarithm_at_the_end_of_a_range_stays_within_its_bounds(town: cisim.Scenario) -> None:
    for name, one in free_parameters().items():
        if one.log_scale:
            ends = [float(np.log10(limit)) for limit in one.bounds if limit > 0]
            for end in ends:
                model = ema_model(town, [name], outcomes="member_share", months=1)
                found = model.function(**{f"log10_{name}": end})
                assert np.isfinite(found["member_share"])


@pytest.mark.slow
def test_two_processes_give_the_same_outcomes(town: cisim.Scenario) -> None:
    model = ema_model(town, ["effort_half"], outcomes="wellbeing_gain", replicates=2)
    told, alone = experiments(model, 6)
    points = [
        Scenario(f"point {at}", log10_effort_half=value)
        for at, value in enumerate(told["log10_effort_half"])
    ]
    with MultiprocessingEvaluator(model, n_processes=2) as evaluator:
        _, together = perform_experiments(model, points, evaluator=evaluator, log_progress=True)
    np.testing.assert_array_equal(alone["wellbeing_gain"], together["wellbeing_gain"])
