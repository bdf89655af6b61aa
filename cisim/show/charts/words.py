"""Words and numbers in a chart: how wide they are, how they are shortened, how they are written."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cisim.show.language.forms import listed as listed
from cisim.show.language.forms import localised
from cisim.show.language.texts import say

# Of DejaVu Sans, the widest of the usual system fonts: what fits in it fits in all of them.
_EMS = {
    **dict.fromkeys("'|", 0.3),
    **dict.fromkeys(" ,.IJijl·-/:;\\f°", 0.34),
    **dict.fromkeys('!()[]rt"', 0.42),
    **dict.fromkeys("*_`sz–?Lc", 0.53),
    **dict.fromkeys("FPTYaekovxy", 0.61),
    **dict.fromkeys("ABCRVXZ", 0.69),
    **dict.fromkeys("DGHNU&OQw", 0.79),
    **dict.fromkeys("#+<=>M^~→←↑↓−×", 0.85),
    **dict.fromkeys("%mW@—…", 0.98),
}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def escape(text: object) -> str:
    """Return text as it may stand in XML, in an element or an attribute, on one line."""
    clean = " ".join(_FORBIDDEN.sub("", str(text)).split())
    clean = clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return clean.replace('"', "&quot;").replace("'", "&#39;")


@lru_cache(maxsize=4096)
def measure(text: str, size: float, bold: bool = False) -> float:
    """Return about how wide a text is at most (px), whichever system font it is in."""
    ems = 0.0
    for letter in text:
        if letter in _EMS:
            ems += _EMS[letter]
        elif unicodedata.combining(letter):
            continue
        else:
            ems += 1.05 if unicodedata.east_asian_width(letter) in "WF" else 0.65
    return ems * size * (1.11 if bold else 1.0)


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return the text if it fits into a width, else as much of its beginning as does, and …"""
    text = " ".join(text.split())
    if measure(text, size, bold) <= width:
        return text
    while text and measure(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip(" ,;:–-(") + "…"


def wrap(
    text: str, width: float, size: float, lines: int = 2, bold: bool = False
) -> tuple[str, ...]:
    """Return the text in at most so many lines of a width; what does not fit is shortened."""
    done: list[str] = []
    words = text.split() or [""]
    while words and len(done) < lines:
        if len(done) == lines - 1:
            done.append(shorten(" ".join(words), width, size, bold))
            break
        taken = 1
        while taken < len(words) and (measure(" ".join(words[: taken + 1]), size, bold) <= width):
            taken += 1
        line = " ".join(words[:taken])
        if taken == 1 and measure(line, size, bold) > width:
            cut = len(line)
            while cut > 1 and measure(line[:cut] + "-", size, bold) > width:
                cut -= 1
            # At a hyphen of its own, if it has one.
            cut = line[:cut].rfind("-") + 1 or cut
            done.append(line[:cut] if line[cut - 1] == "-" else line[:cut] + "-")
            words[0] = line[cut:]
            continue
        done.append(line)
        words = words[taken:]
    return tuple(done)


def wrap_name(name: str, width: float, size: float, lines: int = 2) -> tuple[str, ...]:
    """Return a name such as `own_value_share` in lines that end after a `_` where they can."""
    wrapped = wrap(name.replace("_", "_ "), width, size, lines)
    return tuple(line.replace("_ ", "_") for line in wrapped)


def wrap_apart(
    texts: Sequence[str], width: float, size: float, lines: int = 2, bold: bool = False
) -> list[tuple[str, ...]]:
    """Return each text wrapped as `wrap` does; those that would look the same keep their ends."""
    wrapped = [wrap(text, width, size, lines, bold) for text in texts]
    for at, text in enumerate(texts):
        alike = [other for other in range(len(texts)) if wrapped[other] == wrapped[at]]
        if len(alike) > 1 and len({texts[other] for other in alike}) > 1:
            for other in alike:
                tail = shorten(texts[other][::-1], width, size, bold)[::-1]
                wrapped[other] = (*wrap(text, width, size, lines, bold)[: lines - 1], tail)
    return wrapped


def placed(title: str, where: str) -> str:
    """Return a title that names its region, if that is not "", for all of them."""
    return f"{title}, {where}" if where else title


def titled(name: str) -> str:
    """Return a name as a title: "wellbeing_gain" is "Wellbeing gain"."""
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Reading:
    """How numbers on one axis are written.

    unit     : in words
    percent  : written as "35 %"; the numbers are percent already
    power    : all numbers are written as so many times 10**power
    decimals : of values; ticks have their own
    bare     : the unit is not said after a number in a sentence
    """

    unit: str
    percent: bool
    power: int
    decimals: int
    bare: bool = False

    @classmethod
    def of(cls, low: float, high: float, unit: str, percent: bool, bare: bool = False) -> Reading:
        """Return the reading for numbers from low to high: about three digits each."""
        most = max(abs(low), abs(high))
        power = 0
        if most >= 1e6 or 0 < most < 1e-3:
            power = 3 * math.floor(math.log10(most) / 3)
        extent = (high - low) / 10.0**power or 1.0
        decimals = min(12, max(0, 2 - math.floor(math.log10(extent / 0.3))))
        return cls(unit, percent, power, decimals, bare)

    @property
    def plain(self) -> Reading:
        """Return the reading without a power of ten, for numbers that stand by themselves."""
        return replace(self, power=0, decimals=min(15, max(0, self.decimals - self.power)))

    @property
    def axis(self) -> str:
        """Return what stands at the axis: the unit, with its power of ten."""
        if not self.power:
            return self.unit
        return f"× 10{str(self.power).translate(_SUPERSCRIPT)} {self.unit}".strip()

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number without its unit, "–" for what is not one."""
        if not math.isfinite(value):
            return "–"
        digits = self.decimals if decimals is None else decimals
        text = localised(self._bare(value, digits))
        return f"{text} %" if self.percent else text

    def _bare(self, value: float, digits: int) -> str:
        text = f"{value / 10.0**self.power:,.{digits}f}"
        if text.startswith("-"):
            text = text[1:] if not text.strip("-0.,") else "−" + text[1:]
        return text

    def short(self, value: float) -> str:
        """Return a number as it was given: without zeros at its end."""
        if not math.isfinite(value):
            return "–"
        text = self._bare(value, min(12, self.decimals + 4))
        text = localised(text.rstrip("0").rstrip(".") if "." in text else text)
        return f"{text} %" if self.percent else text

    def signed(self, value: float) -> str:
        """Return a number with its sign, also where it is positive."""
        text = self.number(value)
        rises = math.isfinite(value) and value > 0 and bool(text.strip("0.,% \u00a0"))
        return f"+{text}" if rises else text

    def between(self, low: float, high: float) -> str:
        """Return "0.80 to 1.66"."""
        first = self.number(low).removesuffix(" %")
        return say("charts.between", low=first, high=self.number(high))

    def estimate(self, middle: float, low: float, high: float) -> str:
        """Return "+0.62 (+0.55 to +0.69)": a difference and its interval, each with its sign."""
        first = self.signed(low).removesuffix(" %")
        ends = say("charts.between", low=first, high=self.signed(high))
        return f"{self.signed(middle)} ({ends})"

    def telling(self, *intervals: tuple[float, float]) -> Reading:
        """Return the reading with decimals enough that no interval looks like a point.

        Nor is an end beside zero, of an interval that leaves zero out, written as zero.
        """
        finite = [ends for ends in intervals if math.isfinite(ends[0]) and math.isfinite(ends[1])]
        for decimals in range(self.decimals, min(12, self.decimals + 4) + 1):
            how = replace(self, decimals=decimals)
            if all(how._tells(low, high) for low, high in finite):
                return how
        return self

    def _tells(self, low: float, high: float) -> bool:
        written = [self.number(end) for end in (low, high)]
        if low < high and written[0] == written[1]:
            return False
        return low * high <= 0 or all(text.strip("−0.,% \u00a0") for text in written)

    @property
    def after(self) -> str:
        """Return what follows a number in a sentence: " points", "" where it is said already."""
        return "" if self.percent or self.bare or not self.axis else f" {self.axis}"
