"""Tables of text: rows and columns as people wrote them, with where each row stands in its file.

A separated file may have commas, semicolons, tabs, bars or white space between its cells: the one
is taken that parts the header and the rows into the same number of cells.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Literal

from cisim.lab.survey.says import SAYS, of
from cisim.model.input_error import InputError, printable, shown

MOST_ROWS = 1_000_000
MOST_COLUMNS = 20_000
_SEPARATORS = (",", ";", "\t", "|")
_NO_SEPARATOR = "\x1f"
_LONGEST_CELL = 100_000

Kind = Literal["list", "nodes", "edges", "memberships"]


@dataclass(frozen=True, eq=False)
class Table:
    """A table of texts.

    file     : what a mapping calls it: "ties.csv", "survey.xlsx#Ties"
    columns  : headings as they are written, each once
    rows     : cells without outer spaces, as many in each row as there are columns
    places   : where each row stands, counted as the file's program does: the header is mostly row 1
    what     : what a row is called: "row", "edge", "node"
    kind     : what is known of it from the file itself: parts of a network, or a list of anything
    directed : of the edges of a network file, None where nothing says so
    comma    : whether a comma in a number is a decimal comma
    headed   : whether the headings were in the file
    said     : what had to be assumed to read it
    """

    file: str
    columns: list[str]
    rows: list[list[str]]
    places: Sequence[int]
    what: str = "row"
    kind: Kind = "list"
    directed: bool | None = None
    comma: bool = False
    headed: bool = True
    said: list[str] = field(default_factory=list)

    def where(self, row: int | None, column: str | None) -> str:
        """Return "ties.csv: row 7, column trust", for whoever looks for it."""
        name, column = printable(self.file), column and printable(column, 60)
        if row is None:
            return SAYS("in_column", file=name, column=column) if column else name
        kind, at = SAYS(self.what), self.places[row]
        if not column:
            return SAYS("in_row", file=name, kind=kind, row=at)
        return SAYS("in_cell", file=name, kind=kind, row=at, column=column)

    def place(self, row: int) -> str:
        """Return "row 7", as another row of the same table calls it."""
        return SAYS("place", kind=SAYS(self.what), row=self.places[row])

    def column(self, name: str) -> int:
        """Return the place of a column."""
        return self.columns.index(name)

    def cells(self, name: str) -> list[str]:
        """Return a column's cells."""
        at = self.column(name)
        return [row[at] for row in self.rows]


def plain(text: str) -> str:
    """Return a heading or word as words are compared: "Vertex.Names" and "vertex names" alike."""
    parts = unicodedata.normalize("NFC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", parts).split())


def clean(cell: str) -> str:
    """Return a cell as it is kept: white space joined, letters and accents as one sign."""
    joined = " ".join(cell.split())
    return joined if joined.isascii() else unicodedata.normalize("NFC", joined)


def separated(text: str, file: str, said: list[str], headed: bool | None = None) -> Table:
    """Return the table of a separated text.

    headed : whether the first row has headings; None to see

    Raises InputError if it is empty, or a quotation mark is never closed.
    """
    start = 0
    mark = re.match(r"\ufeff?sep=(.)\r?\n", text, re.IGNORECASE)
    if mark:
        text, start = text[mark.end() :], 1
    separator = mark[1] if mark else _separator(text)
    rows: list[list[str]] = []
    places: list[int] = []
    for place, row in _parted(text, separator, file):
        if any(cell.strip() for cell in row):
            rows.append(row)
            places.append(place + start)
            if len(rows) > MOST_ROWS:
                raise InputError(
                    of(printable(file), SAYS("too_many_rows", count=MOST_ROWS, most=MOST_ROWS))
                )
    comma = separator in (";", "\t", " ") and not re.search(r"\d\.\d", text[:200_000])
    return arranged(rows, places, file, said, comma=comma, headed=headed)


def arranged(
    rows: list[list[str]],
    places: list[int],
    file: str,
    said: list[str],
    *,
    comma: bool = False,
    headed: bool | None = None,
) -> Table:
    """Return the table of rows whose first one has the headings, unless it does not look so.

    Raises InputError if there is nothing, or a row has more cells than there are headings.
    """
    if not rows:
        raise InputError(of(printable(file), SAYS("no_table")))
    first = rows[0]
    while first and not first[-1].strip():
        first = first[:-1]
    wide = len(first)
    if wide > MOST_COLUMNS:
        raise InputError(of(printable(file), SAYS("wide_table", count=wide, most=MOST_COLUMNS)))
    cornerless = len(rows) > 2 and all(len(row) == wide + 1 and row[wide] for row in rows[1:200])
    has_head = (cornerless or _looks_headed(rows)) if headed is None else headed
    if has_head:
        if cornerless:
            first, wide = ["", *first], wide + 1  # a matrix whose corner is left out
        heads, rows, places = _once([clean(one) for one in first]), rows[1:], places[1:]
    else:
        wide = max(len(row) for row in rows[:1000])
        heads = [f"column {place}" for place in range(1, wide + 1)]
    body = []
    for at, row in enumerate(rows):
        if len(row) > wide and any(cell.strip() for cell in row[wide:]):
            raise InputError(
                of(printable(file), SAYS("wide_row", row=places[at], cells=len(row), heads=wide))
            )
        cells = [clean(cell) for cell in row[:wide]]
        body.append(cells + [""] * (wide - len(cells)))
    return Table(file, heads, body, places, comma=comma, headed=has_head, said=said)


def _parted(text: str, separator: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text with the line on which each begins."""
    if separator == " ":
        for place, line in enumerate(text.splitlines(), start=1):
            yield place, line.split()
        return
    for strict in (True, False):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
        found, before = [], 0
        try:
            for row in reader:
                if len(row) == 1 and len(row[0]) > _LONGEST_CELL:
                    raise csv.Error("field larger than field limit")
                found.append((before + 1, row))
                before = reader.line_num
        except csv.Error as error:
            if strict and "expected after" in str(error):  # a mark inside a text
                continue
            what = "long_cell" if "limit" in str(error) else "open_quote"
            raise InputError(of(printable(file), SAYS(what, row=before + 1))) from None
        yield from found
        return


def _separator(text: str) -> str:
    """Return what stands between the cells of a text."""
    best, best_score = "", (0.0, 0)
    head = text[:60_000]
    for one in _SEPARATORS:
        try:
            rows = [row for row in islice(csv.reader(io.StringIO(head), delimiter=one), 60) if row]
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        widths = Counter(len(row) for row in rows[1:-1] or rows)
        width, many = widths.most_common(1)[0]
        fits = abs(width - len(rows[0])) <= 1
        score = ((many / sum(widths.values())) * fits, len(rows[0]))
        if score > best_score:
            best, best_score = one, score
    if best:
        return best
    lines = [line.split() for line in head.splitlines()[:60] if line.strip()]
    parts = {len(line) for line in lines[:-1] or lines}
    numbers = sum(_is_number(cell) for line in lines for cell in line)
    if len(parts) == 1 and parts.pop() > 1 and numbers > len(lines):
        return " "
    return _NO_SEPARATOR


def _looks_headed(rows: list[list[str]]) -> bool:
    """Return whether the first row has headings: no numbers where later rows have some."""
    first, later = rows[0], rows[1:200]
    if not later:
        return True
    if any(cell.strip() and not _is_number(cell) for cell in first):
        below: set[str] = {cell.strip() for row in later for cell in row[:2]}
        again = [cell for cell in first[:2] if cell.strip() in below]
        numbers = any(_is_number(cell) for cell in first[2:3]) if len(first) == 3 else False
        names = not all(_is_number(row[1]) for row in later if len(row) > 1)
        ties_alone = 2 <= len(first) <= 3 and (numbers or (names and bool(again and first[0])))
        return not ties_alone  # a list of ties may have no headings
    # Numbers alone: headings of a matrix if the first column has them again.
    labels = [cell.strip() for cell in first if cell.strip()]
    column = [row[0].strip() for row in rows[1:] if row]
    return len(labels) == len(set(labels)) > 2 and set(labels) == set(column)


def _once(heads: Sequence[str]) -> list[str]:
    """Return headings that are each there once: "trust", "trust 2"."""
    seen: Counter[str] = Counter()
    names: list[str] = []
    for head in heads:
        seen[head] += 1
        name = head if seen[head] == 1 else f"{head} {seen[head]}".strip()
        while name in names[: len(names)] and len(heads) < 1000:
            seen[head] += 1
            name = f"{head} {seen[head]}".strip()
        names.append(name)
    return names


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"\s*[+-]?\d+([.,]\d+)?\s*", cell))


_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'’")


@lru_cache(maxsize=50_000)
def number(cell: str, comma: bool) -> float | None:
    """Return the number of a cell, None if it is none.

    comma : whether a single comma before three digits is a decimal comma
    """
    text = cell.translate(_SPACES).replace("\u2212", "-")
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d{1,3})?%?", text) or len(text) > 40:
        return None
    share = text.endswith("%")
    text = text.rstrip("%")
    if "," in text and "." in text:
        last = max(text.rfind(","), text.rfind("."))
        text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    elif text.count(",") == 1:
        thousands = not comma and re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text)
        text = text.replace(",", "" if thousands else ".")
    elif text.count(",") > 1:
        text = text.replace(",", "")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    try:
        value = float(text)
    except ValueError:
        return None
    return value / 100 if share else value


_LABELLED = re.compile(r"(-?\d{1,3})\s*[-–—=:.)(,]\s*[^\W\d].*", re.DOTALL)


def answer(cell: str, comma: bool) -> float | None:
    """Return the number of an answer, which may have its meaning beside it: "4 = a great deal"."""
    labelled = _LABELLED.fullmatch(cell)
    return float(labelled[1]) if labelled else number(cell, comma)


def told(cell: str) -> str:
    """Return a cell as a sentence shows it."""
    return shown(cell)
