"""The DataCollector that reads columns collects what Mesa's own does."""

from __future__ import annotations

import pickle
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.bridges import DataCollector
from cisim.bridges.collector import READ

OF_KIND: dict[type, dict[str, str]] = {
    kind: {name: name for name in sorted(read)} for kind, read in READ.items()
}


EVERYBODYS = "name" if hasattr(mesa.DataCollector(), "_collection_steps") else "trust"
"""What is asked of all agents: before Mesa 3.5 what some have not is None, since then refused."""


@pytest.fixture(scope="module")
def model() -> cisim.CollectiveImpactModel:
    scenario = cisim.Scenario.load("national-and-regional", world="test-region", months=14)
    return cisim.CollectiveImpactModel(scenario, seed=2).run(13)


def both(model: cisim.CollectiveImpactModel, *args: Any) -> tuple[DataCollector, Any]:
    ours, theirs = DataCollector(*args), mesa.DataCollector(*args)
    for one in (ours, theirs):
        one.collect(model)
    return ours, theirs


@pytest.mark.parametrize("kind", OF_KIND, ids=lambda kind: kind.__name__)
def test_every_attribute_that_is_read_as_a_column_is_that_of_each_agent(
    model: cisim.CollectiveImpactModel, kind: type
) -> None:
    ours, theirs = both(model, None, None, {kind: OF_KIND[kind]})
    mine, wanted = (one.get_agenttype_vars_dataframe(kind) for one in (ours, theirs))
    assert len(wanted) == len(model.agents_by_type[kind]) > 0
    pd.testing.assert_frame_equal(mine, wanted, rtol=1e-12)


def test_of_all_agents_each_attribute_is_there_for_those_that_have_it(
    model: cisim.CollectiveImpactModel,
) -> None:
    ours, theirs = both(model, None, {"it": EVERYBODYS, "row": lambda agent: agent.row})
    mine, wanted = (one.get_agent_vars_dataframe() for one in (ours, theirs))
    pd.testing.assert_frame_equal(mine, wanted, rtol=1e-12)


def test_a_backbone_that_came_later_stands_in_its_place() -> None:
    scenario = cisim.Scenario.load("no-backbone", world="test-region", months=3)
    model = cisim.CollectiveImpactModel(scenario, seed=1)
    assert len(model.agents) > 0
    model.backbone(0).resources = 2.0
    model.step()
    ours, theirs = both(model, None, {"it": EVERYBODYS})
    mine, wanted = (one.get_agent_vars_dataframe() for one in (ours, theirs))
    pd.testing.assert_frame_equal(mine, wanted, rtol=1e-12)


def test_outcomes_are_collected_by_name_and_functions_as_by_mesa() -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=6)
    model = cisim.CollectiveImpactModel(scenario, seed=3)
    collector = DataCollector(
        {"gain": "wellbeing_gain", "month": "month", "twice": lambda m: 2 * m.month},
        tables={"notes": ["what"]},
    )
    collector.add_table_row("notes", {"what": "x"})
    while model.running:
        model.step()
        collector.collect(model)
    found = collector.get_model_vars_dataframe()
    np.testing.assert_array_equal(found["gain"], model.outcomes()["wellbeing_gain"][1:])
    assert found["month"].tolist() == [1, 2, 3, 4, 5, 6]
    assert found["twice"].tolist() == [2, 4, 6, 8, 10, 12]
    assert collector.get_table_dataframe("notes")["what"].tolist() == ["x"]


def test_with_names_alone_it_can_go_to_another_process() -> None:
    scenario = cisim.Scenario.load("no-backbone", world="one-town", months=2)
    model = cisim.CollectiveImpactModel(scenario)
    model.datacollector = DataCollector({"gain": "wellbeing_gain"})
    model.datacollector.collect(model)
    copy = pickle.loads(pickle.dumps(model))
    copy.step()
    copy.datacollector.collect(copy)
    assert len(copy.datacollector.model_vars["gain"]) == 2


def test_another_model_is_left_to_mesa() -> None:
    class Wolf(mesa.Agent):
        energy = 3.0

    class Wolves(mesa.Model):
        def __init__(self) -> None:
            super().__init__()
            Wolf.create_agents(self, 2)

    collector = DataCollector({"n": lambda m: len(m.agents)}, {"energy": "energy"})
    collector.collect(Wolves())
    assert collector.get_agent_vars_dataframe()["energy"].tolist() == [3.0, 3.0]


def test_no_agent_is_asked_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it costs is that nothing is asked agent by agent, however many there are."""
    scenario = cisim.Scenario.load("national-and-regional", world="test-region", months=2)
    model = cisim.CollectiveImpactModel(scenario)
    asked: list[str] = []
    for name in ("trust", "standing", "sector"):
        was = getattr(cisim.Organisation, name)

        def read(agent: Any, name: str = name, was: Any = was) -> Any:
            asked.append(name)
            return was.fget(agent)

        monkeypatch.setattr(cisim.Organisation, name, property(read))
    reporters = {cisim.Organisation: {name: name for name in ("trust", "standing", "sector")}}
    DataCollector(agenttype_reporters=reporters).collect(model)
    assert asked == []
    mesa.DataCollector(agenttype_reporters=reporters).collect(model)
    assert len(asked) == 3 * len(model.agents_by_type[cisim.Organisation])
