"""A goal in words, and how far some futures reach it.

    wellbeing_gain >= 0.5 in 90%                                  in so many futures, at the end
    member_share >= 0.3 at month 60                               on average over the futures, at
                                                                  2031-01 where a world has dates
    wellbeing_gain:missing-sponsor >= 0.5 in 90%                  of one scenario
    wellbeing_gain:national-and-regional - same-total >= 0        a difference, future by future

A share of futures has the interval of Clopper and Pearson (1934, Biometrika 26, 404-413), which
holds its level whatever the share is; a mean that of Student's t. Whether the goal holds is sure
where the interval lies on one side of what is asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cisim.lab.ensemble import LEVEL, mean_interval
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import Outcome, find_outcome
from cisim.model.state import Floats
from cisim.model.told import Named, Sentences
from cisim.world.calendar import UNDATED, Calendar

_GOAL = re.compile(
    r"\s*(?P<of>[^<>=≥≤]+?)\s*(?P<sign>>=|<=|≥|≤)\s*(?P<value>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"(?P<rest>\s.*|)"
)
_REST = re.compile(
    r"(?:\s+in\s+(?P<share>\d+\.?\d*|\.\d+)\s*%(?:\s+of\s+futures)?|"
    r"\s+at\s+(?:month\s+)?(?P<month>\d{4}-\d{2}|\d{1,9}))"
)
SAYS = Sentences(
    "goal",
    of="{what}, {here}",
    less="{what}, {here} less {there}",
    at_least="{what} of at least {value:g} {unit} on average, {when}",
    at_most="{what} of at most {value:g} {unit} on average, {when}",
    at_least_in="{what} of at least {value:g} {unit} in {share:.6g} % of futures, {when}",
    at_most_in="{what} of at most {value:g} {unit} in {share:.6g} % of futures, {when}",
    no_goal="--goal is {given}, which is no goal; right would be {right}.",
    no_outcome="--goal is {given}; with --until-order-turns allowed is an outcome and a month, as "
    '"wellbeing_gain at month 60".',
    undirected="--goal is {outcome}, of which neither more nor less is better.",
    no_scenario="--goal is {given}, and {wrong} is not one of the scenarios.{near} Right would be "
    "wellbeing_gain:{first} >= 0.5, or wellbeing_gain:{last} - {first} >= 0 for a difference.",
    only_scenario="--goal is {given}, and {wrong} is not one of the scenarios.{near} Right would "
    "be wellbeing_gain:{first} >= 0.5.",
    out_of_bounds="--goal asks for {outcome} of {given}; allowed is {low} to {high} ({unit}).",
    share="--goal asks for {given} % of futures; allowed is more than 0 % and at most 100 %.",
    month="--goal asks for month {given}; allowed is 0 to {last}.",
    months_field="--goal's month",
)
RIGHT = '"wellbeing_gain >= 0.5 in 90%"'
"""A goal that is right, for who has written another."""


@dataclass(frozen=True)
class Goal:
    """What is aimed at.

    at_least    : whether more than `value` is as good; else less is
    share       : of futures that must reach it, 0..1; None where their mean must
    month       : in which it is looked at; None for the horizon
    here, there : the scenario it is about, and the one it is compared with; "" for every scenario,
                  and for none
    """

    outcome: str
    at_least: bool
    value: float
    share: float | None = None
    month: int | None = None
    here: str = ""
    there: str = ""

    @property
    def declared(self) -> Outcome:
        """Return what is declared about its outcome."""
        return find_outcome(self.outcome)

    @property
    def target(self) -> float:
        """Return what the estimate must reach: the share of futures, or the value."""
        return self.value if self.share is None else self.share

    def words(self, when: str) -> str:
        """Return it in words; `when` is what its month is called."""
        what: str = Named(self.declared.title, "outcomes", self.outcome)
        if self.there:
            what = SAYS("less", what=what, here=self.here, there=self.there)
        elif self.here:
            what = SAYS("of", what=what, here=self.here)
        sign = "at_least" if self.at_least else "at_most"
        share = 0.0 if self.share is None else 100.0 * self.share
        return SAYS(
            sign if self.share is None else f"{sign}_in",
            what=what, value=self.value, unit=Named(self.declared.unit, "units"), share=share,
            when=when,
        )  # fmt: skip


class Reached(NamedTuple):
    """How far some futures reach a goal.

    n         : futures that were looked at
    estimate  : share of them that reach it, or their mean
    low, high : its interval, NaN where there is none
    holds     : whether the estimate is as it must be
    sure      : whether the whole interval is on the same side
    mean      : of the outcome, without futures in which it is undefined
    undefined : how many those are; they do not reach it
    """

    n: int
    estimate: float
    low: float
    high: float
    holds: bool
    sure: bool
    mean: float
    undefined: int


def read_goal(text: str, names: Sequence[str], horizon: int, calendar: Calendar = UNDATED) -> Goal:
    """Return the goal that a text means, of scenarios of these names.

    Raises InputError, with a goal that is right, if it is none.
    """
    found = _GOAL.fullmatch(text)
    parts = None if found is None else _parts(found["rest"])
    if found is None or parts is None:
        raise InputError(SAYS("no_goal", given=shown(text), right=RIGHT))
    name, here, there = _of(found["of"], names, text)
    goal = Goal(
        outcome=find_outcome(name).name,
        at_least=found["sign"] in (">=", "≥"),
        value=float(found["value"]),
        share=None if parts.get("share") is None else float(parts["share"]) / 100.0,
        month=_month(parts, calendar),
        here=here,
        there=there,
    )
    return _checked(goal, horizon)


def read_outcome(text: str, horizon: int, calendar: Calendar = UNDATED) -> Goal:
    """Return what the order of scenarios goes by: an outcome, and a month if one is given.

    Raises InputError if it is something else, or an outcome of which neither more nor less is
    better.
    """
    found = re.fullmatch(r"\s*(\w+)(?P<rest>\s.*|)", text)
    parts = None if found is None else _parts(found["rest"])
    if found is None or parts is None or "share" in parts:
        raise InputError(SAYS("no_outcome", given=shown(text)))
    outcome = find_outcome(found[1])
    if not outcome.better:
        raise InputError(SAYS("undirected", outcome=outcome.name))
    month = _month(parts, calendar)
    return _checked(Goal(outcome.name, outcome.better == "higher", 0.0, month=month), horizon)


def _month(parts: Mapping[str, str], calendar: Calendar) -> int | None:
    """Return the month of a goal: a number, or a date of the world."""
    said = parts.get("month")
    if said is None:
        return None
    return calendar.parse(said, SAYS("months_field")) if "-" in said else int(said)


def _parts(rest: str) -> dict[str, str] | None:
    """Return share and month of what follows a number; None if there is anything else."""
    parts: dict[str, str] = {}
    rest = rest.rstrip()
    while rest:
        found = _REST.match(rest)
        if found is None:
            return None
        new = {key: value for key, value in found.groupdict().items() if value is not None}
        if new.keys() & parts.keys():
            return None
        parts |= new
        rest = rest[found.end() :]
    return parts


def _of(text: str, names: Sequence[str], goal: str) -> tuple[str, str, str]:
    """Return outcome and scenarios of "outcome", "outcome:one" or "outcome:one - other"."""
    outcome, colon, which = (part.strip() for part in text.partition(":"))
    if not colon:
        return outcome, "", ""
    if which in names:
        return outcome, which, ""
    for found in re.finditer("[-−]", which):
        one, other = which[: found.start()].strip(), which[found.end() :].strip()
        if one in names and other in names and one != other:
            return outcome, one, other
    wrong = [part.strip() for part in re.split(r"\s+[-−]\s+", which)]
    bad = next((part for part in wrong if part not in names), which)
    raise InputError(
        SAYS("no_scenario" if len(names) > 1 else "only_scenario", given=shown(goal),
             wrong=shown(bad), near=nearest(bad, names), first=names[0], last=names[-1])
    )  # fmt: skip


def _checked(goal: Goal, horizon: int) -> Goal:
    low, high = goal.declared.bounds
    if not goal.there and not low <= goal.value <= high:
        unit = Named(goal.declared.unit, "units")
        value, least, most = (f"{one:g}" for one in (goal.value, low, high))
        raise InputError(
            SAYS("out_of_bounds", outcome=goal.outcome, given=value, low=least, high=most,
                 unit=unit)
        )  # fmt: skip
    if goal.share is not None and not 0.0 < goal.share <= 1.0:
        raise InputError(SAYS("share", given=f"{100.0 * goal.share:g}"))
    if goal.month is not None and goal.month > horizon:
        raise InputError(SAYS("month", given=goal.month, last=horizon))
    return goal


def reached(goal: Goal, values: Floats, level: float = LEVEL) -> Reached:
    """Return how far futures with these values of the outcome, (n,), reach a goal."""
    defined = np.isfinite(values)
    mean, low, high, *_ = (float(number) for number in mean_interval(values, level))
    n = int(values.size)
    estimate = mean
    if goal.share is not None:
        enough = values >= goal.value if goal.at_least else values <= goal.value
        hits = int(enough[defined].sum())
        estimate = hits / n if n else math.nan
        low, high = clopper_pearson(hits, n, level)
    at_least = goal.at_least or goal.share is not None
    holds = estimate >= goal.target if at_least else estimate <= goal.target
    if at_least:
        sure = low >= goal.target if holds else high < goal.target
    else:
        sure = high <= goal.target if holds else low > goal.target
    return Reached(n, estimate, low, high, holds, sure, mean, n - int(defined.sum()))


def clopper_pearson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a share of which `hits` of `n` were seen; NaN for n of 0."""
    from scipy.special import betaincinv

    if not n:
        return math.nan, math.nan
    tail = (1.0 - level) / 2.0
    low = float(betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, n - hits, 1.0 - tail)) if hits < n else 1.0
    return low, high


class Order(NamedTuple):
    """Which of some scenarios is best on average.

    best : its name; of equals the first
    sure : whether its mean difference from every other leaves 0 out, with its interval
    """

    best: str
    sure: bool


def order(goal: Goal, values: Mapping[str, Floats], level: float = LEVEL) -> Order:
    """Return which scenario is best by the mean of the goal's outcome, in shared futures.

    values : (n,) of each scenario, future by future; those undefined anywhere are left out
    """
    names = list(values)
    table = np.stack([values[name] for name in names])
    table = table[:, np.isfinite(table).all(axis=0)] * (1.0 if goal.at_least else -1.0)
    if not table.shape[1]:
        return Order(names[0], False)
    best = int(table.mean(axis=1).argmax())
    leads = [
        mean_interval(table[best] - row, level).low for k, row in enumerate(table) if k != best
    ]
    return Order(names[best], all(lead > 0.0 for lead in leads))
