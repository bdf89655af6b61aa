"""Experiments of a sweep that ship: each has its claim, and a result that bears it out."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from cisim import Experiment

ROOT = Path(__file__).parents[2]
NAMES = ("sensitivity-finland", "evidence-value")


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_can_be_run_and_its_claim_is_listed(name: str) -> None:
    file = ROOT / "experiments" / f"{name}.toml"
    experiment = Experiment.load(file)
    claim = tomllib.loads(file.read_text("utf-8"))["claim"]
    assert experiment.runs > 1000
    rows = (ROOT / "experiments" / "README.md").read_text("utf-8").splitlines()
    (row,) = [one for one in rows if one.startswith(f"| `{name}.toml`")]
    assert claim.rstrip(".").lower() in row.lower()


@pytest.mark.parametrize("name", NAMES)
def test_a_reference_result_is_finished_and_of_that_experiment(name: str) -> None:
    folder = ROOT / "results" / name
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert not said["incomplete"]
    assert said["failed"] == []
    assert said["study"]["name"] == name
    experiment = Experiment.load(ROOT / "experiments" / f"{name}.toml")
    assert said["asked"] == experiment.runs
    for path in folder.glob("*.csv"):
        assert set(pd.read_csv(path)["manifest"]) == {said["key"]}, path.name


def test_what_joint_work_takes_moves_most_and_most_numbers_move_no_more_than_luck() -> None:
    table = pd.read_csv(ROOT / "results" / "sensitivity-finland" / "morris.csv")
    assert table["parameter"][0] == "effort_half"
    assert bool(table["clear"][0])
    assert len(table) > 50
    assert table["clear"].sum() <= len(table) / 5


def test_only_what_joint_work_takes_is_clearly_worth_learning() -> None:
    table = pd.read_csv(ROOT / "results" / "evidence-value" / "learning.csv")
    assert table[table["clear"]]["parameter"].tolist() == ["effort_half"]
    assert table["worth"].is_monotonic_decreasing
