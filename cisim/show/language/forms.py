"""Numbers, months and lists as the language that is spoken writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from cisim.show.language.spoken import ENGLISH, locale, spoken

_PERCENT = re.compile(r"(?<=\d)%")


@cache
def _marks(code: str) -> dict[int, str]:
    symbols = locale().number_symbols["latn"]
    marks = {",": symbols["group"], ".": symbols["decimal"], "-": symbols["minusSign"]}
    return str.maketrans(marks)


def localised(text: str) -> str:
    """Return a number that Python has written, "-1,204.5" or "35%", as the language does."""
    code = spoken()
    return text if code == ENGLISH else _PERCENT.sub("\u00a0%", text.translate(_marks(code)))


def percent(share: float) -> str:
    """Return a share in whole percent, "35%", as the language writes it."""
    return localised(f"{share:.0%}")


def listed(parts: Sequence[str]) -> str:
    """Return "a, b and c"."""
    from babel.lists import format_list

    return format_list(list(parts), locale=locale())


@cache
def _months(code: str, width: str) -> tuple[str, ...]:
    from babel.dates import get_month_names

    names = get_month_names(width, "stand-alone", locale())  # type: ignore[arg-type]
    return tuple(names[month].rstrip(".") for month in range(1, 13))


def month_names() -> tuple[str, ...]:
    """Return the names of the twelve months."""
    return _months(spoken(), "wide")


def short_month_names() -> tuple[str, ...]:
    """Return the names of the twelve months where there is little room: "Jan", "tammi", "jan"."""
    return _months(spoken(), "abbreviated")
