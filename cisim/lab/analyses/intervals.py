"""Intervals for the sample of the space: over points, never over runs.

A share has Wilson's interval; all else what resampled points give. Points of a Latin hypercube or
a Sobol' sequence lie more evenly than drawn ones, so these intervals are rather too wide.
"""

from __future__ import annotations

import math

import numpy as np

from cisim.lab.ensemble import LEVEL
from cisim.model.state import Floats

LEVEL_WORDS = f"{LEVEL * 100:g} %"


def wilson(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's interval of a share, (0, 1) where nothing was counted."""
    from scipy.special import ndtri

    if of < 1:
        return 0.0, 1.0
    z = float(ndtri(0.5 + level / 2))
    share = count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return low, high


def between(resamples: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the ends within which the middle share of resamples lies, over the first axis."""
    low, high = np.quantile(resamples, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return low, high
