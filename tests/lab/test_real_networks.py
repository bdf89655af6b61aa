"""Real networks in many files are measured as networkx measures them, or refused in a sentence."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from cisim.lab.real_networks import arcs_of, files_of, shape_of
from cisim.model.input_error import InputError


def directed() -> nx.DiGraph:
    """Return a weighted graph with an isolate, a tie to oneself and pairs of both kinds."""
    graph = nx.gnp_random_graph(15, 0.2, seed=3, directed=True)
    for at, (_, _, told) in enumerate(graph.edges(data=True)):
        told["weight"] = 1 + at % 4
    graph.add_node(15)
    graph.add_edge(2, 2, weight=3)
    return graph


def undirected() -> nx.Graph:
    graph = nx.barbell_graph(5, 2)
    graph.add_edge(0, 7)
    graph.add_edge(3, 3)
    return graph


def as_edges(graph: nx.Graph, path: Path) -> None:
    rows = "".join(f"{one},{other},{told.get('weight', 1)}\n" for one, other, told in
                   graph.edges(data=True))  # fmt: skip
    path.write_text(f"from,to,weight\n{rows}", "utf-8")
    nodes = "".join(f"{one},Node {one}\n" for one in graph.nodes)
    path.with_name(path.name.replace("_edges", "_nodes")).write_text(f"id,name\n{nodes}", "utf-8")


def as_matrix(graph: nx.Graph, path: Path) -> None:
    names = [f"N{one}" for one in graph.nodes]
    array = nx.to_numpy_array(graph)
    rows = "\n".join(f"{name};" + ";".join(f"{one:g}".replace(".", ",") for one in row)
                     for name, row in zip(names, array, strict=True))  # fmt: skip
    path.write_text(f";{';'.join(names)}\n{rows}\n", "utf-8-sig")


WRITTEN: dict[str, Callable[[Any, Path], None]] = {
    "net_edges.csv": as_edges,
    "net.csv": as_matrix,
    "net.graphml": nx.write_graphml,
    "net.gexf": nx.write_gexf,
    "net.gml": nx.write_gml,
    "net.net": nx.write_pajek,
}


def agrees(found: Any, graph: nx.Graph) -> None:
    """Hold what was measured against networkx, without ties to oneself."""
    arcs = graph.copy()
    arcs.remove_edges_from(list(nx.selfloop_edges(arcs)))
    ties = nx.Graph(arcs.to_undirected())
    n, degrees = ties.number_of_nodes(), [many for _, many in ties.degree]
    assert found.nodes == sum(many > 0 for many in degrees)
    assert found.density == pytest.approx(nx.density(ties))
    assert found.transitivity == pytest.approx(nx.transitivity(ties))
    assert found.assortativity == pytest.approx(nx.degree_assortativity_coefficient(ties))
    spread = sum(max(degrees) - many for many in degrees)
    assert found.centralisation == pytest.approx(spread / ((n - 1) * (n - 2)))
    if graph.is_directed():
        assert found.calls == pytest.approx(nx.density(arcs))
        assert found.returned == pytest.approx(nx.overall_reciprocity(arcs))
    else:
        assert math.isnan(found.calls)
        assert math.isnan(found.returned)


@pytest.mark.parametrize("graph", [directed(), undirected()], ids=["directed", "undirected"])
@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_is_measured_as_networkx_does(name: str, graph: nx.Graph, tmp_path: Path) -> None:
    WRITTEN[name](nx.relabel_nodes(graph, str) if name.endswith(".net") else graph, tmp_path / name)
    agrees(shape_of(tmp_path / name), graph)
    assert list(files_of(tmp_path)) == ["net"]


class Igraph:
    """What of a graph of igraph is looked at."""

    def __init__(self, graph: nx.Graph) -> None:
        self.graph = graph

    def vcount(self) -> int:
        return int(self.graph.number_of_nodes())

    def get_edgelist(self) -> list[tuple[int, int]]:
        return list(self.graph.edges)

    def is_directed(self) -> bool:
        return bool(self.graph.is_directed())


@pytest.mark.parametrize("graph", [directed(), undirected()], ids=["directed", "undirected"])
def test_objects_serve_as_files_do(graph: nx.Graph) -> None:
    agrees(shape_of(graph), graph)
    agrees(shape_of(Igraph(graph)), graph)
    agrees(shape_of(nx.to_numpy_array(graph)), graph)
    many = (nx.MultiDiGraph if graph.is_directed() else nx.MultiGraph)(graph)
    many.add_edges_from(list(graph.edges))
    agrees(shape_of(many), graph)
    agrees(shape_of(pickle.loads(pickle.dumps(graph))), graph)


@pytest.mark.parametrize("many", [0, 1, 2, 3])
def test_a_network_of_hardly_anybody_has_no_shape(many: int) -> None:
    found = shape_of(nx.empty_graph(many))
    assert found.nodes == 0.0
    assert math.isnan(found.transitivity)
    assert math.isnan(found.assortativity)
    assert math.isnan(found.density) == (many < 2)
    assert math.isnan(found.centralisation) == (many < 3)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("net.csv", "", "is empty"),
        ("net.csv", "from\nA\nB\n", "has one column"),
        ("net.csv", "from,to\nA,B\n,C\n", "row 3: a name is empty"),
        ("net.csv", ";A;B\nA;0;x\nB;1;0\n", "column B: is 'x'; allowed is a number"),
        ("net.graphml", "<graphml><graph>", "is no graphml network that can be read"),
        ("net.gml", "graph [ node [", "is no gml network that can be read"),
        ("net.net", "*Vertices 2\n*Arcs\n1 9\n", "has vertex '9'; allowed is 1 to 2"),
        ("net.net", "*Arcs\n1 2\n", "comes before"),
        ("net.graphml", b"\x00\xff\x00", "is no graphml network"),
        ("net.csv", b"\x00\xff\xfe\x01" * 9, "is no text"),
        ("net.doc", "x", "ends in '.doc'; allowed is a file that ends in"),
    ],
)
def test_what_is_damaged_is_told_in_one_sentence(
    name: str, content: str | bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=words) as caught:
        shape_of(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("nothing", ["-", "x", "n/a", "1", ""])
def test_what_stands_on_the_diagonal_of_a_matrix_is_not_read(nothing: str, tmp_path: Path) -> None:
    path = tmp_path / "net.csv"
    path.write_text(f";A;B;C\nA;{nothing};1;0\nB;1;{nothing};1\nC;0;0;{nothing}\n", "utf-8")
    there, directed = arcs_of(path)
    assert there.astype(int).tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    assert directed


def test_a_folder_may_say_what_is_in_it_in_any_language_and_have_hidden_files(
    tmp_path: Path,
) -> None:
    for name in ("README.txt", "lue minut.txt", "Läs mig.txt", "._net.csv", "net_nodes.csv"):
        (tmp_path / name).write_text("x", "utf-8")
    as_edges(undirected(), tmp_path / "net_edges.csv")
    assert files_of(tmp_path) == {"net": tmp_path / "net_edges.csv"}
    assert files_of(tmp_path / "nowhere") == {}


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    """What is pickled may run anything; the graph itself, or another file, serves."""
    path = tmp_path / "net.gpickle"
    path.write_bytes(pickle.dumps(directed()))
    with pytest.raises(InputError, match="is a pickle, which may run code when it is read;"):
        shape_of(path)


@pytest.mark.parametrize("wrong", [None, 3, "no such file.csv", [[0, 1]], [[0, math.nan], [1, 0]]])
def test_what_is_no_network_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError):
        shape_of(wrong)


def test_a_tie_of_somebody_who_is_no_node_is_told(tmp_path: Path) -> None:
    as_edges(directed(), tmp_path / "net_edges.csv")
    nodes = tmp_path / "net_nodes.csv"
    nodes.write_text("id\n1\n2\n", "utf-8")
    with pytest.raises(InputError, match=r"net_nodes\.csv: has no column in which"):
        shape_of(tmp_path / "net_edges.csv")


def test_which_way_counts_only_where_some_pair_is_named_both_ways_and_some_not() -> None:
    both, one = np.zeros((3, 3)), np.zeros((3, 3))
    both[[0, 1], [1, 0]] = one[0, 1] = 1.0
    assert not arcs_of(both).directed
    assert not arcs_of(one).directed
    both[1, 2] = 1.0
    assert arcs_of(both).directed
