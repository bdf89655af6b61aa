"""What a calibration has found: what is left, how far each target is off, what conflicts, ranges.

space_left       share of the space that is left after each wave
targets_off      how far points are from each target, in standard deviations
target_conflicts which share of the space meets two targets at once
ranges_narrowed  the range of each parameter before, and where the ensemble lies
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cisim.lab.analyses.scale import words_of
from cisim.lab.calibration import Calibrated
from cisim.lab.calibration.calibrated import FEW, QUANTILES
from cisim.lab.calibration.conflicts import ALONE, NEVER, NOT_SEEN, SELDOM, TOGETHER
from cisim.lab.calibration.region import SMALLEST
from cisim.lab.calibration.target import CUT, counted
from cisim.show.charts.axes import Axis, value_axis
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TICK, Sheet, px
from cisim.show.charts.ink import Theme
from cisim.show.charts.words import listed, measure, shorten, wrap
from cisim.show.language.forms import localised, percent
from cisim.show.language.texts import say
from cisim.show.told import told

MOST = 30
"""Rows of one chart."""
FARTHEST = 10.0
"""Standard deviations at which the axis ends."""
NAMED = 3
"""Pairs of parameters that are named because they depend on each other most."""
_HIGH = 14.0
_VERDICTS = {
    NEVER: "conflict",
    NOT_SEEN: "not_seen",
    ALONE: "alone",
    SELDOM: "seldom",
    TOGETHER: "together",
}


def space_left(
    found: Calibrated, *, theme: Theme = "auto", width: int = 640, footer: str = ""
) -> Chart:
    """Return the share of the space that is left after each wave, on a scale of tens."""
    title = say("calibrated.left")
    under = say("calibrated.left_under", name=found.asked.title or found.asked.name)
    sheet = Sheet(title, under, theme, width)
    table = found.table()[["wave", "points", "meet_all", "left"]]
    rows = [(say("calibrated.before"), 1.0)]
    rows += [(say("calibrated.wave", n=one.wave), float(one.left)) for one in table.itertuples()]
    left = MARGIN + max(measure(name, NOTE) for name, _ in rows) + 12
    room = max(measure(_percent(share), NOTE) for _, share in rows) + 10
    least = min([share for _, share in rows if share > 0.0])
    tens = max(1, math.ceil(-math.log10(max(least, SMALLEST)) + 1e-9) + 1)
    start, end = left, sheet.width - MARGIN - room
    sheet.y += 10
    for name, share in rows:
        middle = sheet.y + _HIGH / 2
        sheet.text(MARGIN, middle + NOTE * 0.35, name, NOTE, "ink")
        at = start
        if share > 0.0:
            at = start + (end - start) * max(0.0, 1.0 + math.log10(share) / tens)
            sheet.draw(
                f'<rect x="{px(start)}" y="{px(sheet.y)}" width="{px(max(1.0, at - start))}" '
                f'height="{px(_HIGH)}" class="s0" fill-opacity=".45"/>'
            )
        sheet.text(at + 8, middle + NOTE * 0.35, _percent(share), NOTE, "ink")
        sheet.y += _HIGH + 10
    step = max(1, math.ceil(tens / (4 if width < 500 else 8)))
    sheet.rule(start, sheet.y, end, sheet.y, "axis-line")
    for ten in range(0, tens + 1, step):
        x = start + (end - start) * (1.0 - ten / tens)
        sheet.rule(x, sheet.y, x, sheet.y + 5, "axis-line")
        if x - start > 20 or not ten:
            words = _percent(10.0**-ten)
            sheet.text(x, sheet.y + 5 + TICK * 1.05, words, TICK, anchor="middle")
    sheet.y += 5 + TICK * 1.4
    said = "; ".join(f"{name} {_percent(share)}" for name, share in rows)
    stopped = say("calibrated.stopped", why=told(found.stopped)) if found.stopped else ""
    return sheet.finish(
        "calibration-left",
        Numbers(table),
        notes=[say("calibrated.tenths"), stopped],
        footer=footer,
        summary=f"{title}: {said}. {stopped}",
        series=1,
    )


def targets_off(
    found: Calibrated, *, theme: Theme = "auto", width: int = 640, footer: str = ""
) -> Chart:
    """Return how far points are from each target: of the ensemble with fresh seeds, else of the
    last wave.
    """
    members = found.members
    if members is not None and len(members):
        off, what = members.fresh_off, say("calibrated.off_fresh", n=len(members))
    else:
        off = found.off[-1]
        what = say("calibrated.off_wave", n=len(off), wave=found.waves[-1].number)
    title = say("calibrated.off")
    sheet = Sheet(title, what, theme, width)
    quantiles = np.quantile(np.minimum(off, 1e9), QUANTILES, axis=0).T
    table = pd.DataFrame(quantiles, columns=["low", "median", "high"])
    table.insert(0, "target", found.names)
    table["met"] = (off <= CUT).mean(axis=0)
    left, names = _head(sheet, found.names)
    most = min(FARTHEST, max(4.0, float(quantiles.max())))
    room = measure("100 %", NOTE) + 10
    axis = value_axis(0.0, most, left, sheet.width - MARGIN - room, about=5)
    sheet.y += 10
    top = sheet.y
    behind = len(sheet.parts)
    for lines, row in zip(names, table.to_dict("records"), strict=True):
        middle = _name(sheet, lines)
        ends = [axis.at(min(row[name], axis.high)) for name in ("low", "median", "high")]
        path = f"M{px(ends[0])} {px(middle)}L{px(ends[2])} {px(middle)}"
        sheet.draw(f'<path d="{path}" class="l0" fill="none" stroke-width="4"/>')
        sheet.mark(0, ends[1], middle, 5.0)
        said = percent(row["met"])
        sheet.text(sheet.width - MARGIN, middle + NOTE * 0.35, said, NOTE, "ink", anchor="end")
    x = axis.at(CUT)
    sheet.rule(x, top, x, sheet.y, "ink-line", ' stroke-width="1.4" stroke-dasharray="7 4"')
    sheet.parts.insert(behind, sheet.parts.pop())
    _axis(sheet, axis, [localised(f"{tick:g}") for tick in axis.ticks])
    worst = table.sort_values("median", ascending=False, kind="stable").head(3)
    said = "; ".join(
        say("calibrated.off_one", target=row.target, median=row.median, met=row.met)
        for row in worst.itertuples()
    )
    return sheet.finish(
        "calibration-targets",
        Numbers(table),
        notes=[
            say("calibrated.off_marks", cut=CUT),
            say("calibrated.off_right"),
        ],
        footer=footer,
        summary=say("calibrated.off_said", title=title, said=said),
        series=1,
    )


def target_conflicts(
    found: Calibrated, *, theme: Theme = "auto", width: int = 640, footer: str = ""
) -> Chart:
    """Return which share of the space meets two targets at once, a cell for each two."""
    title = say("calibrated.conflicts")
    table = found.pairs()
    points = 0 if found.conflicts is None else found.conflicts.points
    under = say("calibrated.conflicts_under", n=points)
    sheet = Sheet(title, under, theme, width)
    ruling = counted(found.asked.targets)[:MOST]
    alone = () if found.conflicts is None else found.conflicts.alone
    known = () if found.conflicts is None else found.conflicts.pairs
    pairs = {(one.one, one.other): one for one in known}
    left = MARGIN + measure("88", NOTE) + 8
    size = min(36.0, (sheet.width - MARGIN - left) / max(1, len(ruling)))
    letters = min(TICK, size * 0.42)
    sheet.y += 8
    for row, one in enumerate(ruling):
        y = sheet.y + row * size
        sheet.text(left - 8, y + size / 2 + NOTE * 0.35, f"{row + 1}", NOTE, "ink", anchor="end")
        for column, other in enumerate(ruling[: row + 1]):
            x = left + column * size
            share, use, see = alone[one], "plain", 0.4
            if one != other:
                pair = pairs[other, one]
                share = pair.both
                use = "s1" if pair.verdict == NEVER else "s4" if pair.verdict == NOT_SEEN else "s0"
                see = 0.75 if pair.verdict == NEVER else 0.4 if pair.verdict == NOT_SEEN else 0.0
                if not see:
                    see = 0.08 + 0.4 * min(1.0, pair.both / pair.expected if pair.expected else 1.0)
            sheet.draw(
                f'<rect x="{px(x)}" y="{px(y)}" width="{px(size - 2)}" height="{px(size - 2)}" '
                f'class="{use}" fill-opacity="{see:.2f}"/>'
            )
            if size >= 18:
                words = f"{100.0 * share:.0f}"
                sheet.text(
                    x + size / 2 - 1, y + size / 2 + letters * 0.35, words, letters, "ink",
                    anchor="middle",
                )  # fmt: skip
    sheet.y += len(ruling) * size + NOTE
    for row in range(len(ruling)):
        sheet.text(left + row * size + size / 2 - 1, sheet.y, f"{row + 1}", letters, "ink",
                   anchor="middle")  # fmt: skip
    sheet.y += 6
    for row, at in enumerate(ruling):
        sheet.y += NOTE * 1.35
        words = f"{row + 1}  {found.names[at]}"
        sheet.text(MARGIN, sheet.y, shorten(words, sheet.inner, NOTE), NOTE, "ink")
    never = [] if found.conflicts is None else found.conflicts.never
    said = "; ".join(listed([found.names[one.one], found.names[one.other]]) for one in never[:5])
    summary = say("calibrated.never", said=said) if said else say("calibrated.no_conflict")
    return sheet.finish(
        "calibration-conflicts",
        Numbers(table.assign(verdict=[_verdict(one) for one in table["verdict"]])),
        notes=[say("calibrated.conflicts_key"), say("calibrated.conflicts_colours")],
        footer=footer,
        summary=f"{title}. {summary}",
        series=5,
    )


def ranges_narrowed(
    found: Calibrated, *, theme: Theme = "auto", width: int = 640, footer: str = ""
) -> Chart:
    """Return the range of each parameter before, and where nine tenths of the ensemble lie.

    Those that became narrowest come first.
    """
    title = say("calibrated.ranges")
    members = found.members
    known = members is not None and len(members) >= FEW
    n = len(members) if members is not None and known else 0
    under = say("calibrated.ranges_under", n=n)
    sheet = Sheet(title, under if known else say("calibrated.no_ensemble"), theme, width)
    table = found.parameters()
    if known:
        table = table.sort_values("narrowed", ascending=False, kind="stable")
    ranges = {one.name: (at, one) for at, one in enumerate(found.ranges)}
    shown = table.head(MOST)
    left, names = _head(sheet, list(shown["parameter"]))
    words = [
        words_of(one, end) for name in shown["parameter"]
        for one in [ranges[name][1]] for end in (one.low, one.high)
    ]  # fmt: skip
    room = max(measure(one, NOTE) for one in words) + 8
    start, end = left + room, sheet.width - MARGIN - room
    sheet.y += 10
    for lines, name in zip(names, shown["parameter"], strict=True):
        at, one = ranges[name]
        middle = _name(sheet, lines)
        sheet.text(start - 8, middle + NOTE * 0.35, words_of(one, one.low), NOTE, anchor="end")
        sheet.text(end + 8, middle + NOTE * 0.35, words_of(one, one.high), NOTE)
        sheet.rule(start, middle, end, middle, "plain-line", ' stroke-width="2"')
        if members is not None and known:
            shares = np.quantile(members.unit[:, at], QUANTILES)
            places = (start + (end - start) * shares).tolist()
            path = f"M{px(places[0])} {px(middle)}L{px(places[2])} {px(middle)}"
            sheet.draw(f'<path d="{path}" class="l0" fill="none" stroke-width="6"/>')
            medoid = start + (end - start) * float(members.unit[members.medoid, at])
            sheet.mark(2, medoid, middle, 4.5)
    notes = []
    if known:
        notes.append(say("calibrated.ranges_marks"))
    if len(table) > len(shown):
        notes.append(say("charts.indices_more", n=len(table) - len(shown)))
    pairs = found.correlations()
    pairs = pairs[pairs["clear"].astype(bool)].head(NAMED)
    if len(pairs):
        known_together = [
            say("calibrated.pair", one=one.one, other=one.other, correlation=one.correlation)
            for one in pairs.itertuples()
        ]
        notes.append(say("calibrated.together", pairs="; ".join(known_together)))
    said = say("calibrated.no_ensemble")
    if known:
        narrowed = "; ".join(
            say("calibrated.narrowed_by", name=row.parameter, share=row.narrowed)
            for row in table.head(3).itertuples()
        )
        said = say("calibrated.narrowed", said=narrowed)
    return sheet.finish(
        "calibration-parameters",
        Numbers(table),
        notes=notes,
        footer=footer,
        summary=f"{title}. {said}",
        series=3,
    )


def _head(sheet: Sheet, names: Sequence[str]) -> tuple[float, list[Sequence[str]]]:
    """Return where rows begin after their names, and each name as lines."""
    left = MARGIN + min(sheet.inner * 0.42, max(measure(name, NOTE) for name in names) + 14)
    return left, [wrap(name, left - MARGIN - 10, NOTE, 2) for name in names]


def _name(sheet: Sheet, lines: Sequence[str]) -> float:
    """Write a row's name at the sheet's y, move y below the row; return its middle."""
    tall = max(_HIGH, len(lines) * NOTE * 1.25)
    middle = sheet.y + tall / 2
    for at, line in enumerate(lines):
        below = (at - (len(lines) - 1) / 2) * NOTE * 1.25
        sheet.text(MARGIN, middle + below + NOTE * 0.35, line, NOTE, "ink")
    sheet.y += tall + 8
    return middle


def _axis(sheet: Sheet, axis: Axis, words: Sequence[str]) -> None:
    sheet.rule(axis.start, sheet.y, axis.end, sheet.y, "axis-line")
    for tick, text in zip(axis.ticks, words, strict=True):
        sheet.rule(axis.at(tick), sheet.y, axis.at(tick), sheet.y + 5, "axis-line")
        sheet.text(axis.at(tick), sheet.y + 5 + TICK * 1.05, text, TICK, anchor="middle")
    sheet.y += 5 + TICK * 1.4


def _verdict(verdict: str) -> str:
    return say(f"calibrated.verdicts.{_VERDICTS[verdict]}")


def _percent(share: float) -> str:
    """Return a share in percent, also a very small one."""
    if share == 0.0:
        return say("calibrated.nothing")
    if share >= 1e-4:
        return localised(f"{100.0 * share:.3g}") + " %"
    return f"10^{math.log10(share):.0f}"
