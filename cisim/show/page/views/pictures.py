"""Charts on the page: from ensembles to what a chart's frame needs, from finished arrays only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.compare import Comparison
from cisim.lab.manifest import manifest_key
from cisim.lab.simulate import LEVEL, Ensemble, mean_interval
from cisim.lab.store import csv_line
from cisim.model.outcomes import OUTCOMES
from cisim.show.charts import Chart, small_print
from cisim.show.charts.frame import px
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, escape
from cisim.show.page.address.checks import OVERALL
from cisim.show.page.address.look import Look
from cisim.version import __version__

Floats = NDArray[np.float64]

MEASURED = ("q05", "q50", "q95", "mean", "goal", "mean_difference", "ci_low", "ci_high")
"""Columns of a file that are in the unit of the outcome."""
FILED: Mapping[str, Mapping[str, str]] = {
    "dots": {"futures": "n", "median": "q50", "low": "q05", "high": "q95", "reached": "n_reached"},
    "differences": {
        "futures": "n",
        "mean": "mean_difference",
        "low": "ci_low",
        "high": "ci_high",
        "better": "n_better",
        "equal": "n_equal",
        "needed": "futures_needed",
    },
}
"""What columns of a chart's table are called in its file, by kind of chart."""
VALUES = ("centre", "median", "mean", "low", "high")
"""Columns of a chart's table that are written alike, in the unit of the chart."""


@dataclass(frozen=True)
class Origin:
    """What every picture and file says of where its numbers are from."""

    futures: int
    seed: int
    key: str

    @classmethod
    def of(cls, ensembles: Sequence[Ensemble]) -> Origin:
        """Return the origin of ensembles that have met the same futures."""
        named = {one.name: one for one in ensembles}
        key = manifest_key(Comparison(named))
        return cls(min(one.asked for one in ensembles), ensembles[0].first_seed, key)

    @property
    def words(self) -> str:
        """Return the small print of a chart."""
        return small_print(self.futures, self.seed, self.key)


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


def placed(title: str, region: str) -> str:
    """Return a title that names its region, if that is not all of them."""
    return title if region == OVERALL else f"{title}, {region}"


def file_name(*parts: str) -> str:
    """Return a name for a file from words of any alphabet: small letters, figures and hyphens."""
    plain = (unicodedata.normalize("NFKD", part).encode("ascii", "ignore") for part in parts)
    slugs = (re.sub(r"[^a-z0-9]+", "-", part.decode().lower()).strip("-") for part in plain)
    return "-".join(slug for slug in slugs if slug)


def card(
    chart: Chart, kind: str, name: str, look: Look, origin: Origin, csv: str | None = None
) -> dict[str, Any]:
    """Return a chart as its frame on the page takes it: picture, sentences, table and file.

    kind : "paths", "dots" or "differences"
    name : of what it shows, for the file's name
    csv  : the file; by default the chart's table
    """
    unit = next(iter(chart.table["unit"]), "")
    table = chart.table.drop(columns=["unit", "against"], errors="ignore")
    where = "" if look.region == OVERALL else look.region
    return {
        "name": f"{name}-{kind}",
        "title": chart.title,
        "caption": f"{chart.title} ({unit})" if unit else chart.title,
        "summary": chart.summary,
        "svg": chart.svg,
        "file": f"{file_name(name, look.outcome, where, kind)}-{origin.key}",
        "heads": [str(column).replace("_", " ") for column in table.columns],
        "numeric": [bool(pd.api.types.is_numeric_dtype(table[column])) for column in table],
        "rows": shown_rows(table, signed=kind == "differences"),
        "csv": filed(chart, kind, look, origin) if csv is None else csv,
    }


def filed(chart: Chart, kind: str, look: Look, origin: Origin) -> str:
    """Return the table of a chart at the month that is looked at as CSV, a row for each scenario.

    Numbers are in the outcome's own unit, a share from 0 to 1 also where the chart has percent.
    """
    table = chart.table.drop(columns="unit").rename(columns=dict(FILED.get(kind, {})))
    for column in set(table.columns) & set(MEASURED):
        table[column] = [_natural(value, look.outcome) for value in table[column]]
    if "ci_low" in table:
        table["ci_level"] = LEVEL
    if look.month is not None and "month" not in table:
        table.insert(1, "month", look.month)
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return csv_of([str(column) for column in table.columns], rows, look, origin)


def _natural(value: float, outcome: str) -> float:
    factor = outcome_shown(outcome).factor
    return float(value) if factor == 1 else float(f"{value / factor:.12g}")


def monthly(
    ensembles: Sequence[Ensemble], names: Mapping[str, str], look: Look, origin: Origin
) -> str:
    """Return the course of an outcome as CSV, a row for each scenario and month.

    names : of the scenarios, for people
    """
    heads = ["scenario", "month", "q05", "q50", "q95", "mean", "n"]
    rows: list[list[Any]] = []
    for one in ensembles:
        region, outcome = one.regions.index(look.region), one.outcomes.index(look.outcome)
        values = one.values[:, :, region, outcome]
        quantiles = one.quantiles(look.outcome, region=look.region).to_numpy()
        mean, *_, counts = mean_interval(values)
        table = np.column_stack([quantiles, mean]).tolist()
        for month, numbers, n in zip(one.months.tolist(), table, counts.tolist(), strict=True):
            rows.append([names[one.name], month, *(numbers if n else [None] * 4), n])
    return csv_of(heads, rows, look, origin)


def csv_of(heads: Sequence[str], rows: Sequence[Sequence[Any]], look: Look, origin: Origin) -> str:
    """Return a table as CSV; each row says of what it is and what it was made from."""
    first = [look.outcome, look.region]
    last = [OUTCOMES[look.outcome].unit, origin.futures, origin.seed, __version__, origin.key]
    names = ["unit", "replicates", "seed", "version", "manifest_key"]
    lines = [csv_line(["outcome", "region", *heads, *names])]
    lines += [
        csv_line(["" if cell is None else cell for cell in [*first, *row, *last]]) for row in rows
    ]
    return b"".join(lines).decode()


def shown_rows(table: pd.DataFrame, *, signed: bool = False) -> list[list[str]]:
    """Return the cells of a chart's table for people; values all with the same decimals.

    signed : values are differences, with their sign and decimals enough to tell the ends apart
    """
    values = [column for column in VALUES if column in table]
    numbers = finite(table[values].to_numpy(float).ravel())
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
    how = Reading.of(low, high, "", False).plain
    if signed:
        how = how.telling(*zip(table["low"].tolist(), table["high"].tolist(), strict=True))

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
        return "yes" if cell else "no"
    if isinstance(cell, int | float | np.integer | np.floating):
        number = float(cell) + 0.0
        if not np.isfinite(number):
            return "–"
        if number.is_integer():
            text = f"{number:.0f}"
        else:
            text = np.format_float_positional(number, precision=4, fractional=False, trim="-")
        return text.replace("-", "−")
    return str(cell)


_TIME_AXIS = re.compile(r'<path d="M([\d.]+) ([\d.]+)L([\d.]+) \2" class="axis-line" fill="none"/>')
_TOP = re.compile(r'<path d="M[\d.]+ ([\d.]+)L[\d.]+ \1" class="(?:grid|axis)-line" fill="none"/>')

_WIDTH = re.compile(r'viewBox="0 0 ([\d.]+) ')


def time_axis(svg: str, months: int) -> dict[str, float] | None:
    """Return where a chart's months are and how wide it is, in units of its picture.

    None if it has no time axis.
    """
    axes = [tuple(float(at) for at in found.groups()) for found in _TIME_AXIS.finditer(svg)]
    if not axes or months < 1:
        return None
    # The line at zero is as long as the axis, which lies lowest.
    left, bottom, right = max(axes, key=lambda axis: (axis[2] - axis[0], axis[1]))
    top = min((float(found[1]) for found in _TOP.finditer(svg)), default=bottom)
    box = _WIDTH.search(svg)
    width = float(box[1]) if box else right
    return {
        "left": left, "right": right, "top": top, "bottom": bottom, "width": width,
        "months": months,
    }  # fmt: skip


def with_cursor(svg: str, month: int, months: int, words: str) -> str:
    """Return a chart over time with a line at a month; as it is where it has no time axis.

    The line is one group that the page moves while the network plays; its marker stands below the
    time axis, clear of the words at the top.
    """
    axis = time_axis(svg, months)
    if axis is None:
        return svg
    left, right, top, bottom = (axis[side] for side in ("left", "right", "top", "bottom"))
    x = left + (right - left) * month / months
    line = (
        f'<g class="month-cursor" data-month="{month}"><title>{escape(words)}</title>'
        f'<path d="M{px(x)} {px(top)}L{px(x)} {px(bottom)}" class="ink-line" fill="none" '
        f'stroke-width="1.5"/><path d="M{px(x)} {px(bottom + 0.5)}l5.5 8h-11z" class="ink"/></g>'
    )
    return svg.replace("</svg>", f"{line}</svg>")


def finite(values: Floats) -> Floats:
    """Return the values that are defined."""
    return values[np.isfinite(values)]


def reading(outcome: str, values: Floats) -> Reading:
    """Return how values of an outcome, in the unit of its charts, are written."""
    what = outcome_shown(outcome)
    there = finite(values)
    low, high = (float(there.min()), float(there.max())) if there.size else (0.0, 1.0)
    return Reading.of(low, high, "" if what.percent else what.unit, what.percent)
