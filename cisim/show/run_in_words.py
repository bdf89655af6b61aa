"""What happened in one run, in a few plain sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cisim.model.state import Floats
from cisim.show.counted import after, label
from cisim.show.language.facts import fact
from cisim.show.language.forms import percent
from cisim.show.language.texts import say
from cisim.show.places_in_words import place
from cisim.show.tables import nothing, number
from cisim.world.calendar import Calendar
from cisim.world.scenario import Scenario

ASKED = (
    "members",
    "eligible",
    "joins_self",
    "joins_recruited",
    "leavers",
    "trust_eligible",
    "regional_staff",
    "national_staff",
    "partnership_active",
    "partnership_ended",
    "wellbeing_gain",
    "gap_primary",
    "service_forgone",
    "external_money_total",
)
"""The outcomes that the story is made of."""


def tell(scenario: Scenario, values: Mapping[str, Floats]) -> list[str]:
    """Return what happened, a sentence each.

    values : each outcome of ASKED as (months, R + 1), as Recorder.values returns them
    """
    seen = {name: values[name][:, -1] for name in ASKED}
    told = [
        *_events(scenario),
        _members(seen, scenario.calendar),
        _staff(seen),
        _standing(values, scenario.calendar),
        _trust(seen),
        _children(seen),
        _cost(seen),
    ]
    return [sentence for sentence in told if sentence]


def _events(scenario: Scenario) -> list[str]:
    return [
        f"{_upper(label(scenario.calendar, event.month))}"
        f"{f', {place(event.region)}' if event.region else ''}: "
        f"{fact('event_words', event.kind, event.words)}"
        for event in sorted(scenario.events, key=lambda event: event.month)
    ]


def _members(seen: dict[str, Floats], calendar: Calendar) -> str:
    members, eligible = seen["members"], seen["eligible"]
    if not eligible[0]:
        return say("run.nobody")
    joined = seen["joins_self"][-1] + seen["joins_recruited"][-1]
    return say(
        "run.members_drawn" if joined else "run.members",
        founded=members[0],
        eligible=eligible[0],
        joined=joined,
        own=percent(seen["joins_self"][-1] / joined) if joined else "",
        left=seen["leavers"][-1],
        members=members[-1],
        share=f" ({percent(members[-1] / eligible[-1])})" if eligible[-1] else "",
        after=after(members.size - 1, calendar),
    )


def _staff(seen: dict[str, Floats]) -> str:
    regional, national = (
        float(np.nanmean(seen[name])) if np.isfinite(seen[name]).any() else 0.0
        for name in ("regional_staff", "national_staff")
    )
    if regional < 0.005 and national < 0.005:
        return say("run.no_staff")
    fte = {
        where: number(staff, 2 if staff < 0.1 else 1)
        for staff, where in ((regional, "regional"), (national, "national"))
        if staff >= 0.005
    }
    where = "_".join(fte)
    return say(f"run.staff_{where}", **fte)


def _standing(values: Mapping[str, Floats], calendar: Calendar) -> str:
    active = values["partnership_active"][:, :-1] > 0
    ended = values["partnership_ended"][-1, :-1] > 0
    regions = active.shape[1]
    now, over = int(active[-1].sum()), int(ended.sum())
    if regions == 1:
        if not active.any():
            return say("run.never_active")
        last = int(np.flatnonzero(active[:, 0])[-1])
        if now:
            return say("run.active")
        return say("run.last_active", month=label(calendar, last))
    begun = int(active.any(axis=0).sum())
    some, at_end = say("run.begun", n=begun), say("run.now", n=now)
    return say("run.regions", regions=regions, begun=some, now=at_end, over=over)


def _trust(seen: dict[str, Floats]) -> str:
    first, last = seen["trust_eligible"][[0, -1]]
    if not (math.isfinite(first) and math.isfinite(last)):
        return ""
    before, after = number(first), number(last)
    if before == after:
        return say("run.trust_same", after=after)
    return say("run.trust_rose" if last > first else "run.trust_fell", before=before, after=after)


def _children(seen: dict[str, Floats]) -> str:
    gain, gap = seen["wellbeing_gain"][-1], seen["gap_primary"][-1]
    points = number(abs(gain))
    side = "same" if nothing(points) else "above" if gain > 0 else "below"
    text = say(f"run.children_{side}", points=points)
    if not math.isfinite(gap):
        return say("run.gap_none", text=text)
    apart = number(abs(gap))
    if nothing(apart):
        return say("run.gap_same", text=text)
    return say("run.gap_more" if gap > 0 else "run.gap_less", text=text, apart=apart)


def _cost(seen: dict[str, Floats]) -> str:
    forgone, money = seen["service_forgone"][-1], seen["external_money_total"][-1]
    time, paid = number(abs(forgone)), number(money, 2 if money < 0.1 else 1)
    how = "as_much" if nothing(time) else "forgo" if forgone > 0 else "more"
    text = say(f"run.cost_{how}", time=time)
    if nothing(paid):
        return say("run.money_none", text=text)
    return say("run.money", text=text, paid=paid)


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def describe(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Return what was run as plain values, for a heading or JSON."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "story": scenario.story,
        "world": scenario.world_name,
        "structure": scenario.structure_name,
        "months": scenario.months,
        **({"start": scenario.calendar.start} if scenario.calendar.dated else {}),
        "seed": seed,
        "changed": scenario.differs,
    }
