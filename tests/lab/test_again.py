"""What is quarantined comes with the line that lives it again, and the line means that very run."""

from __future__ import annotations

import json
import shlex
from typing import Any

import acting
import numpy as np
import pytest

import cisim
from cisim import cli
from cisim.lab.again import Again, point_of
from cisim.lab.design import Design, latin_hypercube
from cisim.lab.executors import Serial
from cisim.lab.optimise.budget import all_payers
from cisim.lab.optimise.runs import Runs
from cisim.lab.patterns import validation
from cisim.lab.rivals import rivals
from cisim.lab.robust import robust
from cisim.lab.shapley import shapley

TOWN = {"world": "one-town", "months": 3}


def load(name: str, **changes: Any) -> cisim.Scenario:
    return cisim.Scenario.load(name, **{**TOWN, **changes})


@pytest.mark.parametrize(
    ("scenario", "line"),
    [
        (cisim.Scenario.load("missing-sponsor"), "cisim run missing-sponsor --seed 7"),
        (load("regional-only"), "cisim run regional-only --world one-town --months 3 --seed 7"),
        (load("no-backbone").with_(name="mine", title="Mine"), None),
        (load("no-backbone", structure="national"), None),
        (load("no-backbone").set({"effort_half": 0.1 + 0.2, "regional": True}), None),
        (load("no-backbone").set({"sponsors": ["health", "political"]}), None),
        (
            load("regional-only").with_policy(acting.sponsors_tire, {"since": 1, "share": 0.25}),
            None,
        ),
    ],
)
def test_a_command_lives_the_very_run(
    scenario: cisim.Scenario, line: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    said = Again(scenario).line(7)
    assert said.startswith("cisim run ")
    assert line is None or said == line
    if scenario.months > 3:
        return
    assert cli.main([*shlex.split(said)[1:], "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    series = cisim.simulate(scenario, 1, 1, seed=7, by_region=False).series.iloc[-1]
    assert found["outcomes"]
    for name, one in found["outcomes"].items():
        assert one["values"]["3"] == pytest.approx(series[name], rel=1e-12, nan_ok=True)


def test_a_future_that_believes_differently_is_lived_again_with_its_beliefs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    half = cisim.Parameters().effort_half
    given = cisim.Scenario.load("national-and-regional", world="one-town", months=3)
    one = given.believing("plausible").set({"effort_half": half})
    line = Again(one).line(7)
    assert line.startswith("cisim run national-and-regional ")
    assert f"--beliefs plausible --set effort_half={half}" in line
    assert cli.main([*shlex.split(line)[1:], "--json", "--quiet"]) == 0
    said = json.loads(capsys.readouterr().out)
    there = cisim.CollectiveImpactModel(one, seed=7).run().outcomes()
    assert said["outcomes"]["wellbeing_gain"]["values"]["3"] == pytest.approx(
        there["wellbeing_gain"].iloc[-1], abs=0.0
    )
    made = eval(Again(one).made, {"cisim": cisim})
    assert (made.parameters, made.beliefs, made.held) == (one.parameters, one.beliefs, one.held)


def test_what_no_command_can_name_is_a_line_of_python() -> None:
    event = {"kind": "election", "month": 1}
    scenario = load("no-backbone").with_(events=[event])
    assert Again(scenario).line(7).endswith("seed=7).run()  # scenario: as it was given")


def test_a_failing_run_says_how_to_see_it_again() -> None:
    ensemble = cisim.simulate(load("no-backbone"), 3, 1, policy=acting.fails)
    (failure,) = ensemble.failed
    assert (failure.seed, failure.reason) == (2, "ZeroDivisionError: of policy")
    words = shlex.split(failure.again)
    assert words[-2:] == ["--seed", "2"]
    assert words[words.index("--policy") + 1] == "acting:fails"
    assert cli.main([*words[1:], "--quiet"]) == 1


@pytest.mark.parametrize("found_by", ["robust", "rivals", "threshold", "attribute"])
def test_a_failing_run_of_an_answer_says_how_to_see_it_again(
    found_by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = cisim.CollectiveImpactModel.run
    lived: list[tuple[float, int]] = []

    def unlucky(self: Any, *given: Any) -> Any:
        lived.append((self.parameters.effort_half, self.seed))
        if self.seed == 2 and self.scenario.structure.regional:
            raise ZeroDivisionError("out of luck")
        return run(self, *given)

    monkeypatch.setattr(cisim.CollectiveImpactModel, "run", unlucky)
    both = [load("no-backbone"), load("national-and-regional")]
    if found_by == "robust":
        found: Any = robust(both, 2, 2, 1)
        assert [one.which for one in found.failed] == ["world 0, future 1"]
    elif found_by == "rivals":
        layers = ("trust_theory", "layers")
        found = rivals(both, 2, 1, outcome="member_share", tried=[layers])
        named = ["as it is, future 1", "trust: layers, future 1"]
        assert [one.which for one in found.failed] == named
        assert found.table()["of"].dropna().max() == 1
    elif found_by == "threshold":
        found = cisim.threshold(
            both, "effort_half", goal="members >= 0", points=3, replicates=3, workers=1
        )
        assert [one.which for one in found.failed] == ["future 2"]
    else:
        found = shapley(both[1], "levels", replicates=3, workers=1)
        assert {one.seed for one in found.failed} == {2}
    line = found.failed[0].again
    then = {one for one in lived if one[1] == 2}
    lived.clear()
    if line.startswith("cisim run"):
        assert cli.main([*shlex.split(line)[1:], "--quiet"]) == 1
        assert "ZeroDivisionError: out of luck" in capsys.readouterr().err
    else:
        with pytest.raises(ZeroDivisionError, match="out of luck"):
            exec(line, {"cisim": cisim})
    assert lived
    assert set(lived) <= then  # the same world, not just another one that fails


@pytest.mark.parametrize("piece", [1, 3])
def test_a_failing_set_of_a_validation_is_done_again_by_its_line(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived: list[tuple[dict[str, float], int]] = []
    bad = validation.SEED + (piece if piece < 2 else validation.POINT_SEEDS + piece - 2)
    effects = validation.effects_of

    def unlucky(scenario: Any, names: Any, point: dict[str, float], seed: int) -> Any:
        lived.append((point, seed))
        if seed == bad:
            raise ZeroDivisionError("out of luck")
        return effects(scenario, names, point, seed)

    monkeypatch.setattr(validation, "effects_of", unlucky)
    found = validation.validate(False, 2, 2, 1, patterns=["P5"])
    (failure,) = found.failed
    assert failure.which == ("replicate 1", "point 1")[piece == 3]
    with pytest.raises(ZeroDivisionError):
        exec(failure.again, {"cisim": cisim})
    assert lived[-1] == lived[-2]
    assert bool(lived[-1][0]) == (piece == 3)


def test_a_failing_run_of_a_search_is_lived_again_by_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lived: list[tuple[float, float, int]] = []
    run = cisim.CollectiveImpactModel.run

    def unlucky(self: Any, *given: Any) -> Any:
        lived.append((self.parameters.own_value, self.parameters.effort_half, self.seed))
        if self.seed == 8:
            raise ZeroDivisionError("out of luck")
        return run(self, *given)

    monkeypatch.setattr(cisim.CollectiveImpactModel, "run", unlucky)
    given = load("no-backbone").set({"own_value": 2.0})
    with Runs(given, all_payers([given], 60_000.0), None, Serial(), 3, None, None) as runs:
        runs.over({"a": given}, latin_hypercube(3, 5, fixed=["own_value"]), 7)
        ((_, failure),) = runs.failed.items()
    assert failure.which == "no-backbone, belief 1"
    with pytest.raises(ZeroDivisionError):
        exec(failure.again, {"cisim": cisim})
    assert lived[-1] == lived[-2]
    assert lived[-1][0] == 2.0
    assert point_of(Design(("effort_half",), np.array([[0.5]]), 1), 0) == ""
