"""A network as files: GraphML, or two tables as CSV that belong together.

The ending chooses. `net.csv` becomes net-organisations.csv and net-ties.csv. An export can be read
by other programs, and be made a world again.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.lab.disk import check_links, encoded, replacing_all, try_folder
from cisim.lab.results import quoted
from cisim.model.input_error import InputError, printable, shown
from cisim.model.told import Sentences
from cisim.version import __version__

if TYPE_CHECKING:
    import networkx as nx

SAYS = Sentences(
    "networks",
    ending="network is {given}; allowed is a file that ends in {one} or {two} (which becomes two, "
    "of organisations and of ties).",
    a_folder="network is {file}, a folder; allowed is a file.",
    in_use="network is {file}, which is in use and is no network of cisim; allowed is a new name, "
    "or an earlier network.",
    unwritten="network is {file}, which cannot be written ({reason}); allowed is a place of yours.",
)
ENDINGS = (".graphml", ".csv")
_MARK = "cisim"
"""The graph's attribute by which a GraphML file is known to be ours; it holds the version."""
_NODES: tuple[str, ...] = (
    "organisation", "sector", "level", "region", "community", "role", "member", "eligible",
    "own_time", "commitment", "mandate",
)  # fmt: skip
_EDGES: tuple[str, ...] = (
    "from", "to", "strength", "trust", "familiarity", "evidence", "active", "brokered",
)  # fmt: skip


def network_files(path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Return the files that a network is written to: one, or organisations and ties.

    Raises InputError if the ending is not one of ENDINGS.
    """
    file = Path(path)
    ending = file.suffix.lower()
    if ending not in ENDINGS or not file.stem:
        one, two = ENDINGS
        raise InputError(SAYS("ending", given=shown(os.fspath(path)), one=one, two=two))
    if ending == ".csv":
        return tuple(
            file.with_name(f"{file.stem}-{what}{file.suffix}") for what in ("organisations", "ties")
        )
    return (file,)


def check_network(path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Return the files that a network may be written to; called before anything is run.

    What is needed is tried and undone, so nothing is left behind.

    Raises InputError, naming the file, if its ending is another one, it is a folder, is in use for
    something else, or cannot be written.
    """
    files = network_files(path)
    try:
        for file in files:
            check_links(file, "network")
            if file.is_dir():
                raise InputError(SAYS("a_folder", file=printable(file)))
            if file.exists() and not _is_ours(file):
                raise InputError(SAYS("in_use", file=printable(file)))
        try_folder(files[0].parent)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _unwritable(files[0], error) from None
    return files


def write_network(path: str | os.PathLike[str], graph: nx.DiGraph) -> tuple[Path, ...]:
    """Write what `model.network()` returned, whole or not at all; return the files.

    Raises InputError as `check_network` does.
    """
    files = check_network(path)
    texts = [_graphml(graph)] if len(files) == 1 else [_table(graph, what) for what in (0, 1)]
    folder = files[0].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing_all(folder, files[-1].name) as aside:
            for file, content in zip(files, texts, strict=True):
                with aside.file(file.name) as out:
                    out.write(content)
    except OSError as error:
        raise _unwritable(files[0], error) from None
    return files


def _graphml(graph: nx.DiGraph) -> bytes:
    import networkx as nx

    marked = graph.copy()
    marked.graph[_MARK] = __version__
    out = io.BytesIO()
    nx.write_graphml_xml(marked, out, named_key_ids=True)
    return out.getvalue()


def _table(graph: nx.DiGraph, what: int) -> bytes:
    if what == 0:
        rows: Iterable[tuple[list[str], Mapping[str, Any]]] = (
            ([name], about) for name, about in graph.nodes(data=True)
        )
        heads = _NODES
    else:
        rows = (([one, other], about) for one, other, about in graph.edges(data=True))
        heads = _EDGES
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    for names, about in rows:
        told = [_cell(about.get(head, "")) for head in heads[len(names) :]]
        writer.writerow([*map(quoted, names), *told])
    return encoded(out.getvalue())


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return quoted(value) if isinstance(value, str) else repr(value)


def _is_ours(file: Path) -> bool:
    with file.open("rb") as there:
        head = there.read(8192)
    if file.suffix.lower() == ".csv":
        return head.split(b"\n")[0].decode("utf-8", "replace") in {
            ",".join(heads) for heads in (_NODES, _EDGES)
        }
    return f'attr.name="{_MARK}"'.encode() in head


def _unwritable(file: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or error
    return InputError(SAYS("unwritten", file=printable(file), reason=reason))
