"""Whom groups chose, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cisim.lab.decisions import rows_of
from cisim.show.counted import plural
from cisim.show.tables import number
from cisim.world.calendar import Calendar
from cisim.world.choosing import Decision


def told_once(decided: Sequence[Decision], calendar: Calendar) -> list[str]:
    """Return what a group decided in one future, a sentence for each decision."""
    told = []
    for decision in decided:
        when = _when(decision.month, calendar)
        if decision.chosen is None:
            told.append(f"{when} nobody of those who founded it was left to choose a backbone.")
            continue
        rows = sorted(rows_of([decision]), key=lambda row: (not row[-1], -row[4]))
        (_, name, *_, wanted, _), *others = rows
        beside = "; ".join(f"{row[1]} {number(row[4], 2)}" for row in others)
        told.append(
            f"{when} the group chose {name} as its backbone, wanted {number(wanted, 2)} of 1"
            f"{f' ({beside})' if beside else ''}."
        )
    return told


def told_often(found: pd.DataFrame, calendar: Calendar) -> list[str]:
    """Return in how many futures each candidate was chosen, a sentence for each decision.

    found : what `decisions` returns, of one scenario
    """
    told = []
    for month, rows in found.groupby("month"):
        futures = int(rows["seed"].nunique())
        counts = rows.groupby("candidate", sort=False)["chosen"].sum()
        chosen = counts[counts > 0].sort_values(ascending=False, kind="stable")
        names = ", ".join(f"{name} in {int(many)}" for name, many in chosen.items())
        never = [str(name) for name, many in counts.items() if not many]
        rest = f"; {' and '.join(never)} in none" if never else ""
        told.append(
            f"{_when(int(str(month)), calendar)} the group chose {names} of "
            f"{plural(futures, 'future')}{rest}."
        )
    return told


def _when(month: int, calendar: Calendar) -> str:
    label = calendar.label(month)
    return f"In {label}" if calendar.dated else f"{label[:1].upper()}{label[1:]}:"
