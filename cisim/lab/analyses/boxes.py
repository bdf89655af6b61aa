"""Boxes: ranges of a few parameters within which a scenario fails, in words and with their test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.fails import SURE, Fails
from cisim.lab.analyses.intervals import wilson
from cisim.lab.analyses.says import PERCENT, SAYS, share
from cisim.lab.analyses.scale import Scaled, words_of
from cisim.lab.evidence import known_of
from cisim.model.told import Written, and_listed, several

PRIM, TREE = "PRIM", "a tree"
"""Methods that find boxes."""


class Limit(NamedTuple):
    """Within what a parameter lies: shares of its range, or some of its choices.

    column    : in Scaled
    low, high : shares, minus and plus infinity where it is open
    choices   : places of the choices that are allowed, () for a number
    """

    column: int
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[int, ...] = ()

    def holds(self, scaled: Scaled) -> NDArray[np.bool_]:
        """Return which points lie within, (n,)."""
        unit = scaled.unit[:, self.column]
        if self.choices:
            last = max(1, len(scaled.ranges[self.column].choices) - 1)
            inside: NDArray[np.bool_] = np.isin(np.rint(unit * last), self.choices)
            return inside
        within: NDArray[np.bool_] = (unit >= self.low) & (unit <= self.high)
        return within

    def ends(self, scaled: Scaled) -> tuple[float, float]:
        """Return the values between which it lies; an open end is that of the range."""
        one = scaled.ranges[self.column]
        low = one.low if self.low == -math.inf else scaled.value(self.column, self.low)
        high = one.high if self.high == math.inf else scaled.value(self.column, self.high)
        if one.whole:
            return math.ceil(low - 1e-9), math.floor(high + 1e-9)
        return low, high

    def words(self, scaled: Scaled) -> str:
        """Return it in words: "effort_half is below 3.2"."""
        one = scaled.ranges[self.column]
        if self.choices:
            chosen = several((one.choices[place] for place in self.choices), " or ")
            return SAYS("is_choice", name=one.name, choices=chosen)
        low, high = (Written(words_of(one, end)) for end in self.ends(scaled))
        if self.low == -math.inf:
            return SAYS("is_at_most", name=one.name, high=high)
        if self.high == math.inf:
            return SAYS("is_at_least", name=one.name, low=low)
        return SAYS("is_between", name=one.name, low=low, high=high)


@dataclass(frozen=True, eq=False)
class Box:
    """A box, told by the points that it was not looked for in.

    limits     : of what is restricted
    points     : numbers of all points within
    inside     : how many of those that tell lie within; of them so many `fail`
    failing    : how many of those that tell fail at all; `of` so many points
    chance     : how often chance alone gives one so dense
    """

    limits: tuple[Limit, ...]
    points: NDArray[np.int64]
    inside: int
    fail: int
    failing: int
    of: int
    chance: float

    @classmethod
    def told(
        cls,
        fails: Fails,
        limits: tuple[Limit, ...],
        left: NDArray[np.bool_],
        looked: int = 1,
    ) -> Box:
        """Return a box with its test.

        left   : (n,) points that no earlier box has taken
        looked : among how many boxes it was chosen: the chance counts all of them
        """
        from scipy.stats import hypergeom

        within = left.copy()
        for limit in limits:
            within &= limit.holds(fails.scaled)
        tell = left & ~fails.search
        inside, fail = int((within & tell).sum()), int((within & tell & fails.there).sum())
        pool, bad = int(tell.sum()), int((tell & fails.there).sum())
        chance = float(hypergeom.sf(fail - 1, pool, bad, inside)) if inside else 1.0
        failing = int((~fails.search & fails.there).sum())
        of = int((~fails.search).sum())
        numbers = fails.points[within]
        return cls(limits, numbers, inside, fail, failing, of, min(1.0, looked * chance))

    @property
    def clear(self) -> bool:
        """Return whether it is no accident."""
        return self.chance <= SURE

    @property
    def coverage(self) -> float:
        """Return the share of all failures that lie within."""
        return self.fail / self.failing if self.failing else math.nan

    @property
    def density(self) -> float:
        """Return the share of the points within that fail."""
        return self.fail / self.inside if self.inside else math.nan

    def words(self, scaled: Scaled) -> str:
        """Return its limits in words."""
        return and_listed(limit.words(scaled) for limit in self.limits)


@dataclass(frozen=True, eq=False)
class Discovery:
    """Where a scenario fails, in boxes.

    method : that found them: "PRIM" or "a tree"
    boxes  : that are no accident; () where there are none
    tried  : how many were tested
    """

    method: str
    fails: Fails
    boxes: tuple[Box, ...]
    tried: int

    def table(self) -> pd.DataFrame:
        """Return a row for each box and parameter that it restricts.

        low, high         : values; choices: allowed ones, of what is no number
        coverage, density : of the box, with their intervals; base: the share that fails at all
        chance            : how often chance alone gives a box so dense
        points            : how many lie within, of all
        """
        scaled = self.fails.scaled
        keys = self.fails.question.keys
        rows = []
        for number, box in enumerate(self.boxes, 1):
            for limit in box.limits:
                one = scaled.ranges[limit.column]
                low, high = limit.ends(scaled)
                chosen = " or ".join(one.choices[place] for place in limit.choices)
                known = known_of(one.name)
                rows.append(
                    {
                        **keys,
                        "method": self.method,
                        "box": number,
                        "parameter": one.name,
                        "low": math.nan if chosen else low,
                        "high": math.nan if chosen else high,
                        "choices": chosen,
                        "range_low": one.low,
                        "range_high": one.high,
                        "log": one.log,
                        **_share("coverage", box.fail, box.failing),
                        **_share("density", box.fail, box.inside),
                        "base": box.failing / box.of,
                        "chance": box.chance,
                        "points": len(box.points),
                        "source": known["source"],
                        "supports": known["supports"],
                    }
                )
        columns = [
            *keys, "method", "box", "parameter", "low", "high", "choices", "range_low",
            "range_high", "log", "coverage", "coverage_low", "coverage_high", "density",
            "density_low", "density_high", "base", "chance", "points", "source", "supports",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def members(self) -> pd.DataFrame:
        """Return a row for each box and point within it."""
        frames = [
            pd.DataFrame({"method": self.method, "box": number, "point": box.points})
            for number, box in enumerate(self.boxes, 1)
        ]
        return pd.concat(frames) if frames else pd.DataFrame(columns=["method", "box", "point"])

    @property
    def method_called(self) -> str:
        """Return what the method is called in sentences."""
        return SAYS("by_prim" if self.method == PRIM else "by_tree")

    def sentences(self) -> list[str]:
        """Return in words where it fails."""
        told = [self.fails.share]
        if not self.fails.enough:
            return told
        method = self.method_called
        if not self.boxes and self.tried:
            return [*told, SAYS("no_box", method=method, tried=self.tried)]
        if not self.boxes:
            return [*told, SAYS("no_box_tested", method=method)]
        told += [
            SAYS(
                "box",
                method=method,
                where=box.words(self.fails.scaled),
                dense=share(_share("dense", box.fail, box.inside), "dense"),
                base=box.failing / box.of,
                cover=share(_share("cover", box.fail, box.failing), "cover"),
            )
            for box in self.boxes
        ]
        told.append(SAYS("half_told", level=PERCENT))
        return told


def _share(name: str, count: int, of: int) -> dict[str, float]:
    low, high = wilson(count, of)
    return {name: count / of if of else math.nan, f"{name}_low": low, f"{name}_high": high}
