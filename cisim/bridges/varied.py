"""What a tool varies by name, over which range, and the runs that it asks for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.executors import whole_number
from cisim.lab.factors import Factor, VaryFile, all_beliefs, find_factor, named
from cisim.lab.simulate import load
from cisim.model.input_error import InputError, shown
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES, Asked, find_outcome
from cisim.model.parameters import Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.state import Floats
from cisim.world.ranges import Range
from cisim.world.scenario import LEVERS, Scenario
from cisim.world.structure import Structure

HEADLINE = tuple(name for name, one in OUTCOMES.items() if one.headline)
"""The outcomes that a summary shows first; what a tool is given where none are named."""
PLACES = ("world", "structure", "months")
"""What of a scenario can be varied beside its parameters and levers, whole and by name."""

Limits = tuple[float | str, float | str]
"""Two numbers, or dates where what is varied is a month."""
Asking = str | Iterable[str] | Mapping[str, Limits | None] | None


def ranges_of(asked: Asking, what: str, scenario: Scenario) -> tuple[Range, ...]:
    """Return over what numbers are varied: names, or names with ranges of one's own.

    asked : as `cisim threshold --vary` takes them: parameters, levers, numbers of events and posts;
            None for all parameters that are free and that the scenario does not set itself. A range
            of None is the plausible one

    Raises InputError for a name that is none of these, for one without a plausible range to which
    none is given, and for a range that is none or outside its bounds.
    """
    if asked is None:
        return all_beliefs([scenario]).ranges
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
    return tuple(_range(name, limits, what, scenario) for name, limits in wanted.items())


def _range(name: str, limits: Limits | None, what: str, scenario: Scenario) -> Range:
    given: Any = (None, None) if limits is None else limits
    ends = [as_plain(one) for one in given] if isinstance(given, list | tuple) else []
    numbers = all(isinstance(one, float | int | str) for one in ends)
    if len(ends) != 2 or not (numbers or limits is None):
        raise InputError(
            f"{what}: {name} is {shown(limits)}; allowed are two numbers, the lower one first."
        )
    low, high = (float(one) if isinstance(one, int) else one for one in ends)
    return find_factor(str(name), VaryFile(low=low, high=high), [scenario], what, None).range


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
    """Return a scenario with values by name: parameters, levers, numbers of events and posts, and
    a whole world, structure or horizon.

    Numbers may be NumPy's. Raises InputError, with the nearest name, for any other name.
    """
    plain = {name: as_plain(value) for name, value in values.items()}
    places = {name: plain.pop(name) for name in PLACES if name in plain}
    new = scenario.with_(where=where, **places) if places else scenario
    dated = {name: plain.pop(name) for name in [*plain] if _of_event_or_post(name)}
    if plain:
        new = new.set(plain, where)
    for name, value in dated.items():
        varied = named(name, [new], where)
        new = Factor(Range(name, *varied.bounds), varied).put(new, float(value))
    return new


def _of_event_or_post(name: str) -> bool:
    head = name.partition(".")[0]
    return head not in Parameters.model_fields and head not in LEVERS and "." in name


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
