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
from cisim.lab.survey.says import SAYS, of
from cisim.lab.survey.tables import Table, number, plain
from cisim.lab.survey.words import heading, words
from cisim.model.input_error import InputError, nearest, printable, shown
from cisim.model.outcomes import OUTCOMES, Outcome
from cisim.model.told import Named, Written, several
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
        raise InputError(SAYS("tolerance", tolerance=shown(tolerance)))
    if not 0.0 <= tolerance <= 10.0:
        raise InputError(SAYS("tolerance", tolerance=f"{tolerance:g}"))
    rows = _Rows(_table(observed), scenario, float(tolerance))
    found = [rows.figure(at) for at in range(len(rows.table.rows))]
    rows.faults.refuse()
    figures = [one for one in found if one is not None]
    if len(figures) > MOST_FIGURES:
        raise InputError(
            of(
                printable(rows.table.file),
                SAYS("many_figures", count=len(figures), most=MOST_FIGURES),
            )
        )
    return tuple(sorted(figures, key=lambda one: one.month))


def _table(observed: Observed) -> Table:
    if isinstance(observed, Table):
        return observed
    if isinstance(observed, str | os.PathLike):
        path = Path(observed)
        if path.suffix.lower() not in (*TEXTS, *WORKBOOKS):
            raise InputError(
                of(
                    printable(path),
                    SAYS(
                        "table_ending",
                        suffix=shown(path.suffix),
                        known=", ".join((*TEXTS, *WORKBOOKS)),
                    ),
                )
            )
        tables = read([path])
        if len(tables) > 1:
            sheets = ", ".join(printable(one.file) for one in tables)
            raise InputError(of(printable(path), SAYS("sheets", sheets=sheets)))
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
                of(
                    printable(table.file),
                    SAYS(
                        "no_column",
                        columns=several(missing, " or "),
                        heads=heads,
                        needed=", ".join(_NEEDED),
                    ),
                )
            )
        unknown = [one for one in table.columns if one and one not in self.columns.values()]
        if unknown:
            raise InputError(
                of(
                    printable(table.file),
                    SAYS(
                        "odd_column",
                        column=shown(unknown[0]),
                        known=", ".join(words()["headings"][_HEADINGS]),
                    ),
                )
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
            self.wrong(
                at,
                "value",
                SAYS(
                    "out_of_bounds",
                    value=Written(f"{value:g}"),
                    outcome=outcome.name,
                    span=_span(low, high, outcome),
                ),
            )
        for field, what in (("error", error), ("tolerance", tolerance)):
            if what is not None and not 0.0 <= what <= high - low:
                self.wrong(
                    at,
                    field,
                    SAYS(
                        "error_bounds",
                        value=Written(f"{what:g}"),
                        span=_span(0.0, high - low, outcome),
                    ),
                )
        share = tolerance is None
        if tolerance is None:
            tolerance = self.tolerance * abs(value)
        if error == 0.0 and tolerance == 0.0:
            of = SAYS("usual_tolerance", share=Written(f"{self.tolerance:g}")) if share else ""
            self.wrong(
                at,
                "error",
                SAYS("no_error", of=of),
            )
        key = (outcome.name, month, region)
        if key in self.seen:
            other = self.table.place(self.seen[key])
            self.wrong(at, "outcome", SAYS("figure_again", row=other))
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
            self.wrong(at, "outcome", SAYS("no_outcome", value=shown(said), near=near))
        return found

    def _month(self, at: int) -> int | None:
        said, calendar = self.cell(at, "month"), self.scenario.calendar
        last = self.scenario.months
        text = _written(said)
        try:
            if text is not None:
                found = calendar.parse(text, "month")
            else:
                value = number(said, self.table.comma)
                found = -1 if value is None or not value.is_integer() else int(value)
        except InputError as error:
            self.wrong(at, "month", str(error))
            return None
        if not 0 <= found <= last:
            number_too = SAYS("number_too", last=last) if calendar.dated else ""
            self.wrong(
                at,
                "month",
                SAYS(
                    "no_month",
                    value=shown(said),
                    low=calendar.written(0),
                    high=calendar.written(last),
                    number_too=number_too,
                    scenario=self.scenario.name,
                ),
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
            self.wrong(at, field, SAYS("number", value=shown(said)))
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
                SAYS(
                    "no_such_region",
                    value=shown(said),
                    world=self.scenario.world_name,
                    near=near,
                ),
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
    unit = SAYS("unit", unit=Named(outcome.unit, "units")) if outcome.unit else ""
    least, most = Written(f"{low:g}"), Written(f"{high:g}")
    if math.isinf(low) and math.isinf(high):
        return SAYS("finite", unit=unit)
    if math.isinf(high):
        return SAYS("at_least", low=least, unit=unit)
    if math.isinf(low):
        return SAYS("at_most", high=most, unit=unit)
    return SAYS("from_to", low=least, high=most, unit=unit)


def last_month(figures: Sequence[Figure]) -> int:
    """Return the month that was observed last: the present; 0 where nothing was."""
    return max((one.month for one in figures), default=0)
