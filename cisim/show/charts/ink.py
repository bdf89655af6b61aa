"""What charts are drawn with: colours of the two themes, dashes and markers of the scenarios.

A scenario has a place, the place has a colour, a dash and a marker; the three together tell
scenarios apart for every eye and on grey paper. The hues are Okabe and Ito's (2008); their
lightness differs between neighbours, and each has a contrast of at least 3:1 on its paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Literal

from cisim.model.input_error import InputError, shown

Theme = Literal["auto", "light", "dark"]

LIGHT = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#1b2026",
        "quiet": "#565f6a",
        "grid": "#e4e7eb",
        "axis": "#8b949e",
        "plain": "#aeb6bf",
    }
)
DARK = MappingProxyType(
    {
        "paper": "#14181d",
        "ink": "#eceff2",
        "quiet": "#a9b2bc",
        "grid": "#2a3139",
        "axis": "#707a85",
        "plain": "#59636e",
    }
)
SERIES_LIGHT = (
    "#1a7fe0", "#b23a00", "#005c40", "#d957a8", "#a07e0c", "#3e4957", "#e5484d", "#5b34b8",
)  # fmt: skip
SERIES_DARK = (
    "#4a98ff", "#ee8a45", "#86edd0", "#d968b2", "#bfa938", "#aab0ba", "#ff9aa2", "#9d8cff",
)  # fmt: skip
THEMES: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = MappingProxyType(
    {"light": (LIGHT, SERIES_LIGHT), "dark": (DARK, SERIES_DARK)}
)
"""Each theme's colours by use, and by place of the scenario."""

DASHES = ("", "10 4", "3.5 3", "13 4 3 4", "6 5", "18 4", "10 3 2 3 2 3", "2 5")
MARKERS = ("circle", "square", "diamond", "up", "down", "cross", "pentagon", "ring")
FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, system-ui, sans-serif"


_PLACES: ContextVar[tuple[int, ...]] = ContextVar("places", default=())


@contextmanager
def coloured(places: Sequence[int]) -> Iterator[None]:
    """Give the scenarios of charts that are drawn meanwhile these places, in their order.

    So a scenario keeps its colour and its marker in another company. Without it the first has the
    first place, the second the second.
    """
    token = _PLACES.set(tuple(places))
    try:
        yield
    finally:
        _PLACES.reset(token)


def _given(number: int) -> int:
    given = _PLACES.get()
    return given[number] if number < len(given) else number


def place(number: int) -> int:
    """Return the place in the colours of the scenario of a number; after the last, the first."""
    return _given(number) % len(SERIES_LIGHT)


def dash(number: int) -> str:
    """Return the attribute for the line of the scenario of a number, "" for a solid line.

    A scenario that has a place of its own and stands alone has a solid line.
    """
    if len(_PLACES.get()) == 1:
        return ""
    number = _given(number)
    pattern = DASHES[(number + number // len(SERIES_LIGHT)) % len(DASHES)]
    return f' stroke-dasharray="{pattern}"' if pattern else ""


def marker(number: int, x: float, y: float, r: float) -> str:
    """Return the path data of the marker of the scenario of a number, of about radius r."""
    number = _given(number)
    kind = MARKERS[(number + number // len(SERIES_LIGHT)) % len(MARKERS)]
    if kind in ("circle", "ring"):
        ring = f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0"
        ring += f"a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0z"
        if kind == "circle":
            return ring
        s = r * 0.5
        hole = f"M{x - s:.1f} {y:.1f}a{s:.1f} {s:.1f} 0 1 1 {2 * s:.1f} 0"
        return f"{ring}{hole}a{s:.1f} {s:.1f} 0 1 1 {-2 * s:.1f} 0z"
    corners = {
        "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "diamond": [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
        "up": [(0, -1.2), (1.15, 0.85), (-1.15, 0.85)],
        "down": [(0, 1.2), (1.15, -0.85), (-1.15, -0.85)],
        "cross": [
            (-1.1, -0.6), (-0.6, -1.1), (0, -0.5), (0.6, -1.1), (1.1, -0.6), (0.5, 0),
            (1.1, 0.6), (0.6, 1.1), (0, 0.5), (-0.6, 1.1), (-1.1, 0.6), (-0.5, 0),
        ],
        "pentagon": [(0, -1.15), (1.1, -0.35), (0.68, 0.93), (-0.68, 0.93), (-1.1, -0.35)],
    }[kind]  # fmt: skip
    return "M" + "L".join(f"{x + r * a:.1f} {y + r * b:.1f}" for a, b in corners) + "z"


def check_theme(theme: str) -> None:
    """Raise InputError if there is no such theme."""
    if theme not in ("auto", "light", "dark"):
        raise InputError(f"charts: theme is {shown(theme)}; allowed is one of auto, light, dark.")


def style(name: str, theme: Theme, series: int) -> str:
    """Return the style sheet of the chart of an id, for as many scenarios as it shows.

    "auto" is light, and dark where a screen asks for dark; on paper it is light.
    """
    if theme != "auto":
        return _rules(name, theme, series)
    dark = _rules(name, "dark", series)
    light = _rules(name, "light", series)
    return f"{light}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def _rules(name: str, theme: str, series: int) -> str:
    colours, places = THEMES[theme]
    rules = [f"#{name} .{use}{{fill:{colours[use]}}}" for use in ("paper", "ink", "quiet", "plain")]
    rules += [
        f"#{name} .{use}-line{{stroke:{colours[use]}}}"
        for use in ("paper", "ink", "quiet", "grid", "axis", "plain")
    ]
    for number in sorted({place(one) for one in range(min(series, len(places)))}):
        colour = places[number]
        rules.append(f"#{name} .s{number}{{fill:{colour}}}#{name} .l{number}{{stroke:{colour}}}")
    return "".join(rules)
