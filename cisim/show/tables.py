"""Tables in plain text, for a terminal or a pipe."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

from cisim.show.language.forms import localised

GAP = "  "
NARROWEST = 24
"""A last column of text is never wrapped to less than this (characters)."""


def table(
    rows: Iterable[Sequence[str]],
    heads: Sequence[str] = (),
    *,
    left: Iterable[int] = (0,),
    width: int | None = None,
) -> str:
    """Return rows of cells in columns; `left` says which are text, the others end alike.

    width : wrap a last column of text to this width; None to leave lines as long as they are
    """
    body = [[" ".join(cell.split()) for cell in row] for row in rows]
    listed = [list(heads), *body] if heads else body
    if not listed:
        return ""
    text = set(left)
    last = len(listed[0]) - 1
    wide = [max(len(row[column]) for row in listed) for column in range(last + 1)]
    lines = []
    for row in listed:
        cells = [
            cell if column == last and column in text
            else cell.ljust(wide[column]) if column in text
            else cell.rjust(wide[column])
            for column, cell in enumerate(row)
        ]  # fmt: skip
        lines += _wrapped(cells, last in text, width)
    return "\n".join(lines)


def _wrapped(cells: list[str], last_is_text: bool, width: int | None) -> list[str]:
    line = GAP.join(cells).rstrip()
    if width is None or not last_is_text or len(line) <= width:
        return [line]
    indent = sum(len(cell) + len(GAP) for cell in cells[:-1])
    room = max(NARROWEST, width - indent)
    first, *more = textwrap.wrap(cells[-1], room) or [""]
    head = GAP.join([*cells[:-1], first]).rstrip()
    return [head, *(" " * indent + part for part in more)]


def paragraph(text: str, width: int | None = None, indent: str = "") -> str:
    """Return a text on lines of at most `width`; later ones begin with `indent`."""
    if width is None:
        return text
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False)


def terminal_width() -> int | None:
    """Return how wide the terminal is that is written to, None for a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def number(value: float, decimals: int = 2) -> str:
    """Return a number for people; "–" where it is undefined."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:,.{decimals}f}"
    zero = float(text.replace(",", "")) == 0
    return localised(text.removeprefix("-") if zero else text).replace("-", "\N{MINUS SIGN}")


def nothing(text: str) -> bool:
    """Return whether a number, as it is written, reads as zero: "0.00", "+0.0"."""
    return not any(digit in text for digit in "123456789")


def decimals_for(values: Iterable[float]) -> int:
    """Return how many decimals show numbers of this size, small ones above all, well."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return 3 if largest < 0.3 else 2 if largest < 10 else 1 if largest < 1000 else 0
