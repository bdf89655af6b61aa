"""A level outside its scale never comes out without a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import cisim
from cisim.cli import main
from cisim.lab.scale import outside
from cisim.model.outcomes import OUTCOMES

EXTREME = {"effort_half": 0.01, "wb_max": 100.0, "wb_delay": 3.0, "own_value": 50.0}
EXTREME["staff_time"] = 5.0


def test_nothing_that_ships_leaves_its_scale() -> None:
    for name in ("national-and-regional", "no-backbone"):
        ensemble = cisim.simulate(name, 3, 1, months=24)
        assert ensemble.outside == ()


def test_who_leaves_the_scale_is_counted_and_told() -> None:
    names = ["wellbeing", "member_share"]
    values = np.full((4, 3, 1, 2), 0.5)
    values[1, 2, 0, 0] = 182.0
    values[3, 0, 0, 0] = -513_113.0
    values[2, 1, 0, 1] = np.nan
    (one,) = outside("grants", names, values)
    assert one == ("grants", "wellbeing", 2, 4, -513_113.0)
    assert "wellbeing left its scale of 0 to 100 in 2 of 4 futures (to -5.131e+05)" in str(one)


def test_an_endless_value_is_outside_every_scale() -> None:
    values = np.full((1, 1, 1, 1), np.inf)
    (one,) = outside("harm", ["service_demand"], values)
    assert "in this future (to no end)" in str(one)


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_ends_of_a_scale_belong_to_it(name: str) -> None:
    ends = [end for end in OUTCOMES[name].bounds if np.isfinite(end)]
    if ends:
        assert outside("x", [name], np.array(ends).reshape(-1, 1, 1, 1)) == []


def test_parameters_at_the_ends_of_their_bounds_are_told_by_an_ensemble() -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town")
    scenario = scenario.with_(parameters=EXTREME)
    ensemble = cisim.simulate(scenario, 2, 1, months=60, outcomes=["wellbeing", "member_share"])
    assert [one.outcome for one in ensemble.outside] == ["wellbeing"]


def test_the_command_line_its_json_and_the_manifest_tell_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--world", "one-town", "--months", "60"]
    for name, value in EXTREME.items():
        given += ["--set", f"{name}={value}"]
    assert main(["run", "national-and-regional", *given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["told"]
    assert any("left its scale" in one for one in told)
    folder = tmp_path / "out"
    compared = ["compare", "no-backbone", "national-and-regional", *given, "--replicates", "2"]
    compared += ["--beliefs", "fixed"]
    assert main([*compared, "--workers", "1", "--out", str(folder)]) == 0
    assert "left its scale" in capsys.readouterr().out
    manifest = json.loads((folder / "manifest.json").read_text())
    assert any("left its scale" in one for one in manifest["notes"])


def test_what_stays_on_its_scale_is_not_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "no-backbone", "--world", "one-town", "--months", "12"]) == 0
    assert "left its scale" not in capsys.readouterr().out
