"""Who pays what in which year, beside members' own time: a table a scenario, and the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.value import Prices
from cisim.show import charts
from cisim.show.bill_in_tables import bill_table, together
from cisim.show.charts.ink import coloured
from cisim.show.findings import minus
from cisim.show.language.forms import localised
from cisim.show.page.address.look import Look
from cisim.show.page.views.colours import places
from cisim.show.page.views.compare import titles
from cisim.show.page.views.pictures import Origin, card, file_name, made_from
from cisim.show.page.words import say
from cisim.show.tables import nothing, number


def bill(
    look: Look, ensembles: Sequence[Ensemble], prices: Prices, width: int = 640
) -> dict[str, Any]:
    """Return what each payer pays in each year, in FTE-years and in money, and its chart.

    The means are over the futures that all share, of all regions, as `cisim compare` prints them.

    prices : of a year whose payer says none
    width  : of the chart (px)
    """
    named = titles([one.scenario for one in ensembles])
    whole = Comparison({one.name: one for one in ensembles}).bill(prices.fte_cost)
    read = together(whole)
    read["thousands"] = read["money"] / 1000.0
    kinds = [
        ("years", say("compare.bill_years"), "fte_years", 2),
        ("money", say("compare.bill_money", currency=prices.currency), "thousands", 1),
    ]
    return {
        "words": say("compare.bill_words", price=localised(f"{prices.fte_cost:,.0f}")),
        "kinds": [(name, words) for name, words, *_ in kinds],
        "scenarios": [
            {
                "title": title,
                **{kind: _shown(read, name, value, places) for kind, _, value, places in kinds},
            }
            for name, title in named.items()
        ],
        "chart": _chart(look, ensembles, whole, read, named, width),
    }


def _shown(read: pd.DataFrame, name: str, value: str, decimals: int) -> dict[str, Any]:
    """Return the table of one scenario as cells; own time is in FTE-years whatever is asked."""
    table = bill_table(read, name, value, decimals)
    own = bill_table(read, name).own
    heads = [*table.heads[:-1], say("compare.bill_all")]
    return {
        "heads": heads,
        "paid": [_cells(payer, figures, decimals) for payer, figures in table.paid],
        "total": _cells(say("compare.bill_total"), table.total, decimals),
        "own": [_cells(who, figures, 2) for who, figures in own],
    }


def _cells(name: str, figures: Sequence[float], decimals: int) -> list[str]:
    texts = [minus(number(figure, decimals)) for figure in figures]
    return [name, *("–" if nothing(text) else text for text in texts)]


def _chart(
    look: Look,
    ensembles: Sequence[Ensemble],
    whole: pd.DataFrame,
    read: pd.DataFrame,
    named: Mapping[str, str],
    width: int,
) -> dict[str, Any] | None:
    """Return the chart as its frame takes it, None where there is nothing to draw.

    whole : every payer by name, for the file
    read  : the same as people read it, for the picture
    """
    if read.empty:
        return None
    origin = Origin.of(ensembles)
    with coloured(places(look, [one.name for one in ensembles])):
        drawn = charts.bill(
            read.assign(scenario=read["scenario"].map(named)),
            names={title: title for title in named.values()},
            title=say("compare.bill"),
            theme="light",
            width=width,
            footer=origin.words,
        )
    filed = whole.assign(scenario=whole["scenario"].map(named)).astype(object)
    csv = made_from([str(head) for head in filed.columns], filed.to_numpy().tolist(), origin)
    shown = card(drawn, "compare", replace(look, region=OVERALL), origin, csv)
    return {**shown, "file": f"{file_name('compare', drawn.kind)}-{origin.key}"}
