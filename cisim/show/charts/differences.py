"""What each scenario changes, future by future: the same luck with and without.

The numbers are those of cisim.lab.comparison: the interval is that of the mean difference over
shared futures (Student's t), and a scenario whose interval holds zero is not called better
or worse.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cisim.lab.comparison import MOST_FUTURES, futures_needed
from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import Outcome
from cisim.show.charts.axes import Axis, value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, RowHead, Sheet, px
from cisim.show.charts.ink import Theme, place
from cisim.show.charts.series import Floats, Names, Shown, ends, outcome_shown, series
from cisim.show.charts.words import Reading, measure, placed, shorten
from cisim.show.counted import after
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar

SINGLE_FUTURES = 200
"""At most so many single differences of a scenario are drawn."""
FILED = {
    "futures": "n",
    "mean": "mean_difference",
    "low": "ci_low",
    "high": "ci_high",
    "better": "n_better",
    "equal": "n_equal",
    "needed": "futures_needed",
}
"""What columns are called in a file."""
HALF = 17.0
"""Single differences lie so far around the middle of their row (px)."""


def differences(
    table: pd.DataFrame,
    outcome: str | Outcome,
    *,
    against: str | None = None,
    month: float | None = None,
    names: Names = None,
    title: str | None = None,
    where: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
    calendar: Calendar = UNDATED,
) -> Chart:
    """Return each scenario's difference to one of them over the futures that both share.

    table   : scenario, replicate, month and the outcome's column; overall rows
    outcome : a name or a declaration; a column of another name is shown without a unit
    against : the scenario that the others are compared with, the first if None
    month   : the last of the table if None
    names   : the scenarios in their order; a mapping gives them names for people
    where   : the region, for the title where none is given
    calendar : how months are called

    Raises InputError if a column, scenario or month is missing, or there is one scenario only.
    """
    what = outcome_shown(outcome)
    data = series(table, what, names)
    if len(data.keys) < 2:
        raise InputError("charts: differences has one scenario; allowed are two or more.")
    base = data.keys[0] if against is None else against
    if base not in data.keys:
        raise InputError(f"charts: against is {shown(base)}.{nearest(base, data.keys)}")
    reference = data.keys.index(base)
    at, values = ends(data, month)
    # As in the comparison: only futures that every scenario has finished.
    values = values[:, data.there.all(axis=0)]
    rows = [
        _Row(s, data.names[s], values[s] - values[reference], what.better)
        for s in range(len(data.keys))
        if s != reference
    ]
    numbers = np.concatenate([[0.0], *(row.reach for row in rows)])
    baseline = data.names[reference]
    then = placed(f"{what.title} {after(at, calendar)}", where)
    heading = title or say("charts.difference_to", then=then, base=baseline)
    sheet = Sheet(heading, what.words, theme, width)
    sheet.y += 6
    low, high = float(numbers.min()), float(numbers.max())
    axis = value_axis(low, high, MARGIN + 12, sheet.width - MARGIN - 12, about=6)
    unit = what.apart
    reading = _reading(axis, rows, unit)
    for row in rows:
        row.draw(sheet, axis, reading)
    _lying_axis(sheet, axis, reading, what.better)
    most = max(row.futures for row in rows)
    notes = [
        say("charts.small_dots", level=f"{LEVEL * 100:g}") if most > 1 else say("charts.one_shared")
    ]
    summary = _summary(heading, rows, reading, baseline, what.better)
    return sheet.finish(
        "differences",
        _table(rows, baseline, what),
        notes=notes,
        footer=footer,
        summary=summary,
        series=len(data.keys),
    )


class _Row:
    """One scenario's differences to the reference."""

    def __init__(self, number: int, name: str, differences: Floats, better: str) -> None:
        self.number, self.name, self.better_is = number, name, better
        self.values = differences[np.isfinite(differences)]
        self.futures = len(self.values)
        interval = mean_interval(self.values)
        self.mean, self.low, self.high, self.sd = (float(part) for part in interval[:4])
        sign = -1.0 if better == "lower" else 1.0
        self.better = int((sign * self.values > 0).sum())
        self.equal = int((self.values == 0).sum())

    @property
    def reach(self) -> Floats:
        """Return all numbers that must fit on the axis."""
        ends = np.array([self.mean, self.low, self.high])
        return np.concatenate([self.values, ends[np.isfinite(ends)]])

    @property
    def told_apart(self) -> bool:
        """Return whether the interval leaves zero out."""
        return self.futures > 1 and (self.low > 0 or self.high < 0)

    @property
    def needed(self) -> float:
        """Return about how many futures would tell the two apart, NaN where they are or none do."""
        if self.futures < 2 or self.told_apart:
            return math.nan
        count = futures_needed(self.mean, self.sd)
        if count > MOST_FUTURES:
            return math.nan
        step = 10 ** max(0, math.floor(math.log10(count)) - 1)
        return float(math.ceil(count / step) * step)

    @property
    def said(self) -> str:
        """Return the verdict in frequencies."""
        if not self.futures:
            return say("charts.none_shared")
        n = self.futures
        if self.equal == n:
            return say("charts.same_in", n=n) if n > 1 else say("charts.same")
        if self.futures > 1 and not self.told_apart:
            needed = self.needed
            if math.isnan(needed):
                return say("charts.not_apart", n=n)
            return say("charts.not_apart_yet", n=n, needed=localised(f"{needed:,.0f}"))
        other = n - self.equal - self.better
        if self.better_is:
            if self.mean * (-1 if self.better_is == "lower" else 1) < 0:
                return say("charts.worse_in", many=other, n=n)
            return say("charts.better_in", many=self.better, n=n)
        if self.mean < 0:
            return say("charts.less_in", many=other, n=n)
        return say("charts.more_in", many=self.better, n=n)

    def value(self, reading: Reading) -> str:
        """Return "+0.62 (+0.55 to +0.69)"."""
        if self.futures < 2:
            return reading.signed(self.mean)
        return reading.estimate(self.mean, self.low, self.high)

    def draw(self, sheet: Sheet, axis: Axis, reading: Reading) -> None:
        sheet.y += 10
        RowHead(sheet, self.number, self.name, self.said).draw()
        if not self.futures:
            sheet.y += 8
            return
        middle = sheet.y + 8 + NOTE * 1.3 + HALF
        here = place(self.number)
        zero = axis.at(0.0)
        sheet.rule(zero, sheet.y + 8, zero, middle + HALF + 8, "axis-line", ' stroke-width="1.4"')
        if self.futures > 1:
            drawn = []
            for k, value in enumerate(self.values[:SINGLE_FUTURES].tolist()):
                # The golden ratio spreads them evenly, and always the same.
                y = middle + ((k * 0.6180339887498949) % 1.0 - 0.5) * 2 * (HALF - 3)
                drawn.append(f"M{px(axis.at(value))} {px(y)}h.01")
            sheet.draw(
                f'<path d="{"".join(drawn)}" class="l{here}" stroke-width="5" '
                f'stroke-linecap="round" stroke-opacity=".42" fill="none"/>'
            )
            x1, x2 = axis.at(self.low), axis.at(self.high)
            bar = f"M{px(x1)} {px(middle)}L{px(x2)} {px(middle)}"
            bar += f"M{px(x1)} {px(middle - 10)}v20M{px(x2)} {px(middle - 10)}v20"
            for use, wide in (("paper-line", 5), ("ink-line", 2)):
                sheet.draw(f'<path d="{bar}" class="{use}" fill="none" stroke-width="{wide:g}"/>')
        x = axis.at(self.mean)
        sheet.mark(self.number, x, middle, 5)
        words = self.value(reading)
        half = measure(words, NOTE, True) / 2
        inside = min(max(x, MARGIN + half), sheet.width - MARGIN - half)
        sheet.text(
            inside, middle - HALF - 4, words, NOTE, "ink", anchor="middle", bold=True, plate=True
        )
        sheet.y = middle + HALF + 4


def _reading(axis: Axis, rows: list[_Row], unit: str) -> Reading:
    """Return a reading with decimals enough that every interval can be told from a point."""
    several = [(row.low, row.high) for row in rows if row.futures > 1]
    return Reading.of(axis.low, axis.high, unit, False).telling(*several)


def _lying_axis(sheet: Sheet, axis: Axis, reading: Reading, better: str) -> None:
    y = sheet.y + 6
    sheet.rule(MARGIN, y, sheet.width - MARGIN, y, "axis-line")
    decimals = axis.decimals(reading.power)
    for tick in axis.ticks:
        x = axis.at(tick)
        sheet.rule(x, y, x, y + 5, "axis-line")
        text = reading.number(tick, decimals)
        text = f"+{text}" if tick > 0 else text
        sheet.text(x, y + 5 + TICK * 1.05, text, TICK, anchor="middle")
    below = y + 5 + TICK * 1.05 + NOTE * 1.45
    named = {"higher": ("worse", "better"), "lower": ("better", "worse")}
    words = [say(f"charts.{one}") for one in named.get(better, ("less", "more"))]
    zero = axis.at(0.0)
    left, right = f"← {words[0]}", f"{words[1]} →"
    if zero - MARGIN > measure(left, NOTE) + 8:
        sheet.text(zero - 8, below, left, NOTE, "ink", anchor="end")
    if sheet.width - MARGIN - zero > measure(right, NOTE) + 8:
        sheet.text(zero + 8, below, right, NOTE, "ink")
    unit = shorten(reading.axis, sheet.inner * 0.5, NOTE)
    if zero + 8 + measure(right, NOTE) + 12 + measure(unit, NOTE) < sheet.width - MARGIN:
        sheet.text(sheet.width - MARGIN, below, unit, NOTE, anchor="end")
    else:
        below += NOTE * 1.35
        sheet.text(sheet.width - MARGIN, below, unit, NOTE, anchor="end")
    sheet.y = below + 4


def _table(rows: list[_Row], baseline: str, what: Shown) -> Numbers:
    table = pd.DataFrame(
        {
            "scenario": [row.name for row in rows],
            "against": baseline,
            "futures": [row.futures for row in rows],
            "mean": [row.mean for row in rows],
            "low": [row.low for row in rows],
            "high": [row.high for row in rows],
            "better": [row.better for row in rows],
            "equal": [row.equal for row in rows],
            "told_apart": [row.told_apart for row in rows],
            "needed": [row.needed for row in rows],
            "ci_level": LEVEL,
        }
    )
    return Numbers(
        table,
        what.apart,
        ("mean", "low", "high"),
        factor=what.factor,
        signed=True,
        named=FILED,
        aside=("against", "ci_level"),
    )


def _summary(title: str, rows: list[_Row], reading: Reading, baseline: str, better: str) -> str:
    unit = say("charts.in_unit", unit=reading.axis) if reading.axis else ""
    several = any(row.futures > 1 for row in rows)
    kind = say("charts.its_interval", level=f"{LEVEL * 100:g}") if several else ""
    values = "; ".join(f"{row.name} {row.value(reading)}" for row in rows)
    said = [f"{title}{unit}{say('charts.mean_shared')}{kind}: {values}."]
    verdicts = "; ".join(f"{row.name} {row.said}" for row in rows)
    said.append(say("charts.future_by_future", base=baseline, verdicts=verdicts))
    if better:
        said.append(say(f"charts.{better}_said"))
    return " ".join(said)
