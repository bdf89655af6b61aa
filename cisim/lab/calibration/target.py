"""A target: what was seen of real partnerships, how exactly, and how far a point is from it.

    I = |value - mean| / sqrt((tolerance / (3 weight))**2 + chance + of_mean + emulator)

mean is what a point shows, over seeds or as the emulator expects it. Under the root stand: the
tolerance, which holds what the source leaves open and what no model gets right (for weight 1 a
point whose mean is that far off is at the cut where nothing else is unsure); the chance that one
real partnership differs from another under the same beliefs, the variance between seeds; what the
mean over a few seeds leaves open; and the error of the emulator. A point whose I is above CUT is
ruled out: three standard deviations hold 95 % of any distribution with one peak (Pukelsheim 1994).

Source  Craig et al. 1997; Vernon, Goldstein and Bower 2010; Andrianakis et al. 2015 (chance)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cisim.model.state import Floats

CUT = 3.0
Side = Literal["value", "at_least", "at_most"]


@dataclass(frozen=True)
class Target:
    """What was seen, and how exactly.

    name      : in tables and charts
    reading   : what of a point is held against it, a column of what is measured
    tolerance : so far the mean of a point may be off
    weight    : 2 halves the tolerance, .5 doubles it; of 0 it is told and rules nothing out
    units     : of how many real partnerships the value is a mean; None for what the indicator is of
    unit      : of value and tolerance
    side      : whether a mean on the other side of the value is off, too, or only one below it
                (at_least) or above it (at_most)
    """

    name: str
    reading: str
    value: float
    tolerance: float
    source: str
    weight: float = 1.0
    units: int | None = None
    unit: str = ""
    side: Side = "value"

    @property
    def band(self) -> tuple[float, float]:
        """Return what is within the tolerance."""
        low = -math.inf if self.side == "at_most" else self.value - self.tolerance
        high = math.inf if self.side == "at_least" else self.value + self.tolerance
        return low, high

    @property
    def variance(self) -> float:
        """Return the variance that the tolerance stands for."""
        return (self.tolerance / (CUT * (self.weight or 1.0))) ** 2

    def implausibility(self, mean: Floats, unsure: Floats | float) -> Floats:
        """Return how many standard deviations means are off, (n,); infinite where undefined.

        unsure : (n,) variance beside that of the tolerance: chance, of the mean, of the emulator
        """
        off = mean - self.value
        if self.side == "at_least":
            off = np.minimum(off, 0.0)
        elif self.side == "at_most":
            off = np.maximum(off, 0.0)
        off = np.abs(off) / np.sqrt(self.variance + np.asarray(unsure))
        return np.asarray(np.where(np.isfinite(mean), off, math.inf), np.float64)


def counted(targets: Sequence[Target]) -> list[int]:
    """Return the places of the targets that rule out."""
    return [at for at, one in enumerate(targets) if one.weight > 0.0]


def met(implausibility: Floats) -> NDArray[np.bool_]:
    """Return which are near enough."""
    return np.asarray(implausibility <= CUT, np.bool_)


def met_by_all(implausibility: Floats, targets: Sequence[Target]) -> NDArray[np.bool_]:
    """Return which points meet every target that rules out, (n, T) -> (n,)."""
    return np.asarray(met(implausibility[:, counted(targets)]).all(axis=1))
