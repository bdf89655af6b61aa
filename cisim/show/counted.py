"""Counts and times in words."""

from __future__ import annotations

from cisim.world.calendar import UNDATED, Calendar


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return "1 future", "7 futures"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def span(month: float) -> str:
    """Return a time in words: "10 years", "18 months"."""
    if month >= 12 and month % 12 == 0:
        return plural(int(month) // 12, "year")
    return plural(int(month), "month")


def lasting(months: int, calendar: Calendar = UNDATED) -> str:
    """Return a horizon in words: "10 years", or "10 years, January 2026 to December 2035"."""
    if not calendar.dated:
        return span(months)
    return f"{span(months)}, {calendar.label(0)} to {calendar.label(months - 1)}"


def after(month: float, calendar: Calendar = UNDATED) -> str:
    """Return when a month is, in a sentence: "after 10 years", or "in January 2036"."""
    return f"in {calendar.label(month)}" if calendar.dated else f"after {span(month)}"
