"""What a visitor has seen in a session, so that pictures can be compared.

An outcome has one upright axis for as long as the page is open: it grows, and never shrinks. The
path that was there before a change stays, as a grey line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cisim.lab.ensemble import Ensemble
from cisim.show.charts.paths import SINGLE_FUTURES, Span
from cisim.show.charts.series import quantiles
from cisim.show.page.address.look import Look, decides

NOTICED = 0.05
"""The share of its height from which on somebody sees that an axis has grown."""


@dataclass
class Session:
    """The axes of outcomes, which picture made them what they are, and the paths of now and before.

    spans : least and most of each outcome, in its unit; strip: the same of the causal strip
    owner : what was shown when an axis last grew; grown: what let an older axis grow
    """

    spans: dict[str, Span] = field(default_factory=dict)
    strip: dict[str, Span] = field(default_factory=dict)
    owner: dict[str, Any] = field(default_factory=dict)
    grown: dict[str, Any] = field(default_factory=dict)
    now: tuple[Any, Ensemble] | None = None
    past: tuple[Any, Ensemble] | None = None

    def span(self, outcome: str, region: str, ensembles: Sequence[Ensemble], of: Any) -> Span:
        """Return what the axis of an outcome holds, these ensembles included.

        of : what is shown, so that it can be said whether that let the axis grow
        """
        low, high = extent(ensembles, outcome, region)
        before = self.spans.get(outcome)
        if before is not None:
            spare = NOTICED * (before[1] - before[0])
            grows = low < before[0] - spare or high > before[1] + spare
            if grows and self.owner.get(outcome) != of:
                self.grown[outcome] = of
            low, high = min(low, before[0]), max(high, before[1])
        if before != (low, high):
            self.spans[outcome], self.owner[outcome] = (low, high), of
        return low, high

    def grew(self, outcome: str, of: Any) -> bool:
        """Return whether what is shown let an axis grow that was there already."""
        return outcome in self.grown and self.grown[outcome] == of

    def settle(self, look: Look, ensemble: Ensemble) -> None:
        """Note the path of a look that stands; where it is another one, the last is the past."""
        key = decides(look)
        if self.now is not None and self.now[0] != key:
            self.past = self.now
        self.now = (key, ensemble)

    def before(self, look: Look, ensemble: Ensemble) -> Ensemble | None:
        """Return what was there before a look, None if nothing is or it cannot stand beside it."""
        key = decides(look)
        there = self.past if self.now is not None and self.now[0] == key else self.now
        if there is None or there[0] == key:
            return None
        past, now = there[1].scenario, ensemble.scenario
        same = past.world_name == now.world_name and past.months == now.months
        return there[1] if same and there[1].first_seed == ensemble.first_seed else None


def extent(ensembles: Sequence[Ensemble], outcome: str, region: str) -> Span:
    """Return the least and the most of what a chart over time draws of an outcome."""
    parts = []
    for one in ensembles:
        values = one.values[:, :, one.regions.index(region), one.outcomes.index(outcome)]
        parts += [values[:SINGLE_FUTURES].ravel(), quantiles(values, (0.05, 0.95)).ravel()]
    numbers = np.concatenate(parts)
    numbers = numbers[np.isfinite(numbers)]
    return (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
