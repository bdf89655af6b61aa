"""Charts on the page: from ensembles to what a chart's frame needs, from finished arrays only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import cisim
from cisim.lab.simulate import Ensemble
from cisim.lab.store import csv_line, manifest_key
from cisim.show.charts import Chart, small_print
from cisim.show.charts.frame import px
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, escape

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Origin:
    """What every picture and file says of where its numbers are from."""

    futures: int
    seed: int
    key: str

    @classmethod
    def of(cls, ensembles: Sequence[Ensemble]) -> Origin:
        """Return the origin of ensembles that have met the same futures."""
        from cisim.lab.compare import Comparison

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


def card(chart: Chart, name: str, origin: Origin) -> dict[str, Any]:
    """Return a chart as its frame on the page takes it: picture, sentences, table and CSV."""
    heads = [str(column) for column in chart.table.columns]
    rows = chart.table.astype(object).where(chart.table.notna(), None).to_numpy().tolist()
    return {
        "name": name,
        "title": chart.title,
        "summary": chart.summary,
        "svg": chart.svg,
        "file": f"{name}-{origin.key}",
        "heads": [head.replace("_", " ") for head in heads],
        "rows": [[shown_cell(cell) for cell in row] for row in rows],
        "csv": csv_of(heads, rows, origin),
    }


def monthly(ensembles: Sequence[Ensemble], outcome: str, region: str, origin: Origin) -> str:
    """Return the course of an outcome as CSV, a row for each scenario and month."""
    heads = ["scenario", "month", "q05", "q50", "q95", "mean", "n"]
    rows: list[list[Any]] = []
    for one in ensembles:
        values = one.values[:, :, one.regions.index(region), one.outcomes.index(outcome)]
        for month, column in zip(one.months.tolist(), values.T, strict=True):
            there = finite(column)
            numbers = [*np.quantile(there, (0.05, 0.5, 0.95)), there.mean()] if there.size else []
            numbers = [float(number) for number in numbers] or [None] * 4
            rows.append([one.scenario.title, month, *numbers, there.size])
    return csv_of(heads, rows, origin)


def csv_of(heads: Sequence[str], rows: Sequence[Sequence[Any]], origin: Origin) -> str:
    """Return a table as CSV, with what it was made from in each row."""
    more = [origin.futures, origin.seed, cisim.__version__, origin.key]
    lines = [csv_line([*heads, "futures", "seed", "version", "manifest"])]
    lines += [csv_line(["" if cell is None else cell for cell in [*row, *more]]) for row in rows]
    return b"".join(lines).decode()


def shown_cell(cell: Any) -> str:
    """Return a cell of a table for people."""
    if cell is None:
        return "–"
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if isinstance(cell, float | np.floating):
        number = float(cell)
        return f"{number:.0f}" if number.is_integer() and abs(number) < 1e6 else f"{number:.4g}"
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
    """Return a chart over time with a line at a month; as it is where it has no time axis."""
    axis = time_axis(svg, months)
    if axis is None:
        return svg
    left, right, top, bottom = (axis[side] for side in ("left", "right", "top", "bottom"))
    x = left + (right - left) * month / months
    line = (
        f'<path d="M{px(x)} {px(top - 4)}L{px(x)} {px(bottom)}" class="ink-line" fill="none" '
        f'stroke-width="1.5"/><path d="M{px(x - 6)} {px(top - 12)}h12l-6 8z" class="ink">'
        f"<title>{escape(words)}</title></path>"
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
