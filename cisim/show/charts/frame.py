"""The sheet a chart is drawn on: title, notes, small print, and what makes it readable alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cisim.model.input_error import InputError, shown
from cisim.show.charts.axes import Axis, TimeTick
from cisim.show.charts.chart import Chart, Numbers, TimeAxis
from cisim.show.charts.ink import FONT, Theme, check_theme, dash, marker, place, style
from cisim.show.charts.words import Reading, escape, measure, wrap
from cisim.show.counted import plural
from cisim.show.language.texts import say
from cisim.version import __version__

TITLE, NAME, TICK, NOTE, PRINT = 20.0, 15.0, 14.0, 13.5, 11.5
"""Sizes of text (px)."""
MARGIN = 16.0


def small_print(
    futures: int | None = None, seed: int | None = None, key: str | None = None, failed: int = 0
) -> str:
    """Return the footer of a chart: "cisim 0.1.0 · 100 futures, 2 failed · seed 1 · key abc123".

    failed : futures that are left out because a run of them failed
    """
    parts = [f"cisim {__version__}"]
    if futures is not None:
        count = plural(futures, "future")
        parts.append(say("charts.failed", count=count, n=failed) if failed else count)
    if seed is not None:
        parts.append(say("charts.seed", seed=seed))
    if key is not None:
        parts.append(say("charts.key", key=key))
    return " · ".join(parts)


def px(value: float) -> str:
    """Return a place for an attribute, to a tenth of a pixel."""
    return f"{round(value, 1) + 0.0:g}"


class Sheet:
    """Paper that is drawn on from top to bottom; `y` is how far it is used (px)."""

    def __init__(self, title: str, under: str, theme: Theme, width: int) -> None:
        check_theme(theme)
        if not 300 <= width <= 4000:
            raise InputError(f"charts: width is {shown(width)}; allowed is 300 to 4000 (px).")
        self.title, self.theme, self.width = " ".join(title.split()), theme, float(width)
        self.parts: list[str] = []
        self.y = MARGIN
        self.write(title, TITLE, "ink", bold=True)
        if under:
            self.y += 3
            self.write(under, NOTE, "quiet", lines=3)

    @property
    def inner(self) -> float:
        """Return the width between the margins (px)."""
        return self.width - 2 * MARGIN

    def draw(self, *markup: str) -> None:
        """Add elements."""
        self.parts.extend(markup)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        use: str = "quiet",
        *,
        anchor: str = "start",
        bold: bool = False,
        halo: bool = False,
        plate: bool = False,
    ) -> None:
        """Write one line with its baseline at y; `use` is a class of ink.style.

        halo  : clear what lies under the letters
        plate : clear what lies under the line
        """
        if plate:
            wide = measure(words, size, bold) + 6
            left = x - 3 - {"start": 0.0, "middle": wide / 2 - 3, "end": wide - 6}[anchor]
            self.draw(
                f'<rect x="{px(left)}" y="{px(y - size)}" width="{px(wide)}" '
                f'height="{px(size * 1.3)}" class="paper"/>'
            )
        extra = "" if anchor == "start" else f' text-anchor="{anchor}"'
        extra += ' font-weight="600"' if bold else ""
        if halo:
            use += " paper-line"
            extra += ' stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
        self.draw(
            f'<text x="{px(x)}" y="{px(y)}" font-size="{size:g}" class="{use}"{extra}>'
            f"{escape(words)}</text>"
        )

    def write(
        self, words: str, size: float, use: str, *, bold: bool = False, lines: int = 2
    ) -> None:
        """Write a paragraph from margin to margin at y and move y below it."""
        for line in wrap(words, self.inner, size, lines, bold):
            self.y += size * 1.3
            self.text(MARGIN, self.y - size * 0.28, line, size, use, bold=bold)

    def rule(self, x1: float, y1: float, x2: float, y2: float, use: str, extra: str = "") -> None:
        """Draw a straight line; `use` is a class of ink.style."""
        self.draw(
            f'<path d="M{px(x1)} {px(y1)}L{px(x2)} {px(y2)}" class="{use}" fill="none"{extra}/>'
        )

    def mark(self, number: int, x: float, y: float, r: float, halo: bool = True) -> None:
        """Draw the marker of the scenario of a number."""
        edge = ' paper-line" stroke-width="1.5' if halo else ""
        self.draw(f'<path d="{marker(number, x, y, r)}" class="s{place(number)}{edge}"/>')

    def sample(self, number: int, x: float, y: float, length: float = 22.0) -> None:
        """Draw a piece of the line of the scenario of a number, with its marker in the middle."""
        self.rule(x, y, x + length, y, f"l{place(number)}", f' stroke-width="2.4"{dash(number)}')
        self.mark(number, x + length / 2, y, 4.2)

    def value_grid(self, axis: Axis, reading: Reading, left: float, right: float) -> None:
        """Draw the ticks of an upright axis as lines from left to right, with their numbers."""
        decimals = axis.decimals(reading.power)
        for tick in axis.ticks:
            y = axis.at(tick)
            zero = tick == 0 and axis.low < 0
            self.rule(left, y, right, y, "axis-line" if zero else "grid-line")
            words = reading.number(tick, decimals)
            self.text(left - 8, y + TICK * 0.35, words, TICK, anchor="end")

    def time_marks(self, ticks: Sequence[TimeTick], axis: Axis, y: float) -> None:
        """Draw a time axis at y, words below it."""
        self.rule(axis.start, y, axis.end, y, "axis-line")
        for tick in ticks:
            x = axis.at(tick.month)
            self.rule(x, y, x, y + 5, "axis-line")
            number = tick.words.split(" ")[0]
            half = measure(number, TICK) / 2
            self.text(x - half, y + 5 + TICK * 1.05, tick.words, TICK)

    def finish(
        self,
        kind: str,
        numbers: Numbers,
        *,
        notes: Sequence[str],
        footer: str,
        summary: str,
        series: int,
        time: TimeAxis | None = None,
    ) -> Chart:
        """Write notes and small print, close the sheet and return the chart."""
        self.y += 6
        for note in notes:
            if note:
                self.write(note, NOTE, "quiet", lines=4)
        if footer:
            self.y += 5
            self.write(footer, PRINT, "quiet")
        height = round(self.y + MARGIN * 0.8)
        body = "".join(self.parts)
        said = f"{self.title}{summary}{body}{self.theme}"
        name = "chart-" + hashlib.blake2s(said.encode(errors="replace")).hexdigest()[:10]
        size = f'width="{self.width:g}" height="{height}"'
        box = f"0 0 {self.width:g} {height}"
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" role="img" '
            f'aria-labelledby="{name}-t {name}-d" viewBox="{box}" {size} '
            f'style="max-width:100%;height:auto" font-family="{FONT}">'
            f'<title id="{name}-t">{escape(self.title)}</title>'
            f'<desc id="{name}-d">{escape(summary)}</desc>'
            f"<style>{style(name, self.theme, series)}</style>"
            f'<rect width="{self.width:g}" height="{height}" class="paper"/>'
            f"{body}</svg>"
        )
        return Chart(kind, svg, self.title, summary, numbers, time)


class RowHead:
    """The head of a row that stands for a scenario: marker and name, and what is said of it."""

    def __init__(self, sheet: Sheet, number: int, name: str, said: str) -> None:
        self.sheet, self.number, self.said = sheet, number, said
        room = sheet.inner - 20
        self.beside = measure(name, NAME, True) + 24 + measure(said, NOTE) <= room
        self.lines = wrap(name, room, NAME, 2, True)

    def draw(self) -> None:
        """Draw it at the sheet's y and move y below it."""
        sheet = self.sheet
        for at, line in enumerate(self.lines):
            sheet.y += NAME * 1.3
            if at == 0:
                sheet.mark(self.number, MARGIN + 6, sheet.y - NAME * 0.36, 5.2, halo=False)
            sheet.text(MARGIN + 20, sheet.y, line, NAME, "ink", bold=True, plate=True)
        if self.said and self.beside:
            sheet.text(
                sheet.width - MARGIN, sheet.y, self.said, NOTE, "ink", anchor="end", plate=True
            )
        elif self.said:
            for line in wrap(self.said, sheet.inner - 20, NOTE, 2):
                sheet.y += NOTE * 1.3
                sheet.text(MARGIN + 20, sheet.y, line, NOTE, "ink", plate=True)
