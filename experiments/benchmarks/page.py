"""The page: a table for each part, and the machine it was measured on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """What was measured, what came out, what was aimed at and whether it was reached."""

    what: str
    measured: str
    aim: str = ""
    verdict: str = ""


@dataclass
class Part:
    """One part of the benchmark: its rows, and what must be known to read them."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, measured: str, aim: str = "", verdict: str = "") -> None:
        """Add a row."""
        self.rows.append(Row(what, measured, aim, verdict))


def at_most(value: float, limit: float, reason: str = "") -> str:
    """Return "met", or "missed" with the reason."""
    return _verdict(value <= limit, reason)


def at_least(value: float, limit: float, reason: str = "") -> str:
    """Return "met", or "missed" with the reason."""
    return _verdict(value >= limit, reason)


def _verdict(met: bool, reason: str) -> str:
    if met:
        return "met"
    return f"missed: {reason}" if reason else "missed"


def _shown(row: Row) -> tuple[str, str, str, str]:
    """Return the cells of a row; a verdict needs an aim, unless it says why nothing is measured."""
    judged = row.aim or not row.measured
    return row.what, row.measured, row.aim, row.verdict if judged else ""


def table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def markdown(parts: list[Part], machine: list[tuple[str, str]], command: str, short: bool) -> str:
    """Return the whole page."""
    about = (
        f"Written by `{command}`. Measured are medians, with the whole range and the number of "
        "measurements. What is compared was measured in turns in one process, in CPU time of that "
        "process unless a row says wall time. A whole run is 60 months of history and 120 months, "
        "with building the world and all outcomes."
    )
    blocks = ["# Benchmark", about]
    if short:
        blocks.append(
            "**This was a quick run:** few measurements and small sizes, to see that the benchmark "
            "works. Its figures are not those that are aimed at."
        )
    blocks.append(table(["machine", ""], [[name, value] for name, value in machine]))
    for part in parts:
        blocks.append(f"## {part.title}")
        if part.rows:
            rows = [list(_shown(row)) for row in part.rows]
            blocks.append(table(["what", "measured", "aim", ""], rows))
        blocks += part.notes
    return "\n\n".join(blocks) + "\n"
