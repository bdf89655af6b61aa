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
    from cisim.show.tables import decimals_for, number, paragraph, table, terminal_width

    found = gains(results)
    base = str(found["against"].iloc[0])
    beside = base or "the ordinary world"
    width = terminal_width()
    for name, rows in found.groupby("scenario", sort=False):
        many = len(rows)
        better, worse = int((rows["mean"] > 0).sum()), int((rows["mean"] < 0).sum())
        show(f"\nCommunities with {name}, against {beside}")
        said = f"On average {better} of {many} gain, {worse} lose."
        if many > MOST:
            order = rows.sort_values("mean", ascending=False, kind="stable")
            half = MOST // 2
            rows = rows.loc[[*order.index[:half], *order.index[-half:]]]
            said += f" Those that gain most and least, {half} each; --out keeps them all."
        show(paragraph(said, width))
        decimals = decimals_for([*rows["low"], *rows["high"], *rows["mean"]])
        cells = []
        for row in rows.to_dict("records"):
            sign = "+" if row["mean"] > 0 else ""
            low, high = (number(row[end], decimals) for end in ("low", "high"))
            cells.append(
                [
                    row["community"],
                    f"{row['children']:,.0f}",
                    number(row["deprivation"], 2),
                    sign + number(row["mean"], decimals),
                    "" if row["n"] < 2 else f"{low}…{high}",
                    f"{row['gains']} of {row['n']}",
                    f"{row['loses']} of {row['n']}",
                ]
            )
        heads = ["", "children", "deprivation", "gain", "90 % interval", "gains in", "loses in"]
        show(table(cells, heads))
