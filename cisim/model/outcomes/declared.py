"""What an outcome is: a declaration, and a function of the sums over all months at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from cisim.model.input_error import InputError, nearest
from cisim.model.outcomes.sums import HOLDERS, K, Seen
from cisim.model.state import Flags, Floats
from cisim.model.told import Sentences

SAYS = Sentences("outcome", unknown="{name} is not an outcome.{near}")

Better = Literal["higher", "lower", ""]
Group = Literal[
    "membership",
    "meetings",
    "trust",
    "network",
    "agenda",
    "capacity",
    "sponsors",
    "activity",
    "wellbeing",
    "value",
    "components",
    "functions",
    "status",
]

GROUPS: dict[Group, str] = {
    "membership": "Who takes part",
    "meetings": "Who meets",
    "trust": "Trust and faith kept",
    "network": "The network of members",
    "agenda": "What the work is about",
    "capacity": "Commitment, know-how and staff",
    "sponsors": "Sponsors and mandates",
    "activity": "Joint and everyday activity",
    "wellbeing": "Children's wellbeing",
    "value": "Time and money",
    "components": "The seven components",
    "functions": "Functions of integrative leadership",
    "status": "How the partnership stands",
}
"""Every group of outcomes and what it is about."""


INFINITE = float("inf")
ANY = (-INFINITE, INFINITE)
POSITIVE = (0.0, INFINITE)
LEVEL = (0.0, 1.0)
ALL_MONTHS = 1 << 40
"""As many months before as there are."""


@dataclass(frozen=True)
class Form:
    """How the values of an outcome are written.

    unit   : of the values themselves, as tables and files have them
    bounds : what values cannot leave, unless the outcome says otherwise
    factor : what they are multiplied by for people
    shown  : the unit for people; None for that of the outcome
    apart  : the unit of a difference; None for that of the outcome
    bare   : whether a number in a sentence stands without its unit
    step   : by which a goal is set, in the unit of the values
    """

    unit: str
    bounds: tuple[float, float]
    factor: float = 1.0
    shown: str | None = None
    apart: str | None = None
    bare: bool = False
    step: float = 0.01


FORMS: dict[str, Form] = {
    "number": Form("", POSITIVE),
    "level": Form("0..1", LEVEL, bare=True),
    "percent": Form("0..1", LEVEL, factor=100.0, shown="%", apart="percentage points"),
    "points": Form("points of 100", (-100.0, 100.0), step=0.1),
    "yes or no": Form("0 or 1", LEVEL, bare=True),
}
"""Every form of an outcome. A number has a unit of its own."""


@dataclass(frozen=True)
class Outcome:
    """A number that is observed on the state: what it is called, means, and may be.

    title    : for people, at most a line
    words    : one plain sentence
    form     : a key of FORMS
    unit     : in words for people
    better   : "higher", "lower", or "" where neither is better
    bounds   : what it cannot leave; infinite where nothing bounds it
    goal     : a round number to start from, nobody's target; None where there is none
    menu     : whether the page offers it
    headline : whether summaries show it first
    group    : a key of GROUPS
    before   : the sums that it takes from months before its own, and from how many of them; it
               is the same whether other months were observed or not
    """

    name: str
    title: str
    words: str
    form: str
    unit: str
    better: Better
    bounds: tuple[float, float]
    goal: float | None
    menu: bool
    headline: bool
    group: Group
    before: Mapping[str, int]
    function: Callable[[Seen], Floats]

    def __call__(self, seen: Seen) -> Floats:
        """Return (months, R + 1): regions, then overall."""
        with quiet():
            return self.of(seen)

    def of(self, seen: Seen) -> Floats:
        """Return what calling it does; for whoever is within `quiet()` already."""
        return np.ascontiguousarray(self.function(seen), np.float64)

    @cached_property
    def sums(self) -> tuple[str, ...]:
        """Return the sums that it is made of: those that its function looks at."""
        watched = Watched()
        self(watched)
        return tuple(watched.names)


def quiet() -> np.errstate:
    """Return the context in which NumPy is silent about what is divided by 0 or unknown."""
    return np.errstate(divide="ignore", invalid="ignore")


class Watched(Seen):
    """Sums of two months and two regions that note which of them are looked at.

    Everybody carries every function, so that all are noted that may be looked at.
    """

    def __init__(self) -> None:
        super().__init__(np.ones((2, 3, len(K))))
        self.names: dict[str, None] = {}

    def __getattr__(self, name: str) -> Floats:
        found = super().__getattr__(name)
        self.names[name] = None
        return found

    def held(self, function: str) -> tuple[str, ...]:
        """Return everybody who may carry a function."""
        return HOLDERS


OUTCOMES: dict[str, Outcome] = {}
"""Every outcome by name: group by group, in each as declared."""


def outcome(
    *,
    title: str,
    words: str,
    group: Group,
    form: str = "number",
    unit: str = "",
    better: Better = "",
    bounds: tuple[float, float] | None = None,
    goal: float | None = None,
    menu: bool = False,
    headline: bool = False,
    before: Mapping[str, int] | None = None,
    name: str = "",
) -> Callable[[Callable[[Seen], Floats]], Callable[[Seen], Floats]]:
    """Declare a function of the sums as an outcome under its own name, or `name` if given.

    See Outcome. Unit and bounds are those of the form unless they are given. Everything that shows
    outcomes derives from here: page, report, files, `cisim list outcomes` and the ODD.
    """
    how = FORMS[form]

    def declare(function: Callable[[Seen], Floats]) -> Callable[[Seen], Floats]:
        own = name or function.__name__
        if own in OUTCOMES:
            raise ValueError(f"the outcome {own} is declared twice")
        OUTCOMES[own] = Outcome(
            name=own,
            title=title,
            words=words,
            form=form,
            unit=unit or how.unit,
            better=better,
            bounds=how.bounds if bounds is None else bounds,
            goal=goal,
            menu=menu,
            headline=headline,
            group=group,
            before=before or {},
            function=function,
        )
        groups = list(GROUPS)
        ordered = sorted(OUTCOMES.items(), key=lambda item: groups.index(item[1].group))
        OUTCOMES.clear()
        OUTCOMES.update(ordered)
        return function

    return declare


def find_outcome(name: str) -> Outcome:
    """Return the outcome of that name; raises InputError with the nearest name."""
    if name not in OUTCOMES:
        raise InputError(SAYS("unknown", name=name, near=nearest(name, OUTCOMES)))
    return OUTCOMES[name]


def ratio(total: Floats, count: Floats) -> Floats:
    """Return total / count, NaN where the count is 0."""
    return total / np.where(count == 0.0, np.nan, count)


def known(level: Floats) -> Floats:
    """Return a level, 0 where there is nobody to have it."""
    return np.where(np.isnan(level), 0.0, level)


def a_month_before(sums: Floats) -> Floats:
    """Return the sums as they stood when the month began; month 0 as it stands."""
    return np.concatenate([sums[:1], sums[:-1]])


def mean_over_regions(regional: Floats, weight: Floats) -> Floats:
    """Return (months, R + 1): the regions' values and their mean, weighted, without the NaN."""
    unknown = np.isnan(regional)
    weight = np.where(unknown, 0.0, weight)
    total = (weight * np.where(unknown, 0.0, regional)).sum(axis=1)
    return np.column_stack([regional, ratio(total, weight.sum(axis=1))])


def share_of_regions(regional: Flags) -> Floats:
    """Return (months, R + 1): 1 where it is so, and the share of regions."""
    return mean_over_regions(regional.astype(np.float64), np.ones(regional.shape))


def within_window(flow: Floats, months: int) -> Floats:
    """Return the sums of a flow over this and the months before it, `months` in all."""
    total = flow.copy()
    for back in range(1, min(months, flow.shape[0])):
        total[back:] += flow[:-back]
    return total
