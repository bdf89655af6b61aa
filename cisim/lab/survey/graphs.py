"""Network files as tables of nodes and edges: GraphML, GEXF and GML through networkx, and Pajek.

networkx reads the first part of a Pajek file only, makes one of vertices with equal labels, and
knows no two-mode files; so Pajek's parts are read here. Two-mode networks (who sits in which group)
become a table of memberships: in Pajek by the second number of *Vertices, elsewhere by the node
attribute `bipartite`, which networkx and others write.
"""

from __future__ import annotations

import io
import re
import shlex
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cisim.lab.survey.encodings import decode
from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.tables import Table, clean
from cisim.model.input_error import InputError, printable, shown

ENDINGS = (".graphml", ".gexf", ".gml", ".net", ".paj")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_MODE = "bipartite"
_ID, _FROM, _TO = "id", "from", "to"
MOST_EDGES = 1_000_000


def network(data: bytes, file: str, ending: str, encoding: str | None) -> list[Table]:
    """Return nodes and edges, or nodes and memberships, of a network file.

    Raises InputError if it is not what its name says.
    """
    if ending in (".net", ".paj"):
        text, said = decode(data, printable(file), encoding)
        return _pajek(text, file, [said] if said else [])
    return _through_networkx(data, file, ending)


# --- networkx --------------------------------------------------------------------------------


def _through_networkx(data: bytes, file: str, ending: str) -> list[Table]:
    import networkx as nx

    where = printable(file)
    if ending in (".graphml", ".gexf") and _ENTITY.search(data):
        raise InputError(of(where, SAYS("entities")))
    readers: dict[str, Callable[[Any], Any]] = {
        ".graphml": nx.read_graphml,
        ".gexf": nx.read_gexf,
        ".gml": lambda text: nx.read_gml(text, label="id"),
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph = readers[ending](io.BytesIO(data))
    except Exception as error:  # networkx raises whatever its parsers do
        reason = printable(" ".join(f"{error}".split())[:200] or type(error).__name__)
        raise InputError(of(where, SAYS("network", kind=ending[1:], reason=reason))) from None
    nodes = {str(name): dict(given) for name, given in graph.nodes(data=True)}
    edges = [(str(u), str(v), dict(given)) for u, v, given in graph.edges(data=True)]
    directed = bool(graph.is_directed())
    if ending == ".gexf":
        for _, _, given in edges:
            given.pop("id", None)
    modes = _two_modes(nodes, edges)
    return _tables(file, nodes, edges, directed, modes, [])


def _two_modes(
    nodes: Mapping[str, Mapping[str, Any]], edges: Iterable[tuple[str, str, Any]]
) -> dict[str, int] | None:
    """Return the mode of each node where `bipartite` tells two and every edge is between them."""
    told = {name: str(given.get(_MODE)) for name, given in nodes.items()}
    kinds = sorted(set(told.values()))
    if len(kinds) != 2 or "None" in kinds:
        return None
    modes = {name: kinds.index(kind) for name, kind in told.items()}
    return modes if all(modes[u] != modes[v] for u, v, _ in edges) else None


# --- Pajek -----------------------------------------------------------------------------------


def _pajek(text: str, file: str, said: list[str]) -> list[Table]:
    where = printable(file)
    nodes: dict[str, dict[str, Any]] = {}
    edges: list[tuple[str, str, dict[str, Any]]] = []
    first_mode: int | None = None
    ways: set[bool] = set()
    section = ""
    row = 0
    for place, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("%"):
            continue
        if line.startswith("*"):
            section = line[1:].split()[0].split(":")[0].casefold() if len(line) > 1 else ""
            if section == "vertices":
                if nodes:
                    break  # another network of a project file
                many, first_mode = _sizes(line, where, place)
                nodes = {str(number): {} for number in range(1, many + 1)}
            row = 0
            continue
        if not nodes and section != "network":
            raise InputError(of(where, SAYS("early", row=place)))
        parts = _words(line, where, place)
        match section:
            case "vertices":
                if parts[0] not in nodes:
                    raise InputError(
                        of(where, SAYS("vertex", row=place, value=shown(parts[0]), most=len(nodes)))
                    )
                nodes[parts[0]] = {"name": parts[1]} if len(parts) > 1 else {}
            case "arcs" | "edges" if len(parts) > 1:
                ways.add(section == "arcs")
                weight = {"weight": parts[2] if len(parts) > 2 else "1"}
                _add(edges, nodes, parts[0], parts[1], weight, where, place)
                if section == "edges":
                    edges[-1][2]["undirected"] = "yes"
            case "arcslist" | "edgeslist":
                ways.add(section == "arcslist")
                for other in parts[1:]:
                    _add(edges, nodes, parts[0], other, {"weight": "1"}, where, place)
                    if section == "edgeslist":
                        edges[-1][2]["undirected"] = "yes"
            case "matrix":
                ways.add(first_mode is None)
                row += 1
                skip = first_mode or 0
                for column, value in enumerate(parts, start=1):
                    if value.strip("0.,"):
                        _add(
                            edges,
                            nodes,
                            str(row),
                            str(column + skip),
                            {"weight": value},
                            where,
                            place,
                        )
        if len(edges) > MOST_EDGES:
            raise InputError(of(where, SAYS("many_edges", count=MOST_EDGES)))
    if not nodes:
        raise InputError(of(where, SAYS("no_vertices")))
    modes = None
    if first_mode is not None:
        modes = {name: int(int(name) > first_mode) for name in nodes}
    directed = True in ways
    if directed and False in ways:  # both: an edge is an arc each way
        edges += [(v, u, given) for u, v, given in edges if "undirected" in given]
    for _, _, given in edges:
        given.pop("undirected", None)
    return _tables(file, nodes, edges, directed, modes, said)


def _sizes(line: str, where: str, row: int) -> tuple[int, int | None]:
    """Return how many vertices there are, and how many of them are of the first mode."""
    numbers = line.split()[1:]
    whole = [int(one) for one in numbers[:2] if re.fullmatch(r"\d{1,7}", one)]
    if not whole or whole[0] < 1 or len(whole) < len(numbers[:2]):
        raise InputError(of(where, SAYS("sizes", row=row, value=shown(line))))
    if len(whole) == 2 and not 0 < whole[1] < whole[0]:
        raise InputError(of(where, SAYS("mode_sizes", row=row, value=shown(line))))
    return whole[0], whole[1] if len(whole) == 2 else None


def _words(line: str, where: str, row: int) -> list[str]:
    if '"' not in line and "'" not in line:
        return line.split()
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split, lexer.quotes, lexer.escape, lexer.commenters = True, '"', "", ""
    try:
        return list(lexer)
    except ValueError:
        raise InputError(of(where, SAYS("row_quote", row=row))) from None


def _add(
    edges: list[tuple[str, str, dict[str, Any]]],
    nodes: Mapping[str, Any],
    one: str,
    other: str,
    given: dict[str, Any],
    where: str,
    row: int,
) -> None:
    for name in (one, other):
        if name not in nodes:
            raise InputError(of(where, SAYS("vertex", row=row, value=shown(name), most=len(nodes))))
    edges.append((one, other, given))


# --- both ------------------------------------------------------------------------------------


def _tables(
    file: str,
    nodes: Mapping[str, Mapping[str, Any]],
    edges: list[tuple[str, str, dict[str, Any]]],
    directed: bool,
    modes: Mapping[str, int] | None,
    said: list[str],
) -> list[Table]:
    """Return the tables of nodes and edges; of two modes those of the first, and memberships."""
    if not nodes:
        raise InputError(of(printable(file), SAYS("no_nodes")))
    if len(edges) > MOST_EDGES:
        raise InputError(
            of(printable(file), SAYS("too_many_edges", count=len(edges), most=MOST_EDGES))
        )
    if modes is None:
        return [
            _list(f"{file}#nodes", [_ID], [((n,), given) for n, given in nodes.items()], "nodes"),
            _list(
                f"{file}#edges",
                [_FROM, _TO],
                [((u, v), given) for u, v, given in edges],
                "edges",
                directed=directed,
                said=said,
            ),
        ]
    names = {name: str(_label(given) or name) for name, given in nodes.items()}
    pairs = [(u, v, given) if modes[u] == 0 else (v, u, given) for u, v, given in edges]
    return [
        _list(
            f"{file}#memberships",
            ["organisation", "group"],
            [((names[u], names[v]), given) for u, v, given in pairs],
            "memberships",
            said=said,
        )
    ]


def _label(given: Mapping[str, Any]) -> Any:
    return next((given[one] for one in ("name", "label", "Label") if given.get(one)), None)


def _list(
    file: str,
    heads: list[str],
    rows: list[tuple[tuple[str, ...], Mapping[str, Any]]],
    kind: Any,
    *,
    directed: bool | None = None,
    said: list[str] | None = None,
) -> Table:
    more = dict.fromkeys(_names(given for _, given in rows))
    more = {name: None for name in more if name not in heads and name != "viz"}
    body = [
        [*(clean(one) for one in keys), *(_text(given.get(name)) for name in more)]
        for keys, given in rows
    ]
    what = {"nodes": "node", "edges": "edge"}.get(kind, "edge")
    columns = [*heads, *more]
    return Table(
        file,
        columns,
        body,
        range(1, len(body) + 1),
        what=what,
        kind=kind,
        directed=directed,
        said=said or [],
    )


def _names(given: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in given:
        yield from map(str, one)


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value))
