"""What was observed: the sums of each month, and the outcomes that are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cisim.model.input_error import InputError
from cisim.model.outcomes.asked import EVERY_MONTH, Asked
from cisim.model.outcomes.declared import find_outcome, quiet
from cisim.model.outcomes.sums import (
    EVERYTHING,
    Holders,
    K,
    Parts,
    Seen,
    columns_of,
    observe_state,
)
from cisim.model.parameters import Parameters
from cisim.model.state import FOUNDATION, Floats, State

if TYPE_CHECKING:
    import pandas as pd


OWN_TIME = (
    "members' staff",
    "members that are associations, volunteers among them",
    "volunteers for the backbone",
)
"""Whose own time the books have after what payers pay."""


class Recorder:
    """What was observed: a row for each month from 0, regions and overall, and a column a sum.

    table : (rows, R + 1, K) float  NaN where nothing is recorded yet, or nothing was asked for
    parts : (rows,) int             the parts of the sums that each row is to hold, as bits
    books : (rows, Q + 3, R) float  FTE that each payer paid in the month before, then what members
                                    gave of their own time (OWN_TIME); kept in every month
    stances : (rows, R, 3) float    the mean position of those who paid, agenda units
    count : int                     rows that hold
    holders : who carries each function of leadership, None where that is not known
    """

    def __init__(
        self,
        months: int,
        regions: int,
        asked: Asked = EVERY_MONTH,
        payers: int = FOUNDATION + 1,
        holders: Holders | None = None,
    ) -> None:
        self.asked, self.holders = asked, holders
        self.table = np.full((months + 1, regions + 1, len(K)), np.nan)
        self.parts = asked.parts(months + 1)
        self.books = np.zeros((months + 1, payers + len(OWN_TIME), regions))
        self.stances = np.zeros((months + 1, regions, 3))
        self.count = 0

    def make_room(self, month_index: int) -> None:
        """Give a run that goes on beyond its horizon as many rows more."""
        if month_index >= self.table.shape[0]:
            more = np.full((month_index + 1, *self.table.shape[1:]), np.nan)
            self.table = np.concatenate([self.table, more])
            self.parts = np.concatenate(
                [self.parts, self.asked.parts(self.table.shape[0])[self.parts.size :]]
            )
            self.books = _longer(self.books, self.table.shape[0])
            self.stances = _longer(self.stances, self.table.shape[0])

    def record(
        self, state: State, p: Parameters, month_index: int, month: int | None = None
    ) -> None:
        """Observe the state after `month_index` months into the row of that number.

        `month` is the month to come, whose twelve predecessors make a tie active; it is
        `month_index` unless the calendar of the run is another.
        """
        self.make_room(month_index)
        self.count = month_index + 1
        parts = int(self.parts[month_index])
        if parts:
            row = self.table[month_index]
            now = month_index if month is None else month
            observe_state(state, p, month=now, asked=parts, row=row)

    def kept(self) -> dict[str, Floats]:
        """Return what `restore` takes: the rows that hold, with 0 where nothing was asked for."""
        asked = columns_of(self.parts[: self.count])
        return {
            "recorded": np.where(asked[:, None], self.table[: self.count], 0.0),
            "books": self.books[: self.count],
            "stances": self.stances[: self.count],
        }

    def rooms(self, rows: int) -> dict[str, tuple[int, ...]]:
        """Return the largest shape that each part of what `kept` returns may have."""
        return {
            "recorded": (rows, *self.table.shape[1:]),
            "books": (rows, *self.books.shape[1:]),
            "stances": (rows, *self.stances.shape[1:]),
        }

    def restore(self, kept: Mapping[str, Floats]) -> None:
        """Put back what was kept, of sums as far as they were asked for.

        Raises InputError for another shape.
        """
        recorded = kept["recorded"]
        if recorded.ndim != 3 or recorded.shape[1:] != self.table.shape[1:]:
            raise InputError(
                f"what was recorded has the shape {recorded.shape}; allowed is "
                f"(months, {self.table.shape[1]}, {self.table.shape[2]})"
            )
        self.count = recorded.shape[0]
        if self.count > self.table.shape[0]:
            self.table = np.full(recorded.shape, np.nan)
            self.parts = self.asked.parts(self.count)
        asked = columns_of(self.parts[: self.count])
        self.table[: self.count] = np.where(asked[:, None], recorded, np.nan)
        self.table[self.count :] = np.nan
        for name in ("books", "stances"):
            was, room = kept[name], getattr(self, name)
            if was.shape != (self.count, *room.shape[1:]):
                raise InputError(
                    f"{name} have the shape {was.shape}; allowed is {(self.count, *room.shape[1:])}"
                )
            room = _longer(room, self.table.shape[0])
            room[: self.count] = was
            room[self.count :] = 0.0
            setattr(self, name, room)

    def seen(self) -> Seen:
        """Return the sums of the months that are recorded."""
        return Seen(self.table[: self.count], self.holders)

    @property
    def months(self) -> NDArray[np.int64]:
        """Return the months that were asked for and are there, (months,)."""
        if self.asked.months is None:
            return np.arange(self.count)
        asked = np.array(self.asked.months, np.int64)
        return asked[asked < self.count]

    def values(
        self,
        names: Iterable[str] | None = None,
        months: Sequence[int] | NDArray[np.int64] | None = None,
    ) -> dict[str, Floats]:
        """Return outcomes as (months, R + 1) each: regions, then overall.

        names  : None for those that were asked for
        months : None for those that were asked for

        Raises InputError for a name that is no outcome, or what was not observed in a month.
        """
        rows = self.months if months is None else np.asarray(months, np.int64)
        outcomes = [find_outcome(name) for name in (self.asked.names if names is None else names)]
        self._check([one.name for one in outcomes], rows)
        whole = rows.size == self.count and bool((rows == np.arange(self.count)).all())
        everything = self.seen()
        chosen = everything if whole else Seen(self.table[rows], self.holders)
        with quiet():
            return {
                one.name: one.of(everything)[rows] if one.before and not whole else one.of(chosen)
                for one in outcomes
            }

    def _check(self, names: Sequence[str], rows: NDArray[np.int64]) -> None:
        """Raise InputError unless all that the outcomes need was observed."""
        late = rows[(rows < 0) | (rows >= self.count)]
        if late.size:
            raise InputError(f"month {late[0]} is not recorded; allowed are 0 to {self.count - 1}.")
        there, months = self.parts[: self.count], tuple(rows.tolist())
        if (there == EVERYTHING).all() or not lacking(names, months, there).size:
            return
        name = next(name for name in names if lacking([name], months, there).size)
        raise InputError(
            f"{name} cannot be told: it needs month {lacking([name], months, there)[0]}, in which "
            f"it was not observed; this run observes {self.asked}."
        )

    def frame(
        self,
        by_region: bool = False,
        names: Iterable[str] | None = None,
        region_names: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return month × outcomes of all regions together; with a column `region`, last of them
        "overall", if by region.
        """
        import pandas as pd

        values = self.values(names)
        months = self.months
        if not by_region:
            overall = np.empty((len(values), months.size))
            for row, value in zip(overall, values.values(), strict=True):
                row[:] = value[:, -1]
            frame = pd.DataFrame(overall.T, columns=_heads(tuple(values)), copy=False)
            frame.insert(0, "month", months)
            return frame
        places = self.table.shape[1]
        if region_names is None:
            region_names = [f"region {r + 1}" for r in range(places - 1)]
        labels = [*region_names, "overall"]
        return pd.DataFrame(
            {
                "month": np.repeat(months, places),
                "region": labels * months.size,
                **{name: value.reshape(-1) for name, value in values.items()},
            }
        )


@lru_cache(maxsize=64)
def _heads(names: tuple[str, ...]) -> pd.Index:
    """Return names as a table's columns: to make them of text takes longer than the table."""
    import pandas as pd

    return pd.Index(names)


def _longer(array: Floats, rows: int) -> Floats:
    """Return an array with at least so many rows, 0 in new ones."""
    if rows <= array.shape[0]:
        return array
    return np.concatenate([array, np.zeros((rows - array.shape[0], *array.shape[1:]))])


def lacking(names: Sequence[str], months: tuple[int, ...], there: Parts) -> NDArray[np.int64]:
    """Return the months in which parts are not there that outcomes in some months need."""
    needs = Asked(tuple(names), months).parts(there.size)
    return np.flatnonzero(needs & ~there)
