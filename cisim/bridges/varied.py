"""What a tool varies by name, over which range, and the runs that it asks for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.design import Range, free_parameters
from cisim.lab.executors import whole_number
from cisim.lab.simulate import load
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES, Asked, find_outcome
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.state import Floats
from cisim.world.scenario import LEVERS, Scenario
from cisim.world.structure import Structure

HEADLINE = tuple(name for name, one in OUTCOMES.items() if one.headline)
"""The outcomes that a summary shows first; what a tool is given where none are named."""
PLACES = ("world", "structure", "months")
"""What of a scenario can be varied beside its parameters and levers, whole and by name."""

Limits = tuple[float, float]
Asking = str | Iterable[str] | Mapping[str, Limits | None] | None


def ranges_of(asked: Asking, what: str) -> tuple[Range, ...]:
    """Return over what numbers are varied: names, or names with ranges of one's own.

    asked : None for all parameters that are free; a range of None is the plausible one

    Raises InputError for a name that is neither a parameter nor a lever, a lever or a constant
    without a range, or a range that is none or outside its bounds.
    """
    free = free_parameters()
    if asked is None:
        return tuple(_range(name, None, what) for name in free)
    if isinstance(asked, Mapping):
        wanted: dict[str, Limits | None] = dict(asked)
    else:
        names = [asked] if isinstance(asked, str) else list(asked)
        wanted = dict.fromkeys(names)
        if len(wanted) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"{what} has {shown(twice)} twice; allowed is once.")
    if not wanted:
        raise InputError(f"{what} is empty; allowed is at least one. (cisim list parameters)")
    return tuple(_range(name, limits, what) for name, limits in wanted.items())


def _range(name: str, limits: Limits | None, what: str) -> Range:
    declared = declared_numbers()
    if name not in declared:
        near = nearest(str(name), declared)
        raise InputError(
            f"{what} has {shown(name)}, which is no number that can be varied.{near} "
            f"(cisim list parameters)"
        )
    one = declared[name]
    if limits is None:
        if one.plausible is None or one.constant:
            raise InputError(
                f"{what} has {name} without a range, and none is declared as plausible; allowed is "
                f"{{{name!r}: (low, high)}} within {one.bounds[0]:g} to {one.bounds[1]:g}."
            )
        return Range(name, *one.plausible, one.log_scale, one.whole)
    try:
        low, high = (float(limit) for limit in limits)
    except (TypeError, ValueError):
        raise InputError(
            f"{what}: {name} is {shown(limits)}; allowed are two numbers, the lower one first."
        ) from None
    if not one.bounds[0] <= low < high <= one.bounds[1]:
        raise InputError(
            f"{what}: {name} is {low:g} to {high:g}; allowed is a lower and a higher number within "
            f"{one.bounds[0]:g} to {one.bounds[1]:g}."
        )
    return Range(name, low, high, one.log_scale and low > 0.0, one.whole)


def outcomes_of(asked: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return names of outcomes; a text may have several of them, with commas.

    Raises InputError for a name that is no outcome.
    """
    if asked is None:
        return HEADLINE
    names = asked.replace(",", " ").split() if isinstance(asked, str) else list(asked)
    for name in names:
        find_outcome(name)
    if not names:
        raise InputError("outcomes is empty; allowed is at least one. (cisim list outcomes)")
    return tuple(dict.fromkeys(names))


def mean_of_futures(values: Any) -> Any:
    """Return the mean over the futures in which an outcome is defined, NaN where it is in none."""
    found = np.asarray(values, np.float64)
    defined = np.isfinite(found)
    count = defined.sum(axis=0)
    total = np.where(defined, found, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean if mean.ndim else float(mean)


def seeds_of(replicates: int, seed: int) -> tuple[int, ...]:
    """Return the seeds of the replicates of every point: seed, seed + 1, …"""
    many = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    first = whole_number("seed", seed, 0, LARGEST_SEED - many + 1)
    return tuple(range(first, first + many))


def scenario_of(given: Any, months: int | None = None) -> Scenario:
    """Return the scenario that is meant: itself, by name or by file."""
    return load(given, months)


def changed(scenario: Scenario, values: Mapping[str, Any], where: str) -> Scenario:
    """Return a scenario with values by name: parameters, levers, and a whole world, structure or
    horizon.

    Numbers may be NumPy's. Raises InputError, with the nearest name, for any other name.
    """
    plain = {name: as_plain(value) for name, value in values.items()}
    places = {name: plain.pop(name) for name in PLACES if name in plain}
    for name in plain:
        head = name.partition(".")[0]
        if head not in Parameters.model_fields and head not in LEVERS:
            known = [*PLACES, *Parameters.model_fields, *LEVERS]
            raise InputError(
                f"{where}: {shown(name)} is not a parameter or a lever.{nearest(name, known)} "
                f"(cisim list parameters)"
            )
    new = scenario.with_(where=where, **places) if places else scenario
    return new.set(plain, where) if plain else new


def out_of_logs(name: str, logarithm: float) -> float:
    """Return the number of a decimal logarithm; a bound is met where only rounding passes it."""
    low, high = declared_numbers()[name].bounds
    number = float(10.0**logarithm)
    nearest_allowed = min(max(number, low), high)
    return nearest_allowed if math.isclose(number, nearest_allowed, rel_tol=1e-12) else number


@cache
def declared_numbers() -> dict[str, Declaration]:
    """Return what is declared of each lever and parameter that is a number."""
    return {**declarations(Structure), **declarations(Parameters)}


def as_plain(value: Any) -> Any:
    """Return a value as Python's own, where it is one of NumPy's."""
    return value.item() if isinstance(value, np.generic) else value


class Runs(NamedTuple):
    """Runs of a scenario that a tool varies; goes to other processes as it is.

    outcomes : (O,) names
    months   : (M,) int, months that are kept; None for the horizon, whatever it is
    seeds    : of the replicates
    """

    scenario: Scenario
    outcomes: tuple[str, ...]
    months: NDArray[np.int64] | None
    seeds: Sequence[int]

    def one(self, values: Mapping[str, Any], seed: int, where: str) -> Floats:
        """Return the outcomes of one run, overall, (M, O)."""
        scenario = changed(self.scenario, values, where)
        kept = np.array([scenario.months]) if self.months is None else self.months
        asked = Asked.of(self.outcomes, kept)
        model = CollectiveImpactModel(scenario, seed, observe=asked).run()
        found = model.recorder.values(self.outcomes, kept)
        return np.stack([found[name][:, -1] for name in self.outcomes], axis=-1)
