"""What happened in one run, in a few plain sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cisim.model.state import Floats
from cisim.show.counted import after
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
        f"{scenario.calendar.label(event.month).capitalize()}"
        f"{f', {event.region}' if event.region else ''}: {event.words}"
        for event in sorted(scenario.events, key=lambda event: event.month)
    ]


def _members(seen: dict[str, Floats], calendar: Calendar) -> str:
    members, eligible = seen["members"], seen["eligible"]
    if not eligible[0]:
        return "No organisation may take part."
    joined = seen["joins_self"][-1] + seen["joins_recruited"][-1]
    share = f" ({members[-1] / eligible[-1]:.0%})" if eligible[-1] else ""
    drawn = f", {seen['joins_self'][-1] / joined:.0%} of them on their own" if joined else ""
    return (
        f"{members[0]:,.0f} of {eligible[0]:,.0f} organisations that may take part founded the "
        f"partnership; {joined:,.0f} joined later{drawn}, {seen['leavers'][-1]:,.0f} left, and "
        f"{members[-1]:,.0f}{share} take part {after(members.size - 1, calendar)}."
    )


def _staff(seen: dict[str, Floats]) -> str:
    regional, national = (
        float(np.nanmean(seen[name])) if np.isfinite(seen[name]).any() else 0.0
        for name in ("regional_staff", "national_staff")
    )
    if regional < 0.005 and national < 0.005:
        return "No backbone had staff."
    parts = [
        f"{number(staff, 2 if staff < 0.1 else 1)} FTE {where}"
        for staff, where in ((regional, "in the regions"), (national, "nationally"))
        if staff >= 0.005
    ]
    return f"On average {' and '.join(parts)} were paid to hold it together."


def _standing(values: Mapping[str, Floats], calendar: Calendar) -> str:
    active = values["partnership_active"][:, :-1] > 0
    ended = values["partnership_ended"][-1, :-1] > 0
    regions = active.shape[1]
    now, over = int(active[-1].sum()), int(ended.sum())
    if regions == 1:
        if not active.any():
            return "The partnership was never active: too few members, or too little joint work."
        last = int(np.flatnonzero(active[:, 0])[-1])
        if now:
            return "The partnership is active at the end."
        return f"The partnership was last active in {calendar.label(last)}."
    begun = int(active.any(axis=0).sum())
    return (
        f"Of {regions} regional partnerships {begun} {'was' if begun == 1 else 'were'} active at "
        f"some time, {now} {'is' if now == 1 else 'are'} at the end, and {over} ended."
    )


def _trust(seen: dict[str, Floats]) -> str:
    first, last = seen["trust_eligible"][[0, -1]]
    if not (math.isfinite(first) and math.isfinite(last)):
        return ""
    before, after = number(first), number(last)
    if before == after:
        return f"Trust between organisations that may take part stayed at about {after} of 1."
    change = "rose" if last > first else "fell"
    return f"Trust between organisations that may take part {change} from {before} to {after} of 1."


def _children(seen: dict[str, Floats]) -> str:
    gain, gap = seen["wellbeing_gain"][-1], seen["gap_primary"][-1]
    points = number(abs(gain))
    text = "Children's wellbeing stands about where it does in the ordinary world"
    if not nothing(points):
        side = "above" if gain > 0 else "below"
        text = (
            f"Children's wellbeing stands {points} points of 100 {side} that of the ordinary world"
        )
    if not math.isfinite(gap):
        return f"{text}."
    apart = number(abs(gap))
    if nothing(apart):
        return f"{text}, in deprived communities about as much as in affluent ones."
    which = "more" if gap > 0 else "less"
    return f"{text}; deprived communities gained {apart} {which} than affluent ones."


def _cost(seen: dict[str, Floats]) -> str:
    forgone, money = seen["service_forgone"][-1], seen["external_money_total"][-1]
    time, paid = number(abs(forgone)), number(money, 2 if money < 0.1 else 1)
    if nothing(time):
        text = (
            "All work across organisations takes about as much from their own services as it gives"
        )
    elif forgone > 0:
        text = (
            f"For all work across organisations their own services forgo {time} FTE per 1000 "
            f"children"
        )
    else:
        text = (
            f"Paid for work across organisations, their own services have {time} FTE per 1000 "
            f"children more than that work takes"
        )
    return f"{text}; external money came to {'none' if nothing(paid) else f'{paid} FTE-years'}."


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
