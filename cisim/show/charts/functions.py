"""Who leads: how much each function of leadership is exercised, year by year.

A row is a function, a cell a year. The more a function is exercised the fuller its cell; an empty
one with a broken edge is a function that nobody exercises then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cisim.lab.simulate import OVERALL, Ensemble
from cisim.model.input_error import InputError, nearest
from cisim.model.outcomes import FUNCTIONS
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, RowHead, Sheet, px
from cisim.show.charts.ink import Theme, place
from cisim.show.charts.words import listed

LEADING = tuple(f"function_{name}" for name in FUNCTIONS)
"""The outcomes that it shows."""
LABEL, HIGH, GAP = 128.0, 20.0, 3.0
"""What the names of functions take, a row, and between cells (px)."""


def functions(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "Which functions of leadership are exercised",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the matrix of functions by year, one for each scenario.

    table : scenario, year, function and level, a mean over futures, 0 where nobody exercises it
    names : what people call the scenarios, by name, in their order

    Raises InputError if a column is missing, or the table is empty.
    """
    for column in ("scenario", "year", "function", "level"):
        if column not in table.columns:
            near = nearest(column, [str(one) for one in table.columns])
            raise InputError(f"charts: the table of functions has no column {column}.{near}")
    if not len(table):
        raise InputError("charts: the table of functions has no rows.")
    chosen = [str(name) for name in dict.fromkeys(table["scenario"])]
    called = {name: (names or {}).get(name, name) for name in chosen}
    order = list(names or called)
    sheet = Sheet(title, "", theme, width)
    said = []
    for name in chosen:
        rows = table[table["scenario"] == name]
        number = order.index(name) if name in order else 0
        missing = never_exercised(rows)
        words = f"{len(missing)} by nobody" if missing else ""
        sheet.y += 10
        RowHead(sheet, number, called[name], words).draw()
        sheet.y += 6
        called_so = {one: _words(one) for one in FUNCTIONS}
        matrix(sheet, rows, number, "function", called_so, LABEL)
        who = listed([_words(one) for one in missing])
        said.append(f"{called[name]}: nobody ever exercises {who or 'none of them'}.")
        if not missing:
            said[-1] = f"{called[name]}: all are exercised at some time."
    shown = table[["scenario", "year", "function", "level"]].copy()
    shown["scenario"] = [called[str(name)] for name in shown["scenario"]]
    shown["function"] = [_words(str(name)) for name in shown["function"]]
    note = (
        "A cell is a year. The fuller, the more the function is exercised by those who carry it, "
        "on average over futures; an empty cell with a broken edge: by nobody."
    )
    return sheet.finish(
        "functions",
        Numbers(shown.reset_index(drop=True), "0..1", ("level",)),
        notes=[note],
        footer=footer,
        summary=f"{title}, year by year. {' '.join(said)}",
        series=len(order),
    )


def function_table(ensembles: Iterable[Ensemble], region: str = OVERALL) -> pd.DataFrame:
    """Return what `functions` takes: the mean level of each function in each full year.

    ensembles : that have kept LEADING, and the region
    """
    rows = []
    for one in ensembles:
        place = one.regions.index(region)
        for at, month in enumerate(one.months.tolist()):
            if month % 12 == 0:
                rows += [
                    (one.name, month // 12, function,
                     float(one.values[:, at, place, one.outcomes.index(name)].mean()))
                    for function, name in zip(FUNCTIONS, LEADING, strict=True)
                ]  # fmt: skip
    return pd.DataFrame(rows, columns=["scenario", "year", "function", "level"])


def never_exercised(rows: pd.DataFrame) -> list[str]:
    """Return the functions of a scenario's rows that nobody exercises in any year."""
    most = rows.groupby("function", sort=False)["level"].max()
    return [name for name in FUNCTIONS if name in most.index and not most[name] > 0.0]


def matrix(
    sheet: Sheet,
    rows: pd.DataFrame,
    number: int,
    column: str,
    called: Mapping[str, str],
    label: float,
) -> None:
    """Draw the cells of a scenario at the sheet's y and move y below them.

    column : of `rows` that says of what a cell is; beside it year and level
    called : what people call each of them, in the order of their rows
    label  : what the names take (px)
    """
    years = sorted(int(year) for year in set(rows["year"]))
    level: dict[tuple[Any, Any], float] = {
        (one[column], one["year"]): float(one["level"]) for one in rows.to_dict("records")
    }
    left = MARGIN + label
    wide = (sheet.width - MARGIN - left) / len(years)
    for name, words in called.items():
        if name not in set(rows[column]):
            continue
        sheet.text(MARGIN, sheet.y + HIGH * 0.7, words, NOTE, "ink")
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


def _words(function: str) -> str:
    return function.replace("_", " ").capitalize()
