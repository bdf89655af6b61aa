"""One run of an ensemble: what it returns, and the room for many of them.

What is kept of a run is its outcomes by month and region, its books by year, and, where that was
asked for, what each community or organisation has shown. All are plain numbers, so that a run can
be kept as one row of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from cisim.lab.bill import by_year, years_of
from cisim.lab.each import Followed, empty, follow
from cisim.lab.ensemble import OVERALL
from cisim.lab.same_money import let_go
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OWN_TIME, Asked
from cisim.model.outcomes.each import Of
from cisim.model.past import Pasts
from cisim.model.state import Floats
from cisim.world.scenario import Scenario

THROUGH = ("cisim.lab.replicate", "cisim.lab.bill", "cisim.lab.each", "cisim.lab.same_money")
"""The modules of the lab that decide the bits of a run; see cisim.lab.store.key_of."""


@dataclass(frozen=True)
class Kept:
    """What is kept of a run.

    outcomes : names
    months   : ascending
    regions  : names, "overall" last
    each     : of what each one is kept, too
    yearly   : communities in every full year, else at the horizon only
    """

    outcomes: tuple[str, ...]
    months: tuple[int, ...]
    regions: tuple[str, ...] = (OVERALL,)
    each: tuple[Of, ...] = ()
    yearly: bool = True

    @property
    def by_region(self) -> bool:
        """Return whether regions are kept, not only all of them together."""
        return len(self.regions) > 1


class Work(NamedTuple):
    """What a worker needs to know; piece i is future i div S of the scenario at order[i mod S].

    order : (S,) those that share a past side by side
    pasts : None where no two do
    hands_over : whether the money of any is given to another
    """

    scenarios: tuple[Scenario, ...]
    order: tuple[int, ...]
    pasts: Pasts | None
    seed: int
    kept: Kept
    hands_over: bool


Result = tuple[Floats, Floats, dict[Of, Floats]]
"""(months, regions, outcomes), (years, regions, payers + 3), and (months, K, outcomes) a kind."""


def run_replicate(work: Work, index: int) -> Result:
    """Return what one run has shown, its books, a row a year, and what each one has shown."""
    future, place = divmod(index, len(work.scenarios))
    scenario, kept = work.scenarios[work.order[place]], work.kept
    asked = Asked.of(kept.outcomes, kept.months)
    model = CollectiveImpactModel(scenario, work.seed + future, pasts=work.pasts, observe=asked)
    each = follow(model, kept.each, kept.yearly) if kept.each else {}
    model.run()
    found = model.recorder.values(kept.outcomes, np.array(kept.months, np.int64))
    books = by_year(model.recorder.books[1:], scenario.calendar)
    let_go(model, work.scenarios if work.hands_over else ())
    first = 0 if kept.by_region else -1
    whole = np.stack([found[name][:, first:] for name in kept.outcomes], axis=-1)
    return whole, books[:, first:], each


class Room:
    """Room for the runs of one scenario.

    values   : (n, M, S, O)
    books    : (n, Y, S, Q + 3)
    followed : what each one has shown, by what it is
    finished : (n,) bool
    """

    def __init__(self, scenario: Scenario, kept: Kept, seed: int, replicates: int) -> None:
        self.scenario = scenario
        shape = (replicates, len(kept.months), len(kept.regions), len(kept.outcomes))
        self.values = _room(shape)
        self.books = np.empty((replicates, *books_shape(scenario, kept.regions)))
        self.followed: dict[Of, Followed] = {
            of: empty(of, scenario, seed, replicates, kept.yearly) for of in kept.each
        }
        self.finished = np.zeros(replicates, bool)

    def put(self, future: int, result: Result) -> None:
        """Keep what a run has returned."""
        self.values[future], self.books[future], seen = result
        for of, rows in seen.items():
            self.followed[of].values[future] = rows
        self.finished[future] = True

    def seen(self, of: Of) -> Followed | None:
        """Return what each one has shown in the runs that are finished."""
        found = self.followed.get(of)
        return None if found is None else found.some(self.finished)

    def of_finished(self, numbers: Floats) -> Floats:
        """Return those numbers that are of finished runs."""
        return numbers if self.finished.all() else numbers[self.finished]


def books_shape(scenario: Scenario, regions: tuple[str, ...]) -> tuple[int, int, int]:
    """Return the shape of the books of one run: years, regions, payers and own time."""
    years = years_of(scenario.calendar, scenario.months).size
    return int(years), len(regions), len(scenario.payers) + len(OWN_TIME)


def as_row(result: Result) -> Floats:
    """Return all numbers of a run, one after the other."""
    values, books, seen = result
    return np.concatenate([one.reshape(-1) for one in (values, books, *seen.values())])


def from_row(row: Floats, room: Room) -> Result | None:
    """Return what a run has returned from the numbers of `as_row`; None if they are others."""
    shapes = [room.values.shape[1:], room.books.shape[1:]]
    shapes += [one.values.shape[1:] for one in room.followed.values()]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    if row.shape != (ends[-1],):
        return None
    parts = [one.reshape(s) for one, s in zip(np.split(row, ends[:-1]), shapes, strict=True)]
    return parts[0], parts[1], dict(zip(room.followed, parts[2:], strict=True))


def _room(shape: tuple[int, ...]) -> Floats:
    """Return an array that takes memory only as it is filled."""
    try:
        return np.empty(shape)
    except (MemoryError, ValueError):
        need = 8.0 * float(np.prod([float(length) for length in shape])) / 1e9
        raise InputError(
            f"replicates is {shape[0]}, which needs {need:,.0f} GB of memory; "
            f"allowed is what fits: fewer of them, fewer outcomes, or months chosen by `at`."
        ) from None


def describe_kept(kept: Kept) -> dict[str, Any]:
    """Return what is kept of a run as plain values, for a key."""
    return {
        "outcomes": list(kept.outcomes),
        "months": list(kept.months),
        "regions": list(kept.regions),
        "each": list(kept.each),
        "yearly": kept.yearly,
    }
