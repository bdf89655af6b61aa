"""`cisim compare --value`: what children, partners and society gain and forgo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cisim.cli.streams import show

if TYPE_CHECKING:
    import pandas as pd

    from cisim.lab.comparison import Comparison


def valued(result: Comparison, fte_cost: float) -> pd.DataFrame:
    """Return what each level gains and forgoes beside the scenario that is named first."""
    from cisim.lab.levels import value_levels
    from cisim.lab.value import Prices

    return value_levels(result, Prices(fte_cost))


def needed_to_value() -> list[str]:
    """Return the outcomes that it takes, every month of them."""
    from cisim.lab.levels import VALUED
    from cisim.lab.value import NEEDED

    return [*NEEDED, *VALUED]


def print_value(table: pd.DataFrame, result: Comparison) -> None:
    """Print the table, a part for each scenario but the first."""
    from cisim.show.language.facts import fact, unit_in_words
    from cisim.show.language.texts import say
    from cisim.show.tables import decimals_for, number, paragraph, terminal_width
    from cisim.show.tables import table as written

    show(
        "\n"
        + paragraph(
            say("printed.value", base=result.names[0]),
            terminal_width(),
        )
    )
    for name, mine in table.groupby("scenario", sort=False):
        rows = []
        for row in mine.to_dict("records"):
            decimals = decimals_for([row["mean"], row["low"], row["high"]])
            low, mean, high = (number(row[part], decimals) for part in ("low", "mean", "high"))
            rows.append(
                [
                    say(f"report.pays.{row['level']}_{row['side']}"),
                    fact("value_items", str(row["item"]), row["words"]),
                    row["unit"] if row["item"] == "paid" else unit_in_words(row["unit"]),
                    f"+{mean}" if row["mean"] > 0 else mean,
                    f"{low}…{high}",
                ]
            )
        show(f"\n{name}")
        heads = [say(f"printed.{name}") for name in ("who", "what", "unit", "mean", "interval")]
        show(written(rows, heads, left=(0, 1, 2)))
