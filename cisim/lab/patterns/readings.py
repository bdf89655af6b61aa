"""What is read from a set of runs: one number for each criterion, NaN where it is undefined."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from cisim.lab.patterns.runs import SHOCK_MONTH, Run, Runs
from cisim.lab.patterns.series import (
    correlation,
    in_years,
    largest_gain,
    largest_loss,
    month_of,
    partial_correlation,
    ratio,
)

OUTCOMES_READ = (
    "wellbeing_gain",
    "joint_activity",
    "all_activity",
    "trust_eligible",
    "trust_active",
    "meetings_per_eligible",
    "gap_primary",
    "gap_secondary",
)
"""What is kept of runs other than those that keep everything."""

WELLBEING, JOINT = "wellbeing_gain", "joint_activity"


def late(run: Run, outcome: str) -> float:
    return in_years(run[outcome], 9, 10)


def late_ratio(one: str, other: str, outcome: str = JOINT) -> Callable[[Runs], float]:
    return lambda runs: ratio(late(runs[one], outcome), late(runs[other], outcome))


def more(runs: Runs, one: str, other: str, outcome: str) -> float:
    return runs[one].end(outcome) - runs[other].end(outcome)


def difference(one: str, other: str, outcome: str) -> Callable[[Runs], float]:
    return lambda runs: more(runs, one, other, outcome)


# --- P2, P3 ----------------------------------------------------------------------------------


def together(runs: Runs) -> float:
    alone = more(runs, "national", "none", WELLBEING) + more(runs, "regional", "none", WELLBEING)
    return ratio(more(runs, "both", "none", WELLBEING), alone)


def meetings(first: int, last: int) -> Callable[[Runs], float]:
    def share(runs: Runs) -> float:
        absent, loose = (
            in_years(runs[name]["meetings_per_eligible"], first, last)
            for name in ("absent", "both")
        )
        return ratio(absent, loose)

    return share


def loose_to_integrated(runs: Runs) -> float:
    integrated = runs["integrated"].end(WELLBEING)
    return runs["both"].end(WELLBEING) / integrated if integrated > 0.0 else math.nan


# --- P4 --------------------------------------------------------------------------------------


def contact_and_relationship(runs: Runs, group: str) -> tuple[float, float]:
    """Return the correlation of backbone contact with collaboration in a group of organisations,
    and what share of it remains once relationships are controlled for.

    group : "eligible" or "member", a column of organisation_frame
    """
    people = runs["both"].organisations
    if people is None:
        return math.nan, math.nan
    some = people[people[group].to_numpy(bool)]
    if len(some) < 5:
        return math.nan, math.nan
    contact = some["backbone_months"].to_numpy(np.float64)
    relationship = np.nan_to_num(some["relationship"].to_numpy(np.float64))
    collaboration = some["joint_time"].to_numpy(np.float64) / some["own_time"].to_numpy(np.float64)
    plain = correlation(contact, collaboration)
    left = partial_correlation(contact, collaboration, relationship)
    return plain, left / plain if plain > 0.0 else math.nan


def contact(group: str, place: int) -> Callable[[Runs], float]:
    return lambda runs: contact_and_relationship(runs, group)[place]


# --- P6, P10, P11, P12 -----------------------------------------------------------------------


def loss_to_gain(runs: Runs) -> float:
    loss = largest_loss(runs["breach"]["trust_eligible"])
    return ratio(loss, largest_gain(runs["both"]["trust_eligible"]))


def self_joined(run: Run, first: int, last: int) -> float:
    """Return the self-initiated share of the joins in some years, NaN if nobody joined."""
    own, recruited = (
        run[name][12 * last] - run[name][12 * (first - 1)]
        for name in ("joins_self", "joins_recruited")
    )
    joins = float(own + recruited)
    return float(own) / joins if joins > 0.0 else math.nan


def month_of_half(runs: Runs, outcome: str) -> float:
    return month_of(runs["both"][outcome], 0.5)


def agenda_and_trust(runs: Runs) -> float:
    months = [month_of_half(runs, "alignment"), month_of_half(runs, "trust_eligible")]
    return math.nan if any(map(math.isnan, months)) else max(months)


def lag(first: str, then: str) -> Callable[[Runs], float]:
    return lambda runs: month_of_half(runs, then) - month_of_half(runs, first)


def chain(runs: Runs) -> float:
    lags = [lag(JOINT, "measured_results")(runs), lag("measured_results", WELLBEING)(runs)]
    return math.nan if any(map(math.isnan, lags)) else min(lags)


def shock_loss(outcome: str, last: int) -> Callable[[Runs], float]:
    """Return the function that gives what a shock costs with measurement over without it.

    It is the loss against the same future without the shock, from the month of the shock on; NaN
    where nothing is lost without measurement, as there is nothing to dampen.
    """
    months = slice(SHOCK_MONTH + 1, last + 1)

    def damped(runs: Runs) -> float:
        with_, without = (
            float((runs[calm][outcome] - runs[struck][outcome])[months].mean())
            for calm, struck in (("both", "wave"), ("unmeasured", "unmeasured-wave"))
        )
        return with_ / without if without > 0.0 else math.nan

    return damped


# --- Q2 --------------------------------------------------------------------------------------

ABOUT_STAFF = frozenset(
    {
        "regional_staff",
        "national_staff",
        "external_money",
        "external_money_total",
        "component_investment",
        "phase",
        "density_with_backbone",
        "degree_centralisation_with_backbone",
        "transitivity_with_backbone",
        "assortativity_with_backbone",
    }
)
"""Outcomes that count staff or its pay, or draw the backbone as a node."""


def differing(one: Run, other: Run, left_out: frozenset[str] = frozenset()) -> float:
    """Return how many outcomes differ between two runs in any bit of any month."""
    return float(
        sum(
            not np.array_equal(series, other[name], equal_nan=True)
            for name, series in one.series.items()
            if name not in left_out
        )
    )
