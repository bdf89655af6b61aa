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
from cisim.lab.optimise.levers import Added, Lever, Value
from cisim.lab.resume import Quarantined
from cisim.lab.robust import REFERENCE
from cisim.model.state import Floats
from cisim.model.told import Named, Sentences, Told, Written, and_listed, several
from cisim.world.called import month_called
from cisim.world.pictured import Pictured
from cisim.world.scenario import Scenario

SAYS = Sentences(
    "best_use",
    effect="more wellbeing",
    spent="less money spent",
    cost="less money of all outside",
    gap="a narrower gap",
    harm="harm in fewer beliefs",
    most_effect="most effect",
    cheapest_alike="the cheapest that cannot be told from the one with most",
    knee="the knee: from here on money brings less",
    least_harm="least harm",
    narrowest="narrows the gap most",
    least_money="the least money",
    failed="a run has failed",
    may="May be chosen: {levers}.",
    may_paid="May be chosen: {levers}; {payer} pays what is added unless it says otherwise.",
    lever="{name} {range}",
    tried={
        "one": "{n:,} candidate was tried ({grid}), each in the same {seen:,} beliefs with the "
        "same luck; {kept} ({limits}) in every year of every run. Wanted: {wanted}.",
        "other": "{n:,} candidates were tried ({grid}), each in the same {seen:,} beliefs with the "
        "same luck; {kept} ({limits}) in every year of every run. Wanted: {wanted}.",
    },
    kept={"one": "{n:,} keeps the budget", "other": "{n:,} keep the budget"},
    every_one="every one that there is",
    of_grid="of {many:,} on the grid",
    of_about="of about {many} on the grid",
    a_year="{money:,.0f} a year",
    a_year_from="{money:,.0f} a year from {payer}",
    stopped="It was stopped before the front could be told.",
    none_keeps="None of them keeps the budget, so nothing can be recommended; what the scenario "
    "itself pays is in it, too.",
    none_keeps_unseen="Nothing on the front keeps the budget on unseen beliefs, so nothing is "
    "chosen.",
    most="Most is gained by {what}: {points} points of wellbeing more than without a backbone on "
    "{beliefs:,} beliefs that the search never saw ({level:g} % interval {low} to {high} for the "
    "mean; nine beliefs of ten lie between {least} and {greatest}).",
    spends="It spends {money:,.0f} a year, and wellbeing is lower than without a backbone in "
    "{harm:.0%} of these beliefs.",
    spends_sponsors="It spends {money:,.0f} a year (sponsors give another {beside:,.0f} a year by "
    "their own rule), and wellbeing is lower than without a backbone in {harm:.0%} of these "
    "beliefs.",
    not_sure="So it is not sure that anything here is better than no backbone.",
    fell="On the beliefs of the search it was {seen}: unseen it is {apart} less. What is searched "
    "for on a sample looks better there than it is, so only unseen figures are told.",
    rose="On the beliefs of the search it was {seen}: unseen it is {apart} more. What is searched "
    "for on a sample looks better there than it is, so only unseen figures are told.",
    ahead="On the unseen beliefs {what} surely does better ({points} points; the {level:g} % "
    "interval of the difference is above 0): the search saw too few beliefs to find that.",
    all_behind="All {many} others that were told again are surely behind it in effect (the "
    "{level:g} % interval of the difference lies below 0).",
    alike="Within noise nothing here is best: {alike} of {many} others that were told again cannot "
    "be told from it in effect (the {level:g} % interval of the difference holds 0).",
    cheapest="The cheapest of these is {what}, at {money:,.0f} a year for {points} points.",
    last_money="At {money:,.0f} a year there are {points} points already ({what}); the last "
    "{more:,.0f} bring {gain} more ({level:g} % interval {low} to {high}).",
    as_it_stands="{title} as it stands gains {points} points for {money:,.0f} a year, and keeps "
    "the budget.",
    as_it_stands_over="{title} as it stands gains {points} points for {money:,.0f} a year, and "
    "breaks the budget by up to {over:,.0f} in a year.",
    free={
        "one": "{levers} made no difference to any run there. It is left free: the value in the "
        "table is one of many.",
        "other": "{levers} made no difference to any run there. They are left free: the value in "
        "the table is one of many.",
    },
    rests="Most of it rests on {lever}: with {other} in place of {value} it would be {points} "
    "points less ({level:g} % interval {low} to {high}).",
    wrong="{many:,} candidates could not be run and are left out; the first: {why}.",
    nothing="nothing at all",
    is_="{name} = {value}",
    national="national post",
    regional="regional post",
    academic="academic post",
    local_action="local action",
    post="{post} {fte} FTE",
    post_everywhere="{post} in every region {fte} FTE",
    post_in="{post} in {region} {fte} FTE",
    with_dates="{post} ({when})",
    from_="from {when}",
    until="until {when}",
    paid="paid by {payer}",
    title="{scenario}: {why} ({number})",
    story="{what}. Chosen by cisim optimise: {why}; {points} points more than without a backbone "
    "for {money:,.0f} a year, on beliefs that the search never saw.",
)
HIGH, LOW = 0.95, 0.05
CANDIDATE = "candidate "
"""With its place in the search, who a row of the front is."""
_BILL = ["candidate", "payer", "year", "mean", "most"]


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
            name = f"{CANDIDATE}{at + 1}"
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
        levers = and_listed([SAYS("lever", name=o.name, range=o.told) for o in self.levers])
        if any(one.added is not None for one in self.levers):
            yield SAYS("may_paid", levers=levers, payer=payer_called(self.payer))
        else:
            yield SAYS("may", levers=levers)
        yield SAYS(
            "tried",
            n=len(self.tried),
            grid=SAYS("every_one") if self.whole else _grid(self.levers),
            seen=len(self.beliefs.seen),
            kept=SAYS("kept", n=sum(one.keeps for one in self.tried)),
            limits=self.limits(),
            wanted=and_listed([SAYS(goal) for goal in self.goals]),
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
        said: list[str] = []
        if self.budget.total is not None:
            said.append(SAYS("a_year", money=self.budget.total))
        said += [
            SAYS("a_year_from", money=money, payer=payer_called(name))
            for name, money in self.budget.payers.items()
        ]
        return several(said)

    def _without_best(self) -> str:
        if self.incomplete:
            return SAYS("stopped")
        if not any(one.keeps for one in self.tried):
            return SAYS("none_keeps")
        return SAYS("none_keeps_unseen")

    def _of_best(self, best: int) -> Iterator[str]:
        reached, seen = self.again[best], self.tried[best].reached
        assert seen is not None
        mean, low, high = reached.interval("effect")
        ends = np.quantile(reached.effect, (LOW, HIGH))
        yield SAYS(
            "most",
            what=self.words(best),
            points=_points(mean),
            beliefs=reached.effect.size,
            **_interval(low, high),
            least=_points(ends[0]),
            greatest=_points(ends[1]),
        )
        money, beside = reached.goal("spent"), reached.goal("cost") - reached.goal("spent")
        if beside < 0.5:
            yield SAYS("spends", money=money, harm=reached.harm)
        else:
            yield SAYS("spends_sponsors", money=money, beside=beside, harm=reached.harm)
        if low <= 0.0:
            yield SAYS("not_sure")
        fell = seen.goal("effect") - mean
        if abs(fell) > 0.005 * max(abs(mean), 1e-12):
            way = "fell" if fell > 0.0 else "rose"
            yield SAYS(way, seen=_points(seen.goal("effect")), apart=_points(abs(fell)))

    def _of_others(self, best: int) -> Iterator[str]:
        others = [at for at in self.again if at != best and self.can_be_chosen(at)]
        if not others:
            return
        alike = self.alike(best)
        level = 100 * LEVEL
        mine = self.again[best].effect
        ahead = [at for at in others if between(self.again[at].effect - mine)[1] > 0.0]
        if ahead:
            top = max(ahead, key=lambda at: self.again[at].goal("effect"))
            points = _points(self.again[top].goal("effect"))
            yield SAYS("ahead", what=self.words(top), points=points, level=level)
        if not alike:
            if not ahead:
                yield SAYS("all_behind", many=len(others), level=level)
            return
        yield SAYS("alike", alike=len(alike), many=len(others), level=level)
        cheapest = self.cheapest_alike(best)
        if cheapest != best:
            reached = self.again[cheapest]
            yield SAYS(
                "cheapest",
                what=self.words(cheapest),
                money=reached.goal("spent"),
                points=_points(reached.goal("effect")),
            )

    def _of_the_last_money(self, best: int) -> Iterator[str]:
        knee = next((one.at for one in self.chosen if one.why == SAYS("knee")), None)
        if knee is None:
            return
        here, there = self.again[knee], self.again[best]
        mean, low, high = between(there.effect - here.effect)
        yield SAYS(
            "last_money",
            money=here.goal("spent"),
            points=_points(here.goal("effect")),
            what=self.words(knee),
            more=there.goal("spent") - here.goal("spent"),
            gain=_points(mean),
            **_interval(low, high),
        )

    def _of_scenario(self) -> Iterator[str]:
        seen, unseen = self.own or (None, None)
        if unseen is None or not unseen.spent.any():
            return
        over = max(one.excess for one in (seen, unseen) if one is not None)
        said: dict[str, Any] = {
            "title": Named(self.scenario.title, "scenario_title", self.scenario.name),
            "points": _points(unseen.goal("effect")),
            "money": unseen.goal("spent"),
        }
        if over <= CENT:
            yield SAYS("as_it_stands", **said)
        else:
            yield SAYS("as_it_stands_over", **said, over=over)

    def _of_levers(self, best: int) -> Iterator[str]:
        free = [one.lever for one in self.worth if not one.moves]
        if free:
            yield SAYS("free", n=len(free), levers=and_listed(free))
        sure = [one for one in self.worth if one.low > 0.0]
        if sure:
            top = max(sure, key=lambda one: one.mean)
            yield SAYS(
                "rests",
                lever=top.lever,
                other=_value(top.other),
                value=_value(top.value),
                points=_points(top.mean),
                **_interval(top.low, top.high),
            )

    def _faults(self) -> Iterator[str]:
        wrong = [one for one in self.tried if one.reached is None]
        if wrong:
            yield SAYS("wrong", many=len(wrong), why=_unended(wrong[0].why))


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
    said: list[str] = []
    by_post: dict[Any, dict[str, Value]] = {}
    for lever, value in zip(levers, values, strict=True):
        if lever.added is not None:
            by_post.setdefault(lever.added, {})[lever.field] = value
    for lever, value in zip(levers, values, strict=True):
        if lever.added is None:
            month = lever.month
            shown = month_called(scenario.calendar, int(value)) if month else _value(value)
            said.append(SAYS("is_", name=lever.name, value=shown))
        elif lever.field == "fte":
            said += _post(lever.added, by_post[lever.added], scenario)
    return several(said) if said else SAYS("nothing")


def _post(added: Added, mine: Mapping[str, Value], scenario: Scenario) -> list[str]:
    """Return a post in words, nothing where there is none."""
    fte, start, end = mine["fte"], int(mine.get("from", 0)), mine.get("until")
    if float(fte) <= 0.0 or (end is not None and int(end) <= start):
        return []
    where, region = added
    post, much = SAYS(where.replace("-", "_")), _value(fte)
    if region is not None:
        said = SAYS("post_in", post=post, region=Named(region, "places"), fte=much)
    elif where != "national" and len(scenario.world.regions) > 1:
        said = SAYS("post_everywhere", post=post, fte=much)
    else:
        said = SAYS("post", post=post, fte=much)
    more = []
    if start > 0:
        more.append(SAYS("from_", when=month_called(scenario.calendar, start)))
    if end is not None and int(end) < scenario.months:
        more.append(SAYS("until", when=month_called(scenario.calendar, int(end))))
    if "payer" in mine:
        more.append(SAYS("paid", payer=payer_called(str(mine["payer"]))))
    return [SAYS("with_dates", post=said, when=several(more)) if more else said]


def payer_called(name: str) -> str:
    """Return what a payer is called, which another language has words of its own for."""
    return Named(name, "payers")


def between(values: Floats) -> tuple[float, float, float]:
    """Return a mean over beliefs and its 90 % interval."""
    mean, low, high, *_ = mean_interval(values, LEVEL)
    return float(mean), float(low), float(high)


def _grid(levers: tuple[Lever, ...]) -> Told:
    many = math.prod(one.size for one in levers)
    return SAYS("of_grid", many=many) if many < 10**12 else SAYS("of_about", many=f"{many:.0e}")


def _points(value: float) -> str:
    return Written(f"{value + 0.0:.2g}" if abs(value) < 10 else f"{value:.0f}")


def _interval(low: float, high: float) -> dict[str, Any]:
    return {"level": 100 * LEVEL, "low": _points(low), "high": _points(high)}


def _value(value: Value) -> str:
    return Written(f"{value:.6g}") if isinstance(value, float) else str(value)


def _unended(why: str) -> str:
    return why if isinstance(why, Told) else why.rstrip(".")
