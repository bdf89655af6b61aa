"""The headline figures as tables and JSON show them: which, when, in what words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cisim.cli.streams import show
from cisim.model.plain_text import is_plain

if TYPE_CHECKING:
    import numpy as np

    from cisim.model.outcomes import Outcome
    from cisim.model.outcomes.each import Each
    from cisim.world.calendar import Calendar
    from cisim.world.scenario import Scenario

YEARS = (0, 1, 2, 5, 10)


def headlines() -> dict[str, Outcome]:
    from cisim.model.outcomes import OUTCOMES

    return {name: one for name, one in OUTCOMES.items() if one.headline}


def about(outcome: Outcome | Each) -> dict[str, str]:
    return {
        "title": outcome.title,
        "unit": outcome.unit,
        "better": outcome.better,
        "words": outcome.words,
    }


def shown_months(horizon: int) -> list[int]:
    """Return the months a table shows: the first years, and the horizon."""
    return [*(12 * year for year in YEARS if 12 * year < horizon), horizon]


def when(month: int, calendar: Calendar) -> str:
    from cisim.show.counted import short_label
    from cisim.show.language.texts import say

    if calendar.dated:
        return short_label(calendar, month)
    if month == 0:
        return say("printed.start")
    if month % 12:
        return say("counted.label", month=month)
    return say("counted.year_label", year=month // 12)


def values_json(scenario: Scenario, seen: np.ndarray, by_region: bool) -> dict[str, Any]:
    """Return the values of an outcome by month; by region and month if asked."""
    months = shown_months(scenario.months)
    overall = {str(month): float(seen[month, -1]) for month in months}
    if not by_region:
        return overall
    regions = {
        region.name: {str(month): float(seen[month, r]) for month in months}
        for r, region in enumerate(scenario.world.regions)
    }
    return {**regions, "overall": overall}


def print_json(value: Any) -> None:
    """Print a value as JSON; letters that would steer a terminal are written by their number."""
    text = json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    if not is_plain(text, lines=True):
        text = json.dumps(_plain(value), indent=2, allow_nan=False)
    show(text)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: undefined numbers are null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):  # a NumPy number
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
