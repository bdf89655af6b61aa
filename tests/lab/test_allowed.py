"""What each ensemble of beliefs allows, beside each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cisim.lab.allowed import better_in, by_ensemble
from cisim.lab.comparison import Comparison
from cisim.lab.hanging import along, hangs_on
from cisim.show.beliefs_in_words import allowed_in_words, differ_in_words
from tests.believed import made_up, ship, write_points

N = 40
SEEDS = np.arange(1, N + 1)
PAIR = ("national-and-regional", "no-backbone")


def apart_by(apart: np.ndarray, beliefs: str) -> Comparison:
    return made_up({PAIR[0]: apart, PAIR[1]: np.zeros(apart.size)}, beliefs)


def test_one_comparison_has_the_answer_of_each_ensemble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(tmp_path, monkeypatch)
    odd = SEEDS % 2 == 1
    apart = np.where(odd, 1.0 + SEEDS, -1.0)
    apart[:4] = -2.0  # two of each
    found = apart_by(apart, "ensemble")
    table = by_ensemble(found, against=PAIR[1]).set_index(["ensemble", "scenario"])
    mine = table.loc["self-reported", PAIR[0]]
    assert (mine["n"], mine["better"]) == (20, 18)
    assert mine["mean"] == pytest.approx(apart[odd].mean())
    assert mine["best"] == pytest.approx(18 / 20)
    assert mine["harms"] == pytest.approx(2 / 20)
    theirs = table.loc["evaluated", PAIR[0]]
    assert (theirs["n"], theirs["better"], theirs["best"]) == (20, 0, 0.0)
    whole = int((apart > 0.0).sum())
    assert whole == sum(better for _, better, _ in better_in(found, *PAIR))
    said = allowed_in_words(found, *PAIR)
    assert "in 18 of 20 futures; of what was evaluated, in 0 of 20." in said
    differ = differ_in_words(found)
    assert "8 points that meet what was evaluated (5 of them" in differ
    assert "a quick first calibration of 2 waves of 100 points" in differ


def test_where_all_take_from_one_there_is_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(tmp_path, monkeypatch, "evaluated")
    for held in ("ensemble", "plausible", "fixed"):
        found = apart_by(np.ones(N), held)
        assert by_ensemble(found).empty
        assert allowed_in_words(found, *PAIR) == ""
    assert "8 points that meet what was evaluated" in differ_in_words(
        apart_by(np.ones(N), "ensemble")
    )


def test_points_that_come_again_are_no_more_points(tmp_path: Path) -> None:
    """Of five points any number can order the leads; forty futures make it no clearer."""
    path = write_points(
        tmp_path / "few.parquet",
        {"effort_half": [1.0, 2.0, 3.0, 4.0, 5.0], "wb_max": [20.0, 22.0, 30.0, 25.0, 24.0]},
    )
    held = apart_by(np.ones(N), str(path))
    half = held.ensembles[PAIR[0]].parameter("effort_half")
    found = apart_by(2.5 - half, str(path))
    assert not hangs_on(found, *PAIR)["clear"].any()
    assert np.isnan(along(found, "effort_half", *PAIR).turn)
