"""The end value as twenty dots, each one in twenty futures, against a goal.

People judge chances better by counting dots than by reading a curve (Kay et al. 2016, quantile
dot plots).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cisim.model.outcomes import Outcome
from cisim.show.charts.axes import Axis, spread, value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, RowHead, Sheet, px
from cisim.show.charts.ink import Theme, place
from cisim.show.charts.series import (
    Floats,
    Names,
    Series,
    Shown,
    check_goal,
    ends,
    outcome_shown,
    quantiles,
    series,
)
from cisim.show.charts.words import Reading, measure, placed, shorten
from cisim.show.counted import after
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar

FILED = {"futures": "n", "median": "q50", "low": "q05", "high": "q95", "reached": "n_reached"}
"""What columns are called in a file."""
DOTS = 20
RADII = (6.0, 5.5, 5.0, 4.5, 4.0)
"""Of a dot (px): the first with which no stack is too high."""
TALLEST = 84.0
"""A stack is at most so high (px); with the smallest dots those of a higher one overlap."""


def dots(
    table: pd.DataFrame,
    outcome: str | Outcome,
    *,
    goal: float | None = None,
    month: float | None = None,
    names: Names = None,
    title: str | None = None,
    where: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
    calendar: Calendar = UNDATED,
) -> Chart:
    """Return twenty dots a scenario for the value at the end, filled where they reach the goal.

    table   : scenario, replicate, month and the outcome's column; overall rows
    outcome : a name or a declaration; a column of another name is shown without a unit
    goal    : in the outcome's unit; reached from above or below, whichever is better
    month   : the last of the table if None
    names   : the scenarios in their order; a mapping gives them names for people
    where   : the region, for the title
    calendar : how months are called

    Raises InputError if a column, scenario or month is missing or the goal can never be.
    """
    what = outcome_shown(outcome)
    goal = check_goal(goal, what)
    data = series(table, what, names)
    at, values = ends(data, month)
    finite = values[np.isfinite(values)]
    numbers = np.append(finite, [] if goal is None else [goal])
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
    heading = placed(title or f"{what.title} {after(at, calendar)}", where)
    sheet = Sheet(heading, what.words, theme, width)
    axis = value_axis(
        low, high, MARGIN + 20, sheet.width - MARGIN - 20, about=6, bounds=what.bounds
    )
    reading = what.reading(low, high)
    found = [_Row(data, s, values[s], goal, what, reading) for s in range(len(data.keys))]
    sheet.y += 6
    above = sheet.y
    sheet.y += 22 if goal is not None else 0
    marks = sheet.y
    behind = len(sheet.parts)
    radius = next((r for r in RADII if all(row.fits(axis, r) for row in found)), RADII[-1])
    for row in found:
        row.draw(sheet, axis, radius)
    _axis_below(sheet, axis, reading, what)
    if goal is not None:
        words = say("charts.goal", goal=reading.short(goal))
        bottom = sheet.y - TICK * 1.6 - NOTE * 1.7
        _goal(sheet, axis.at(goal), above, marks, bottom, words, behind)
    summary = _summary(heading, found, reading, goal, what)
    return sheet.finish(
        "dots",
        _table(found, what),
        notes=[_legend(found, goal)],
        footer=footer,
        summary=summary,
        series=len(data.keys),
    )


class _Row:
    """One scenario: its dots, and how many of its futures reach the goal."""

    def __init__(
        self,
        data: Series,
        number: int,
        values: Floats,
        goal: float | None,
        what: Shown,
        reading: Reading,
    ) -> None:
        self.number, self.name, self.reading, self.goal = number, data.names[number], reading, goal
        finite = values[np.isfinite(values)]
        self.futures = len(finite)
        self.lower = what.better == "lower"
        count = min(DOTS, self.futures)
        shares = [(k + 0.5) / count for k in range(count)]
        self.dots = quantiles(finite[:, None], shares)[:, 0] if count == DOTS else np.sort(finite)
        self.median, self.low, self.high = quantiles(finite[:, None], (0.5, 0.05, 0.95))[:, 0]
        self.reached = int(self._reaches(finite).sum())

    def _reaches(self, values: Floats) -> Any:
        if self.goal is None:
            return np.ones(values.shape, bool)
        return values <= self.goal if self.lower else values >= self.goal

    @property
    def said(self) -> str:
        if not self.futures:
            return say("charts.no_values")
        if self.goal is not None:
            return say("charts.reached", reached=self.reached, n=self.futures)
        return self.value

    @property
    def value(self) -> str:
        """Return the median and, where there are futures enough, what nine in ten lie between."""
        words = self.reading.number(self.median)
        if self.futures >= 10:
            words += f" ({self.reading.between(self.low, self.high)})"
        return words

    def _stacks(self, axis: Axis, radius: float) -> list[tuple[float, list[int]]]:
        """Return the dots as stacks, those on one side of the goal clear of the other side."""
        xs = [axis.at(v) for v in self.dots.tolist()]
        if self.goal is None:
            return _stacks(xs, radius, axis.start - 20, axis.end + 20)
        goal, reaches = axis.at(self.goal), self._reaches(self.dots)
        left = int((reaches if self.lower else ~reaches).sum())
        below = _stacks(xs[:left], radius, axis.start - 20, goal)
        above = _stacks(xs[left:], radius, goal, axis.end + 20)
        return below + [(x, [dot + left for dot in stack]) for x, stack in above]

    def fits(self, axis: Axis, radius: float) -> bool:
        """Return whether no stack of dots of a radius is too high."""
        stacks = self._stacks(axis, radius)
        return all(len(stack) * 2 * radius <= TALLEST for _, stack in stacks)

    def draw(self, sheet: Sheet, axis: Axis, radius: float) -> None:
        """Draw it at the sheet's y and move y below it."""
        sheet.y += 8
        RowHead(sheet, self.number, self.name, self.said).draw()
        stacks = self._stacks(axis, radius)
        tallest = max((len(stack) for _, stack in stacks), default=1)
        step = min(2 * radius + 0.6, TALLEST / tallest)
        base = sheet.y + 8 + step * (tallest - 1) + 2 * radius
        sheet.rule(MARGIN, base + 3, sheet.width - MARGIN, base + 3, "grid-line")
        filled = self._reaches(self.dots)
        for x, stack in stacks:
            for level, dot in enumerate(stack):
                y = base - radius - level * step
                here = f'cx="{px(x)}" cy="{px(y)}"'
                if filled[dot]:
                    sheet.draw(
                        f'<circle {here} r="{radius:g}" class="s{place(self.number)} paper-line" '
                        f'stroke-width="1"/>'
                    )
                else:
                    sheet.draw(
                        f'<circle {here} r="{radius - 0.9:g}" class="paper l{place(self.number)}" '
                        f'stroke-width="1.6"/>'
                    )
        sheet.y = base + 4
        if self.futures:
            self._median(sheet, axis.at(float(self.median)), base + 3)

    def _median(self, sheet: Sheet, x: float, y: float) -> None:
        """Mark the median below the dots, with its number."""
        sheet.draw(f'<path d="M{px(x)} {px(y)}l5 8h-10z" class="ink"/>')
        words = self.reading.number(self.median)
        if self.goal is not None and self.futures >= 10:
            words = self.value
        half = measure(words, NOTE) / 2
        inside = min(max(x, MARGIN + half), sheet.width - MARGIN - half)
        sheet.text(inside, y + 9 + NOTE, words, NOTE, "ink", anchor="middle", plate=True)
        sheet.y = y + 9 + NOTE * 1.3


def _stacks(
    xs: list[float], radius: float, start: float, end: float
) -> list[tuple[float, list[int]]]:
    """Return dots that would overlap as stacks: where each stands, start to end, and its dots."""
    stacks: list[list[int]] = []
    for dot, x in enumerate(xs):
        if stacks and x - xs[stacks[-1][0]] < 2 * radius:
            stacks[-1].append(dot)
        else:
            stacks.append([dot])
    wanted = [sum(xs[d] for d in stack) / len(stack) for stack in stacks]
    return list(
        zip(spread(wanted, [2 * radius + 0.6] * len(stacks), start, end), stacks, strict=True)
    )


def _axis_below(sheet: Sheet, axis: Axis, reading: Reading, what: Shown) -> None:
    """Draw the lying axis at the sheet's y, numbers and unit below it."""
    y = sheet.y + 6
    sheet.rule(MARGIN, y, sheet.width - MARGIN, y, "axis-line")
    decimals = axis.decimals(reading.power)
    for tick in axis.ticks:
        x = axis.at(tick)
        sheet.rule(x, y, x, y + 5, "axis-line")
        sheet.text(x, y + 5 + TICK * 1.05, reading.number(tick, decimals), TICK, anchor="middle")
    direction = say(f"charts.{what.better}") if what.better else ""
    direction = {"higher": f"{direction} →", "lower": f"← {direction}"}.get(what.better, "")
    words = " · ".join(part for part in (reading.axis, direction) if part)
    below = y + 5 + TICK * 1.05 + NOTE * 1.4
    sheet.text(sheet.width - MARGIN, below, shorten(words, sheet.inner, NOTE), NOTE, anchor="end")
    sheet.y = y + TICK * 1.6 + NOTE * 1.7


def _goal(
    sheet: Sheet, x: float, above: float, top: float, bottom: float, words: str, behind: int
) -> None:
    """Draw the goal as a line through all rows, behind the dots, with its words on top."""
    line = f'<path d="M{px(x)} {px(top)}L{px(x)} {px(bottom)}" class="ink-line" '
    line += 'stroke-width="1.3" stroke-dasharray="2 3" fill="none"/>'
    sheet.parts.insert(behind, line)
    half = measure(words, NOTE, True) / 2
    inside = min(max(x, MARGIN + half), sheet.width - MARGIN - half)
    sheet.text(inside, above + NOTE * 1.25, words, NOTE, "ink", anchor="middle", bold=True)


def _legend(rows: list[_Row], goal: float | None) -> str:
    counts = sorted({row.futures for row in rows if row.futures})
    if not counts:
        return ""
    if counts[0] >= DOTS:
        words = say("charts.dot_of", dots=DOTS, n=counts[-1])
    elif counts[-1] < DOTS:
        words = say("charts.dot_one")
    else:
        words = say("charts.dot_mixed", dots=DOTS)
    if goal is not None:
        words += say("charts.dot_filled")
    words += say("charts.dot_triangle")
    if counts[-1] >= 10:
        words += say("charts.dot_brackets")
    return words + "."


def _table(rows: list[_Row], what: Shown) -> Numbers:
    columns: dict[str, Any] = {
        "scenario": [row.name for row in rows],
        "futures": [row.futures for row in rows],
        "median": [float(row.median) for row in rows],
        "low": [float(row.low) for row in rows],
        "high": [float(row.high) for row in rows],
    }
    if any(row.goal is not None for row in rows):
        columns["goal"] = [row.goal for row in rows]
        columns["reached"] = [row.reached for row in rows]
    return Numbers(
        pd.DataFrame(columns),
        what.unit,
        ("median", "low", "high"),
        given=("goal",) if "goal" in columns else (),
        factor=what.factor,
        named=FILED,
    )


def _summary(
    title: str, rows: list[_Row], reading: Reading, goal: float | None, what: Shown
) -> str:
    unit = say("charts.in_unit", unit=reading.axis) if reading.axis and not what.percent else ""
    values = "; ".join(f"{row.name} {row.value}" for row in rows)
    brackets = say("charts.brackets_all") if any(r.futures >= 10 for r in rows) else ""
    said = [f"{title}{unit}, {say('charts.median')}{brackets}: {values}."]
    if goal is not None:
        side = "at_most" if what.better == "lower" else "at_least"
        reached = "; ".join(
            f"{row.name} {say('charts.reached_in', reached=row.reached, n=row.futures)}"
            if row.futures
            else f"{row.name} {row.said}"
            for row in rows
        )
        said.append(say(f"charts.goal_{side}", goal=reading.short(goal), reached=reached))
    if what.better:
        said.append(say(f"charts.{what.better}_said"))
    return " ".join(said)
