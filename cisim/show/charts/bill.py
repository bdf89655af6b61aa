"""Who pays what in which year: stacked bars by payer, a panel for each scenario.

Beside each bar stands a grey one: what members gave of their own time, which nobody here pays.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cisim.model.input_error import InputError
from cisim.show.charts.axes import value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme, place
from cisim.show.charts.words import Reading, measure, wrap
from cisim.show.language.facts import unit_in_words
from cisim.show.language.texts import say

PANEL = 150.0
"""Height of a panel's field (px)."""
_NEEDED = ("scenario", "payer", "kind", "external", "year", "label", "fte_years")


def bill(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return stacked bars of full-time years by year and payer, a panel a scenario.

    table : as from `bill()` of a comparison or an ensemble; several rows of a payer and year add up
    names : the scenarios in their order, with their names for people

    Raises InputError if a column is missing or there is no row.
    """
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing or table.empty:
        what = f"has no column {missing[0]}" if missing else "has no row"
        raise InputError(f"charts: the table {what}; allowed is what bill() returns.")
    scenarios = dict(names or {name: name for name in dict.fromkeys(table["scenario"])})
    years = sorted(table["year"].unique())
    labels = dict(zip(table["year"], table["label"], strict=True))
    paid = table[table["external"]]
    payers = list(dict.fromkeys(paid["payer"]))
    by_year = table.groupby(["scenario", "external", "year"])["fte_years"].sum()
    most = max(float(by_year.max()), 1e-9)
    sheet = Sheet(title or say("compare.bill"), say("charts.bill_under"), theme, width)
    reading = Reading.of(0.0, most, unit_in_words("FTE-years"), False)
    left, right = MARGIN + 44, sheet.width - MARGIN
    step = (right - left) / len(years)
    _legend(sheet, payers)
    summary = []
    for name, called in scenarios.items():
        mine = table[table["scenario"] == name]
        for line in wrap(called, sheet.inner, NAME, 2, True):
            sheet.y += NAME * 1.5
            sheet.text(MARGIN, sheet.y, line, NAME, "ink", bold=True)
        top = sheet.y + 16  # the highest figure of the axis stands clear of the name
        axis = value_axis(0.0, most, top + PANEL, top, about=3)
        sheet.value_grid(axis, reading, left, right)
        for at, year in enumerate(years):
            here = mine[mine["year"] == year]
            x = left + step * (at + 0.14)
            base = 0.0
            for number, payer in enumerate(payers):
                much = float(here.loc[here["payer"] == payer, "fte_years"].sum())
                if much > 0.0:
                    _bar(sheet, x, step * 0.44, axis.at(base + much), axis.at(base), number)
                    base += much
            own = float(here.loc[~here["external"], "fte_years"].sum())
            if own > 0.0:
                _bar(sheet, x + step * 0.5, step * 0.22, axis.at(own), axis.at(0.0), None)
        sheet.rule(left, axis.at(0.0), right, axis.at(0.0), "axis-line")
        sheet.y = top + PANEL
        _years(sheet, [str(labels[year]) for year in years], left, step)
        total = float(mine.loc[mine["external"], "fte_years"].sum())
        summary.append(say("charts.bill_total", name=called, total=total))
    numbers = table.groupby(["scenario", "payer", "year"], sort=False, as_index=False)[
        "fte_years"
    ].sum()
    return sheet.finish(
        "bill",
        Numbers(numbers, unit=unit_in_words("FTE-years"), values=("fte_years",)),
        notes=[],
        footer=footer,
        summary=" ".join(summary),
        series=len(payers),
    )


def _bar(
    sheet: Sheet, x: float, width: float, top: float, bottom: float, number: int | None
) -> None:
    use = "plain" if number is None else f"s{place(number)}"
    edge = ' paper-line" stroke-width="1' if number is not None else ""
    sheet.draw(
        f'<rect x="{px(x)}" y="{px(top)}" width="{px(width)}" height="{px(bottom - top)}" '
        f'class="{use}{edge}"/>'
    )


def _legend(sheet: Sheet, payers: list[str]) -> None:
    """Name the payers by their colours, in lines."""
    sheet.y += 8
    x, sheet.y = MARGIN, sheet.y + NOTE * 1.4
    for number, payer in enumerate(payers):
        wide = measure(payer, NOTE) + 34
        if x > MARGIN and x + wide > sheet.width - MARGIN:
            x, sheet.y = MARGIN, sheet.y + NOTE * 1.5
        sheet.mark(number, x + 6, sheet.y - NOTE * 0.36, 5.0, halo=False)
        sheet.text(x + 16, sheet.y, payer, NOTE, "ink")
        x += wide
    sheet.y += 4


def _years(sheet: Sheet, labels: list[str], left: float, step: float) -> None:
    """Write the years below a panel, as many as there is room for."""
    sheet.y += TICK * 1.4
    short = [label.rpartition(" ")[2] for label in labels]
    each = max(1, int(np.ceil(max(measure(one, TICK) for one in short) * 1.3 / step)))
    for at in range(0, len(short), each):
        middle = left + step * (at + 0.5)
        sheet.text(middle, sheet.y, short[at], TICK, anchor="middle")
    if short != labels:
        sheet.text(MARGIN, sheet.y, say("charts.year"), TICK)
    sheet.y += 4
