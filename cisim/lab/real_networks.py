"""Real networks, to be held against those of the model: who names whom, from a file or an object.

A file is read as an import reads it: lists of ties, adjacency matrices, GraphML, GEXF, GML, Pajek,
UCINET. A list of ties called NAME_edges.csv may have NAME_nodes.csv beside it, whose rows are the
nodes, those without a tie too. Graphs of networkx or igraph and arrays serve as well.

How strong a tie is counts nothing here, a tie to oneself is none, and of several between two one.
A network has a direction where its file says so; a list or a matrix where some pair is named one
way only and another both ways, so that which way is no matter of how it was written down.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cisim.lab.indicators import Network, measured, returned
from cisim.lab.survey.answers import is_incidence, is_matrix, matrix_parts
from cisim.lab.survey.proposal import propose
from cisim.lab.survey.reading import KNOWN, read, readable
from cisim.lab.survey.tables import Table, number
from cisim.model.input_error import InputError, printable, shown
from cisim.model.state import Flags

MOST_NODES = 5_000
"""More make arrays that are larger than what is looked at here is worth."""
EDGES, NODES = "_edges", "_nodes"
PICKLES = (".pickle", ".pkl", ".gpickle", ".picklez")
Given: TypeAlias = Any
"""A path, a graph of networkx or igraph, or an adjacency array."""


class Arcs(NamedTuple):
    """Who names whom.

    there    : (n, n), the one of the row names the one of the column; nobody names itself
    directed : whether which way is told
    """

    there: Flags
    directed: bool


def shape_of(network: Given) -> Network:
    """Return the figures of a real network by which those of the model are judged.

    Calls, and how many are returned, are NaN where there is no direction.

    Raises InputError if it is no network, or cannot be read.
    """
    there, directed = arcs_of(network)
    return Network("real", 0, *measured(there), *(returned(there) if directed else ()))


def arcs_of(network: Given) -> Arcs:
    """Return who names whom in a file, a graph of networkx or igraph, or an adjacency array.

    Raises InputError if it is no network, or cannot be read.
    """
    if isinstance(network, str | os.PathLike):
        return _of_file(Path(network))
    if hasattr(network, "get_edgelist") and hasattr(network, "vcount"):  # igraph
        pairs = network.get_edgelist()
        return _of_pairs(range(network.vcount()), pairs, bool(network.is_directed()))
    if hasattr(network, "is_directed") and hasattr(network, "edges"):  # networkx
        pairs = [(one, other) for one, other, *_ in network.edges]
        return _of_pairs(list(network.nodes), pairs, bool(network.is_directed()))
    try:
        array = np.asarray(network, np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise InputError(
            f"network is {shown(network)}; allowed is a file, a graph of networkx or igraph, or a "
            f"square array."
        )
    if not np.isfinite(array).all():
        raise InputError("network is an array with values that are no numbers; allowed are finite.")
    _check_size(len(array))
    return _told(array != 0.0, None)


def files_of(folder: Path) -> dict[str, Path]:
    """Return the networks of a folder by name; none where it is not there."""
    found: dict[str, Path] = {}
    for path in readable(folder) if folder.is_dir() else []:
        if path.stem.endswith(NODES):
            continue
        name = path.stem.removesuffix(EDGES)
        found[name if name not in found else path.name] = path
    return found


def _of_file(path: Path) -> Arcs:
    where = printable(path.name)
    ending = path.suffix.lower()
    if ending in PICKLES:
        raise InputError(
            f"{where}: is a pickle, which may run code when it is read; allowed is the graph "
            f"itself, from Python, or a file that ends in {', '.join(KNOWN)}."
        )
    if ending not in KNOWN:
        raise InputError(
            f"{where}: ends in {shown(path.suffix)}; allowed is a file that ends in "
            f"{', '.join(KNOWN)}."
        )
    paths = [path]
    beside = path.with_name(f"{path.stem.removesuffix(EDGES)}{NODES}{path.suffix}")
    if path.stem.endswith(EDGES) and beside.is_file():
        paths.append(beside)
    tables = read(paths)
    if any(one.kind == "memberships" for one in tables):
        raise InputError(
            f"{where}: says who is in which group; allowed is a network of one kind of nodes."
        )
    table = next((one for one in tables if one.kind == "edges"), tables[0])
    if table.kind == "edges":
        nodes: Table | None = next((one for one in tables if one.kind == "nodes"), None)
        names = [] if nodes is None else [row[0] for row in nodes.rows]
        pairs = [(row[0], row[1]) for row in table.rows]
        return _of_pairs(names, pairs, table.directed)
    labels, heads, _ = matrix_parts(table)
    if is_matrix(table) or (len(labels) > 1 and sorted(labels) == sorted(heads)):
        return _of_matrix(table)
    if is_incidence(table):
        raise InputError(
            f"{where}: says who is in which group; allowed is a network of one kind of nodes."
        )
    if len(table.columns) < 2:
        raise InputError(f"{where}: has one column; allowed are two, from and to, or a matrix.")
    ties = propose([table]).given["ties"]
    if "from" not in ties or "to" not in ties:
        raise InputError(f"{where}: has no columns from and to, and is no matrix of a network.")
    ends = [table.cells(ties[end]) for end in ("from", "to")]
    for place, pair in enumerate(zip(*ends, strict=True)):
        if not all(pair):
            raise InputError(f"{table.where(place, None)}: a name is empty; allowed is a name.")
    pairs = list(zip(*ends, strict=True))
    return _of_pairs(_listed(tables[1], pairs) if len(tables) > 1 else [], pairs, table.directed)


def _listed(nodes: Table, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return the nodes of a table of them, as the ties call them.

    Raises InputError for a tie of somebody who is not there.
    """
    called = {name for pair in pairs for name in pair}
    for column in nodes.columns:
        cells = nodes.cells(column)
        if called <= set(cells) and len(set(cells)) == len(cells):
            return cells
    first = nodes.cells(nodes.columns[0])
    stranger = min(called - set(first), default="")
    raise InputError(
        f"{printable(nodes.file)}: has no column in which each node stands once and all that have "
        f"a tie ({shown(stranger)} has one) stand."
    )


def _of_matrix(table: Table) -> Arcs:
    labels, heads, first = matrix_parts(table)
    _check_size(len(labels))
    place = {name: at for at, name in enumerate(heads)}
    there = np.zeros((len(heads), len(heads)), bool)
    for row, label in enumerate(labels):
        for column, cell in enumerate(table.rows[row][first:]):
            if heads[column] == label:
                continue  # whatever stands on the diagonal, nobody names itself
            value = number(cell, table.comma) if cell else 0.0
            if value is None or not math.isfinite(value):
                where = table.where(row, heads[column])
                raise InputError(f"{where}: is {shown(cell)}; allowed is a number, or nothing.")
            there[place[label], column] = value != 0.0
    return _told(there, None)


def _of_pairs(
    nodes: Iterable[Any], pairs: Iterable[tuple[Any, Any]], directed: bool | None
) -> Arcs:
    """Return the arcs of pairs; nodes that are not listed come after those that are.

    directed : None where nothing says so
    """
    place = {one: at for at, one in enumerate(nodes)}
    ends = [tuple(place.setdefault(one, len(place)) for one in pair) for pair in pairs]
    _check_size(len(place))
    there = np.zeros((len(place), len(place)), bool)
    for one, other in ends:
        there[one, other] = True
    return _told(there, directed)


def _told(there: Flags, directed: bool | None) -> Arcs:
    there = there.copy()
    np.fill_diagonal(there, False)
    if directed is None:
        both = there & there.T
        directed = bool(both.any() and (there & ~there.T).any())
    return Arcs(there, directed)


def _check_size(nodes: int) -> None:
    if nodes > MOST_NODES:
        raise InputError(f"network has {nodes:,} nodes; allowed are at most {MOST_NODES:,}.")
