"""Who pays what in which year: short on the first page, in full in the appendix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cisim.show.findings import fte, minus
from cisim.show.language.facts import payer_in_words
from cisim.show.language.texts import say
from cisim.show.report.case import Case
from cisim.show.tables import nothing, number

MOST_YEARS = 11
"""So many columns of years have room on A4 (ten years may touch eleven calendar years); what comes
later is put together in the last one."""
MOST_ROWS = 14
"""With more rows the first page has sponsors together, then the payers of two scenarios only."""
LARGE, SMALL = 50_000.0, 50.0
"""With less than this a year, thousands have a decimal; whoever pays less in all pays nothing."""
SPONSOR = "sponsor"


def bill(case: Case) -> dict[str, Any]:
    """Return money by scenario, payer and year, in thousands, with sums: for the first page."""
    paid = case.bill[case.bill["external"].astype(bool)]
    rows = sum(len(_payers(paid, name)) + 1 for name in case.chosen)
    together = rows > MOST_ROWS
    if together:
        all_of_them = say("report.bill.sponsors")
        paid = paid.assign(payer=paid["payer"].where(paid["kind"] != SPONSOR, all_of_them))
    rows = sum(len(_payers(paid, name)) + 1 for name in case.chosen)
    full = [*case.chosen] if rows <= MOST_ROWS else [case.hero, case.base]
    return {
        **_table(case, paid, full),
        "unit": say("report.bill.thousands", currency=case.price.currency),
        "together": together,
        "left_out": len(full) < len(case.chosen),
        "price": say("report.bill.price", currency=case.price.currency, price=case.price.fte_cost),
    }


def in_full(case: Case) -> dict[str, Any]:
    """Return money by scenario and every payer and year, and members' own time in FTE-years."""
    spans = _spans(case)
    own = case.bill[~case.bill["external"].astype(bool)]
    time = []
    for name in case.chosen:
        mine = own[own["scenario"] == name]
        cells = [*(_within(mine, span)["fte_years"].sum() for span in spans)]
        time.append(
            {
                "title": case.short[name],
                "cells": [fte(float(cell)) for cell in [*cells, mine["fte_years"].sum()]],
            }
        )
    return {
        **_table(case, case.bill[case.bill["external"].astype(bool)], [*case.chosen]),
        "time": time,
    }


def _table(case: Case, paid: pd.DataFrame, full: Sequence[str]) -> dict[str, Any]:
    """Return the bill's rows: scenarios with sums, and those of `full` payer by payer."""
    spans = _spans(case)
    most = float(paid.groupby(["scenario", "year"])["money"].sum().max()) if len(paid) else 0.0
    decimals = 0 if most >= LARGE else 1
    groups = []
    for name in case.chosen:
        mine = paid[paid["scenario"] == name]
        payers = _payers(paid, name)
        groups.append(
            {
                "title": case.short[name],
                "total": _cells(mine, spans, decimals),
                "payers": [
                    {
                        "name": payer_in_words(payer),
                        "cells": _cells(mine[mine["payer"] == payer], spans, decimals),
                    }
                    for payer in (payers if name in full and len(payers) > 1 else ())
                ],
                "alone": payer_in_words(payers[0]) if len(payers) == 1 else "",
            }
        )
    return {"heads": [_head(span) for span in spans], "groups": groups}


def _spans(case: Case) -> list[tuple[int, int]]:
    """Return the first and last year of each column."""
    first, last = (case.calendar.year(month) for month in (0, case.months - 1))
    years = [*range(first, last + 1)]
    if len(years) <= MOST_YEARS:
        return [(year, year) for year in years]
    return [*((year, year) for year in years[: MOST_YEARS - 1]), (years[MOST_YEARS - 1], last)]


def _head(span: tuple[int, int]) -> str:
    first, last = span
    return f"{first}" if first == last else say("report.bill.years", first=first, last=last)


def _payers(paid: pd.DataFrame, name: str) -> list[str]:
    """Return who pays anything at all in a scenario, sponsors last."""
    mine = paid[paid["scenario"] == name]
    mine = mine.assign(last=mine["kind"] == SPONSOR)
    sums = mine.groupby(["last", "payer"], sort=False)["money"].sum()
    sums = sums.sort_index(level="last", sort_remaining=False, kind="stable")
    return [str(payer) for (_, payer), money in sums.items() if abs(money) >= SMALL]


def _within(rows: pd.DataFrame, span: tuple[int, int]) -> pd.DataFrame:
    return rows[rows["year"].between(*span)]


def _cells(rows: pd.DataFrame, spans: Sequence[tuple[int, int]], decimals: int) -> list[str]:
    """Return the money of each span of years, and of all."""
    sums = [float(_within(rows, span)["money"].sum()) for span in spans]
    return [_thousands(value, decimals) for value in [*sums, float(rows["money"].sum())]]


def _thousands(value: float, decimals: int) -> str:
    text = minus(number(value / 1000.0, decimals))
    return "–" if nothing(text) else text
