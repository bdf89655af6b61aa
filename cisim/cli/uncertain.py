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
    from cisim.show.language.forms import percent
    from cisim.show.language.texts import say
    from cisim.show.tables import number, paragraph, table, terminal_width
    from cisim.show.told import told

    width = terminal_width()
    rows = found.table().to_dict("records")
    many = {"n": len(rows), "worlds": found.worlds, "outcome": found.outcome}
    show(say("printed.robust", **many) + "\n")
    names = ("best_in", "lead", "behind", "over", "between", "harms_in")
    heads = ["", *(say(f"printed.{name}") for name in names)]
    cells = [
        [
            row["scenario"],
            say("charts.of", many=row["best"], n=row["of"]),
            number(row["lead"], 2),
            number(row["behind"], 2),
            number(row["over_reference"], 2),
            f"{number(row['low'], 2)}…{number(row['high'], 2)}",
            percent(row["below_reference"]),
        ]
        for row in rows
    ]
    show(table(cells, heads))
    show()
    for sentence in found.sentences():
        show(paragraph(f"- {told(sentence)}", width, "  "))
