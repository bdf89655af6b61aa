"""What happened in one run, in a few plain sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cisim.model.state import Floats
from cisim.show.counted import span
from cisim.show.tables import number
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
        _members(seen),
        _staff(seen),
        _standing(values),
        _trust(seen),
        _children(seen),
        _cost(seen),
    ]
    return [sentence for sentence in told if sentence]


def _events(scenario: Scenario) -> list[str]:
    return [
        f"Month {event.month}{f', {event.region}' if event.region else ''}: {event.words}"
        for event in sorted(scenario.events, key=lambda event: event.month)
    ]


def _members(seen: dict[str, Floats]) -> str:
    members, eligible = seen["members"], seen["eligible"]
    if not eligible[0]:
        return "No organisation may take part."
    joined = seen["joins_self"][-1] + seen["joins_recruited"][-1]
    share = f" ({members[-1] / eligible[-1]:.0%})" if eligible[-1] else ""
    drawn = f", {seen['joins_self'][-1] / joined:.0%} of them on their own" if joined else ""
    return (
        f"{members[0]:,.0f} of {eligible[0]:,.0f} organisations that may take part founded the "
        f"partnership; {joined:,.0f} joined later{drawn}, {seen['leavers'][-1]:,.0f} left, and "
        f"{members[-1]:,.0f}{share} take part after {span(members.size - 1)}."
    )


def _staff(seen: dict[str, Floats]) -> str:
    regional, national = (
        float(np.nanmean(seen[name])) if np.isfinite(seen[name]).any() else 0.0
        for name in ("regional_staff", "national_staff")
    )
    if regional < 0.005 and national < 0.005:
        return "No backbone had staff."
    parts = [
        f"{number(staff, 1)} FTE {where}"
        for staff, where in ((regional, "in the regions"), (national, "nationally"))
        if staff >= 0.005
    ]
    return f"On average {' and '.join(parts)} were paid to hold it together."


def _standing(values: Mapping[str, Floats]) -> str:
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
        return f"The partnership was last active in month {last}."
    begun = int(active.any(axis=0).sum())
    return (
        f"Of {regions} regional partnerships {begun} {'was' if begun == 1 else 'were'} active at "
        f"some time, {now} {'is' if now == 1 else 'are'} at the end, and {over} ended."
    )


def _trust(seen: dict[str, Floats]) -> str:
    first, last = seen["trust_eligible"][[0, -1]]
    if not (math.isfinite(first) and math.isfinite(last)):
        return ""
    change = "rose" if last - first > 0.005 else "fell" if first - last > 0.005 else "stayed"
    if change == "stayed":
        return f"Trust between organisations that may take part stayed at {last:.2f} of 1."
    return (
        f"Trust between organisations that may take part {change} from {first:.2f} to {last:.2f} "
        f"of 1."
    )


def _children(seen: dict[str, Floats]) -> str:
    gain, gap = seen["wellbeing_gain"][-1], seen["gap_primary"][-1]
    side = "above" if gain >= 0 else "below"
    text = (
        f"Children's wellbeing stands {number(abs(gain))} points of 100 {side} that of the "
        f"ordinary world"
    )
    if not math.isfinite(gap):
        return f"{text}."
    if abs(gap) < 0.005:
        return f"{text}, in deprived communities as much as in affluent ones."
    which = "more" if gap > 0 else "less"
    return f"{text}; deprived communities gained {number(abs(gap))} {which} than affluent ones."


def _cost(seen: dict[str, Floats]) -> str:
    forgone, money = seen["service_forgone"][-1], seen["external_money_total"][-1]
    return (
        f"For all work across organisations their own services forgo {number(forgone)} FTE per "
        f"1000 children; external money came to {number(money, 1)} FTE-years."
    )


def describe(scenario: Scenario, seed: int) -> dict[str, Any]:
    """Return what was run as plain values, for a heading or JSON."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "story": scenario.story,
        "world": scenario.world_name,
        "structure": scenario.structure_name,
        "months": scenario.months,
        "seed": seed,
        "changed": scenario.differs,
    }
