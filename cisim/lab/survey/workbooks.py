"""Excel workbooks and their like: a table for each sheet, through calamine.

A workbook is a packed file: what it unpacks to, and how far its sheets reach, is looked at before
anything is read, as one cell at the far end of a sheet takes the memory of all before it.
"""

from __future__ import annotations

import datetime
import io
import re
import struct
import zipfile
import zlib
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.tables import Table, arranged
from cisim.model.input_error import InputError, printable

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
LARGEST_UNPACKED = 200_000_000
MOST_CELLS = 20_000_000
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,9})"')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})(\d{1,9})"')
_REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d{1,9})"[^>]*office:value')
_PIECE = 1 << 20


def sheets(data: bytes, file: str) -> list[Table]:
    """Return the sheets of a workbook that have something in them.

    Raises InputError if it is no workbook, is locked, or unpacks to too much.
    """
    where = printable(file)
    if data[:2] == b"PK":
        _check_packed(data, where)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        names = [one.name for one in tables]
        found = []
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise InputError(
                    of(
                        where,
                        SAYS(
                            "far_sheet",
                            sheet=printable(name, 60),
                            rows=sheet.total_height,
                            columns=sheet.total_width,
                            most=MOST_CELLS,
                        ),
                    )
                )
            rows = sheet.to_python(skip_empty_area=False)
            table = _table(rows, f"{file}#{name}")
            if table is not None:
                found.append(table)
    except InputError:
        raise
    except (CalamineError, *_BROKEN) as error:
        raise _unreadable(where, error) from None
    except BaseException as error:  # the library's own faults are no Exceptions
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(where, error) from None
    if not found:
        raise InputError(of(where, SAYS("no_sheet")))
    return found


_BROKEN = (
    OSError, ValueError, EOFError, LookupError, NotImplementedError, RuntimeError, struct.error,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged file raises."""


def _unreadable(where: str, error: BaseException) -> InputError:
    reason = printable(" ".join(str(error).split())[:200] or type(error).__name__)
    return InputError(of(where, SAYS("locked", reason=reason)))


def _check_packed(data: bytes, where: str) -> None:
    """Raise InputError if a packed workbook unpacks to too much, or reaches too far."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            total = 0
            for part in packed.infolist():
                limits = _Reach()
                with packed.open(part) as file:
                    while piece := file.read(_PIECE):
                        total += len(piece)
                        if total > LARGEST_UNPACKED:
                            raise InputError(of(where, SAYS("bomb", most=LARGEST_UNPACKED)))
                        limits.see(piece, part.filename)
                if limits.cells > MOST_CELLS:
                    raise InputError(
                        of(
                            where,
                            SAYS("far_cell", row=limits.row, column=limits.column, most=MOST_CELLS),
                        )
                    )
    except InputError:
        raise
    except _BROKEN as error:
        raise _unreadable(where, error) from None


class _Reach:
    """How far the cells of a sheet reach, seen piece by piece."""

    def __init__(self) -> None:
        self.row = self.column = 1
        self._rest = b""

    @property
    def cells(self) -> int:
        return self.row * self.column

    def see(self, piece: bytes, name: str) -> None:
        text = self._rest + piece
        self._rest = piece[-200:]
        if name.endswith(".xml") and "sheet" in name:
            for found in _CELL.finditer(text):
                self.column = max(self.column, _column(found[1]))
                self.row = max(self.row, int(found[2]))
            for found in _ROW.finditer(text):
                self.row = max(self.row, int(found[1])) if self.column > 1 else self.row
        elif name == "content.xml":
            for found in _REPEATED.finditer(text):
                if found[1] == b"rows":
                    self.row = max(self.row, int(found[2]))
                else:
                    self.column = max(self.column, int(found[2]))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _table(rows: list[list[Any]], file: str) -> Table | None:
    """Return a sheet's table, None where it is empty; titles above it are no part of it."""
    kept: list[list[str]] = []
    places = []
    for place, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            kept.append(cells)
            places.append(place)
    if not kept:
        return None
    widest = max(len([cell for cell in row if cell]) for row in kept[:20])
    said: list[str] = []
    while len(kept) > 2 and widest > 2 and len([c for c in kept[0] if c]) == 1 and kept[0][0]:
        said.append(of(file, SAYS("title_row", row=places[0])))
        kept, places = kept[1:], places[1:]
    return arranged(kept, places, file, said)


def _text(cell: Any) -> str:
    """Return a cell as text: whole numbers without a point, dates as 2026-11-27."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
