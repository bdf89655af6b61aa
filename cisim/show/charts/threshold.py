"""Where an answer turns: what was found at each value of one number, with the goal's line.

The number lies on the lower axis, on its declared scale. Marked are the range that may be believed,
values that somebody has measured (anchors), the default and what the scenarios have, and every turn
with its interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from cisim.lab.ensemble import LEVEL
from cisim.lab.threshold import Threshold
from cisim.show.charts.axes import Axis, value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme, dash, place
from cisim.show.charts.lying import (
    Lying,
    Mark,
    anchored,
    believed,
    rules,
    turn_bar,
    write_marks,
)
from cisim.show.charts.series import Floats, Shown, outcome_shown
from cisim.show.charts.words import Reading, listed, measure, shorten, titled
from cisim.show.counted import label, plural
from cisim.show.language.facts import fact, unit_in_words
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.show.told import told

HEIGHT = 260.0
"""Of the field (px)."""


def threshold(
    found: Threshold,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return the curve of what was found along the number that was varied.

    names : what people call the scenarios, by name
    width : px; 640 reads well from a phone to a page, 390 is laid out for a phone
    """
    called = dict(names or {})
    what = outcome_shown(found.goal.outcome)
    share = found.goal.share is not None
    factor = 100.0 if share else what.factor
    unit = "%" if share else (what.apart if found.goal.there else what.unit)
    table = found.table()
    keys = list(dict.fromkeys(table["scenario"]))
    curves = [
        table[table["scenario"] == key][["estimate", "low", "high"]].to_numpy(np.float64).T * factor
        for key in keys
    ]
    people = [_called(key, found, called) for key in keys]
    goal = None if found.by_order else found.goal.target * factor
    heading = title or say("turning.where", name=found.vary.name)
    sheet = Sheet(heading, fact("meanings", found.vary.name, found.vary.meaning), theme, width)
    _legend(sheet, people)

    percent = unit == "%"
    numbers = np.concatenate([np.concatenate([*curve]) for curve in curves])
    numbers = numbers[np.isfinite(numbers)]
    ends = [*(numbers if numbers.size else [0.0]), *([] if goal is None else [goal])]
    bounds = (0.0, 100.0) if share else (-math.inf, math.inf)
    upright = value_axis(min(ends), max(ends), 0.0, 0.0, bounds=bounds)
    reading = Reading.of(upright.low, upright.high, "" if percent else unit, percent)
    decimals = upright.decimals(reading.power)
    left = MARGIN + 8 + max(measure(reading.number(t, decimals), TICK) for t in upright.ticks)
    beyond = 52 if found.vary.month else 14  # of words at the end of the axis
    vary = found.vary
    lying = Lying(
        found.scale,
        left,
        sheet.width - MARGIN - beyond,
        unit_in_words(vary.unit),
        month=vary.month,
        calendar=found.calendar,
    )

    sheet.y += NOTE * 1.3
    asked = _upright_words(found, what)
    said = f"{asked}, {reading.axis}" if reading.axis else asked
    sheet.text(MARGIN, sheet.y, shorten(said, sheet.inner, NOTE), NOTE)
    marks = _marks(found)
    top = write_marks(sheet, marks, lying)
    bottom = top + HEIGHT
    upright = upright.moved(bottom, top)

    if found.vary.plausible is not None:
        believed(sheet, found.vary.plausible, lying, top, bottom)
    sheet.value_grid(upright, reading, lying.start, lying.end)
    rules(sheet, marks, lying, top, bottom)
    for turn in found.turning().to_dict("records"):
        turn_bar(sheet, lying.at(turn["low"]), lying.at(turn["high"]), bottom)
    xs = [lying.at(float(value)) for value in found.values]
    for number, curve in enumerate(curves):
        _band(sheet, number, xs, curve, upright)
    if goal is not None:
        y = upright.at(goal)
        sheet.rule(lying.start, y, lying.end, y, "ink-line", ' stroke-width="1.6"')
        words = say("turning.goal", goal=reading.short(goal))
        above = y - 5 if y - top > NOTE * 1.6 else y + NOTE * 1.15
        sheet.text(lying.end, above, words, NOTE, "ink", anchor="end", halo=True)
    for number, curve in enumerate(curves):
        _line(sheet, number, xs, curve[0], upright)
    lying.draw(sheet, bottom)
    notes = [_note(found, share)]
    summary = " ".join([f"{heading}.", *map(told, found.sentences(called))])
    shown = table.assign(scenario=table["scenario"].map(dict(zip(keys, people, strict=True))))
    shown = shown[["scenario", "value", "n", "estimate", "low", "high", "holds", "sure"]]
    for column in ("estimate", "low", "high"):
        shown[column] = shown[column] * factor
    return sheet.finish(
        "threshold",
        Numbers(shown, unit, ("estimate", "low", "high"), factor=factor),
        notes=notes,
        footer=footer,
        summary=summary,
        series=len(keys),
    )


def _called(key: str, found: Threshold, called: Mapping[str, str]) -> str:
    if found.goal.there:
        one, other = (called.get(name, name) for name in (found.goal.here, found.goal.there))
        return say("turning.less", one=one, other=other)
    return called.get(key, key)


def _upright_words(found: Threshold, what: Shown) -> str:
    """Return what the upright axis shows."""
    goal = found.goal
    title = what.title
    if goal.there:
        less = say("turning.less", one=goal.here, other=goal.there)
        title = f"{title}, {less}"
    if goal.share is None:
        return title
    return say(
        "turning.at_least" if goal.at_least else "turning.at_most",
        title=title,
        value=goal.value * what.factor,
        unit=what.apart if goal.there else what.unit,
    ).rstrip()


def _marks(found: Threshold) -> list[Mark]:
    """Return what is marked above the field, from left to right."""
    vary = found.vary
    marks: list[Mark] = []
    now = found.present
    own = vary.default is not None and now is not None and now != vary.default
    if now is not None:
        name = "turning.now" if own or vary.kind != "parameter" else "turning.default"
        marks.append(Mark(now, say(name, value=told(found.value_words(now))), "now"))
    if own or (now is None and vary.default is not None):
        marks.append(
            Mark(
                float(vary.default or 0.0),
                say("turning.default", value=localised(f"{vary.default:.4g}")),
                "default",
            )
        )
    marks += [anchored(one) for one in vary.anchors]
    for answer in found.answers:
        for turn in answer.turns:
            at, width = found.at(turn, answer.of), turn.first - turn.last
            there = told(found.value_words(at, width))
            marks.append(Mark(at, say("turning.turns_at", value=there), "turn"))
    inside = [one for one in marks if found.scale.low <= one.value <= found.scale.high]
    return sorted(inside, key=lambda one: one.value)


def _band(sheet: Sheet, number: int, xs: Sequence[float], curve: Floats, axis: Axis) -> None:
    finite = [k for k in range(len(xs)) if np.isfinite(curve[1:, k]).all()]
    if len(finite) < 2:
        return
    up = [f"{px(xs[k])} {px(axis.at(float(curve[2, k])))}" for k in finite]
    down = [f"{px(xs[k])} {px(axis.at(float(curve[1, k])))}" for k in reversed(finite)]
    sheet.draw(
        f'<path d="M{"L".join([*up, *down])}z" class="s{place(number)}" fill-opacity=".17"/>'
    )


def _line(sheet: Sheet, number: int, xs: Sequence[float], middle: Floats, axis: Axis) -> None:
    finite = [k for k in range(len(xs)) if math.isfinite(middle[k])]
    points = [(xs[k], axis.at(float(middle[k]))) for k in finite]
    path = "L".join(f"{px(x)} {px(y)}" for x, y in points)
    if path:
        sheet.draw(
            f'<path d="M{path}" class="l{place(number)}" fill="none" stroke-width="2.4" '
            f'stroke-linejoin="round"{dash(number)}/>'
        )
    for x, y in points:
        sheet.mark(number, x, y, 3.4)


def _legend(sheet: Sheet, people: Sequence[str]) -> None:
    """Name the curves, as many in a line as fit."""
    if not any(people):
        return
    sheet.y += 8
    x = MARGIN
    sheet.y += NAME * 1.3
    for number, name in enumerate(people):
        words = shorten(name, sheet.inner - 32, NAME)
        wide = 30 + measure(words, NAME) + 20
        if x > MARGIN and x + wide - 20 > sheet.width - MARGIN:
            x = MARGIN
            sheet.y += NAME * 1.4
        sheet.sample(number, x, sheet.y - NAME * 0.36)
        sheet.text(x + 30, sheet.y, words, NAME, "ink")
        x += wide
    sheet.y += 4


def _note(found: Threshold, share: bool) -> str:
    said = [
        say(
            "turning.line_share" if share else "turning.line_mean",
            futures=plural(found.futures, "shared_future"),
            when=label(found.calendar, found.month),
            level=100 * LEVEL,
        )
    ]
    if len(found.turning()):
        said.append(say("turning.upright_answer"))
    meant = []
    if found.vary.plausible is not None:
        low, high = found.vary.plausible
        meant.append(say("turning.grey", low=low, high=high))
    if any(mark.style == "anchor" for mark in _marks(found)):
        meant.append(say("turning.dotted"))
    if meant:
        said.append(f"{titled(listed(meant))}.")
    return " ".join(said)
