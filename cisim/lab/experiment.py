"""Designs over what we believe, work that can be continued, and what moves a result.

A design samples every parameter that is no constant over its plausible range: a Latin hypercube,
log-uniform where the declaration says so. Each of n points lies in another n-th of every
parameter's range. Draws have addresses (parameter's name, point), so a parameter that is added
changes nobody else's sample, and a design is the same with any version of any library.

What has been computed is kept under a key that depends on everything that decides its bits, and on
nothing else; a run that was broken off continues from there.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.executors import Function, Progress, Say, execute, whole_number
from cisim.lab.parts import Parts
from cisim.model.arithmetic import exp, log
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.limits import LARGEST_SEED
from cisim.model.luck import check_seed, uniform, word
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.state import Floats
from cisim.world.scenario import LEVERS

MOST_POINTS = 100_000


# --- designs ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Design:
    """Sampled parameter sets.

    names  : (k,) parameters
    values : (n, k) float
    seed   : of the design

    Raises InputError for a name that is no parameter.
    """

    names: tuple[str, ...]
    values: Floats
    seed: int

    def __post_init__(self) -> None:
        _check_names("names", self.names)

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def point(self, number: int) -> dict[str, float]:
        """Return the parameters of a point by name."""
        return dict(zip(self.names, self.values[number].tolist(), strict=True))

    def table(self) -> pd.DataFrame:
        """Return point × parameters, `point` first."""
        frame = pd.DataFrame(self.values, columns=list(self.names))
        frame.insert(0, "point", np.arange(len(self)))
        return frame


def free_parameters(fixed: Iterable[str] = ()) -> dict[str, Declaration]:
    """Return the declarations of all parameters that have a plausible range and are not fixed.

    Raises InputError for a name that is no parameter.
    """
    held = set(_check_names("fixed", [fixed] if isinstance(fixed, str) else fixed))
    return {
        name: declared
        for name, declared in declarations(Parameters).items()
        if not declared.constant and declared.plausible is not None and name not in held
    }


def latin_hypercube(points: int, seed: int = 1, *, fixed: Iterable[str] = ()) -> Design:
    """Return a Latin hypercube over the plausible ranges of all parameters that are not `fixed`.

    Raises InputError for a number of points or a seed that is not allowed, or a name in `fixed`
    that is no parameter.
    """
    points = whole_number("points", points, 1, MOST_POINTS)
    seed = check_seed(seed)
    declared = free_parameters(fixed)
    values = np.empty((points, len(declared)))
    for column, one in enumerate(declared.values()):
        address = word(f"design {one.name}")
        draws = np.array(
            [[uniform(seed, address, 0, point, draw) for draw in (0, 1)] for point in range(points)]
        )
        stratum = np.argsort(np.argsort(draws[:, 0], kind="stable"), kind="stable")
        values[:, column] = [_within(one, u) for u in ((stratum + draws[:, 1]) / points).tolist()]
    return Design(tuple(declared), values, seed)


def _check_names(what: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of parameters; raises InputError, with the nearest, for any other."""
    given = tuple(names)
    for name in given:
        if name in LEVERS:
            raise InputError(
                f"{what} has {name}, a lever: what is decided is not sampled; allowed are "
                f"parameters. (cisim list parameters)"
            )
        if name not in Parameters.model_fields:
            near = nearest(str(name), Parameters.model_fields)
            raise InputError(
                f"{what} has {shown(name)}, which is not a parameter.{near} (cisim list parameters)"
            )
    return given


def _within(declared: Declaration, u: float) -> float:
    """Return the value at the share u of a plausible range, in logs where that is declared."""
    low, high = declared.plausible or (declared.default, declared.default)
    if declared.log_scale:
        value = exp(log(low) + u * (log(high) - log(low)))
    else:
        value = low + u * (high - low)
    if declared.whole:
        value = float(math.floor(value + 0.5))
    return float(min(max(value, low), high))


# --- what moves a result ---------------------------------------------------------------------


class Moved(NamedTuple):
    """How far each parameter moves a result over the points where it is defined.

    names        : (k,)
    correlations : (k,) Spearman's, NaN where the result does not vary
    n            : points
    clear        : beyond which |correlation| it is no accident among all k (Bonferroni, 5 %)
    """

    names: tuple[str, ...]
    correlations: Floats
    n: int
    clear: float

    def top(self, many: int = 3) -> list[tuple[str, float]]:
        """Return the parameters with the highest |correlation|, those that are clear only."""
        return [(name, r) for name, r in self.ranked(many) if abs(r) > self.clear]

    def ranked(self, many: int | None = None) -> list[tuple[str, float]]:
        """Return the parameters by |correlation|, highest first, equal ones as declared."""
        size = np.abs(np.nan_to_num(self.correlations))
        order = np.argsort(-size, kind="stable")[:many]
        return [(self.names[k], float(self.correlations[k])) for k in order]


def moves(design: Design, result: Floats) -> Moved:
    """Return the rank correlation of each parameter with a result, (n,), NaN where undefined.

    Every parameter is spread evenly over its own range and independently of all others, so that
    these correlations can be compared with each other, and each stands for that parameter alone.
    They see what rises or falls; a result that turns within a range would escape them. Measures
    that do not presume a direction (delta, PAWN) are biased upwards by far more than most effects
    here at some hundreds of points and 57 parameters.
    """
    defined = ~np.isnan(result)
    n = int(defined.sum())
    found = np.full(len(design.names), np.nan)
    if n > 2:
        ranks = _centred_ranks(result[defined])
        for k in range(found.size):
            other = _centred_ranks(design.values[defined, k])
            spread = math.sqrt(float((ranks * ranks).sum()) * float((other * other).sum()))
            if spread > 0.0:
                found[k] = float((ranks * other).sum()) / spread
    return Moved(design.names, found, n, _clear(n, len(design.names)))


def _centred_ranks(values: Floats) -> Floats:
    ranks = pd.Series(values).rank().to_numpy(np.float64)
    return ranks - ranks.mean()


def _clear(n: int, many: int) -> float:
    """Return the |rank correlation| that the largest of `many` null ones stays below, 95 %."""
    from scipy.special import ndtri

    if n < 3 or not many:
        return math.inf
    return float(ndtri(1.0 - 0.025 / many)) / math.sqrt(n - 1.0)


def thirds(design: Design, name: str, result: Floats) -> tuple[float, float]:
    """Return the mean of a result over the lowest and over the highest third of a parameter.

    The result is (n,), NaN where undefined; NaN comes back where a third has none.
    """
    values = design.values[:, design.names.index(name)]
    order = np.argsort(values, kind="stable")
    third = max(1, values.size // 3)
    found = []
    for some in (order[:third], order[-third:]):
        defined = result[some][~np.isnan(result[some])]
        found.append(float(defined.mean()) if defined.size else math.nan)
    return found[0], found[1]


# --- work that can be continued --------------------------------------------------------------


@cache
def sources() -> str:
    """Return a hash of all that decides results: the sources of model, world and lab."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent.parent
    for floor in ("model", "world", "lab"):
        for path in sorted((here / floor).rglob("*.py"), key=lambda path: path.as_posix()):
            digest.update(path.relative_to(here).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def key_of(origin: Mapping[str, Any]) -> str:
    """Return the key of one piece of work: a hash of the sources and of what it starts from."""
    text = json.dumps({"sources": sources(), **origin}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Done:
    """What came of the pieces.

    rows       : (pieces, columns) float, NaN where a piece did not finish
    finished   : (pieces,) bool
    failed     : (piece, reason) of those that are quarantined
    incomplete : whether it was stopped before the end
    """

    rows: Floats
    finished: NDArray[np.bool_]
    failed: tuple[tuple[int, str], ...]
    incomplete: bool


def continue_work(
    function: Function,
    shared: Any,
    keys: Sequence[str],
    parts: Parts,
    *,
    workers: int,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Done:
    """Call `function(shared, piece)`, which returns a row, for each piece that is not yet known.

    keys : the key of each piece
    """
    left = [piece for piece, key in enumerate(keys) if key not in parts.rows]
    before = len(keys) - len(left)
    if before and say is not None:
        say(f"{before:,} of {len(keys):,} are there from before.")
    if before and progress is not None:
        progress(before, len(keys))

    def keep(piece: int, row: Any) -> None:
        parts.add(keys[piece], row)

    def count(done: int, _: int) -> None:
        if progress is not None:
            progress(before + done, len(keys))

    try:
        ending = execute(function, shared, left, keep, workers=workers, progress=count, say=say)
    finally:
        parts.flush()
    for fault in ending.failed:
        if fault.kind == "InputError" and len(parts.rows) == 0:
            raise InputError(fault.reason)
    rows = np.full((len(keys), len(parts.columns)), np.nan)
    finished = np.array([key in parts.rows for key in keys], bool)
    for piece, key in enumerate(keys):
        if finished[piece]:
            rows[piece] = parts.rows[key]
    failed = tuple((fault.piece, fault.reason) for fault in ending.failed)
    return Done(rows, finished, failed, ending.incomplete)


def check_room(seed: object, most: int) -> int:
    """Return a seed after which `most` further ones are allowed; raises InputError otherwise."""
    return whole_number("seed", seed, 0, LARGEST_SEED - most)
