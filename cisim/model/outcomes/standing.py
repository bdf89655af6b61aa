"""How the partnership stands: its components and its phases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cisim.model.arithmetic import exp
from cisim.model.kernel import kernel
from cisim.model.outcomes.declared import (
    ALL_MONTHS,
    INFINITE,
    known,
    outcome,
    ratio,
    share_of_regions,
    within_window,
)
from cisim.model.outcomes.sums import WINDOW, Seen
from cisim.model.outcomes.taking_part import meetings_per_member, partnership_met
from cisim.model.outcomes.work import (
    convergence,
    fit_to_need,
    joint_activity,
    measurement,
    visible_results,
)
from cisim.model.processes.phases import (
    ACTIVE_JOINT,
    ACTIVE_MEMBERS,
    ACTIVE_SHARE,
    INACTIVE_MONTHS,
)
from cisim.model.state import (
    NATIONAL_ROLES,
    PHASES,
    REGIONAL_ROLES,
    SECTORS,
    Flags,
    Floats,
)


@kernel
def saturate(values):
    """Return 1 - exp(-x) of each value, (months, R + 1)."""
    result = np.empty(values.shape)
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            result[row, column] = 1.0 - exp(-values[row, column])
    return result


def role_level(seen: Seen, national: Sequence[str], regional: Sequence[str]) -> Floats:
    """Return the mean level of some roles; overall the mean of the regions."""
    names = (*national, *regional)
    total = np.zeros(seen.regions.shape)
    for name in names:
        total = total + getattr(seen, name)
    return ratio(total, len(names) * seen.regions)


# --- the seven components; 0 where nobody is a member


@outcome(
    title="Common agenda",
    form="level",
    better="higher",
    group="components",
    menu=True,
    words="Convergence of members' agendas times fit to need.",
)
def component_common_agenda(seen: Seen) -> Floats:
    return known(np.maximum(0.0, convergence(seen)) * fit_to_need(seen))


@outcome(
    title="Shared measurement",
    form="level",
    better="higher",
    group="components",
    menu=True,
    words="Members' mean practice of it.",
)
def component_measurement(seen: Seen) -> Floats:
    return known(measurement(seen))


@outcome(
    title="Mutually reinforcing activities",
    form="level",
    better="higher",
    group="components",
    menu=True,
    words="Quality of relations between those who work together, weighted by effort, times the "
    "evenness of effort over the six sectors (Gini-Simpson), as far as sectors may add to each "
    "other.",
)
def component_activities(seen: Seen) -> Floats:
    concentration = ratio(seen.effort_squares, seen.effort * seen.effort)
    sectors = len(SECTORS)
    evenness = np.maximum(0.0, (1.0 - concentration) * sectors / (sectors - 1.0))
    adds = ratio(seen.reinforced, seen.regions)
    return known(ratio(seen.effort_quality, seen.effort) * evenness * adds)


@outcome(
    title="Continuous communication",
    form="level",
    better="higher",
    group="components",
    menu=True,
    before={"members": 1},
    words="1 - exp(-partnership meetings of a member / 2), as far as the partnership tells of "
    "itself.",
)
def component_communication(seen: Seen) -> Floats:
    met = saturate(np.ascontiguousarray(known(meetings_per_member(seen)) / 2.0))
    return met * ratio(seen.told, seen.regions)


@outcome(
    title="Backbone support",
    form="level",
    better="higher",
    group="components",
    menu=True,
    words="Mean level of the nine roles, a lead organisation's in their place "
    "included; overall the mean of the regions.",
)
def component_backbone(seen: Seen) -> Floats:
    return role_level(seen, NATIONAL_ROLES, REGIONAL_ROLES)


@outcome(
    title="Beneficiary engagement",
    form="level",
    better="higher",
    group="components",
    menu=True,
    words="How far those concerned take part, times how far they trust "
    "the partnership; overall the mean of the regions.",
)
def component_beneficiaries(seen: Seen) -> Floats:
    return ratio(seen.beneficiaries, seen.regions)


@outcome(
    title="Investment",
    form="level",
    better="higher",
    group="components",
    menu=True,
    words="Joint time, paid or own, and coordinating time, F / (F + effort_half children / 1000).",
)
def component_investment(seen: Seen) -> Floats:
    invested = seen.joint_time + seen.regional_staff + seen.national_staff + seen.lead
    return known(ratio(invested, invested + seen.need_time))


# --- how the partnership stands

ACTIVE = ("members", "eligible", "joint", "children")
"""The sums that say whether a partnership is active."""
CAUSES = ("money", "organisation", "aim reached")


def active_regions(seen: Seen) -> Flags:
    """Return (months, R): whether the region's partnership is active."""
    enough = seen.members[:, :-1] >= ACTIVE_MEMBERS
    wide = seen.members[:, :-1] > ACTIVE_SHARE * seen.eligible[:, :-1]
    works = known(joint_activity(seen))[:, :-1] > ACTIVE_JOINT
    return np.ascontiguousarray(enough & wide & works)


@kernel
def follow_endings(active, inactive_months):
    """Return (months, R): whether a partnership that was once active has ended by then."""
    ended = np.zeros(active.shape, np.bool_)
    for r in range(active.shape[1]):
        begun = False
        idle = 0
        for month in range(active.shape[0]):
            if active[month, r]:
                begun = True
                idle = 0
            elif begun:
                idle += 1
                ended[month, r] = idle >= inactive_months
    return ended


@outcome(
    title="Active partnership",
    form="yes or no",
    better="higher",
    group="status",
    goal=0.6,
    menu=True,
    words="Three members, a fifth of the eligible, and joint activity; "
    "overall the share of regions.",
)
def partnership_active(seen: Seen) -> Floats:
    return share_of_regions(active_regions(seen))


@outcome(
    title="Partnership by the published criterion",
    form="yes or no",
    better="higher",
    group="status",
    before=dict.fromkeys(("own", "brokered", "cross_region"), WINDOW - 1),
    words="At least three organisations that still meet, here members who "
    "met another member within twelve months, in which there were partnership meetings; "
    "overall the share of regions.",
)
def partnership_meeting(seen: Seen) -> Floats:
    met = within_window(partnership_met(seen), WINDOW)[:, :-1] > 0.5
    return share_of_regions((seen.connected[:, :-1] >= 3.0) & met)


@outcome(
    title="Partnership ended",
    form="yes or no",
    better="lower",
    group="status",
    before=dict.fromkeys(ACTIVE, ALL_MONTHS),
    words="A partnership that was once active and has been inactive for six months; overall the "
    "share of regions.",
)
def partnership_ended(seen: Seen) -> Floats:
    return share_of_regions(follow_endings(active_regions(seen), INACTIVE_MONTHS))


@outcome(
    title="Phase of the partnership",
    unit="0 before, 1 initiation, 2 run, 3 re-design, 4 dormant",
    bounds=(0.0, 4.0),
    group="status",
    words="Phase of the partnership; overall the one in which most regions are.",
)
def phase(seen: Seen) -> Floats:
    regional = seen.phase[:, :-1]
    often = np.stack([(regional == code).sum(axis=1) for code in range(len(PHASES))], axis=1)
    return np.column_stack([regional, often.argmax(axis=1).astype(np.float64)])


@outcome(
    title="Re-designs",
    unit="re-designs a region",
    bounds=(0.0, INFINITE),
    group="status",
    words="Re-designs that are completed since month 0; overall the mean over regions.",
)
def redesigns(seen: Seen) -> Floats:
    return ratio(seen.redesigns, seen.regions)


@outcome(
    title="Breadth of what is tried",
    unit="0..1",
    bounds=(0.0, 1.0),
    group="status",
    words="How wide what is tried is: how different the sectors of members are, and how far a "
    "catalyst helps; 0 where no structure asks for innovation. Overall the mean over regions.",
)
def breadth_tried(seen: Seen) -> Floats:
    return ratio(seen.tried, seen.regions)


@outcome(
    title="Trust of communities",
    unit="0..1",
    bounds=(0.0, 1.0),
    better="higher",
    group="status",
    words="How far communities believe the partnership, by children: its credibility, or what they "
    "have seen of it where trust is earned. Overall the mean over regions.",
)
def community_trust(seen: Seen) -> Floats:
    return ratio(seen.believed, seen.regions)


def endings(seen: Seen) -> list[tuple[int, int, str]]:
    """Return (region, month, cause) of every ending, by region and month.

    The month is the first of the six without activity. The cause is

        aim reached   visible results were at the level that members wait for (impatience), on
                      average over the twelve months before
        money         else: external money was below half of its mean while the partnership had
                      been active
        organisation  else: members, mandates or trust were lost

    Source  ASPE/NORC 2012 for the three causes; the rules are judgement
    """
    active = active_regions(seen)
    ended = follow_endings(active, INACTIVE_MONTHS)
    results = known(visible_results(seen))
    found = []
    for r in range(active.shape[1]):
        for counted in np.flatnonzero(ended[1:, r] & ~ended[:-1, r]) + 1:
            month = int(counted) - INACTIVE_MONTHS + 1
            year = slice(max(0, month - WINDOW), month)
            money = seen.paid[:month, r][active[:month, r]]
            if results[year, r].mean() >= seen.awaited[month, r]:
                cause = "aim reached"
            elif seen.paid[month, r] < 0.5 * money.mean():
                cause = "money"
            else:
                cause = "organisation"
            found.append((r, month, cause))
    return found
