"""A lower axis of any number, with values that are marked on it in words above the field.

Marked are the range that may be believed, values that somebody has measured (anchors), the default
and what scenarios have, and where an answer turns; words never lie on each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from cisim.lab.turning import Scale
from cisim.model.quantity import Anchor
from cisim.show.charts.axes import Axis, round_step, time_ticks
from cisim.show.charts.frame import MARGIN, NOTE, TICK, Sheet, px
from cisim.show.charts.words import measure, shorten
from cisim.show.language.facts import fact
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar

LANE = NOTE * 1.35


class Mark(NamedTuple):
    """A value that is marked on the axis: in words, and how its line is drawn."""

    value: float
    words: str
    style: str


def anchored(one: Anchor) -> Mark:
    """Return the mark of a value that was measured elsewhere."""
    words = say("turning.anchor", value=one.value, words=fact("anchors", one.words, one.words))
    return Mark(one.value, words, "anchor")


class Lying:
    """The lower axis: values of what is varied on places, with its ticks."""

    def __init__(
        self,
        scale: Scale,
        start: float,
        end: float,
        unit: str,
        *,
        month: bool = False,
        calendar: Calendar = UNDATED,
    ) -> None:
        self.scale, self.start, self.end = scale, start, end
        self.month, self.unit, self.calendar = month, unit, calendar

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
            sheet.text(x, y + 5 + TICK * 1.05, localised(f"{value:.6g}"), TICK, anchor="middle")
        below = y + 5 + TICK * 1.05 + NOTE * 1.4
        words = "" if self.unit == "–" else self.unit
        if self.scale.log:
            words = say("turning.factors", words=words).strip()
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


def _lanes(
    marks: Sequence[Mark], lying: Lying, sheet: Sheet
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


def write_marks(sheet: Sheet, marks: Sequence[Mark], lying: Lying) -> float:
    """Write the words of the marks in lanes; return where the field begins."""
    placed = _lanes(marks, lying, sheet)
    lanes = max((lane for _, _, lane, _ in placed), default=-1) + 1
    top = sheet.y + 8 + lanes * LANE + 6
    for _, left, lane, words in placed:
        sheet.text(left, top - 8 - lane * LANE, words, NOTE, "ink", plate=True)
    return top


def _starts(
    marks: Sequence[Mark], lying: Lying, sheet: Sheet, top: float
) -> list[tuple[float, float]]:
    """Return where the line of each mark begins: under its words."""
    return [(x, top - 4 - lane * LANE) for x, _, lane, _ in _lanes(marks, lying, sheet)]


def rules(sheet: Sheet, marks: Sequence[Mark], lying: Lying, top: float, bottom: float) -> None:
    """Draw the line of each mark, from its words to the foot of the field."""
    for mark, (x, y) in zip(marks, _starts(marks, lying, sheet, top), strict=True):
        sheet.rule(x, y, x, bottom, *STYLES[mark.style])


def believed(sheet: Sheet, ends: tuple[float, float], lying: Lying, top: float, low: float) -> None:
    """Shade the range that may be believed, from `top` to `low` (px)."""
    x1, x2 = (lying.at(end) for end in ends)
    if x2 > x1:
        sheet.draw(
            f'<rect x="{px(x1)}" y="{px(top)}" width="{px(x2 - x1)}" '
            f'height="{px(low - top)}" class="plain" fill-opacity=".16"/>'
        )


def turn_bar(sheet: Sheet, low: float, high: float, bottom: float) -> None:
    """Draw the interval of a turn as a bar under the field, from place to place (px)."""
    sheet.draw(
        f'<rect x="{px(low)}" y="{px(bottom)}" width="{px(max(2.0, high - low))}" height="5" '
        f'class="ink" fill-opacity=".6"/>'
    )


STYLES = {
    "turn": ("ink-line", ' stroke-width="2"'),
    "now": ("ink-line", ' stroke-width="1.4" stroke-dasharray="7 4"'),
    "default": ("quiet-line", ' stroke-width="1.2" stroke-dasharray="7 4"'),
    "anchor": ("quiet-line", ' stroke-width="1.6" stroke-dasharray="1.5 4" stroke-linecap="round"'),
}
