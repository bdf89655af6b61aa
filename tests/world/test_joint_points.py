"""Ensembles of beliefs: joint points from a file, one for each future."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cisim.lab.calibration import read_making
from cisim.lab.sweep.identity import hash_of
from cisim.model.input_error import InputError
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world import joint_points
from cisim.world.beliefs import FromEnsembles, beliefs_of, usual_beliefs
from cisim.world.joint_points import SHIPPING, read_joint_points, shipped_ensembles
from cisim.world.scenario import Scenario
from tests.believed import ship, write_ensemble, write_points


def town(**changes: Any) -> Scenario:
    return Scenario.load("no-backbone", world="one-town", months=12, **changes)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FromEnsembles:
    ship(tmp_path, monkeypatch)
    found = beliefs_of("ensemble")
    assert isinstance(found, FromEnsembles)
    return found


def test_futures_take_from_two_ensembles_in_turns(both: FromEnsembles) -> None:
    assert [one.name for one in both.ensembles] == [*SHIPPING]
    assert both.whose(np.arange(1, 7)).tolist() == [0, 1, 0, 1, 0, 1]
    for seed in range(1, 40):
        mine = both.ensembles[(seed - 1) % 2]
        row = [both.point(seed)[name] for name in mine.names]
        assert row in mine.points.tolist()


def test_each_point_is_taken_once_before_any_comes_again_then_in_a_fresh_order(
    both: FromEnsembles,
) -> None:
    rows = [tuple(both.point(seed).values()) for seed in range(1, 65)]
    for first in (0, 16, 32, 48):
        assert len(set(rows[first : first + 16])) == 16
        assert set(rows[first : first + 16]) == set(rows[:16])
    assert rows[:16] != rows[16:32] != rows[32:48]


def test_a_future_has_the_same_point_whatever_others_are_run(both: FromEnsembles) -> None:
    some = both.values(np.array([205, 7, 0, 2**62]))
    for row, seed in zip(some, (205, 7, 0, 2**62), strict=True):
        assert both.point(seed) == dict(zip(both.names, row.tolist(), strict=True))


def test_one_ensemble_alone_has_all_futures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(tmp_path, monkeypatch, "evaluated")
    found = beliefs_of("ensemble")
    assert isinstance(found, FromEnsembles)
    assert [one.name for one in found.ensembles] == ["evaluated"]
    assert found == beliefs_of("evaluated").model_copy(update={"given": "ensemble"})  # type: ignore[union-attr]
    assert usual_beliefs() == "ensemble"


def test_where_none_ships_a_comparison_holds_what_scenarios_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint_points, "configs", lambda: tmp_path)
    assert usual_beliefs() == "fixed"
    with pytest.raises(InputError, match="no calibrated ensemble ships with this version"):
        beliefs_of("ensemble")


def test_what_a_scenario_sets_stays_and_what_a_file_lacks_is_the_scenarios_own(
    tmp_path: Path,
) -> None:
    path = write_points(
        tmp_path / "own.parquet", {"effort_half": [1.0, 2.0], "turnover": [0.02] * 2}
    )
    one = town(parameters={"turnover": 0.01}).believing(path)
    there = {one.in_future(seed).parameters.effort_half for seed in (1, 2)}
    assert there == {1.0, 2.0}
    assert one.in_future(1).parameters.turnover == 0.01
    assert one.in_future(1).parameters.wb_max == Parameters().wb_max


def test_what_is_known_of_a_run_are_the_points_and_not_where_they_were_found(
    tmp_path: Path,
) -> None:
    one = write_ensemble(tmp_path / "one.parquet", 5, 3)
    same = write_ensemble(tmp_path / "there" / "two.parquet", 5, 3)
    other = write_ensemble(tmp_path / "three.parquet", 5, 4)
    keys = [hash_of(town().believing(path)) for path in (one, same, other)]
    assert keys[0] == keys[1] != keys[2]
    given = Scenario.load("same-total", world="one-town", months=12)
    keys = [hash_of(given.believing(path)) for path in (one, same, other)]
    assert keys[0] == keys[1] != keys[2]


def test_the_points_go_along_to_workers_that_have_no_such_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_ensemble(tmp_path / "own.parquet", 5, 3)
    scenario = town().believing(path)
    sent, wanted = pickle.dumps(scenario), scenario.in_future(3).parameters
    path.unlink()
    monkeypatch.setattr(joint_points, "_HELD", {})
    with pytest.raises(InputError, match="there is no such file"):
        town().believing(path)
    assert pickle.loads(sent).in_future(3).parameters == wanted


def test_a_file_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = write_ensemble(tmp_path / "own.parquet", 5, 3)
    before = read_joint_points(path)
    assert read_joint_points(path) is before
    write_ensemble(path, 5, 4)
    after = read_joint_points(path)
    assert after.digest != before.digest
    assert after.points.tolist() != before.points.tolist()


def test_a_result_names_its_ensemble_and_finds_the_same_points_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_ensemble(tmp_path / "own.parquet", 5, 3)
    scenario = town().believing(path)
    said = json.loads(json.dumps(scenario.resolved()))
    assert len(json.dumps(said["beliefs"])) < 3000
    assert Scenario.from_resolved(said) == scenario
    write_ensemble(path, 5, 4)
    monkeypatch.setattr(joint_points, "_HELD", {})
    with pytest.raises(InputError, match="has other points now"):
        Scenario.from_resolved(said).in_future(1)


def test_the_making_of_what_ships_is_read_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(tmp_path, monkeypatch, size=6)
    assert read_making("evaluated")["members"] == 6


WRONG = {
    "has the column twice": ({"effort_half": ["a"]}, "effort_half is no column of numbers"),
    "is no parameter": (
        {"effort_hal": [1.0]},
        "'effort_hal', which is not a parameter. Did you mean",
    ),
    "is a lever": ({"national_fte": [1.0]}, "has national_fte, a lever"),
    "is out of bounds": ({"effort_half": [1.0, -3.0]}, "row 2: effort_half is -3"),
    "is not finite": ({"effort_half": [float("nan")]}, "row 1: effort_half is nan"),
    "is missing": ({"effort_half": [None, 1.0]}, "row 1: effort_half is n|no column of numbers"),
    "has no points": ({"effort_half": np.array([], float)}, "has 0 points"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_told_in_one_sentence(what: str, tmp_path: Path) -> None:
    columns, said = WRONG[what]
    path = write_points(tmp_path / "wrong.parquet", columns)
    with pytest.raises(InputError, match=said) as caught:
        town().believing(path)
    assert "wrong.parquet" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_file_of_points_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and nothing else")
    for given, said in (
        (tmp_path / "torn.parquet", "torn.parquet cannot be read as an ensemble of beliefs"),
        (tmp_path, "there is no such file"),
        ("guessed", "beliefs is 'guessed'; allowed is ensemble, plausible, fixed"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            town().believing(given)
        assert "\n" not in str(caught.value)


def test_the_evidence_of_effort_half_says_where_the_ensembles_that_ship_have_it() -> None:
    words = declarations(Parameters)["effort_half"].evidence.words
    for name, said in (("self-reported", "themselves goes with"), ("evaluated", "evaluated with")):
        one = read_joint_points(name)
        column = np.asarray(one.points)[:, one.names.index("effort_half")]
        low, high = (f"{end:.2g}".removeprefix("0") for end in np.quantile(column, (0.05, 0.95)))
        assert f"{said} {low} to {high}, " in words
    assert "in nine points of ten" in words


def test_what_ships_are_whole_ensembles_of_all_that_may_be_believed() -> None:
    for name, path in shipped_ensembles().items():
        one = read_joint_points(name)
        assert one.points.shape == (one.size, len(one.names))
        assert path.stat().st_size < 500_000
        assert read_making(name)["cut"] == 3.0
