"""Who leads: how much each function of leadership is exercised, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.model.outcomes import FUNCTIONS
from cisim.show.charts.chart import Chart
from cisim.show.charts.ink import Theme
from cisim.show.charts.matrix import levels_by_year, matrices
from cisim.show.charts.words import listed
from cisim.show.language.facts import fact
from cisim.show.language.texts import say

LEADING = tuple(f"function_{name}" for name in FUNCTIONS)
"""The outcomes that it shows."""
LABEL = 128.0
"""What the names of functions take (px)."""


def functions(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the matrix of functions by year, one for each scenario.

    table : scenario, year, function and level, a mean over futures, 0 where nobody exercises it
    names : what people call the scenarios, by name, in their order

    Raises InputError if a column is missing, or the table is empty.
    """

    def tell(rows: pd.DataFrame) -> tuple[str, str]:
        missing = never_exercised(rows)
        if not missing:
            return "", say("charts.all_exercised")
        who = listed([function_words(one) for one in missing])
        return say("charts.by_nobody", n=len(missing)), say("charts.never_exercised", who=who)

    return matrices(
        table,
        "function",
        {one: function_words(one) for one in FUNCTIONS},
        LABEL,
        tell,
        kind="functions",
        names=names,
        title=title or say("inside.functions"),
        note=say("charts.functions_note"),
        theme=theme,
        width=width,
        footer=footer,
    )


def function_table(ensembles: Iterable[Ensemble], region: str = OVERALL) -> pd.DataFrame:
    """Return what `functions` takes: the mean level of each function in each full year.

    ensembles : that have kept LEADING, and the region
    """
    outcomes = dict(zip(FUNCTIONS, LEADING, strict=True))
    return levels_by_year(ensembles, "function", outcomes, region)


def never_exercised(rows: pd.DataFrame) -> list[str]:
    """Return the functions of a scenario's rows that nobody exercises in any year."""
    most = rows.groupby("function", sort=False)["level"].max()
    return [name for name in FUNCTIONS if name in most.index and not most[name] > 0.0]


def function_words(function: str) -> str:
    """Return what a function of leadership is called."""
    return fact("functions", function, function.replace("_", " ").capitalize())
