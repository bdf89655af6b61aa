"""What a paired difference says, in words that do not say more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading
from cisim.show.page.views.outcome import unit_of
from cisim.show.page.words import say


def verdict(row: Mapping[Any, Any], outcome: str, *, brief: bool = False) -> str:
    """Return what a paired difference says, in words that do not say more.

    They say it of the outcome: "came out better in 160 of 200 futures, ..."; where brief, as a
    cell of a table does, without the unit.
    """
    part = "compare.brief" if brief else "compare"
    n = int(row["n"])
    if n < 8:
        return say(f"{part}.few")
    if int(row["equal"]) == n:
        return say(f"{part}.same", n=n)
    if not row["distinct"]:
        return say(f"{part}.apart", n=n)
    what, unit = outcome_shown(outcome), unit_of(outcome)
    numbers = [float(row[key]) * what.factor for key in ("mean", "low", "high")]
    most = max(abs(number) for number in numbers)
    how = Reading.of(0.0, most, "", False).plain.telling((numbers[1], numbers[2]))
    mean, low, high = (how.signed(number) for number in numbers)
    given = {
        "n": n,
        "mean": mean if brief or not unit else f"{mean} {unit}",
        "low": low,
        "high": high,
    }
    if not what.better:
        return say(f"{part}.neutral", **given)
    good = (row["mean"] > 0) == (what.better == "higher")
    if good:
        return say(f"{part}.better", better=int(row["better"]), **given)
    return say(f"{part}.worse", worse=n - int(row["better"]) - int(row["equal"]), **given)
