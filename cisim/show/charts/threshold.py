"""Where an answer turns: what was found at each value of one number, with the goal's line.

The number lies on the lower axis, on its declared scale. Marked are the range that may be believed,
values that somebody has measured (anchors), the default and what the scenarios have, and every turn
with its interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cisim.lab.ensemble import LEVEL
from cisim.lab.threshold import Threshold
from cisim.lab.turning import Scale
from cisim.show.charts.axes import Axis, round_step, time_ticks, value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme, dash, place
from cisim.show.charts.series import Floats, Shown, outcome_shown
from cisim.show.charts.words import Reading, listed, measure, shorten, titled
from cisim.show.counted import plural

HEIGHT = 260.0
"""Of the field (px)."""
LANES = 6
"""At most so many lines of words stand over each other above the field."""
LANE = NOTE * 1.35


class _Mark(NamedTuple):
    """A value that is marked on the axis: in words, and how its line is drawn."""

    value: float
    words: str
    style: str


def threshold(
    found: Threshold,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the curve of what was found along the number that was varied.

    names : what people call the scenarios, by name
    width : px; 640 reads well from a phone to a page, 390 is laid out for a phone
    """
    called = dict(names or {})
    what = outcome_shown(found.goal.outcome)
    share = found.goal.share is not None
    factor = 100.0 if share else what.factor
    unit = "%" if share else (what.apart if found.goal.there else what.unit)
    table = found.table()
    keys = list(dict.fromkeys(table["scenario"]))
    curves = [
        table[table["scenario"] == key][["estimate", "low", "high"]].to_numpy(np.float64).T * factor
        for key in keys
    ]
    people = [_called(key, found, called) for key in keys]
    goal = None if found.by_order else found.goal.target * factor
    heading = title or f"Where {found.vary.name} turns the answer"
    sheet = Sheet(heading, found.vary.meaning, theme, width)
    _legend(sheet, people)

    percent = unit == "%"
    numbers = np.concatenate([np.concatenate([*curve]) for curve in curves])
    numbers = numbers[np.isfinite(numbers)]
    ends = [*(numbers if numbers.size else [0.0]), *([] if goal is None else [goal])]
    bounds = (0.0, 100.0) if share else (-math.inf, math.inf)
    upright = value_axis(min(ends), max(ends), 0.0, 0.0, bounds=bounds)
    reading = Reading.of(upright.low, upright.high, "" if percent else unit, percent)
    decimals = upright.decimals(reading.power)
    left = MARGIN + 8 + max(measure(reading.number(t, decimals), TICK) for t in upright.ticks)
    beyond = 52 if found.vary.month else 14  # of words at the end of the axis
    lying = _Lying(found, left, sheet.width - MARGIN - beyond)

    sheet.y += NOTE * 1.3
    asked = _upright_words(found, what)
    said = f"{asked}, {reading.axis}" if reading.axis else asked
    sheet.text(MARGIN, sheet.y, shorten(said, sheet.inner, NOTE), NOTE)
    marks = _marks(found)
    top = _write_marks(sheet, marks, lying)
    bottom = top + HEIGHT
    upright = upright.moved(bottom, top)

    if found.vary.plausible is not None:
        _plausible(sheet, found, lying, top, bottom)
    sheet.value_grid(upright, reading, lying.start, lying.end)
    for mark, (x, y) in zip(marks, _places(marks, lying, sheet, top), strict=True):
        sheet.rule(x, y, x, bottom, *_STYLES[mark.style])
    for turn in found.turning().to_dict("records"):
        _turn(sheet, lying.at(turn["low"]), lying.at(turn["high"]), bottom)
    xs = [lying.at(float(value)) for value in found.values]
    for number, curve in enumerate(curves):
        _band(sheet, number, xs, curve, upright)
    if goal is not None:
        y = upright.at(goal)
        sheet.rule(lying.start, y, lying.end, y, "ink-line", ' stroke-width="1.6"')
        words = f"goal: {reading.short(goal)}"
        above = y - 5 if y - top > NOTE * 1.6 else y + NOTE * 1.15
        sheet.text(lying.end, above, words, NOTE, "ink", anchor="end", halo=True)
    for number, curve in enumerate(curves):
        _line(sheet, number, xs, curve[0], upright)
    lying.draw(sheet, bottom)
    notes = [_note(found, share)]
    summary = " ".join([f"{heading}.", *found.sentences(called)])
    shown = table.assign(scenario=table["scenario"].map(dict(zip(keys, people, strict=True))))
    shown = shown[["scenario", "value", "n", "estimate", "low", "high", "holds", "sure"]]
    for column in ("estimate", "low", "high"):
        shown[column] = shown[column] * factor
    return sheet.finish(
        "threshold",
        Numbers(shown, unit, ("estimate", "low", "high"), factor=factor),
        notes=notes,
        footer=footer,
        summary=summary,
        series=len(keys),
    )


_STYLES = {
    "turn": ("ink-line", ' stroke-width="2"'),
    "now": ("ink-line", ' stroke-width="1.4" stroke-dasharray="7 4"'),
    "default": ("quiet-line", ' stroke-width="1.2" stroke-dasharray="7 4"'),
    "anchor": ("quiet-line", ' stroke-width="1.6" stroke-dasharray="1.5 4" stroke-linecap="round"'),
}


def _called(key: str, found: Threshold, called: Mapping[str, str]) -> str:
    if found.goal.there:
        one, other = (called.get(name, name) for name in (found.goal.here, found.goal.there))
        return f"{one} less {other}"
    return called.get(key, key)


def _upright_words(found: Threshold, what: Shown) -> str:
    """Return what the upright axis shows."""
    goal = found.goal
    title = what.title
    if goal.there:
        title = f"{title}, {goal.here} less {goal.there}"
    if goal.share is None:
        return title
    sign = "at least" if goal.at_least else "at most"
    unit = what.apart if goal.there else what.unit
    return f"Futures with {title} of {sign} {goal.value * what.factor:g} {unit}".rstrip()


class _Lying:
    """The lower axis: values of what is varied on places, with its ticks."""

    def __init__(self, found: Threshold, start: float, end: float) -> None:
        self.scale, self.start, self.end = found.scale, start, end
        self.month, self.unit = found.vary.month, found.vary.unit
        self.calendar = found.calendar

    def at(self, value: float) -> float:
        """Return the place of a value, those beyond the range at its ends (px)."""
        value = min(max(value, self.scale.low), self.scale.high)
        return self.start + (self.end - self.start) * self.scale.share(value)

    def holds(self, value: float) -> bool:
        """Return whether a value lies on the axis."""
        return self.scale.low <= value <= self.scale.high

    def draw(self, sheet: Sheet, y: float) -> None:
        """Draw it at y, and move the sheet's y below it."""
        if self.month:
            axis = Axis(self.scale.low, self.scale.high, self.start, self.end, (), 1.0)
            marks = time_ticks(self.scale.low, self.scale.high, calendar=self.calendar)
            sheet.time_marks(marks, axis, y)
            sheet.y = y + 8 + TICK * 1.3
            return
        sheet.rule(self.start, y, self.end, y, "axis-line")
        for value in ticks(self.scale):
            x = self.at(value)
            sheet.rule(x, y, x, y + 5, "axis-line")
            sheet.text(x, y + 5 + TICK * 1.05, f"{value:.6g}", TICK, anchor="middle")
        below = y + 5 + TICK * 1.05 + NOTE * 1.4
        words = "" if self.unit == "–" else self.unit
        if self.scale.log:
            words = f"{words} (equal steps are equal factors)".strip()
        sheet.text(self.end, below, shorten(words, sheet.inner, NOTE), NOTE, anchor="end")
        sheet.y = below + 4


def ticks(scale: Scale) -> list[float]:
    """Return round values of a range; with equal factors 1, 2 and 5 times powers of ten."""
    if not scale.log:
        step = round_step(scale.high - scale.low, 6)
        step = max(1.0, step) if scale.whole else step
        first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
        return [round(k * step, 12) for k in range(first, last + 1)]
    powers = range(math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high)) + 1)
    found = [
        value
        for power in powers
        for factor in (1, 2, 5)
        if scale.low * (1 - 1e-9)
        <= (value := float(f"{factor}e{power}"))
        <= scale.high * (1 + 1e-9)
    ]
    if len(found) > 8:
        return [value for value in found if f"{value:e}".startswith("1")]
    return found or [scale.low, scale.high]


def _marks(found: Threshold) -> list[_Mark]:
    """Return what is marked above the field, from left to right."""
    vary = found.vary
    marks: list[_Mark] = []
    now = found.present
    own = vary.default is not None and now is not None and now != vary.default
    if now is not None:
        words = "now" if own or vary.kind != "parameter" else "default"
        marks.append(_Mark(now, f"{words}: {found.value_words(now)}", "now"))
    if own or (now is None and vary.default is not None):
        marks.append(_Mark(float(vary.default or 0.0), f"default: {vary.default:.4g}", "default"))
    marks += [_Mark(one.value, f"{one.value:g}: {one.words}", "anchor") for one in vary.anchors]
    for answer in found.answers:
        for turn in answer.turns:
            at, width = found.at(turn, answer.of), turn.first - turn.last
            marks.append(_Mark(at, f"turns at {found.value_words(at, width)}", "turn"))
    inside = [one for one in marks if found.scale.low <= one.value <= found.scale.high]
    return sorted(inside, key=lambda one: one.value)


def _lanes(
    marks: Sequence[_Mark], lying: _Lying, sheet: Sheet
) -> list[tuple[float, float, int, str]]:
    """Return place, place of the words, lane and words of each mark; none lies on another."""
    ends: list[float] = []
    found = []
    for mark in marks:
        words = shorten(mark.words, sheet.inner, NOTE)
        x = lying.at(mark.value)
        wide = measure(words, NOTE)
        left = min(max(x - wide / 2, MARGIN), sheet.width - MARGIN - wide)
        lane = next((k for k, end in enumerate(ends) if end + 8 <= left), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = left + wide
        found.append((x, left, lane, words))
    return found


def _write_marks(sheet: Sheet, marks: Sequence[_Mark], lying: _Lying) -> float:
    """Write the words of the marks in lanes; return where the field begins."""
    placed = _lanes(marks, lying, sheet)
    lanes = max((lane for _, _, lane, _ in placed), default=-1) + 1
    top = sheet.y + 8 + lanes * LANE + 6
    for _, left, lane, words in placed:
        sheet.text(left, top - 8 - lane * LANE, words, NOTE, "ink", plate=True)
    return top


def _places(
    marks: Sequence[_Mark], lying: _Lying, sheet: Sheet, top: float
) -> list[tuple[float, float]]:
    """Return where the line of each mark begins: under its words."""
    return [(x, top - 4 - lane * LANE) for x, _, lane, _ in _lanes(marks, lying, sheet)]


def _plausible(sheet: Sheet, found: Threshold, lying: _Lying, top: float, bottom: float) -> None:
    low, high = found.vary.plausible or (0.0, 0.0)
    x1, x2 = lying.at(low), lying.at(high)
    if x2 > x1:
        sheet.draw(
            f'<rect x="{px(x1)}" y="{px(top)}" width="{px(x2 - x1)}" '
            f'height="{px(bottom - top)}" class="plain" fill-opacity=".16"/>'
        )


def _turn(sheet: Sheet, low: float, high: float, bottom: float) -> None:
    """Draw the interval of a turn as a bar under the field."""
    sheet.draw(
        f'<rect x="{px(low)}" y="{px(bottom)}" width="{px(max(2.0, high - low))}" height="5" '
        f'class="ink" fill-opacity=".6"/>'
    )


def _band(sheet: Sheet, number: int, xs: Sequence[float], curve: Floats, axis: Axis) -> None:
    finite = [k for k in range(len(xs)) if np.isfinite(curve[1:, k]).all()]
    if len(finite) < 2:
        return
    up = [f"{px(xs[k])} {px(axis.at(float(curve[2, k])))}" for k in finite]
    down = [f"{px(xs[k])} {px(axis.at(float(curve[1, k])))}" for k in reversed(finite)]
    sheet.draw(
        f'<path d="M{"L".join([*up, *down])}z" class="s{place(number)}" fill-opacity=".17"/>'
    )


def _line(sheet: Sheet, number: int, xs: Sequence[float], middle: Floats, axis: Axis) -> None:
    finite = [k for k in range(len(xs)) if math.isfinite(middle[k])]
    points = [(xs[k], axis.at(float(middle[k]))) for k in finite]
    path = "L".join(f"{px(x)} {px(y)}" for x, y in points)
    if path:
        sheet.draw(
            f'<path d="M{path}" class="l{place(number)}" fill="none" stroke-width="2.4" '
            f'stroke-linejoin="round"{dash(number)}/>'
        )
    for x, y in points:
        sheet.mark(number, x, y, 3.4)


def _legend(sheet: Sheet, people: Sequence[str]) -> None:
    """Name the curves, as many in a line as fit."""
    if not any(people):
        return
    sheet.y += 8
    x = MARGIN
    sheet.y += NAME * 1.3
    for number, name in enumerate(people):
        words = shorten(name, sheet.inner - 32, NAME)
        wide = 30 + measure(words, NAME) + 20
        if x > MARGIN and x + wide - 20 > sheet.width - MARGIN:
            x = MARGIN
            sheet.y += NAME * 1.4
        sheet.sample(number, x, sheet.y - NAME * 0.36)
        sheet.text(x + 30, sheet.y, words, NAME, "ink")
        x += wide
    sheet.y += 4


def _note(found: Threshold, share: bool) -> str:
    when = found.calendar.label(found.month)
    of = plural(found.futures, "shared future")
    what = f"share of {of} that reach the goal" if share else f"mean over {of}"
    said = [f"Line: {what}, {when}; band: its {100 * LEVEL:g} % interval; markers: what was tried."]
    if len(found.turning()):
        said.append("Full upright line: where the answer turns; bar at its foot: its interval.")
    kinds = {mark.style for mark in _marks(found)}
    meant = [words for kind, words in (("anchor", "dotted: measured elsewhere"),) if kind in kinds]
    if found.vary.plausible is not None:
        low, high = found.vary.plausible
        meant.insert(0, f"grey: what may be believed, {low:g} to {high:g}")
    if meant:
        said.append(f"{titled(listed(meant))}.")
    return " ".join(said)
