"""Rival theories: does the order of structures hold if a rule of the model is put otherwise?

One theory at a time takes the place of ours, in all scenarios, in the same futures: the draws of a
future are addressed, so a rival meets the luck that ours has met, until what it changes changes
whom luck strikes. Numbers of a rival have the values that the scenarios give them, else those of
its authors. The order is that of the means at the horizon. It holds under a theory where each step
of it is told apart by the differences in the same futures, and does not where two scenarios are
told apart the other way round; anything between is luck, and cannot be told. Beside it stands in
how many futures each scenario beats the next one of our order.

Which theories there are follows from the parameters: every choice that is declared with
`cisim.model.quantity.theory` is one, whoever declares it.

A piece of work is one future under one theory, in which all scenarios share their past.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations, pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.again import expression_of
from cisim.lab.compare import check_comparable
from cisim.lab.disk import Aside
from cisim.lab.ensemble import mean_interval
from cisim.lab.executors import Executor, Progress, Say, executor_of, whole_number
from cisim.lab.manifest import manifest_of, ranges, short_key, sources_of_results
from cisim.lab.once_more import made
from cisim.lab.results import RIVAL_ORDER, RIVALS, check_out, write_csv, write_result, write_table
from cisim.lab.resume import Called, Parts, Quarantined, check_room, continue_work, key_of
from cisim.lab.same_money import let_go, same_futures
from cisim.lab.simulate import believing, load_all
from cisim.model.input_error import InputError, shown
from cisim.model.limits import MOST_REPLICATES
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Asked, find_outcome
from cisim.model.parameters import Parameters
from cisim.model.past import Pasts, side_by_side
from cisim.model.quantity import declarations
from cisim.model.state import Floats
from cisim.model.told import Named, Sentences, several
from cisim.world.beliefs import usual_beliefs
from cisim.world.notes import notes_of
from cisim.world.policy import Function
from cisim.world.scenario import Scenario
from cisim.world.staffing import resolved_posts

FUTURES = 40
"""Each theory is tried in so many futures, unless told otherwise."""
WELLBEING = "wellbeing_gain"
BY = "rivals"
"""What a manifest says that it was made by."""
THROUGH = ("cisim.lab.rivals", "cisim.lab.same_money")
"""The modules of the lab that decide the bits of a piece of work; see cisim.lab.store.keys."""
SAYS = Sentences(
    "rivals",
    theory="{rule}: {name}",
    interrupted="Interrupted after {tried} rival theories; whether the order holds is open.",
    turned="{theory} (there {order})",
    one="under the one rival theory that was tried",
    each="under each of {tried} rival theories, tried one at a time",
    some="under {kept} of {tried} rival theories, tried one at a time",
    not_under="{how}, not under {turned}",
    open="{how}; these futures cannot tell: {open}",
    order="By {outcome}, in futures that differ by {differ}, the order is {order}; it holds {how}.",
    order_least="By {outcome}, in futures that differ by {differ}, the order is {order}; it holds "
    "{how}; the least clear step of it stands in {least} of {of} futures ({where}).",
    luck="luck alone",
    belief="luck and belief",
    ours="as it is",
    step="{ahead} over {behind}, {under}",
)


Holds = Literal["yes", "no", "open"]


class Theory(NamedTuple):
    """One way to put one rule.

    choice : the parameter that chooses it, as trust_theory
    name   : of the theory, as layers
    """

    choice: str
    name: str

    @property
    def rule(self) -> str:
        """Return what it is a theory of."""
        return self.choice.removesuffix("_theory")

    @property
    def words(self) -> str:
        """Return "trust: layers"."""
        return SAYS("theory", rule=Named(self.rule, "rules"), name=self.name)


def theories() -> dict[str, tuple[str, ...]]:
    """Return the names of all theories by the parameter that chooses one, ours first."""
    return {name: one.names for name, one in declarations(Parameters).items() if one.names}


def rivals_of(scenarios: Sequence[Scenario]) -> list[Theory]:
    """Return every theory that the scenarios do not already run with.

    Raises InputError if they run with different theories of one rule.
    """
    found = []
    for choice, names in theories().items():
        held = {int(getattr(one.parameters, choice)) for one in scenarios}
        if len(held) > 1:
            which = ", ".join(names[number] for number in sorted(held))
            raise InputError(
                f"scenarios run with several theories in {choice}: {which}; allowed is one in all, "
                f"as rivals are tried in all of them."
            )
        found += [Theory(choice, name) for at, name in enumerate(names) if at not in held]
    return found


@dataclass(frozen=True, eq=False)
class Rivals:
    """Scenarios at the horizon under every theory.

    names    : (S,) scenarios, as they were given
    outcome  : by which they are ordered
    theories : (K,) those that were tried one at a time; None is what the scenarios run with, first
    values   : (K, n, S) the outcome, NaN in a future in which a run failed
    futures  : how many were wanted
    believed : whether futures differ in what they believe, too, and not by luck alone
    failed   : what is quarantined, with the line that does it again
    incomplete : whether it was stopped before the end; theories are then those that were ended
    manifest   : of what was written with it; None without a folder
    """

    names: tuple[str, ...]
    outcome: str
    theories: tuple[Theory | None, ...]
    values: np.ndarray
    futures: int
    believed: bool = False
    failed: tuple[Quarantined, ...] = ()
    incomplete: bool = False
    manifest: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<Rivals {', '.join(self.names)}: {len(self.theories) - 1} theories>"

    @property
    def differ(self) -> str:
        """Return in what the futures differ, in words."""
        return SAYS("belief" if self.believed else "luck")

    @property
    def means(self) -> np.ndarray:
        """Return the mean of each scenario under each theory, (K, S), over shared futures."""
        whole = np.isfinite(self.values).all(axis=2)
        return np.array(
            [
                rows[here].mean(axis=0) if here.any() else np.full(len(self.names), math.nan)
                for rows, here in zip(self.values, whole, strict=True)
            ]
        )

    def order(self, theory: int = 0) -> tuple[str, ...]:
        """Return the scenarios, the best first, under the theory of that place; equals as given."""
        ranked = np.argsort(-self._sign * self.means[theory], kind="stable")
        return tuple(self.names[place] for place in ranked)

    @property
    def holds(self) -> tuple[Holds, ...]:
        """Return whether the order of the first holds under each theory, (K,)."""
        return tuple(self._holds(place) for place in range(len(self.theories)))

    def _holds(self, place: int) -> Holds:
        """Return "no" where two scenarios are told apart the other way round, "yes" where each
        step is told apart, and "open" elsewhere."""
        apart = {
            pair: mean_interval(self._apart(place, *pair)) for pair in combinations(self.order(), 2)
        }
        if any(high < 0.0 for _, _, high, *_ in apart.values()):
            return "no"
        steps = pairwise(self.order())
        return "yes" if all(apart[step][1] > 0.0 for step in steps) else "open"

    def table(self) -> pd.DataFrame:
        """Return a row for each theory and scenario.

        rule, theory : which, "" for what the scenarios run with
        scenario, mean, low, high : its outcome with the 90 % interval of the mean
        rank         : 1 for the best
        holds        : whether the order of the first theory holds: yes, no, or open
        beats, of    : futures in which it is better than the next one in the first theory's order,
                       and futures that both have finished; of the last one NaN
        """
        first, holds = (self.order(), self.holds) if self.theories else ((), ())
        rows: list[dict[str, Any]] = []
        for place, theory in enumerate(self.theories):
            order = self.order(place)
            for name in self.names:
                mine = self.values[place, :, self.names.index(name)]
                mean, low, high, *_ = mean_interval(mine)
                beats, of = self._beats(place, first, name)
                rows.append(
                    {
                        "rule": "" if theory is None else theory.rule,
                        "theory": "" if theory is None else theory.name,
                        "scenario": name,
                        "mean": float(mean),
                        "low": float(low),
                        "high": float(high),
                        "rank": order.index(name) + 1,
                        "holds": holds[place],
                        "beats": beats,
                        "of": of,
                    }
                )
        return pd.DataFrame(rows, columns=_ANSWER)

    def each(self) -> pd.DataFrame:
        """Return a row for each theory, scenario and future that was finished: rule, theory,
        scenario, replicate and the outcome."""
        rows = [
            {
                "rule": "" if theory is None else theory.rule,
                "theory": "" if theory is None else theory.name,
                "scenario": name,
                "replicate": future,
                self.outcome: value,
            }
            for place, theory in enumerate(self.theories)
            for column, name in enumerate(self.names)
            for future, value in enumerate(self.values[place, :, column].tolist())
            if math.isfinite(value)
        ]
        return pd.DataFrame(rows, columns=["rule", "theory", "scenario", "replicate", self.outcome])

    def sentence(self, titles: Mapping[str, str] | None = None) -> str:
        """Return whether the order holds under every theory, in one sentence.

        titles : what people call the scenarios, by name; left out, their names
        """
        called = titles or {}
        tried = max(0, len(self.theories) - 1)
        if self.incomplete:
            return SAYS("interrupted", tried=tried)
        holds = self.holds
        kept = holds[1:].count("yes")
        turned = [
            SAYS("turned", theory=theory.words, order=self._in_order(called, place))
            for place, theory in enumerate(self.theories)
            if theory is not None and holds[place] == "no"
        ]
        unclear = [
            self._called(theory)
            for place, theory in enumerate(self.theories)
            if holds[place] == "open"
        ]
        if kept < tried:
            how = SAYS("some", kept=kept, tried=tried)
        else:
            how = SAYS("each", tried=tried) if tried > 1 else SAYS("one")
        if turned:
            how = SAYS("not_under", how=how, turned=several(turned, "; "))
        if unclear:
            how = SAYS("open", how=how, open=several(unclear, "; "))
        least, of, where = self._least(called)
        said = {
            "outcome": self.outcome,
            "differ": self.differ,
            "order": self._in_order(called),
            "how": how,
        }
        if not of:
            return SAYS("order", **said)
        return SAYS("order_least", **said, least=least, of=of, where=where)

    def _in_order(self, called: Mapping[str, str], place: int = 0) -> str:
        return several([called.get(name, name) for name in self.order(place)], ", then ")

    def _least(self, called: Mapping[str, str]) -> tuple[int, int, str]:
        """Return in how few futures a step of the first order stands, and where."""
        first, found = self.order(), (0, 0, "")
        share = math.inf
        for place, theory in enumerate(self.theories):
            for name in first[:-1]:
                beats, of = self._beats(place, first, name)
                if of and beats / of < share:
                    share = beats / of
                    after = first[first.index(name) + 1]
                    under = self._called(theory)
                    ahead, behind = (called.get(one, one) for one in (name, after))
                    step = SAYS("step", ahead=ahead, behind=behind, under=under)
                    found = int(beats), of, step
        return found

    def _called(self, theory: Theory | None) -> str:
        return SAYS("ours") if theory is None else theory.words

    def _beats(self, place: int, order: Sequence[str], name: str) -> tuple[float, int]:
        at = order.index(name)
        if at == len(order) - 1:
            return math.nan, 0
        apart = self._apart(place, *order[at : at + 2])
        return float((apart > 0.0).sum()), apart.size

    def _apart(self, place: int, one: str, other: str) -> Floats:
        """Return by how much one is better than the other in the futures that both finished."""
        mine, next_ = (self.values[place, :, self.names.index(name)] for name in (one, other))
        both = np.isfinite(mine) & np.isfinite(next_)
        return np.asarray(self._sign * (mine - next_)[both], np.float64)

    @property
    def _sign(self) -> float:
        return -1.0 if find_outcome(self.outcome).better == "lower" else 1.0


_ANSWER = ["rule", "theory", "scenario", "mean", "low", "high", "rank", "holds", "beats", "of"]


def rivals(
    scenarios: Iterable[Scenario | str | os.PathLike[str]],
    replicates: int = FUTURES,
    workers: int | None = None,
    seed: int = 1,
    *,
    outcome: str = WELLBEING,
    tried: Iterable[tuple[str, str]] | None = None,
    months: int | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    beliefs: str | None = None,
    out: str | os.PathLike[str] | None = None,
    command: str | Sequence[str] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Rivals:
    """Run scenarios in the same futures under each rival theory, one at a time beside ours.

    tried   : the parameter and the name of each theory, as ("trust_theory", "layers"); None for all
              that the scenarios do not run with
    out     : folder for what is computed; a run that was broken off continues there
    command : how to get the same again, for the manifest

    Other arguments as in `cisim.compare`, `beliefs` too: left out, a future is luck and belief. A
    scenario that sets a theory keeps it as what is "ours" there.

    Raises InputError if something given is wrong.
    """
    started = datetime.now(UTC)
    loaded = load_all(scenarios, months, policy, policy_parameters, beside_itself=True)
    loaded = believing(loaded, beliefs, usual_beliefs())
    check_comparable(loaded)
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    seed = check_room(seed, replicates)
    if not find_outcome(outcome).better:
        raise InputError(f"outcome is {shown(outcome)}, of which neither more nor less is better.")
    every: list[Theory | None] = [None, *_chosen(loaded, tried)]
    folder = None if out is None else check_out(out)
    executor = executor_of(workers, executor, say)
    work = _Work(
        tuple(tuple(under(loaded, *(theory or ()))) for theory in every), seed, replicates, outcome
    )
    parts = Parts(folder, [one.name for one in loaded], say)
    done = continue_work(
        _future,
        work,
        _keys(work),
        parts,
        called=lambda piece: _called(work, every, piece),
        executor=executor,
        progress=progress,
        say=say,
    )
    known = done.finished.copy()
    known[[piece for piece, _ in done.failed]] = True
    ended = known.reshape(len(every), replicates).all(axis=1).cumprod().sum()
    found = Rivals(
        tuple(one.name for one in loaded),
        outcome,
        tuple(every[:ended]),
        done.rows.reshape(len(every), replicates, len(loaded))[:ended],
        replicates,
        loaded[0].beliefs is not None,
        _failed(work, loaded, every, done.failed),
        done.incomplete,
    )
    if folder is None:
        return found
    origin = {
        **sources_of_results(),
        "scenarios": [one.resolved() for one in loaded],
        "theories": [list(one) for one in every if one is not None],
        "seeds": {"first": seed, "replicates": replicates},
        "finished": ranges(np.flatnonzero(done.finished)),
        "outcomes": [outcome],
    }
    key = short_key(origin)

    def fill(aside: Aside) -> None:
        with aside.file(RIVALS) as file:
            write_table(file, found.each(), key)
        with aside.file(RIVAL_ORDER) as file:
            write_csv(file, found.table(), key)

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command or "cisim.lab.rivals.rivals, called from Python",
            asked=len(every) * replicates,
            made=made(BY, parts.came, THROUGH) | {"told": found.sentence()},
            incomplete=found.incomplete,
            failed=[one._asdict() for one in found.failed],
            notes=notes_of(loaded),
            posts={one.name: resolved_posts(one.world, one.structure) for one in loaded},
            started=started,
            finished=datetime.now(UTC),
            files=files,
        )

    return replace(found, manifest=write_result(folder, fill, manifest))


def under(scenarios: Sequence[Scenario], choice: str = "", name: str = "") -> list[Scenario]:
    """Return scenarios as they run under a theory, in the same futures; as they are without one."""
    return same_futures([one.set({choice: name}) if choice else one for one in scenarios])


def _chosen(scenarios: Sequence[Scenario], tried: Iterable[tuple[str, str]] | None) -> list[Theory]:
    """Return the theories that are tried; raises InputError if one is none of them."""
    every = rivals_of(scenarios)
    if tried is None:
        return every
    found = [Theory(*one) for one in tried]
    for one in found:
        if one not in every:
            raise InputError(
                f"tried has {shown(' '.join(one))}; allowed are "
                f"{', '.join(' '.join(other) for other in every)}."
            )
    return found


class _Work(NamedTuple):
    """What a worker needs to know; piece i is future i mod n under the theory i div n.

    scenarios : (K, S) as they run under each theory
    """

    scenarios: tuple[tuple[Scenario, ...], ...]
    seed: int
    replicates: int
    outcome: str


def _future(work: _Work, piece: int) -> Floats:
    """Return the outcome of each scenario at the horizon, in one future under one theory, (S,)."""
    place, future = divmod(piece, work.replicates)
    scenarios = work.scenarios[place]
    asked = Asked.of((work.outcome,), [scenarios[0].months])
    pasts = Pasts()
    found = np.empty(len(scenarios))
    for at in side_by_side(scenarios)[0]:
        model = CollectiveImpactModel(
            scenarios[at], work.seed + future, pasts=pasts, observe=asked
        ).run()
        found[at] = model.recorder.values((work.outcome,))[work.outcome][-1, -1]
        let_go(model, scenarios)
    return found


def _called(work: _Work, every: Sequence[Theory | None], piece: int) -> Called:
    """Return what a piece is called, and its seed."""
    place, future = divmod(piece, work.replicates)
    theory = every[place]
    return Called(
        f"{'as it is' if theory is None else theory.words}, future {future}", work.seed + future
    )


def _failed(
    work: _Work,
    scenarios: Sequence[Scenario],
    every: Sequence[Theory | None],
    faults: Sequence[tuple[int, str]],
) -> tuple[Quarantined, ...]:
    """Return what is quarantined, with the line that lives its future under its theory again."""
    given = expression_of(scenarios) if faults else ""
    found = []
    for piece, reason in faults:
        theory = every[piece // work.replicates]
        choice = "" if theory is None else f", {theory.choice!r}, {theory.name!r}"
        called = _called(work, every, piece)
        line = (
            f"import cisim.lab.rivals; [cisim.CollectiveImpactModel(one, seed={called.seed}).run() "
            f"for one in cisim.lab.rivals.under({given}{choice})]"
        )
        found.append(Quarantined(called.which, reason, line))
    return tuple(found)


def _keys(work: _Work) -> list[str]:
    origins = [
        key_of({"rivals": work.outcome, "scenarios": [one.resolved() for one in some]}, THROUGH)
        for some in work.scenarios
    ]
    return [
        key_of({"future": origin, "seed": work.seed + future})
        for origin in origins
        for future in range(work.replicates)
    ]
