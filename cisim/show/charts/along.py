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
from cisim.show.charts.lying import Lying, Mark, anchored, rules, turn_bar, write_marks
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, measure
from cisim.show.counted import plural
from cisim.show.language.facts import fact, unit_in_words
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.show.told import told

HEIGHT = 260.0
"""Of the field (px)."""
DOT = 2.4


def along(
    found: Along,
    *,
    names: Mapping[str, str] | None = None,
    when: str = "",
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
    heading = title or say("turning.depends", name=found.over.name)
    meaning = fact("meanings", found.over.name, found.meaning)
    sheet = Sheet(heading, meaning, theme, width)
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
    lying = Lying(
        Scale(over.low, over.high, over.log),
        left,
        sheet.width - MARGIN - 14,
        unit_in_words(found.unit),
    )

    less = say("turning.less", one=called[found.scenario], other=called[found.against])
    sheet.write(f"{what.title}: {less}, {reading.axis}".rstrip(", "), NOTE, "quiet")
    marks = _marks(found)
    top = write_marks(sheet, marks, lying)
    bottom = top + min(HEIGHT, max(200.0, 0.41 * width))  # a narrower one has more lines of words
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
    off = "turning.dots_off" if what.name == "wellbeing_gain" else "turning.dots"
    futures = plural(found.values.size, "future")
    notes = [
        say(off, futures=futures, when=when or say("turning.at_end"), who=called[found.scenario]),
        say("turning.line"),
    ]
    if math.isfinite(found.turn):
        notes.append(say("turning.upright"))
    parts = [
        say("charts.between", low=localised(f"{a:.3g}"), high=localised(f"{b:.3g}"))
        for a, b in table[["low", "high"]].to_numpy()
    ]
    rows = table.assign(part=parts)
    rows = rows[["part", "n", *quantiles, "better"]]
    return sheet.finish(
        "along",
        Numbers(rows, what.apart, tuple(quantiles), factor=what.factor, signed=True),
        notes=notes,
        footer=footer,
        summary=f"{heading}. {told(found.said(names))}",
        series=1,
    )


def _marks(found: Along) -> list[Mark]:
    """Return what is marked above the field, from left to right."""
    default = say("turning.default", value=localised(f"{found.default:.3g}"))
    marks = [Mark(found.default, default, "default"), *map(anchored, found.anchors)]
    if math.isfinite(found.turn):
        near = say("turning.turns_near", value=localised(f"{found.turn:.2g}"))
        marks.append(Mark(found.turn, near, "turn"))
    inside = [one for one in marks if found.over.low <= one.value <= found.over.high]
    return sorted(inside, key=lambda one: one.value)
