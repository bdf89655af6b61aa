"""Why: what moved an outcome up to the month that is looked at, in the page's words.

What it is comes from cisim.lab.attribution.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cisim.lab.attribution import EXPLAINED, attribute
from cisim.lab.causes import cause_words
from cisim.lab.ensemble import OVERALL
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import Reading
from cisim.show.counted import label as dated
from cisim.show.counted import span
from cisim.show.language.facts import OUTCOMES, fact
from cisim.show.page.address.look import Look, branch_of
from cisim.show.page.words import say
from cisim.world.calendar import Calendar
from cisim.world.scenario import Scenario

YEAR = 12
SPANS = (YEAR, 1)
"""Months that a change is explained over."""
MOST = 7
"""Rows that are shown; what is left is one more."""


@dataclass(frozen=True)
class Question:
    """What a visitor wants explained.

    outcome : one of EXPLAINED, "" for what fits the charts
    months  : over how many, one of SPANS
    branch  : on the branch, where there is one
    """

    outcome: str = ""
    months: int = YEAR
    branch: bool = False

    def after(self, message: Mapping[str, Any]) -> Question:
        """Return the question after what a visitor did; itself if that means nothing here."""
        what, value = message.get("do"), message.get("value")
        if what == "why-outcome" and value in EXPLAINED:
            return replace(self, outcome=str(value))
        if what == "why-months" and value in SPANS:
            return replace(self, months=int(str(value)))
        if what == "why-branch":
            return replace(self, branch=value is True)
        return self


def explained(question: Question, shown: str) -> str:
    """Return the outcome that is explained while the charts show one."""
    if question.outcome:
        return question.outcome
    if shown in EXPLAINED:
        return shown
    return "trust_eligible" if OUTCOMES[shown].group == "trust" else "joint_activity"


def choices(question: Question, look: Look) -> dict[str, Any]:
    """Return what can be chosen and what is, and why this is explained if the charts differ."""
    outcome = explained(question, look.outcome)
    there = branch_of(look) is not None
    note = ""
    if outcome != look.outcome and not question.outcome:
        wellbeing = OUTCOMES[look.outcome].group == "wellbeing"
        title, what = outcome_shown(look.outcome).title, say(f"why.of.{outcome}")
        note = say("why.follows" if wellbeing else "why.instead", outcome=title, what=what)
    return {
        "outcomes": [(name, _capital(say(f"why.of.{name}"))) for name in EXPLAINED],
        "outcome": outcome,
        "spans": [(months, say(f"why.over.{months}")) for months in SPANS],
        "months": question.months,
        "branch": (question.branch if there else None),
        "note": note,
    }


def view(
    scenario: Scenario, seed: int, outcome: str, region: str, month: int, months: int = YEAR
) -> dict[str, Any]:
    """Return what moved an outcome as the page shows it, the largest first.

    size : of a bar, -1 to 1
    """
    what = say(f"why.of.{outcome}") if region == OVERALL else say(
        "why.in", what=say(f"why.of.{outcome}"), region=region
    )  # fmt: skip
    first = max(0, month - months)
    found = parts(scenario, seed, outcome, region, first, month)
    if not found:
        key = "nothing" if month else "start"
        return {"words": [say(f"why.{key}", what=_capital(what))], "rows": []}
    total = sum(found.values())
    how = _written([*found.values(), total])
    each = sorted(found.items(), key=lambda pair: -abs(pair[1]))
    told = [pair for pair in each if how.signed(pair[1]).strip("0.,+−")]
    if len(told) > MOST + 1 or len(told) < len(each):
        told = told[:MOST]
    rows = [(_label(name), part) for name, part in told]
    if len(told) < len(each):
        left = each[len(told) :]
        rest = sum(part for _, part in left)
        rows.append((say("why.others", count=len(left)), rest))
    largest = max(abs(part) for _, part in rows) or 1.0
    return {
        "words": [
            _sentence(what, total, first, month, how, scenario.calendar), *_most(told, how)
        ],
        "origin": say("why.origin", seed=seed),
        "heads": [say("why.cause"), say("why.change", span=span(month - first))],
        "rows": [
            {"name": name, "value": how.signed(part), "size": part / largest}
            for name, part in rows
        ],
        "total": [say("why.total"), how.signed(total)],
    }  # fmt: skip


def parts(
    scenario: Scenario, seed: int, outcome: str, region: str, since: int, until: int
) -> dict[str, float]:
    """Return what moved an outcome between two months, by cause, the largest first."""
    told = attribute(scenario, outcome, since, until, seed=seed, region=region)
    by_cause = told.groupby("cause", sort=False)["part"].sum()
    return {str(cause): float(part) for cause, part in by_cause.items()}


def _written(values: Sequence[float]) -> Reading:
    """Return how parts are written: as charts do, without powers of ten."""
    extent = max(max(values), 0.0) - min(min(values), 0.0)
    return Reading("", False, 0, min(7, max(2, 2 - math.floor(math.log10(extent / 0.3)))))


def _sentence(
    what: str, total: float, first: int, month: int, how: Reading, calendar: Calendar
) -> str:
    text = how.number(abs(total))
    key = "rose" if total > 0.0 else "fell"
    when = say("why.when.first", span=span(month))
    if first:
        when = say(f"why.when.{month - first}", month=dated(calendar, month))
    if not text.strip("0.,"):
        return say("why.stayed", what=_capital(what), when=when)
    return say(f"why.{key}", what=_capital(what), change=text, when=when)


def _most(parts: Sequence[tuple[str, float]], how: Reading) -> list[str]:
    """Return a sentence each on the largest gain and the largest loss."""
    said = []
    for key, sign in (("gain", 1.0), ("loss", -1.0)):
        of_sign = [pair for pair in parts if pair[1] * sign > 0.0]
        if of_sign:
            name, part = of_sign[0]
            label = _label(name)
            label = label[:1].lower() + label[1:]
            said.append(say(f"why.{key}", cause=label, part=how.signed(part)))
    return said


def _label(cause: str) -> str:
    """Return what a cause is called; events as the page calls them elsewhere."""
    kind, _, name = cause.partition(".")
    if kind == "event":
        return say("why.event", event=say(f"event_kinds.{name}"))
    return fact("causes", cause, cause_words(cause))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
