"""What a search has found: the front, how it does on beliefs it never saw, and what that means."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.lab.optimise.beliefs import Beliefs
from cisim.lab.optimise.budget import CENT, Budget, Who
from cisim.lab.optimise.goals import Reached
from cisim.lab.optimise.levers import Lever, Value
from cisim.lab.resume import Quarantined
from cisim.lab.robust import REFERENCE
from cisim.model.state import Floats
from cisim.world.pictured import Pictured
from cisim.world.scenario import Scenario

HIGH, LOW = 0.95, 0.05
WANTED = {
    "effect": "more wellbeing",
    "spent": "less money spent",
    "cost": "less money of all outside",
    "gap": "a narrower gap",
    "harm": "harm in fewer beliefs",
}
"""Goals in words."""
_BILL = ["candidate", "payer", "year", "mean", "most"]
KNEE = "the knee: from here on money brings less"


class Tried(NamedTuple):
    """A candidate that was tried.

    values  : of each lever
    reached : on the beliefs of the search; None where it cannot be, or a run has failed
    why     : why not
    """

    values: tuple[Value, ...]
    reached: Reached | None
    why: str = ""

    @property
    def keeps(self) -> bool:
        """Return whether it keeps the budget in every year of every run."""
        return self.reached is not None and self.reached.excess <= CENT


class Chosen(NamedTuple):
    """A candidate of the front that is written as a file, and why."""

    at: int
    why: str


class Worth(NamedTuple):
    """What one lever of the best candidate does: its value, the other that was tried, and how much
    more effect it has than the other, with the 90 % interval of the mean over unseen beliefs."""

    lever: str
    value: Value
    other: Value
    mean: float
    low: float
    high: float
    moves: bool


class Beside(NamedTuple):
    """What something that was not searched reaches: on the beliefs of the search, and on unseen."""

    seen: Reached | None
    unseen: Reached | None


@dataclass(frozen=True, eq=False)
class Optimised(Pictured):
    """The best uses of a budget that were found.

    tried      : every candidate, in the order in which they were tried
    front      : places in `tried` of those that no other is better than in all goals
    again      : what those told again reach on unseen beliefs, by place
    without    : what no backbone reaches; None if nothing was run
    own        : what the scenario as it is reaches; None where that is without a backbone itself
    chosen     : at most five of the front
    worth      : what each lever of the first of them does
    whole      : whether every candidate there is was tried
    manifest   : of what was written; None without a folder
    """

    scenario: Scenario
    levers: tuple[Lever, ...]
    budget: Budget
    who: tuple[Who, ...]
    payer: str
    goals: tuple[str, ...]
    beliefs: Beliefs
    years: tuple[str, ...]
    evaluations: int
    tried: tuple[Tried, ...] = ()
    front: tuple[int, ...] = ()
    again: Mapping[int, Reached] = field(default_factory=dict)
    without: Beside | None = None
    own: Beside | None = None
    chosen: tuple[Chosen, ...] = ()
    worth: tuple[Worth, ...] = ()
    whole: bool = False
    failed: tuple[Quarantined, ...] = ()
    incomplete: bool = False
    manifest: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Return it in one line."""
        stopped = ", stopped" if self.incomplete else ""
        return (
            f"Optimised({self.scenario.name!r}, {self.limits()}: {len(self.tried):,} tried, "
            f"{len(self.front):,} on the front{stopped})"
        )

    def words(self, at: int) -> str:
        """Return what a candidate is in words."""
        return in_words(self.levers, self.tried[at].values, self.payer, self.scenario)

    def number(self, at: int) -> str:
        """Return under which number a candidate is written, "" if it is not."""
        return next((f"{k}" for k, one in enumerate(self.chosen, 1) if one.at == at), "")

    def table(self) -> pd.DataFrame:
        """Return a row for no backbone, the scenario itself, and each candidate of the front.

        who          : "no backbone", the scenario's name, or the candidate's place in the search
        file         : number of the file of a chosen one
        told         : whether it was told again on unseen beliefs
        keeps        : whether it keeps the budget in every year of every run, seen and unseen
        spent, cost  : money a year of those whom the budget is for, and of all; means, unseen
        effect, low, high : mean over unseen beliefs and its 90 % interval
        effect_q05, effect_q95 : between which nine of ten unseen beliefs lie
        gap, harm    : on unseen beliefs
        search_…     : the same on the beliefs of the search
        then a column for each lever
        """
        beside = ((REFERENCE, self.without), (self.scenario.name, self.own))
        rows = [self._row(who, "", *one, {}) for who, one in beside if one is not None]
        for at in self.front:
            values = dict(zip((one.name for one in self.levers), self.tried[at].values,
                              strict=True))  # fmt: skip
            name = f"candidate {at + 1}"
            rows.append(
                self._row(name, self.number(at), self.tried[at].reached, self.again.get(at), values)
            )
        columns = [*COLUMNS, *(one.name for one in self.levers)]
        return pd.DataFrame(rows, columns=columns)

    def _row(
        self,
        who: str,
        number: str,
        seen: Reached | None,
        unseen: Reached | None,
        values: Mapping[str, Value],
    ) -> dict[str, Any]:
        nan = math.nan
        row: dict[str, Any] = {"who": who, "file": number, "told": unseen is not None}
        row["keeps"] = all(one.excess <= CENT for one in (seen, unseen) if one is not None)
        for name in ("spent", "cost", "gap", "harm"):
            row[name] = nan if unseen is None else unseen.goal(name)
            row[f"search_{name}"] = nan if seen is None else seen.goal(name)
        row["effect"], row["low"], row["high"] = (
            (nan, nan, nan) if unseen is None else unseen.interval("effect")
        )
        ends = (nan, nan) if unseen is None else np.quantile(unseen.effect, (LOW, HIGH)).tolist()
        row["effect_q05"], row["effect_q95"] = ends
        row["search_effect"] = nan if seen is None else seen.goal("effect")
        return row | dict(values)

    def candidates(self) -> pd.DataFrame:
        """Return a row for every candidate: what it reaches on the beliefs of the search."""
        rows = []
        front = set(self.front)
        for at, one in enumerate(self.tried):
            reached = one.reached
            row: dict[str, Any] = {"candidate": at + 1, "front": at in front, "keeps": one.keeps}
            for name in ("effect", "spent", "cost", "gap", "harm"):
                row[name] = math.nan if reached is None else reached.goal(name)
            row["most_above"] = math.nan if reached is None else reached.excess
            row["why"] = one.why
            names = (lever.name for lever in self.levers)
            rows.append(row | dict(zip(names, one.values, strict=True)))
        return pd.DataFrame(rows)

    def bill(self, at: int) -> pd.DataFrame:
        """Return who pays what in which year in a candidate, mean and most over the runs."""
        reached = self.again.get(at) or self.tried[at].reached
        rows = []
        if reached is not None:
            for q, who in enumerate(self.who):
                if reached.most[q].any():
                    for y, year in enumerate(self.years):
                        mean, most = float(reached.paid[q, y]), float(reached.most[q, y])
                        rows.append({"candidate": at + 1, "payer": who.name, "year": year,
                                     "mean": mean, "most": most})  # fmt: skip
        return pd.DataFrame(rows, columns=_BILL)

    def bills(self) -> pd.DataFrame:
        """Return the bills of all that are chosen."""
        if not self.chosen:
            return pd.DataFrame(columns=_BILL)
        return pd.concat([self.bill(one.at) for one in self.chosen], ignore_index=True)

    def levers_table(self) -> pd.DataFrame:
        """Return a row for each lever of the first of the chosen: see Worth."""
        return pd.DataFrame(self.worth, columns=list(Worth._fields))

    @property
    def best(self) -> int | None:
        """Return the first of the chosen, the one with most effect on unseen beliefs."""
        return self.chosen[0].at if self.chosen else None

    def alike(self, at: int) -> list[int]:
        """Return those of the front that unseen beliefs cannot tell from one in their effect."""
        mine = self.again[at].effect
        found = []
        for other, reached in self.again.items():
            if other != at and self.can_be_chosen(other):
                _, low, high = between(mine - reached.effect)
                if low <= 0.0 <= high:
                    found.append(other)
        return found

    def cheapest_alike(self, best: int) -> int:
        """Return the cheapest of one and those that cannot be told from it; of equals itself."""
        return min([best, *self.alike(best)], key=lambda at: round(self.again[at].goal("spent")))

    def can_be_chosen(self, at: int) -> bool:
        """Return whether it keeps the budget on both samples of beliefs."""
        return self.tried[at].keeps and self.again[at].excess <= CENT

    def sentences(self) -> list[str]:
        """Return the answer in sentences."""
        return list(self._told())

    def _told(self) -> Iterator[str]:
        adds = any(one.added is not None for one in self.levers)
        paid = f"; {self.payer} pays what is added unless it says otherwise" if adds else ""
        yield f"May be chosen: {_listed([f'{o.name} {o.told}' for o in self.levers])}{paid}."
        kept = sum(one.keeps for one in self.tried)
        what = "every one that there is" if self.whole else f"of {_grid(self.levers)}"
        yield (
            f"{_tried(len(self.tried))} ({what}), each in the same {len(self.beliefs.seen):,} "
            f"beliefs with the same luck; {kept:,} {'keeps' if kept == 1 else 'keep'} the budget "
            f"({self.limits()}) in every year of every run. Wanted: "
            f"{_listed([WANTED[goal] for goal in self.goals])}."
        )
        best = self.best
        if best is None:
            yield self._without_best()
            yield from self._faults()
            return
        yield from self._of_best(best)
        yield from self._of_others(best)
        yield from self._of_the_last_money(best)
        yield from self._of_scenario()
        yield from self._of_levers(best)
        yield from self._faults()

    def limits(self) -> str:
        """Return the budget in words."""
        said = []
        if self.budget.total is not None:
            said.append(f"{self.budget.total:,.0f} a year")
        said += [f"{money:,.0f} a year from {name}" for name, money in self.budget.payers.items()]
        return ", ".join(said)

    def _without_best(self) -> str:
        if self.incomplete:
            return "It was stopped before the front could be told."
        if not any(one.keeps for one in self.tried):
            return (
                "None of them keeps the budget, so nothing can be recommended; what the scenario "
                "itself pays is in it, too."
            )
        return "Nothing on the front keeps the budget on unseen beliefs, so nothing is chosen."

    def _of_best(self, best: int) -> Iterator[str]:
        reached, seen = self.again[best], self.tried[best].reached
        assert seen is not None
        mean, low, high = reached.interval("effect")
        ends = np.quantile(reached.effect, (LOW, HIGH))
        n = reached.effect.size
        yield (
            f"Most is gained by {self.words(best)}: {_points(mean)} points of wellbeing more than "
            f"without a backbone on {n:,} beliefs that the search never saw ({_interval(low, high)}"
            f" for the mean; nine beliefs of ten lie between {_points(ends[0])} and "
            f"{_points(ends[1])})."
        )
        yield (
            f"It spends {reached.goal('spent'):,.0f} a year{self._sponsors(reached)}, and "
            f"wellbeing is lower than without a backbone in {reached.harm:.0%} of these beliefs."
        )
        if low <= 0.0:
            yield "So it is not sure that anything here is better than no backbone."
        fell = seen.goal("effect") - mean
        if abs(fell) > 0.005 * max(abs(mean), 1e-12):
            less = "less" if fell > 0.0 else "more"
            yield (
                f"On the beliefs of the search it was {_points(seen.goal('effect'))}: unseen it is "
                f"{_points(abs(fell))} {less}. What is searched for on a sample looks better there "
                f"than it is, so only unseen figures are told."
            )

    def _sponsors(self, reached: Reached) -> str:
        beside = reached.goal("cost") - reached.goal("spent")
        if beside < 0.5:
            return ""
        return f" (sponsors give another {beside:,.0f} a year by their own rule)"

    def _of_others(self, best: int) -> Iterator[str]:
        others = [at for at in self.again if at != best and self.can_be_chosen(at)]
        if not others:
            return
        alike = self.alike(best)
        how = f"the {100 * LEVEL:g} % interval of the difference"
        mine = self.again[best].effect
        ahead = [at for at in others if between(self.again[at].effect - mine)[1] > 0.0]
        if ahead:
            top = max(ahead, key=lambda at: self.again[at].goal("effect"))
            yield (
                f"On the unseen beliefs {self.words(top)} surely does better "
                f"({_points(self.again[top].goal('effect'))} points; {how} is above 0): the search "
                f"saw too few beliefs to find that."
            )
        if not alike:
            if not ahead:
                yield (
                    f"All {len(others)} others that were told again are surely behind it in effect "
                    f"({how} lies below 0)."
                )
            return
        yield (
            f"Within noise nothing here is best: {len(alike)} of {len(others)} others that were "
            f"told again cannot be told from it in effect ({how} holds 0)."
        )
        cheapest = self.cheapest_alike(best)
        if cheapest != best:
            reached = self.again[cheapest]
            yield (
                f"The cheapest of these is {self.words(cheapest)}, at {reached.goal('spent'):,.0f} "
                f"a year for {_points(reached.goal('effect'))} points."
            )

    def _of_the_last_money(self, best: int) -> Iterator[str]:
        knee = next((one.at for one in self.chosen if one.why == KNEE), None)
        if knee is None:
            return
        here, there = self.again[knee], self.again[best]
        mean, low, high = between(there.effect - here.effect)
        more = there.goal("spent") - here.goal("spent")
        yield (
            f"At {here.goal('spent'):,.0f} a year there are {_points(here.goal('effect'))} points "
            f"already ({self.words(knee)}); the last {more:,.0f} bring {_points(mean)} more "
            f"({_interval(low, high)})."
        )

    def _of_scenario(self) -> Iterator[str]:
        seen, unseen = self.own or (None, None)
        if unseen is None or not unseen.spent.any():
            return
        both = [one for one in (seen, unseen) if one is not None]
        over = max(one.excess for one in both)
        keeps = "keeps the budget" if over <= CENT else (
            f"breaks the budget by up to {over:,.0f} in a year"
        )  # fmt: skip
        yield (
            f"{self.scenario.title} as it stands gains {_points(unseen.goal('effect'))} points for "
            f"{unseen.goal('spent'):,.0f} a year, and {keeps}."
        )

    def _of_levers(self, best: int) -> Iterator[str]:
        free = [one.lever for one in self.worth if not one.moves]
        if free:
            one = "It is" if len(free) == 1 else "They are"
            yield (
                f"{_listed(free)} made no difference to any run there. {one} left free: the value "
                f"in the table is one of many."
            )
        sure = [one for one in self.worth if one.low > 0.0]
        if sure:
            top = max(sure, key=lambda one: one.mean)
            yield (
                f"Most of it rests on {top.lever}: with {_value(top.other)} in place of "
                f"{_value(top.value)} it would be {_points(top.mean)} points less "
                f"({_interval(top.low, top.high)})."
            )

    def _faults(self) -> Iterator[str]:
        wrong = [one for one in self.tried if one.reached is None]
        if wrong:
            yield (
                f"{len(wrong):,} candidates could not be run and are left out; the first: "
                f"{wrong[0].why.rstrip('.')}."
            )


COLUMNS = (
    "who", "file", "told", "keeps", "spent", "cost", "effect", "low", "high", "effect_q05",
    "effect_q95", "gap", "harm", "search_spent", "search_cost", "search_effect", "search_gap",
    "search_harm",
)  # fmt: skip
"""Of `Optimised.table`, before the levers."""


def in_words(
    levers: tuple[Lever, ...], values: tuple[Value, ...], payer: str, scenario: Scenario
) -> str:
    """Return values of levers in words: "national post 0.8 FTE, regional post in Pirha .5 FTE"."""
    said = []
    by_post: dict[Any, dict[str, Value]] = {}
    for lever, value in zip(levers, values, strict=True):
        if lever.added is not None:
            by_post.setdefault(lever.added, {})[lever.field] = value
    for lever, value in zip(levers, values, strict=True):
        if lever.added is None:
            shown = scenario.calendar.label(int(value)) if lever.month else _value(value)
            said.append(f"{lever.name} = {shown}")
            continue
        if lever.field != "fte":
            continue
        mine = by_post[lever.added]
        start, end = int(mine.get("from", 0)), mine.get("until")
        if float(value) <= 0.0 or (end is not None and int(end) <= start):
            continue
        where, region = lever.added
        several = region is None and where != "national" and len(scenario.world.regions) > 1
        place = "in every region" if several else f"in {region}" if region is not None else ""
        words = ["local action" if where == "local-action" else f"{where} post", place,
                 f"{_value(value)} FTE"]  # fmt: skip
        if start > 0:
            words.append(f"from {scenario.calendar.label(start)}")
        if end is not None and int(end) < scenario.months:
            words.append(f"until {scenario.calendar.label(int(end))}")
        if "payer" in mine:
            words.append(f"paid by {mine['payer']}")
        said.append(" ".join(word for word in words if word))
    return ", ".join(said) or "nothing at all"


def between(values: Floats) -> tuple[float, float, float]:
    """Return a mean over beliefs and its 90 % interval."""
    mean, low, high, *_ = mean_interval(values, LEVEL)
    return float(mean), float(low), float(high)


def _tried(many: int) -> str:
    return "1 candidate was tried" if many == 1 else f"{many:,} candidates were tried"


def _grid(levers: tuple[Lever, ...]) -> str:
    many = math.prod(one.size for one in levers)
    return f"{many:,} on the grid" if many < 10**12 else f"about {float(many):.0e} on the grid"


def _points(value: float) -> str:
    return f"{value + 0.0:.2g}" if abs(value) < 10 else f"{value:.0f}"


def _interval(low: float, high: float) -> str:
    return f"{100 * LEVEL:g} % interval {_points(low)} to {_points(high)}"


def _value(value: Value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
