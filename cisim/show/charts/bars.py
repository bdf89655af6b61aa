"""Bars with intervals: each from nothing to a mean, its interval as a line across it.

What each component is worth (worth.py) and each role or organisation (attribution.py) is drawn so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cisim.show.charts.axes import value_axis
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.words import Reading, measure, wrap
from cisim.show.language.texts import say

HIGH, GAP, NEAR = 18.0, 12.0, 3.0
"""Of a bar, between two, and between two of one name (px)."""


class Bar(NamedTuple):
    """A bar; name is "" where it belongs to the one above it.

    place : of its colour
    """

    name: str
    mean: float
    low: float
    high: float
    place: int = 0


def draw_bars(sheet: Sheet, bars: Sequence[Bar], unit: str) -> list[str]:
    """Draw bars with their axis at the sheet's y and move y below; return each in words.

    unit : of the numbers, for people
    """
    numbers = np.array([[one.mean, one.low, one.high] for one in bars])
    there = numbers[np.isfinite(numbers)]
    low, high = float(min(there.min(initial=0.0), 0.0)), float(max(there.max(initial=0.0), 0.0))
    high = high if high > low else low + 1.0
    left = MARGIN + min(sheet.inner * 0.4, max(measure(one.name, NOTE) for one in bars) + 14)
    axis = value_axis(low, high, left, sheet.width - MARGIN - 4, about=5)
    reading = Reading.of(axis.low, axis.high, unit, False)
    reading = reading.telling(*[(float(a), float(b)) for _, a, b in numbers if np.isfinite(a + b)])
    zero, top, under = axis.at(0.0), sheet.y, len(sheet.parts)
    said = []
    for number, (name, mean, least, most, place) in enumerate(bars):
        if number:
            sheet.y += GAP if name else NEAR
        lines = wrap(name, left - MARGIN - 10, NOTE, 2) if name else ()
        words = _words(reading, mean, least, most)
        said.append(f"{name} {words}".strip())
        tall = max(HIGH + NOTE * 1.4, len(lines) * NOTE * 1.3)
        for at, line in enumerate(lines):
            sheet.text(MARGIN, sheet.y + NOTE * (1.9 + at * 1.3), line, NOTE, "ink")
        bar = sheet.y + NOTE * 1.4
        if np.isfinite(mean):
            x = axis.at(mean)
            sheet.draw(
                f'<rect x="{px(min(zero, x))}" y="{px(bar)}" width="{px(abs(x - zero))}" '
                f'height="{px(HIGH)}" class="s{place}" fill-opacity=".45"/>'
            )
        if np.isfinite(least + most):
            middle, (a, b) = bar + HIGH / 2, (axis.at(least), axis.at(most))
            ends = f"M{px(a)} {px(middle)}L{px(b)} {px(middle)}"
            ends += f"M{px(a)} {px(middle - 5)}v10M{px(b)} {px(middle - 5)}v10"
            sheet.draw(f'<path d="{ends}" class="ink-line" fill="none" stroke-width="2"/>')
        half = measure(words, NOTE, True) / 2
        middle_of = axis.at(mean) if np.isfinite(mean) else zero
        at_x = min(max(middle_of, left + half), sheet.width - MARGIN - half)
        sheet.text(at_x, bar - 6, words, NOTE, "ink", anchor="middle", bold=True, plate=True)
        sheet.y += tall
    sheet.y += GAP
    sheet.rule(zero, top, zero, sheet.y, "axis-line", ' stroke-width="1.4"')
    sheet.parts.insert(under, sheet.parts.pop())  # numbers stand before it
    sheet.rule(left, sheet.y, sheet.width - MARGIN, sheet.y, "axis-line")
    decimals = axis.decimals(reading.power)
    for tick in axis.ticks:
        sheet.rule(axis.at(tick), sheet.y, axis.at(tick), sheet.y + 5, "axis-line")
        text = reading.number(tick, decimals)
        sheet.text(axis.at(tick), sheet.y + 5 + TICK * 1.05, text, TICK, anchor="middle")
    sheet.y += 5 + TICK * 1.05 + NAME * 1.2
    if reading.axis:
        sheet.text(sheet.width - MARGIN, sheet.y, reading.axis, NOTE, anchor="end")
    return said


def _words(reading: Reading, mean: float, low: float, high: float) -> str:
    if not np.isfinite(mean):
        return say("track.chart.undefined")
    if not np.isfinite(low + high):
        return reading.signed(mean)
    return reading.estimate(mean, low, high)
