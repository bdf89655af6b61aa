"""A study as a map: a cell for each pair of levels, fuller where the outcome is higher.

The numbers are those of cisim.lab.cells. What is above zero has one colour; below zero there is
another, and a broken edge. The best cell has a thick edge. Each cell carries its place, across and
upward, so that whoever shows the map can open what lies in it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cisim.lab.cells import Cells, Side
from cisim.model.input_error import InputError
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.series import Shown, outcome_shown
from cisim.show.charts.words import Reading, escape, measure, shorten, wrap
from cisim.show.language.forms import localised
from cisim.show.language.texts import say

HIGH, LOWEST, GAP = 46.0, 30.0, 3.0
"""A row of cells, one where there are many, and between cells (px)."""
FAINT, FULL = 0.06, 0.62
"""How opaque the lowest and the highest cell are."""
STEPS = 5
"""Of the scale below the map."""


def heat(
    found: Cells,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    under: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the map of a study.

    names : what people call its sides, the words on them and the scenarios
    under : what stands below the title: of which scenario and month

    Raises InputError if no cell holds a point.
    """
    called = dict(names or {})
    what = outcome_shown(found.question.outcome)
    means = found.means * what.factor
    there = means[np.isfinite(means)]
    if not there.size:
        raise InputError("charts: the map has no cell with a point in it.")
    apart = bool(found.question.against)
    unit = what.apart if apart else what.unit
    percent = what.percent and not apart
    low, high = float(there.min()), float(there.max())
    reading = Reading.of(low, high, "" if percent else unit, percent)
    sheet = Sheet(title or what.title, under, theme, width)
    left_words = levels(found.upward, called)
    below_words = levels(found.across, called)
    wide_names = max(measure(one, TICK) for one in left_words) + 8
    left = MARGIN + min(sheet.inner * 0.34, wide_names)
    wide = (sheet.width - MARGIN - left) / len(found.across)
    tall = HIGH if len(found.upward) <= 8 else LOWEST
    sheet.y += 8
    above = called.get(found.upward.name, found.upward.name)
    sheet.write(f"↑ {above}", NOTE, "quiet", lines=1)
    sheet.y += 4
    best = _best(means, what)
    size = TICK if wide > 46 else 11.5
    fits = max(measure(_number(reading, value, apart), size) for value in there) <= wide - 6
    for row in range(len(found.upward)):
        u = len(found.upward) - 1 - row
        middle = sheet.y + (tall - GAP) / 2
        name = shorten(left_words[u], left - MARGIN - 6, TICK)
        sheet.text(left - 8, middle + TICK * 0.35, name, TICK, "ink", anchor="end")
        for a in range(len(found.across)):
            box = left + a * wide, sheet.y, wide - GAP, tall - GAP
            words = _words(found, a, u, left_words, below_words, called, reading, means, apart)
            said = _number(reading, float(means[u, a]), apart) if fits else ""
            _cell(sheet, box, (a, u), float(means[u, a]), (low, high), words, said, size,
                  (a, u) == best)  # fmt: skip
        sheet.y += tall
    lines = [_lines(one, wide - 4) for one in below_words]
    every = 1 if max(measure(one[0], TICK) for one in lines) <= wide + 8 else 2
    for a, each in enumerate(lines):
        if a % every == 0:
            for at, line in enumerate(each):
                y = sheet.y + TICK * (1.05 + 1.2 * at)
                sheet.text(left + a * wide + (wide - GAP) / 2, y, line, TICK, anchor="middle")
    sheet.y += TICK * (1.2 * max(len(one) for one in lines) + 0.3)
    side = called.get(found.across.name, found.across.name)
    side = shorten(f"{side} →", sheet.inner, NOTE)
    sheet.y += NOTE * 1.2
    sheet.text(sheet.width - MARGIN, sheet.y, side, NOTE, anchor="end")
    sheet.y += 10
    _scale(sheet, (low, high), reading, apart)
    counts = found.counts[found.counts > 0]
    few, many = int(counts.min()), int(counts.max())
    notes = [
        say("charts.heat_mean", n=many) if few == many else
        say("charts.heat_means", low=few, high=many),
        say("charts.heat_signs" if low < 0.0 < high else "charts.heat_marks"),
    ]  # fmt: skip
    return sheet.finish(
        "heat",
        _numbers(found, means, what, unit, percent, apart, left_words, below_words, called),
        notes=notes,
        footer=footer,
        summary=_summary(found, means, best, sheet.title, under, left_words, below_words, called,
                         reading, apart),
        series=2,
    )  # fmt: skip


def levels(side: Side, called: Mapping[str, str]) -> list[str]:
    """Return what stands beside each level of a side."""
    if side.words:
        return [called.get(one, one) for one in side.words]
    if side.low == side.high:
        return [_plain(one) for one in side.low]
    pairs = zip(side.low, side.high, strict=True)
    return [f"{_plain(low)}–{_plain(high)}" for low, high in pairs]


def _lines(words: str, wide: float) -> tuple[str, ...]:
    """Return what stands below a level; a range that is too wide has its ends on two lines."""
    low, dash, high = words.partition("–")
    if dash and measure(words, TICK) > wide and max(measure(low, TICK), measure(high, TICK)) < wide:
        return f"{low}{dash}", high
    return wrap(words, wide, TICK, 2)


def _plain(value: float) -> str:
    """Return a value of what is varied, three digits."""
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return localised(text.replace("-", "−"))


def _number(reading: Reading, value: float, apart: bool) -> str:
    return reading.signed(value) if apart else reading.number(value)


def _best(means: np.ndarray, what: Shown) -> tuple[int, int] | None:
    """Return the place of the best cell, across and upward; None where neither side is better."""
    if not what.better:
        return None
    sign = -1.0 if what.better == "lower" else 1.0
    u, a = np.unravel_index(int(np.nanargmax(sign * means)), means.shape)
    return int(a), int(u)


def _share(value: float, ends: tuple[float, float]) -> float:
    """Return how full a cell is, 0 to 1: from zero on where the map has both signs."""
    low, high = ends
    if low < 0.0 < high:
        return abs(value) / max(-low, high)
    if low == high:
        return 0.5
    share = (value - low) / (high - low)
    return share if low >= 0.0 else 1.0 - share


def _paint(value: float, ends: tuple[float, float]) -> str:
    """Return the attributes of a cell."""
    opaque = round(FAINT + (FULL - FAINT) * _share(value, ends), 3)
    if value < 0.0:
        return (
            f'class="s1 axis-line" fill-opacity="{opaque}" stroke-width="1.2" '
            f'stroke-dasharray="4 3"'
        )
    return f'class="s0" fill-opacity="{opaque}"'


def _cell(
    sheet: Sheet,
    box: tuple[float, float, float, float],
    at: tuple[int, int],
    value: float,
    ends: tuple[float, float],
    words: str,
    said: str,
    size: float,
    best: bool,
) -> None:
    x, y, wide, tall = box
    place = f'x="{px(x)}" y="{px(y)}" width="{px(wide)}" height="{px(tall)}" rx="3"'
    if not np.isfinite(value):
        sheet.draw(f'<rect {place} class="axis-line" fill="none" stroke-dasharray="1 4"/>')
        return
    sheet.draw(f'<g class="cell" data-cell="{at[0]} {at[1]}"><title>{escape(words)}</title>')
    sheet.draw(f'<rect {place} class="paper"/><rect {place} {_paint(value, ends)}/>')
    if best:
        sheet.draw(f'<rect {place} class="ink-line" fill="none" stroke-width="2.6"/>')
    if said:
        sheet.text(x + wide / 2, y + tall / 2 + size * 0.35, said, size, "ink", anchor="middle")
    sheet.draw("</g>")


def _words(
    found: Cells,
    a: int,
    u: int,
    left: list[str],
    below: list[str],
    called: Mapping[str, str],
    reading: Reading,
    means: np.ndarray,
    apart: bool,
) -> str:
    """Return what a cell says of itself."""
    sides = [
        f"{called.get(side.name, side.name)} {level}"
        for side, level in ((found.across, below[a]), (found.upward, left[u]))
    ]
    value = f"{_number(reading, float(means[u, a]), apart)}{reading.after}"
    return f"{', '.join(sides)}: {value}"


def _scale(sheet: Sheet, ends: tuple[float, float], reading: Reading, apart: bool) -> None:
    """Draw what how full a cell is means."""
    low, high = ends
    words = [_number(reading, one, apart) for one in ends]
    x, wide = MARGIN, 26.0
    sheet.text(x, sheet.y + TICK * 0.9, words[0], NOTE, "ink")
    x += measure(words[0], NOTE) + 8
    for value in np.linspace(low, high, STEPS if high > low else 1).tolist():
        place = f'x="{px(x)}" y="{px(sheet.y)}" width="{px(wide - 2)}" height="14" rx="2"'
        sheet.draw(f"<rect {place} {_paint(value, ends)}/>")
        x += wide
    after = f"{words[1]}{reading.after}"
    sheet.text(x + 6, sheet.y + TICK * 0.9, after, NOTE, "ink")
    sheet.y += 16


def _numbers(
    found: Cells,
    means: np.ndarray,
    what: Shown,
    unit: str,
    percent: bool,
    apart: bool,
    left: list[str],
    below: list[str],
    called: Mapping[str, str],
) -> Numbers:
    one, other = (called.get(side.name, side.name) for side in (found.across, found.upward))
    points = say("charts.heat_points")
    rows = [
        {one: below[a], other: left[u], what.title: float(means[u, a]), points: int(n)}
        for u, counted in enumerate(found.counts)
        for a, n in enumerate(counted)
    ]
    shown = "%" if percent else unit
    return Numbers(pd.DataFrame(rows), shown, (what.title,), factor=what.factor, signed=apart)


def _summary(
    found: Cells,
    means: np.ndarray,
    best: tuple[int, int] | None,
    title: str,
    under: str,
    left: list[str],
    below: list[str],
    called: Mapping[str, str],
    reading: Reading,
    apart: bool,
) -> str:
    """Return the map in sentences: its ends, and which way each side moves it."""
    high = np.unravel_index(int(np.nanargmax(means)), means.shape)
    low = np.unravel_index(int(np.nanargmin(means)), means.shape)
    ends = [
        _words(found, int(at[1]), int(at[0]), left, below, called, reading, means, apart)
        for at in (high, low)
    ]
    said = [f"{title}. {under}".rstrip(), say("charts.heat_ends", most=ends[0], least=ends[1])]
    if best is not None:
        where = _words(found, *best, left, below, called, reading, means, apart)
        said.append(say("charts.heat_best", where=where))
    return " ".join(said)
