"""What left its scale: an index of 0 to 100 that goes to 180 is told, never only shown.

The model adds gains up without an upper end: within what may plausibly be believed nothing comes
near it, but parameters at the ends of their bounds, or grants of many times an organisation's own
time, do. A number from there is no result; whoever sees it has to see that, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cisim.model.outcomes import OUTCOMES
from cisim.model.state import Floats
from cisim.model.told import Sentences

_ROUNDING = 1e-9
SAYS = Sentences(
    "scale",
    to="{low:g} to {high:g}",
    more="{low:g} and more",
    here="this future",
    many="{many:,} of {of:,} futures",
    far="{far:,.4g}",
    endless="no end",
    left="{scenario}: {outcome} left its scale of {scale} in {where} (to {far}). The model was not "
    "made for such parameters or such grants; do not read these numbers as results.",
)


class Outside(NamedTuple):
    """An outcome that left its scale: in how many of the futures, and the value farthest out."""

    scenario: str
    outcome: str
    futures: int
    of: int
    farthest: float

    def __str__(self) -> str:
        """Return one sentence for people."""
        return self.words

    @property
    def words(self) -> str:
        """Return one sentence for people."""
        low, high = OUTCOMES[self.outcome].bounds
        scale = SAYS("to", low=low, high=high) if np.isfinite(high) else SAYS("more", low=low)
        where = SAYS("here") if self.of == 1 else SAYS("many", many=self.futures, of=self.of)
        far = SAYS("far", far=self.farthest) if np.isfinite(self.farthest) else SAYS("endless")
        return SAYS(
            "left", scenario=self.scenario, outcome=self.outcome, scale=scale, where=where, far=far
        )


def outside(scenario: str, names: Sequence[str], values: Floats) -> list[Outside]:
    """Return the outcomes that left their scale.

    names  : (O,) of outcomes
    values : (futures, …, O), NaN where an outcome is undefined
    """
    found = []
    for place, name in enumerate(names):
        low, high = OUTCOMES[name].bounds
        seen = values[..., place].reshape(values.shape[0], -1)
        with np.errstate(invalid="ignore"):
            beyond = np.maximum(low - seen, seen - high)
        beyond[np.isinf(seen)] = np.inf
        beyond[np.isnan(beyond)] = 0.0
        left = beyond > _ROUNDING * max([1.0, *(abs(x) for x in (low, high) if np.isfinite(x))])
        if left.any():
            farthest = float(seen.reshape(-1)[beyond.argmax()])
            futures = int(left.any(axis=1).sum())
            found.append(Outside(scenario, name, futures, values.shape[0], farthest))
    return found
