"""What each role, level or organisation is worth: a bar for each, the most worth first.

The numbers are those of cisim.lab.worths: a worth is the mean, over shared futures and orders in
which they come in, of what one adds, so that the worths of a reading add up to the whole.
"""

from __future__ import annotations

import pandas as pd

from cisim.lab.ensemble import LEVEL
from cisim.lab.worths import AS_BELIEVED, AT_ONE, CUT, GIVEN, SAVED, Of, Player, Worths
from cisim.show.charts.bars import Bar, draw_bars
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import titled
from cisim.show.language.forms import localised
from cisim.show.language.texts import say

MOST_BARS = 24
"""So many have room; of more the most worth are drawn, and all are in the table."""
_READINGS = {
    SAVED: "saved", GIVEN: "given", AS_BELIEVED: "believed", AT_ONE: "alone", CUT: "apart",
}  # fmt: skip


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
    heading = title or say(f"attribution.of.{found.of}", outcome=what.title)
    table = found.table()
    names = {one.name: player_words(one, found.of) for one in found.players}
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
        called[player] = _called(found, names[player], rows[0])
        for place, row in enumerate(rows):
            mean, low, high = (float(row[one]) * what.factor for one in ("mean", "low", "high"))
            bars.append(Bar("" if place else called[player], mean, low, high, place))
    said = draw_bars(sheet, bars, what.apart)
    readings = len(found.readings)
    sentences = [" / ".join(said[at : at + readings]) for at in range(0, len(said), readings)]
    notes = [
        say("attribution.note", level=localised(f"{LEVEL:.0%}"))
        if found.seeds.size > 1
        else say("charts.one_shared"),
        stands_on(found),
    ]
    if len(drawn) < len(order):
        notes.append(say("attribution.most", n=len(drawn), all=len(order)))
    shown = table.sort_values(
        "player", key=lambda names: names.map(order.index), kind="stable"
    ).reset_index(drop=True)
    values = ["mean", "low", "high"]
    values += ["as_member", "as_member_low", "as_member_high"] if found.members is not None else []
    for column in values:
        shown[column] *= what.factor
    shown["player"] = shown["player"].map(names)
    shown["reading"] = [_reading(str(one)) for one in shown["reading"]]
    if found.readings == ("",):
        shown = shown.drop(columns="reading")
    return sheet.finish(
        "attribution",
        Numbers(shown, what.apart, tuple(values), factor=what.factor, signed=True),
        notes=notes,
        footer=footer,
        summary=say("attribution.summary", title=heading, each="; ".join(sentences)),
        series=readings,
    )


def stands_on(found: Worths) -> str:
    """Return what its futures differ by, in a sentence."""
    held = found.scenario.beliefs
    kind = "fixed" if held is None else held.kind
    return say(f"worth.stands_on_{kind}")


def _largest(first: pd.DataFrame, order: list[str]) -> list[str]:
    """Return the players of the largest worths, of either sign, in their order."""
    size = first.set_index("player")["mean"].abs()
    kept = set(size.sort_values(ascending=False, kind="stable").index[:MOST_BARS])
    return [player for player in order if player in kept]


def player_words(player: Player, of: Of) -> str:
    """Return what a player is called: a role, a level, a sector, or an organisation's own name."""
    if of == "roles":
        level, role = player.parts[0]
        return say("worth.role", role=say(f"levers.{level}_roles_{role}"),
                   level=say(f"worth.level.{level}"))  # fmt: skip
    if of == "levels":
        return say(f"posts.where.{player.name}")
    if of == "sectors":
        return titled(say(f"own_sectors.{player.name}"))
    return player.name


def _called(found: Worths, name: str, row: dict[str, object]) -> str:
    """Return a player's name, with how often it is a member."""
    if found.members is None:
        return name
    often = localised(f"{float(str(row['member'])):.0%}")
    return say("attribution.member", name=name, often=often)


def _reading(reading: str) -> str:
    """Return what a reading is called, "" where there is one only."""
    return say(f"attribution.reading.{_READINGS[reading]}") if reading else ""


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
        which = ("upper", "lower") if len(readings) == 2 else ("first", "second", "third")
        words = f"{_reading(reading)} ({say(f'attribution.{which[place]}')})"
        sheet.text(MARGIN + 30, sheet.y, words, NOTE, "ink")
    sheet.y += 8
