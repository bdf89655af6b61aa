"""Results as xarray's Datasets, networks as networkx graphs."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import xarray as xr

import cisim
from cisim.bridges import networks, partners, to_xarray
from cisim.lab.design import Design
from cisim.lab.study import InMemory, Study
from cisim.model.input_error import InputError
from cisim.world.ranges import Range


@pytest.fixture(scope="module")
def comparison() -> cisim.Comparison:
    pair = [
        cisim.Scenario.load(name, world="test-region", months=6)
        for name in ("no-backbone", "national-and-regional")
    ]
    return cisim.compare(
        pair, 3, workers=1, seed=4, by_region=True, outcomes=["wellbeing_gain", "member_share"]
    )


def study() -> Study:
    names, months, regions = ("wellbeing_gain", "member_share"), (6, 12), ("Here", "overall")
    shape = (2, 3, 2, len(months), len(regions), len(names))
    values = np.arange(np.prod(shape), dtype=float).reshape(shape)
    points = np.array([[0.5, 0.0], [1.0, 1.0], [2.0, 0.0]])
    ranges = (
        Range("effort_half", 0.4, 2.5, log=True), Range("trust_memory", 0, 1, choices=("a", "b")),
    )  # fmt: skip
    design = Design(("effort_half", "trust_memory"), points, 1, ranges=ranges)
    kept = InMemory(names, months, regions, values)
    return Study("s", ("one", "two"), design, names, np.array(months), regions, 2, kept)


def test_a_comparison_has_named_dimensions_units_and_its_own_numbers(
    comparison: cisim.Comparison,
) -> None:
    found = to_xarray(comparison)
    assert dict(found.sizes) == {"scenario": 2, "replicate": 3, "month": 7, "region": 2}
    assert found["wellbeing_gain"].attrs["units"] == "points of 100"
    assert found["seed"].values.tolist() == [4, 5, 6]
    one = comparison.ensembles["national-and-regional"]
    here = found["member_share"].sel(scenario="national-and-regional", region="overall")
    np.testing.assert_array_equal(here, one.values[:, :, -1, 1])
    ours = comparison.table(at=6)
    ours = ours[(ours["outcome"] == "wellbeing_gain") & (ours["region"] == "overall")]
    mean = found["wellbeing_gain"].sel(month=6, region="overall").mean("replicate")
    np.testing.assert_allclose(mean, ours["mean"], rtol=1e-12)


def test_an_ensemble_can_be_asked_for_less(comparison: cisim.Comparison) -> None:
    one = comparison.ensembles["no-backbone"]
    found = to_xarray(one, "member_share", months=[0, 6], regions="overall")
    assert list(found.data_vars) == ["member_share"]
    assert dict(found.sizes) == {"scenario": 1, "replicate": 3, "month": 2, "region": 1}
    np.testing.assert_array_equal(found["member_share"].squeeze(), one.values[:, [0, 6], -1, 1])


def test_a_study_has_its_design_along_point() -> None:
    one = study()
    found = to_xarray(one)
    sizes = {"scenario": 2, "point": 3, "replicate": 2, "month": 2, "region": 2}
    assert dict(found.sizes) == sizes
    assert found["effort_half"].dims == ("point",)
    assert found["effort_half"].attrs["units"]
    assert found["trust_memory"].values.tolist() == ["a", "b", "a"]
    at = found["member_share"].sel(region="Here", month=6)
    np.testing.assert_array_equal(at, one.runs("member_share", 6, "Here"))


def test_a_sweep_becomes_a_dataset_that_groups_by_what_was_varied() -> None:
    one = cisim.Experiment(
        ["no-backbone", "national-and-regional"],
        {"kind": "full-factorial", "vary": {"structure": {"values": ["none", "regional"]},
                                            "effort_half": {"values": [0.5, 1.0]}}},
        world="one-town", months=6, replicates=2, outcomes=["member_share"], at=[3, 6],
    ).run(workers=1)  # fmt: skip
    found = to_xarray(one)
    sizes = {"scenario": 2, "point": 4, "replicate": 2, "month": 2, "region": 1}
    assert dict(found.sizes) == sizes
    by_structure = found["member_share"].groupby("structure").mean()
    assert set(by_structure["structure"].values.tolist()) == {"none", "regional"}
    point = next(
        p for p in range(4)
        if found["structure"][p] == "regional" and found["effort_half"][p] == 1.0
    )  # fmt: skip
    scenario = cisim.Scenario.load("no-backbone", world="one-town", months=6).with_(
        structure="regional", parameters={"effort_half": 1.0}
    )
    wanted = cisim.simulate(scenario, 2, workers=1, at=[3, 6]).at("member_share")
    here = found["member_share"].sel(scenario="no-backbone", month=6, region="overall")
    np.testing.assert_array_equal(here.isel(point=point), wanted)


class Counted(InMemory):
    """Says what was read."""

    read: list[str]

    def runs(self, outcome: str, months: object, region: str) -> np.ndarray:
        self.read.append(outcome)
        return super().runs(outcome, months, region)  # type: ignore[arg-type]


def test_of_a_study_no_more_is_read_than_is_asked_for() -> None:
    one = study()
    kept = Counted(one.outcomes, (6, 12), one.regions, one.kept.values)  # type: ignore[attr-defined]
    object.__setattr__(kept, "read", [])
    object.__setattr__(one, "kept", kept)
    to_xarray(one, "member_share", regions="overall")
    assert kept.read == ["member_share"]


def test_a_dataset_is_written_as_netcdf_and_comes_back(
    comparison: cisim.Comparison, tmp_path: Path
) -> None:
    for number, result in enumerate((comparison, study())):
        found = to_xarray(result)
        found.to_netcdf(tmp_path / f"{number}.nc")
        with xr.open_dataset(tmp_path / f"{number}.nc") as again:
            xr.testing.assert_allclose(again.load(), found)
            assert again["member_share"].attrs == found["member_share"].attrs


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"outcomes": "trust_eligible"}, "outcomes has 'trust_eligible', which was not kept"),
        ({"months": [99]}, "months has 99, which was not kept"),
        ({"regions": ["Nowhere"]}, "regions has 'Nowhere', which was not kept"),
        ({"months": []}, "months is empty"),
    ],
)
def test_what_was_not_kept_is_told(
    comparison: cisim.Comparison, given: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        to_xarray(comparison, **given)  # type: ignore[arg-type]


def test_a_dated_world_gives_its_months_dates() -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="finland-2020", months=2)
    found = to_xarray(cisim.simulate(scenario, 1, workers=1, outcomes="member_share"))
    assert found["date"].values.tolist() == [scenario.calendar.written(m) for m in range(3)]


def test_networks_are_those_of_one_future_month_by_month() -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="test-region", months=8)
    found = networks(scenario, [8, 0], seed=3)
    assert list(found) == [0, 8]
    model = cisim.CollectiveImpactModel(scenario, seed=3).run()
    wanted = model.network()
    assert nx.utils.graphs_equal(nx.DiGraph(found[8].edges), nx.DiGraph(wanted.edges))
    assert dict(found[8].nodes(data=True)) == dict(wanted.nodes(data=True))
    assert found[8].graph == {"month": 8, "scenario": scenario.name, "seed": 3}
    assert list(networks(scenario)) == [0, 8]
    assert networks(scenario, 0)[0].number_of_nodes() == wanted.number_of_nodes()


def test_partners_are_members_and_the_ties_that_are_active_between_them() -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="test-region", months=12)
    whole = networks(scenario, 12)[12]
    found = partners(whole)
    members = {name for name, about in whole.nodes(data=True) if about["member"]}
    assert set(found) == members
    active = {
        frozenset((a, b))
        for a, b, about in whole.edges(data=True)
        if about["active"] and {a, b} <= members
    }
    assert {frozenset(edge) for edge in found.edges} == active != set()
    a, b, about = next(iter(found.edges(data=True)))
    assert about["trust"] == (whole.edges[a, b]["trust"] + whole.edges[b, a]["trust"]) / 2


def test_a_month_that_is_not_of_the_run_is_told() -> None:
    with pytest.raises(InputError, match="months is 999; allowed is a whole number, 0 to 120"):
        networks("no-backbone", 999)


def test_anything_else_is_refused() -> None:
    with pytest.raises(InputError, match="result is 'int'; allowed is an Ensemble"):
        to_xarray(3)  # type: ignore[arg-type]
