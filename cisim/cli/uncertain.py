"""`cisim compare --uncertain`: over everything that may plausibly be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cisim.cli.streams import show

if TYPE_CHECKING:
    from cisim.lab.robust import Robust


def robust_json(found: Robust) -> dict[str, Any]:
    """Return the robust answer as JSON has it."""
    return {
        "worlds": found.worlds,
        "outcome": found.outcome,
        "scenarios": found.table().to_dict("records"),
        "deciding": found.deciding().to_dict("records") if found.worlds else [],
        "told": found.sentences(),
        "incomplete": found.incomplete,
        "failed": [one._asdict() for one in found.failed],
    }


def print_robust(found: Robust) -> None:
    """Print in how many sampled worlds each scenario is best, and what decides it."""
    from cisim.show.tables import number, paragraph, table, terminal_width

    width = terminal_width()
    rows = found.table().to_dict("records")
    show(f"{len(rows)} scenarios in {found.worlds:,} sampled worlds, by {found.outcome}\n")
    heads = ["", "best in", "lead", "behind", "over no backbone", "5…95 %", "harms in"]
    cells = [
        [
            row["scenario"],
            f"{row['best']} of {row['of']}",
            number(row["lead"], 2),
            number(row["behind"], 2),
            number(row["over_reference"], 2),
            f"{number(row['low'], 2)}…{number(row['high'], 2)}",
            f"{row['below_reference']:.0%}",
        ]
        for row in rows
    ]
    show(table(cells, heads))
    show()
    for sentence in found.sentences():
        show(paragraph(f"- {sentence}", width, "  "))
