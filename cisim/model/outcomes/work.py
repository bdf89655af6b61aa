"""What the work is about, who carries and pays it, and what comes of it."""

from __future__ import annotations

import numpy as np

from cisim.model.outcomes.declared import (
    ALL_MONTHS,
    ANY,
    INFINITE,
    known,
    mean_over_regions,
    outcome,
    ratio,
    within_window,
)
from cisim.model.outcomes.sums import Seen
from cisim.model.state import Floats

INCLUDED_WITHIN = 6
"""Months of joint work that make people feel included; judgement: fast against wellbeing."""

# --- agenda


@outcome(
    title="Agreement of agendas",
    form="level",
    better="higher",
    group="agenda",
    menu=True,
    words="Mean agreement of agendas over ties between members of a region.",
    name="alignment",
)
def alignment_of_members(seen: Seen) -> Floats:
    return ratio(seen.member_alignment, seen.member_ties)


@outcome(
    title="Convergence of agendas",
    form="level",
    unit="1 or less",
    better="higher",
    bounds=(-INFINITE, 1.0),
    group="agenda",
    menu=True,
    words="How much closer members' agendas are than their own remits: 1 - root of the variance "
    "within the region of agendas over that of remits; negative where they are further apart.",
)
def convergence(seen: Seen) -> Floats:
    return 1.0 - np.sqrt(ratio(seen.spread_agenda, seen.spread_remit))


@outcome(
    title="Fit to need",
    form="level",
    better="higher",
    group="agenda",
    menu=True,
    words="How far the agenda of joint work agrees with children's need, child-weighted, where "
    "there is joint work.",
)
def fit_to_need(seen: Seen) -> Floats:
    return ratio(seen.fit, seen.working_children)


# --- capacity


@outcome(
    title="Commitment of members",
    form="level",
    better="higher",
    group="capacity",
    goal=0.5,
    menu=True,
    words="Mean commitment of members.",
)
def commitment(seen: Seen) -> Floats:
    return ratio(seen.commitment, seen.members)


@outcome(
    title="Know-how of members",
    form="level",
    better="higher",
    group="capacity",
    menu=True,
    words="Mean know-how of members in working together.",
)
def knowhow(seen: Seen) -> Floats:
    return ratio(seen.knowhow, seen.members)


@outcome(
    title="Practice of shared measurement",
    form="level",
    better="higher",
    group="capacity",
    menu=True,
    words="Mean practice of shared measurement among members.",
)
def measurement(seen: Seen) -> Floats:
    return ratio(seen.measurement, seen.members)


@outcome(
    title="Load of members",
    form="level",
    better="lower",
    group="capacity",
    menu=True,
    words="Mean share of members' time for work across organisations that meetings, leading and "
    "engaging beneficiaries use up.",
)
def load(seen: Seen) -> Floats:
    return ratio(seen.load, seen.members)


@outcome(
    title="Staff of regional backbones",
    unit="FTE",
    group="capacity",
    menu=True,
    words="Paid staff of regional backbones; overall in all.",
)
def regional_staff(seen: Seen) -> Floats:
    return seen.regional_staff


@outcome(
    title="Staff of the national backbone",
    unit="FTE",
    group="capacity",
    menu=True,
    words="Paid staff of the national backbone: each region's equal part, overall in all.",
)
def national_staff(seen: Seen) -> Floats:
    return seen.national_staff


@outcome(
    title="Time of lead organisations",
    unit="FTE",
    group="capacity",
    menu=True,
    words="Own time that lead organisations give to coordinating; overall in all.",
)
def lead_time(seen: Seen) -> Floats:
    return seen.lead


# --- sponsors and mandates


@outcome(
    title="Engagement of sponsors",
    form="level",
    unit="-1..1",
    better="higher",
    bounds=(-1.0, 1.0),
    group="sponsors",
    menu=True,
    words="Mean engagement of the sponsors that are there.",
)
def sponsor_engagement(seen: Seen) -> Floats:
    return ratio(seen.engagement, seen.sponsors)


@outcome(
    title="Money of sponsors",
    unit="FTE",
    better="higher",
    group="sponsors",
    menu=True,
    words="Staff and joint work that sponsors pay; overall in all.",
)
def sponsor_money(seen: Seen) -> Floats:
    return seen.money


@outcome(
    title="Mandate of public organisations",
    form="level",
    better="higher",
    group="sponsors",
    goal=0.5,
    menu=True,
    words="Mean mandate of eligible public organisations' representatives.",
)
def mandate_public(seen: Seen) -> Floats:
    return ratio(seen.mandate_public, seen.eligible_public)


@outcome(
    title="Mandate of other organisations",
    form="level",
    better="higher",
    group="sponsors",
    goal=0.5,
    menu=True,
    words="Mean mandate of representatives of eligible private and third-sector organisations.",
)
def mandate_other(seen: Seen) -> Floats:
    return ratio(seen.mandate_other, seen.eligible - seen.eligible_public)


# --- activity


@outcome(
    title="Joint activity",
    form="level",
    better="higher",
    headline=True,
    group="activity",
    goal=0.03,
    menu=True,
    words="Joint activity of the partnership, child-weighted over all communities.",
)
def joint_activity(seen: Seen) -> Floats:
    return ratio(seen.joint, seen.children)


@outcome(
    title="Joint activity where communities take part",
    form="level",
    better="higher",
    group="activity",
    words="Joint activity of the partnership, child-weighted over communities that take part.",
)
def joint_activity_participating(seen: Seen) -> Floats:
    return ratio(seen.joint_participating, seen.participating_children)


@outcome(
    title="Everyday activity",
    form="level",
    better="higher",
    group="activity",
    menu=True,
    words="Bilateral activity that organisations do every day, child-weighted.",
)
def everyday_activity(seen: Seen) -> Floats:
    return ratio(seen.everyday, seen.children)


@outcome(
    title="All activity",
    form="level",
    better="higher",
    group="activity",
    menu=True,
    words="Joint and everyday activity together, child-weighted.",
)
def all_activity(seen: Seen) -> Floats:
    return ratio(seen.joint + seen.everyday, seen.children)


@outcome(
    title="Measured results",
    unit="activity above the ordinary",
    better="higher",
    bounds=ANY,
    group="activity",
    words="Change of services since month 0 as far as it is measured, child-weighted.",
)
def measured_results(seen: Seen) -> Floats:
    return ratio(seen.measured, seen.children)


@outcome(
    title="Visible results",
    form="level",
    better="higher",
    group="activity",
    words="Results that can be seen, child-weighted over communities that take part.",
)
def visible_results(seen: Seen) -> Floats:
    return ratio(seen.visible, seen.participating_children)


# --- wellbeing


@outcome(
    title="Children's wellbeing",
    form="points",
    better="higher",
    headline=True,
    group="wellbeing",
    goal=0.5,
    menu=True,
    words="Children's wellbeing above that of the ordinary world, child-weighted.",
)
def wellbeing_gain(seen: Seen) -> Floats:
    return ratio(seen.gain, seen.children)


@outcome(
    title="Inclusion of those engaged",
    form="level",
    better="higher",
    group="wellbeing",
    menu=True,
    before=dict.fromkeys(("joint_time", "beneficiaries", "need_time"), INCLUDED_WITHIN - 1),
    words="How far those concerned take part in joint work and trust it, mean of six months: joint "
    "time in which they do, F / (F + effort_half children / 1000), child-weighted. It comes fast, "
    "wellbeing late.",
)
def inclusion(seen: Seen) -> Floats:
    together = (seen.beneficiaries * seen.joint_time)[:, :-1]
    level = known(ratio(together, together + seen.need_time[:, :-1]))
    lasting = within_window(level, INCLUDED_WITHIN) / INCLUDED_WITHIN
    return mean_over_regions(lasting, seen.children[:, :-1])


@outcome(
    title="Empowerment of those engaged",
    form="level",
    better="higher",
    group="wellbeing",
    menu=True,
    before=dict.fromkeys(("fit", "working_children", "beneficiaries"), INCLUDED_WITHIN - 1),
    words="How far those concerned move what is done: engagement times the trust in the "
    "partnership, times how far the agenda of joint work is children's need, mean of six months. "
    "It comes fast, and is nobody's share of participants.",
)
def empowerment(seen: Seen) -> Floats:
    theirs = known(ratio(seen.fit, seen.working_children))[:, :-1]
    moved = seen.beneficiaries[:, :-1] * theirs
    lasting = within_window(moved, INCLUDED_WITHIN) / INCLUDED_WITHIN
    return mean_over_regions(lasting, seen.children[:, :-1])


@outcome(
    title="Wellbeing as an index",
    form="points",
    better="higher",
    bounds=(0.0, 100.0),
    group="wellbeing",
    words="Children's wellbeing, an index, child-weighted.",
)
def wellbeing(seen: Seen) -> Floats:
    return ratio(seen.wellbeing_base + seen.wellbeing, seen.children)


@outcome(
    title="Demand for remedial services",
    unit="ratio to month 0",
    better="lower",
    group="wellbeing",
    menu=True,
    words="Demand for remedial services against month 0, child-weighted: e to the power of minus "
    "twice the change in what reaches children.",
)
def service_demand(seen: Seen) -> Floats:
    return ratio(seen.demand, seen.children)


@outcome(
    title="Gap between deprived and affluent communities",
    form="points",
    better="higher",
    headline=True,
    group="wellbeing",
    goal=0.0,
    menu=True,
    words="Gain of deprived communities minus that of affluent ones, child-weighted; "
    "positive is narrowing.",
)
def gap_primary(seen: Seen) -> Floats:
    deprived = ratio(seen.deprived_gain, seen.deprived_children)
    return deprived - ratio(seen.affluent_gain, seen.affluent_children)


@outcome(
    title="Spread between communities",
    form="points",
    better="lower",
    bounds=(0.0, 100.0),
    group="wellbeing",
    words="Child-weighted standard deviation of wellbeing between communities.",
)
def gap_secondary(seen: Seen) -> Floats:
    mean = ratio(seen.wellbeing, seen.children)
    return np.sqrt(np.maximum(0.0, ratio(seen.wellbeing_squares, seen.children) - mean * mean))


# --- value


@outcome(
    title="Time in joint work",
    unit="FTE",
    group="value",
    words="Members' time in joint work, paid time included; overall in all.",
)
def joint_fte(seen: Seen) -> Floats:
    return seen.joint_time


@outcome(
    title="Own services forgone",
    unit="FTE per 1000 children",
    better="lower",
    bounds=ANY,
    headline=True,
    group="value",
    goal=0.15,
    menu=True,
    words="Time that organisations' own services forgo for all work across organisations, "
    "everyday work included, child-weighted.",
)
def service_forgone(seen: Seen) -> Floats:
    return ratio(seen.service, seen.children)


@outcome(
    title="Own services displaced",
    unit="FTE per 1000 children",
    better="lower",
    bounds=ANY,
    group="value",
    words="Time that own services forgo above that of the ordinary world before month 0.",
)
def service_displaced(seen: Seen) -> Floats:
    return ratio(seen.displaced, seen.children)


@outcome(
    title="External money",
    unit="FTE",
    better="lower",
    group="value",
    words="All external money that the structure uses this month: staff, academic partners, "
    "grants and sponsors; overall in all.",
)
def external_money(seen: Seen) -> Floats:
    return seen.paid


@outcome(
    title="External money so far",
    unit="FTE-years",
    better="lower",
    group="value",
    menu=True,
    before={"paid": ALL_MONTHS},
    words="All external money since month 0; overall in all.",
)
def external_money_total(seen: Seen) -> Floats:
    return np.cumsum(seen.paid, axis=0) / 12.0
