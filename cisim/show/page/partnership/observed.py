"""What a partnership has observed of itself, as a browser sends it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cisim.lab.survey.reading import tables_of
from cisim.lab.survey.tables import Table, plain
from cisim.lab.survey.words import heading
from cisim.model.input_error import InputError, printable
from cisim.show.language.facts import OUTCOMES
from cisim.show.page.words import part, say

EXAMPLE = (
    ("members", "6", "11", "0"),
    ("members", "12", "14", "0"),
    ("meetings_per_member", "12", "1.3", "0.2"),
    ("trust_survey", "12", "0.71", "0.03"),
)
"""Rows of the file to fill in."""


def table_of(name: str, data: bytes) -> Table:
    """Return the table of a file; titles of outcomes in the language that is spoken become names.

    Raises InputError if it cannot be read, or has several sheets.
    """
    tables = tables_of(data, Path(name))
    if len(tables) > 1:
        raise InputError(say("track.sheets", where=printable(name)))
    table = tables[0]
    column = heading(table, "observed", "outcome")
    if column is None:
        return table
    at = table.column(column)
    names = {plain(one.title): one.name for one in OUTCOMES.values()}
    rows = [
        [names.get(plain(cell), cell) if place == at else cell for place, cell in enumerate(row)]
        for row in table.rows
    ]
    return replace(table, rows=rows)


def to_fill_in() -> str:
    """Return a file to fill in, as Excel of the language that is spoken opens it."""
    words = part("track.heads")
    comma = say("track.comma")
    lines = [";".join(words[one] for one in ("outcome", "month", "value", "error", "source"))]
    for name, *numbers in EXAMPLE:
        cells = [OUTCOMES[name].title, *(one.replace(".", comma) for one in numbers), ""]
        lines.append(";".join(cells))
    return "\ufeff" + "\r\n".join(lines) + "\r\n"
