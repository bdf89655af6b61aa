"""What a paired difference says, in words that do not say more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading
from cisim.show.page.views.outcome import unit_of
from cisim.show.page.words import say

FEW = 8
"""With fewer shared futures nothing is said of a difference."""


def verdict(row: Mapping[Any, Any], outcome: str, *, brief: bool = False) -> str:
    """Return what a paired difference says, in words that do not say more.

    They say it of the outcome: "came out better in 160 of 200 futures, ..."; where brief, as a
    cell of a table does, without the unit.
    """
    part = "compare.brief" if brief else "compare"
    n = int(row["n"])
    if n < FEW:
        return say(f"{part}.few")
    if int(row["equal"]) == n:
        return say(f"{part}.same", n=n)
    if not row["distinct"]:
        return say(f"{part}.apart", n=n)
    what, given = outcome_shown(outcome), _given(row, outcome, brief=brief)
    if not what.better:
        return say(f"{part}.neutral", **given)
    good = (row["mean"] > 0) == (what.better == "higher")
    if good:
        return say(f"{part}.better", better=int(row["better"]), **given)
    return say(f"{part}.worse", worse=n - int(row["better"]) - int(row["equal"]), **given)


def before_in_words(
    row: Mapping[Any, Any], outcome: str, span: tuple[float, float] | None = None
) -> str:
    """Return how a path differs from the one before it: the difference first, in one sentence.

    span : of the axis beside it, whose digits the sentence has
    """
    n = int(row["n"])
    if int(row["equal"]) == n:
        return say("before.same", n=n)
    if not row["distinct"]:
        return say("before.apart", n=n)
    given, better = _given(row, outcome, brief=False, span=span), outcome_shown(outcome).better
    if not better:
        return say("before.neutral", **given)
    if (row["mean"] > 0) == (better == "higher"):
        return say("before.better", many=int(row["better"]), **given)
    return say("before.worse", many=n - int(row["better"]) - int(row["equal"]), **given)


def _given(
    row: Mapping[Any, Any], outcome: str, *, brief: bool, span: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Return what a sentence is filled with: futures, mean difference and its interval."""
    what, unit = outcome_shown(outcome), unit_of(outcome)
    numbers = [float(row[key]) * what.factor for key in ("mean", "low", "high")]
    most = max(abs(number) for number in numbers)
    how = Reading.of(0.0, most, "", False).plain
    if span is not None:
        how = Reading.of(span[0] * what.factor, span[1] * what.factor, "", False).plain
    how = how.telling((numbers[1], numbers[2]))
    mean, low, high = (how.signed(number) for number in numbers)
    return {
        "n": int(row["n"]),
        "mean": mean if brief or not unit else f"{mean} {unit}",
        "low": low,
        "high": high,
    }
