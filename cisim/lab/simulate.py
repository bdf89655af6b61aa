"""Simulation: scenarios in many futures, future by future.

Replicate k runs with seed + k, and a seed is a future that all scenarios share. What comes back
does not depend on how many workers there were.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cisim.lab.again import Again
from cisim.lab.before import Write, keeping
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble, Failure
from cisim.lab.executors import Executor, Progress, Say, execute, executor_of, whole_number
from cisim.lab.replicate import Kept, Result, Room, Work, run_replicate
from cisim.lab.results import check_out, write_ensembles
from cisim.lab.same_money import same_futures
from cisim.lab.warm import warm
from cisim.model.input_error import InputError, shown
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES
from cisim.model.outcomes import OUTCOMES, find_outcome
from cisim.model.outcomes.each import Of
from cisim.model.past import Pasts, side_by_side
from cisim.model.told import Sentences
from cisim.world.policy import Function
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "simulated",
    from_before="{before:,} of {total:,} runs are there from before.",
    no_outcomes="outcomes is empty; allowed is at least one. (cisim list outcomes)",
    no_months="at is empty; allowed are months from 0 to {horizon}.",
)


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
    beliefs: str | None = None,
    out: str | os.PathLike[str] | None = None,
    write: Write | None = None,
    command: str | Sequence[str] | None = None,
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
    beliefs   : whether each future has parameters of its own, see Scenario.believing; None leaves
                that to the scenario
    out       : folder for the result; what was stopped goes on there, and what is there is not run
                again
    write     : writes it there; None for cisim.lab.results.write_ensembles
    command   : how to get the same again, for the manifest
    progress  : called with how many runs are done and how many there are
    say       : called with a sentence for the user
    executor  : where it is done, in place of `workers`: see cisim.lab.executors

    Raises InputError if something given is wrong. Runs that fail are in `failed`; after Ctrl-C
    what is finished comes back, `incomplete`.
    """
    loaded = load(scenario, months, policy, policy_parameters)
    loaded = loaded if beliefs is None else loaded.believing(beliefs)
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    each = asked_of_each(by_community, by_organisation)
    kept = what_is_kept(loaded, outcomes, by_region, each, True, at)
    started = datetime.now(UTC)
    folder = None if out is None else check_out(out)
    with keeping(folder, kept, say) as known:
        (found,) = run_ensembles(
            [loaded],
            replicates,
            workers,
            seed,
            outcomes=kept.outcomes,
            by_region=by_region,
            each=each,
            at=kept.months,
            known=known,
            progress=progress,
            say=say,
            executor=executor,
        )
        if known is not None:
            said = command or "cisim.simulate, called from Python"
            known.write(found, write or plainly(said, started))
    return found


def plainly(command: str | Sequence[str], started: datetime) -> Write:
    """Return what writes a result without charts."""

    def write(folder: Path, result: Ensemble | Comparison) -> None:
        now = datetime.now(UTC)
        write_ensembles(folder, result, command, started=started, finished=now)

    return write


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


def believing(scenarios: Sequence[Scenario], held: str | None, usual: str) -> list[Scenario]:
    """Return scenarios that believe what is held; where nobody says, what any of them does, and
    where none does, what is usual."""
    if held is None and any(one.beliefs is not None for one in scenarios):
        return list(scenarios)
    return [one.believing(usual if held is None else held) for one in scenarios]


def as_they_believe(scenarios: Iterable[Scenario]) -> str | None:
    """Return the `beliefs` with which resolved scenarios go on believing what they do."""
    return None if any(one.beliefs is not None for one in scenarios) else "fixed"


def without_and_with(
    scenario: Scenario, policy: str | Function, policy_parameters: Mapping[str, Any] | None = None
) -> list[Scenario]:
    """Return a scenario as it is and, under a name that says so, under a policy."""
    found = scenario.with_policy(policy, policy_parameters)
    assert found.policy is not None
    name = f"{scenario.name}+{found.policy.name}"
    return [scenario, scenario.with_policy(policy, policy_parameters, name=name)]


class Known(Protocol):
    """What knows runs from before, and keeps those that are new: see cisim.lab.before."""

    def fill(self, rooms: Sequence[Room], seed: int) -> None:
        """Put what is known into rooms, one a scenario, whose first run has a seed."""

    def keep(self, room: Room, seed: int, result: Result) -> None:
        """Keep what a run has returned."""


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
    known: Known | None = None,
    only: Sequence[Iterable[int]] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> list[Ensemble]:
    """Run scenarios of one horizon and as many regions in the same futures, future by future.

    Those that share a past (world, parameters and seed) live through it once. `each` says of what
    each one is kept, too, communities `yearly` or only at the horizon. `known` has what was run
    before and takes what is new; `only` says which replicates of each scenario are wanted.
    """
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    seed = whole_number("seed", seed, 0, LARGEST_SEED - replicates + 1)
    kept = what_is_kept(scenarios[0], outcomes, by_region, each, yearly, at)
    executor = executor_of(workers, executor, say)
    scenarios = same_futures(scenarios)
    many = len(scenarios)
    order, distinct = side_by_side(scenarios)
    gives = any(one.same_money is not None for one in scenarios)
    pasts = Pasts() if distinct < many or gives else None
    work = Work(tuple(scenarios), tuple(order), pasts, seed, kept, gives)
    rooms = [Room(one, kept, seed, replicates) for one in scenarios]
    if known is not None:
        known.fill(rooms, seed)
    wanted = [_wanted(only, s, replicates) for s in range(many)]
    for room, mine in zip(rooms, wanted, strict=True):
        room.finished &= mine
    runs = range(many * replicates)
    where = [(order[run % many], run // many) for run in runs]
    total = sum(int(mine.sum()) for mine in wanted)
    left = [
        run for run, (s, future) in zip(runs, where, strict=True)
        if wanted[s][future] and not rooms[s].finished[future]
    ]  # fmt: skip
    before = total - len(left)
    if before and say is not None:
        say(SAYS("from_before", before=before, total=total))
    if before and progress is not None:
        progress(before, total)
    if left:
        warm(say)

    def keep(run: int, result: Any) -> None:
        which, future = where[run]
        rooms[which].put(future, result)
        if known is not None:
            known.keep(rooms[which], seed + future, result)

    def count(done: int, _: int) -> None:
        if progress is not None:
            progress(before + done, total)

    ending = execute(
        run_replicate,
        work,
        left,
        keep,
        executor=executor,
        together=many,
        progress=count,
        say=say,
    )
    failed: list[list[Failure]] = [[] for _ in scenarios]
    lines: dict[int, Again] = {}
    for fault in ending.failed:
        which, future = where[fault.piece]
        if fault.kind == "InputError" and not rooms[which].finished.any():
            raise InputError(fault.reason)  # no luck: what was given cannot be run
        if which not in lines:
            lines[which] = Again(scenarios[which])
        name = scenarios[which].name
        failed[which].append(
            Failure(name, future, seed + future, fault.reason, lines[which].line(seed + future))
        )
    return [
        Ensemble(
            scenario=scenario,
            outcomes=kept.outcomes,
            months=np.array(kept.months, np.int64),
            regions=kept.regions,
            first_seed=seed,
            replicates=np.flatnonzero(room.finished),
            values=room.of_finished(room.values),
            asked=replicates,
            failed=tuple(failed[s]),
            incomplete=ending.incomplete,
            books=room.of_finished(room.books),
            communities=room.seen("community"),
            organisations=room.seen("organisation"),
        )
        for s, (scenario, room) in enumerate(zip(scenarios, rooms, strict=True))
    ]


def what_is_kept(
    scenario: Scenario,
    outcomes: Iterable[str] | None,
    by_region: bool,
    each: tuple[Of, ...],
    yearly: bool,
    at: Iterable[int] | None,
) -> Kept:
    """Return what is kept of a run; raises InputError if something asked for is not there."""
    names = _chosen(outcomes)
    regions = [region.name for region in scenario.world.regions] if by_region else []
    months = tuple(_kept(at, scenario.months).tolist())
    return Kept(names, months, (*regions, OVERALL), each, yearly)


def _wanted(only: Sequence[Iterable[int]] | None, s: int, replicates: int) -> NDArray[np.bool_]:
    """Return which replicates of a scenario are wanted, (n,)."""
    if only is None:
        return np.ones(replicates, bool)
    mine = np.zeros(replicates, bool)
    mine[list(only[s])] = True
    return mine


def _chosen(outcomes: Iterable[str] | None) -> tuple[str, ...]:
    if outcomes is None:
        return tuple(OUTCOMES)
    names = tuple(dict.fromkeys([outcomes] if isinstance(outcomes, str) else outcomes))
    for name in names:
        find_outcome(name)
    if not names:
        raise InputError(SAYS("no_outcomes"))
    return names


def _kept(at: Iterable[int] | None, horizon: int) -> NDArray[np.int64]:
    if at is None:
        return np.arange(horizon + 1)
    given = [at] if isinstance(at, int) else at
    months = sorted({whole_number("at", month, 0, horizon) for month in given})
    if not months:
        raise InputError(SAYS("no_months", horizon=horizon))
    return np.array(months, np.int64)
