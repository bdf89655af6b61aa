"""The kinds of designs: how many points each has, known before any is made, and the points.

    full-factorial    every combination of `values` or `levels`; the last factor runs fastest
    latin-hypercube   cisim.lab.design
    sobol             Sobol' sequence, Owen-scrambled (scipy.stats.qmc)
    morris            trajectories of one step in each factor (SALib)
    saltelli          the sample from which Sobol' indices are estimated (SALib)
    table             the rows of a CSV or Parquet file
    ensemble          believed points: such a table, of parameters only
    defaults          the scenarios as they are, one point

All but the table make shares of the unit cube, which the ranges turn into values. So a log range
is even in logs for each of them, and a choice takes equal shares.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from cisim.lab.design import Design
from cisim.lab.extras import needed
from cisim.lab.factors import (
    Factor,
    Space,
    VaryFile,
    all_beliefs,
    find_factor,
    named,
    takes_words,
)
from cisim.model.input_error import InputError, Problems, printable, shown
from cisim.model.limits import LARGEST_SEED
from cisim.model.state import Floats
from cisim.model.told import Sentences
from cisim.world.files import LARGEST_FILE, checked, exists
from cisim.world.joint_points import shipped_ensembles
from cisim.world.ranges import Range, latin_shares
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "designs",
    unbalanced="A {kind} design of {number:,} is not balanced; a power of two is, as {near:,}.",
    points="design has {size:,} points; allowed are at most {most:,}.",
    ships=', or "{one}", which ships',
    no_file=(
        "{field}.file is missing; right would be a table of believed points, as file = "
        '"believed.parquet"{ships}.'
    ),
    factorial=(
        "{field}.vary.{name} has a range, of which a full factorial needs to know which values; "
        "right would be values = [...] or levels = 5."
    ),
    not_parameter=(
        "{where} has the column {name}, which is not a parameter; what is believed are parameters."
    ),
    no_table="{where} is no table; allowed is a .csv or a .parquet file.",
    gone="{where}: there is no such file.",
    large="{where} is larger than a gigabyte; allowed is a .parquet file.",
    unread="{where} cannot be read as a table ({why}).",
    empty="{where} has no points; allowed is a row for each and a column for each name.",
    rows="{where} has {rows:,} rows; allowed are at most {most:,}.",
    word="{where}: {name} is {value} in row {row}; allowed is a word.",
    whole_number="a whole number",
    number="a number",
    cell=(
        "{where}: {name} is {given} in row {row}; allowed is {kind} from {low:.12g} to {high:.12g}."
    ),
)

MOST_POINTS = 1_000_000
"""Points of one design: with sixty factors that is half a gigabyte."""


class _Kind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


Points = Annotated[int, Field(ge=1)]
"""How many are asked for; more than MOST_POINTS are refused once it is told how long they take."""
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
Vary = dict[str, Any]


class FullFactorial(_Kind):
    """Every combination. levels : how many values a range has from end to end"""

    kind: Literal["full-factorial"]
    levels: int | None = Field(default=None, ge=2, le=10_000)
    vary: Vary = Field(min_length=1)


class LatinHypercube(_Kind):
    """Points each in another n-th of every range."""

    kind: Literal["latin-hypercube"]
    points: Points
    seed: Seed = 1
    vary: Vary | None = Field(default=None, min_length=1)


class Sobol(_Kind):
    """The first points of a Sobol' sequence; a power of two of them is balanced."""

    kind: Literal["sobol"]
    points: Points
    seed: Seed = 1
    vary: Vary | None = Field(default=None, min_length=1)


class Morris(_Kind):
    """Trajectories through a grid of levels, one step in each factor: k + 1 points each."""

    kind: Literal["morris"]
    trajectories: Points
    levels: int = Field(default=4, ge=2, le=1000, multiple_of=2)
    seed: Seed = 1
    vary: Vary | None = Field(default=None, min_length=1)


class Saltelli(_Kind):
    """Two samples and those between them, k + 2 points for each of `base`, a power of two.

    pairs : 2 k + 2 points, from which second-order indices are estimated, too
    """

    kind: Literal["saltelli"]
    base: Points
    pairs: bool = False
    seed: Seed = 1
    vary: Vary | None = Field(default=None, min_length=1)


class Table(_Kind):
    """The rows of a CSV or Parquet file, whose columns are what is varied."""

    kind: Literal["table"]
    file: str = Field(min_length=1, max_length=1000)


class Ensemble(_Kind):
    """Believed points: a table of parameters."""

    kind: Literal["ensemble"]
    file: str | None = Field(default=None, min_length=1, max_length=1000)


class Defaults(_Kind):
    """The scenarios as they are."""

    kind: Literal["defaults"]


DesignFile = Annotated[
    FullFactorial | LatinHypercube | Sobol | Morris | Saltelli | Table | Ensemble | Defaults,
    Field(discriminator="kind"),
]


@dataclass(frozen=True)
class Plan:
    """A design that need not have been made yet.

    size  : how many points it has
    rows  : (n, k) of a table or of a design that was given, else None
    """

    kind: str
    space: Space
    size: int
    seed: int = 1
    levels: int = 0
    base: int = 0
    rows: Floats | None = None
    pairs: bool = False

    def build(self) -> Design:
        """Return the design.

        Raises InputError if it has more points than MOST_POINTS, or a library is not installed.
        """
        if self.size > MOST_POINTS:
            raise InputError(SAYS("points", size=self.size, most=MOST_POINTS))
        values = self.rows
        if values is None:
            values = self._values()
        space = self.space
        return Design(space.names, values, self.seed, self.kind, space.ranges)

    def _values(self) -> Floats:
        factors = self.space.factors
        if self.kind == "full-factorial":
            return _factorial([one.values for one in factors])
        values = np.empty((self.size, len(factors)))
        shares = self._shares()
        for column, one in enumerate(factors):
            values[:, column] = _values_at(one, shares[:, column])
        return values

    def _shares(self) -> Floats:
        names, many = self.space.names, len(self.space.factors)
        if self.kind == "latin-hypercube":
            return latin_shares(names, self.size, self.seed)
        if self.kind == "sobol":
            from scipy.stats import qmc

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that n is no power of two is told as a note
                return np.asarray(qmc.Sobol(many, rng=self.seed).random(self.size))
        problem = {"num_vars": many, "names": list(names), "bounds": [[0.0, 1.0]] * many}
        seed = self.seed % 2**32
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self.kind == "morris":
                morris = needed("SALib.sample.morris", "analysis")
                shares = morris.sample(problem, self.base, num_levels=self.levels, seed=seed)
            else:
                saltelli = needed("SALib.sample.sobol", "analysis")
                shares = saltelli.sample(
                    problem, self.base, calc_second_order=self.pairs, seed=seed
                )
        return np.asarray(shares, np.float64)

    @property
    def notes(self) -> list[str]:
        """Return what should be known about it."""
        number = {"sobol": self.size, "saltelli": self.base}.get(self.kind, 1)
        if number & (number - 1) == 0:
            return []
        near = 2 ** round(math.log2(number))
        return [SAYS("unbalanced", kind=self.kind, number=number, near=near)]


def _values_at(factor: Factor, shares: Floats) -> Floats:
    """Return a factor's values at shares; of single values each takes an equal share."""
    if factor.values:
        which = np.minimum((shares * len(factor.values)).astype(int), len(factor.values) - 1)
        return np.array(factor.values)[which]
    return factor.range.at(shares)


def _factorial(values: Sequence[Sequence[float]]) -> Floats:
    grid = np.meshgrid(*(np.array(one, np.float64) for one in values), indexing="ij")
    return np.stack([one.reshape(-1) for one in grid], axis=-1)


def plan(
    design: DesignFile | Design,
    scenarios: Sequence[Scenario],
    where: str,
    folder: Path | None = None,
) -> Plan:
    """Return the plan of a design over scenarios.

    where  : "my.toml"
    folder : from which its paths start

    Raises InputError, with a sentence for each, for what is no factor or no value of one.
    """
    field = f"{where}: design"
    if isinstance(design, Design):
        return _given(design, scenarios, field)
    match design:
        case Defaults():
            return Plan("defaults", Space(()), 1, rows=np.empty((1, 0)))
        case Table(file=file):
            return _table("table", file, scenarios, field, folder)
        case Ensemble(file=None):
            ships = "".join(SAYS("ships", one=one) for one in shipped_ensembles())
            raise InputError(SAYS("no_file", field=field, ships=ships))
        case Ensemble(file=str(file)):
            return _table("ensemble", file, scenarios, field, folder)
    assert not isinstance(design, Table | Ensemble | Defaults)
    levels = design.levels if isinstance(design, FullFactorial) else None
    space = _space(design.vary, scenarios, f"{field}.vary", folder, levels)
    many = len(space.factors)
    if isinstance(design, FullFactorial):
        for one in space.factors:
            if not one.values and not one.range.choices:
                raise InputError(SAYS("factorial", field=field, name=one.name))
        whole = tuple(
            one if one.values else Factor(
                one.range, one.varied, tuple(map(float, range(len(one.range.choices)))),
                one.structures,
            )
            for one in space.factors
        )  # fmt: skip
        return Plan(design.kind, Space(whole), math.prod(len(one.values) for one in whole))
    if isinstance(design, Morris):
        size = design.trajectories * (many + 1)
        return Plan(
            "morris", space, size, design.seed, levels=design.levels, base=design.trajectories
        )
    if isinstance(design, Saltelli):
        size = design.base * ((2 if design.pairs else 1) * many + 2)
        return Plan("saltelli", space, size, design.seed, base=design.base, pairs=design.pairs)
    return Plan(design.kind, space, design.points, design.seed)


def _space(
    vary: Mapping[str, Any] | None,
    scenarios: Sequence[Scenario],
    where: str,
    folder: Path | None,
    levels: int | None,
) -> Space:
    if vary is None:
        return all_beliefs(scenarios)
    wrong, found = Problems(), []
    for name, given in _flat(vary):
        with wrong.gathered():
            file, _, field = where.partition(": ")
            said = checked(VaryFile, given, file, under=f"{field}.{name}")
            if levels is not None and said.values is None and said.levels is None:
                said = said.model_copy(update={"levels": levels})
            found.append(find_factor(name, said, scenarios, where, folder))
    wrong.refuse()
    return Space(tuple(found))


def _flat(vary: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """Return names and what is said of each: TOML makes tables of a.b = {...}."""
    found: list[tuple[str, Any]] = []
    for key, value in vary.items():
        name = f"{above}{key}"
        tables = isinstance(value, Mapping) and value and all(
            isinstance(one, Mapping) for one in value.values()
        )  # fmt: skip
        found += _flat(value, f"{name}.") if tables else [(name, value)]
    return found


def _given(design: Design, scenarios: Sequence[Scenario], field: str) -> Plan:
    """Return the plan of a design that exists; it is checked as a table is."""
    rows = design.table().drop(columns="point")
    found = _of_columns(rows, scenarios, field, None)
    ranges = {one.name: one for one in design.ranges}
    space = Space(
        tuple(
            Factor(ranges.get(one.name, one.range), one.varied, structures=one.structures)
            for one in found.space.factors
        )
    )
    return Plan(design.kind, space, len(design), design.seed, rows=design.values)


def _table(
    kind: str, file: str, scenarios: Sequence[Scenario], field: str, folder: Path | None
) -> Plan:
    path = shipped_ensembles().get(file, Path(file)) if kind == "ensemble" else Path(file)
    if folder is not None and not path.is_absolute() and exists(folder / path):
        path = folder / path
    where = f"{field.partition(':')[0]}: design.file: {printable(path.name)}"
    frame = read_points(path, where)
    found = _of_columns(frame, scenarios, where, path.parent)
    if kind == "ensemble":
        for one in found.space.factors:
            if one.varied is None or one.varied.kind != "parameter":
                raise InputError(SAYS("not_parameter", where=where, name=shown(one.name)))
    return Plan(kind, found.space, found.size, rows=found.rows)


def read_points(path: Path, where: str) -> pd.DataFrame:
    """Return the table of points of a CSV or Parquet file, without a column `point`.

    Raises InputError if it is none, or has no rows.
    """
    suffix = path.suffix.lower()
    try:
        if suffix not in (".csv", ".parquet"):
            raise InputError(SAYS("no_table", where=where))
        if not path.is_file():
            raise InputError(SAYS("gone", where=where))
        if suffix == ".csv" and path.stat().st_size > 100 * LARGEST_FILE:
            raise InputError(SAYS("large", where=where))
        frame = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    except InputError:
        raise
    except Exception as error:  # what a foreign file does to its reader is many things
        why = " ".join(str(error).split())[:200]
        raise InputError(SAYS("unread", where=where, why=printable(why))) from None
    frame = frame.drop(columns=[name for name in frame.columns if name == "point"])
    if not len(frame) or not len(frame.columns):
        raise InputError(SAYS("empty", where=where))
    if len(frame) > MOST_POINTS:
        raise InputError(SAYS("rows", where=where, rows=len(frame), most=MOST_POINTS))
    return frame


def _of_columns(
    frame: pd.DataFrame, scenarios: Sequence[Scenario], where: str, folder: Path | None
) -> Plan:
    """Return the plan of a table; what is not allowed is said with its row."""
    wrong, factors, columns = Problems(), [], []
    for name in map(str, frame.columns):
        with wrong.gathered():
            factor, values = _column(name, frame[name], scenarios, where, folder)
            factors.append(factor)
            columns.append(values)
    wrong.refuse()
    return Plan("table", Space(tuple(factors)), len(frame), rows=np.column_stack(columns))


def _column(
    name: str, column: pd.Series, scenarios: Sequence[Scenario], where: str, folder: Path | None
) -> tuple[Factor, Floats]:
    """Return a column's factor and its values, of a choice its place."""
    given = column.tolist()
    if takes_words(name):
        words = list(dict.fromkeys(given))
        for one in words:
            if not isinstance(one, str):
                raise InputError(
                    SAYS("word", where=where, name=name, value=shown(one), row=1 + given.index(one))
                )
        factor = find_factor(name, VaryFile(values=words), scenarios, where, folder)
        places = {word: float(at) for at, word in enumerate(words)}
        return factor, np.array([places[one] for one in given])
    varied = named(name, scenarios, where)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    low, high = varied.bounds
    wrong = ~((numbers >= low) & (numbers <= high))
    if varied.whole:
        wrong |= numbers != np.floor(numbers)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        kind = SAYS("whole_number") if varied.whole else SAYS("number")
        raise InputError(
            SAYS(
                "cell",
                where=where,
                name=name,
                given=shown(given[row]),
                row=row + 1,
                kind=kind,
                low=low,
                high=high,
            )
        )
    over = Range(name, float(numbers.min()), float(numbers.max()), varied.log, varied.whole)
    return Factor(over, varied), numbers
