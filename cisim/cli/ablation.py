"""`cisim compare SCENARIO --ablate`: what each of the seven components is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cisim.cli.streams import show

if TYPE_CHECKING:
    import pandas as pd

    from cisim.lab.comparison import Comparison
    from cisim.world.scenario import Scenario


def with_parts(chosen: list[Scenario], text: str) -> tuple[list[Scenario], dict[str, str]]:
    """Return the scenario and itself without each component, and the names of these.

    Raises InputError if there is more than one scenario, or a component is not there.
    """
    from cisim.lab.ablation import chosen_components, without
    from cisim.model.input_error import InputError

    if len(chosen) > 1:
        raise InputError(f"--ablate is for one scenario; given are {len(chosen)}.")
    parts = without(chosen[0], chosen_components(chosen[0], text))
    return [chosen[0], *parts.values()], {name: one.name for name, one in parts.items()}


def watched() -> list[str]:
    """Return the outcomes that the table needs."""
    from cisim.lab.ablation import WORTH_IN
    from cisim.world.levers.components import COMPONENTS

    return [*WORTH_IN, *(one.outcome for one in COMPONENTS.values())]


def worth_chart(table: pd.DataFrame, result: Comparison, seed: int) -> dict[str, str]:
    """Return the chart of what each component is worth in wellbeing, by file name."""
    from cisim.lab.ablation import WORTH_IN
    from cisim.lab.manifest import manifest_key
    from cisim.lab.results import ABLATION_CHART
    from cisim.show.charts import small_print, worth
    from cisim.world.levers.components import COMPONENTS

    names = {name: one.words[:1].upper() + one.words[1:] for name, one in COMPONENTS.items()}
    footer = small_print(len(result.futures), seed, manifest_key(result), result.failed_futures)
    return {ABLATION_CHART: worth(table, WORTH_IN[0], names=names, footer=footer).svg}


def print_worth(table: pd.DataFrame, result: Comparison, parts: Mapping[str, str]) -> None:
    """Print what each component is worth, and what its removal means."""
    from cisim.lab.ablation import WORTH_IN
    from cisim.model.outcomes import find_outcome
    from cisim.show.counted import after
    from cisim.show.tables import decimals_for, number, paragraph, terminal_width
    from cisim.show.tables import table as written
    from cisim.world.levers.components import COMPONENTS

    width = terminal_width()
    first = next(iter(result.ensembles.values()))
    then = after(first.scenario.months, first.scenario.calendar)
    show(f"\nWhat each component is worth in {first.name}, {then}")
    show(
        paragraph(
            "With it minus without it, mean over shared futures and 90 % interval. Each is removed "
            "from a partnership that has all the others, so they do not add up.",
            width,
        )
    )
    for outcome in WORTH_IN:
        here = table[table["outcome"] == outcome]
        decimals = decimals_for([*here["worth"], *here["low"], *here["high"]])
        rows = []
        for row in here.to_dict("records"):
            low, high = number(row["low"], decimals), number(row["high"], decimals)
            sign = "+" if row["worth"] > 0 else ""
            rows.append(
                [
                    COMPONENTS[str(row["component"])].words,
                    f"{number(row['with'], 2)} → {number(row['without'], 2)}",
                    sign + number(row["worth"], decimals),
                    "" if low == high == "–" else f"{low}…{high}",
                    f"{100 * row['share']:.0f} %" if abs(row["share"]) < 100 else "–",
                    f"{row['missed']} of {row['n']}",
                ]
            )
        unit = find_outcome(outcome).unit
        show(f"\n{outcome} ({unit})")
        heads = ["without", "its level", "worth", "90 % interval", "of all", "less in"]
        show(written(rows, heads))
    show()
    for name in parts:
        one = COMPONENTS[name]
        show(paragraph(f"- Without {one.words}: {one.removed}", width, "  "))
