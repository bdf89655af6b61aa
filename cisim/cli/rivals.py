"""`cisim compare --rivals`: the order of scenarios under every rival theory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cisim.cli.streams import show

if TYPE_CHECKING:
    from cisim.lab.rivals import Rivals


def rivals_json(found: Rivals) -> dict[str, Any]:
    """Return the answer as JSON has it."""
    return {
        "outcome": found.outcome,
        "futures": found.futures,
        "differ": found.differ,
        "order": list(found.order()) if found.theories else [],
        "theories": found.table().to_dict("records") if found.theories else [],
        "told": found.sentence(),
        "failed": [one._asdict() for one in found.failed],
        "incomplete": found.incomplete,
    }


def print_rivals(found: Rivals) -> None:
    """Print what each scenario reaches under each theory, and whether the order holds."""
    from cisim.show.tables import number, paragraph, table, terminal_width

    width = terminal_width()
    tried = len(found.theories)
    show(f"{len(found.names)} scenarios under {tried} theories, by {found.outcome}\n")
    rows = []
    for place, theory in enumerate(found.theories):
        cells = [number(value, 2) for value in found.means[place].tolist()]
        holds = "" if theory is None else "yes" if found.holds[place] else "no"
        rows.append(["as it is" if theory is None else theory.words, *cells, holds])
    show(table(rows, ["", *found.names, "order holds"]))
    show()
    show(paragraph(found.sentence(), width))
