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
    from cisim.show.language.texts import say
    from cisim.show.report.rivals import holds_in_words
    from cisim.show.tables import number, paragraph, table, terminal_width
    from cisim.show.told import told

    width = terminal_width()
    tried = len(found.theories)
    many = {"n": len(found.names), "tried": tried, "outcome": found.outcome}
    show(say("printed.rivals", **many) + "\n")
    rows = []
    for place, theory in enumerate(found.theories):
        cells = [number(value, 2) for value in found.means[place].tolist()]
        title = say("printed.as_it_is") if theory is None else told(theory.words)
        rows.append([title, *cells, holds_in_words(found, place)])
    show(table(rows, ["", *found.names, say("printed.order_holds")]))
    show()
    show(paragraph(told(found.sentence()), width))
