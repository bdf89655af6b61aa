"""What is Mesa's and what is ours."""

from __future__ import annotations

import warnings
from pathlib import Path

import mesa
import pytest

import cisim
from cisim.model.input_error import InputError

ON_PURPOSE = {
    "agents": "handles are built when somebody asks for them",
    "agents_by_type": "handles are built when somebody asks for them",
    "agent_types": "handles are built when somebody asks for them",
    "scenario": "Mesa 3.5 has a kind of its own, which is not used",
    "step": "a month",
}


def test_no_attribute_of_ours_shadows_one_of_mesas() -> None:
    ours = {name for name in vars(cisim.CollectiveImpactModel) if not name.startswith("__")}
    assert ours & set(dir(mesa.Model)) <= set(ON_PURPOSE)


def test_a_model_is_made_without_a_warning_and_counts_its_months() -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = cisim.CollectiveImpactModel(scenario, seed=3).run(2)
        model.step()
    assert (model.steps, model.month, model.scenario) == (3, 3, scenario)


def test_four_iterations_of_batch_run_are_four_futures() -> None:
    seeds = []

    class Watched(cisim.CollectiveImpactModel):
        def __init__(self, scenario: cisim.Scenario, seed: int = 5) -> None:
            super().__init__(scenario, seed)
            seeds.append(self.seed)
            self.datacollector = mesa.DataCollector({"month": "month"})
            self.datacollector.collect(self)

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mesa.batch_run(Watched, {"scenario": [scenario]}, iterations=4, display_progress=False)
    assert len(seeds) == 4
    assert len(set(seeds)) == 4


def test_an_attribute_that_a_saved_run_cannot_keep_is_refused(tmp_path: Path) -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=2)
    model = cisim.CollectiveImpactModel(scenario)
    model.note = "mine"
    with pytest.raises(InputError, match=r"CollectiveImpactModel\.note"):
        model.save(tmp_path / "run.npz")
    del model.note
    model.save(tmp_path / "run.npz")
