"""What a run observes: which outcomes, in which months, and what must be summed for that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cisim.model.input_error import InputError
from cisim.model.outcomes.declared import OUTCOMES, find_outcome
from cisim.model.outcomes.sums import EVERYTHING, Parts, part_of


@dataclass(frozen=True)
class Asked:
    """Which outcomes a run observes, and in which months; nothing else is summed.

    outcomes : names, None for all
    months   : ascending, from 0, None for every month
    """

    outcomes: tuple[str, ...] | None = None
    months: tuple[int, ...] | None = None

    @classmethod
    def of(cls, outcomes: Iterable[str] | None, months: Iterable[int] | None = None) -> Asked:
        """Return what is asked; raises InputError for a name that is no outcome, or no month."""
        names = None if outcomes is None else tuple(dict.fromkeys(outcomes))
        for name in names or ():
            find_outcome(name)
        asked = None if months is None else tuple(sorted({int(month) for month in months}))
        if names == () or asked == () or (asked and asked[0] < 0):
            raise InputError(
                "observe names no outcome or no month; allowed is at least one of each, and "
                "months from 0."
            )
        return cls(names, asked)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the outcomes that are asked for."""
        return tuple(OUTCOMES) if self.outcomes is None else self.outcomes

    def parts(self, rows: int) -> Parts:
        """Return the parts of the sums that must be there after each of so many months, (rows,)."""
        return needed(self, rows).copy()

    def __str__(self) -> str:
        if self == NOTHING:
            return "nothing"
        outcomes = "all outcomes" if self.outcomes is None else ", ".join(self.outcomes)
        if self.months is None:
            return f"{outcomes} in every month"
        return f"{outcomes} in months {', '.join(map(str, self.months))}"


EVERY_MONTH = Asked()
"""All outcomes in every month."""
NOTHING = Asked((), ())
"""For a run of which only the state is looked at."""


@lru_cache(maxsize=256)
def needed(asked: Asked, rows: int) -> Parts:
    """Return what `asked.parts` does, for good."""
    if asked == EVERY_MONTH:
        return np.full(rows, EVERYTHING, np.int64)
    months = range(rows) if asked.months is None else asked.months
    last = months[-1] if months else 0
    found = np.zeros(max(rows, last + 1), np.int64)
    for name in asked.names:
        outcome = find_outcome(name)
        now = 0
        for one in outcome.sums:
            now |= part_of(one)
        for month in months:
            found[month] |= now
            for one, back in outcome.before.items():
                found[max(0, month - back) : month] |= part_of(one)
    return found[:rows]
