"""What happens when: events under a time axis, and lines that lead up into the chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from cisim.model.input_error import InputError, nearest
from cisim.show.charts.axes import Axis, time_ticks
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, Sheet
from cisim.show.charts.ink import Theme, place
from cisim.show.charts.series import Names, in_words
from cisim.show.charts.words import measure, shorten, titled
from cisim.show.counted import after, span
from cisim.show.language.facts import fact
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar

LANES = 12
"""At most so many lines of words stand under each other."""
LANE = NOTE * 1.5


def event_table(scenarios: Iterable[Any]) -> pd.DataFrame:
    """Return the dated events of scenarios as a table: scenario, month, region, words.

    region is "" for an event of all regions. What is in every scenario alike is there once, with
    scenario "".
    """
    rows: list[tuple[str, int, str, str]] = []
    several = list(scenarios)
    for scenario in several:
        for event in scenario.events:
            kind = str(event.kind)
            words = fact("event_kinds", kind, titled(kind.replace("-", " ")))
            rows.append((scenario.name, int(event.month), event.region or "", words))
    alike = [
        row[1:] for row in dict.fromkeys(rows)
        if all((scenario.name, *row[1:]) in rows for scenario in several)
    ]  # fmt: skip
    shared = [("", *row) for row in dict.fromkeys(alike)]
    own = [row for row in rows if row[1:] not in alike]
    kept = sorted(shared + own, key=lambda row: row[1])
    return pd.DataFrame(kept, columns=["scenario", "month", "region", "words"])


def strip(
    events: pd.DataFrame,
    months: int,
    *,
    names: Names = None,
    title: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
    calendar: Calendar = UNDATED,
) -> Chart:
    """Return the events of a run of so many months on a time axis by themselves.

    events : month, words and, if not of all scenarios, scenario; see event_table
    names  : the scenarios in their order, as in the charts beside it
    calendar : how months are called

    Raises InputError if a column is missing.
    """
    title = title or say("charts.what_happens")
    sheet = Sheet(title, "", theme, width)
    sheet.y += 14
    axis = Axis(0.0, float(max(1, months)), MARGIN + 6, sheet.width - MARGIN - 52, (), 1.0)
    keys = tuple(str(n) for n in names) if names is not None else _named(events)
    called = {key: in_words(key, names) for key in keys}
    found = Strip.of(events, called, axis, sheet, calendar)
    sheet.time_marks(time_ticks(0, months, calendar=calendar), axis, sheet.y)
    sheet.y += 8 + TICK * 1.3
    found.draw(sheet)
    summary = say("charts.within", title=title, span=span(months), said=found.said).strip()
    return sheet.finish(
        "strip", Numbers(found.table), notes=[], footer=footer, summary=summary, series=len(keys)
    )


def with_dates(table: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Return a table with dates, where months have some, in the place of years of the run."""
    if not calendar.dated:
        return table
    place = list(table.columns).index("year")
    dated = table.drop(columns="year")
    dated.insert(place, "date", [calendar.written(month) for month in table["month"]])
    return dated


def _named(events: pd.DataFrame) -> tuple[str, ...]:
    if "scenario" not in events.columns:
        return ()
    return tuple(dict.fromkeys(str(s) for s in events["scenario"] if _text(s)))


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


class _Entry(NamedTuple):
    """Events of one month that belong to the same scenarios, as one line of words."""

    month: float
    number: int  # of the scenario; -1 for all
    words: str


class _Placed(NamedTuple):
    """Where an entry stands."""

    entry: _Entry
    x: float
    lane: int
    words: str
    anchor: str


class Strip:
    """Events laid out under a time axis."""

    def __init__(
        self, placed: list[_Placed], left_out: int, table: pd.DataFrame, calendar: Calendar
    ) -> None:
        self.placed, self.left_out, self.table, self.calendar = placed, left_out, table, calendar

    @classmethod
    def of(
        cls,
        events: pd.DataFrame,
        names: Mapping[str, str],
        axis: Axis,
        sheet: Sheet,
        calendar: Calendar = UNDATED,
    ) -> Strip:
        """Return the events that lie on an axis, each line of words clear of the others.

        names : the scenarios in their order, with what people call them

        Raises InputError if a column is missing.
        """
        for column in ("month", "words"):
            if column not in events.columns:
                raise InputError(
                    f"charts: the table of events has no column {column}."
                    f"{nearest(column, [str(c) for c in events.columns])}"
                )
        entries, rows = _entries(events, names, axis)
        placed, left_out = _place(entries, axis, sheet)
        table = pd.DataFrame(rows, columns=["month", "year", "words", "region", "scenario"])
        return cls(placed, left_out, with_dates(table, calendar), calendar)

    @property
    def lanes(self) -> int:
        """Return how many lines of words stand under each other."""
        return max((p.lane for p in self.placed), default=-1) + 1

    def guides(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draw a line up into the chart at every event."""
        for x in dict.fromkeys(p.x for p in self.placed):
            sheet.rule(x, top, x, bottom, "axis-line", ' stroke-dasharray="1.5 4"')

    def draw(self, sheet: Sheet) -> None:
        """Draw the events at the sheet's y and move y below them."""
        if not self.placed:
            return
        top = sheet.y + 4
        for x, lane in {p.x: p.lane for p in sorted(self.placed, key=lambda p: p.lane)}.items():
            sheet.rule(x, top - 2, x, top + lane * LANE + LANE / 2, "axis-line")
        for p in self.placed:
            y = top + p.lane * LANE + LANE / 2
            use = "ink" if p.entry.number < 0 else f"s{place(p.entry.number)}"
            sheet.draw(
                f'<path d="M{p.x - 5:.1f} {y:.1f}l5 -5.5l5 5.5l-5 5.5z" '
                f'class="{use} paper-line" stroke-width="1.5"/>'
            )
            x = p.x + (9 if p.anchor == "start" else -9)
            sheet.text(x, y + NOTE * 0.35, p.words, NOTE, "label ink", anchor=p.anchor, halo=True)
        sheet.y = top + self.lanes * LANE + 2
        if self.left_out:
            sheet.write(say("charts.more_dates", n=self.left_out), NOTE, "quiet")

    @property
    def said(self) -> str:
        """Return the events as a sentence."""
        if not len(self.table):
            return say("charts.nothing_dated")
        first: dict[str, None] = {}
        for month, _, words, region, scenario in self.table.itertuples(index=False):
            when = after(month, self.calendar) if month else say("charts.at_start")
            where = ", ".join(part for part in (region, scenario) if part)
            first[f"{words[:1].lower()}{words[1:]}{f' ({where})' if where else ''} {when}"] = None
        parts = list(first)
        more = say("charts.and_more", n=len(parts) - 6) if len(parts) > 6 else ""
        return say("charts.events", events="; ".join(parts[:6]) + more)


def _entries(
    events: pd.DataFrame, names: Mapping[str, str], axis: Axis
) -> tuple[list[_Entry], list[tuple[int, float, str, str, str]]]:
    """Return what is written, and the rows of the table, in order of time."""
    keys = list(names)
    together: dict[tuple[float, int], list[str]] = {}
    rows = []
    ordered = events.sort_values("month", kind="stable")
    for record in ordered.to_dict("records"):
        key, month = _text(record.get("scenario")), float(record["month"])
        if not axis.low <= month <= axis.high or (key and key not in names):
            continue
        region, words = _text(record.get("region")), _text(record["words"])
        number = keys.index(key) if key else -1
        name = names[key] if key else ""
        rows.append((int(month), month / 12.0, words, region, name))
        said = f"{words} ({region})" if region else words
        lines = together.setdefault((month, number), [])
        if said not in lines:
            lines.append(said)
    entries = []
    for (month, number), lines in together.items():
        words = "; ".join([lines[0], *(line[:1].lower() + line[1:] for line in lines[1:])])
        whose = f"{names[keys[number]]}: " if number >= 0 and len(keys) > 1 else ""
        entries.append(_Entry(month, number, whose + words))
    return entries, rows


def _place(entries: list[_Entry], axis: Axis, sheet: Sheet) -> tuple[list[_Placed], int]:
    """Return each entry in the first lane where its words keep clear, and how many found none."""
    placed: list[_Placed] = []
    left_out = 0
    fitted = [_fit(entry, axis, sheet) for entry in entries]
    # Words that reach to the right from the last to the first: the earlier hang lower, and their
    # stems come down before the words of the later begin. Words that reach to the left after them.
    forth = [p for p in reversed(fitted) if p.anchor == "start"]
    back = [p for p in fitted if p.anchor == "end"]
    for p in forth + back:
        lanes = [p._replace(lane=lane) for lane in range(LANES)]
        free = [q for q in lanes if not any(_overlap(q, other) for other in placed)]
        clear = [q for q in free if not any(_cross(q, o) or _cross(o, q) for o in placed)]
        placed += (clear or free)[:1]
        left_out += not free
    return sorted(placed, key=lambda p: (p.x, p.lane)), left_out


def _fit(entry: _Entry, axis: Axis, sheet: Sheet) -> _Placed:
    """Return an entry with its words to the side where there is room for them."""
    x = round(axis.at(entry.month), 1)
    right, left = sheet.width - MARGIN - x - 9, x - 9 - MARGIN
    anchor = "start" if measure(entry.words, NOTE) <= right or right >= left else "end"
    words = shorten(entry.words, right if anchor == "start" else left, NOTE)
    return _Placed(entry, x, 0, words, anchor)


def _overlap(one: _Placed, other: _Placed) -> bool:
    """Return whether two entries of a lane are too near each other, mark or words."""
    if one.lane != other.lane:
        return False
    (low, high), (first, last) = _extent(one), _extent(other)
    return min(first, other.x) - 14 < max(high, one.x) and min(low, one.x) - 14 < max(last, other.x)


def _cross(stem: _Placed, words: _Placed) -> bool:
    """Return whether the stem of an entry runs through the words of one above it."""
    low, high = _extent(words)
    return stem.lane > words.lane and low < stem.x < high


def _extent(placed: _Placed) -> tuple[float, float]:
    """Return where words begin and end (px)."""
    size, x = measure(placed.words, NOTE), placed.x
    return (x + 8, x + 9 + size) if placed.anchor == "start" else (x - 9 - size, x - 8)
