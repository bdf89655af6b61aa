"""Who takes part, who meets, and who trusts whom."""

from __future__ import annotations

from cisim.model.outcomes.declared import a_month_before, outcome, ratio
from cisim.model.outcomes.sums import Seen
from cisim.model.state import Floats

# --- membership


@outcome(
    title="Organisations that take part",
    form="percent",
    better="higher",
    headline=True,
    group="membership",
    goal=0.5,
    menu=True,
    words="Share of eligible organisations that take part.",
)
def member_share(seen: Seen) -> Floats:
    return ratio(seen.members, seen.eligible)


@outcome(
    title="Members",
    unit="organisations",
    better="higher",
    group="membership",
    words="Organisations that take part.",
)
def members(seen: Seen) -> Floats:
    return seen.members


@outcome(
    title="Organisations that may take part",
    unit="organisations",
    group="membership",
    words="Organisations that may take part.",
)
def eligible(seen: Seen) -> Floats:
    return seen.eligible


@outcome(
    title="Joined on their own",
    unit="organisations since month 0",
    group="membership",
    words="Joined on their own, drawn by trusted members and visible results.",
)
def joins_self(seen: Seen) -> Floats:
    return seen.joined_self


@outcome(
    title="Joined because they were recruited",
    unit="organisations since month 0",
    group="membership",
    words="Joined because a cross-sectoral player recruited them.",
)
def joins_recruited(seen: Seen) -> Floats:
    return seen.joined_recruited


@outcome(
    title="Joins that were their own",
    form="percent",
    better="higher",
    group="membership",
    menu=True,
    words="Share of all joins since month 0 that organisations made on their own.",
)
def self_joined_share(seen: Seen) -> Floats:
    return ratio(seen.joined_self, seen.joined_self + seen.joined_recruited)


@outcome(
    title="Organisations that left",
    unit="organisations since month 0",
    better="lower",
    group="membership",
    words="Organisations that left.",
)
def leavers(seen: Seen) -> Floats:
    return seen.left


# --- meetings, counted at both parties, of those who were members when the month began


def partnership_met(seen: Seen) -> Floats:
    """Return partnership meetings of the month, counted at both parties."""
    return seen.own + seen.brokered + seen.cross_region


@outcome(
    title="Meetings of a member",
    unit="meetings a month",
    better="higher",
    group="meetings",
    menu=True,
    before={"members": 1},
    words="Partnership meetings of a member, started and received.",
)
def meetings_per_member(seen: Seen) -> Floats:
    return ratio(partnership_met(seen), a_month_before(seen.members))


@outcome(
    title="Meetings of an eligible organisation",
    unit="meetings a month",
    better="higher",
    group="meetings",
    words="Partnership meetings for each eligible organisation, started and received.",
)
def meetings_per_eligible(seen: Seen) -> Floats:
    return ratio(partnership_met(seen), seen.eligible)


@outcome(
    title="Meetings that members started",
    unit="meetings a month",
    better="higher",
    group="meetings",
    before={"members": 1},
    words="Meetings of a member that members started themselves, at both parties.",
)
def own_meetings(seen: Seen) -> Floats:
    return ratio(seen.own, a_month_before(seen.members))


@outcome(
    title="Meetings that a backbone brokered",
    unit="meetings a month",
    group="meetings",
    before={"members": 1},
    words="Meetings of a member that were brokered in the region, at both parties.",
)
def brokered_meetings(seen: Seen) -> Floats:
    return ratio(seen.brokered, a_month_before(seen.members))


@outcome(
    title="Meetings across regions",
    unit="meetings a month",
    group="meetings",
    before={"members": 1},
    words="Meetings of a member that a bridge builder arranged across regions, at both parties.",
)
def cross_region_meetings(seen: Seen) -> Floats:
    return ratio(seen.cross_region, a_month_before(seen.members))


@outcome(
    title="Everyday meetings",
    unit="meetings a month",
    group="meetings",
    words="Everyday meetings of an organisation that knows anybody, member or not, started and "
    "received.",
)
def everyday_meetings_held(seen: Seen) -> Floats:
    return ratio(seen.everyday_met, seen.organisations)


@outcome(
    title="Meetings that a backbone arranged",
    form="percent",
    group="meetings",
    menu=True,
    words="Share of partnership meetings that a backbone arranged, across regions included.",
)
def brokered_share(seen: Seen) -> Floats:
    return ratio(seen.brokered + seen.cross_region, partnership_met(seen))


@outcome(
    title="Share of meetings that members started",
    form="percent",
    better="higher",
    group="meetings",
    words="Share of partnership meetings that members started themselves.",
)
def own_share(seen: Seen) -> Floats:
    return ratio(seen.own, partnership_met(seen))


# --- trust


@outcome(
    title="Trust among those who meet",
    form="level",
    better="higher",
    group="trust",
    goal=0.5,
    menu=True,
    words="Mean trust over ties between members of a region that met within twelve months; "
    "small remaining groups look healthy here.",
)
def trust_active(seen: Seen) -> Floats:
    return ratio(seen.active_trust, seen.active_ties)


@outcome(
    title="Trust among all who may take part",
    form="level",
    better="higher",
    headline=True,
    group="trust",
    goal=0.5,
    menu=True,
    words="Mean trust over all ties between eligible organisations of a region; overall also "
    "over those between regions.",
)
def trust_eligible(seen: Seen) -> Floats:
    return ratio(seen.eligible_trust, seen.eligible_ties)


@outcome(
    title="Trust as a survey measures it",
    form="level",
    better="higher",
    group="trust",
    words="Trust as a survey on a scale of four would measure it over active ties: twice "
    "reliability and support, (1 + 3 trust) / 4, once shared aims, (1 + 3 alignment) / 4.",
)
def trust_survey(seen: Seen) -> Floats:
    both = 2.0 * seen.active_trust + seen.active_alignment
    return ratio((3.0 * seen.active_ties + 3.0 * both) / 4.0 / 3.0, seen.active_ties)


@outcome(
    title="Reciprocity",
    form="level",
    better="higher",
    group="trust",
    words="Weighted reciprocity over active ties: the share of remembered kept promises that "
    "the other side has answered, sum min(p_ij, p_ji) / sum p_ij (Squartini et al. 2013).",
)
def reciprocity(seen: Seen) -> Floats:
    return ratio(seen.active_answered, seen.active_kept)


@outcome(
    title="Reliability",
    form="level",
    better="higher",
    group="trust",
    words="Probability that a member keeps a promise to a fellow member without facilitation.",
)
def reliability(seen: Seen) -> Floats:
    return ratio(seen.reliability, seen.members)
