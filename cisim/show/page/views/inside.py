"""What a partnership is made of, year by year: seven components, functions and who carries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.show import charts
from cisim.show.charts import Chart
from cisim.show.charts.ink import coloured
from cisim.show.charts.words import placed
from cisim.show.page.address.look import Look, month_of
from cisim.show.page.views.colours import places
from cisim.show.page.views.pictures import Origin, card, file_name, made_from
from cisim.show.page.words import say

KINDS = ("profile", "functions", "keepers")
"""The charts, in their order."""


def told(futures: int, done: bool) -> str:
    """Return what the charts are.

    futures : in which they are run
    done    : whether they are there
    """
    return say("inside.words" if done else "inside.waits", n=futures)


def picture(
    look: Look,
    ensembles: Sequence[Ensemble],
    names: Mapping[str, str],
    width: int = 640,
    which: Sequence[str] = KINDS,
) -> dict[str, Any]:
    """Return profile, functions and who carries them of finished futures.

    ensembles : that have kept INSIDE
    names     : of the scenarios, for people
    width     : of the charts (px)
    which     : of the charts
    """
    origin = Origin.of(ensembles)
    where = "" if look.region == OVERALL else look.region
    shared: dict[str, Any] = {
        "names": names, "theme": "light", "width": width, "footer": origin.words,
    }  # fmt: skip

    def lit(found: Sequence[Ensemble], region: str) -> pd.DataFrame:
        return charts.keeper_table(found, month_of(look), region)

    drawn: list[tuple[Any, Callable[[Sequence[Ensemble], str], pd.DataFrame], str]] = [
        (charts.profile, charts.profile_table, "inside.profile"),
        (charts.functions, charts.function_table, "inside.functions"),
        (charts.keepers, lit, "inside.keepers"),
    ]
    shown = []
    for kind, (draw, table_of, title) in zip(KINDS, drawn, strict=True):
        if kind not in which:
            continue
        table = table_of(ensembles, look.region)
        with coloured(places(look, [one.name for one in ensembles])):
            chart = draw(table, title=placed(say(title), where), **shared)
        shown.append(_card(chart, table, look, names, origin, where))
    return {"charts": shown, "futures": origin.futures}


def _card(
    chart: Chart,
    table: pd.DataFrame,
    look: Look,
    names: Mapping[str, str],
    origin: Origin,
    where: str,
) -> dict[str, Any]:
    """Return a chart as its frame takes it; its file has each level as it was computed."""
    filed = table.assign(scenario=table["scenario"].map(dict(names)), region=look.region)
    csv = made_from([str(one) for one in filed.columns], filed.to_numpy().tolist(), origin)
    file = f"{file_name(look.view, chart.kind, where)}-{origin.key}"
    return {**card(chart, look.view, look, origin, csv), "file": file}
