"""The bill: who pays what in which year, and what members give of their own time beside it.

What is external money is paid by somebody: the rows with `external` add up to external_money_total.
Own time is that of members, as far as no grant pays it: engaging, leading, meetings and joint work.
Money is full-time years times the price of each payer, or the price that all have.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.model.input_error import InputError, shown
from cisim.model.outcomes import OWN_TIME
from cisim.model.state import FOUNDATION, Floats
from cisim.world.calendar import Calendar
from cisim.world.scenario import Scenario

FTE_COST = 60_000.0
"""What a full-time year costs where its payer does not say."""
OWN = "own time"
"""The kind of those who are paid by nobody here: members, with their own time."""
NINE_OF_TEN = (0.05, 0.95)


class Kept(Protocol):
    """What a bill is made of; see cisim.lab.ensemble.Ensemble."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def regions(self) -> tuple[str, ...]: ...
    @property
    def replicates(self) -> NDArray[np.int64]: ...
    @property
    def books(self) -> Floats | None: ...


def years_of(calendar: Calendar, months: int) -> NDArray[np.int64]:
    """Return the years in which a run's months lie, (Y,)."""
    return np.arange(calendar.year(0), calendar.year(months - 1) + 1)


def by_year(books: Floats, calendar: Calendar) -> Floats:
    """Return FTE-years by year, (Y, R + 1, Q + 3), overall last, of FTE by month, (T, Q + 3, R)."""
    months = books.shape[0]
    years = years_of(calendar, months)
    found = np.zeros((years.size, books.shape[2] + 1, books.shape[1]))
    for place, year in enumerate(years.tolist()):
        first = max(0, calendar.first_month(year))
        last = min(months, calendar.first_month(year + 1))
        found[place, :-1] = books[first:last].sum(axis=0).T / 12.0
    found[:, -1] = found[:, :-1].sum(axis=1)
    return found


def bill(
    kept: Kept,
    fte_cost: float = FTE_COST,
    *,
    by_replicate: bool = False,
    by_region: bool = False,
) -> pd.DataFrame:
    """Return a row for each payer and year, and on request each replicate and region.

    payer, kind : who pays; the last rows are members' own time, of the kind "own time"
    external    : whether it is external money
    year, label : the calendar year, of a world without a start the year of the run, from 1
    fte_years   : full-time years, the mean over replicates unless by replicate
    low, high   : between which nine of ten replicates lie; not by replicate
    money       : fte_years at the payer's price, else at `fte_cost`

    A payer that never pays has no rows. Raises InputError if the books were not kept, or have no
    regions, or `fte_cost` is no price.
    """
    scenario = kept.scenario
    if kept.books is None:
        raise InputError(f"{scenario.name} has kept no books; run it again to see who pays.")
    if isinstance(fte_cost, bool) or not isinstance(fte_cost, int | float):
        raise InputError(f"fte_cost is {shown(fte_cost)}; allowed is a number above 0.")
    if not 0.0 < fte_cost < math.inf:
        raise InputError(f"fte_cost is {fte_cost:g}; allowed is a number above 0.")
    if by_region and len(kept.regions) == 1:
        raise InputError("by_region needs results that were kept by region.")
    regions: Sequence[str] = kept.regions[:-1] if by_region else kept.regions[-1:]
    books = kept.books[:, :, :-1] if by_region else kept.books[:, :, -1:]
    payers = [(one.name, one.kind, one.year_price or fte_cost) for one in scenario.payers]
    payers += [(name, OWN, fte_cost) for name in OWN_TIME]
    calendar = scenario.calendar
    years = years_of(calendar, scenario.months)
    rows: list[dict[str, Any]] = []
    order = [*range(FOUNDATION, len(scenario.payers)), *range(FOUNDATION)]
    order += range(len(scenario.payers), len(payers))  # own time is the last
    for q in order:
        payer, kind, price = payers[q]
        if not books[..., q].any():
            continue
        for s, region in enumerate(regions):
            for y, year in enumerate(years.tolist()):
                values = books[:, y, s, q]
                row: dict[str, Any] = {"scenario": scenario.name, "payer": payer, "kind": kind}
                row["external"] = kind != OWN
                if by_region:
                    row["region"] = region
                row["year"] = year
                row["label"] = calendar.year_label(max(0, calendar.first_month(year)))
                if by_replicate:
                    for replicate, value in zip(kept.replicates.tolist(), values, strict=True):
                        here = {"replicate": replicate, "fte_years": float(value)}
                        rows.append({**row, **here, "money": float(value) * price})
                    continue
                mean = float(values.mean()) if values.size else math.nan
                low, high = np.quantile(values, NINE_OF_TEN) if values.size else (mean, mean)
                row |= {"fte_years": mean, "low": float(low), "high": float(high)}
                rows.append({**row, "money": mean * price})
    columns = ["scenario", "payer", "kind", "external", *(["region"] if by_region else [])]
    columns += ["year", "label"]
    columns += ["replicate", "fte_years"] if by_replicate else ["fte_years", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "money"])
