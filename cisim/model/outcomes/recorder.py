"""What was observed: the sums of each month, and the outcomes that are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cisim.model.input_error import InputError
from cisim.model.outcomes.declared import OUTCOMES, find_outcome
from cisim.model.outcomes.sums import K, Seen, observe_state
from cisim.model.parameters import Parameters
from cisim.model.state import Floats, State

if TYPE_CHECKING:
    import pandas as pd


class Recorder:
    """What was observed: a row for each month from 0, regions and overall, and a column a sum.

    table : (rows, R + 1, K) float  NaN where nothing is recorded yet
    count : int                     rows that hold
    """

    def __init__(self, months: int, regions: int) -> None:
        self.table = np.full((months + 1, regions + 1, len(K)), np.nan)
        self.count = 0

    def make_room(self, month_index: int) -> None:
        """Give a run that goes on beyond its horizon as many rows more."""
        if month_index >= self.table.shape[0]:
            more = np.full((month_index + 1, *self.table.shape[1:]), np.nan)
            self.table = np.concatenate([self.table, more])

    def record(
        self, state: State, p: Parameters, month_index: int, month: int | None = None
    ) -> None:
        """Observe the state after `month_index` months into the row of that number.

        `month` is the month to come, whose twelve predecessors make a tie active; it is
        `month_index` unless the calendar of the run is another.
        """
        self.make_room(month_index)
        row = self.table[month_index]
        observe_state.py_func(state, p, month_index if month is None else month, row)
        self.count = month_index + 1

    def restore(self, recorded: Floats) -> None:
        """Put back what was recorded, (rows, R + 1, K); raises InputError for another shape."""
        if recorded.ndim != 3 or recorded.shape[1:] != self.table.shape[1:]:
            raise InputError(
                f"what was recorded has the shape {recorded.shape}; allowed is "
                f"(months, {self.table.shape[1]}, {self.table.shape[2]})"
            )
        self.count = recorded.shape[0]
        if self.count > self.table.shape[0]:
            self.table = np.full(recorded.shape, np.nan)
        self.table[: self.count] = recorded
        self.table[self.count :] = np.nan

    def seen(self) -> Seen:
        """Return the sums of the months that are recorded."""
        return Seen(self.table[: self.count])

    def values(self, names: Iterable[str] | None = None) -> dict[str, Floats]:
        """Return each outcome (all unless named) as (months, R + 1): regions, then overall.

        Raises InputError for a name that is no outcome.
        """
        seen = self.seen()
        return {name: find_outcome(name)(seen) for name in (OUTCOMES if names is None else names)}

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
        months = np.arange(self.count)
        if not by_region:
            overall = {name: value[:, -1].copy() for name, value in values.items()}
            return pd.DataFrame({"month": months, **overall})
        places = self.table.shape[1]
        if region_names is None:
            region_names = [f"region {r + 1}" for r in range(places - 1)]
        labels = [*region_names, "overall"]
        return pd.DataFrame(
            {
                "month": np.repeat(months, places),
                "region": labels * self.count,
                **{name: value.reshape(-1) for name, value in values.items()},
            }
        )
