"""Simulation: scenarios in many futures, future by future.

Replicate k runs with seed + k, and a seed is a future that all scenarios share. What comes back
does not depend on how many workers there were.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.lab.bill import by_year, years_of
from cisim.lab.each import Followed, empty, follow
from cisim.lab.ensemble import OVERALL, Ensemble, Failure
from cisim.lab.executors import Executor, Progress, Say, execute, executor_of, whole_number
from cisim.lab.same_money import let_go, same_futures
from cisim.lab.warm import warm
from cisim.model.input_error import InputError, shown
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import OUTCOMES, OWN_TIME, Asked, find_outcome
from cisim.model.outcomes.each import Of
from cisim.model.past import Pasts, side_by_side
from cisim.model.state import Floats
from cisim.world.policy import Function
from cisim.world.scenario import Scenario


def simulate(
    scenario: Scenario | str | os.PathLike[str],
    replicates: int = 200,
    workers: int | None = None,
    seed: int = 1,
    *,
    outcomes: Iterable[str] | None = None,
    by_region: bool = False,
    by_community: bool = False,
    by_organisation: bool = False,
    months: int | None = None,
    at: Iterable[int] | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Ensemble:
    """Run a scenario in many futures; return the ensemble.

    scenario  : a Scenario, a shipped name or a file
    workers   : processes; None for all processors
    seed      : of replicate 0; replicate k has seed + k
    outcomes  : names that are kept; None for all
    by_region : keep the regions too
    by_community, by_organisation : keep what each of them shows, see Ensemble.by_community
    months    : another horizon
    at        : months that are kept; None for all from 0 to the horizon
    policy    : what acts on the agents before each month, with its parameters: see
                Scenario.with_policy
    progress  : called with how many runs are done and how many there are
    say       : called with a sentence for the user
    executor  : where it is done, in place of `workers`: see cisim.lab.executors

    Raises InputError if something given is wrong. Runs that fail are in `failed`; after Ctrl-C
    what is finished comes back, `incomplete`.
    """
    return run_ensembles(
        [load(scenario, months, policy, policy_parameters)],
        replicates,
        workers,
        seed,
        outcomes=outcomes,
        by_region=by_region,
        each=asked_of_each(by_community, by_organisation),
        at=at,
        progress=progress,
        say=say,
        executor=executor,
    )[0]


def asked_of_each(by_community: bool, by_organisation: bool) -> tuple[Of, ...]:
    """Return of what each one is kept."""
    wanted: dict[Of, bool] = {"community": by_community, "organisation": by_organisation}
    return tuple(of for of, kept in wanted.items() if kept)


def load(
    scenario: Scenario | str | os.PathLike[str],
    months: int | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
) -> Scenario:
    """Return the scenario that is meant, with another horizon or under a policy if one is given."""
    if not isinstance(scenario, Scenario):
        if not isinstance(scenario, str | os.PathLike):
            raise InputError(
                f"scenario is {shown(scenario)}; allowed is a Scenario, its name or a file."
            )
        scenario = Scenario.load(scenario)
    if policy is None and policy_parameters:
        raise InputError("policy_parameters are given without a policy; allowed is one with both.")
    if policy is not None:
        scenario = scenario.with_policy(policy, policy_parameters)
    return scenario if months is None else scenario.with_(months=months)


def load_all(
    scenarios: Scenario | str | os.PathLike[str] | Iterable[Scenario | str | os.PathLike[str]],
    months: int | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    *,
    beside_itself: bool = False,
) -> list[Scenario]:
    """Return the scenarios that are meant, as `load` does each.

    beside_itself : whether one alone that is given a policy comes without and with it
    """
    if isinstance(scenarios, str | os.PathLike | Scenario):
        scenarios = [scenarios]
    given = list(scenarios)
    if policy is None or len(given) != 1 or not beside_itself:
        return [load(one, months, policy, policy_parameters) for one in given]
    plain = load(given[0], months)
    return without_and_with(plain, policy, policy_parameters)


def without_and_with(
    scenario: Scenario, policy: str | Function, policy_parameters: Mapping[str, Any] | None = None
) -> list[Scenario]:
    """Return a scenario as it is and, under a name that says so, under a policy."""
    found = scenario.with_policy(policy, policy_parameters)
    assert found.policy is not None
    name = f"{scenario.name}+{found.policy.name}"
    return [scenario, scenario.with_policy(policy, policy_parameters, name=name)]


class _Work(NamedTuple):
    """What a worker needs to know; piece i is future i div S of the scenario at order[i mod S].

    order : (S,) those that share a past side by side
    pasts : None where no two do
    hands_over : whether the money of any is given to another
    """

    scenarios: tuple[Scenario, ...]
    order: tuple[int, ...]
    pasts: Pasts | None
    seed: int
    outcomes: tuple[str, ...]
    months: NDArray[np.int64]
    by_region: bool
    hands_over: bool
    each: tuple[Of, ...] = ()
    yearly: bool = True


def _replicate(work: _Work, index: int) -> tuple[Floats, Floats, dict[Of, Floats]]:
    """Return what one run has shown, (months, regions, outcomes), its books, a row a year, and what
    each community or organisation has shown.
    """
    future, place = divmod(index, len(work.scenarios))
    scenario, asked = work.scenarios[work.order[place]], Asked.of(work.outcomes, work.months)
    seed = work.seed + future
    model = CollectiveImpactModel(scenario, seed, pasts=work.pasts, observe=asked)
    each = follow(model, work.each, work.yearly) if work.each else {}
    model.run()
    found = model.recorder.values(work.outcomes, work.months)
    books = by_year(model.recorder.books[1:], scenario.calendar)
    let_go(model, work.scenarios if work.hands_over else ())
    first = 0 if work.by_region else -1
    whole = np.stack([found[name][:, first:] for name in work.outcomes], axis=-1)
    return whole, books[:, first:], each


def run_ensembles(
    scenarios: Sequence[Scenario],
    replicates: int,
    workers: int | None,
    seed: int,
    *,
    outcomes: Iterable[str] | None = None,
    by_region: bool = False,
    each: tuple[Of, ...] = (),
    yearly: bool = True,
    at: Iterable[int] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> list[Ensemble]:
    """Run scenarios of one horizon and as many regions in the same futures, future by future.

    Those that share a past (world, parameters and seed) live through it once. `each` says of what
    each one is kept, too, communities `yearly` or only at the horizon.
    """
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    seed = whole_number("seed", seed, 0, LARGEST_SEED - replicates + 1)
    names = _chosen(outcomes)
    months = _kept(at, scenarios[0].months)
    executor = executor_of(workers, executor, say)
    scenarios = same_futures(scenarios)
    many = len(scenarios)
    order, distinct = side_by_side(scenarios)
    gives = any(one.same_money is not None for one in scenarios)
    pasts = Pasts() if distinct < many or gives else None
    work = _Work(
        tuple(scenarios), tuple(order), pasts, seed, names, months, by_region, gives, each, yearly
    )
    region_names = [region.name for region in scenarios[0].world.regions]
    regions = (*region_names, OVERALL) if by_region else (OVERALL,)
    values = _room((many, replicates, months.size, len(regions), len(names)))
    finished = np.zeros((many, replicates), bool)
    books = [
        np.empty(
            (
                replicates,
                years_of(one.calendar, one.months).size,
                len(regions),
                len(one.payers) + len(OWN_TIME),
            )
        )
        for one in scenarios
    ]

    warm(say)
    followed = [{of: empty(of, one, seed, replicates, yearly) for of in each} for one in scenarios]

    def keep(index: int, result: Any) -> None:
        future, place = divmod(index, many)
        which = order[place]
        values[which, future], books[which][future], seen = result
        for of, rows in seen.items():
            followed[which][of].values[future] = rows
        finished[which, future] = True

    ending = execute(
        _replicate,
        work,
        range(many * replicates),
        keep,
        executor=executor,
        together=many,
        progress=progress,
        say=say,
    )
    failed: list[list[Failure]] = [[] for _ in scenarios]
    for fault in ending.failed:
        future, place = divmod(fault.piece, many)
        which = order[place]
        if fault.kind == "InputError" and not finished[which].any():
            raise InputError(fault.reason)  # no luck: what was given cannot be run
        name = scenarios[which].name
        failed[which].append(Failure(name, future, seed + future, fault.reason))
    return [
        Ensemble(
            scenario=scenario,
            outcomes=names,
            months=months,
            regions=regions,
            first_seed=seed,
            replicates=np.flatnonzero(finished[s]),
            values=values[s] if finished[s].all() else values[s, finished[s]],
            asked=replicates,
            failed=tuple(failed[s]),
            incomplete=ending.incomplete,
            books=books[s] if finished[s].all() else books[s][finished[s]],
            communities=_done(followed[s].get("community"), finished[s]),
            organisations=_done(followed[s].get("organisation"), finished[s]),
        )
        for s, scenario in enumerate(scenarios)
    ]


def _done(followed: Followed | None, finished: NDArray[np.bool_]) -> Followed | None:
    return None if followed is None else followed.some(finished)


def _chosen(outcomes: Iterable[str] | None) -> tuple[str, ...]:
    if outcomes is None:
        return tuple(OUTCOMES)
    names = tuple(dict.fromkeys([outcomes] if isinstance(outcomes, str) else outcomes))
    for name in names:
        find_outcome(name)
    if not names:
        raise InputError("outcomes is empty; allowed is at least one. (cisim list outcomes)")
    return names


def _kept(at: Iterable[int] | None, horizon: int) -> NDArray[np.int64]:
    if at is None:
        return np.arange(horizon + 1)
    given = [at] if isinstance(at, int) else at
    months = sorted({whole_number("at", month, 0, horizon) for month in given})
    if not months:
        raise InputError(f"at is empty; allowed are months from 0 to {horizon}.")
    return np.array(months, np.int64)


def _room(shape: tuple[int, ...]) -> Floats:
    """Return an array that takes memory only as it is filled."""
    try:
        return np.empty(shape)
    except (MemoryError, ValueError):
        need = 8.0 * float(np.prod([float(length) for length in shape])) / 1e9
        raise InputError(
            f"replicates is {shape[1]}, which needs {need:,.0f} GB of memory; "
            f"allowed is what fits: fewer of them, fewer outcomes, or months chosen by `at`."
        ) from None
