"""Where a scenario fails: boxes, each the part of a parameter's range within which it does.

The numbers are those of cisim.lab.analyses.boxes.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cisim.model.input_error import InputError
from cisim.model.told import several
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.words import listed, measure, wrap, wrap_name
from cisim.show.language.facts import source_in_words, supports_in_words
from cisim.show.language.texts import say
from cisim.show.told import told

HIGH = 11.0
"""Of a bar (px)."""
_NEEDED = (
    "box", "parameter", "low", "high", "choices", "range_low", "range_high", "log", "coverage",
    "density", "base",
)  # fmt: skip


def boxes(
    table: pd.DataFrame,
    *,
    title: str,
    under: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the boxes of a table of `cisim.lab.analyses.Discovery`.

    Raises InputError if a column is missing, or there is no box.
    """
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise InputError(f"charts: the table has no column {missing[0]}.")
    if table.empty:
        raise InputError("charts: there is no box to draw.")
    sheet = Sheet(title, under, theme, width)
    said = []
    for number, rows in table.groupby("box", sort=True):
        first = rows.iloc[0]
        head = say("charts.box", number=number, dense=first["density"], base=first["base"])
        covers = say("charts.box_covers", share=first["coverage"])
        sheet.y += 12
        beside = measure(head, NAME, True) + measure(covers, NOTE) + 30 < sheet.inner
        sheet.y += NAME * 1.3
        lines = wrap(
            head, sheet.inner - (measure(covers, NOTE) + 24 if beside else 0), NAME, 2, True
        )
        for at, line in enumerate(lines):
            sheet.y += NAME * 1.3 if at else 0.0
            sheet.text(MARGIN, sheet.y, line, NAME, "ink", bold=True)
        if not beside:
            sheet.y += NOTE * 1.4
        end = sheet.width - MARGIN if beside else MARGIN
        sheet.text(end, sheet.y, covers, NOTE, anchor="end" if beside else "start")
        sheet.y += 8
        parts = []
        for row in rows.itertuples(index=False):
            words = _draw(sheet, row)
            parts.append(f"{row.parameter} {words}")
        said.append(say("charts.box_said", head=head, covers=covers, limits=listed(parts)))
    unread = ["log", "method", "outcome", "scenario", "against", "month", "region"]
    numbers = table.drop(columns=unread, errors="ignore")
    for known, called in (("source", source_in_words), ("supports", supports_in_words)):
        if known in numbers.columns:
            numbers[known] = [called(str(one)) for one in numbers[known]]
    return sheet.finish(
        "boxes",
        Numbers(numbers.reset_index(drop=True)),
        notes=[say("charts.boxes_line")],
        footer=footer,
        summary=f"{title}. {'; '.join(said)}.",
        series=1,
    )


def _draw(sheet: Sheet, row: object) -> str:
    """Draw one parameter of a box at the sheet's y; return its limits in words."""
    name, choices = str(row.parameter), str(row.choices)  # type: ignore[attr-defined]
    low, high = float(row.low), float(row.high)  # type: ignore[attr-defined]
    least, most = float(row.range_low), float(row.range_high)  # type: ignore[attr-defined]
    log = bool(row.log)  # type: ignore[attr-defined]
    if choices:
        words = told(several(choices.split(" or "), " or "))
    elif high >= most:
        words = say("charts.box_least", value=low)
    elif low <= least:
        words = say("charts.box_most", value=high)
    else:
        words = say("charts.box_between", low=low, high=high)
    left = MARGIN + sheet.inner * 0.42
    right = sheet.width - MARGIN - max(sheet.inner * 0.22, 100.0)
    lines = wrap_name(name, left - MARGIN - 10, NOTE)
    beside = wrap(words, sheet.width - MARGIN - right - 10, NOTE, 2)
    tall = max(NOTE * 1.7, max(len(lines), len(beside)) * NOTE * 1.25 + 6)
    middle = sheet.y + tall / 2
    for at, line in enumerate(lines):
        below = (at - (len(lines) - 1) / 2) * NOTE * 1.25
        sheet.text(MARGIN, middle + below + NOTE * 0.35, line, NOTE, "ink")
    for at, line in enumerate(beside):
        below = (at - (len(beside) - 1) / 2) * NOTE * 1.25
        sheet.text(right + 10, middle + below + NOTE * 0.35, line, NOTE, "ink")
    if not choices and most > least:

        def place(value: float) -> float:
            if log:
                share = math.log(value / least) / math.log(most / least)
            else:
                share = (value - least) / (most - least)
            return left + (right - left) * float(np.clip(share, 0.0, 1.0))

        top = middle - HIGH / 2
        sheet.draw(
            f'<rect x="{px(left)}" y="{px(top)}" width="{px(right - left)}" height="{px(HIGH)}" '
            f'class="plain" fill-opacity=".4"/>',
            f'<rect x="{px(place(low))}" y="{px(top)}" '
            f'width="{px(max(2.0, place(high) - place(low)))}" height="{px(HIGH)}" class="s0"/>',
        )
    sheet.y += tall
    return words
