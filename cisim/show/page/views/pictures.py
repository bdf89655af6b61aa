"""Charts on the page: from ensembles to what a chart's frame needs, from finished arrays only."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble, mean_interval
from cisim.lab.manifest import manifest_key
from cisim.lab.results import csv_line
from cisim.show.charts import (
    Chart,
    Draws,
    Numbers,
    course,
    differences,
    dots,
    event_table,
    phase_table,
    small_print,
)
from cisim.show.charts.frame import px
from cisim.show.charts.ink import coloured
from cisim.show.charts.paths import Span
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, escape
from cisim.show.counted import label, span
from cisim.show.language.facts import OUTCOMES, column_words
from cisim.show.language.forms import localised
from cisim.show.page.address.look import Look, kind
from cisim.show.page.views.colours import places
from cisim.show.page.words import say
from cisim.version import __version__
from cisim.world.calendar import UNDATED, Calendar

Floats = NDArray[np.float64]

EXPLORE: tuple[Draws, ...] = (course, dots)
"""The charts of Explore, in their order. One more is one more name here."""
COMPARE: tuple[Draws, ...] = (course, differences)
"""Those of Compare: the first always, the others where there are several futures and scenarios."""


@dataclass(frozen=True)
class Origin:
    """What every picture and file says of where its numbers are from.

    futures : that were run
    failed  : of these, in which a run has failed, so that they are left out
    differ  : what they differ by: "luck and belief"
    """

    futures: int
    seed: int
    key: str
    failed: int = 0
    differ: str = ""

    @classmethod
    def of(cls, ensembles: Sequence[Ensemble]) -> Origin:
        """Return the origin of ensembles that have met the same futures."""
        named = {one.name: one for one in ensembles}
        whole = Comparison(named)
        futures, failed = min(one.asked for one in ensembles), whole.failed_futures
        seed, by = ensembles[0].first_seed, kind(ensembles[0].scenario)
        return cls(futures, seed, manifest_key(whole), failed, say(f"differ.{by}"))

    @property
    def words(self) -> str:
        """Return the small print of a chart."""
        said = small_print(self.futures - self.failed, self.seed, self.key, self.failed)
        return f"{said} · {self.differ}" if self.differ else said


def tidy(ensembles: Sequence[Ensemble], outcome: str, region: str) -> pd.DataFrame:
    """Return one outcome of one region as a table: scenario, replicate, month, the outcome."""
    parts = []
    for one in ensembles:
        values = one.values[:, :, one.regions.index(region), one.outcomes.index(outcome)]
        n, months = values.shape
        parts.append(
            pd.DataFrame(
                {
                    "scenario": one.name,
                    "replicate": np.repeat(one.replicates, months),
                    "month": np.tile(one.months, n),
                    outcome: values.reshape(-1),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def file_name(*parts: str) -> str:
    """Return a name for a file from words of any alphabet: small letters, figures and hyphens."""
    plain = (unicodedata.normalize("NFKD", part).encode("ascii", "ignore") for part in parts)
    slugs = (re.sub(r"[^a-z0-9]+", "-", part.decode().lower()).strip("-") for part in plain)
    return "-".join(slug for slug in slugs if slug)


ABOUT = 59
"""What a stage shows of a chart above and below its field: the words of both axes (px)."""


class Sizes(NamedTuple):
    """How large charts are drawn (px); where letters are larger, these are smaller than the screen.

    width, height : of the chart on the stage; None is as high as charts are elsewhere
    drawer, wide  : how wide the others are, in a drawer of Explore and in one of Compare
    widest        : and in that of a structure
    """

    width: int = 540
    height: int | None = 200
    drawer: int = 370
    wide: int = 530
    widest: int = 670

    @property
    def room(self) -> float | None:
        """Return how high the field of the stage's chart is."""
        return None if self.height is None else float(self.height - ABOUT)


USUAL, PHONE = Sizes(), Sizes(390, None, 390, 390, 390)
_LEAST, _MOST = (300, 190, 300, 300, 300), (1200, 900, 1200, 1200, 1500)


def sizes_of(said: Any) -> Sizes:
    """Return the sizes that a browser has told, the usual ones where it tells none."""
    if not isinstance(said, list) or len(said) != len(_LEAST):
        return USUAL
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in said):
        return USUAL
    held = [
        min(max(round(one), low), high) for one, low, high in zip(said, _LEAST, _MOST, strict=True)
    ]
    return Sizes(*held)


def charts(
    which: Sequence[Draws],
    look: Look,
    ensembles: Sequence[Ensemble],
    name: str,
    origin: Origin,
    names: Mapping[str, str],
    sizes: Sizes,
    span: Span | None = None,
    ghost: Floats | None = None,
) -> list[dict[str, Any]]:
    """Return charts of finished futures as their frames on the page take them.

    which : EXPLORE or COMPARE
    look  : with its month
    name  : of what they show, for the names of their files
    names : of the scenarios, for people
    sizes : the first stands on the stage, the others in a drawer
    span, ghost : what the axis over time holds at least, and the path that was there before
    """
    month, calendar = int(look.month or 0), ensembles[0].scenario.calendar
    dated = event_table([one.scenario for one in ensembles])
    stages = phase_table(ensembles, look.region)
    left = [str(one) for each in ensembles for one in each.outside if one.outcome == look.outcome]
    options: dict[str, Any] = {
        "goal": look.goal,
        "month": month,
        "events": dated if len(dated) else None,
        "phases": stages if len(stages) else None,
        "names": names,
        "where": "" if look.region == OVERALL else look.region,
        "footer": " ".join([origin.words, *left]),
        "theme": "light",
        "calendar": calendar,
        "span": span,
        "ghost": ghost,
        "room": sizes.room,
    }
    table = tidy(ensembles, look.outcome, look.region)
    shown: list[dict[str, Any]] = []
    for draw in which:
        takes = signature(draw).parameters
        given = {key: value for key, value in options.items() if key in takes}
        given["width"] = sizes.drawer if shown else sizes.width
        with coloured(places(look, [one.name for one in ensembles])):
            chart = draw(table, look.outcome, **given)
        csv = partial(filed, chart, look, origin, calendar)
        if chart.time is not None:
            csv = partial(monthly, ensembles, names, look, origin)
        shown.append(card(chart, name, look, origin, csv, calendar))
    return shown


def card(
    chart: Chart,
    name: str,
    look: Look,
    origin: Origin,
    csv: str | Callable[[], str],
    calendar: Calendar = UNDATED,
) -> dict[str, Any]:
    """Return a chart as its frame on the page takes it: picture, sentences, table and file.

    name : of what it shows, for the file's name
    csv  : the file; or what writes it, where a picture is drawn often and its file seldom wanted
    """
    table, unit = chart.numbers.shown, chart.numbers.unit
    where = "" if look.region == OVERALL else look.region
    month = int(look.month or 0)
    words = month_words(month, calendar)
    shown: dict[str, Any] = {
        "kind": chart.kind,
        "name": f"{name}-{chart.kind}",
        "title": chart.title,
        "caption": f"{chart.title} ({unit})" if unit else chart.title,
        "summary": chart.summary,
        "svg": with_cursor(chart, month, words),
        "file": f"{file_name(name, look.outcome, where, chart.kind)}-{origin.key}",
        "heads": [column_words(str(column)) for column in table.columns],
        "numeric": [bool(pd.api.types.is_numeric_dtype(table[column])) for column in table],
        "rows": shown_rows(chart.numbers),
        "csv": csv,
    }
    if chart.time is not None:
        start = calendar.start or ""
        shown["axis"] = {**asdict(chart.time), "months": chart.time.last, "start": start}
    return shown


def month_words(month: int, calendar: Calendar) -> str:
    """Return what stands beside the slider: "month 18 (18 months)", "July 2027 (month 18)"."""
    if calendar.dated:
        return say("explore.month_dated", date=label(calendar, month), month=month)
    return say("explore.month_words", month=month, years=span(month))


def filed(chart: Chart, look: Look, origin: Origin, calendar: Calendar = UNDATED) -> str:
    """Return the numbers of a chart at the month that is looked at as CSV, a row for each scenario.

    Numbers are in the outcome's own unit, a share from 0 to 1 also where the chart has percent.
    """
    table = chart.numbers.filed
    if look.month is not None and "month" not in table:
        table.insert(1, "month", look.month)
        if calendar.dated:
            table.insert(2, "date", calendar.written(look.month))
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return csv_of([str(column) for column in table.columns], rows, look, origin)


def monthly(
    ensembles: Sequence[Ensemble], names: Mapping[str, str], look: Look, origin: Origin
) -> str:
    """Return the course of an outcome as CSV, a row for each scenario and month.

    names : of the scenarios, for people
    """
    calendar = ensembles[0].scenario.calendar
    dates = ["date"] if calendar.dated else []
    heads = ["scenario", "month", *dates, "q05", "q50", "q95", "mean", "n"]
    rows: list[list[Any]] = []
    for one in ensembles:
        region, outcome = one.regions.index(look.region), one.outcomes.index(look.outcome)
        values = one.values[:, :, region, outcome]
        quantiles = one.quantiles(look.outcome, region=look.region).to_numpy()
        mean, *_, counts = mean_interval(values)
        table = np.column_stack([quantiles, mean]).tolist()
        for month, numbers, n in zip(one.months.tolist(), table, counts.tolist(), strict=True):
            date = [calendar.written(month)] if dates else []
            rows.append([names[one.name], month, *date, *(numbers if n else [None] * 4), n])
    return csv_of(heads, rows, look, origin)


def csv_of(heads: Sequence[str], rows: Sequence[Sequence[Any]], look: Look, origin: Origin) -> str:
    """Return a table as CSV; each row says of what it is and what it was made from."""
    unit = OUTCOMES[look.outcome].unit
    cells = [[look.outcome, look.region, *row, unit] for row in rows]
    return made_from(["outcome", "region", *heads, "unit"], cells, origin)


def made_from(heads: Sequence[str], rows: Sequence[Sequence[Any]], origin: Origin) -> str:
    """Return a table as CSV; each row says what it was made from."""
    last = [origin.futures, origin.seed, __version__, origin.key]
    lines = [csv_line([*heads, "replicates", "seed", "version", "manifest_key"])]
    lines += [csv_line(["" if cell is None else cell for cell in [*row, *last]]) for row in rows]
    return b"".join(lines).decode()


def shown_rows(numbers: Numbers) -> list[list[str]]:
    """Return the cells of a chart's table for people; values all with the same decimals.

    Differences have their sign, and decimals enough to tell the ends apart.
    """
    table, values, signed = numbers.shown, numbers.values, numbers.signed
    there = finite(table[list(values)].to_numpy(float).ravel())
    low, high = (float(there.min()), float(there.max())) if there.size else (0.0, 1.0)
    how = Reading.of(low, high, "", False).plain
    if signed:
        ends = ("low", "high") if {"low", "high"} <= set(table) else (values[0], values[-1])
        how = how.telling(*zip(*(table[end].tolist() for end in ends), strict=True))

    def cell(column: str, value: Any) -> str:
        if column in values:
            return how.signed(float(value)) if signed else how.number(float(value))
        return shown_cell(value)

    return [
        [cell(str(column), value) for column, value in zip(table.columns, row, strict=True)]
        for row in table.astype(object).to_numpy().tolist()
    ]


def shown_cell(cell: Any) -> str:
    """Return a cell of a table for people: no powers of ten, a minus that is one."""
    if cell is None:
        return "–"
    if isinstance(cell, bool | np.bool_):
        return say("charts.yes" if cell else "charts.no")
    if isinstance(cell, int | float | np.integer | np.floating):
        number = float(cell) + 0.0
        if not np.isfinite(number):
            return "–"
        if number.is_integer():
            text = f"{number:.0f}"
        else:
            text = np.format_float_positional(number, precision=4, fractional=False, trim="-")
        return localised(text.replace("-", "−"))
    return str(cell)


def with_cursor(chart: Chart, month: int, words: str) -> str:
    """Return a chart over time with a line at a month; as it is where it is not over time.

    The line is one group that the page moves while the network plays; its marker stands below the
    time axis, clear of the words at the top. The sheet before it covers what a room has not seen
    yet; it is hidden until the page lays it.
    """
    time = chart.time
    if time is None:
        return chart.svg
    x = time.at(month)
    line = (
        f'<g class="month-cursor" data-month="{month}"><title>{escape(words)}</title>'
        f'<path d="M{px(x)} {px(time.top)}L{px(x)} {px(time.bottom)}" class="ink-line" fill="none" '
        f'stroke-width="1.5"/>'
        f'<path d="M{px(x)} {px(time.bottom + 0.5)}l4.5 6h-9z" class="ink"/></g>'
    )
    sheet = '<path class="month-veil" d="" visibility="hidden" fill="none"/>'
    return chart.svg.replace("</svg>", f"{sheet}{line}</svg>")


def finite(values: Floats) -> Floats:
    """Return the values that are defined."""
    return values[np.isfinite(values)]


def reading(outcome: str, values: Floats) -> Reading:
    """Return how values of an outcome, in the unit of its charts, are written."""
    what = outcome_shown(outcome)
    there = finite(values)
    low, high = (float(there.min()), float(there.max())) if there.size else (0.0, 1.0)
    return what.reading(low, high)
