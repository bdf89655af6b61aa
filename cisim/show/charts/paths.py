"""How an outcome goes: single futures lightly, a band that holds nine in ten of them, one line.

The same chart shows the gap between communities, with what lies above and below zero said in words.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from cisim.model.input_error import InputError, shown
from cisim.model.outcomes import Outcome
from cisim.show.charts.axes import Axis, spread, time_ticks, value_axis
from cisim.show.charts.chart import Chart, Numbers, TimeAxis
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme, dash, place
from cisim.show.charts.phases import PhaseStrips
from cisim.show.charts.series import (
    Floats,
    Names,
    Series,
    Shown,
    check_goal,
    mean,
    outcome_shown,
    quantiles,
    series,
)
from cisim.show.charts.strip import Strip, with_dates
from cisim.show.charts.words import Reading, listed, measure, placed, shorten, wrap_apart
from cisim.show.counted import after
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar

SINGLE_FUTURES = 25
"""At most so many single futures of a scenario are drawn."""
BAND_FROM = 10
"""With fewer futures than this a band of nine in ten says nothing."""
GAP = "gap_primary"
"""The outcome that `gap` shows."""
Centre = Literal["median", "mean"]
Span = tuple[float, float]


def paths(
    table: pd.DataFrame,
    outcome: str | Outcome,
    *,
    names: Names = None,
    centre: Centre = "median",
    goal: float | None = None,
    events: pd.DataFrame | None = None,
    phases: pd.DataFrame | None = None,
    title: str | None = None,
    where: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
    calendar: Calendar = UNDATED,
    span: Span | None = None,
    ghost: Floats | None = None,
    room: float | None = None,
) -> Chart:
    """Return the paths of an outcome, a line and a band for each scenario.

    table   : scenario, replicate, month and the outcome's column; overall rows
    outcome : a name or a declaration; a column of another name is shown without a unit
    names   : the scenarios in their order; a mapping gives them names for people
    centre  : what the line is, the median or the mean of all futures
    goal    : a level to mark, in the outcome's unit
    events  : month, words and, if not of all scenarios, scenario; see event_table
    phases  : scenario, start, end and phase, which are shaded under the axis; see phase_table
    title   : by default the outcome's
    where   : the region, for the title
    width   : px; 640 reads well from a phone to a page, 390 is laid out for a phone
    calendar : how months are called
    span    : what the axis holds at least, in the outcome's unit, so that pictures can be compared
    ghost   : a path that was there before, in the outcome's unit, (M,), as a grey line below all
    room    : how high the field of the lines is, for a stage on which it has its place (px)

    Raises InputError if a column or scenario is missing or the goal can never be.
    """
    options = (names, centre, goal, events, phases, title, where, theme, width, footer, calendar)
    return _draw(table, outcome, *options, False, span, ghost, room)


def gap(
    table: pd.DataFrame,
    outcome: str | Outcome = GAP,
    *,
    names: Names = None,
    centre: Centre = "median",
    events: pd.DataFrame | None = None,
    phases: pd.DataFrame | None = None,
    title: str | None = None,
    where: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
    calendar: Calendar = UNDATED,
    span: Span | None = None,
    ghost: Floats | None = None,
    room: float | None = None,
) -> Chart:
    """Return the paths of the gap between communities: narrowing above zero, widening below.

    The arguments are those of `paths`; the outcome is the gain of deprived communities minus that
    of affluent ones.
    """
    options = (names, centre, None, events, phases, title, where, theme, width, footer, calendar)
    return _draw(table, outcome, *options, True, span, ghost, room)


def course(
    table: pd.DataFrame,
    outcome: str,
    *,
    goal: float | None = None,
    events: pd.DataFrame | None = None,
    phases: pd.DataFrame | None = None,
    names: Names = None,
    where: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
    calendar: Calendar = UNDATED,
    span: Span | None = None,
    ghost: Floats | None = None,
    room: float | None = None,
) -> Chart:
    """Return how an outcome goes: its `paths`, or the `gap` where it is that."""
    shared: dict[str, Any] = {
        "events": events, "phases": phases, "names": names, "where": where, "theme": theme,
        "width": width, "footer": footer, "calendar": calendar, "span": span, "ghost": ghost,
        "room": room,
    }  # fmt: skip
    return gap(table, **shared) if outcome == GAP else paths(table, outcome, goal=goal, **shared)


class _Lines(NamedTuple):
    """Of each scenario and month: the line and the ends of the band, (S, M) each."""

    centre: Floats
    low: Floats
    high: Floats


def _draw(
    table: pd.DataFrame,
    outcome: str | Outcome,
    names: Names,
    centre: Centre,
    goal: float | None,
    events: pd.DataFrame | None,
    phases: pd.DataFrame | None,
    title: str | None,
    where: str,
    theme: Theme,
    width: int,
    footer: str,
    calendar: Calendar,
    about_zero: bool,
    span: Span | None,
    ghost: Floats | None,
    room: float | None,
) -> Chart:
    if centre not in ("median", "mean"):
        raise InputError(f"charts: centre is {shown(centre)}; allowed is median or mean.")
    what = outcome_shown(outcome)
    goal = check_goal(goal, what)
    data = series(table, what, names)
    lines = _lines(data, centre)
    singles = _singles(data)
    before = None if ghost is None else np.asarray(ghost, float) * what.factor
    held = [] if span is None else [end * what.factor for end in span]
    reading, axis = _value_axis(data, lines, singles, what, goal, about_zero, held, before)

    under = what.words
    sheet = Sheet(placed(title or what.title, where), under, theme, width)
    sheet.y += 10
    _axis_words(sheet, reading, what)
    plot = _Plot(sheet, data, lines, axis, reading, calendar, room)
    plot.grid(about_zero)
    strip = stages = None
    called = dict(zip(data.keys, data.names, strict=True))
    if phases is not None and len(phases):
        stages = PhaseStrips.of(phases, called, plot.time, calendar)
    if events is not None:
        strip = Strip.of(events, called, plot.time, sheet, calendar)
        strip.guides(sheet, plot.top, plot.bottom)
    if before is not None:
        plot.ghost(before)
    plot.bands()
    plot.singles(singles)
    plot.centres()
    if goal is not None:
        plot.goal(goal)
    if about_zero:
        plot.sides()
    plot.labels()
    sheet.time_marks(plot.ticks, plot.time, plot.bottom)
    sheet.y = plot.bottom + 8 + TICK * 1.3
    if strip:
        strip.draw(sheet)
    if stages:
        stages.draw(sheet)
    numbers = _table(data, lines, what, calendar, stages)
    summary = _summary(sheet.title, data, lines, reading, what, centre, goal, about_zero, calendar)
    if strip:
        summary += f" {strip.said}"
    if stages:
        summary += f" {stages.said}".rstrip()
    notes = [_legend(data, centre, singles)]
    time, right = plot.time, plot.time.end
    return sheet.finish(
        "gap" if about_zero else "paths",
        numbers,
        notes=notes,
        footer=footer,
        summary=summary,
        series=len(data.keys),
        time=TimeAxis(time.low, time.high, time.start, right, plot.top, plot.bottom, sheet.width),
    )


def _lines(data: Series, centre: Centre) -> _Lines:
    found = [quantiles(values, (0.05, 0.5, 0.95)) for values in data.values]
    middle = [q[1] for q in found] if centre == "median" else [mean(v) for v in data.values]
    return _Lines(
        np.array(middle), np.array([q[0] for q in found]), np.array([q[2] for q in found])
    )


def _singles(data: Series) -> list[Floats]:
    """Return the futures that are drawn singly: the first ones, the same of every scenario."""
    return [values[np.isfinite(values).any(axis=1)][:SINGLE_FUTURES] for values in data.values]


def _value_axis(
    data: Series,
    lines: _Lines,
    singles: list[Floats],
    what: Shown,
    goal: float | None,
    about_zero: bool,
    held: list[float],
    before: Floats | None,
) -> tuple[Reading, Axis]:
    drawn = [lines.centre, lines.low, lines.high, *singles]
    drawn += [] if before is None else [before]
    numbers = np.concatenate([part[np.isfinite(part)] for part in drawn])
    extra = [*held, *([] if goal is None else [goal])]
    extra += [0.0] if about_zero else []
    numbers = np.concatenate([numbers, extra])
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
    if goal == high:
        high += 0.06 * (high - low)  # room for its words
    axis = value_axis(low, high, 0.0, 1.0, bounds=what.bounds)
    return what.reading(axis.low, axis.high), axis


def _axis_words(sheet: Sheet, reading: Reading, what: Shown) -> None:
    """Write what the upright axis counts, above it, and which way is better."""
    direction = say(f"charts.{what.better}") if what.better else ""
    words = " · ".join(part for part in (reading.axis, direction) if part)
    if words:
        sheet.y += NOTE * 1.3
        sheet.text(MARGIN, sheet.y, shorten(words, sheet.inner, NOTE), NOTE)
    sheet.y += 12


class _Label(NamedTuple):
    """What stands at the end of a line."""

    at: int  # the place of the last month with a value, -1 if none
    names: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.names) * NAME * 1.16 + len(self.values) * NOTE * 1.18 + 8


class _Plot:
    """The field of the lines: where it lies, and what is drawn in it."""

    def __init__(
        self,
        sheet: Sheet,
        data: Series,
        lines: _Lines,
        axis: Axis,
        reading: Reading,
        calendar: Calendar,
        room: float | None,
    ) -> None:
        self.sheet, self.data, self.lines, self.reading = sheet, data, lines, reading
        decimals = axis.decimals(reading.power)
        widest = max(measure(reading.number(t, decimals), TICK) for t in axis.ticks)
        self.left = MARGIN + widest + 8
        words = " ".join(data.names).split()  # none is broken that has room
        longest = min(max(measure(word, NAME, True) for word in words), sheet.width * 0.42)
        shares: tuple[float, ...] = (0.3 if sheet.width >= 520 else 0.36,)
        most = 1.3
        if room is not None:  # low, it has fewer lines for a name, and so wider ones
            shares, most = (0.36, 0.4, 0.44), 1.1
        else:
            room = max(230.0, min(340.0, sheet.width * 0.46))
        for share in shares:
            gutter = min(self._gutter(), max(sheet.width * share, longest))
            self.found = self._found(gutter, room * most)
            if all(
                " ".join(one.names) == name
                for one, name in zip(self.found, data.names, strict=True)
            ):
                break
        self.right = sheet.width - MARGIN - gutter - 24
        self.top = sheet.y
        needed = sum(label.height for label in self.found)
        self.bottom = self.top + max(room, needed)
        self.axis = axis.moved(self.bottom, self.top)
        first, last = float(data.months[0]), float(data.months[-1])
        last = last if last > first else first + 1
        self.time = Axis(first, last, self.left, self.right, (), 1.0)
        years = 7 if self.right - self.left > 260 else 4
        self.ticks = time_ticks(first, last, years, calendar)

    def _values(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return the place of each scenario's last value, -1 if none, and its words, band apart."""
        out: list[tuple[int, tuple[str, ...]]] = []
        for s in range(len(self.data.keys)):
            there = np.flatnonzero(np.isfinite(self.lines.centre[s]))
            if not there.size:
                out.append((-1, (say("charts.no_values"),)))
                continue
            at = int(there[-1])
            words = [self.reading.number(float(self.lines.centre[s, at]))]
            if self.data.futures(s) >= BAND_FROM:
                low, high = float(self.lines.low[s, at]), float(self.lines.high[s, at])
                words.append(f"({self.reading.between(low, high)})")
            out.append((at, tuple(words)))
        return out

    def _gutter(self) -> float:
        """Return how wide the widest label would like to be, names on two lines."""
        value = max(measure(" ".join(words), NOTE) for _, words in self._values())
        name = max(measure(name, NAME, True) for name in self.data.names)
        return max(value, min(name, max(name * 0.62, 90.0)))

    def _found(self, gutter: float, room: float) -> list[_Label]:
        """Return the labels, shorter where they would not fit one under the other."""
        labels: list[_Label] = []
        for lines, with_band, with_value in (
            (5, True, True), (4, True, True), (3, True, True), (2, True, True), (1, True, True),
            (1, False, True), (1, False, False),
        ):  # fmt: skip
            wrapped = wrap_apart(self.data.names, gutter, NAME, lines, True)
            labels = []
            for (at, words), name in zip(self._values(), wrapped, strict=True):
                said = words if with_band else words[:1]
                if measure(" ".join(said), NOTE) <= gutter:
                    said = (" ".join(said),)
                elif any(measure(part, NOTE) > gutter for part in said):
                    said = words[:1]
                labels.append(_Label(at, name, said if with_value else ()))
            if sum(label.height for label in labels) <= room:
                break
        return labels

    def grid(self, about_zero: bool) -> None:
        self.sheet.value_grid(self.axis, self.reading, self.left, self.right)
        if about_zero and self.axis.low == 0:
            zero = self.axis.at(0.0)
            self.sheet.rule(self.left, zero, self.right, zero, "axis-line")

    def ghost(self, before: Floats) -> None:
        """Draw a path that was there before, as far as it has the months of the others."""
        months = min(before.size, len(self.data.months))
        xs = [px(self.time.at(m)) for m in self.data.months[:months]]
        path = _line(xs, np.round(self._places(before[:months]), 1))
        self.sheet.draw(
            f'<path d="{path}" class="axis-line ghost" fill="none" stroke-width="2.2" '
            f'stroke-linejoin="round"/>'
        )

    def bands(self) -> None:
        xs = [self.time.at(m) for m in self.data.months]
        for s in range(len(self.data.keys)):
            if self.data.futures(s) < BAND_FROM:
                continue
            drawn = []
            for run in _runs(np.isfinite(self.lines.low[s])):
                ups = [self.axis.at(v) for v in self.lines.high[s, run].tolist()]
                downs = [self.axis.at(v) for v in self.lines.low[s, run].tolist()]
                there = [f"{px(x)} {px(y)}" for x, y in zip(xs[run], ups, strict=True)]
                back = [f"{px(x)} {px(y)}" for x, y in zip(xs[run], downs, strict=True)]
                drawn.append("M" + "L".join(there + back[::-1]) + "z")
            self.sheet.draw(f'<path d="{"".join(drawn)}" class="s{place(s)}" fill-opacity=".14"/>')

    def singles(self, singles: list[Floats]) -> None:
        # Every second month is enough for a line that is there to be seen, not read.
        stride = max(1, round(len(self.data.months) / 60))
        chosen = np.unique(np.append(np.arange(0, len(self.data.months), stride),
                                     len(self.data.months) - 1))  # fmt: skip
        xs = [px(self.time.at(m)) for m in self.data.months[chosen]]
        for s, futures in enumerate(singles):
            if len(futures) < 2:
                continue
            places = np.round(self._places(futures[:, chosen]), 1)
            drawn = "".join(_line(xs, row) for row in places)
            self.sheet.draw(
                f'<path d="{drawn}" class="l{place(s)}" fill="none" stroke-width=".8" '
                f'stroke-opacity=".3" stroke-linejoin="round"/>'
            )

    def _places(self, values: Floats) -> Floats:
        share = (values / 2 - self.axis.low / 2) / (self.axis.high / 2 - self.axis.low / 2)
        return np.asarray(self.bottom + share * (self.top - self.bottom), np.float64)

    def centres(self) -> None:
        xs = [px(self.time.at(m)) for m in self.data.months]
        drawn = [_line(xs, np.round(self._places(line), 1)) for line in self.lines.centre]
        rest = 'fill="none" stroke-linejoin="round"'
        for path in drawn:
            self.sheet.draw(
                f'<path d="{path}" class="paper-line" {rest} stroke-width="5" '
                f'stroke-opacity=".75" stroke-linecap="round"/>'
            )
        for s, path in enumerate(drawn):
            # A dot that stands alone between gaps is a line of no length: round ends show it.
            self.sheet.draw(
                f'<path d="{path}" class="l{place(s)}" {rest} stroke-width="2.6"{dash(s)} '
                f'stroke-linecap="{"butt" if dash(s) else "round"}"/>'
            )

    def goal(self, goal: float) -> None:
        y = self.axis.at(goal)
        self.sheet.rule(
            self.left, y, self.right, y, "ink-line", ' stroke-width="1.3" stroke-dasharray="2 3"'
        )
        words = say("charts.goal", goal=self.reading.short(goal))
        below = y - self.top < NOTE * 1.4
        self.sheet.text(
            self.left + 6, y + (NOTE * 1.15 if below else -5), words, NOTE, "ink", halo=True
        )

    def sides(self) -> None:
        """Say what lies above and below zero, as far as there is room."""
        zero = self.axis.at(0.0)
        if zero - self.top >= NOTE * 2:
            words = say("charts.gap_narrows")
            self.sheet.text(self.left + 6, self.top + NOTE, words, NOTE, "ink", halo=True)
        if self.bottom - zero >= NOTE * 2:
            words = say("charts.gap_widens")
            self.sheet.text(self.left + 6, self.bottom - 7, words, NOTE, "ink", halo=True)

    def labels(self) -> None:
        """Write the scenarios' names and end values beside their lines, clear of each other."""
        wanted = []
        for s, label in enumerate(self.found):
            value = float(self.lines.centre[s, label.at]) if label.at >= 0 else self.axis.low
            wanted.append(self.axis.at(value))
        heights = [label.height for label in self.found]
        centres = spread(wanted, heights, self.top - 4, self.bottom + 4)
        x = self.right + 24
        for s, (label, centre) in enumerate(zip(self.found, centres, strict=True)):
            top = centre - label.height / 2 + 3
            if label.at >= 0:
                end = self.time.at(float(self.data.months[label.at]))
                first = top + NAME * 0.62
                self.sheet.draw(
                    f'<path d="M{px(end + 6)} {px(wanted[s])}L{px(self.right + 12)} {px(first)}'
                    f'L{px(x - 3)} {px(first)}" class="l{place(s)}" fill="none" '
                    f'stroke-width="1.1"/>'
                )
                self.sheet.mark(s, end, wanted[s], 4.8)
            for line in label.names:
                top += NAME * 1.16
                self.sheet.text(x, top - NAME * 0.2, line, NAME, "label ink", bold=True)
            for line in label.values:
                top += NOTE * 1.18
                self.sheet.text(x, top - NOTE * 0.2, line, NOTE, "label quiet")


def _runs(there: Any) -> list[slice]:
    """Return the stretches without a gap."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], there.astype(np.int8), [0]])))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _line(xs: list[str], ys: Floats) -> str:
    """Return the path data of a line, broken where there is no value."""
    values = ys.tolist()
    if np.isfinite(ys).all():
        return "M" + "L".join([f"{x} {y:g}" for x, y in zip(xs, values, strict=True)])
    drawn = []
    for run in _runs(np.isfinite(ys)):
        points = [f"{x} {y:g}" for x, y in zip(xs[run], values[run], strict=True)]
        drawn.append("M" + "L".join(points) + ("h.1" if len(points) == 1 else ""))
    return "".join(drawn)


def _legend(data: Series, centre: Centre, singles: list[Floats]) -> str:
    counts = [data.futures(s) for s in range(len(data.keys))]
    if max(counts) <= 1:
        return say("charts.one_future")
    parts = [say("charts.line_of", centre=say(f"charts.{centre}"), n=data.futures_in_words)]
    if max(counts) >= BAND_FROM:
        parts.append(say("charts.band"))
    most = max(len(futures) for futures in singles)
    parts.append(say("charts.thin_each" if len(singles) > 1 else "charts.thin", n=most))
    return "; ".join(parts) + "."


def _table(
    data: Series, lines: _Lines, what: Shown, calendar: Calendar, stages: PhaseStrips | None
) -> Numbers:
    """Return a row for each scenario and year (quarter, where there are less than two years)."""
    rows = _rows(data)
    count = np.isfinite(data.values).sum(axis=1)
    months = data.months[rows]
    scenarios = len(data.keys)
    table = pd.DataFrame(
        {
            "scenario": np.repeat(np.array(data.names, object), len(rows)),
            "month": np.tile(months.astype(int), scenarios),
            "year": np.tile(months / 12.0, scenarios),
            "futures": count[:, rows].reshape(-1),
            "centre": lines.centre[:, rows].reshape(-1),
            "low": lines.low[:, rows].reshape(-1),
            "high": lines.high[:, rows].reshape(-1),
        }
    )
    dated = with_dates(table, calendar)
    if stages:
        place = [data.names.index(name) for name in dated["scenario"]]
        dated["phase"] = [
            stages.of_month(number, month)
            for number, month in zip(place, dated["month"], strict=True)
        ]
    return Numbers(dated, what.unit, ("centre", "low", "high"), factor=what.factor)


def _rows(data: Series) -> list[int]:
    extent = data.months[-1] - data.months[0]
    every = 12 if extent >= 24 else 3
    last = len(data.months) - 1
    return [at for at, m in enumerate(data.months) if m % every == 0 or at in (0, last)]


def _summary(
    title: str,
    data: Series,
    lines: _Lines,
    reading: Reading,
    what: Shown,
    centre: Centre,
    goal: float | None,
    about_zero: bool,
    calendar: Calendar,
) -> str:
    rows = _rows(data)
    last = rows[-1]
    half = min(rows, key=lambda at: (abs(data.months[at] - data.months[-1] / 2), at))
    several = max(data.futures(s) for s in range(len(data.keys))) > 1
    of = say("charts.in_one")
    if several:
        of = say("charts.centre_of", centre=say(f"charts.{centre}"), n=data.futures_in_words)
    ends = []
    for s, name in enumerate(data.names):
        value = float(lines.centre[s, last])
        words = f"{name} {reading.number(value)}"
        if data.futures(s) >= BAND_FROM and np.isfinite(value):
            words += f" ({reading.between(float(lines.low[s, last]), float(lines.high[s, last]))})"
        ends.append(words)
    brackets = say("charts.brackets") if any("(" in e for e in ends) else ""
    unit = say("charts.in_unit", unit=reading.axis) if reading.axis and not what.percent else ""
    when = after(data.months[last], calendar)
    said = [f"{title} {when}{unit}{of}{brackets}: {'; '.join(ends)}."]
    if half not in (0, last):
        halves = [
            f"{name} {reading.number(float(lines.centre[s, half]))}"
            for s, name in enumerate(data.names)
        ]
        then = after(data.months[half], calendar)
        then = f"{then[:1].upper()}{then[1:]}"
        said.append(say("charts.it_was", then=then, values="; ".join(halves)))
    if goal is not None:
        said.append(_goal_said(data, lines, last, reading, what, centre, goal))
    if about_zero:
        said.append(_gap_said(data, last))
    elif what.better:
        said.append(say(f"charts.{what.better}_said"))
    return " ".join(said)


def _goal_said(
    data: Series,
    lines: _Lines,
    last: int,
    reading: Reading,
    what: Shown,
    centre: Centre,
    goal: float,
) -> str:
    values = lines.centre[:, last]
    reach = values <= goal if what.better == "lower" else values >= goal
    who = [name for name, there in zip(data.names, reach, strict=True) if there]
    said = {"goal": reading.short(goal), "centre": say(f"charts.{centre}_the")}
    if not who:
        return say("charts.goal_by_none", **said)
    return say("charts.goal_by", who=listed(who), **said)


def _gap_said(data: Series, last: int) -> str:
    """Return in how many futures the gap is wider at the end."""
    parts = []
    for s, name in enumerate(data.names):
        values = data.values[s, :, last]
        wider, all_of = int((values < 0).sum()), int(np.isfinite(values).sum())
        parts.append(say("charts.gap_in", wider=wider, n=all_of, name=name))
    return say("charts.gap_said", parts="; ".join(parts))
