"""Counts and times in words, in the language that is spoken."""

from __future__ import annotations

from datetime import date

from cisim.show.language.forms import month_names, short_month_names
from cisim.show.language.spoken import ENGLISH, spoken
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar


def plural(count: int, one: str) -> str:
    """Return "1 future", "7 futures"; `one` is a name of the part "counted"."""
    return say(f"counted.{one.replace(' ', '_')}", n=count)


def span(month: float) -> str:
    """Return a time in words: "10 years", "18 months"."""
    if month >= 12 and month % 12 == 0:
        return plural(int(month) // 12, "year")
    return plural(int(month), "month")


def day(one: date) -> str:
    """Return a day in words: "28 November 2026"."""
    return say("counted.day", day=one.day, month=month_names()[one.month - 1], year=one.year)


def label(calendar: Calendar, month: float) -> str:
    """Return what a month is called: "July 2027", or "month 18"."""
    if not calendar.dated:
        return say("counted.label", month=int(month))
    year, place = _dated(calendar, month)
    return f"{month_names()[place]} {year}"


def short_label(calendar: Calendar, month: float) -> str:
    """Return it where there is little room: "Jul 2027", or "18"."""
    if not calendar.dated or spoken() == ENGLISH:
        return calendar.short(month)
    year, place = _dated(calendar, month)
    return f"{short_month_names()[place]} {year}"


def _dated(calendar: Calendar, month: float) -> tuple[int, int]:
    """Return the calendar year of a month and its place in it, 0 to 11."""
    year = calendar.year(int(month))
    return year, int(month) - calendar.first_month(year)


def year_label(calendar: Calendar, month: int) -> str:
    """Return what the year of a month is called: "2027", or "year 2"."""
    year = calendar.year(month)
    return f"{year}" if calendar.dated else say("counted.year_label", year=year)


def lasting(months: int, calendar: Calendar = UNDATED) -> str:
    """Return a horizon in words: "10 years", or "10 years, January 2026 to December 2035"."""
    if not calendar.dated:
        return span(months)
    first, last = label(calendar, 0), label(calendar, months - 1)
    return say("counted.lasting", span=span(months), first=first, last=last)


def after(month: float, calendar: Calendar = UNDATED) -> str:
    """Return when a month is, in a sentence: "after 10 years", or "in January 2036"."""
    if calendar.dated:
        year, place = _dated(calendar, month)
        return say("counted.in_month", month=month_names()[place], year=year)
    if month >= 12 and month % 12 == 0:
        return say("counted.after_years", n=int(month) // 12)
    return say("counted.after_months", n=int(month))
