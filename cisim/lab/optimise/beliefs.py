"""Over what is believed: a sample for the search, and another one that the search never sees.

What looks best on a sample is in part best by that sample's luck (the optimiser's curse; Smith and
Winkler 2006, Management Science 52:311), so the front is told again on the second one. Every
candidate meets the same beliefs with the same luck, and so does the case without a backbone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.design import MOST_POINTS, Design, latin_hypercube
from cisim.lab.designs import read_points
from cisim.lab.executors import whole_number
from cisim.lab.resume import check_room
from cisim.model.input_error import InputError, printable, shown
from cisim.model.parameters import check_parameters
from cisim.world.beliefs import Beliefs as Plausible
from cisim.world.beliefs import FromEnsembles, beliefs_of
from cisim.world.joint_points import shipped_ensembles

POINTS, UNSEEN = 30, 100
_LEAST_ROWS = 4


class Beliefs(NamedTuple):
    """Two samples, and the seed of the first future of each; point k has the k-th from there.

    said : where they are from
    """

    seen: Design
    unseen: Design
    seed: int
    said: str

    @property
    def unseen_seed(self) -> int:
        """Return the seed of the first future of the unseen sample."""
        return self.seed + len(self.seen)

    @property
    def digest(self) -> str:
        """Return a hash of both samples, 16 hexadecimal digits."""
        whole = np.concatenate([self.seen.values, self.unseen.values])
        return hashlib.sha256(whole.astype("<f8").tobytes()).hexdigest()[:16]

    def table(self) -> pd.DataFrame:
        """Return a row for each belief: sample ("search" or "unseen"), point, the parameters."""
        parts = []
        for name, design in (("search", self.seen), ("unseen", self.unseen)):
            parts.append(design.table())
            parts[-1].insert(0, "sample", name)
        return pd.concat(parts, ignore_index=True)

    @classmethod
    def of_table(cls, table: pd.DataFrame, seed: int, said: str) -> Beliefs:
        """Return the beliefs of what `table` returned, which were once read from a table."""
        names = tuple(str(name) for name in table.columns[2:])
        seen, unseen = (
            Design(names, table.loc[table["sample"] == one, list(names)].to_numpy(np.float64),
                   seed, "table")
            for one in ("search", "unseen")
        )  # fmt: skip
        return cls(seen, unseen, seed, said)


HYPERCUBE = "a Latin hypercube over the plausible ranges"


def read_beliefs(
    points: int | str | os.PathLike[str] | Beliefs,
    unseen: int | None,
    seed: int,
    fixed: Iterable[str],
    held: str | os.PathLike[str] | None = None,
) -> Beliefs:
    """Return two samples: what futures in a row believe, or the rows of a table.

    points : how many beliefs the search sees, or a table, CSV or Parquet, a parameter a column; of
             a table every second row is kept from the search; or both, read before
    unseen : how many beliefs it never sees; not of a table
    fixed  : parameters that the scenario sets itself
    held   : see Scenario.believing; None and "plausible" are Latin hypercubes over all that is

    Raises InputError for numbers that are not allowed, or a table that cannot be used.
    """
    if isinstance(points, Beliefs):
        return points
    believed = None if held is None else beliefs_of(held)
    if isinstance(points, str | os.PathLike):
        if held is not None:
            raise InputError(
                f"beliefs is {shown(os.fspath(held))}, and points is a table of them; allowed is "
                f"one of the two."
            )
        if unseen is not None:
            raise InputError(
                "--unseen would change nothing here: of a table every second row is kept unseen."
            )
        table = _table(shipped_ensembles().get(os.fspath(points), Path(points)), seed)
        check_room(seed, len(table))
        seen, rest = (Design(table.names, table.values[at::2], seed, "table") for at in (0, 1))
        return Beliefs(seen, rest, seed, printable(Path(points).name))
    points = whole_number("points", points, 2, MOST_POINTS)
    unseen = whole_number("unseen", UNSEEN if unseen is None else unseen, 2, MOST_POINTS)
    seed = check_room(seed, points + unseen + 1)
    fixed = list(fixed)
    if held is not None and not isinstance(believed, Plausible):
        return Beliefs(
            _of_futures(believed, seed, points, fixed),
            _of_futures(believed, seed + points, unseen, fixed),
            seed,
            os.fspath(held),
        )
    return Beliefs(
        latin_hypercube(points, seed, fixed=fixed),
        latin_hypercube(unseen, seed + 1, fixed=fixed),
        seed,
        HYPERCUBE,
    )


def _of_futures(held: FromEnsembles | None, seed: int, many: int, fixed: Sequence[str]) -> Design:
    """Return what so many futures from a seed on believe; where all are fixed, no parameters."""
    if held is None:
        return Design((), np.empty((many, 0)), seed, "fixed")
    values = held.values(np.arange(seed, seed + many))
    free = [at for at, name in enumerate(held.names) if name not in fixed]
    return Design(tuple(held.names[at] for at in free), values[:, free], seed, held.kind)


def _table(path: Path, seed: int) -> Design:
    where = printable(path.name)
    frame = read_points(path, f"--points {where}")
    if len(frame) < _LEAST_ROWS:
        raise InputError(
            f"--points {where} has {len(frame):,} rows; allowed are at least {_LEAST_ROWS}."
        )
    names = tuple(str(name) for name in frame.columns)
    values = frame.apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    for row, column in np.argwhere(~np.isfinite(values))[:1].tolist():
        raise InputError(
            f"--points {where} row {row + 1}: {names[column]} is "
            f"{shown(frame.iloc[row, column])}; allowed are numbers."
        )
    found = Design(names, values, seed, "table")
    for row in range(len(found)):
        check_parameters(found.point(row), f"--points {where} row {row + 1}", under="")
    return found
