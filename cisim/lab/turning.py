"""Where an answer turns as one number changes: look along its range, then halve what is open.

At each value that is tried somebody says what the answer is there, and whether that is sure. The
values are spread over the range first; wherever two neighbours differ, what lies between is halved
until it is narrow. So an answer that turns twice within one step of the first look is missed, and
said to be so: `Scale.points` says how wide a step is.

An interval comes with every turn: from the last value at which the earlier answer is sure to the
first at which the later one is. Where sureness is a test at each value, that is what is left when
all values are thrown out at which the test speaks against a turn (inversion of a test; Casella and
Berger 2002, Statistical inference, 9.2.1). What turns and turns back without being sure in between
is no turn: it is in doubt.

Nothing here knows of a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

NARROW = 0.01
"""A turn is known well enough within this share of the range."""
MOST_ROUNDS = 24
"""So often at most the range is looked at again: enough to halve a million to one."""


@dataclass(frozen=True)
class Scale:
    """The range of a number that is varied.

    log   : steps are equal in its logarithm; low is above 0
    whole : only whole numbers are tried
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def share(self, value: float) -> float:
        """Return where a value lies on the range, from 0 to 1."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def value(self, share: float) -> float:
        """Return the value at a share of the range, written with few digits; the ends exactly."""
        if share <= 0.0:
            return float(self.low)
        if share >= 1.0:
            return float(self.high)
        if self.log:
            return float(f"{self.low * (self.high / self.low) ** share:.4g}")
        value = self.low + share * (self.high - self.low)
        if self.whole:
            return float(math.floor(value + 0.5))
        return round(value, 4 - math.floor(math.log10(self.high - self.low)))

    def points(self, many: int) -> list[float]:
        """Return so many values from end to end; fewer where there are not so many."""
        return sorted({self.value(k / (many - 1)) for k in range(many)})

    def middle(self, one: float, other: float) -> float | None:
        """Return a value halfway between two; None where they are near enough to each other."""
        if self.whole:
            return math.floor((one + other) / 2.0) if other - one > 1.0 else None
        first, last = self.share(one), self.share(other)
        if last - first <= NARROW:
            return None
        value = self.value((first + last) / 2.0)
        return value if one < value < other else None


class Seen(NamedTuple):
    """What the answer is at one value, and whether that is sure."""

    state: Hashable
    sure: bool


class Turn(NamedTuple):
    """A place where the answer turns.

    before, after : the answers on its two sides
    last, first   : neighbours among the values tried, between which it turns
    low, high     : the last value that is surely before it, the first that is surely after
    open_low, open_high : whether there is none, so that low or high is only the range's end
    """

    before: Hashable
    after: Hashable
    last: float
    first: float
    low: float
    high: float
    open_low: bool
    open_high: bool


class Turns(NamedTuple):
    """Where an answer turns, in order, and where it cannot be told whether it does."""

    turns: tuple[Turn, ...]
    doubts: tuple[tuple[float, float], ...]


Look = Callable[[Sequence[float]], Sequence[Sequence[Seen]] | None]
"""Says at each value what every question's answer is; None when it was stopped."""


def turns(seen: Mapping[float, Seen]) -> Turns:
    """Return where the answer turns, given what it is at two values or more."""
    values = sorted(seen)
    last = len(values) - 1
    held = [k for k, value in enumerate(values) if seen[value].sure or k in (0, last)]
    found: list[Turn] = []
    doubts: list[tuple[float, float]] = []
    for i, j in pairwise(held):
        one, other = seen[values[i]], seen[values[j]]
        changes = [k for k in range(i, j) if seen[values[k]].state != seen[values[k + 1]].state]
        if one.state == other.state:
            if changes:
                doubts.append((values[i], values[j]))
            continue
        k = changes[len(changes) // 2]
        found.append(
            Turn(
                one.state,
                other.state,
                values[k],
                values[k + 1],
                values[i],
                values[j],
                not one.sure,
                not other.sure,
            )
        )
    return Turns(tuple(found), tuple(doubts))


def wanted(scale: Scale, seen: Mapping[float, Seen]) -> list[float]:
    """Return the values to look at next: the middles of what is open still, ascending."""
    values = sorted(seen)
    found: set[float] = set()
    for turn in turns(seen).turns:
        gaps = [(turn.last, turn.first)]
        if not turn.open_low:
            gaps.append((turn.low, values[values.index(turn.low) + 1]))
        if not turn.open_high:
            gaps.append((values[values.index(turn.high) - 1], turn.high))
        found |= {middle for gap in gaps if (middle := scale.middle(*gap)) is not None}
    return sorted(found - seen.keys())


def search(scale: Scale, look: Look, points: int) -> tuple[list[dict[float, Seen]], bool]:
    """Look along a scale and halve what is open, for several questions at once.

    Return what was seen, by value, for each question, and whether it came to its end.
    """
    todo = scale.points(points)
    seen: list[dict[float, Seen]] = []
    for _ in range(MOST_ROUNDS):
        answers = look(todo)
        if answers is None:
            return seen, False
        for value, each in zip(todo, answers, strict=True):
            seen = seen or [{} for _ in each]
            for question, one in zip(seen, each, strict=True):
                question[value] = one
        todo = sorted({value for question in seen for value in wanted(scale, question)})
        if not todo:
            break
    return seen, True


def rounds(scale: Scale, points: int) -> int:
    """Return how often a range is halved until a step of the first look is narrow."""
    step = 1.0 / max(1, points - 1)
    narrow = 1.0 / (scale.high - scale.low) if scale.whole else NARROW
    return max(0, math.ceil(math.log2(step / narrow)))
