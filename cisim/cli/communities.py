"""Each community in a table and as JSON: who gains, who loses, in how many futures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cisim.cli.streams import show

if TYPE_CHECKING:
    from cisim.lab.comparison import Comparison
    from cisim.lab.ensemble import Ensemble

MOST = 40
"""Of more communities than this a table shows those that gain most and least."""


def communities_json(results: Comparison | Ensemble) -> list[dict[str, Any]]:
    """Return a row for each scenario and community as JSON has it."""
    from cisim.lab.gains import gains

    return [
        {str(key): one for key, one in row.items()} for row in gains(results).to_dict("records")
    ]


def print_communities(results: Comparison | Ensemble) -> None:
    """Print for each scenario which community gains how much, and in how many futures."""
    from cisim.lab.gains import gains
    from cisim.show.charts.tiles import community_in_words
    from cisim.show.language.texts import say
    from cisim.show.tables import decimals_for, number, paragraph, table, terminal_width

    found = gains(results)
    base = str(found["against"].iloc[0])
    beside = base or say("charts.ordinary_world")
    width = terminal_width()
    for name, rows in found.groupby("scenario", sort=False):
        many = len(rows)
        better, worse = int((rows["mean"] > 0).sum()), int((rows["mean"] < 0).sum())
        show("\n" + say("printed.communities", name=name, beside=beside))
        said = say("printed.gained", better=better, many=many, worse=worse)
        if many > MOST:
            order = rows.sort_values("mean", ascending=False, kind="stable")
            half = MOST // 2
            rows = rows.loc[[*order.index[:half], *order.index[-half:]]]
            said += " " + say("printed.most_least", half=half)
        show(paragraph(said, width))
        decimals = decimals_for([*rows["low"], *rows["high"], *rows["mean"]])
        cells = []
        for row in rows.to_dict("records"):
            sign = "+" if row["mean"] > 0 else ""
            low, high = (number(row[end], decimals) for end in ("low", "high"))
            cells.append(
                [
                    community_in_words(str(row["community"])),
                    number(row["children"], 0),
                    number(row["deprivation"], 2),
                    sign + number(row["mean"], decimals),
                    "" if row["n"] < 2 else f"{low}…{high}",
                    say("charts.of", many=row["gains"], n=row["n"]),
                    say("charts.of", many=row["loses"], n=row["n"]),
                ]
            )
        names = ("children", "deprivation", "gain", "interval", "gains_in", "loses_in")
        heads = ["", *(say(f"printed.{name}") for name in names)]
        show(table(cells, heads))
