"""Who gains and who loses: a tile for each community, from the least to the most deprived.

The numbers are those of cisim.lab.gains: differences future by future. The more a community gains
the fuller its tile; one that loses on average has a broken edge and a minus. A bar at the foot of a
tile says how deprived the community is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cisim.lab.gains import BY_RANK, WELLBEING
from cisim.model.input_error import InputError, nearest
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NOTE, TITLE, RowHead, Sheet, px
from cisim.show.charts.ink import Theme, place
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading, measure, shorten, wrap
from cisim.show.language.texts import say
from cisim.show.places_in_words import place as region_in_words

NAMED = 40
"""Up to so many communities have tiles that hold their names; more have small ones."""
WIDE, HIGH, GAP = 116.0, 58.0, 6.0
"""Tiles with names, and between tiles (px)."""
SMALL, BETWEEN = 20.0, 3.0
NUMBERS = ("community", "children", "deprivation", "mean", "low", "high", "gains", "loses", "n")


def tiles(
    table: pd.DataFrame,
    outcome: str = WELLBEING,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    when: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return a tile for each scenario and community.

    table : as cisim.lab.gains.gains returns it
    names : what people call the scenarios, by name, in their order
    when  : the month, in words

    Raises InputError if a column is missing, or the table is empty.
    """
    for column in ("scenario", "against", "region", *NUMBERS):
        if column not in table.columns:
            near = nearest(column, [str(one) for one in table.columns])
            raise InputError(f"charts: the table of communities has no column {column}.{near}")
    if not len(table):
        raise InputError("charts: the table of communities has no rows.")
    called = dict(names or {})
    what = outcome_shown(outcome)
    chosen = list(dict.fromkeys(table["scenario"]))
    order = list(called) or chosen
    base = str(table["against"].iloc[0])
    beside = called.get(base, base) if base else say("charts.ordinary_world")
    after = f"{what.title}{f', {when}' if when else ''}"
    sheet = Sheet(title or _title(after, beside, width), "", theme, width)
    means = table["mean"].to_numpy(np.float64) * what.factor
    reading = Reading.of(float(means.min()), float(means.max()), what.apart, False)
    most = float(np.abs(means[np.isfinite(means)]).max(initial=0.0)) or 1.0
    for name in chosen:
        rows = table[table["scenario"] == name]
        number = order.index(name) if name in order else 0
        sheet.y += 10
        RowHead(sheet, number, called.get(name, name), _said(rows)).draw()
        sheet.y += 6
        many = len(rows)
        draw = _named if many <= NAMED else _small
        draw(sheet, rows.to_dict("records"), number, most, what.factor, reading)
    shown = table[["scenario", *NUMBERS]].copy()
    shown["community"] = [community_in_words(str(name)) for name in shown["community"]]
    shown["scenario"] = [called.get(str(name), str(name)) for name in shown["scenario"]]
    for column in ("mean", "low", "high"):
        shown[column] = shown[column] * what.factor
    n = int(table["n"].max())
    notes = [
        say("charts.tile_is"),
        say("charts.tile_fuller", beside=beside, n=n),
    ]
    if len(table) <= NAMED * len(chosen):
        ranked = all(str(name).endswith(BY_RANK) for name in table["community"])
        notes.append(say("charts.in_tile_ranked" if ranked else "charts.in_tile"))
    if base and not (table["gains"] + table["loses"] + table["equal"] == table["n"]).all():
        notes.append(say("charts.undefined_out"))
    return sheet.finish(
        "tiles",
        Numbers(
            shown, what.apart, ("mean", "low", "high"), factor=what.factor, signed=True,
            named={"mean": "mean_difference", "low": "ci_low", "high": "ci_high"},
        ),
        notes=notes,
        footer=footer,
        summary=" ".join(_summary(table, chosen, called, beside, after, reading, what.factor)),
        series=len(order),
    )  # fmt: skip


def _title(after: str, beside: str, width: int) -> str:
    """Return a title that fits its two lines; over whom is in the notes, too."""
    whole = say("charts.who_gains_over", what=after, beside=beside)
    last = wrap(whole, width - 2 * MARGIN, TITLE, 2, True)[-1]
    return say("charts.who_gains", what=after) if last.endswith("…") else whole


def _said(rows: pd.DataFrame) -> str:
    gain = int((rows["gains"] > rows["loses"]).sum())
    return say("charts.gain_in_most", gain=gain, n=len(rows))


def _opacity(mean: float, most: float) -> float:
    return round(0.08 + 0.42 * min(1.0, max(0.0, mean) / most), 3)


def _tile(
    sheet: Sheet,
    x: float,
    y: float,
    wide: float,
    high: float,
    number: int,
    mean: float,
    most: float,
) -> None:
    box = f'x="{px(x)}" y="{px(y)}" width="{px(wide)}" height="{px(high)}" rx="3"'
    if mean < 0.0 or not math.isfinite(mean):
        sheet.draw(
            f'<rect {box} class="paper axis-line" stroke-width="1.4" stroke-dasharray="4 3"/>'
        )
    else:
        sheet.draw(f'<rect {box} class="s{place(number)}" fill-opacity="{_opacity(mean, most)}"/>')


def _bar(sheet: Sheet, x: float, y: float, wide: float, share: float) -> None:
    """Draw how deprived a community is, at the foot of its tile."""
    sheet.draw(
        f'<rect x="{px(x)}" y="{px(y)}" width="{px(max(0.5, wide * share))}" height="3" '
        f'class="ink"/>'
    )


def _named(
    sheet: Sheet,
    rows: Sequence[Mapping[Any, Any]],
    number: int,
    most: float,
    factor: float,
    reading: Reading,
) -> None:
    across = max(1, math.floor((sheet.inner + GAP) / (WIDE + GAP)))
    wide = (sheet.inner + GAP) / across - GAP
    regions = list(dict.fromkeys(row["region"] for row in rows))
    for region in regions:
        if len(regions) > 1:
            sheet.write(region_in_words(str(region)), NOTE, "quiet", lines=1)
            sheet.y += 3
        top = sheet.y
        mine = [row for row in rows if row["region"] == region]
        for k, row in enumerate(mine):
            x = MARGIN + (k % across) * (wide + GAP)
            y = top + (k // across) * (HIGH + GAP)
            mean = float(row["mean"]) * factor
            _tile(sheet, x, y, wide, HIGH, number, mean, most)
            name = shorten(_short(str(row["community"]), str(region)), wide - 12, NOTE)
            sheet.text(x + 6, y + 16, name, NOTE, "ink")
            sheet.text(x + 6, y + 33, reading.signed(mean), NOTE, "ink", bold=True)
            count = say("charts.of", many=int(row["gains"]), n=int(row["n"]))
            size = 12.0
            if measure(count, size) <= wide - 12:
                sheet.text(x + 6, y + 48, count, size, "ink")
            _bar(sheet, x + 4, y + HIGH - 6, wide - 8, float(row["deprivation"]))
        sheet.y = top + math.ceil(len(mine) / across) * (HIGH + GAP) + 2


def _small(
    sheet: Sheet,
    rows: Sequence[Mapping[Any, Any]],
    number: int,
    most: float,
    factor: float,
    reading: Reading,
) -> None:
    across = max(1, math.floor((sheet.inner + BETWEEN) / (SMALL + BETWEEN)))
    regions = list(dict.fromkeys(row["region"] for row in rows))
    for region in regions:
        mine = [row for row in rows if row["region"] == region]
        means = [float(row["mean"]) * factor for row in mine]
        ends = reading.between(min(means), max(means))
        said = f"{region_in_words(str(region))}: {ends} {reading.unit}"
        sheet.write(said.rstrip(), NOTE, "quiet", lines=1)
        sheet.y += 3
        top = sheet.y
        for k, (row, mean) in enumerate(zip(mine, means, strict=True)):
            x = MARGIN + (k % across) * (SMALL + BETWEEN)
            y = top + (k // across) * (SMALL + BETWEEN)
            _tile(sheet, x, y, SMALL, SMALL, number, mean, most)
            if mean < 0.0:
                middle = y + SMALL / 2 - 1
                sheet.rule(x + 6, middle, x + SMALL - 6, middle, "ink-line", ' stroke-width="1.6"')
            _bar(sheet, x + 2, y + SMALL - 4.5, SMALL - 4, float(row["deprivation"]))
        sheet.y = top + math.ceil(len(mine) / across) * (SMALL + BETWEEN) + 4


def _short(name: str, region: str) -> str:
    """Return a community's name without the region that stands above it."""
    for joint in ("/", ", "):
        if name.startswith(region + joint):
            found = _RANKED.fullmatch(name)
            if found is not None:
                return say("charts.rank", at=found["at"], of=found["of"])
            return name.removeprefix(region + joint)
    return name


_RANKED = re.compile(rf"(?P<region>.*), (?P<at>\d+) of (?P<of>\d+){BY_RANK}")


def community_in_words(name: str) -> str:
    """Return a community's name; one that goes by its rank says so in words."""
    found = _RANKED.fullmatch(name)
    if found is None:
        return name
    region = region_in_words(found["region"])
    return say("charts.by_rank", region=region, at=found["at"], of=found["of"])


def _summary(
    table: pd.DataFrame,
    chosen: Sequence[str],
    called: Mapping[str, str],
    beside: str,
    after: str,
    reading: Reading,
    factor: float,
) -> list[str]:
    unit = f" {reading.unit}" if reading.unit else ""
    told = [say("charts.each_against", what=after, beside=beside)]
    for name in chosen:
        rows = table[table["scenario"] == name].sort_values("mean", kind="stable")
        least, top = rows.iloc[0], rows.iloc[-1]
        by_need = rows.sort_values("deprivation", kind="stable")
        half = len(by_need) // 2
        told.append(
            say(
                "charts.most_least",
                name=called.get(name, name),
                said=_said(rows),
                most=community_in_words(str(top["community"])),
                much=f"{reading.signed(float(top['mean']) * factor)}{unit}",
                in_most=int(top["gains"]),
                of_most=int(top["n"]),
                least=community_in_words(str(least["community"])),
                little=f"{reading.signed(float(least['mean']) * factor)}{unit}",
                in_least=int(least["gains"]),
                of_least=int(least["n"]),
            )
        )
        if half:
            low = float(by_need["mean"].iloc[:half].mean()) * factor
            high = float(by_need["mean"].iloc[-half:].mean()) * factor
            told.append(say("charts.halves", low=reading.signed(low), high=reading.signed(high)))
    return told
