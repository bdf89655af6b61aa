"""A matrix by year for each scenario: a row is a level, a cell a year, fuller where there is more.

An empty cell with a broken edge is a level of nothing. Functions of leadership (functions.py) and
the seven components (profile.py) are drawn so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.model.input_error import InputError, nearest
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, RowHead, Sheet, px
from cisim.show.charts.ink import Theme, place
from cisim.show.language.texts import say

HIGH, GAP = 20.0, 3.0
"""A row, and between cells (px)."""


def matrices(
    table: pd.DataFrame,
    column: str,
    words: Mapping[str, str],
    label: float,
    tell: Callable[[pd.DataFrame], tuple[str, str]],
    *,
    kind: str,
    names: Mapping[str, str] | None,
    title: str,
    note: str,
    theme: Theme,
    width: int,
    footer: str,
) -> Chart:
    """Return the matrices of a table, one for each scenario.

    table  : scenario, year, `column` and level
    column : of the table that says of what a cell is
    words  : what people call each of them, in the order of their rows
    label  : what these names take (px)
    tell   : of a scenario's rows, what stands beside its name and what the summary says of it
    names  : what people call the scenarios, by name, in their order

    Raises InputError if a column is missing, or the table is empty.
    """
    for one in ("scenario", "year", column, "level"):
        if one not in table.columns:
            near = nearest(one, [str(there) for there in table.columns])
            raise InputError(f"charts: the table of {kind} has no column {one}.{near}")
    if not len(table):
        raise InputError(f"charts: the table of {kind} has no rows.")
    chosen = [str(name) for name in dict.fromkeys(table["scenario"])]
    called = {name: (names or {}).get(name, name) for name in chosen}
    order = list(names or called)
    sheet = Sheet(title, "", theme, width)
    said = []
    for name in chosen:
        rows = table[table["scenario"] == name]
        number = order.index(name) if name in order else 0
        beside, sentence = tell(rows)
        sheet.y += 10
        RowHead(sheet, number, called[name], beside).draw()
        sheet.y += 6
        _cells(sheet, rows, number, column, words, label)
        said.append(f"{called[name]}{sentence}")
    shown = table[["scenario", "year", column, "level"]].copy()
    shown["scenario"] = [called[str(name)] for name in shown["scenario"]]
    shown[column] = [words[str(name)] for name in shown[column]]
    return sheet.finish(
        kind,
        Numbers(shown.reset_index(drop=True), "0..1", ("level",)),
        notes=[note],
        footer=footer,
        summary=say("charts.year_by_year", title=title, said=" ".join(said)),
        series=len(order),
    )


def levels_by_year(
    ensembles: Iterable[Ensemble], column: str, outcomes: Mapping[str, str], region: str = OVERALL
) -> pd.DataFrame:
    """Return what `matrices` takes: mean levels over futures in each full year.

    outcomes : the outcome of each row, which the ensembles have kept, as they have the region
    """
    rows = []
    for one in ensembles:
        where = one.regions.index(region)
        for at, month in enumerate(one.months.tolist()):
            if month % 12:
                continue
            for name, outcome in outcomes.items():
                level = np.nanmean(one.values[:, at, where, one.outcomes.index(outcome)])
                rows.append((one.name, month // 12, name, float(level)))
    return pd.DataFrame(rows, columns=["scenario", "year", column, "level"])


def _cells(
    sheet: Sheet,
    rows: pd.DataFrame,
    number: int,
    column: str,
    words: Mapping[str, str],
    label: float,
) -> None:
    """Draw the cells of a scenario at the sheet's y and move y below them."""
    years = sorted(int(year) for year in set(rows["year"]))
    level: dict[tuple[Any, Any], float] = {
        (one[column], one["year"]): float(one["level"]) for one in rows.to_dict("records")
    }
    left = MARGIN + label
    wide = (sheet.width - MARGIN - left) / len(years)
    for name, called in words.items():
        if name not in set(rows[column]):
            continue
        sheet.text(MARGIN, sheet.y + HIGH * 0.7, called, NOTE, "ink")
        for at, year in enumerate(years):
            x, value = left + at * wide, level.get((name, year), 0.0)
            box = (
                f'x="{px(x)}" y="{px(sheet.y)}" width="{px(wide - GAP)}" height="{px(HIGH - GAP)}"'
            )
            edge = "" if value > 0.0 else ' stroke-dasharray="3 3"'
            sheet.draw(f'<rect {box} class="axis-line" fill="none"{edge}/>')
            if value > 0.0:
                full = px(max(1.0, min(1.0, value) * (HIGH - GAP)))
                top = px(sheet.y + HIGH - GAP - float(full))
                sheet.draw(
                    f'<rect x="{px(x)}" y="{top}" width="{px(wide - GAP)}" height="{full}" '
                    f'class="s{place(number)}"/>'
                )
        sheet.y += HIGH
    every = max(1, round(36.0 / wide))
    for at, year in enumerate(years):
        if at % every == 0:
            middle = left + at * wide + (wide - GAP) / 2
            sheet.text(middle, sheet.y + TICK, str(year), TICK, anchor="middle")
    sheet.y += TICK * 1.4
