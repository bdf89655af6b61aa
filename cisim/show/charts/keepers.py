"""Who carries which function of leadership, lit by how much it is exercised at one moment.

The table of K26 (Table 3), or a structure's own: a row is a function, a column whoever keeps it. A
cell stands where the table has one. It is the fuller the more the function is exercised by all who
carry it, and empty where nobody of this keeper is there. A row without any cell is a function that
the table gives to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.model.outcomes import FUNCTIONS
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, PRINT, TICK, RowHead, Sheet, px
from cisim.show.charts.functions import LABEL, LEADING, function_words
from cisim.show.charts.ink import Theme, place
from cisim.show.charts.matrix import GAP, HIGH
from cisim.show.charts.words import listed, measure, titled, wrap
from cisim.show.counted import after
from cisim.show.language.texts import say

STAFFED = {"national": "national_staff", "regional": "regional_staff"}
"""The outcome that says of a level of backbones how much staff it has."""
LED = "lead_time"
_THERE = {
    "national": (STAFFED["national"],),
    "regional": (STAFFED["regional"], LED),
    "sponsors": ("sponsor_engagement",),
    "lead": (LED,),
}
KEEPERS = tuple(_THERE)
"""Who may keep a function: backbones, sponsors, a lead organisation; those that do are columns."""
CARRYING = (*LEADING, *dict.fromkeys(one for names in _THERE.values() for one in names))
"""The outcomes that it shows: of functions, and whether those who keep them are there."""


def keepers(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the table of functions at one moment, one for each scenario.

    table : scenario, function, keeper ("" where nobody has it), level and when; see keeper_table
    names : what people call the scenarios, by name, in their order
    """
    title = title or say("inside.keepers")
    chosen = [str(name) for name in dict.fromkeys(table["scenario"])]
    called = {name: (names or {}).get(name, name) for name in chosen}
    order = list(names or called)
    when = str(table["when"].iloc[0])
    sheet = Sheet(title, titled(when), theme, width)
    said = []
    columns = [one for one in KEEPERS if one in set(table["keeper"])]
    for name in chosen:
        rows = table[table["scenario"] == name]
        levels = rows.groupby("function", sort=False)["level"].max()
        idle = [function_words(str(one)) for one in levels.index[~(levels > 0.0)]]
        sheet.y += 10
        RowHead(sheet, order.index(name) if name in order else 0, called[name], "").draw()
        sheet.y += 6
        _cells(sheet, rows, columns, order.index(name) if name in order else 0)
        nobody = say("charts.nobody_exercises", who=listed(idle)) if idle else say("charts.all_now")
        said.append(f"{called[name]}: {nobody}.")
    shown = table[["scenario", "function", "keeper", "level"]].copy()
    shown["scenario"] = [called[str(one)] for one in shown["scenario"]]
    shown["function"] = [function_words(str(one)) for one in shown["function"]]
    shown["keeper"] = [say(f"charts.keeper_{one or 'nobody'}") for one in shown["keeper"]]
    return sheet.finish(
        "keepers",
        Numbers(shown.reset_index(drop=True), "0..1", ("level",)),
        notes=[say("charts.keepers_note")],
        footer=footer,
        summary=f"{title}, {when}. {' '.join(said)}",
        series=len(order),
    )


def keeper_table(
    ensembles: Iterable[Ensemble], month: int | None = None, region: str = OVERALL
) -> pd.DataFrame:
    """Return what `keepers` takes: a row for each function and whoever keeps it.

    ensembles : that have kept CARRYING, and the region
    month     : the last full year before it that they have kept; None is the last of all

    The level is that of the function by all who carry it, 0 where nobody of this keeper is there.
    """
    rows = []
    for one in ensembles:
        where = one.regions.index(region)
        kept = [at for at, there in enumerate(one.months.tolist()) if there % 12 == 0]
        before = [at for at in kept if month is None or one.months[at] <= month]
        at = before[-1] if before else kept[0]
        then = int(one.months[at])
        when = after(then, one.scenario.calendar) if then else say("charts.at_beginning")
        there = {keeper: bool(present(one, keeper, where)[at]) for keeper in KEEPERS}
        for function, holders in one.scenario.holders.items():
            values = one.values[:, at, where, one.outcomes.index(f"function_{function}")]
            level = float(np.nanmean(values)) if np.isfinite(values).any() else 0.0
            for keeper in dict.fromkeys(map(keeper_of, holders)) or {"": None}:
                lit = level if there.get(keeper) else 0.0
                rows.append((one.name, function, keeper, lit, when))
    return pd.DataFrame(rows, columns=["scenario", "function", "keeper", "level", "when"])


def present(ensemble: Ensemble, keeper: str, where: int) -> NDArray[np.bool_]:
    """Return in which months anybody of a keeper is there, in any future, (M,).

    A member that leads stands in for a regional backbone without staff.
    """
    return some(ensemble, _THERE[keeper], where)


def some(ensemble: Ensemble, outcomes: Sequence[str], where: int) -> NDArray[np.bool_]:
    """Return in which months any of some outcomes is above 0 in any future, (M,)."""
    places = [ensemble.outcomes.index(one) for one in outcomes]
    return np.asarray((ensemble.values[:, :, where, places] > 0.0).any(axis=(0, 2)))


def keeper_of(holder: str) -> str:
    """Return who keeps what a holder carries."""
    if holder in NATIONAL_ROLES:
        return "national"
    return "regional" if holder in REGIONAL_ROLES else holder


def _cells(sheet: Sheet, rows: pd.DataFrame, columns: Sequence[str], number: int) -> None:
    """Draw the table of a scenario at the sheet's y and move y below it."""
    left = MARGIN + LABEL
    wide = (sheet.width - MARGIN - left) / max(1, len(columns))
    heads = [say(f"charts.keeper_{one}") for one in columns]
    size = TICK if all(measure(one, TICK) <= wide - GAP for one in heads) else PRINT
    for column, head in enumerate(heads):
        (line,) = wrap(head, wide - GAP, size, 1)
        sheet.text(left + column * wide, sheet.y + TICK, line, size)
    sheet.y += TICK * 1.2 + 6
    for function in FUNCTIONS:
        mine = rows[rows["function"] == function]
        sheet.text(MARGIN, sheet.y + HIGH * 0.7, function_words(function), NOTE, "ink")
        for column, keeper in enumerate(columns):
            found = mine.loc[mine["keeper"] == keeper, "level"]
            if not len(found):
                continue
            x, level = left + column * wide, float(found.iloc[0])
            edge = "" if level > 0.0 else ' stroke-dasharray="3 3"'
            sheet.draw(
                f'<rect x="{px(x)}" y="{px(sheet.y)}" width="{px(wide - GAP)}" '
                f'height="{px(HIGH - GAP)}" class="axis-line" fill="none"{edge}/>'
            )
            if level > 0.0:
                full = max(1.0, min(1.0, level) * (HIGH - GAP))
                sheet.draw(
                    f'<rect x="{px(x)}" y="{px(sheet.y + HIGH - GAP - full)}" '
                    f'width="{px(wide - GAP)}" height="{px(full)}" class="s{place(number)}"/>'
                )
        sheet.y += HIGH
