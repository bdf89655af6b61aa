"""What a difference hangs on: each future a dot, by what it believes of one parameter.

The parameter lies on the lower axis, over all that may be believed of it. The line is the middle
of the futures around, the band where nine of ten of them lie; marked are the default, what somebody
has measured, and where the order of the two scenarios turns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from cisim.lab.hanging import Along
from cisim.lab.turning import Scale
from cisim.show.charts.axes import value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.lying import Lying, Mark, rules, turn_bar, write_marks
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, measure
from cisim.show.counted import plural

HEIGHT = 260.0
"""Of the field (px)."""
DOT = 2.4


def along(
    found: Along,
    *,
    names: Mapping[str, str] | None = None,
    when: str = "at the end",
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the differences of futures along what they believe of one parameter.

    names : what people call the scenarios, by name
    when  : in words, "after 10 years"
    width : px; 640 reads well from a phone to a page, 390 is laid out for a phone
    """
    called = {name: (names or {}).get(name, name) for name in (found.scenario, found.against)}
    what = outcome_shown(found.outcome)
    heading = title or f"What it depends on: {found.over.name}"
    sheet = Sheet(heading, found.meaning, theme, width)
    table = found.table()
    quantiles = ["q05", "q50", "q95"]
    table[quantiles] *= what.factor
    values = found.differences * what.factor
    finite = values[np.isfinite(values)]
    ends = [0.0, *([float(finite.min()), float(finite.max())] if finite.size else [])]
    upright = value_axis(min(ends), max(ends), 0.0, 0.0)
    reading = Reading.of(upright.low, upright.high, what.apart, False)
    decimals = upright.decimals(reading.power)
    left = MARGIN + 8 + max(measure(reading.number(t, decimals), TICK) for t in upright.ticks)
    over = found.over
    lying = Lying(Scale(over.low, over.high, over.log), left, sheet.width - MARGIN - 14, found.unit)

    said = f"{what.title}: {called[found.scenario]} less {called[found.against]}, {reading.axis}"
    sheet.write(said.rstrip(", "), NOTE, "quiet")
    marks = _marks(found)
    top = write_marks(sheet, marks, lying)
    bottom = top + HEIGHT
    upright = upright.moved(bottom, top)
    sheet.value_grid(upright, reading, lying.start, lying.end)
    rules(sheet, marks, lying, top, bottom)
    if math.isfinite(found.turn):
        turn_bar(sheet, lying.at(found.low), lying.at(found.high), bottom)
    for value, difference in zip(found.values, values, strict=True):
        if math.isfinite(difference):
            sheet.draw(
                f'<circle cx="{px(lying.at(float(value)))}" '
                f'cy="{px(upright.at(float(difference)))}" r="{DOT}" class="s0" '
                f'fill-opacity=".45"/>'
            )
    xs = [lying.at(float(value)) for value in table["middle"]]
    low, middle, high = ([upright.at(float(v)) for v in table[name]] for name in quantiles)
    if len(xs) > 1:
        up = [f"{px(x)} {px(y)}" for x, y in zip(xs, high, strict=True)]
        down = [f"{px(x)} {px(y)}" for x, y in zip(xs[::-1], low[::-1], strict=True)]
        sheet.draw(f'<path d="M{"L".join([*up, *down])}z" class="s0" fill-opacity=".17"/>')
    path = "L".join(f"{px(x)} {px(y)}" for x, y in zip(xs, middle, strict=True))
    sheet.draw(
        f'<path d="M{path}" class="l0" fill="none" stroke-width="2.4" stroke-linejoin="round"/>'
    )
    lying.draw(sheet, bottom)
    futures = plural(found.values.size, "future")
    off = " off" if what.name == "wellbeing_gain" else ""
    dots = (
        f"Dots: {futures}, {when}, each with other beliefs of all else, too; above zero one is "
        f"better{off} with {called[found.scenario]}."
    )
    notes = [dots, "Line: middle of the futures around; band: nine of ten of them."]
    if math.isfinite(found.turn):
        notes.append("Full upright line: where the order turns; bar at its foot: its interval.")
    rows = table.assign(part=[f"{a:.3g} to {b:.3g}" for a, b in table[["low", "high"]].to_numpy()])
    rows = rows[["part", "n", *quantiles, "better"]]
    return sheet.finish(
        "along",
        Numbers(rows, what.apart, tuple(quantiles), factor=what.factor, signed=True),
        notes=notes,
        footer=footer,
        summary=f"{heading}. {found.said(names)}",
        series=1,
    )


def _marks(found: Along) -> list[Mark]:
    """Return what is marked above the field, from left to right."""
    marks = [Mark(found.default, f"default: {found.default:.3g}", "default")]
    marks += [Mark(one.value, f"{one.value:g}: {one.words}", "anchor") for one in found.anchors]
    if math.isfinite(found.turn):
        marks.append(Mark(found.turn, f"turns near {found.turn:.2g}", "turn"))
    inside = [one for one in marks if found.over.low <= one.value <= found.over.high]
    return sorted(inside, key=lambda one: one.value)
