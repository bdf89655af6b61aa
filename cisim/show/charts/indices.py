"""How far each parameter matters: a bar for each with its interval, and what chance alone gives.

The numbers are those of cisim.lab.analyses: any table with a name, an estimate and its interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cisim.model.input_error import InputError
from cisim.show.charts.axes import value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.words import Reading, measure, wrap_name
from cisim.show.language.facts import source_in_words, supports_in_words
from cisim.show.language.texts import say

HIGH, GAP = 13.0, 9.0
"""Of a bar, and between two (px)."""
MOST = 12
"""Bars that are drawn; a table has them all."""


def indices(
    table: pd.DataFrame,
    column: str,
    *,
    title: str,
    under: str = "",
    of: str = "parameter",
    unit: str = "",
    percent: bool = False,
    second: str | None = None,
    second_words: str = "",
    names: Mapping[str, str] | None = None,
    most: int = MOST,
    note: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return a bar with its interval for each row, the largest first as the table has them.

    table   : `of`, `column`, `column`_low and `column`_high; `floor` and `clear` where known
    percent : whether the numbers are shares, written as percent
    second  : another column, drawn as a dot in the bar, with `second_words` for what it is
    names   : what people call the rows

    Raises InputError if a column is missing, or there is no row.
    """
    ends = [f"{column}_low", f"{column}_high"]
    wanted = [of, column, *ends, *([second] if second else [])]
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise InputError(f"charts: the table has no column {missing[0]}.")
    if table.empty:
        raise InputError("charts: the table has no row.")
    factor = 100.0 if percent else 1.0
    rows = table.head(most)
    called = [str((names or {}).get(str(name), name)) for name in rows[of]]
    numbers = rows[[column, *ends]].to_numpy(np.float64) * factor
    dots = rows[second].to_numpy(np.float64) * factor if second else np.full(len(rows), np.nan)
    floor = math.nan
    if "floor" in table.columns:
        floor = float(table["floor"].iloc[0]) * factor
    there = np.concatenate([numbers.ravel(), dots, [floor]])
    there = there[np.isfinite(there)]
    low, high = float(min(there.min(initial=0.0), 0.0)), float(max(there.max(initial=0.0), 0.0))
    high = high if high > low else low + 1.0
    sheet = Sheet(title, under, theme, width)
    left = MARGIN + min(sheet.inner * 0.4, max(measure(name, NOTE) for name in called) + 14)
    reading = Reading.of(low, high, "" if percent else unit, percent)
    reading = reading.telling(*[(float(a), float(b)) for _, a, b in numbers if np.isfinite(a + b)])
    widest = max(measure(reading.number(float(mean)), NOTE) for mean, _, _ in numbers) + 12
    axis = value_axis(low, high, left, sheet.width - MARGIN - widest, about=5)
    sheet.y += 10
    zero, top = axis.at(0.0), sheet.y
    for name, (mean, least, most_), dot in zip(called, numbers.tolist(), dots, strict=True):
        lines = wrap_name(name, left - MARGIN - 10, NOTE)
        tall = max(HIGH, len(lines) * NOTE * 1.25)
        middle = sheet.y + tall / 2
        for at, line in enumerate(lines):
            below = (at - (len(lines) - 1) / 2) * NOTE * 1.25
            sheet.text(MARGIN, middle + below + NOTE * 0.35, line, NOTE, "ink")
        if np.isfinite(mean):
            x = axis.at(mean)
            sheet.draw(
                f'<rect x="{px(min(zero, x))}" y="{px(middle - HIGH / 2)}" '
                f'width="{px(abs(x - zero))}" height="{px(HIGH)}" class="s0" fill-opacity=".45"/>'
            )
        if np.isfinite(least + most_):
            a, b = axis.at(least), axis.at(most_)
            path = f"M{px(a)} {px(middle)}L{px(b)} {px(middle)}"
            path += f"M{px(a)} {px(middle - 4)}v8M{px(b)} {px(middle - 4)}v8"
            sheet.draw(f'<path d="{path}" class="ink-line" fill="none" stroke-width="1.8"/>')
        if np.isfinite(dot):
            sheet.draw(
                f'<circle cx="{px(axis.at(float(dot)))}" cy="{px(middle)}" r="4" '
                f'class="s1 paper-line" stroke-width="1.2"/>'
            )
        words = reading.number(mean)
        sheet.text(sheet.width - MARGIN, middle + NOTE * 0.35, words, NOTE, "ink", anchor="end")
        sheet.y += tall + GAP
    sheet.rule(zero, top, zero, sheet.y, "axis-line", ' stroke-width="1.4"')
    if math.isfinite(floor):
        for side in (floor, -floor) if low < 0.0 else (floor,):
            if axis.low <= side <= axis.high:
                x = axis.at(side)
                sheet.rule(x, top, x, sheet.y, "axis-line", ' stroke-dasharray="4 4"')
    sheet.rule(left, sheet.y, axis.end, sheet.y, "axis-line")
    decimals = axis.decimals(reading.power)
    for tick in axis.ticks:
        sheet.rule(axis.at(tick), sheet.y, axis.at(tick), sheet.y + 5, "axis-line")
        text = reading.number(tick, decimals)
        sheet.text(axis.at(tick), sheet.y + 5 + TICK * 1.05, text, TICK, anchor="middle")
    sheet.y += 5 + TICK * 1.05 + NAME * 1.1
    if reading.axis:
        sheet.text(axis.end, sheet.y, reading.axis, NOTE, anchor="end")
    notes = [say("charts.indices_line")]
    if second:
        notes[0] += " " + say("charts.indices_dot", words=second_words)
    if math.isfinite(floor):
        notes[0] += " " + say("charts.indices_dashed")
    if len(table) > len(rows):
        notes.append(say("charts.indices_more", n=len(table) - len(rows)))
    said = [
        f"{name} {reading.number(mean)} ({reading.between(least, most_)})"
        for name, (mean, least, most_) in zip(called, numbers.tolist(), strict=True)
    ][:5]
    shown = pd.DataFrame({of: called, column.replace("_", " "): numbers[:, 0], "low": numbers[:, 1],
                          "high": numbers[:, 2]})  # fmt: skip
    values = [column.replace("_", " "), "low", "high"]
    if second:
        shown[second] = dots
        values.append(second)
    if "clear" in rows.columns:
        shown["clear"] = rows["clear"].to_numpy()
    for known, in_words in (("source", source_in_words), ("supports", supports_in_words)):
        if known in rows.columns:
            shown[known] = [in_words(str(one)) for one in rows[known]]
    return sheet.finish(
        "indices",
        Numbers(shown, "%" if percent else unit, tuple(values), factor=factor),
        notes=[*notes, note],
        footer=footer,
        summary=f"{title}: {'; '.join(said)}.",
        series=2,
    )
