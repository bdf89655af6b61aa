"""Joint points: a sample of what is believed together, as a calibration has left it.

A file of them is a Parquet table, a row a point and a column a parameter. Two ensembles ship where
no point meets both what members report of themselves and what was evaluated. What is known of an
ensemble is its digest: a result names it, and finds its points again wherever they then are.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from cisim.model.input_error import InputError, printable, shown
from cisim.model.parameters import Parameters, check_parameters
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.model.told import Sentences, several
from cisim.world.files import configs
from cisim.world.ranges import check_names, free_parameters, latin_shares, plausible_range

SAYS = Sentences(
    "joint_points",
    other_points=(
        "the ensemble of beliefs {source} has other points now ({now}) than those that "
        "futures were drawn from ({then})."
    ),
    no_ensemble=(
        "{given} is no ensemble of beliefs; allowed is the path of a .parquet file, as cisim "
        "calibrate writes it{ships}."
    ),
    ships=", or {names}",
    gone="{where}: there is no such file; allowed is an ensemble of beliefs.",
    unread="{where} cannot be read as an ensemble of beliefs ({why}).",
    rows=(
        "{where} has {rows:,} points; allowed are 1 to {most:,}, with a column for each parameter."
    ),
    twice="{where} has a column twice; allowed is each parameter once.",
    numbers="{where}: {name} is no column of numbers.",
    not_calibrated=(
        "{path} is no ensemble of a calibration; allowed is the ensemble.parquet that cisim "
        "calibrate has written."
    ),
)

SHIPPING = ("self-reported", "evaluated")
"""The ensembles that may ship, in the order in which futures take them."""
POINTS, MEMBERS = 400, 200
"""Of a whole calibration each wave runs so many points, and the ensemble has so many."""
MOST_ROWS = 100_000
_HELD: dict[str, Floats] = {}
"""Points that were read or have arrived in this process, by their digest."""


class JointPoints(BaseModel):
    """An ensemble of points.

    name   : of a shipped one, or of the file
    source : what finds it again: a shipped name, or a path as it was given
    digest : of names and points, 16 hexadecimal digits
    names  : (k,) parameters; size is the number n of points
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    source: str
    digest: str
    names: tuple[str, ...] = Field(strict=False)
    size: int = Field(ge=1)

    @property
    def points(self) -> Floats:
        """Return the points, (n, k).

        Raises InputError if they are not where they were found.
        """
        found = _HELD.get(self.digest)
        if found is None:
            there = read_joint_points(self.source)
            if there.digest != self.digest:
                raise InputError(
                    SAYS(
                        "other_points",
                        source=shown(self.source),
                        now=there.digest,
                        then=self.digest,
                    )
                )
            found = _HELD[self.digest]
        return found

    def row(self, number: int) -> Floats:
        """Return the point of the future of that number from 0 on, (k,): each comes once before any
        comes again, in a fresh order."""
        block, place = divmod(number, self.size)
        row: Floats = self.points[_order(self.size, block)[place]]
        return row

    def __reduce__(self) -> tuple[Any, ...]:
        """Take the points along to workers, which may be on another machine."""
        return _arrived, (self.model_dump(), self.points)


def _arrived(said: dict[str, Any], points: Floats) -> JointPoints:
    found = JointPoints.model_validate(said)
    _HELD.setdefault(found.digest, points)
    return found


@lru_cache(64)
def _order(size: int, block: int) -> np.ndarray:
    """Return in which order points are taken the n-th time, (n,)."""
    return np.argsort(latin_shares(["a fresh order of joint points"], size, block + 1)[:, 0])


def most_central(unit: Floats) -> int:
    """Return the point whose distance to all others together is the smallest: the medoid.

    unit : (n, k) shares of ranges; the distance of two points is the sum of theirs
    """
    return int(np.abs(unit[:, None] - unit[None]).sum(axis=(1, 2)).argmin())


def medoid(ensembles: Sequence[JointPoints]) -> dict[str, float]:
    """Return the point that stands in the middle of several ensembles together, to three digits.

    Raises InputError if they are not of the same parameters.
    """
    names = ensembles[0].names
    if any(set(one.names) != set(names) for one in ensembles):
        raise InputError("ensembles of different parameters have no middle together.")
    points = np.vstack([one.points[:, [one.names.index(name) for name in names]]
                        for one in ensembles])  # fmt: skip
    free = free_parameters()
    unit = [plausible_range(free[name]).shares(points[:, k]) for k, name in enumerate(names)]
    row = points[most_central(np.column_stack(unit))]
    return {name: float(f"{value:.3g}") for name, value in zip(names, row.tolist(), strict=True)}


def shipped_ensembles() -> dict[str, Path]:
    """Return the files of the ensembles that ship, by name."""
    there = {name: configs() / "beliefs" / f"{name}.parquet" for name in SHIPPING}
    return {name: path for name, path in there.items() if path.is_file()}


def find_joint_points(name_or_path: str | os.PathLike[str]) -> Path | None:
    """Return the file that a shipped ensemble's name, or a path, means; None if it is neither."""
    given = os.fspath(name_or_path)
    known = shipped_ensembles()
    if given in known:
        return known[given]
    paths = given.endswith(".parquet") or os.sep in given or (os.altsep or os.sep) in given
    return Path(given) if paths else None


def read_joint_points(name_or_path: str | os.PathLike[str]) -> JointPoints:
    """Return the ensemble of a shipped name or of a file.

    Raises InputError with one sentence if there is none, or a value in it is not allowed.
    """
    given = os.fspath(name_or_path)
    path = find_joint_points(given)
    if path is None:
        raise InputError(SAYS("no_ensemble", given=shown(given), ships=_or_shipped()))
    try:
        state = path.stat()
        found, points = _found(given, path, (state.st_mtime_ns, state.st_size, state.st_ino))
    except OSError:
        found, points = _found(given, path, ())
    _HELD.setdefault(found.digest, points)
    return found


@lru_cache(16)  # a page asks each time that a slider is let go
def _found(given: str, path: Path, state: tuple[int, ...]) -> tuple[JointPoints, Floats]:
    """Return the ensemble of a file, and its points, (n, k).

    state : of the file; in another it is read anew
    """
    names, points = _read(path, printable(path.name))
    digest = hashlib.sha256("\n".join(names).encode() + points.astype("<f8").tobytes())
    points.setflags(write=False)
    name = given if given in shipped_ensembles() else printable(path.stem)
    short = digest.hexdigest()[:16]
    joint = JointPoints(name=name, source=given, digest=short, names=names, size=len(points))
    return joint, points


def _or_shipped() -> str:
    names = list(shipped_ensembles())
    return SAYS("ships", names=several(names, " or ")) if names else ""


def _read(path: Path, where: str) -> tuple[tuple[str, ...], Floats]:
    """Return names, (k,), and points, (n, k), of a file; raises InputError for what is wrong."""
    from pyarrow import parquet

    if not path.is_file():
        raise InputError(SAYS("gone", where=where))
    try:
        with parquet.ParquetFile(path) as file:
            rows = file.metadata.num_rows
            table = file.read() if 0 < rows <= MOST_ROWS else None
    except Exception as error:  # what a foreign file does to its reader is many things
        why = printable(" ".join(str(error).split())[:200])
        raise InputError(SAYS("unread", where=where, why=why)) from None
    if table is None or not table.num_columns:
        raise InputError(SAYS("rows", where=where, rows=rows, most=MOST_ROWS))
    names = check_names(where, table.column_names)
    if len(set(names)) < len(names):
        raise InputError(SAYS("twice", where=where))
    columns = []
    for name in names:
        try:
            columns.append(table[name].to_numpy().astype(np.float64))
        except (TypeError, ValueError, NotImplementedError):
            raise InputError(SAYS("numbers", where=where, name=name)) from None
    points = np.column_stack(columns)
    declared = declarations(Parameters)
    low, high = (np.array([declared[name].bounds[end] for name in names]) for end in (0, 1))
    whole = np.array([declared[name].whole for name in names])
    wrong = ~((points >= low) & (points <= high)) | (whole & (points != np.floor(points)))
    for row in np.flatnonzero(wrong.any(axis=1))[:1].tolist():
        said = dict(zip(names, points[row].tolist(), strict=True))
        check_parameters(said, f"{where} row {row + 1}", under="")
    return names, points


def read_making(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return how an ensemble, of a shipped name or a file, was made: targets, waves, seeds,
    versions, medoid.

    Raises InputError if the file is no ensemble of a calibration.
    """
    from pyarrow import parquet

    try:
        said = parquet.read_schema(find_joint_points(path) or path).metadata or {}
        return dict(json.loads(said[b"cisim.making"]))
    except Exception:
        raise InputError(SAYS("not_calibrated", path=shown(os.fspath(path)))) from None
