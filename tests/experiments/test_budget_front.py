"""The best use of EUR 100,000 a year in five regions: what is kept is so, and so is its claim."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.cli import main
from cisim.lab.design import latin_hypercube
from cisim.lab.optimise.file import read_question
from cisim.lab.optimise.question import Question

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "experiments" / "budget-front.toml"
KEPT = ROOT / "results" / "budget-front"
FRONT = pd.read_csv(KEPT / "front.csv")
FUTURES = 30
"""As many as the search saw."""


def asked() -> Question:
    said = read_question(FILE)
    said.pop("evaluations")
    return Question(**said)


def effects(scenarios: list[cisim.Scenario]) -> np.ndarray:
    """Return the gain of each over the first in the first beliefs of the search, (futures, S)."""
    design = latin_hypercube(30, 1)
    rows = []
    for at in range(FUTURES):
        believed = [one.with_(parameters=design.point(at)) for one in scenarios]
        gains = [
            cisim.CollectiveImpactModel(one, 1 + at).run().recorder.values(["wellbeing_gain"])
            for one in believed
        ]
        last = [float(one["wellbeing_gain"][-1, -1]) for one in gains]
        rows.append([value - last[0] for value in last])
    return np.array(rows)


def test_what_was_asked_is_right_and_what_is_kept_answers_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(FILE), *map(str, sorted(KEPT.glob("best-*.toml")))]) == 0
    assert "no-backbone on finland, 120 months, 7 levers, 240 candidates" in capsys.readouterr().out
    assert [one.name for one in asked().levers] == [*FRONT.columns[-8:-1]]
    assert FRONT["keeps"].all()
    assert FRONT["search_spent"].max() <= 100_000
    told = FRONT[FRONT["told"]].sort_values("spent")
    assert (np.diff(told["effect"]) > 0).mean() > 0.8


def test_the_front_keeps_money_together() -> None:
    regions = FRONT.columns[FRONT.columns.str.startswith("add.regional.")]
    paid = FRONT[FRONT["search_spent"] > 30_000]
    assert len(paid) > 10
    assert (paid["add.regional.Pirha.fte"] >= 0.6 * paid[regions].sum(axis=1)).all()
    assert (paid["add.local-action.fte"] <= 0.05 * paid["add.regional.Pirha.fte"]).all()
    assert (paid["add.national.fte"] < paid["add.regional.Pirha.fte"]).all()


@pytest.mark.slow
def test_money_that_is_spread_gains_less_in_runs_of_ones_own() -> None:
    question = asked()
    best = question.scenario.load(KEPT / "best-1.toml")
    spread = question.put((0.0, 0.32, 0.32, 0.32, 0.32, 0.32, 0.0))
    action = question.put((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.32))
    nothing, most, thin, action_alone = effects([question.scenario, best, spread, action]).T
    assert not nothing.any()
    kept = FRONT.set_index("file").loc[1.0]
    assert most.mean() == pytest.approx(kept["search_effect"], rel=1e-9)
    for other in (thin, action_alone):
        assert most.mean() > 1.1 * other.mean()
        assert (most > other).mean() > 0.5
