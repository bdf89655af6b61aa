"""The small charts of Start: a path or two with the range of nine in ten futures, without axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cisim.model.state import Floats
from cisim.show.charts.words import escape

QUANTILES = (0.05, 0.5, 0.95)
"""Where nine of ten futures begin, the middle one, and where they end."""


class SmallPath(NamedTuple):
    """A path: months (K,), values (futures, K), and the place of its colour."""

    months: Floats
    values: Floats
    place: int


class Frame(NamedTuple):
    """What the paths of small charts that are compared have in common.

    low, high  : values at the bottom and at the top
    last       : month at the right edge
    wide, tall : of the chart (px)
    """

    low: float
    high: float
    last: float
    wide: float = 240.0
    tall: float = 84.0

    def x(self, month: float) -> float:
        """Return where a month is (px)."""
        return self.wide * month / max(1.0, self.last)

    def y(self, value: float) -> float:
        """Return where a value is (px); what is beyond stands at the edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.tall * (1.0 - share)


def small_chart(said: str, paths: Sequence[SmallPath], frame: Frame, unknown: bool = False) -> str:
    """Return the middle future of each path and the range of nine in ten.

    said    : what it shows, in words
    unknown : whether what comes after the last path is asked; a question mark stands there
    """
    parts = [_drawn(one, frame) for one in paths]
    if frame.low <= 0.0 <= frame.high:
        parts.insert(0, f'<path d="M0 {frame.y(0.0):.1f}H{frame.wide:g}" class="small-zero"/>')
    if unknown:
        seen = max(frame.x(float(one.months[-1])) for one in paths)
        middle = (seen + frame.wide) / 2.0
        parts.append(
            f'<text x="{middle:.1f}" y="{frame.tall / 2 + 8:.1f}" class="small-asked" '
            f'text-anchor="middle" aria-hidden="true">?</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.wide:g} {frame.tall:g}" '
        f'role="img" aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _drawn(path: SmallPath, frame: Frame) -> str:
    low, middle, high = np.nanquantile(path.values, QUANTILES, axis=0).tolist()
    at = [frame.x(month) for month in path.months.tolist()]

    def points(values: Sequence[float]) -> list[str]:
        return [f"{x:.1f} {frame.y(value):.1f}" for x, value in zip(at, values, strict=True)]

    colour = f"var(--s{path.place})"
    if len(at) == 1:  # nothing has happened yet
        x = at[0] + 4.0
        return (
            f'<path d="M{x:.1f} {frame.y(low[0]):.1f}V{frame.y(high[0]):.1f}" class="small-line" '
            f'style="stroke:{colour};opacity:.4"/><circle cx="{x:.1f}" '
            f'cy="{frame.y(middle[0]):.1f}" r="4" style="fill:{colour}"/>'
        )
    band = "L".join([*points(high), *reversed(points(low))])
    return (
        f'<path d="M{band}z" class="small-band" style="fill:{colour}"/>'
        f'<path d="M{"L".join(points(middle))}" class="small-line" style="stroke:{colour}"/>'
    )
