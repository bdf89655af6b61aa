"""What a module's docstring says about its submodel, and which numbers its process uses.

A docstring is a chapter: a title, paragraphs, equations (indented), and at its end the line Source.
What a process reads and writes it declares itself.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from cisim.model.parameters import Parameters
from cisim.model.process import Process
from cisim.model.quantity import Declaration, declarations
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from cisim.show.documents.markdown import code, page, text

_FIELDS = ("Source",)


@dataclass(frozen=True)
class Chapter:
    """A module's docstring, taken apart.

    title  : its first line
    body   : paragraphs and equations as Markdown
    fields : what stands behind Source, where given
    """

    title: str
    body: str
    fields: dict[str, str]


def chapter(docstring: str | None) -> Chapter:
    """Return a docstring taken apart."""
    title, _, rest = (docstring or "").partition("\n")
    blocks: list[str] = []
    fields: dict[str, str] = {}
    for block in rest.strip("\n").split("\n\n"):
        if block.startswith(_FIELDS):
            fields |= _fields(block)
        elif block.startswith("    "):
            blocks.append(code(textwrap.dedent(block)))
        elif block.strip():
            blocks.append(text(block))
    return Chapter(title.strip(), page(*blocks) if blocks else "", fields)


def _fields(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        first = line.split(" ", 1)[0]
        if first in _FIELDS:
            name, found[first] = first, line[len(first) :]
        else:
            found[name] += " " + line
    return {key: text(value) for key, value in found.items()}


@dataclass(frozen=True)
class Submodel:
    """A process of the schedule.

    name    : the process, a function
    module  : the file it stands in, without folder and ending
    chapter : its module's docstring
    words   : what the function says of itself
    history : whether it also runs in the months before month 0
    uses    : parameters and constants that it reads, in the order of their declaration
    reads   : columns that it looks at
    writes  : columns that it changes
    """

    name: str
    module: str
    chapter: Chapter
    words: str
    history: bool
    uses: tuple[str, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def submodels() -> tuple[Submodel, ...]:
    """Return the processes of a month, in its order."""
    return tuple(_submodel(process) for process in SCHEDULE)


def founding() -> tuple[Submodel, ...]:
    """Return what runs once, at month 0."""
    return tuple(_submodel(process) for process in FOUNDING)


def _submodel(process: Process) -> Submodel:
    module = sys.modules[process.module]
    return Submodel(
        process.name,
        process.module.rsplit(".", 1)[-1],
        chapter(module.__doc__),
        text(process.words),
        process in HISTORY,
        tuple(name for name in Parameters.model_fields if name in process.bound.parameters),
        process.reads,
        process.writes,
    )


def numbers_by_chapter() -> dict[str, list[Declaration]]:
    """Return every parameter and constant once, under the submodel that declares it."""
    found: dict[str, list[Declaration]] = {}
    for declared in declarations(Parameters).values():
        found.setdefault(declared.submodel, []).append(declared)
    return found


def columns(names: Iterable[str]) -> str:
    """Return columns by table: "orgs.member, .mandate; ties.kept"."""
    tables: dict[str, list[str]] = {}
    for name in names:
        table, _, column = name.partition(".")
        tables.setdefault(table, []).append(f".{column}" if column else "")
    return text("; ".join(table + ", ".join(found) for table, found in tables.items()))
