"""What a month is called, which remembers which month it is: see `cisim.model.told`."""

from __future__ import annotations

from cisim.world.calendar import UNDATED, Calendar


class Label(str):
    """What a month is called in English. calendar, month : by which another language calls it"""

    calendar: Calendar
    month: float

    def __new__(cls, text: str, calendar: Calendar = UNDATED, month: float = 0.0) -> Label:
        made = super().__new__(cls, text)
        made.calendar, made.month = calendar, month
        return made


def month_called(calendar: Calendar, month: float) -> Label:
    """Return what a month is called: "July 2027", or "month 18"."""
    return Label(calendar.label(month), calendar, month)
