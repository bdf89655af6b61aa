"""Counts and times in words."""

from __future__ import annotations


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return "1 future", "7 futures"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def span(month: float) -> str:
    """Return a time in words: "10 years", "18 months"."""
    if month >= 12 and month % 12 == 0:
        return plural(int(month) // 12, "year")
    return plural(int(month), "month")
