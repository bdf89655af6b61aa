"""What one gets for the money: the front of a search, told again on beliefs it never saw.

To the right what is spent a year, upward the effect on wellbeing against no backbone. A bar is the
90 % interval of the mean over unseen beliefs, a whisker holds nine of ten beliefs. Small grey dots
are all candidates that were tried, as the beliefs of the search have them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cisim.lab.optimise import Optimised
from cisim.lab.optimise.found import CANDIDATE
from cisim.show.best_in_words import who
from cisim.show.charts.axes import Axis, value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.words import Reading, measure, wrap
from cisim.show.language.facts import unit_in_words
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.show.told import told

HEIGHT = 300.0
"""Of the field (px)."""
MOST_DOTS = 1500
_SHOWN = ["who", "file", "spent", "effect", "low", "high", "effect_q05", "effect_q95", "harm"]


def front(
    found: Optimised,
    *,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the front of a search: effect against what is spent a year.

    width : px; 640 reads well from a phone to a page, 390 is laid out for a phone
    """
    table = found.table()
    table = table[table["told"]].reset_index(drop=True)
    heading = title or say("charts.front_title", limits=told(found.limits()))
    under = say("charts.front_under")
    sheet = Sheet(heading, under, theme, width)
    tried = [one for one in found.tried if one.reached is not None and one.keeps]
    dots = np.array(
        [(one.reached.goal("spent"), one.reached.goal("effect")) for one in tried if one.reached],
        np.float64,
    ).reshape(-1, 2)[:MOST_DOTS]
    spent = table["spent"].to_numpy(np.float64)
    numbers = table[["effect", "low", "high", "effect_q05", "effect_q95"]].to_numpy(np.float64)
    ends = np.concatenate([numbers[np.isfinite(numbers)], dots[:, 1], [0.0]])
    limit = found.budget.total
    most = float(max([*spent, *dots[:, 0], limit or 0.0, 1.0]))
    upright = value_axis(float(ends.min()), float(ends.max()), 0.0, 0.0)
    reading = Reading.of(upright.low, upright.high, unit_in_words("points"), False)
    decimals = upright.decimals(reading.power)
    left = MARGIN + 8 + max(measure(reading.number(t, decimals), TICK) for t in upright.ticks)
    lying = value_axis(0.0, most, 0.0, 1.0, about=5 if width >= 500 else 3)
    half = measure(_money(lying.ticks[-1]), TICK) / 2
    lying = lying.moved(left + 10, sheet.width - MARGIN - half)
    words = say("charts.front_axis")
    words = f"{words}, {reading.axis}" if reading.axis else words
    for line in wrap(words, sheet.inner, NOTE):
        sheet.y += NOTE * 1.3
        sheet.text(MARGIN, sheet.y, line, NOTE)
    top = sheet.y + 14 + (NOTE * 1.4 if limit is not None else 0.0)
    bottom = top + HEIGHT
    upright = upright.moved(bottom, top)
    sheet.value_grid(upright, reading, left, sheet.width - MARGIN)
    if limit is not None:
        x = lying.at(limit)
        sheet.rule(x, top, x, bottom, "ink-line", ' stroke-width="1.4" stroke-dasharray="7 4"')
        words = say("charts.front_budget", limit=limit)
        half = measure(words, NOTE) / 2
        at = min(max(x, left + half), sheet.width - MARGIN - half)
        sheet.text(at, top - 6, words, NOTE, "ink", anchor="middle", plate=True)
    for money, effect in dots.tolist():
        sheet.draw(
            f'<circle cx="{px(lying.at(money))}" cy="{px(upright.at(effect))}" r="2.2" '
            f'class="plain" fill-opacity=".7"/>'
        )
    rows = [row | {"number": 0 if row["file"] or row["who"].startswith(CANDIDATE) else 1}
            for row in table.to_dict("records")]  # fmt: skip
    for row in sorted(rows, key=lambda row: row["number"]):  # what it is held against is on top
        x, number = lying.at(row["spent"]), row["number"]
        for low, high, wide, see in (
            ("effect_q05", "effect_q95", 1.2, 0.55), ("low", "high", 5.0, 0.55),
        ):  # fmt: skip
            ys = upright.at(row[low]), upright.at(row[high])
            if abs(ys[0] - ys[1]) > 0.5:
                sheet.rule(x, ys[0], x, ys[1], f"l{number}",
                           f' stroke-width="{wide:g}" stroke-opacity="{see:g}"')  # fmt: skip
        sheet.mark(number, x, upright.at(row["effect"]), 5.0)
    _numbers(sheet, table, lying, upright)
    sheet.rule(left, bottom, sheet.width - MARGIN, bottom, "axis-line")
    for tick in lying.ticks:
        x = lying.at(tick)
        sheet.rule(x, bottom, x, bottom + 5, "axis-line")
        sheet.text(x, bottom + 5 + TICK * 1.05, _money(tick), TICK, anchor="middle")
    sheet.y = bottom + 5 + TICK * 1.05 + NOTE * 1.4
    sheet.text(sheet.width - MARGIN, sheet.y, say("charts.front_spent"), NOTE, anchor="end")
    sheet.y += 6
    for at, one in enumerate(found.chosen, 1):
        why, what = told(one.why), told(found.words(one.at))
        words = say("charts.front_chosen", number=at, why=why, what=what)
        for k, line in enumerate(wrap(words, sheet.inner - 14, NOTE, 3)):
            sheet.y += NOTE * 1.35
            sheet.text(MARGIN + (14 if k else 0), sheet.y, line, NOTE, "ink")
    others = [who(row["who"], found) for row in rows if row["number"] == 1]
    beliefs = len(found.beliefs.unseen)
    said = [
        say("charts.front_marks", n=beliefs),
        say("charts.front_others", others=", ".join(others)),
        say("charts.front_grey"),
    ]
    shown = table[_SHOWN].assign(who=[who(row, found) for row in table["who"]])
    return sheet.finish(
        "front",
        Numbers(
            shown,
            unit_in_words("points"),
            ("effect", "low", "high", "effect_q05", "effect_q95"),
            signed=True,
        ),
        notes=said,
        footer=footer,
        summary=" ".join([f"{heading}.", *map(told, found.sentences())]),
        series=2,
    )  # fmt: skip


def _numbers(sheet: Sheet, table: pd.DataFrame, lying: Axis, upright: Axis) -> None:
    """Write the number of each file beside its mark, none over another."""
    taken: list[tuple[float, float]] = []
    for row in table.to_dict("records"):
        if not row["file"]:
            continue
        x, y = lying.at(row["spent"]), upright.at(row["effect"])
        for dx, dy in ((9, -6), (-9, -6), (9, 16), (-9, 16), (9, -22), (-9, -22), (9, 32)):
            place = (x + dx, y + dy)
            if all(abs(place[0] - a) > 9 or abs(place[1] - b) > NAME for a, b in taken):
                break
        taken.append(place)
        anchor = "start" if place[0] > x else "end"
        sheet.text(*place, str(row["file"]), NAME, "ink", anchor=anchor, bold=True, halo=True)


def _money(value: float) -> str:
    return localised(f"{value:,.0f}")
