"""Paired comparison: scenarios are run in the same futures, so many or as many as it takes."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from cisim.lab.before import Write, keeping
from cisim.lab.comparison import Comparison, Precision, futures_needed, join
from cisim.lab.executors import Executor, Progress, Say, whole_number
from cisim.lab.results import check_out
from cisim.lab.same_money import same_futures
from cisim.lab.simulate import (
    as_they_believe,
    asked_of_each,
    believing,
    load_all,
    plainly,
    run_ensembles,
    what_is_kept,
)
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.limits import MOST_REPLICATES
from cisim.model.outcomes import find_outcome
from cisim.model.parameters import Parameters
from cisim.world.beliefs import usual_beliefs
from cisim.world.policy import Function
from cisim.world.scenario import Scenario

FIRST_FUTURES = 50
"""So many futures are run before `replicates="auto"` looks at the interval."""
MOST_AUTO = 2_000
"""So many futures `replicates="auto"` runs at most, unless told otherwise."""
PRECISIONS = {"0..1": 0.02, "share": 0.02, "points of 100": 0.05}
"""The half width that is narrow enough, by the outcome's unit, where none is asked for."""


def compare(
    scenarios: Iterable[Scenario | str | os.PathLike[str]],
    replicates: int | Literal["auto"] = 200,
    workers: int | None = None,
    seed: int = 1,
    *,
    outcomes: Iterable[str] | None = None,
    by_region: bool = False,
    by_community: bool = False,
    by_organisation: bool = False,
    months: int | None = None,
    at: Iterable[int] | None = None,
    outcome: str = "wellbeing_gain",
    precision: float | None = None,
    most: int = MOST_AUTO,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    beliefs: str | None = None,
    out: str | os.PathLike[str] | None = None,
    write: Write | None = None,
    command: str | Sequence[str] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Comparison:
    """Run scenarios in the same futures; return the comparison. Arguments as in `simulate`.

    The work goes future by future through all scenarios, so what Ctrl-C leaves is pairs.

    replicates "auto" adds futures until the 90 % interval of every difference from the first
    scenario, in `outcome` at the horizon, reaches at most `precision` to either side, and stops at
    `most` of them. `Comparison.precision` says what was reached. An interval that is looked at
    again and again is a little too narrow, so it is looked at as seldom as can be.

    beliefs None is as for `cisim compare`: scenarios that believe something do so, and to all
    others a future is luck and a point of the ensembles that ship. "fixed" leaves luck alone.

    A policy acts in every scenario; one scenario alone is compared with itself without the policy.
    Others are mixed by Scenario.with_policy.

    With `out` one more scenario, or more futures, are run alone: what is there is not run again.

    Raises InputError for fewer than two scenarios, two of one name, different worlds or horizons,
    and whatever else is wrong in what was given.
    """
    loaded = load_all(scenarios, months, policy, policy_parameters, beside_itself=True)
    loaded = same_futures(believing(loaded, beliefs, usual_beliefs()))
    check_comparable(loaded)
    names = [outcomes] if isinstance(outcomes, str) else None if outcomes is None else [*outcomes]
    each = asked_of_each(by_community, by_organisation)
    started = datetime.now(UTC)
    auto = replicates == "auto"
    if isinstance(replicates, str) and not auto:
        raise InputError(f"replicates is {shown(replicates)}; allowed is a whole number or auto.")
    wanted = _wanted(outcome, precision, names) if auto else 0.0
    most = whole_number("most", most, 2, MOST_REPLICATES) if auto else most
    if not isinstance(replicates, str):
        replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    kept = what_is_kept(loaded[0], names, by_region, each, True, at)
    folder = None if out is None else check_out(out)
    with keeping(folder, kept, say) as known:

        def run(count: int, first: int, progress: Progress | None) -> Comparison:
            ensembles = run_ensembles(
                loaded,
                count,
                workers,
                first,
                outcomes=kept.outcomes,
                by_region=by_region,
                each=each,
                at=kept.months,
                known=known,
                progress=progress,
                say=say,
                executor=executor,
            )
            return Comparison({ensemble.name: ensemble for ensemble in ensembles})

        if isinstance(replicates, str):
            found = _grow(run, seed, outcome, wanted, most, len(loaded), progress)
        else:
            found = run(replicates, seed, progress)
        if known is not None:
            said = command or "cisim.compare, called from Python"
            known.write(found, write or plainly(said, started))
    return found


def _wanted(outcome: str, precision: float | None, kept: list[str] | None) -> float:
    """Return the half width that is wanted; raises InputError if it, or the outcome, is wrong."""
    unit = find_outcome(outcome).unit
    if kept is not None and outcome not in kept:
        raise InputError(
            f"outcome is {outcome}, which is not among the outcomes that are kept."
            f"{nearest(outcome, kept)}"
        )
    if precision is None:
        if unit not in PRECISIONS:
            raise InputError(
                f"precision is missing; replicates auto needs one for {outcome}: a number above 0 "
                f"({unit})."
            )
        return PRECISIONS[unit]
    if isinstance(precision, bool) or not isinstance(precision, int | float):
        raise InputError(f"precision is {shown(precision)}; allowed is a number above 0 ({unit}).")
    if not 0.0 < precision < math.inf:
        raise InputError(f"precision is {precision:g}; allowed is a number above 0 ({unit}).")
    return float(precision)


def _grow(
    run: Callable[[int, int, Progress | None], Comparison],
    seed: int,
    outcome: str,
    wanted: float,
    most: int,
    scenarios: int,
    progress: Progress | None,
) -> Comparison:
    """Return a comparison of as many futures as the precision takes, or `most` of them."""
    whole: Comparison | None = None
    done, count = 0, min(FIRST_FUTURES, most)
    while True:
        before = done * scenarios

        def tell(now: int, total: int, before: int = before) -> None:
            if progress is not None:
                progress(before + now, before + total)

        part = run(count, seed + done, tell)
        whole = part if whole is None else join(whole, part)
        done += count
        reached = whole.half_width(outcome)
        if reached <= wanted or done >= most or whole.incomplete or not whole.futures.size:
            break
        count = _more(whole, outcome, wanted, done, most)
    futures = int(whole.futures.size)
    return replace(whole, precision=Precision(outcome, wanted, reached, futures, most))


def _more(whole: Comparison, outcome: str, wanted: float, done: int, most: int) -> int:
    """Return how many futures to add: a tenth more than the spread so far calls for."""
    spread = whole.paired(outcome)["sd"].to_numpy(np.float64)
    spread = spread[np.isfinite(spread)]
    needed = 2.0 * done
    if spread.size:
        needed = min(1.1 * futures_needed(wanted, float(spread.max())), 10.0 * done)
    return int(min(max(math.ceil(needed), done + 10), most) - done)


def at_values(
    comparison: Comparison,
    parameter: str,
    values: Iterable[float],
    replicates: int = 40,
    workers: int | None = None,
    *,
    outcomes: Iterable[str] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
) -> dict[float, Comparison]:
    """Return the same comparison at other values of one parameter, in the same futures.

    Where every scenario has a value in every future already, the comparison itself is returned.
    Others have as many futures as `replicates` says, but no more than the comparison.

    Raises InputError if there is no such parameter or a value is outside its bounds.
    """
    scenarios = [ensemble.scenario for ensemble in comparison.ensembles.values()]
    held = as_they_believe(scenarios)
    if parameter not in Parameters.model_fields:
        raise InputError(
            f"{shown(parameter)} is not a parameter.{nearest(parameter, Parameters.model_fields)}"
        )
    kept = None if outcomes is None else list(outcomes)
    count = min(replicates, max(1, *(one.asked for one in comparison.ensembles.values())))
    first = next(iter(comparison.ensembles.values())).first_seed
    changed = {float(value): [one.set({parameter: value}) for one in scenarios] for value in values}
    others = {
        value: new
        for value, new in changed.items()
        if not all(
            one == old and one.held == old.held for one, old in zip(new, scenarios, strict=True)
        )
    }
    total = count * len(scenarios) * len(others)
    found: dict[float, Comparison] = {}
    for place, (value, new) in enumerate(others.items()):
        before = place * count * len(scenarios)

        def tell(now: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + now, total)

        found[value] = compare(
            new, count, workers, first, outcomes=kept, beliefs=held, progress=tell, say=say
        )
        if found[value].incomplete:
            break
    return {value: found.get(value, comparison) for value in changed
            if value in found or value not in others}  # fmt: skip


def check_goals(goals: Mapping[str, object]) -> dict[str, float]:
    """Return goals, outcome -> value; raises InputError if one can never be reached or missed."""
    checked: dict[str, float] = {}
    for name, value in goals.items():
        outcome = find_outcome(name)
        low, high = outcome.bounds
        if not outcome.better:
            raise InputError(
                f"goal of {name} has no direction: neither higher nor lower is better there. "
                f"Outcomes that have one: cisim list outcomes."
            )
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type,operator]
            raise InputError(
                f"goal of {name} is {shown(value)}; allowed is {_range(low, high)} "
                f"({outcome.unit})."
            )
        checked[name] = float(value)  # type: ignore[arg-type]
    return checked


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "a finite number"
    if math.isinf(high):
        return f"a number of at least {low:g}"
    if math.isinf(low):
        return f"a number of at most {high:g}"
    return f"a number from {low:g} to {high:g}"


def check_comparable(scenarios: list[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    if len(names) < 2:
        given = names[0] if names else "nothing"
        raise InputError(f"scenarios is {given}; allowed are two or more to compare.")
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"scenarios has {shown(name)} {names.count(name)} times; allowed is each name "
                f"once. Rename a changed one: .with_(name=...), or another file name."
            )
    first = scenarios[0]
    world = first.world.model_dump()
    for other in scenarios[1:]:
        if other.world is not first.world and other.world.model_dump() != world:
            raise InputError(
                f"scenarios: {other.name} is on the world {other.world_name} and {first.name} on "
                f"{first.world_name}; allowed is one world, as with --world {first.world_name}."
            )
        if other.months != first.months:
            raise InputError(
                f"scenarios: {other.name} has {other.months} months and {first.name} "
                f"{first.months}; allowed is one horizon, as with --months "
                f"{min(other.months, first.months)}."
            )
        if other.beliefs != first.beliefs:
            raise InputError(
                f"scenarios: {other.name} and {first.name} have other beliefs; allowed are the same"
                f" in all, as with beliefs='ensemble'."
            )
