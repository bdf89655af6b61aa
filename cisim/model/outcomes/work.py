"""What the work is about, who carries and pays it, and what comes of it."""

from __future__ import annotations

import numpy as np

from cisim.model.outcomes.declared import ALL_MONTHS, ANY, INFINITE, POSITIVE, outcome, ratio
from cisim.model.outcomes.sums import Seen
from cisim.model.state import Floats

# --- agenda


@outcome(
    unit="0..1",
    better="higher",
    group="agenda",
    words="Mean agreement of agendas over ties between members of a region.",
    name="alignment",
)
def alignment_of_members(seen: Seen) -> Floats:
    return ratio(seen.member_alignment, seen.member_ties)


@outcome(
    unit="0..1",
    better="higher",
    bounds=(-INFINITE, 1.0),
    group="agenda",
    words="How much closer members' agendas are than their own remits: 1 - root of the variance "
    "within the region of agendas over that of remits; negative where they are further apart.",
)
def convergence(seen: Seen) -> Floats:
    return 1.0 - np.sqrt(ratio(seen.spread_agenda, seen.spread_remit))


@outcome(
    unit="0..1",
    better="higher",
    group="agenda",
    words="How far the agenda of joint work agrees with children's need, child-weighted, where "
    "there is joint work.",
)
def fit_to_need(seen: Seen) -> Floats:
    return ratio(seen.fit, seen.working_children)


# --- capacity


@outcome(
    unit="0..1",
    better="higher",
    group="capacity",
    words="Mean commitment of members.",
)
def commitment(seen: Seen) -> Floats:
    return ratio(seen.commitment, seen.members)


@outcome(
    unit="0..1",
    better="higher",
    group="capacity",
    words="Mean know-how of members in working together.",
)
def knowhow(seen: Seen) -> Floats:
    return ratio(seen.knowhow, seen.members)


@outcome(
    unit="0..1",
    better="higher",
    group="capacity",
    words="Mean practice of shared measurement among members.",
)
def measurement(seen: Seen) -> Floats:
    return ratio(seen.measurement, seen.members)


@outcome(
    unit="0..1",
    better="lower",
    group="capacity",
    words="Mean share of members' time for work across organisations that meetings, leading and "
    "engaging beneficiaries use up.",
)
def load(seen: Seen) -> Floats:
    return ratio(seen.load, seen.members)


@outcome(
    unit="FTE",
    bounds=POSITIVE,
    group="capacity",
    words="Paid staff of regional backbones; overall in all.",
)
def regional_staff(seen: Seen) -> Floats:
    return seen.regional_staff


@outcome(
    unit="FTE",
    bounds=POSITIVE,
    group="capacity",
    words="Paid staff of the national backbone: each region's equal part, overall in all.",
)
def national_staff(seen: Seen) -> Floats:
    return seen.national_staff


@outcome(
    unit="FTE",
    bounds=POSITIVE,
    group="capacity",
    words="Own time that lead organisations give to coordinating; overall in all.",
)
def lead_time(seen: Seen) -> Floats:
    return seen.lead


# --- sponsors and mandates


@outcome(
    unit="0..1",
    better="higher",
    bounds=(-1.0, 1.0),
    group="sponsors",
    words="Mean engagement of the sponsors that are there.",
)
def sponsor_engagement(seen: Seen) -> Floats:
    return ratio(seen.engagement, seen.sponsors)


@outcome(
    unit="FTE",
    better="higher",
    bounds=POSITIVE,
    group="sponsors",
    words="Staff and joint work that sponsors pay; overall in all.",
)
def sponsor_money(seen: Seen) -> Floats:
    return seen.money


@outcome(
    unit="0..1",
    better="higher",
    group="sponsors",
    words="Mean mandate of eligible public organisations' representatives.",
)
def mandate_public(seen: Seen) -> Floats:
    return ratio(seen.mandate_public, seen.eligible_public)


@outcome(
    unit="0..1",
    better="higher",
    group="sponsors",
    words="Mean mandate of representatives of eligible private and third-sector organisations.",
)
def mandate_other(seen: Seen) -> Floats:
    return ratio(seen.mandate_other, seen.eligible - seen.eligible_public)


# --- activity


@outcome(
    unit="0..1",
    better="higher",
    headline=True,
    group="activity",
    words="Joint activity of the partnership, child-weighted over all communities.",
)
def joint_activity(seen: Seen) -> Floats:
    return ratio(seen.joint, seen.children)


@outcome(
    unit="0..1",
    better="higher",
    group="activity",
    words="Joint activity of the partnership, child-weighted over communities that take part.",
)
def joint_activity_participating(seen: Seen) -> Floats:
    return ratio(seen.joint_participating, seen.participating_children)


@outcome(
    unit="0..1",
    better="higher",
    group="activity",
    words="Bilateral activity that organisations do every day, child-weighted.",
)
def everyday_activity(seen: Seen) -> Floats:
    return ratio(seen.everyday, seen.children)


@outcome(
    unit="0..1",
    better="higher",
    group="activity",
    words="Joint and everyday activity together, child-weighted.",
)
def all_activity(seen: Seen) -> Floats:
    return ratio(seen.joint + seen.everyday, seen.children)


@outcome(
    unit="activity above the ordinary",
    better="higher",
    bounds=ANY,
    group="activity",
    words="Change of services since month 0 as far as it is measured, child-weighted.",
)
def measured_results(seen: Seen) -> Floats:
    return ratio(seen.measured, seen.children)


@outcome(
    unit="0..1",
    better="higher",
    group="activity",
    words="Results that can be seen, child-weighted over communities that take part.",
)
def visible_results(seen: Seen) -> Floats:
    return ratio(seen.visible, seen.participating_children)


# --- wellbeing


@outcome(
    unit="points of 100",
    better="higher",
    bounds=(-100.0, 100.0),
    headline=True,
    group="wellbeing",
    words="Children's wellbeing above that of the ordinary world, child-weighted.",
)
def wellbeing_gain(seen: Seen) -> Floats:
    return ratio(seen.gain, seen.children)


@outcome(
    unit="points of 100",
    better="higher",
    bounds=(0.0, 100.0),
    group="wellbeing",
    words="Children's wellbeing, an index, child-weighted.",
)
def wellbeing(seen: Seen) -> Floats:
    return ratio(seen.wellbeing_base + seen.wellbeing, seen.children)


@outcome(
    unit="ratio to month 0",
    better="lower",
    bounds=POSITIVE,
    group="wellbeing",
    words="Demand for remedial services against month 0, exp(-2 change), child-weighted.",
)
def service_demand(seen: Seen) -> Floats:
    return ratio(seen.demand, seen.children)


@outcome(
    unit="points of 100",
    better="higher",
    bounds=(-100.0, 100.0),
    headline=True,
    group="wellbeing",
    words="Primary gap: gain of deprived communities minus that of affluent ones, child-weighted; "
    "positive is narrowing.",
)
def gap_primary(seen: Seen) -> Floats:
    deprived = ratio(seen.deprived_gain, seen.deprived_children)
    return deprived - ratio(seen.affluent_gain, seen.affluent_children)


@outcome(
    unit="points of 100",
    better="lower",
    bounds=(0.0, 100.0),
    group="wellbeing",
    words="Secondary gap: child-weighted standard deviation of wellbeing between communities.",
)
def gap_secondary(seen: Seen) -> Floats:
    mean = ratio(seen.wellbeing, seen.children)
    return np.sqrt(np.maximum(0.0, ratio(seen.wellbeing_squares, seen.children) - mean * mean))


# --- value


@outcome(
    unit="FTE",
    bounds=POSITIVE,
    group="value",
    words="Members' time in joint work, paid time included; overall in all.",
)
def joint_fte(seen: Seen) -> Floats:
    return seen.joint_time


@outcome(
    unit="FTE per 1000 children",
    better="lower",
    bounds=ANY,
    headline=True,
    group="value",
    words="Time that organisations' own services forgo for all work across organisations, "
    "everyday work included, child-weighted.",
)
def service_forgone(seen: Seen) -> Floats:
    return ratio(seen.service, seen.children)


@outcome(
    unit="FTE per 1000 children",
    better="lower",
    bounds=ANY,
    group="value",
    words="Time that own services forgo above that of the ordinary world before month 0.",
)
def service_displaced(seen: Seen) -> Floats:
    return ratio(seen.displaced, seen.children)


@outcome(
    unit="FTE",
    better="lower",
    bounds=POSITIVE,
    group="value",
    words="All external money that the structure uses this month: staff, academic partners, "
    "grants and sponsors; overall in all.",
)
def external_money(seen: Seen) -> Floats:
    return seen.paid


@outcome(
    unit="FTE-years",
    better="lower",
    bounds=POSITIVE,
    group="value",
    before={"paid": ALL_MONTHS},
    words="All external money since month 0; overall in all.",
)
def external_money_total(seen: Seen) -> Floats:
    return np.cumsum(seen.paid, axis=0) / 12.0
