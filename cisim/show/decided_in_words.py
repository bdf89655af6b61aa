"""Whom groups chose, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cisim.lab.decisions import rows_of
from cisim.show.counted import after, label
from cisim.show.language.texts import say
from cisim.show.tables import number
from cisim.world.calendar import Calendar
from cisim.world.choosing import Decision


def told_once(decided: Sequence[Decision], calendar: Calendar) -> list[str]:
    """Return what a group decided in one future, a sentence for each decision."""
    told = []
    for decision in decided:
        when = _when(decision.month, calendar)
        if decision.chosen is None:
            told.append(say("decided.nobody", when=when))
            continue
        rows = sorted(rows_of([decision]), key=lambda row: (not row[-1], -row[4]))
        (_, name, *_, wanted, _), *others = rows
        beside = "; ".join(f"{row[1]} {number(row[4], 2)}" for row in others)
        said = {"when": when, "name": name, "wanted": number(wanted, 2)}
        told.append(
            say("decided.beside", **said, beside=beside) if beside else say("decided.chose", **said)
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
        names = ", ".join(
            say("decided.in", name=str(name), many=int(many)) for name, many in chosen.items()
        )
        never = [str(name) for name, many in counts.items() if not many]
        said = {"when": _when(int(str(month)), calendar), "names": names, "n": futures}
        rest = say("decided.and").join(never)
        told.append(
            say("decided.often_none", **said, never=rest) if never else say("decided.often", **said)
        )
    return told


def _when(month: int, calendar: Calendar) -> str:
    if calendar.dated:
        said = after(month, calendar)
        return f"{said[:1].upper()}{said[1:]}"
    said = label(calendar, month)
    return f"{said[:1].upper()}{said[1:]}:"
