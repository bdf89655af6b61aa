"""A running partnership beside its futures: what was believed before, what is now, what to watch.

Of an outcome two fans are drawn over time, what was believed before (grey) and what is believed now
by the weights of the futures, and what was observed, with its error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cisim.lab.ensemble import LEVEL, OVERALL
from cisim.lab.tracking import Figure, Tracked
from cisim.show.charts.axes import Axis, time_ticks, value_axis
from cisim.show.charts.bars import Bar, draw_bars
from cisim.show.charts.chart import Chart, Numbers, TimeAxis
from cisim.show.charts.frame import MARGIN, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.series import Floats, outcome_shown
from cisim.show.charts.words import measure, placed, shorten
from cisim.show.counted import after, label
from cisim.show.language.forms import localised
from cisim.show.language.texts import say

HEIGHT = 270.0
"""Of the field (px)."""
ERRORS = 1.6449
"""So many standard deviations to either side hold nine in ten."""
MOST_BARS = 8
_BEFORE, _NOW = ("before_q05", "before_q50", "before_q95"), ("q05", "q50", "q95")


def tracked(
    found: Tracked,
    outcome: str,
    *,
    region: str = OVERALL,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return how an outcome was believed to go, how it is now, and what was observed of it.

    width : px; 640 reads well from a phone to a page, 390 is laid out for a phone

    Raises InputError if outcome or region were not kept.
    """
    what = outcome_shown(outcome)
    table = found.forecast([outcome], region)
    if not found.counted:  # a band of one future would be told as sure
        table.loc[:, list(_NOW)] = math.nan
    bands = {side: table[list(side)].to_numpy(np.float64).T * what.factor
             for side in (_BEFORE, _NOW)}  # fmt: skip
    seen = [one for one in found.figures
            if (one.outcome, one.region or OVERALL) == (outcome, region)]  # fmt: skip
    heading = placed(title or what.title, "" if region == OVERALL else region)
    sheet = Sheet(heading, what.words, theme, width)
    _legend(sheet, bool(seen), found.counted)

    ends = [*bands[_BEFORE].ravel(), *bands[_NOW].ravel()]
    for one in seen:
        ends += [(one.value + side * ERRORS * one.error) * what.factor for side in (-1, 1)]
    numbers = [one for one in ends if math.isfinite(one)] or [0.0, 1.0]
    low, high = what.bounds
    upright = value_axis(max(min(numbers), low), min(max(numbers), high), 0.0, 0.0,
                         bounds=what.bounds)  # fmt: skip
    reading = what.reading(upright.low, upright.high)
    decimals = upright.decimals(reading.power)
    left = MARGIN + 8 + max(measure(reading.number(t, decimals), TICK) for t in upright.ticks)
    right = sheet.width - MARGIN - 44
    sheet.y += NOTE * 1.7
    if reading.axis:
        sheet.text(MARGIN, sheet.y, shorten(reading.axis, sheet.inner, NOTE), NOTE)
    sheet.y += 14
    top, bottom = sheet.y, sheet.y + HEIGHT
    upright = upright.moved(bottom, top)
    first, last = 0.0, float(max(found.horizon, 1))
    time = Axis(first, last, left, right, (), 1.0)
    sheet.value_grid(upright, reading, left, right)
    xs = [time.at(float(month)) for month in table["month"]]
    _fan(
        sheet, xs, bands[_BEFORE], upright, "plain", "quiet-line", ".38", ' stroke-dasharray="5 4"'
    )
    _fan(sheet, xs, bands[_NOW], upright, "s0", "l0", ".30", "")
    if found.figures:
        now = time.at(float(found.now))
        sheet.rule(now, top, now, bottom, "axis-line", ' stroke-dasharray="2 3"')
        side = "end" if now > (left + right) / 2 else "start"
        where = now - 5 if side == "end" else now + 5
        sheet.text(
            where, top + NOTE, say("track.chart.last"), NOTE, "quiet", anchor=side, halo=True
        )
    for one in seen:
        _point(sheet, one, time, upright, what.factor)
    sheet.time_marks(
        time_ticks(first, last, 7 if right - left > 260 else 4, found.calendar), time, bottom
    )
    sheet.y = bottom + 8 + TICK * 1.3
    shown = table[["outcome", "month", "date", *_BEFORE, *_NOW]].copy()
    for column in (*_BEFORE, *_NOW):
        shown[column] *= what.factor
    shown["outcome"] = what.title
    observed = {one.month: one for one in seen}
    shown["observed"] = [
        observed[month].value * what.factor if month in observed else math.nan
        for month in shown["month"]
    ]
    kept = [month in observed or month % 12 == 0 or month == found.horizon
            for month in shown["month"]]  # fmt: skip
    shown = shown[kept].reset_index(drop=True)
    untold = "undefined" if found.counted else "few"
    words = [reading.between(*(float(bands[side][at, -1]) for at in (0, 2)))
             if np.isfinite(bands[side][:, -1]).all() else say(f"track.chart.{untold}")
             for side in (_BEFORE, _NOW)]  # fmt: skip
    when = after(found.horizon, found.calendar)
    summary = say(
        "track.chart.summary", heading=heading, when=when, before=words[0], now=words[1],
        n=len(seen),
    )  # fmt: skip
    note = say(
        "track.chart.bands" if found.counted else "track.chart.bands_few",
        n=found.futures, futures=localised(f"{found.futures:,}"),
        effective=localised(f"{found.effective:,.0f}"),
    )  # fmt: skip
    if seen:
        note += f" {say('track.chart.dots')}"
    return sheet.finish(
        "tracked",
        Numbers(shown, what.unit, (*_BEFORE, *_NOW, "observed"), factor=what.factor),
        notes=[note],
        footer=footer,
        summary=summary,
        series=1,
        time=TimeAxis(first, last, left, right, top, bottom, sheet.width),
    )


def _fan(
    sheet: Sheet,
    xs: Sequence[float],
    band: Floats,
    axis: Axis,
    fill: str,
    line: str,
    opacity: str,
    extra: str,
) -> None:
    there = np.asarray(np.isfinite(band).all(axis=0), np.bool_)
    starts = np.flatnonzero(there & ~np.concatenate([[False], there[:-1]]))
    for start in starts.tolist():
        gone = np.flatnonzero(~there[start:])
        end = start + int(gone[0]) if gone.size else there.size
        some = range(start, end)
        ups = [f"{px(xs[k])} {px(axis.at(float(band[2, k])))}" for k in some]
        downs = [f"{px(xs[k])} {px(axis.at(float(band[0, k])))}" for k in reversed(some)]
        middle = [f"{px(xs[k])} {px(axis.at(float(band[1, k])))}" for k in some]
        if len(middle) < 2:
            continue
        sheet.draw(
            f'<path d="M{"L".join(ups + downs)}z" class="{fill}" fill-opacity="{opacity}"/>',
            f'<path d="M{"L".join(middle)}" class="{line}" fill="none" stroke-width="2"{extra}/>',
        )


def _point(sheet: Sheet, one: Figure, time: Axis, axis: Axis, factor: float) -> None:
    x, y = time.at(float(one.month)), axis.at(one.value * factor)
    unsure = math.hypot(one.error, one.discrepancy)
    for sd, wide, cap in ((unsure, 1.0, 0), (one.error, 2.2, 8)):
        ends = [
            axis.at(min(max((one.value + side * ERRORS * sd) * factor, axis.low), axis.high))
            for side in (-1, 1)
        ]
        caps = "".join(f"M{px(x - cap / 2)} {px(end)}h{cap}" for end in ends if cap)
        if sd > 0.0:
            sheet.draw(
                f'<path d="M{px(x)} {px(ends[0])}L{px(x)} {px(ends[1])}{caps}" class="ink-line" '
                f'fill="none" stroke-width="{wide:g}"/>'
            )
    sheet.draw(
        f'<circle cx="{px(x)}" cy="{px(y)}" r="4.4" class="ink paper-line" stroke-width="1.5"/>'
    )


def _legend(sheet: Sheet, seen: bool, counted: bool) -> None:
    sheet.y += 8 + NOTE * 1.4
    x, middle = MARGIN, sheet.y - NOTE * 0.35
    fans = [(say("track.chart.before"), "plain", "quiet-line")]
    if counted:
        fans.append((say("track.chart.now"), "s0", "l0"))
    for words, fill, line in fans:
        dashes = ' stroke-dasharray="5 4"' if fill == "plain" else ""
        opacity = ".38" if fill == "plain" else ".30"
        sheet.draw(
            f'<rect x="{px(x)}" y="{px(middle - 6)}" width="24" height="12" class="{fill}" '
            f'fill-opacity="{opacity}"/>'
        )
        sheet.rule(x, middle, x + 24, middle, line, f' stroke-width="2"{dashes}')
        sheet.text(x + 30, sheet.y, words, NOTE, "ink")
        x += 30 + measure(words, NOTE) + 20
    if seen:
        sheet.draw(f'<circle cx="{px(x + 5)}" cy="{px(middle)}" r="4.4" class="ink"/>')
        sheet.text(x + 16, sheet.y, say("track.chart.observed"), NOTE, "ink")


def telling(
    found: Tracked,
    *,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return how much each figure of the coming months would tell of the answer, the best first."""
    table = found.best_to_watch().head(MOST_BARS)
    what = outcome_shown(found.outcome)
    heading = title or say("track.watch_title")
    when = after(found.horizon, found.calendar)
    under = say("track.chart.telling", outcome=what.title, when=when)
    sheet = Sheet(heading, under, theme, width)
    sheet.y += 14
    bars = [
        Bar(
            f"{outcome_shown(row['outcome']).title}, {label(found.calendar, row['month'])}",
            100.0 * row["tells"],
            100.0 * row["low"],
            100.0 * row["high"],
        )
        for row in table.to_dict("records")
    ]
    if bars:
        said = draw_bars(sheet, bars, "%")
    else:
        few = say("track.watch_few")
        sheet.write(few, NOTE, "ink")
        said = [few.rstrip(".")]
    note = say(
        "track.chart.line", level=f"{100 * LEVEL:g}",
        effective=localised(f"{found.effective:,.0f}"),
    )  # fmt: skip
    shown = pd.DataFrame(
        {
            "outcome": [bar.name for bar in bars],
            "tells": [bar.mean for bar in bars],
            "low": [bar.low for bar in bars],
            "high": [bar.high for bar in bars],
        }
    )
    return sheet.finish(
        "telling",
        Numbers(shown, "%", ("tells", "low", "high"), factor=100.0),
        notes=[note],
        footer=footer,
        summary=f"{heading}: {'; '.join(said)}.",
        series=1,
    )
