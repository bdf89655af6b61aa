"""What each role, level or organisation is worth: a bar for each, the most worth first.

The numbers are those of cisim.lab.worths: a worth is the mean, over shared futures and orders in
which they come in, of what one adds, so that the worths of a reading add up to the whole.
"""

from __future__ import annotations

import pandas as pd

from cisim.lab.ensemble import LEVEL
from cisim.lab.worths import AS_BELIEVED, Of, Worths
from cisim.show.charts.bars import Bar, draw_bars
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import titled

MOST_BARS = 24
"""So many have room; of more the most worth are drawn, and all are in the table."""
_OF: dict[Of, str] = {
    "roles": "role",
    "levels": "level of backbones",
    "organisations": "organisation",
    "sectors": "sector",
}


def attribution(
    found: Worths,
    *,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return a bar with its interval for each one's worth, in each reading; of organisations each
    name says how often it is a member.
    """
    what = outcome_shown(found.outcome)
    heading = title or f"What each {_OF[found.of]} is worth: {what.title}"
    table = found.table()
    first = table[table["reading"] == found.readings[0]]
    order = first.sort_values("mean", ascending=False, kind="stable")["player"].tolist()
    drawn = order if len(order) <= MOST_BARS else _largest(first, order)
    sheet = Sheet(heading, what.words, theme, width)
    sheet.y += 14
    _key(sheet, found.readings)
    bars: list[Bar] = []
    called: dict[str, str] = {}
    for player in drawn:
        rows = table[table["player"] == player].to_dict("records")
        called[player] = _called(found, rows[0])
        for place, row in enumerate(rows):
            mean, low, high = (float(row[one]) * what.factor for one in ("mean", "low", "high"))
            bars.append(Bar("" if place else called[player], mean, low, high, place))
    said = draw_bars(sheet, bars, what.apart)
    readings = len(found.readings)
    sentences = [" / ".join(said[at : at + readings]) for at in range(0, len(said), readings)]
    notes = [
        f"What each one adds as it comes in, mean over shared futures and both ways of an order; "
        f"line: its {LEVEL * 100:g} % interval. The worths of a reading add up to the whole."
        if found.seeds.size > 1
        else "One shared future only: nothing here says how far others would differ."
    ]
    if len(drawn) < len(order):
        notes.append(
            f"The {len(drawn)} of {len(order)} with the largest worths; the table has all."
        )
    shown = table.sort_values(
        "player", key=lambda names: names.map(order.index), kind="stable"
    ).reset_index(drop=True)
    values = ["mean", "low", "high"]
    values += ["as_member", "as_member_low", "as_member_high"] if found.members is not None else []
    for column in values:
        shown[column] *= what.factor
    if found.readings == ("",):
        shown = shown.drop(columns="reading")
    return sheet.finish(
        "attribution",
        Numbers(shown, what.apart, tuple(values), factor=what.factor, signed=True),
        notes=notes,
        footer=footer,
        summary=f"{heading}, mean over shared futures: {'; '.join(sentences)}.",
        series=readings,
    )


def _largest(first: pd.DataFrame, order: list[str]) -> list[str]:
    """Return the players of the largest worths, of either sign, in their order."""
    size = first.set_index("player")["mean"].abs()
    kept = set(size.sort_values(ascending=False, kind="stable").index[:MOST_BARS])
    return [player for player in order if player in kept]


def _called(found: Worths, row: dict[str, object]) -> str:
    """Return a player's name, with how often it is a member."""
    if found.members is None:
        return titled(str(row["player"])) if found.of == "levels" else str(row["player"])
    often = float(str(row["member"]))
    return f"{row['player']} ({often:.0%} member)"


def _key(sheet: Sheet, readings: tuple[str, ...]) -> None:
    """Write which bar is which reading, one under the other as the bars are."""
    if len(readings) < 2:
        return
    for place, reading in enumerate(readings):
        sheet.y += NOTE * 1.35
        sheet.draw(
            f'<rect x="{px(MARGIN)}" y="{px(sheet.y - NOTE * 0.8)}" width="22" '
            f'height="{px(NOTE * 0.8)}" class="s{place}" fill-opacity=".45"/>'
        )
        which = ("upper bar", "lower bar") if len(readings) == 2 else ("1st", "2nd", "3rd")
        words = f"{'as it is believed' if reading == AS_BELIEVED else reading} ({which[place]})"
        sheet.text(MARGIN + 30, sheet.y, words, NOTE, "ink")
    sheet.y += 8
