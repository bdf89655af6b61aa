"""The network goes out with its names and attributes, whole, and says the same in every form."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from named import MIXED, mixed

from cisim import cli
from cisim.lab.networks import network_files, write_network
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import organisation_frame
from cisim.world.scenario import Scenario


@pytest.fixture(scope="module")
def model() -> CollectiveImpactModel:
    scenario = Scenario.load("national-and-regional", world=mixed(), months=30)
    return CollectiveImpactModel(scenario, 3).run()


def test_everybody_is_there_by_name_with_what_the_model_says(model: CollectiveImpactModel) -> None:
    graph = model.network()
    people = organisation_frame(model.state, model.parameters)
    world = model.scenario.world  # type: ignore[attr-defined]
    assert list(graph) == list(world.organisation_names)
    schools = graph.nodes["Linna-alueen koulut"]
    assert schools["community"] == "Hämeenlinna"
    assert schools["own_time"] == 0.4
    assert "community" not in graph.nodes["Hyvinvointialue"]
    assert graph.nodes["Hyvinvointialue"]["level"] == "regional"
    for name, about in graph.nodes(data=True):
        row = people.iloc[list(graph).index(name)]
        assert (about["member"], about["sector"]) == (row.member, row.sector)
        trust = [tie["trust"] for _, _, tie in graph.out_edges(name, data=True)]
        assert np.mean(trust) == pytest.approx(row.trust)
    assert {about["role"] for _, about in graph.nodes(data=True)} >= {"member", "outside"}
    assert all(graph.has_edge(b, a) for a, b in graph.edges)
    active = {(a, b) for a, b, tie in graph.edges(data=True) if tie["active"]}
    brokered = {(a, b) for a, b, tie in graph.edges(data=True) if tie["brokered"]}
    assert brokered
    assert brokered <= active < set(graph.edges)


def test_strength_is_the_order_of_trust(model: CollectiveImpactModel) -> None:
    ties = [tie for _, _, tie in model.network().edges(data=True)]
    by_strength = sorted(ties, key=lambda tie: tie["strength"])
    trust = [tie["trust"] for tie in by_strength]
    assert trust == sorted(trust)
    assert 0 <= by_strength[0]["strength"] < by_strength[-1]["strength"] <= 1


def test_another_month_is_refused(model: CollectiveImpactModel) -> None:
    assert model.network(30).graph["month"] == 30
    with pytest.raises(InputError, match=r"month is 12; allowed is 30"):
        model.network(12)


def test_both_forms_say_the_same(model: CollectiveImpactModel, tmp_path: Path) -> None:
    graph = model.network()
    (one,) = write_network(tmp_path / "net.graphml", graph)
    read = nx.read_graphml(one)
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {(a, b): tie for a, b, tie in read.edges(data=True)} == {
        (a, b): tie for a, b, tie in graph.edges(data=True)
    }
    organisations, ties = write_network(tmp_path / "net.csv", graph)
    assert [organisations.name, ties.name] == ["net-organisations.csv", "net-ties.csv"]
    with organisations.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["organisation"] for row in rows] == list(graph)
    with ties.open(encoding="utf-8", newline="") as file:
        edges = list(csv.DictReader(file))
    assert {(row["from"], row["to"]): float(row["trust"]) for row in edges} == {
        (a, b): tie["trust"] for a, b, tie in graph.edges(data=True)
    }
    assert {row["active"] for row in edges} == {"yes", "no"}


@pytest.mark.parametrize("name", ["net.gexf", "net", ".csv", "net.csv.gz"])
def test_another_ending_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(InputError, match=r"allowed is a file that ends in \.graphml or \.csv"):
        network_files(name)


def test_what_is_not_an_earlier_network_stays(model: CollectiveImpactModel, tmp_path: Path) -> None:
    graph = model.network()
    for name in ("net.graphml", "net.csv"):
        files = write_network(tmp_path / name, graph)
        assert write_network(tmp_path / name, graph) == files
        files[-1].write_text("my own", "utf-8")
        with pytest.raises(InputError, match="in use and is no network of cisim"):
            write_network(tmp_path / name, graph)
        assert files[-1].read_text("utf-8") == "my own"


def test_a_run_writes_the_network_of_a_month(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["run", "national-only", "--world", "one-town", "--months", "6", "--quiet", "--json"]
    path = tmp_path / "new" / "net.graphml"
    assert cli.main([*line, "--network", str(path), "--month", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["network"] == [str(path)]
    scenario = Scenario.load("national-only", world="one-town", months=6)
    then = CollectiveImpactModel(scenario, 1).run(2).network()
    read = nx.read_graphml(path)
    assert {(a, b): tie for a, b, tie in read.edges(data=True)} == {
        (a, b): tie for a, b, tie in then.edges(data=True)
    }
    assert read.graph["month"] == 2


def test_a_month_may_be_a_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = tmp_path / "w.toml"
    world.write_text('start = "2026-01"\n' + MIXED, "utf-8")
    path = tmp_path / "net.graphml"
    line = ["run", "national-only", "--world", str(world), "--months", "6", "--quiet"]
    assert cli.main([*line, "--network", str(path), "--month", "2026-04"]) == 0
    assert f"Network, April 2026: {path}" in capsys.readouterr().out
    assert nx.read_graphml(path).graph["month"] == 3


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--month", "3"], "--month would change nothing here; it is for --network"),
        (["--network", "n.csv", "--month", "7"], "--month is 7; allowed is 0 to 6, the horizon"),
        (["--network", "n.csv", "--month", "2027-07"], "but the world has no start"),
        (["--network", "n.csv", "--month", "-1"], "--month is '-1'"),
        (["--network", "n.txt"], "--network is 'n.txt'; allowed is a file that ends in"),
        (["--network", "."], "--network is '.'; allowed is a file that ends in"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_run(
    more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", "no-backbone", "--world", "one-town", "--months", "6", *more]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
