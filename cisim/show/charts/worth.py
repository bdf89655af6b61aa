"""What each component is worth: a bar for each, from nothing to what there is less without it.

The numbers are those of cisim.lab.ablation: means over shared futures with their intervals.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cisim.lab.ensemble import LEVEL
from cisim.model.input_error import InputError
from cisim.model.outcomes import Outcome
from cisim.show.charts.axes import value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, measure, wrap

HIGH, GAP = 18.0, 12.0
"""Of a bar, and between two (px)."""
_NEEDED = ("component", "outcome", "n", "worth", "low", "high", "missed")


def worth(
    table: pd.DataFrame,
    outcome: str | Outcome,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return a bar with its interval for each component of a table of `cisim.lab.ablation.worth`.

    names : what people call the components

    Raises InputError if a column is missing, or there is no row of that outcome.
    """
    what = outcome_shown(outcome)
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise InputError(f"charts: the table has no column {missing[0]}; allowed is what worth().")
    rows = table[table["outcome"] == what.name]
    if rows.empty:
        raise InputError(f"charts: the table has no row of {what.name}.")
    called = [str((names or {}).get(name, name)) for name in rows["component"]]
    numbers = rows[["worth", "low", "high"]].to_numpy(np.float64) * what.factor
    there = numbers[np.isfinite(numbers)]
    low, high = float(min(there.min(initial=0.0), 0.0)), float(max(there.max(initial=0.0), 0.0))
    high = high if high > low else low + 1.0
    heading = title or f"What each component is worth: {what.title}"
    sheet = Sheet(heading, what.words, theme, width)
    left = MARGIN + min(sheet.inner * 0.4, max(measure(name, NOTE) for name in called) + 14)
    axis = value_axis(low, high, left, sheet.width - MARGIN - 4, about=5)
    reading = Reading.of(axis.low, axis.high, what.apart, False)
    reading = reading.telling(*[(float(a), float(b)) for _, a, b in numbers if np.isfinite(a + b)])
    sheet.y += 14
    zero, top = axis.at(0.0), sheet.y
    said = []
    for name, (mean, least, most) in zip(called, numbers.tolist(), strict=True):
        lines = wrap(name, left - MARGIN - 10, NOTE, 2)
        words = _words(reading, mean, least, most)
        said.append(f"{name} {words}")
        tall = max(HIGH + NOTE * 1.4, len(lines) * NOTE * 1.3)
        for at, line in enumerate(lines):
            sheet.text(MARGIN, sheet.y + NOTE * (1.9 + at * 1.3), line, NOTE, "ink")
        bar = sheet.y + NOTE * 1.4
        if np.isfinite(mean):
            x = axis.at(mean)
            sheet.draw(
                f'<rect x="{px(min(zero, x))}" y="{px(bar)}" width="{px(abs(x - zero))}" '
                f'height="{px(HIGH)}" class="s0" fill-opacity=".45"/>'
            )
        if np.isfinite(least + most):
            middle, (a, b) = bar + HIGH / 2, (axis.at(least), axis.at(most))
            ends = f"M{px(a)} {px(middle)}L{px(b)} {px(middle)}"
            ends += f"M{px(a)} {px(middle - 5)}v10M{px(b)} {px(middle - 5)}v10"
            sheet.draw(f'<path d="{ends}" class="ink-line" fill="none" stroke-width="2"/>')
        half = measure(words, NOTE, True) / 2
        middle_of = axis.at(mean) if np.isfinite(mean) else zero
        at_x = min(max(middle_of, left + half), sheet.width - MARGIN - half)
        sheet.text(at_x, bar - 6, words, NOTE, "ink", anchor="middle", bold=True, plate=True)
        sheet.y += tall + GAP
    sheet.rule(zero, top, zero, sheet.y, "axis-line", ' stroke-width="1.4"')
    sheet.rule(left, sheet.y, sheet.width - MARGIN, sheet.y, "axis-line")
    decimals = axis.decimals(reading.power)
    for tick in axis.ticks:
        sheet.rule(axis.at(tick), sheet.y, axis.at(tick), sheet.y + 5, "axis-line")
        text = reading.number(tick, decimals)
        sheet.text(axis.at(tick), sheet.y + 5 + TICK * 1.05, text, TICK, anchor="middle")
    sheet.y += 5 + TICK * 1.05 + NAME * 1.2
    if reading.axis:
        sheet.text(sheet.width - MARGIN, sheet.y, reading.axis, NOTE, anchor="end")
    several = int(rows["n"].max()) > 1
    notes = [
        f"With a component minus without it, mean over shared futures; line: its {LEVEL * 100:g} % "
        f"interval."
        if several
        else "One shared future only: nothing here says how far others would differ.",
        "Each is removed from a partnership that has all the others, so the bars do not add up.",
    ]
    shown = pd.DataFrame(
        {
            "component": called,
            "mean": numbers[:, 0],
            "low": numbers[:, 1],
            "high": numbers[:, 2],
            "missed": rows["missed"].to_numpy(),
            "futures": rows["n"].to_numpy(),
        }
    )
    return sheet.finish(
        "worth",
        Numbers(shown, what.apart, ("mean", "low", "high"), factor=what.factor, signed=True),
        notes=notes,
        footer=footer,
        summary=f"{heading}, mean over shared futures: {'; '.join(said)}.",
        series=1,
    )


def _words(reading: Reading, mean: float, low: float, high: float) -> str:
    if not np.isfinite(mean):
        return "undefined"
    if not np.isfinite(low + high):
        return reading.signed(mean)
    return reading.estimate(mean, low, high)
