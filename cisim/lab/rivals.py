"""Rival theories: does the order of structures hold if a rule of the model is put otherwise?

One theory at a time takes the place of ours, in all scenarios, in the same futures: the draws of a
future are addressed, so a rival meets the luck that ours has met, until what it changes changes
whom luck strikes. Numbers of a rival have the values that the scenarios give them, else those of
its authors. The order is that of the means at the horizon; beside it stands in how many futures
each scenario beats the next one of our order, as two means may stand in order by little.

Which theories there are follows from the parameters: every choice that is declared with
`cisim.model.quantity.theory` is one, whoever declares it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.compare import check_comparable, compare
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import mean_interval
from cisim.lab.executors import Executor, Progress, Say, whole_number
from cisim.lab.simulate import load_all
from cisim.model.input_error import InputError, shown
from cisim.model.limits import MOST_REPLICATES
from cisim.model.outcomes import find_outcome
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.world.policy import Function
from cisim.world.scenario import Scenario

FUTURES = 40
"""Each theory is tried in so many futures, unless told otherwise."""
WELLBEING = "wellbeing_gain"


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
        return f"{self.rule}: {self.name}"


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
    values   : (K, n, S) the outcome, NaN where a run failed
    futures  : how many were wanted
    incomplete : whether it was stopped before the end
    """

    names: tuple[str, ...]
    outcome: str
    theories: tuple[Theory | None, ...]
    values: np.ndarray
    futures: int
    incomplete: bool = False

    def __repr__(self) -> str:
        return f"<Rivals {', '.join(self.names)}: {len(self.theories) - 1} theories>"

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
    def holds(self) -> tuple[bool, ...]:
        """Return under which theories the order is that of the first, (K,)."""
        return tuple(self.order(place) == self.order() for place in range(len(self.theories)))

    def table(self) -> pd.DataFrame:
        """Return a row for each theory and scenario.

        rule, theory : which, "" for what the scenarios run with
        scenario, mean, low, high : its outcome with the 90 % interval of the mean
        rank         : 1 for the best
        holds        : whether the order of all is that of the first theory
        beats, of    : futures in which it is better than the next one in the first theory's order,
                       and futures that both have finished; of the last one NaN
        """
        first = self.order()
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
                        "holds": order == first,
                        "beats": beats,
                        "of": of,
                    }
                )
        return pd.DataFrame(rows)

    def sentence(self, titles: Mapping[str, str] | None = None) -> str:
        """Return whether the order holds under every theory, in one sentence.

        titles : what people call the scenarios, by name; left out, their names
        """
        called = titles or {}
        tried = len(self.theories) - 1
        if self.incomplete:
            return f"Interrupted after {tried} rival theories; whether the order holds is open."
        said = ", then ".join(called.get(name, name) for name in self.order())
        kept = sum(self.holds[1:])
        turned = [
            f"{theory.words} (there {', then '.join(called.get(n, n) for n in self.order(place))})"
            for place, theory in enumerate(self.theories)
            if theory is not None and not self.holds[place]
        ]
        if not turned:
            how = "under the one rival theory that was tried"
            if tried > 1:
                how = f"under each of {tried} rival theories, tried one at a time"
        else:
            how = f"under {kept} of {tried} rival theories, not under {'; '.join(turned)}"
        least, of, where = self._least(called)
        often = f"; the least clear step of it stands in {least} of {of} futures ({where})"
        return f"By {self.outcome} the order is {said}; it holds {how}{often if of else ''}."

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
                    under = "as it is" if theory is None else theory.words
                    ahead, behind = (called.get(one, one) for one in (name, after))
                    found = int(beats), of, f"{ahead} over {behind}, {under}"
        return found

    def _beats(self, place: int, order: Sequence[str], name: str) -> tuple[float, int]:
        at = order.index(name)
        if at == len(order) - 1:
            return math.nan, 0
        mine, next_ = (self.values[place, :, self.names.index(n)] for n in order[at : at + 2])
        both = np.isfinite(mine) & np.isfinite(next_)
        return float((self._sign * (mine - next_)[both] > 0.0).sum()), int(both.sum())

    @property
    def _sign(self) -> float:
        return -1.0 if find_outcome(self.outcome).better == "lower" else 1.0


def rivals(
    scenarios: Iterable[Scenario | str | os.PathLike[str]],
    replicates: int = FUTURES,
    workers: int | None = None,
    seed: int = 1,
    *,
    outcome: str = WELLBEING,
    months: int | None = None,
    policy: str | Function | None = None,
    policy_parameters: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Rivals:
    """Run scenarios in the same futures under each rival theory, one at a time beside ours.

    Arguments as in `cisim.compare`. A scenario that sets a theory keeps it as what is "ours" there.

    Raises InputError if something given is wrong.
    """
    loaded = load_all(scenarios, months, policy, policy_parameters, beside_itself=True)
    check_comparable(loaded)
    replicates = whole_number("replicates", replicates, 1, MOST_REPLICATES)
    if not find_outcome(outcome).better:
        raise InputError(f"outcome is {shown(outcome)}, of which neither more nor less is better.")
    tried: list[Theory | None] = [None, *rivals_of(loaded)]
    values: list[np.ndarray] = []
    incomplete = False
    for place, theory in enumerate(tried):
        before = place * replicates * len(loaded)

        def tell(now: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + now, len(tried) * replicates * len(loaded))

        changed = [
            one if theory is None else one.set({theory.choice: theory.name}) for one in loaded
        ]
        part = compare(
            changed, replicates, workers, seed, outcomes=[outcome], at=[loaded[0].months],
            progress=tell, say=say, executor=executor,
        )  # fmt: skip
        incomplete = part.incomplete
        if incomplete:
            break
        values.append(_at_the_horizon(part, outcome, replicates))
    return Rivals(
        tuple(one.name for one in loaded),
        outcome,
        tuple(tried[: len(values)]),
        np.array(values).reshape(len(values), replicates, len(loaded)),
        replicates,
        incomplete,
    )


def _at_the_horizon(part: Comparison, outcome: str, replicates: int) -> np.ndarray:
    """Return an outcome of each future and scenario, (n, S), NaN where a run failed."""
    found = np.full((replicates, len(part.names)), math.nan)
    for column, one in enumerate(part.ensembles.values()):
        found[one.replicates, column] = one.at(outcome)
    return found
