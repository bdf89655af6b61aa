"""Who pays what in which year: one table, on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.compare import Comparison
from cisim.show.findings import minus
from cisim.show.report.case import Case
from cisim.show.tables import nothing, number

MOST_YEARS = 11
"""So many columns of years have room on A4 (ten years may touch eleven calendar years); what comes
later is put together in the last one."""
LARGE, SMALL = 50_000.0, 50.0
"""With less than this a year, thousands have a decimal; whoever pays less in all pays nothing."""
MOST_ROWS = 14
"""With more rows the first page has the payers of two scenarios only, and sums of the others."""


def bill(case: Case) -> dict[str, Any]:
    """Return money by scenario, payer and year, in thousands, with sums."""
    table = _money(case)
    spans = _spans(sorted(table["year"].unique()))
    payers = {name: _payers(table, name) for name in case.chosen}
    most = float(table.groupby(["scenario", "year"])["money"].sum().abs().max())
    decimals = 0 if most >= LARGE else 1
    rows = sum(len(of) + 1 for of in payers.values())
    full = [*case.chosen] if rows <= MOST_ROWS else [case.hero, case.base]
    groups = []
    for name in case.chosen:
        mine = table[table["scenario"] == name]
        groups.append(
            {
                "title": case.short[name],
                "total": _cells(mine, spans, decimals),
                "payers": [
                    {"name": payer, "cells": _cells(mine[mine["payer"] == payer], spans, decimals)}
                    for payer in (payers[name] if name in full and len(payers[name]) > 1 else ())
                ],
                "alone": payers[name][0] if len(payers[name]) == 1 else "",
            }
        )
    return {
        "unit": f"{case.price.currency} 1,000",
        "heads": [_head(span) for span in spans],
        "groups": groups,
        "left_out": len(full) < len(case.chosen),
        "price": f"{case.price.currency} {case.price.fte_cost:,.0f}",
    }


def _spans(years: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last year of each column."""
    if len(years) <= MOST_YEARS:
        return [(year, year) for year in years]
    single = years[: MOST_YEARS - 1]
    return [*((year, year) for year in single), (years[MOST_YEARS - 1], years[-1])]


def _head(span: tuple[int, int]) -> str:
    first, last = span
    return f"{first}" if first == last else f"{first} to {last}"


def _payers(table: pd.DataFrame, name: str) -> list[str]:
    """Return who pays anything at all in a scenario, in the order of the table."""
    mine = table[table["scenario"] == name]
    paid = mine.groupby("payer", sort=False)["money"].sum()
    return [str(payer) for payer, money in paid.items() if abs(money) >= SMALL]


def _cells(rows: pd.DataFrame, spans: Sequence[tuple[int, int]], decimals: int) -> list[str]:
    """Return the money of each span of years, and of all."""
    sums = [
        float(rows.loc[rows["year"].between(first, last), "money"].sum()) for first, last in spans
    ]
    return [_thousands(value, decimals) for value in [*sums, float(rows["money"].sum())]]


def _thousands(value: float, decimals: int) -> str:
    text = minus(number(value / 1000.0, decimals))
    return "–" if nothing(text) else text


def _money(case: Case) -> pd.DataFrame:
    """Return a row for each scenario, payer and year: money, means over shared futures."""
    frames = []
    for name, ensemble in case.comparison.ensembles.items():
        external, sponsors = (
            _of(case.comparison, name, outcome) for outcome in ("external_money", "sponsor_money")
        )
        for payer, paid in (("Planned money", external - sponsors), ("Sponsors", sponsors)):
            years = [case.calendar.year(month) for month in range(ensemble.scenario.months)]
            frame = pd.DataFrame({"year": years, "fte_years": paid / 12.0})
            frame = frame.groupby("year", as_index=False).sum()
            frame.insert(0, "scenario", name)
            frame.insert(1, "payer", payer)
            frame["money"] = frame["fte_years"] * case.price.fte_cost
            frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _of(comparison: Comparison, name: str, outcome: str) -> np.ndarray:
    """Return the mean of an outcome over shared futures, each month that was run, (T,)."""
    one = comparison.ensembles[name]
    shared = np.isin(one.seeds, comparison.futures)
    values = one.values[shared][:, 1:, -1, one.outcomes.index(outcome)]
    return np.asarray(values.mean(axis=0), np.float64)
