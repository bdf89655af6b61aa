"""What a running partnership has observed of itself: its own figures, from a file or from Python.

A row is a figure: an outcome, when, its value, its error, and, where that is wanted, how far the
model may be off, the region and the source. Files are read as those of an import are: commas,
semicolons or tabs, decimal commas, signs of percent, workbooks, headings in three languages.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from cisim.lab.calibration.target import CUT
from cisim.lab.survey.faults import Faults
from cisim.lab.survey.reading import TEXTS, WORKBOOKS, read
from cisim.lab.survey.tables import Table, number, plain
from cisim.lab.survey.words import heading, words
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.outcomes import OUTCOMES, Outcome
from cisim.world.scenario import Scenario

TOLERANCE = 0.3
"""How far the model may be off a figure, as a share of it, where nothing else is said."""
MOST_FIGURES = 1000
_HEADINGS = "observed"
"""Where words.toml has the headings of such a file."""
_NEEDED = ("outcome", "month", "value")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?(?:[T ][\d:.]+)?")
_DAY = re.compile(r"(?:\d{1,2}[./])?(\d{1,2})[./](\d{4})")


class Figure(NamedTuple):
    """One figure that was observed.

    outcome   : a name
    month     : of the scenario's run
    value     : in the outcome's unit
    error     : one standard deviation of it: in two cases of three the truth is within
    tolerance : so far the model may be off, as in a calibration: three standard deviations of that
    region    : "" for all together
    source    : by whom
    """

    outcome: str
    month: int
    value: float
    error: float = 0.0
    tolerance: float = 0.0
    region: str = ""
    source: str = ""

    @property
    def discrepancy(self) -> float:
        """Return the standard deviation of what the model gets wrong."""
        return self.tolerance / CUT

    @property
    def declared(self) -> Outcome:
        return OUTCOMES[self.outcome]


Observed: TypeAlias = (
    str | os.PathLike[str] | pd.DataFrame | Table | Iterable[Mapping[str, Any] | Figure]
)
"""A file, a table with its columns (one of pandas, or one that was read), or its rows."""


def read_figures(
    observed: Observed, scenario: Scenario, tolerance: float = TOLERANCE
) -> tuple[Figure, ...]:
    """Return the figures that were observed, by month.

    tolerance : how far the model may be off a figure, as a share of it, where its row does not say

    Raises InputError with all that is wrong: file, row, column, value, what is allowed.
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float):
        raise InputError(f"tolerance is {shown(tolerance)}; allowed is a number from 0 to 10.")
    if not 0.0 <= tolerance <= 10.0:
        raise InputError(f"tolerance is {tolerance:g}; allowed is a number from 0 to 10.")
    rows = _Rows(_table(observed), scenario, float(tolerance))
    found = [rows.figure(at) for at in range(len(rows.table.rows))]
    rows.faults.refuse()
    figures = [one for one in found if one is not None]
    if len(figures) > MOST_FIGURES:
        raise InputError(
            f"{printable(rows.table.file)}: has {len(figures):,} figures; allowed are at most "
            f"{MOST_FIGURES:,}."
        )
    return tuple(sorted(figures, key=lambda one: one.month))


def _table(observed: Observed) -> Table:
    if isinstance(observed, Table):
        return observed
    if isinstance(observed, str | os.PathLike):
        path = Path(observed)
        if path.suffix.lower() not in (*TEXTS, *WORKBOOKS):
            raise InputError(
                f"{printable(path)}: ends in {shown(path.suffix)}; allowed is a file that ends in "
                f"{', '.join((*TEXTS, *WORKBOOKS))}."
            )
        tables = read([path])
        if len(tables) > 1:
            sheets = ", ".join(printable(one.file) for one in tables)
            raise InputError(
                f"{printable(path)}: has several sheets with something in them ({sheets}); allowed "
                f"is one."
            )
        return tables[0]
    if isinstance(observed, pd.DataFrame):
        columns = [str(one) for one in observed.columns]
        cells = [[_cell(one) for one in row] for row in observed.itertuples(index=False)]
    else:
        given = _listed(observed)
        columns = list(dict.fromkeys(name for one in given for name in one)) or [*_NEEDED]
        cells = [[_cell(one.get(name)) for name in columns] for one in given]
    return Table("observed", columns, cells, range(1, len(cells) + 1))


def _listed(observed: Iterable[Mapping[str, Any] | Figure]) -> list[dict[str, Any]]:
    allowed = "a file, a table, or rows with outcome, month, value"
    if not isinstance(observed, Iterable):
        raise InputError(f"observed is {shown(observed)}; allowed is {allowed}.")
    rows: list[dict[str, Any]] = []
    for one in observed:
        if isinstance(one, Figure):
            rows.append(one._asdict())
        elif isinstance(one, Mapping):
            rows.append({str(name): value for name, value in one.items()})
        else:
            raise InputError(f"observed has {shown(one)}; allowed is {allowed}.")
    return rows


def _cell(value: Any) -> str:
    """Return a value of Python's as a file would have it."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value).strip()


class _Rows:
    """The rows of a table, read one by one; what is wrong is gathered."""

    def __init__(self, table: Table, scenario: Scenario, tolerance: float) -> None:
        self.table, self.scenario, self.tolerance = table, scenario, tolerance
        self.faults = Faults()
        self.seen: dict[tuple[str, int, str], int] = {}
        self.columns: dict[str, str] = {}
        for field in words()["headings"][_HEADINGS]:
            found = heading(table, _HEADINGS, field, list(self.columns.values()))
            if found is not None:
                self.columns[field] = found
        missing = [one for one in _NEEDED if one not in self.columns]
        if missing:
            heads = ", ".join(printable(one, 40) for one in table.columns[:12])
            raise InputError(
                f"{printable(table.file)}: has no column {' or '.join(missing)} (its columns: "
                f"{heads}); needed are {', '.join(_NEEDED)}, and allowed are error, tolerance, "
                f"region and source, too."
            )
        unknown = [one for one in table.columns if one and one not in self.columns.values()]
        if unknown:
            raise InputError(
                f"{printable(table.file)}: has a column {shown(unknown[0])} that means nothing "
                f"here; allowed are {', '.join(words()['headings'][_HEADINGS])}, each once."
            )

    def cell(self, at: int, field: str) -> str:
        column = self.columns.get(field)
        return "" if column is None else self.table.rows[at][self.table.column(column)]

    def wrong(self, at: int, field: str, what: str) -> None:
        self.faults.at(self.table, at, self.columns.get(field), what)

    def figure(self, at: int) -> Figure | None:
        """Return the figure of a row; None if something of it is wrong."""
        before = self.faults.count
        outcome, month = self._outcome(at), self._month(at)
        value = self._number(at, "value", "")
        error, tolerance = self._number(at, "error", "0"), self._number(at, "tolerance", "-")
        region = self._region(at)
        if self.faults.count > before or outcome is None or month is None or value is None:
            return None
        error = error or 0.0
        if math.isnan(value):
            return None  # nothing was observed
        low, high = outcome.bounds
        if not low <= value <= high:
            self.wrong(at, "value", f"is {value:g}; {outcome.name} is {_span(low, high, outcome)}.")
        for field, what in (("error", error), ("tolerance", tolerance)):
            if what is not None and not 0.0 <= what <= high - low:
                self.wrong(at, field, f"is {what:g}; allowed is {_span(0.0, high - low, outcome)}.")
        share = tolerance is None
        if tolerance is None:
            tolerance = self.tolerance * abs(value)
        if error == 0.0 and tolerance == 0.0:
            of = f" (left out, tolerance is {self.tolerance:g} of the value)" if share else ""
            self.wrong(
                at,
                "error",
                "error and tolerance are both 0, so no future could be that; allowed is one of "
                f"them above 0{of}.",
            )
        key = (outcome.name, month, region)
        if key in self.seen:
            other = self.table.places[self.seen[key]]
            self.wrong(at, "outcome", f"is in {self.table.what} {other:,}, too; allowed is once.")
        self.seen[key] = at
        if self.faults.count > before:
            return None
        return Figure(outcome.name, month, value, error, tolerance, region, self.cell(at, "source"))

    def _outcome(self, at: int) -> Outcome | None:
        said = self.cell(at, "outcome")
        by_words = {plain(one.title): one for one in OUTCOMES.values()} | {
            plain(name): one for name, one in OUTCOMES.items()
        }
        found = by_words.get(plain(said))
        if found is None:
            near = nearest(said, OUTCOMES)
            self.wrong(at, "outcome", f"is {shown(said)}, no outcome.{near} (cisim list outcomes)")
        return found

    def _month(self, at: int) -> int | None:
        said, calendar = self.cell(at, "month"), self.scenario.calendar
        last = self.scenario.months
        text = _written(said)
        try:
            if text is not None:
                found = calendar.parse(text, "")
            else:
                value = number(said, self.table.comma)
                found = -1 if value is None or not value.is_integer() else int(value)
        except InputError as error:
            said_wrong = str(error).removeprefix(" is ")
            self.wrong(at, "month", f"is {said_wrong}")
            return None
        if not 0 <= found <= last:
            form = f"{calendar.written(0)} to {calendar.written(last)}"
            number_too = f", or a month's number, 0 to {last}" if calendar.dated else ""
            self.wrong(
                at,
                "month",
                f"is {shown(said)}; allowed is {form}{number_too}, the horizon of "
                f"{self.scenario.name}.",
            )
            return None
        return found

    def _number(self, at: int, field: str, empty: str) -> float | None:
        """Return the number of a cell; of an empty one what `empty` says, NaN for ""."""
        said = self.cell(at, field)
        if not said or said in ("-", "–"):
            return {"": math.nan, "0": 0.0}.get(empty)
        value = number(said.lstrip("±"), self.table.comma)
        if value is None or not math.isfinite(value):
            self.wrong(at, field, f"is {shown(said)}; allowed is a number, or nothing.")
        return value

    def _region(self, at: int) -> str:
        said = self.cell(at, "region")
        names = {plain(one.name): one.name for one in self.scenario.world.regions}
        if not said or plain(said) in ("overall", "all"):
            return ""
        if plain(said) not in names:
            near = nearest(said, list(names.values()))
            self.wrong(
                at,
                "region",
                f"is {shown(said)}, no region of {self.scenario.world_name}.{near} Left out, the "
                f"figure is of all together.",
            )
        return names.get(plain(said), "")


def _written(said: str) -> str | None:
    """Return a date as "2027-07", from any of the ways that people write it; None if it is none."""
    found = _ISO.fullmatch(said)
    if found:
        return f"{found[1]}-{int(found[2]):02d}"
    found = _DAY.fullmatch(said)
    return f"{found[2]}-{int(found[1]):02d}" if found else None


def _span(low: float, high: float, outcome: Outcome) -> str:
    unit = f" ({outcome.unit})" if outcome.unit else ""
    if math.isinf(low) and math.isinf(high):
        return f"a finite number{unit}"
    if math.isinf(high):
        return f"at least {low:g}{unit}"
    if math.isinf(low):
        return f"at most {high:g}{unit}"
    return f"from {low:g} to {high:g}{unit}"


def last_month(figures: Sequence[Figure]) -> int:
    """Return the month that was observed last: the present; 0 where nothing was."""
    return max((one.month for one in figures), default=0)
