"""The seven components together: how far each is there, year by year.

A row is a component, a cell a year. The more of a component there is the fuller its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cisim.lab.simulate import OVERALL, Ensemble
from cisim.model.input_error import InputError, nearest
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import RowHead, Sheet
from cisim.show.charts.functions import matrix
from cisim.show.charts.ink import Theme
from cisim.world.levers.components import COMPONENTS

LEVELS = tuple(one.outcome for one in COMPONENTS.values())
"""The outcomes that it shows."""
LABEL = 184.0
"""What the names of components take (px)."""


def profile(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "How far each of the seven components is there",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the seven levels by year, one profile for each scenario.

    table : scenario, year, component and level, a mean over futures
    names : what people call the scenarios, by name, in their order

    Raises InputError if a column is missing, or the table is empty.
    """
    for column in ("scenario", "year", "component", "level"):
        if column not in table.columns:
            near = nearest(column, [str(one) for one in table.columns])
            raise InputError(f"charts: the table of components has no column {column}.{near}")
    if not len(table):
        raise InputError("charts: the table of components has no rows.")
    chosen = [str(name) for name in dict.fromkeys(table["scenario"])]
    called = {name: (names or {}).get(name, name) for name in chosen}
    order = list(names or called)
    words = {name: one.words[:1].upper() + one.words[1:] for name, one in COMPONENTS.items()}
    sheet = Sheet(title, "", theme, width)
    said = []
    for name in chosen:
        rows = table[table["scenario"] == name]
        number = order.index(name) if name in order else 0
        sheet.y += 10
        RowHead(sheet, number, called[name], "").draw()
        sheet.y += 6
        matrix(sheet, rows, number, "component", words, LABEL)
        last = rows[rows["year"] == rows["year"].max()]
        levels = [
            f"{words[str(one)].lower()} {level:.2f}"
            for one, level in zip(last["component"], last["level"], strict=True)
        ]
        said.append(f"{called[name]}, at the end: {', '.join(levels)}.")
    shown = table[["scenario", "year", "component", "level"]].copy()
    shown["scenario"] = [called[str(name)] for name in shown["scenario"]]
    shown["component"] = [words[str(name)] for name in shown["component"]]
    note = "A cell is a year: the fuller, the more of the component, on average over futures."
    return sheet.finish(
        "profile",
        Numbers(shown.reset_index(drop=True), "0..1", ("level",)),
        notes=[note],
        footer=footer,
        summary=f"{title}, year by year. {' '.join(said)}",
        series=len(order),
    )


def profile_table(ensembles: Iterable[Ensemble], region: str = OVERALL) -> pd.DataFrame:
    """Return what `profile` takes: the mean level of each component in each full year.

    ensembles : that have kept LEVELS, and the region
    """
    rows = []
    for one in ensembles:
        place = one.regions.index(region)
        for at, month in enumerate(one.months.tolist()):
            if month % 12:
                continue
            for component, name in zip(COMPONENTS, LEVELS, strict=True):
                level = np.nanmean(one.values[:, at, place, one.outcomes.index(name)])
                rows.append((one.name, month // 12, component, float(level)))
    return pd.DataFrame(rows, columns=["scenario", "year", "component", "level"])
