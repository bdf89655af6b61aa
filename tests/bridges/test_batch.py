"""mesa.batch_run makes models of names and numbers, each iteration another future."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import mesa
import numpy as np
import pandas as pd
import pytest

import cisim
from cisim.bridges import BatchModel
from cisim.bridges.batch import _one_seed_each
from cisim.model.input_error import InputError

PLACE = {"world": "one-town", "outcomes": "wellbeing_gain, member_share"}


def batch(parameters: dict[str, Any], model: type = BatchModel, **options: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*iterations", DeprecationWarning)
        rows = mesa.batch_run(
            model, {**PLACE, **parameters}, display_progress=False, **options
        )  # fmt: skip
    return pd.DataFrame(rows).sort_values("RunId", ignore_index=True, kind="stable")


def test_scenarios_by_name_parameters_by_keyword_and_four_iterations_are_four_futures() -> None:
    found = batch(
        {"scenario": ["no-backbone", "national-and-regional"], "effort_half": [0.7, 1.4]},
        iterations=4,
        max_steps=6,
    )
    assert len(found) == 2 * 2 * 4
    for keys, rows in found.groupby(["scenario", "effort_half"]):
        assert rows["seed"].tolist() == [1, 2, 3, 4]
        assert rows["wellbeing_gain"].nunique() == 4
        name, half = keys
        one = cisim.Scenario.load(str(name), world="one-town", parameters={"effort_half": half})
        wanted = cisim.simulate(one, 4, workers=1, at=[6], months=6)
        np.testing.assert_array_equal(rows["wellbeing_gain"], wanted.at("wellbeing_gain"))
        np.testing.assert_array_equal(rows["member_share"], wanted.at("member_share"))


@pytest.mark.parametrize("most", [5, 1000])
def test_no_month_is_lived_too_many_and_the_last_row_is_the_last_month(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = []
    was = cisim.CollectiveImpactModel._live

    def live(self: Any, first: int, end: int) -> None:
        lived.append(end)
        was(self, first, end)

    monkeypatch.setattr(cisim.CollectiveImpactModel, "_live", live)
    found = batch({"scenario": "no-backbone", "months": 8}, max_steps=most, iterations=1)
    last = min(8, most)
    assert lived == list(range(1, last + 1))
    assert found["month"].tolist() == [last]
    assert found["Step"].tolist() == [last]


def test_each_month_that_is_collected_is_told_with_its_number() -> None:
    found = batch({"scenario": "no-backbone"}, data_collection_period=2, max_steps=6, iterations=1)
    assert found["month"].tolist() == found["Step"].tolist() == [0, 2, 4, 6]


class WithAgents(BatchModel):
    """What a user writes who wants agents, too; every kind of agent has a name."""

    of_agents: ClassVar = {"name": "name"}


def test_a_subclass_collects_of_agents() -> None:
    parameters = {"scenario": "national-and-regional"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = mesa.batch_run(
            WithAgents, {**PLACE, **parameters}, max_steps=3, display_progress=False
        )
    assert {row["month"] for row in rows} == {3}
    model = WithAgents("national-and-regional", 1, months=3, world="one-town").run()
    assert [row["name"] for row in rows] == [one.name for one in model.agents]


def test_a_seed_that_is_given_is_that_of_every_iteration_and_told() -> None:
    if _one_seed_each():
        found = batch({"scenario": "no-backbone"}, rng=[7, 8], max_steps=2)
        assert found["seed"].tolist() == [7, 8]
        return
    found = batch({"scenario": "no-backbone", "seed": [7, 8]}, max_steps=2)
    assert found["seed"].tolist() == [7, 8]
    with pytest.warns(UserWarning, match="seed is 7 in every iteration"):
        found = batch({"scenario": "no-backbone", "seed": 7}, iterations=2, max_steps=2)
    assert found["seed"].tolist() == [7, 7]
    assert found["wellbeing_gain"].nunique() == 1


def test_numpys_numbers_and_seeds_are_taken() -> None:
    many = np.random.SeedSequence(5).spawn(2)
    one, other = (BatchModel("no-backbone", seed, world="one-town", months=2) for seed in many)
    assert one.seed != other.seed
    again = BatchModel("no-backbone", many[0], world="one-town", months=np.int64(2))
    assert again.seed == one.seed
    found = batch({"scenario": "no-backbone", "effort_half": np.array([0.5, 2.0])}, max_steps=2)
    assert found["effort_half"].tolist() == [0.5, 2.0]


def test_by_itself_it_runs_to_its_horizon_and_beyond_like_any_model() -> None:
    model = BatchModel("no-backbone", 4, world="one-town", months=3)
    model.run()
    assert (model.seed, model.month, model.running) == (4, 3, False)
    assert len(model.datacollector.model_vars["wellbeing_gain"]) == 4
    model.run(2)
    assert model.month == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"effort_hlaf": 1.0}, r"effort_hlaf is not a parameter or a lever\. Did you mean eff"),
        ({"turnover-wave.month": 1}, r"BatchModel has 'turnover-wave.month'"),
        ({"effort_half": -1.0}, r"BatchModel: effort_half is -1"),
        ({"seed": "x"}, r"BatchModel: seed is 'x'; allowed is a whole number"),
        ({"scenario": "no-bakcbone"}, r"no-backbone"),
        ({"outcomes": "welbeing_gain"}, r"welbeing_gain.*wellbeing_gain"),
    ],
)
def test_what_is_not_allowed_is_told_in_one_sentence(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        BatchModel(**{"scenario": "no-backbone", "world": "one-town", "months": 2, **given})


@pytest.mark.slow
def test_two_processes_give_the_same_rows() -> None:
    parameters = {"scenario": ["no-backbone", "national-and-regional"]}
    alone = batch(parameters, iterations=4, max_steps=3)
    together = batch(parameters, iterations=4, max_steps=3, number_processes=2)
    pd.testing.assert_frame_equal(alone, together)
