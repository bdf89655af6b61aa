"""What each lever of a structure moves: the same futures with it as it is, and with another value.

A lever is tried against the scenario as it stands, on several worlds, at the defaults and over the
plausible space. Which values are tried follows from its declaration, unless somebody says better: a
number between two bounds is tried at each bound, a month two years later, a word at each other
word; what has no such bounds at twice its value, or at 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from typing import Any, Literal, NamedTuple, cast, get_args, get_origin

import numpy as np

from cisim.lab.design import Design, latin_hypercube
from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.lab.executors import Progress, Say, count_workers, execute
from cisim.lab.same_money import let_go, same_futures
from cisim.lab.warm import warm
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked
from cisim.model.past import Pasts, side_by_side
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.world.scenario import LEVERS, Scenario
from cisim.world.structure import Structure

OUTCOMES = ("wellbeing_gain", "joint_activity", "gap_primary")
"""What a lever may move."""
WIDE = 10.0
"""Bounds that lie further apart than this say what is possible, and not what to try."""
LATER = 24.0
"""A month is tried so much later."""
ENDS = 60.0
"""What never ends is tried to end in this month."""


class Trial(NamedTuple):
    """One value of a lever against what it is otherwise.

    lever   : its name, in a table as national_roles.bridge
    value   : what is tried
    against : what it is compared with; None for what the scenario says
    beside  : other levers that are set on both sides, without which it has no part
    """

    lever: str
    value: Any
    against: Any = None
    beside: Mapping[str, Any] = {}

    def now(self, scenario: Scenario) -> Any:
        """Return what it is compared with: what is said, or what the scenario has."""
        if self.against is not None:
            return self.against
        return value_of(self.pair(scenario)[0], self.lever)

    def pair(self, scenario: Scenario) -> tuple[Scenario, Scenario]:
        """Return a scenario without and with what is tried.

        Raises InputError if the scenario cannot have it.
        """
        here = scenario.set(self.beside, self.lever) if self.beside else scenario
        if self.against is not None:
            here = here.set({self.lever: self.against}, self.lever)
        return here, here.set({self.lever: self.value}, self.lever)


class Effect(NamedTuple):
    """What a trial has moved in one outcome.

    level     : mean of the outcome without what is tried
    mean      : mean difference over the futures, with its 90 % interval from low to high
    n         : futures in which both are defined
    """

    level: float
    mean: float
    low: float
    high: float
    n: int


def names_of_levers() -> list[str]:
    """Return every lever by name; of a table of numbers each number."""
    found: list[str] = []
    for name in LEVERS:
        default = Structure.model_fields[name].get_default(call_default_factory=True)
        parts = declarations(type(default)) if hasattr(default, "model_dump") else {}
        found += [f"{name}.{part}" for part in parts] or [name]
    return found


def value_of(scenario: Scenario, name: str) -> Any:
    """Return what a lever is in a scenario."""
    return reduce(getattr, name.split("."), cast(Any, scenario.structure))


def usual_values(name: str, scenario: Scenario) -> list[Any]:
    """Return the values at which a lever is tried unless somebody says better, none if unknown."""
    head, *rest = name.split(".")
    now = value_of(scenario, name)
    table = type(getattr(scenario.structure, head)) if rest else Structure
    declared = declarations(table).get(rest[0] if rest else head)
    if declared is None:
        words = _words(Structure.model_fields[head].annotation)
        return [word for word in words if word != now] if isinstance(now, bool | str) else []
    low, high = declared.bounds
    if declared.unit == "month":
        return [ENDS if now >= scenario.months else min(now + LATER, high)]
    if high - low <= WIDE:
        return [end for end in (low, high) if end != now]
    return [min(2.0 * now if now > 0.0 else 1.0, high)]


def _words(kind: Any) -> tuple[Any, ...]:
    """Return the words or truths that a field may be; a table among them is not tried."""
    if kind is bool:
        return (False, True)
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(word for part in get_args(kind) for word in _words(part))


class _Work(NamedTuple):
    """What a worker needs to know; a piece is a future.

    design : the parameters of each future; None for those of the scenarios
    """

    scenarios: tuple[Scenario, ...]
    design: Design | None
    seed: int


def _future(work: _Work, piece: int) -> Floats:
    """Return the outcomes of each scenario in one future, (S, 3); NaN for one that cannot run."""
    point = {} if work.design is None else work.design.point(piece)
    lived = work.scenarios
    if point:
        lived = tuple(one.with_(parameters=point) for one in lived)
    lived = tuple(same_futures(lived))
    asked, pasts = Asked.of(OUTCOMES, [lived[0].months]), Pasts()
    found = np.full((len(lived), len(OUTCOMES)), math.nan)
    for place in side_by_side(lived)[0]:
        try:
            model = CollectiveImpactModel(
                lived[place], work.seed + piece, pasts=pasts, observe=asked
            ).run()
        except InputError:
            continue  # a sampled world in which this one cannot be
        values = model.recorder.values(OUTCOMES)
        found[place] = [values[name][-1, -1] for name in OUTCOMES]
        let_go(model, lived)
    return found


def effects(
    scenario: Scenario,
    trials: Sequence[Trial],
    futures: int,
    *,
    plausible: bool = False,
    workers: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    say: Say | None = None,
) -> list[dict[str, Effect]]:
    """Return what each trial moves in each outcome at the horizon, in the order of the trials.

    plausible : whether each future has beliefs of its own, sampled over the plausible space

    Raises InputError if a trial is not possible in the scenario, KeyboardInterrupt if it is
    stopped, and RuntimeError for a future that fails.
    """
    pairs = [trial.pair(scenario) for trial in trials]
    scenarios: list[Scenario] = []
    places = [tuple(_place(one, scenarios) for one in pair) for pair in pairs]
    named = tuple(one.model_copy(update={"name": f"{at}"}) for at, one in enumerate(scenarios))
    design = latin_hypercube(futures, seed) if plausible else None
    rows = np.full((futures, len(named), len(OUTCOMES)), math.nan)

    def keep(piece: int, row: Any) -> None:
        rows[piece] = row

    warm(say)
    ending = execute(
        _future,
        _Work(named, design, seed),
        range(futures),
        keep,
        workers=count_workers(workers, say),
        progress=progress,
        say=say,
    )
    if ending.failed:
        raise RuntimeError(f"future {ending.failed[0].piece}: {ending.failed[0].reason}")
    if ending.incomplete:
        raise KeyboardInterrupt
    return [
        {
            name: _effect(rows[:, here, column], rows[:, there, column])
            for column, name in enumerate(OUTCOMES)
        }
        for here, there in places
    ]


def _place(scenario: Scenario, known: list[Scenario]) -> int:
    """Return the place of a scenario among those that are run, each once."""
    for at, one in enumerate(known):
        if one == scenario:
            return at
    known.append(scenario)
    return len(known) - 1


def _effect(here: Floats, there: Floats) -> Effect:
    defined = np.isfinite(here) & np.isfinite(there)
    n = int(defined.sum())
    if not n:
        return Effect(math.nan, math.nan, math.nan, math.nan, 0)
    mean, low, high, *_ = (float(x) for x in mean_interval((there - here)[defined], LEVEL))
    return Effect(float(here[defined].mean()), mean, low, high, n)


def share(effect: Effect, gain: float, outcome: str) -> float:
    """Return an effect as a share: of the outcome, of the gap as a share of the wellbeing gain."""
    of = gain if outcome == "gap_primary" else effect.level
    return effect.mean / abs(of) if of else math.nan


def moves(found: Mapping[str, Effect], least: float) -> bool:
    """Return whether a trial moves any outcome by a share of `least`, told from nothing."""
    gain = found["wellbeing_gain"].level
    return any(
        abs(share(one, gain, name)) >= least and (one.low > 0.0 or one.high < 0.0)
        for name, one in found.items()
    )


def trials_of(
    names: Iterable[str], scenario: Scenario, said: Mapping[str, Mapping[str, Any]]
) -> list[Trial]:
    """Return the trials of levers.

    said : by lever, what is said better than the rule: `on` (a value or several), `off`, `beside`
    """
    found: list[Trial] = []
    for name in names:
        more = said.get(name, {})
        beside = more.get("beside", {})
        there = scenario.set(beside, name) if beside else scenario
        off = more.get("off")
        if "on" in more:
            values = more["on"] if isinstance(more["on"], list) else [more["on"]]
            found += [Trial(name, value, off, beside) for value in values]
            continue
        for value in usual_values(name, there):
            trial = Trial(name, value, off, beside)
            with suppress(InputError):  # a bound may ask for more than there is beside others
                trial.pair(scenario)
                found.append(trial)
    return found
