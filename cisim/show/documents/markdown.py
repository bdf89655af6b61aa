"""Markdown from values: tables, code, numbers, text that must not be read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cisim.world.structure import NEVER_ENDS

_CODE = re.compile(r"(`[^`]*`)")


def number(value: float | None) -> str:
    """Return a number as people write it: 60, 0.12, never; – for none."""
    if value is None:
        return "–"
    if value == NEVER_ENDS:
        return "never"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.6g}"


def span(limits: tuple[float, float] | None) -> str:
    """Return a range, low to high; – for none."""
    return "–" if limits is None else f"{number(limits[0])} to {number(limits[1])}"


def text(words: str) -> str:
    """Return words in which *, ~ and < mean themselves, on one line."""
    parts = _CODE.split(" ".join(words.split()))
    plain = [
        re.sub(r"([*~<])", r"\\\1", part) if i % 2 == 0 else part for i, part in enumerate(parts)
    ]
    return "".join(plain)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a cell may hold Markdown, but no line breaks."""
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def code(lines: str) -> str:
    """Return lines that keep their form."""
    return f"```text\n{lines.strip(chr(10))}\n```"


def bullets(items: Iterable[str]) -> str:
    """Return a list of one level."""
    return "\n".join(f"- {item}" for item in items)


def page(*blocks: str) -> str:
    """Return blocks with a blank line between them, ending with one line break."""
    return "\n\n".join(block.strip("\n") for block in blocks if block) + "\n"
