"""How far the parameters that matter most do so over time: a line for each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cisim.model.input_error import InputError
from cisim.show.charts.axes import Axis, spread, time_ticks, value_axis
from cisim.show.charts.chart import Chart, Numbers, TimeAxis
from cisim.show.charts.frame import MARGIN, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme, dash, place
from cisim.show.charts.words import Reading, measure, shorten
from cisim.show.counted import span
from cisim.show.language.texts import say

MOST = 6
"""Lines that are drawn."""
TALL = 220.0


def indices_by_month(
    table: pd.DataFrame,
    column: str,
    *,
    title: str,
    under: str = "",
    unit: str = "",
    most: int = MOST,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return a line over the months for each of the parameters that reach the largest |numbers|.

    table : parameter, month and `column`

    Raises InputError if a column is missing, or there are fewer than two months.
    """
    missing = [name for name in ("parameter", "month", column) if name not in table.columns]
    if missing:
        raise InputError(f"charts: the table has no column {missing[0]}.")
    wide = table.pivot(index="parameter", columns="month", values=column)
    wide = wide.reindex(list(dict.fromkeys(table["parameter"])))
    months = wide.columns.to_numpy(np.float64)
    if months.size < 2:
        raise InputError("charts: one month makes no line; allowed are two or more.")
    size = wide.abs().max(axis=1).fillna(0.0).to_numpy()
    wide = wide.iloc[np.argsort(-size, kind="stable")[:most]]
    values = wide.to_numpy(np.float64)
    there = values[np.isfinite(values)]
    low, high = float(there.min(initial=0.0)), float(there.max(initial=0.0))
    high = high if high > low else low + 1.0
    sheet = Sheet(title, under, theme, width)
    sheet.y += 16
    top = sheet.y
    upright = value_axis(min(low, 0.0), max(high, 0.0), top + TALL, top, about=5)
    reading = Reading.of(upright.low, upright.high, unit, False)
    decimals = upright.decimals(reading.power)
    ticks_wide = max(measure(reading.number(tick, decimals), TICK) for tick in upright.ticks)
    room = sheet.inner * 0.34
    left = MARGIN + ticks_wide + 10
    names = [shorten(str(name), room - 8, NOTE) for name in wide.index]
    right = sheet.width - MARGIN - max(measure(name, NOTE) for name in names) - 12
    axis = Axis(float(months[0]), float(months[-1]), left, right, (), 1.0)
    time = TimeAxis(axis.low, axis.high, left, right, top, top + TALL, sheet.width)
    sheet.value_grid(upright, reading, left, right)
    level = [float(row[np.isfinite(row)][-1]) if np.isfinite(row).any() else 0.0 for row in values]
    labels = spread([upright.at(one) for one in level], [NOTE * 1.3] * len(names), top, top + TALL)
    for number, (row, name, at) in enumerate(zip(values, names, labels, strict=True)):
        path, drawing = "", False
        for month, value in zip(months, row, strict=True):
            if not np.isfinite(value):
                drawing = False
                continue
            x, y = time.at(float(month)), upright.at(float(value))
            path += f"{'L' if drawing else 'M'}{px(x)} {px(y)}"
            drawing = True
        if path:
            sheet.draw(
                f'<path d="{path}" class="l{place(number)}" fill="none" stroke-width="2.4"'
                f"{dash(number)}/>"
            )
        sheet.mark(number, right, upright.at(level[number]), 4.2)
        sheet.rule(right + 4, upright.at(level[number]), right + 9, at, "axis-line")
        sheet.text(right + 12, at + NOTE * 0.35, name, NOTE, "ink")
    sheet.y = top + TALL
    ticks = time_ticks(axis.low, axis.high, most=5 if width < 500 else 7)
    sheet.time_marks(ticks, axis, sheet.y)
    sheet.y += 8 + TICK * 1.3
    said = [
        say(
            "charts.indices_way",
            name=name,
            first=reading.number(row[0]),
            last=reading.number(row[-1]),
        )
        for name, row in zip(wide.index, values, strict=True)
    ]
    shown = wide.reset_index()
    shown.columns = ["parameter", *(f"month {month:.0f}" for month in months)]
    return sheet.finish(
        "indices-by-month",
        Numbers(shown, unit, tuple(shown.columns[1:])),
        notes=[say("charts.indices_largest")],
        footer=footer,
        summary=say(
            "charts.indices_over",
            title=title,
            first=span(months[0]),
            last=span(months[-1]),
            said="; ".join(said),
        ),
        series=len(names),
        time=time,
    )
