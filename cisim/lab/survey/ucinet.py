"""UCINET's DL files as tables: matrices of one or two modes, and lists of edges.

dl n = 3, format = fullmatrix        dl n = 3 format = edgelist1        dl nr = 18 nc = 14
labels:                              labels embedded:                   row labels: ...
A, B, C                              data:                              column labels: ...
data:                                A B 2                              data:
0 1 0 ...                            B C                                1 0 1 ...
"""

from __future__ import annotations

import re
from itertools import islice

from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.tables import Table, clean
from cisim.model.input_error import InputError, printable, shown

_SECTION = re.compile(
    r"^\s*(labels embedded|row labels embedded|column labels embedded|row labels|"
    r"col(?:umn)? labels|matrix labels|level labels|labels|data)\s*:?",
    re.IGNORECASE | re.MULTILINE,
)
_SIZE = re.compile(r"\b(n|nr|nc|nm|format)\s*=\s*(\w+)", re.IGNORECASE)
_WORD = re.compile(r'"[^"\n]*"|[^\s,]+')
_FORMATS = ("fullmatrix", "fm", "edgelist1", "el1")
_MOST = 20_000


def is_dl(text: str) -> bool:
    """Return whether a text is a DL file."""
    return bool(re.match(r"\s*dl\b\s*(n|nr|nc|nm|format|labels|data)\b", text, re.IGNORECASE))


def dl(text: str, file: str, said: list[str]) -> Table:
    """Return the table of a DL file.

    Raises InputError if sizes, format or data do not fit.
    """
    where = printable(file)
    parts = _sections(text)
    given = {name.lower(): value for name, value in _SIZE.findall(parts["head"])}
    form = given.get("format", "fullmatrix").lower()
    if form not in _FORMATS:
        raise InputError(of(where, SAYS("dl_format", value=shown(form))))
    if given.get("nm", "1") != "1":
        raise InputError(of(where, SAYS("dl_matrices", count=given["nm"])))
    n = given.get("n")
    sizes = [given.get("nr", n), given.get("nc", n)]
    whole = [int(one) for one in sizes if one is not None and re.fullmatch(r"\d{1,6}", one)]
    if len(whole) != 2 or not all(1 <= one <= _MOST for one in whole):
        raise InputError(of(where, SAYS("dl_size", most=_MOST)))
    if "data" not in parts:
        raise InputError(of(where, SAYS("dl_data")))
    shared = _names(parts, "labels")
    rows = _names(parts, "row labels") or shared
    columns = _names(parts, "column labels") or _names(parts, "col labels") or shared
    embedded = any(name.endswith("embedded") for name in parts)
    if form in ("edgelist1", "el1"):
        return _edges(parts["data"], file, rows, embedded, said)
    return _matrix(parts["data"], file, (whole[0], whole[1]), (rows, columns), embedded, said)


def _sections(text: str) -> dict[str, str]:
    found = list(_SECTION.finditer(text))
    parts = {"head": text[: found[0].start()] if found else text}
    for one, after in zip(found, [*found[1:], None], strict=False):
        end = len(text) if after is None else after.start()
        name = one[1].lower()
        parts.setdefault(name, text[one.end() : end])
        if name == "data":
            parts[name] = text[one.end() :]
            break
    return parts


def _names(parts: dict[str, str], name: str) -> list[str]:
    return [_plain(one) for one in _WORD.findall(parts.get(name, ""))]


def _plain(word: str) -> str:
    return clean(word.strip('"'))


def _matrix(
    data: str,
    file: str,
    size: tuple[int, int],
    labels: tuple[list[str], list[str]],
    embedded: bool,
    said: list[str],
) -> Table:
    many, wide = size
    rows, columns = labels
    words = iter([_plain(one) for one in _WORD.findall(data)])
    if embedded:
        columns = list(islice(words, wide))
    body, heads = [], []
    for _ in range(many):
        if embedded:
            heads += list(islice(words, 1))
        body.append(list(islice(words, wide)))
    rows = heads or rows or [str(one) for one in range(1, many + 1)]
    columns = columns or (rows if many == wide else [f"group {k}" for k in range(1, wide + 1)])
    short = any(len(row) < wide for row in body) or next(words, None) is not None
    if short or len(rows) != many or len(columns) != wide or len(set(columns)) < wide:
        raise InputError(of(printable(file), SAYS("dl_fit", high=many, count=wide)))
    table = [[name, *row] for name, row in zip(rows, body, strict=True)]
    return Table(file, ["", *columns], table, range(1, many + 1), said=said)


def _edges(data: str, file: str, rows: list[str], embedded: bool, said: list[str]) -> Table:
    body = []
    for line in filter(str.strip, data.splitlines()):
        words = [_plain(one) for one in _WORD.findall(line)]
        if not embedded and rows and all(one.isdecimal() for one in words[:2]):
            named = [int(one) for one in words[:2]]
            if not all(1 <= one <= len(rows) for one in named):
                raise InputError(of(printable(file), SAYS("dl_nobody", value=shown(line))))
            words[:2] = [rows[one - 1] for one in named]
        if len(words) not in (2, 3):
            raise InputError(of(printable(file), SAYS("dl_edge", value=shown(line))))
        body.append([*words, "1"][:3])
    return Table(
        file, ["from", "to", "weight"], body, range(1, len(body) + 1), what="edge", kind="edges",
        said=said,
    )  # fmt: skip
