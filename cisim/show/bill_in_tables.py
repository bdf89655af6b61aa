"""Who pays what in which year, as tables: rounded so that what is read adds up."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cisim.lab.bill import OWN
from cisim.show.charts.words import titled
from cisim.show.language.facts import payer_in_words
from cisim.show.language.texts import say
from cisim.show.tables import number
from cisim.world.payers import SPONSORS


class BillTable(NamedTuple):
    """The bill of one scenario: a row for each payer, the sum, then members' own time.

    heads : of the years, and of all
    rows  : payer, and its figure in each year and in all; `paid` are added up in `total`
    """

    heads: list[str]
    paid: list[tuple[str, list[float]]]
    total: list[float]
    own: list[tuple[str, list[float]]]


def together(bill: pd.DataFrame) -> pd.DataFrame:
    """Return a bill in which sponsors whom no file names are one payer, and payers and years are
    called as people read them.

    bill : as from `bill()` of a comparison or an ensemble
    """
    named = bill.copy()
    unnamed = (named["kind"] == "sponsor") & named["payer"].str.startswith(f"{SPONSORS}: ")
    named.loc[unnamed, "payer"] = say("report.bill.sponsors")
    named["payer"] = [titled(payer_in_words(str(name))) for name in named["payer"]]
    named["label"] = [
        str(label) if label == str(year) else say("counted.year_label", year=year)
        for year, label in zip(named["year"], named["label"], strict=True)
    ]
    keys = ["scenario", "payer", "kind", "external", "year", "label"]
    return named.groupby(keys, sort=False, as_index=False)[["fte_years", "money"]].sum()


def bill_table(
    bill: pd.DataFrame, scenario: str, value: str = "fte_years", decimals: int = 2
) -> BillTable:
    """Return the table of one scenario; sums are those of the rounded figures.

    bill  : as `together` returns it
    value : "fte_years" or "money"
    """
    mine = bill[bill["scenario"] == scenario]
    labels = dict(zip(mine["year"], mine["label"], strict=True))
    years = sorted(labels)
    paid: list[tuple[str, list[float]]] = []
    own: list[tuple[str, list[float]]] = []
    for payer in dict.fromkeys(mine["payer"]):
        rows = mine[mine["payer"] == payer]
        by_year = rows.set_index("year")[value]
        figures = [round(float(by_year.get(year, 0.0)), decimals) for year in years]
        figures.append(round(sum(figures), decimals))
        (own if (rows["kind"] == OWN).all() else paid).append((str(payer), figures))
    columns = zip(*(figures for _, figures in paid), strict=True)
    total = [round(sum(column), decimals) for column in columns] or [0.0] * (len(years) + 1)
    heads = [*(str(labels[year]) for year in years), say("bill_words.all")]
    return BillTable(heads, paid, total, own)


def written(table: BillTable, decimals: int = 2) -> list[list[str]]:
    """Return the rows as cells: payers, "all external money", then own time."""
    rows = [*table.paid, (say("bill_words.external"), table.total), *table.own]
    return [[name, *(number(figure, decimals) for figure in figures)] for name, figures in rows]
