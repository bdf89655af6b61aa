"""Phases of a partnership under a time axis: a strip for each scenario, shaded by phase.

A month has the phase in which most futures are. Phases differ by their shading, not by colour:
nothing before, light in initiation, dark in a run, upright lines in re-design, a line alone where
the partnership is dormant. Each is named where it has room, and in the key below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.model.input_error import InputError, nearest
from cisim.model.outcomes import PHASES
from cisim.show.charts.axes import Axis
from cisim.show.charts.frame import MARGIN, NOTE, PRINT, Sheet, px
from cisim.show.charts.words import measure
from cisim.show.counted import after
from cisim.show.language.facts import fact
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar

PHASE = "phase"
"""The outcome that phases are taken from."""
HIGH, GAP = 15.0, 4.0
"""A strip, and between two (px)."""
_COLUMNS = ("scenario", "start", "end", "phase")
_SHADE = {"initiation": ".3", "run": ".8"}
_LINES = 5.0
"""Between the upright lines of a re-design (px)."""


def phase_table(ensembles: Iterable[Ensemble], region: str = OVERALL) -> pd.DataFrame:
    """Return a row for each stretch of months in one phase: scenario, start, end, phase, share.

    A month has the phase in which most futures are, the earlier of two that are as frequent; `end`
    is the first month after, and `share` the mean share of futures that are in it.

    ensembles : that have kept PHASE, and the region; one that has not has no row
    """
    rows = []
    for one in ensembles:
        if PHASE not in one.outcomes or not one.replicates.size:
            continue
        values = one.values[:, :, one.regions.index(region), one.outcomes.index(PHASE)]
        often = np.stack([(values == code).mean(axis=0) for code in range(len(PHASES))])
        most = often.argmax(axis=0)
        cuts = [0, *(np.flatnonzero(np.diff(most)) + 1).tolist(), most.size]
        months = [*one.months.tolist(), int(one.months[-1]) + 1]
        for first, last in pairwise(cuts):
            code = int(most[first])
            share = float(often[code, first:last].mean())
            rows.append((one.name, months[first], months[last], PHASES[code], share))
    return pd.DataFrame(rows, columns=[*_COLUMNS, "share"])


class _Stretch(NamedTuple):
    start: float
    end: float
    phase: str


class PhaseStrips:
    """Phases laid out under a time axis, a strip for each scenario that has some."""

    def __init__(
        self, strips: Mapping[int, list[_Stretch]], names: list[str], axis: Axis, calendar: Calendar
    ) -> None:
        self.strips, self.names, self.axis, self.calendar = strips, names, axis, calendar

    @classmethod
    def of(
        cls,
        table: pd.DataFrame,
        names: Mapping[str, str],
        axis: Axis,
        calendar: Calendar = UNDATED,
    ) -> PhaseStrips:
        """Return the strips of a table as `phase_table` makes it, on an axis.

        names : the scenarios in their order, with what people call them

        Raises InputError if a column is missing.
        """
        for column in _COLUMNS:
            if column not in table.columns:
                near = nearest(column, [str(one) for one in table.columns])
                raise InputError(f"charts: the table of phases has no column {column}.{near}")
        strips: dict[int, list[_Stretch]] = {}
        for number, key in enumerate(names):
            rows = table[table["scenario"] == key]
            found = [
                _Stretch(max(axis.low, float(start)), min(axis.high, float(end)), str(phase))
                for start, end, phase in zip(rows["start"], rows["end"], rows["phase"], strict=True)
                if end > axis.low and start < axis.high
            ]
            if found:
                strips[number] = found
        return cls(strips, list(names.values()), axis, calendar)

    def of_month(self, number: int, month: float) -> str:
        """Return the phase of a scenario in a month, "" where it is not known."""
        for one in reversed(self.strips.get(number, [])):
            if one.start <= month:
                return one.phase
        return ""

    def draw(self, sheet: Sheet) -> None:
        """Draw strips and their key at the sheet's y and move y below them."""
        if not self.strips:
            return
        sheet.y += 4
        for number, stretches in self.strips.items():
            if len(self.names) > 1:
                sheet.mark(number, self.axis.start - 12, sheet.y + HIGH / 2, 4.2, halo=False)
            for one in stretches:
                left, right = self.axis.at(one.start), self.axis.at(one.end)
                _shade(sheet, one.phase, left, right)
                called = phase_words(one.phase)
                if measure(called, PRINT) + 10 <= right - left:
                    middle, low = (left + right) / 2, sheet.y + HIGH / 2 + PRINT * 0.36
                    plate = one.phase not in _SHADE
                    sheet.text(middle, low, called, PRINT, "ink", anchor="middle", plate=plate)
            sheet.y += HIGH + GAP
        self._key(sheet)

    def _key(self, sheet: Sheet) -> None:
        """Write what each shading means, of the phases that there are."""
        there = {one.phase for stretches in self.strips.values() for one in stretches}
        sheet.y += 2
        x = MARGIN
        for number, phase in enumerate(["", *PHASES]):
            if number and phase not in there:
                continue
            words = phase_words(phase) if number else say("charts.phase_of_most")
            wide = measure(words, NOTE) + (26 if number else 0)
            if x > MARGIN and x + wide > sheet.width - MARGIN:
                x = MARGIN
                sheet.y += HIGH + GAP
            if number:
                _shade(sheet, phase, x, x + 20)
            low = sheet.y + HIGH / 2 + NOTE * 0.36
            sheet.text(x + (26 if number else 0), low, words, NOTE)
            x += wide + 14
        sheet.y += HIGH + GAP

    @property
    def said(self) -> str:
        """Return the phases as a sentence."""
        told = []
        for number, stretches in self.strips.items():
            name = f"{self.names[number]} " if len(self.names) > 1 else ""
            parts = [
                f"{phase_words(one.phase)} {_when(one.start, self.calendar)}" for one in stretches
            ]
            more = say("charts.and_more", n=len(parts) - 6) if len(parts) > 6 else ""
            told.append(f"{name}{', '.join(parts[:6])}{more}")
        return say("charts.phases_begin", told="; ".join(told)) if told else ""


def _when(month: float, calendar: Calendar) -> str:
    return after(month, calendar) if month else say("charts.at_start")


def phase_words(phase: str) -> str:
    """Return what a phase is called."""
    return fact("phases", phase, phase)


def _shade(sheet: Sheet, phase: str, left: float, right: float) -> None:
    """Draw a piece of a strip at the sheet's y."""
    top, wide = sheet.y, max(0.5, right - left)
    place = f'x="{px(left)}" y="{px(top)}" width="{px(wide)}" height="{px(HIGH)}"'
    if phase in _SHADE:
        sheet.draw(f'<rect {place} class="plain" fill-opacity="{_SHADE[phase]}"/>')
    elif phase == "re-design":
        lines = np.arange(left + _LINES / 2, right, _LINES)
        drawn = "".join(f"M{px(x)} {px(top)}v{px(HIGH)}" for x in lines.tolist())
        sheet.draw(
            f'<rect {place} class="axis-line" fill="none"/>'
            f'<path d="{drawn or f"M{px(left)} {px(top)}v{px(HIGH)}"}" class="axis-line" '
            f'fill="none"/>'
        )
    else:
        edge = "" if phase == "dormant" else ' stroke-dasharray="1.5 4"'
        middle = top + HIGH / 2
        sheet.rule(left, middle, right, middle, "axis-line", edge)
