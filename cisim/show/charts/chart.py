"""What a chart must provide: this file is the contract between charts and whoever shows them.

A chart is a function from a tidy table to a `Chart` (see `Draws`). Whoever shows it, a page, a
report or a file, takes all from the fields here; nothing is read out of the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers behind a chart, a row for each line, dot or marker, or month of it.

    table  : all columns, as the chart shows them; the first says of what the row is
    unit   : of the values, for people; "" where they have none
    values : the columns in that unit that are written with the same decimals
    given  : those in that unit that are written as they were given, such as a goal
    factor : by which those are larger than in the outcome's own unit, which files have
    signed : whether values are differences, written with their sign
    named  : what columns are called in a file, where that differs
    aside  : columns that only a file has
    """

    table: pd.DataFrame
    unit: str = ""
    values: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    factor: float = 1.0
    signed: bool = False
    named: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()

    @property
    def shown(self) -> pd.DataFrame:
        """Return the columns for people."""
        return self.table.drop(columns=list(self.aside))

    @property
    def filed(self) -> pd.DataFrame:
        """Return all columns as a file has them: values in the outcome's own unit."""
        table = self.table.copy()
        if self.factor != 1.0:
            for column in (*self.values, *self.given):
                numbers = table[column].to_numpy(np.float64) / self.factor
                table[column] = [float(f"{number:.12g}") for number in numbers]
        return table.rename(columns=dict(self.named))


@dataclass(frozen=True)
class TimeAxis:
    """Where the months of a chart over time stand, in units of its picture (px).

    first, last : the months at its ends
    left, right : where those stand
    top, bottom : of the field above the axis
    width       : of the whole picture
    """

    first: float
    last: float
    left: float
    right: float
    top: float
    bottom: float
    width: float

    def at(self, month: float) -> float:
        """Return where a month stands."""
        share = (month - self.first) / (self.last - self.first)
        return self.left + (self.right - self.left) * share


@dataclass(frozen=True, eq=False)
class Chart:
    """A finished chart.

    kind    : of chart, one word, as in the name of its file
    svg     : one <svg> element, as a file of its own or inside a page
    title   : what it shows
    summary : the same in two to four sentences with the key numbers, plain text
    numbers : what is behind it
    time    : where its months stand; None if it is not over time
    """

    kind: str
    svg: str
    title: str
    summary: str
    numbers: Numbers
    time: TimeAxis | None = None

    def __repr__(self) -> str:
        return f"<Chart {self.kind}: {self.title}>"

    @property
    def table(self) -> pd.DataFrame:
        """Return the numbers behind it, in the unit of the chart."""
        return self.numbers.table

    def _repr_svg_(self) -> str:
        return self.svg


Draws = Callable[..., Chart]
"""A chart of an outcome: a function of a tidy table and the outcome's name that returns a Chart.

By keyword it takes those of the options that it needs, by these names, and is given only those:

    goal   : a level, in the outcome's unit, or None
    month  : the month that is looked at
    events : dated events, or None (see `event_table`)
    phases : of the partnership, or None (see `phase_table`)
    names  : the scenarios in their order, with their names for people
    where  : the region, "" for all
    theme, width, footer
    calendar : how months are called
    span   : what an upright axis holds at least, in the outcome's unit
    ghost  : the path that was there before, (M,) in the outcome's unit
"""
