"""Months of a run and months of people: month 18 is July 2027 where a world starts in January 2026.

Whatever is written about time goes through here: with a start in calendar months and years, without
one in months and years of the run. A month is a point in time, its beginning: month 0 is the start,
and what is observed at month 12 stands when twelve months are over. What is paid or done in month
m, from its beginning to that of m + 1, belongs to the year of m.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from cisim.model.input_error import InputError, shown
from cisim.model.limits import MOST_MONTHS
from cisim.model.told import Sentences

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
SAYS = Sentences(
    "dates",
    start='allowed is a year and a month, as "2026-01"',
    quoted="allowed is a month's number without quotation marks, as {number}",
    date='allowed is a year and a month, as "2027-07"',
    undated="{field} is {given}, but the world has no start; allowed is the number of a month, or "
    'start = "2026-01" in the world\'s file.',
    odd='{field} is {given}; allowed is a month\'s number or a year and a month, as "2027-07".',
    early="{field} is {given}, before the start of the world; allowed is {start} or later.",
    late="{field} is {given}; allowed is at most {last}, {months:,} months after the start.",
)


def _counted(text: str) -> int:
    """Return how many months after January of the year 0 a written month is; -1 for no month."""
    found = _WRITTEN.fullmatch(text)
    return -1 if found is None else 12 * int(found[1]) + int(found[2]) - 1


def is_date(given: object) -> bool:
    """Return whether something is written as a date is: "2027-07"."""
    return isinstance(given, str) and _counted(given) >= 12


def _start(given: Any) -> Any:
    """Return a start; raises ValueError for what is none."""
    if given is None or (isinstance(given, str) and _counted(given) >= 12):
        return given
    raise ValueError(SAYS("start"))


def _date(text: str) -> str:
    if text.isdecimal():
        raise ValueError(SAYS("quoted", number=text[:5]))
    if _counted(text) < 12:
        raise ValueError(SAYS("date"))
    return text


Start = Annotated[str | None, BeforeValidator(_start)]
"""The month in which a world starts, "2026-01", in a file; None where only months are counted."""
When = Annotated[
    Annotated[int, Field(ge=0, le=MOST_MONTHS, json_schema_extra={"unit": "month"}), Tag("number")]
    | Annotated[str, AfterValidator(_date), Tag("date")],
    Discriminator(lambda given: "date" if isinstance(given, str) else "number"),
]
"""A month in a file that is read before its world is known: a number, or "2027-07"."""


@dataclass(frozen=True)
class Calendar:
    """How months of a run are called.

    start : the month that month 0 is, "2026-01"; None where only months are counted
    """

    start: str | None = None

    @property
    def dated(self) -> bool:
        """Return whether months have dates."""
        return self.start is not None

    def label(self, month: float) -> str:
        """Return what a month is called: "July 2027", or "month 18"."""
        if self.start is None:
            return f"month {int(month)}"
        year, place = divmod(_counted(self.start) + int(month), 12)
        return f"{_NAMES[place]} {year}"

    def short(self, month: float) -> str:
        """Return it where there is little room: "Jul 2027", or "18"."""
        if self.start is None:
            return f"{int(month)}"
        year, place = divmod(_counted(self.start) + int(month), 12)
        return f"{_NAMES[place][:3]} {year}"

    def written(self, month: float) -> str:
        """Return it as files and tables have it: "2027-07", or "18"."""
        if self.start is None:
            return f"{int(month)}"
        year, place = divmod(_counted(self.start) + int(month), 12)
        return f"{year:04d}-{place + 1:02d}"

    def year(self, month: int) -> int:
        """Return the calendar year of a month; without a start the year of the run, from 1."""
        if self.start is None:
            return month // 12 + 1
        return (_counted(self.start) + month) // 12

    def year_label(self, month: int) -> str:
        """Return what the year of a month is called: "2027", or "year 2"."""
        return f"{self.year(month)}" if self.dated else f"year {self.year(month)}"

    def first_month(self, year: int) -> int:
        """Return the month in which a year begins; below 0 where that is before the start."""
        if self.start is None:
            return 12 * (year - 1)
        return 12 * year - _counted(self.start)

    def parse(self, text: str, field: str = "the date") -> int:
        """Return the month that a date means, "2027-07" -> 18.

        field : what is given, for the sentence: "my.toml: events[0].month"

        Raises InputError if it is no date, before the start, too far after it, or there is none.
        """
        counted = _counted(text)
        if self.start is None:
            raise InputError(SAYS("undated", field=field, given=shown(text)))
        if counted < 12:
            raise InputError(SAYS("odd", field=field, given=shown(text)))
        month = counted - _counted(self.start)
        if month < 0:
            raise InputError(SAYS("early", field=field, given=text, start=self.start))
        if month > MOST_MONTHS:
            last = self.written(MOST_MONTHS)
            raise InputError(SAYS("late", field=field, given=text, last=last, months=MOST_MONTHS))
        return month

    def month(self, when: int | str, field: str = "the month") -> int:
        """Return the month that a number or a date means; raises InputError as `parse` does."""
        return self.parse(when, field) if isinstance(when, str) else when


UNDATED = Calendar()
"""The calendar of a world without a start."""
