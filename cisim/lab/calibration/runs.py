"""The runs under a calibration: points with several seeds each, run once and kept.

A piece is known by what decides its bits: point, seed, and what is measured. Targets, tolerances
and waves are none of that, so another target at the same reading, or another file of targets, finds
it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cisim.lab.calibration.measured import Reader, Work, measure
from cisim.lab.design import Design
from cisim.lab.executors import Executor, Progress, Say, execute
from cisim.lab.resume import Parts, known_rows
from cisim.lab.store import key_of
from cisim.model.input_error import InputError
from cisim.model.state import Floats
from cisim.model.told import Sentences

SAYS = Sentences(
    "calibration_runs",
    from_before="Runs from before are there; what is missing is run.",
)

MEASURED = "cisim.lab.calibration.measured"


class Shown(NamedTuple):
    """What points have shown.

    mean   : (n, readings) over seeds in which it is defined, NaN where in none
    within : (n, readings) variance between seeds, NaN of fewer than two
    seeds  : (n, readings) those in which it is defined
    """

    mean: Floats
    within: Floats
    seeds: Floats

    @classmethod
    def of(cls, values: Floats) -> Shown:
        """Return it of values, (n, seeds, readings)."""
        there = np.isfinite(values)
        count = there.sum(axis=1).astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(there, values, 0.0).sum(axis=1) / np.where(count > 0, count, np.nan)
            off = np.where(there, values - mean[:, None], 0.0)
            within = (off**2).sum(axis=1) / np.where(count > 1, count - 1.0, np.nan)
        return cls(mean, within, count)

    def and_then(self, other: Shown) -> Shown:
        """Return it with the points of another after its own."""
        return Shown(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))


class Runs:
    """Points, measured by readers.

    done       : pieces that were asked for and finished
    failed     : what is quarantined, with the reason
    incomplete : whether it was stopped
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        folder: Path | None,
        executor: Executor,
        expected: int,
        progress: Progress | None,
        say: Say | None,
    ) -> None:
        self.readers = tuple(readers)
        self._store = Parts(folder, (), say).open()
        self._origins = [key_of({"measured": dict(one.origin)}) for one in self.readers]
        self._executor, self._expected = executor, expected * len(self.readers)
        self._progress, self._say = progress, say
        self._told = False
        self.done = 0
        self.failed: dict[str, str] = {}
        self.incomplete = False

    def __enter__(self) -> Runs:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of all readings."""
        return tuple(name for one in self.readers for name in one.columns)

    def over(self, design: Design, seeds: Sequence[Sequence[int]]) -> Floats | None:
        """Return what each point shows with each of its seeds, (n, seeds, readings).

        NaN stands where it is undefined, and where a run has failed. None comes back if it was
        stopped before the end. Raises InputError if nothing can run.
        """
        each = len(seeds[0])
        points = [design.point(at) for at in range(len(design)) for _ in range(each)]
        flat = [seed for some in seeds for seed in some]
        found: list[Floats] = []
        left: list[int] = []
        keys: list[list[str]] = []
        many = len(self.readers)
        for which, (reader, origin) in enumerate(zip(self.readers, self._origins, strict=True)):
            through = (MEASURED, *reader.through)
            mine = [
                key_of({"measured": origin, "point": point, "seed": seed}, through)
                for point, seed in zip(points, flat, strict=True)
            ]
            rows, finished = known_rows(self._store, mine, reader.columns)
            found.append(rows)
            keys.append(mine)
            left += [run * many + which for run in np.flatnonzero(~finished).tolist()]
        total = len(points) * many
        before = self.done + total - len(left)
        if len(left) < total and not self._told and self._say is not None:
            self._say(SAYS("from_before"))
        self._told = True
        names = [np.array(one.columns) for one in self.readers]
        came = 0

        def keep(piece: int, row: Any) -> None:
            nonlocal came
            run, which = divmod(piece, many)
            found[which][run] = row
            self._store.add(keys[which][run], {"name": names[which], "value": row})
            came += 1

        def count(done: int, _: int) -> None:
            if self._progress is not None:
                self._progress(before + done, max(self._expected, before + len(left)))

        count(0, 0)
        work = Work(self.readers, tuple(points), tuple(flat))
        ending = execute(
            measure, work, sorted(left), keep, executor=self._executor, progress=count,
            say=self._say,
        )  # fmt: skip
        for fault in ending.failed:
            if fault.kind == "InputError" and not came and not self.done:
                raise InputError(fault.reason)
            run, which = divmod(fault.piece, many)
            said = f"{self.readers[which].columns[0]} with seed {flat[run]}"
            self.failed[said] = fault.reason
        self.done += total
        if ending.incomplete:
            self.incomplete = True
            return None
        return np.concatenate(found, axis=1).reshape(len(design), each, -1)


def of_columns(columns: Sequence[str], names: Sequence[str], values: Floats) -> Floats:
    """Return the readings of some names out of all columns, on the last axis."""
    places: Mapping[str, int] = {name: at for at, name in enumerate(columns)}
    return values[..., [places[name] for name in names]]
