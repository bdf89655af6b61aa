"""What each one is worth: roles, levels of backbones, or organisations, in shared futures.

A coalition is the same scenario with some of them only. In each future a random order lets them in
one by one, from nobody to all, and then the reverse of that order; what the outcome gains as one
comes in is its worth, and the mean over both orders is kept. Over many orders this is Shapley's
value. In each future the worths add up to the whole difference, all against nobody, to rounding;
with two it is exact.

    worth_i = mean over futures and orders of  v(before i, and i) - v(before i)

Taking a role away has two readings. *Time saved*: its staff time is not there, and costs nothing.
*Time given to the others*: it goes to the roles that are left, in proportion. A level without any
role has no staff in either. While a level has staff, a role that is taken away is done by nobody,
a lead organisation neither. An organisation that is taken away may not take part (`left_out`);
acquaintances and everyday work with it stay.

Source  Shapley 1953 (the value); Castro, Gómez and Tejada 2009 (sampling orders); Mitchell,
        Cooper, Frank and Holmes 2022 (an order with its reverse); the two readings: judgement
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from cisim.lab.again import Again
from cisim.lab.ensemble import Failure
from cisim.lab.executors import (
    Executor,
    Progress,
    Say,
    executor_of,
    processors,
    whole_number,
)
from cisim.lab.once_more import earlier, made
from cisim.lab.results import check_out
from cisim.lab.resume import Called, Parts, continue_work, key_of
from cisim.lab.same_money import let_go
from cisim.lab.simulate import believing
from cisim.lab.warm import warm
from cisim.lab.worths import (
    AS_BELIEVED,
    AT_ONE,
    CUT,
    GIVEN,
    KINDS,
    SAVED,
    Of,
    Player,
    Worths,
    write_worths,
)
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.limits import LARGEST_SEED, MOST_REPLICATES
from cisim.model.luck import BUILDING, uniform, word
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked, find_outcome
from cisim.model.past import Pasts
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES, Floats
from cisim.world.beliefs import usual_beliefs
from cisim.world.levers.flows import FLOWS
from cisim.world.posts import Post
from cisim.world.scenario import Scenario
from cisim.world.structure import NationalRoles, RegionalRoles, Structure

BY = "attribute"
"""What a manifest says that it was made by."""
THROUGH = ("cisim.lab.shapley", "cisim.lab.same_money")
"""The modules of the lab that decide the bits of a piece of work; see cisim.lab.store.keys."""
FUTURES = 40
"""So many futures are run unless told otherwise."""
MOST_PLAYERS = 200
_LOOKED_AT = 20
"""Who may take part is looked up in so many futures."""
_ORDER = word("order of coming in")
_LEVELS = {"national": NATIONAL_ROLES, "regional": REGIONAL_ROLES}


class _Coalition(NamedTuple):
    reading: str
    present: frozenset[int]


class _Work(NamedTuple):
    scenario: Scenario
    of: Of
    players: tuple[Player, ...]
    readings: tuple[str, ...]
    seed: int
    outcome: str
    month: int
    pasts: Pasts


def players_of(
    scenario: Scenario, of: Of, groups: Mapping[str, Sequence[str]] | None = None, seed: int = 1
) -> tuple[Player, ...]:
    """Return who comes in.

    of     : roles that have time, the two levels, organisations that may take part, or those of a
             sector together
    groups : with organisations, name -> organisations that come in together; all others stay

    Raises InputError if there is nobody, too many, or a group names somebody that is not there or
    is in another.
    """
    if of in ("roles", "levels"):
        if groups:
            raise InputError(f"groups are of organisations; allowed with {of} are none.")
        found = _roles(scenario.structure)
        if of == "levels":
            found = [
                Player(level, tuple(one.parts[0] for one in found if one.parts[0][0] == level))
                for level in _LEVELS
            ]
            found = [one for one in found if one.parts]
            if len(found) < 2:
                raise InputError(
                    f"attribute: {scenario.name} has not both levels of backbones; allowed are "
                    f"scenarios that have."
                )
        if not found:
            raise InputError(
                f"attribute: {scenario.name} has no backbone whose roles could be told apart."
            )
        return tuple(found)
    if groups:
        return _grouped(scenario, groups)
    names, sectors = _may_take_part(scenario, seed)
    if of == "sectors":
        kinds = dict.fromkeys(sectors)
        return tuple(
            Player(kind, tuple(one for one, its in zip(names, sectors, strict=True) if its == kind))
            for kind in kinds
        )
    if not names:
        raise InputError(f"attribute: nobody may take part in {scenario.name}.")
    if len(names) > MOST_PLAYERS:
        raise InputError(
            f"attribute: {len(names):,} organisations may take part in {scenario.name}, more than "
            f"{MOST_PLAYERS}; allowed are sectors, or groups that are named."
        )
    return tuple(Player(name, (name,)) for name in names)


def _roles(structure: Structure) -> list[Player]:
    found = []
    for level, names in _LEVELS.items():
        posts = [post for post in structure.posts if post.where == level]
        usual = getattr(structure, f"{level}_roles")
        staffed = structure.national_fte > 0.0 if level == "national" else structure.regional
        for role in names:
            times = [getattr(usual, role)] if staffed else []
            times += [
                getattr(usual, role) if post.roles is None else post.roles.get(role, 0.0)
                for post in posts
            ]
            if any(share > 0.0 for share in times):
                found.append(Player(f"{level}: {role.replace('_', ' ')}", ((level, role),)))
    return found


def _may_take_part(scenario: Scenario, seed: int) -> tuple[list[str], list[str]]:
    """Return names and sectors of organisations that may take part in any of some futures."""
    from cisim.model.state import SECTORS

    seen: dict[int, int] = {}
    for future in range(_LOOKED_AT):
        orgs = scenario.in_future(seed + future).build(seed + future).orgs
        may = orgs.eligible
        seen |= dict(zip(orgs.number[may].tolist(), orgs.sector[may].tolist(), strict=True))
        if scenario.world.organisation_count == len(seen):
            break
    numbers = sorted(seen)
    names = scenario.world.organisation_names
    return [names[one] for one in numbers], [SECTORS[seen[one]] for one in numbers]


def _grouped(scenario: Scenario, groups: Mapping[str, Sequence[str]]) -> tuple[Player, ...]:
    known = scenario.world.organisation_names
    where: dict[str, str] = {}
    for group, names in groups.items():
        if not names:
            raise InputError(f"groups: {shown(group)} is empty; allowed is at least one name.")
        for name in names:
            if name not in known:
                raise InputError(
                    f"groups: {shown(group)} names {shown(name)}, which is no organisation of this "
                    f"world.{nearest(name, known)}"
                )
            if name in where:
                raise InputError(
                    f"groups: {shown(name)} is in {shown(where[name])} and in {shown(group)}; "
                    f"allowed is once."
                )
            where[name] = group
    return tuple(Player(group, tuple(names)) for group, names in groups.items())


# --- coalitions ---------------------------------------------------------------------------------


def coalition(
    scenario: Scenario, of: Of, players: Sequence[Player], present: frozenset[int], reading: str
) -> Scenario:
    """Return the scenario with some of the players only."""
    if of in ("organisations", "sectors"):
        absent = [name for at, one in enumerate(players) if at not in present for name in one.parts]
        left_out = [*scenario.structure.left_out, *absent]
        return _with(scenario, {"left_out": left_out})
    if reading == AT_ONE:
        parameters = scenario.parameters.model_copy(update={"solo_quality": 1.0})
        scenario = scenario.model_copy(update={"parameters": parameters})
    if reading == CUT:
        scenario = _with(scenario, dict.fromkeys(FLOWS, 0.0))
    return _without_roles(
        scenario,
        {part for at, one in enumerate(players) if at not in present for part in one.parts},
        {part for at in present for part in players[at].parts},
        reading,
    )


def _without_roles(
    scenario: Scenario, gone: set[tuple[str, str]], kept: set[tuple[str, str]], reading: str
) -> Scenario:
    """Return a scenario in which nobody does the roles that are gone; a level of which no role is
    kept has no staff.
    """
    structure = scenario.structure
    changed: dict[str, Any] = {}
    posts = list(structure.posts)
    for level, names in _LEVELS.items():
        left = {role for role in names if (level, role) not in gone}
        if len(left) == len(names):
            continue
        if not any((level, role) in kept for role in names):
            changed |= {"national_fte": 0.0} if level == "national" else _NO_REGIONAL
            posts = [post for post in posts if post.where != level]
            continue
        usual = getattr(structure, f"{level}_roles")
        shares = {role: getattr(usual, role) for role in names}
        posts = [
            one for post in posts if (one := _post(post, level, shares, left, reading)) is not None
        ]
        stretch = _stretch(shares, left)
        if stretch is None:  # of usual roles, none of which is left
            changed |= {"national_fte": 0.0} if level == "national" else _NO_REGIONAL
            continue
        named = NationalRoles if level == "national" else RegionalRoles
        changed[f"{level}_roles"] = named(**_shares(shares, left, stretch))
        if reading == SAVED:
            changed |= _less_time(structure, level, 1.0 / stretch)
    return _with(scenario, {**changed, "posts": posts}) if gone else scenario


_NO_REGIONAL = {"regional": False, "volunteers": 0.0}


def _stretch(shares: Mapping[str, float], left: set[str]) -> float | None:
    """Return by what the shares that are left grow to all the time that roles had; None where no
    time is left.
    """
    now = sum(share for role, share in shares.items() if role in left)
    return sum(shares.values()) / now if now > 0.0 else None


def _shares(shares: Mapping[str, float], left: set[str], stretch: float) -> dict[str, float]:
    """Return all the time of roles, divided among those that are left."""
    return {
        role: min(1.0, share * stretch) if role in left else 0.0 for role, share in shares.items()
    }


def _less_time(structure: Structure, level: str, share: float) -> dict[str, float]:
    """Return the levers of a level's staff for a share of its time."""
    if level == "national":
        return {"national_fte": structure.national_fte * share}
    return {
        "regional_scale": structure.regional_scale * share,
        "sponsors_post": structure.sponsors_post * share,
        "grant_reg": structure.grant_reg / share,  # grants follow the plan, and are as they were
    }


def _post(
    post: Post, level: str, usual: Mapping[str, float], left: set[str], reading: str
) -> Post | None:
    """Return a post with the roles that are left, None where none is."""
    if post.where != level:
        return post
    shares = usual if post.roles is None else {**dict.fromkeys(usual, 0.0), **post.roles}
    stretch = _stretch(shares, left)
    if stretch is None:
        return None
    changed: dict[str, Any] = {}
    if post.roles is not None:
        changed["roles"] = _shares(shares, left, stretch)
    if reading == SAVED:
        changed["fte"] = None if post.fte is None else post.fte / stretch
        changed["cap"] = None if post.cap is None else post.cap / stretch
    return post.model_copy(update=changed)


def _with(scenario: Scenario, changed: Mapping[str, Any]) -> Scenario:
    structure = scenario.structure.model_copy(update=dict(changed))
    return scenario.model_copy(update={"structure": structure})


# --- sampling -----------------------------------------------------------------------------------


def order_of(seed: int, players: int) -> list[int]:
    """Return in which order players come in, in the future of a seed."""
    draws = [uniform(seed, _ORDER, BUILDING, player, 0) for player in range(players)]
    return sorted(range(players), key=lambda player: draws[player])


def _plan(seed: int, players: int, readings: Sequence[str]) -> list[_Coalition]:
    """Return the coalitions of a future: of each reading nobody, all, then those along an order and
    its reverse.
    """
    order = order_of(seed, players)
    found = []
    for reading in readings:
        found += [_Coalition(reading, frozenset()), _Coalition(reading, frozenset(order))]
        for way in (order, order[::-1]):
            found += [_Coalition(reading, frozenset(way[:many])) for many in range(1, players)]
    return found


def _of_piece(work: _Work, index: int) -> tuple[Scenario, int, int]:
    """Return the scenario of a coalition, the seed of its future, and its place in the plan."""
    count = _runs_of_a_future(len(work.players), work.readings)
    future, place = divmod(index, count)
    seed = work.seed + future
    one = _plan(seed, len(work.players), work.readings)[place]
    scenario = coalition(work.scenario, work.of, work.players, one.present, one.reading)
    return scenario, seed, place


def _value(work: _Work, index: int) -> Floats:
    """Return the outcome of a coalition in a future, and of all together who is a member, NaN of
    others, (1 + players,).
    """
    scenario, seed, place = _of_piece(work, index)
    asked = Asked.of([work.outcome], [work.month])
    model = CollectiveImpactModel(scenario, seed, pasts=work.pasts, observe=asked)
    model.run(work.month)
    found = model.recorder.values([work.outcome], [work.month])[work.outcome]
    row = np.full(1 + len(work.players), np.nan)
    row[0] = found[0, -1]
    if place == _ALL and work.of in ("organisations", "sectors"):
        row[1:] = _members(model, work.players)
    let_go(model, ())
    return row


_ALL = 1
"""The place in a future's plan of the coalition of all."""


def _members(model: CollectiveImpactModel, players: Sequence[Player]) -> Floats:
    """Return (players,) what share of each one's organisations are members."""
    orgs, called = model.state.orgs, model.scenario.organisation_name
    joined = {called(number) for number in orgs.number[orgs.member].tolist()}
    return np.array([np.mean([name in joined for name in one.parts]) for one in players])


def _runs_of_a_future(players: int, readings: Sequence[str]) -> int:
    return len(readings) * 2 * max(1, players)


def readings_of(of: Of) -> tuple[str, ...]:
    """Return the readings in which players of a kind are taken away."""
    return {"roles": (SAVED, GIVEN), "levels": (AS_BELIEVED, AT_ONE, CUT)}.get(of, ("",))


def shapley(
    scenario: Scenario,
    of: Of,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    outcome: str = "wellbeing_gain",
    at: int | None = None,
    replicates: int = FUTURES,
    workers: int | None = None,
    seed: int = 1,
    executor: Executor | None = None,
    beliefs: str | None = None,
    out: str | os.PathLike[str] | None = None,
    draw: Callable[[Worths, str], Mapping[str, str]] | None = None,
    command: str | Sequence[str] = "",
    progress: Progress | None = None,
    say: Say | None = None,
) -> Worths:
    """Return what each role, level, organisation or sector is worth in a scenario.

    groups : with "organisations", name -> names of those that come in together
    at     : the month, None for the horizon
    executor : where it is done, in place of `workers`: see cisim.lab.executors
    beliefs : as in `cisim.compare`: left out, a future is luck and belief
    out    : a folder for attribution.csv and a manifest, and for what is computed; what was broken
             off goes on there
    draw   : returns charts by file name for that folder, given the worths and the manifest's key
    command : how to get the same again, for the manifest
    say    : called with what it will cost, before it starts, and other sentences for the user

    Raises InputError if something given is wrong, or there is nobody to tell apart. Futures of
    which a run failed are left out; after Ctrl-C those that are whole come back, `incomplete`.
    """
    if of not in KINDS:
        raise InputError(f"attribute is {shown(of)}; allowed is one of {', '.join(KINDS)}.")
    find_outcome(outcome)
    (scenario,) = believing([scenario], beliefs, usual_beliefs())
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    seed = whole_number("seed", seed, 0, LARGEST_SEED - replicates + 1)
    month = scenario.months if at is None else whole_number("at", at, 0, scenario.months)
    folder, started = None if out is None else check_out(out), datetime.now(UTC)
    players = players_of(scenario, of, groups, seed)
    executor = executor_of(workers, executor, say)
    readings = readings_of(of)
    work = _Work(scenario, of, players, readings, seed, outcome, month, Pasts())
    count = _runs_of_a_future(len(players), readings)
    runs = count * replicates
    if say is not None and earlier() is None:
        warm(say)
        say(_cost(work, runs, replicates, getattr(executor, "workers", None) or processors()))
    columns = [outcome, *(f"member {at}" for at in range(len(players)))]
    parts = Parts(folder, columns, say)
    done = continue_work(
        _value,
        work,
        _keys(work, runs),
        parts,
        called=lambda piece: Called(
            f"future {seed + piece // count}, coalition {piece % count}", seed + piece // count
        ),
        together=count,
        executor=executor,
        progress=progress,
        say=say,
    )
    values = done.rows[:, 0].reshape(replicates, count)
    members = done.rows[:, 1:].reshape(replicates, count, len(players))[:, _ALL]
    whole = done.finished.reshape(replicates, count).all(axis=1)
    failed = []
    for piece, reason in done.failed:
        future = piece // count
        line = Again(_of_piece(work, piece)[0]).line(seed + future)
        failed.append(Failure(scenario.name, future, seed + future, reason, line))
    seeds = seed + np.flatnonzero(whole)
    found = _worths(values[whole], seeds, len(players), readings)
    joined = members[whole] if of in ("organisations", "sectors") else None
    empty = Worths(
        scenario, of, outcome, month, players, readings, seeds, {}, {}, {}, runs, tuple(failed),
        done.incomplete, joined,
    )  # fmt: skip
    worths, wholes = found
    together = {}
    if of == "levels":
        for at_reading, reading in enumerate(readings):
            nobody, both, first, second = (
                values[whole, 4 * at_reading + place] for place in range(4)
            )
            together[reading] = both - first - second + nobody
    answer = replace(empty, worths=worths, wholes=wholes, together=together)
    if folder is None or not seeds.size:
        return answer
    return write_worths(
        answer,
        folder,
        command or "cisim.lab.shapley.shapley, called from Python",
        asked=replicates,
        groups=groups,
        first_seed=seed,
        made=made(BY, parts.came, THROUGH),
        draw=draw,
        started=started,
    )


def _keys(work: _Work, runs: int) -> list[str]:
    origin = key_of(
        {
            "worth": work.of,
            "scenario": work.scenario.resolved(),
            "players": [[one.name, list(map(str, one.parts))] for one in work.players],
            "readings": list(work.readings),
            "outcome": work.outcome,
            "month": work.month,
        },
        THROUGH,
    )
    count = _runs_of_a_future(len(work.players), work.readings)
    return [
        key_of({"of": origin, "seed": work.seed + piece // count, "place": piece % count})
        for piece in range(runs)
    ]


def _worths(
    values: Floats, seeds: np.ndarray[Any, Any], players: int, readings: Sequence[str]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return worths and wholes by reading, from the values of each future's coalitions."""
    worths, wholes = {}, {}
    size = 2 * max(1, players)
    for place, reading in enumerate(readings):
        block = values[:, place * size : (place + 1) * size]
        wholes[reading] = block[:, :2]
        found = np.zeros((seeds.size, players))
        for row, seed in enumerate(seeds.tolist()):
            order = order_of(seed, players)
            for at, way in enumerate((order, order[::-1])):
                first = 2 + at * (players - 1)
                steps = block[row, first : first + players - 1]
                levels = np.concatenate([block[row, :1], steps, block[row, 1:2]])
                found[row, way] += np.diff(levels) / 2.0
        worths[reading] = found
    return worths, wholes


def _cost(work: _Work, runs: int, replicates: int, workers: int) -> str:
    """Return how many runs there will be and about how long they take, from a run with all."""
    _value(work._replace(pasts=Pasts()), 1)  # loads what is compiled
    one = work._replace(pasts=Pasts())
    begun = time.perf_counter()
    _value(one, 1)
    between = time.perf_counter()
    _value(one, 1)
    again = time.perf_counter() - between
    seconds = (replicates * max(0.0, between - begun - again) + runs * again) / workers
    many = len(work.players)
    about = f"about {max(1.0, seconds):,.0f} seconds"
    if seconds > 120.0:
        about = f"about {seconds / 60.0:,.0f} minutes"
    who = "1 worker" if workers == 1 else f"{workers} workers"
    return (
        f"What {many} {work.of} are worth takes {runs:,} runs in {replicates:,} futures, {about} "
        f"with {who}."
    )
