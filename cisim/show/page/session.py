"""What a visitor has seen in a session, so that pictures can be compared.

An outcome has one upright axis for as long as the page is open: it grows, and never shrinks. The
path that was there before a change stays, as a grey line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from cisim.lab.ensemble import Ensemble
from cisim.show.charts.paths import SINGLE_FUTURES, Span
from cisim.show.charts.series import quantiles
from cisim.show.page.address.look import Look, decides

NOTICED = 0.05
"""The share of its height from which on somebody sees that an axis has grown."""


class Path(NamedTuple):
    """What stood for a while: what decided it, and its futures, in full and as they came first."""

    key: Any
    ensembles: tuple[Ensemble, ...]


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
    now: Path | None = None
    past: Path | None = None

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

    def settle(self, look: Look, ensemble: Ensemble, *quick: Ensemble) -> None:
        """Note the path of a look that stands; where it is another one, the last is the past.

        quick : the futures that came first, where they believe something else
        """
        key = decides(look)
        if self.now is not None and self.now.key != key:
            self.past = self.now
        self.now = Path(key, (ensemble, *quick))

    def before(self, look: Look, ensemble: Ensemble) -> Ensemble | None:
        """Return what was there before a look, None if nothing is or it cannot stand beside it.

        Its futures are those of the same luck and beliefs as the look's.
        """
        key = decides(look)
        there = self.past if self.now is not None and self.now.key == key else self.now
        if there is None or there.key == key:
            return None
        now = ensemble.scenario
        for one in there.ensembles:
            past = one.scenario
            same = past.world_name == now.world_name and past.months == now.months
            alike = past.beliefs == now.beliefs and one.first_seed == ensemble.first_seed
            if same and alike and past.resolved() != now.resolved():
                return one
        return None

    def key_of(self, past: Ensemble) -> Any:
        """Return what decided a path that `before` has returned."""
        there = [one for one in (self.past, self.now) if one is not None]
        return next(one.key for one in there if any(each is past for each in one.ensembles))


def extent(ensembles: Sequence[Ensemble], outcome: str, region: str) -> Span:
    """Return the least and the most of what a chart over time draws of an outcome."""
    parts = []
    for one in ensembles:
        values = one.values[:, :, one.regions.index(region), one.outcomes.index(outcome)]
        parts += [values[:SINGLE_FUTURES].ravel(), quantiles(values, (0.05, 0.95)).ravel()]
    numbers = np.concatenate(parts)
    numbers = numbers[np.isfinite(numbers)]
    return (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
