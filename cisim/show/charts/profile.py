"""The seven components together: how far each is there, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.show.charts.chart import Chart
from cisim.show.charts.ink import Theme
from cisim.show.charts.matrix import levels_by_year, matrices
from cisim.show.language.facts import fact
from cisim.show.language.texts import say
from cisim.show.tables import number
from cisim.world.levers.components import COMPONENTS

LEVELS = tuple(one.outcome for one in COMPONENTS.values())
"""The outcomes that it shows."""
LABEL = 184.0
"""What the names of components take (px)."""


def profile(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the seven levels by year, one profile for each scenario.

    table : scenario, year, component and level, a mean over futures
    names : what people call the scenarios, by name, in their order

    Raises InputError if a column is missing, or the table is empty.
    """

    def tell(rows: pd.DataFrame) -> tuple[str, str]:
        last = rows[rows["year"] == rows["year"].max()]
        levels = [
            f"{component_words(str(one))} {number(level)}"
            for one, level in zip(last["component"], last["level"], strict=True)
        ]
        return "", say("charts.at_end", levels=", ".join(levels))

    return matrices(
        table,
        "component",
        {name: _capital(component_words(name)) for name in COMPONENTS},
        LABEL,
        tell,
        kind="profile",
        names=names,
        title=title or say("inside.profile"),
        note=say("charts.profile_note"),
        theme=theme,
        width=width,
        footer=footer,
    )


def component_words(name: str) -> str:
    """Return what a component is called in a sentence."""
    return fact("components", name, COMPONENTS[name].words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def profile_table(ensembles: Iterable[Ensemble], region: str = OVERALL) -> pd.DataFrame:
    """Return what `profile` takes: the mean level of each component in each full year.

    ensembles : that have kept LEVELS, and the region
    """
    outcomes = {name: one.outcome for name, one in COMPONENTS.items()}
    return levels_by_year(ensembles, "component", outcomes, region)
