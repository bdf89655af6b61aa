"""What a pattern is: a regularity, who says so, and the numbers that it is tested by."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cisim.lab.indicators import Indicator
from cisim.model.quantity import Support
from cisim.model.state import Floats

Sense = Literal[">", "<", ">=", "=", "in"]
BuiltIn = Literal["", "partly", "wholly"]


@dataclass(frozen=True)
class Criterion:
    """A number that a set of runs gives, and what it is held against.

    name      : within its pattern
    words     : what the number is
    function  : from what was run to the number; NaN where it is undefined, which passes nothing
    sense, threshold : how it passes; without a threshold it is only told
    decides   : whether the pattern's verdict depends on it
    upper     : of a band ("in"), of which threshold is the lower end; both ends are in it
    """

    name: str
    words: str
    function: Callable[[Any], float]
    sense: Sense = ">"
    threshold: float | None = None
    decides: bool = True
    upper: float = math.inf

    @property
    def test(self) -> str:
        """Return the threshold in words, empty where there is none."""
        if self.threshold is None:
            return ""
        if self.sense == "in":
            return f"{self.threshold:g} to {self.upper:g}"
        return f"{self.sense} {self.threshold:g}"

    def passes(self, effects: Floats) -> Floats:
        """Return 1 where an effect passes, 0 where it does not or is undefined, (n,)."""
        if self.threshold is None:
            return np.full(effects.shape, np.nan)
        with np.errstate(invalid="ignore"):
            found = {
                ">": effects > self.threshold,
                "<": effects < self.threshold,
                ">=": effects >= self.threshold,
                "=": effects == self.threshold,
                "in": (effects >= self.threshold) & (effects <= self.upper),
            }[self.sense]
        return found.astype(np.float64)


@dataclass(frozen=True)
class Pattern:
    """An observable regularity that the model must show without being told.

    source, supports : who says so, and whether that supports existence, sign or size
    needs    : the variants it is read from
    criteria : how it is tested; none where it is not
    reading  : what was taken where the definition leaves room
    built_in : whether an equation puts its sign there, and which one (`equation`)
    everywhere : it must hold in every single set, not in most
    indicators : what it is read from in place of runs (cisim.lab.indicators)
    """

    id: str
    words: str
    source: str
    supports: tuple[Support, ...]
    needs: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    reading: str = ""
    built_in: BuiltIn = ""
    equation: str = ""
    everywhere: bool = False
    indicators: tuple[Indicator, ...] = ()

    @property
    def deciding(self) -> tuple[Criterion, ...]:
        """Return the criteria that its verdict depends on."""
        return tuple(one for one in self.criteria if one.decides)

    def columns(self) -> list[str]:
        """Return the name of each criterion in tables: "P1.joint"."""
        return [f"{self.id}.{one.name}" for one in self.criteria]

    def effects(self, seen: Any) -> list[float]:
        """Return the number of each criterion.

        seen : the runs of a set, or what its point has shown where it is read from indicators
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            return [float(one.function(seen)) for one in self.criteria]

    def passes(self, effects: Floats) -> Floats:
        """Return 1 where all deciding criteria pass, (n,); `effects` is (n, criteria)."""
        return np.min(
            [one.passes(effects[:, k]) for k, one in enumerate(self.criteria) if one.decides],
            axis=0,
        )
