"""What a comparison has found, as it is read: one text for each number, wherever it stands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cisim.lab.comparison import MOST_FUTURES, Comparison, two_digits
from cisim.lab.ensemble import OVERALL
from cisim.lab.value import BreakEven, Even
from cisim.show.charts.series import Shown, outcome_shown
from cisim.show.charts.words import Reading
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.show.tables import number


@dataclass(frozen=True)
class Cell:
    """One scenario's outcome at the horizon.

    mean, mean_between : with its interval
    apart, between     : difference from another scenario, with its interval; "" for that one
    count              : "better in 100 of 100 futures"
    verdict            : that, or what keeps the two from being told apart
    distinct           : whether the interval of the difference leaves out 0
    better             : whether the mean difference is for the better
    saved              : share of the difference's variance that sharing futures has saved, or NaN
    says_something     : whether there is more than one future, and any difference
    """

    mean: str
    mean_between: str
    apart: str = ""
    between: str = ""
    count: str = ""
    verdict: str = ""
    distinct: bool = False
    better: bool = False
    saved: float = math.nan
    says_something: bool = False


@dataclass(frozen=True)
class Effect:
    """One outcome of all scenarios.

    unit, apart_unit : of means and of differences
    """

    what: Shown
    unit: str
    apart_unit: str
    cells: dict[str, Cell]


def outcome_effect(
    comparison: Comparison, outcome: str, against: str | None = None, region: str = OVERALL
) -> Effect:
    """Return an outcome at the horizon, differences from `against`, by default the first."""
    what = outcome_shown(outcome)
    months = next(iter(comparison.ensembles.values())).scenario.months
    table = comparison.table(at=months, outcomes=[outcome])
    table = table[table["region"] == region]
    means = {row["scenario"]: _scaled(row, what.factor) for row in table.to_dict("records")}
    pairs = comparison.paired(outcome, against=against, region=region).to_dict("records")
    apart = {row["scenario"]: _scaled(row, what.factor) for row in pairs}
    common = _reading(means, apart)
    cells = {}
    for scenario, row in means.items():
        reading = _finer(common, apart[scenario]) if scenario in apart else common
        cell = Cell(
            reading.number(row["mean"]),
            span(reading.number(row["low"]), reading.number(row["high"])),
        )
        if scenario in apart:
            cell = _compared(cell, apart[scenario], reading, what.better)
        cells[scenario] = cell
    power = "" if what.percent else common.axis
    unit = f"{power} {what.unit}".strip()
    return Effect(what, unit, f"{power} {what.apart}".strip(), cells)


def _scaled(row: Mapping[Any, Any], factor: float) -> dict[str, Any]:
    ends = {end: float(row[end]) * factor for end in ("mean", "low", "high")}
    return {**{str(key): value for key, value in row.items()}, **ends}


def _reading(means: Mapping[str, Any], apart: Mapping[str, Any]) -> Reading:
    """Return a reading for all of an outcome's numbers."""
    ends = [row[end] for row in apart.values() for end in ("mean", "low", "high")]
    ends += [row["mean"] for row in means.values()]
    known = [end for end in ends if math.isfinite(end)] or [0.0, 1.0]
    return Reading.of(min(known), max(known), "", False)


def _finer(reading: Reading, row: Mapping[str, Any]) -> Reading:
    """Return a reading with decimals enough to show an interval, and none beside 0 as 0."""
    for _ in range(3):
        ends = [reading.number(row[end]) for end in ("low", "high")]
        hidden = row["distinct"] and any(not end.strip("−0.,") for end in ends)
        step = 10.0 ** (reading.power - reading.decimals)
        if not hidden and not 0.0 < row["high"] - row["low"] < 2.0 * step:
            break
        reading = replace(reading, decimals=reading.decimals + 1)
    return reading


def _compared(cell: Cell, row: Mapping[str, Any], reading: Reading, better: str) -> Cell:
    n = int(row["n"])
    return replace(
        cell,
        apart=reading.signed(row["mean"]),
        between=span(reading.signed(row["low"]), reading.signed(row["high"])),
        count=count(row, better),
        verdict=verdict(row, better),
        distinct=bool(row["distinct"]),
        better=bool(row["mean"] < 0 if better == "lower" else row["mean"] > 0),
        saved=float(row["variance_reduction"]),
        says_something=n > 1 and int(row["equal"]) < n,
    )


def count(row: Mapping[str, Any], better: str) -> str:
    """Return in how many futures a difference is for the better, or worse if that is the answer.

    row    : of Comparison.paired
    better : the outcome's direction
    """
    n = int(row["n"])
    if not better:
        return say("findings.higher_in", many=int(row["higher"]), n=n)
    wins, equal = int(row["better"]), int(row["equal"])
    worse = row["mean"] < 0 if better == "higher" else row["mean"] > 0
    if worse:
        return say("charts.worse_in", many=n - equal - wins, n=n)
    return say("charts.better_in", many=wins, n=n)


def verdict(row: Mapping[str, Any], better: str) -> str:
    """Return `count`, or that two scenarios cannot be told apart and what it would take."""
    n = int(row["n"])
    if n < 2:
        return say("findings.one_future" if n else "findings.undefined")
    if int(row["equal"]) == n:
        return say("findings.same_in_all", n=n)
    if row["distinct"]:
        return count(row, better)
    needed = float(row["needed"])
    if not needed <= MOST_FUTURES:
        return say("findings.never_apart", n=n, most=MOST_FUTURES)
    return say("findings.not_apart", n=n, needed=two_digits(needed))


# --- words and numbers -----------------------------------------------------------------------


def span(low: str, high: str) -> str:
    """Return "0.80 to 1.66", "" where neither end is known."""
    return "" if low == high == "–" else say("charts.between", low=low, high=high)


def minus(text: str) -> str:
    """Return a number with a minus sign instead of a hyphen."""
    return text.replace("-", "−")


def rounded(value: float) -> float:
    """Return a number to three digits."""
    if not value or not math.isfinite(value):
        return value
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    return round(value / step) * step


def digits(value: float) -> str:
    """Return a number to about three digits: "10.7", "0.188"."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    decimals = 2 - math.floor(math.log10(size)) if size > 0.0 else 0
    return minus(number(value, min(6, max(0, decimals))))


def fte(value: float) -> str:
    """Return FTE or FTE-years."""
    return minus(number(value, 1 if abs(value) < 100 else 0))


def signed_fte(value: float) -> str:
    """Return FTE-years with their sign, also where it is positive."""
    text = fte(value)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def money(value: float, currency: str) -> str:
    """Return money to about three digits: "EUR 6.54 million"."""
    size = abs(value)
    sign = "−" if value < 0 else ""
    for step, name in ((1e9, "findings.billion"), (1e6, "findings.million")):
        if size >= step:
            amount = localised(f"{size / step:,.{1 if size >= 10 * step else 2}f}")
            return say(name, sign=sign, currency=currency, amount=amount)
    amount = localised(f"{rounded(size):,.0f}")
    return say("findings.money", sign=sign, currency=currency, amount=amount)


def exclusions(found: tuple[float, float, float]) -> str:
    """Return how many lasting exclusions pay for a cost, with its interval."""
    mean, low, high = found
    if mean <= 0:
        return say("findings.none_costs_less")
    return _estimate(digits(mean), low, high)


def _estimate(middle: str, low: float, high: float) -> str:
    """Return "1.4 (1.2 to 1.6)", the middle alone where its interval is unknown."""
    if not math.isfinite(low):
        return middle
    return f"{middle} ({span(digits(low), digits(high))})"


def per_children(found: tuple[float, float, float], children: float) -> str:
    """Return how many of 100,000 children that are."""
    return say("findings.none") if found[0] <= 0 else digits(found[0] / children * 100_000)


def even_value(found: Even) -> str:
    """Return a break-even with its interval."""
    return _estimate(digits(found.value), found.low, found.high)


def even_words(found: Even) -> str:
    """Return on which side of its break-even a scenario is ahead: "ahead below 9.41"."""
    return say(f"findings.even_{found.side}", value=even_value(found))


def ahead(found: Even) -> str:
    """Return the same by itself."""
    return say(f"findings.ahead_{found.side}", value=digits(found.value))


def social_return(one: BreakEven) -> str:
    """Return value by cost: "1.4 for 1 (1.2 to 1.6)"."""
    mean, low, high = one.social_return or (math.nan,) * 3
    if not math.isfinite(mean):
        return say("findings.no_return")
    return _estimate(say("findings.for_one", value=digits(mean)), low, high)
