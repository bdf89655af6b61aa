"""By how much each scenario is better than the best of the others, point by point."""

from __future__ import annotations

import numpy as np

from cisim.model.state import Floats


def leads(better: Floats) -> Floats:
    """Return the lead of each scenario, (n, S), of numbers of which more is better, (n, S)."""
    found = np.empty_like(better)
    for s in range(better.shape[1]):
        found[:, s] = better[:, s] - np.delete(better, s, axis=1).max(axis=1)
    return found
