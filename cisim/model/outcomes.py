"""What is observed, month by month, of each region and of all regions together.

Each month one compiled reducer turns the state into sums (`Sums`); outcomes are declared below as
functions of those sums over all months at once. Add an outcome: one declaration. Only an outcome
that needs a new sum also adds a field to `Sums` and the line that fills it.

An outcome returns (months, R + 1): regions, then overall. Unless its words say otherwise, overall
is the ratio of the sums over all regions, not a mean of the regions' ratios. What is undefined
(a mean over nobody, the gap of an empty group) is NaN, never 0.

Row t of the table is the state after t months; row 0 stands after the founding. What flows in a
month (meetings, time, activity) is that of the month that has just ended, so in row 0 it is that
of the last month of history, in which there were everyday meetings only. Active ties are those
with a meeting of any kind within the last twelve months.

Nothing here feeds back into the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cisim.model.arithmetic import exp
from cisim.model.inputs import InputError, nearest
from cisim.model.kernel import inlined, kernel
from cisim.model.measures import alignment
from cisim.model.parameters import Parameters
from cisim.model.processes.trust import reliability as keeps_promises
from cisim.model.state import (
    NATIONAL_ROLES,
    PUBLIC,
    REGIONAL_ROLES,
    SECTORS,
    SPONSOR_KINDS,
    Flags,
    Floats,
    Ints,
    State,
)

if TYPE_CHECKING:
    import pandas as pd

WINDOW = 12
"""Months within which a meeting keeps a tie active."""
INACTIVE_MONTHS = 6
"""Months without activity after which a partnership has ended."""

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


class Sums(NamedTuple):
    """The columns of the table: sums over a region, in the last row over all regions.

    The overall row of `degree_max` and `linked_degree_max` means nothing.
    """

    # --- organisations
    regions: int  # 1; overall R
    organisations: int  # that know anybody
    eligible: int
    eligible_public: int
    members: int
    commitment: int  # of members, as are the five that follow
    knowhow: int
    measurement: int
    load: int  # 1 - l
    reliability: int  # rho of a promise to a fellow member, without facilitation
    joint_time: int  # C, FTE
    mandate_public: int  # of eligible organisations
    mandate_other: int
    spread_agenda: int  # squared distance of members' agendas from their region's mean
    spread_remit: int  # the same of their remits
    effort: int  # y, FTE
    effort_squares: int  # sum over sectors of the sector's effort squared
    effort_quality: int  # y times the mean of tau f A over fellow members in the region
    # --- ties within a region, counted at both ends; overall `eligible_*` are those between, too
    eligible_ties: int
    eligible_trust: int
    member_ties: int
    member_alignment: int
    active_ties: int  # between members
    active_trust: int
    active_alignment: int
    active_kept: int  # kept promises that are remembered
    active_answered: int  # those of them that the other side has answered
    # --- the network: nodes are members, edges active ties
    edges: int
    connected: int  # members with an edge
    degree_max: int
    degree_squares: int
    degree_cubes: int
    degree_products: int  # over edges
    triangles: int
    # --- the same network with the backbone as one node more
    linked_nodes: int
    linked_edges: int
    linked_degree_max: int
    linked_degree_squares: int
    linked_degree_cubes: int
    linked_degree_products: int
    linked_triangles: int
    # --- meetings this month, counted at both parties
    own: int
    brokered: int
    cross_region: int
    everyday_met: int
    joined_self: int  # since month 0, as are the two that follow
    joined_recruited: int
    left: int
    # --- money and staff, FTE
    money: int  # of sponsors
    paid: int  # all external money
    lead: int
    regional_staff: int
    national_staff: int
    # --- sponsors
    engagement: int
    sponsors: int  # that are present
    # --- levels of a region, 0..1
    cross_sectoral: int
    local_support: int
    knowledge_gatherer: int
    information_broker: int
    futures: int
    implementation: int
    evaluation: int
    bridge: int
    knowledge: int
    beneficiaries: int  # engagement x credibility where there are members
    # --- communities, weighted by children
    children: int
    participating_children: int
    joint: int
    joint_participating: int
    everyday: int
    measured: int  # s X
    visible: int  # of participating ones
    gain: int  # points
    wellbeing: int  # points above wellbeing_base
    wellbeing_squares: int
    wellbeing_base: int
    demand: int
    service: int  # FTE per 1000 children
    displaced: int  # the same above that of the ordinary world
    working_children: int  # where there is joint work
    fit: int
    deprived_children: int
    deprived_gain: int
    affluent_children: int
    affluent_gain: int
    need_time: int  # FTE at which joint time gives half, not weighted
    # --- what members wait for, a region
    awaited: int  # impatience


K = Sums(*range(len(Sums._fields)))
"""The place of each sum in the table."""


# --- the monthly reducer ---------------------------------------------------------------------


@kernel
def sum_organisations(
    r,
    region_start,
    region_rows,
    start,
    sector,
    eligible,
    member,
    commitment,
    mandate,
    agenda,
    remit,
    knowhow,
    measurement,
    time_left,
    joint_time,
    joint_effort,
    follow_min,
    everyday_reliability,
    efforts,
    out,
):
    """Sum the organisations of region `r` into row `r` of `out`, and efforts by sector, (6,)."""
    count = 0
    for at in range(region_start[r], region_start[r + 1]):
        i = region_rows[at]
        if start[i + 1] > start[i]:
            out[r, K.organisations] += 1.0
        if eligible[i]:
            out[r, K.eligible] += 1.0
            if sector[i] < PUBLIC:
                out[r, K.eligible_public] += 1.0
                out[r, K.mandate_public] += mandate[i]
            else:
                out[r, K.mandate_other] += mandate[i]
        if member[i]:
            count += 1
            out[r, K.commitment] += commitment[i]
            out[r, K.knowhow] += knowhow[i]
            out[r, K.measurement] += measurement[i]
            out[r, K.load] += 1.0 - time_left[i]
            out[r, K.reliability] += keeps_promises(
                i, False, commitment, mandate, time_left, follow_min, everyday_reliability
            )
            out[r, K.joint_time] += joint_time[i]
            efforts[sector[i]] += joint_effort[i]
    out[r, K.regions] = 1.0
    out[r, K.members] = count
    if count == 0:
        return
    for axis in range(3):
        now = 0.0
        own = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                now += agenda[i, axis]
                own += remit[i, axis]
        now /= count
        own /= count
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                out[r, K.spread_agenda] += (agenda[i, axis] - now) * (agenda[i, axis] - now)
                out[r, K.spread_remit] += (remit[i, axis] - own) * (remit[i, axis] - own)


@kernel
def sum_ties(
    r,
    since,
    region_start,
    region_rows,
    eligible,
    member,
    number,
    joint_effort,
    start,
    near,
    other,
    reverse,
    prior,
    kept,
    broken,
    last_met,
    aligned,
    prior_weight,
    degree,
    ahead_start,
    ahead_end,
    ahead,
    quality,
    fellows,
    out,
):
    """Sum the ties of region `r` into row `r` of `out`, those to other regions into the last row.

    Leaves behind the network of active ties between members: `degree` of each row, and in
    ahead[ahead_start:ahead_end] its partners of higher numbers. Each pair is looked at once.
    """
    overall = out.shape[0] - 1
    ties = 0
    trusted = 0.0
    member_ties = 0
    agreed = 0.0
    active = 0
    active_trusted = 0.0
    active_agreed = 0.0
    active_kept = 0.0
    active_answered = 0.0
    filled = 0
    for at in range(region_start[r], region_start[r + 1]):
        i = region_rows[at]
        ahead_start[i] = filled
        may = eligible[i]
        takes_part = member[i]
        if may or takes_part:
            for tie in range(start[i], near[i]):
                j = other[tie]
                if number[j] < number[i]:
                    continue
                both_may = may and eligible[j]
                both_in = takes_part and member[j]
                if not (both_may or both_in):
                    continue
                back = reverse[tie]
                ours = 1.0 / (prior_weight + kept[tie] + broken[tie])
                theirs = 1.0 / (prior_weight + kept[back] + broken[back])
                trust_ours = (prior_weight * prior[tie] + kept[tie]) * ours
                trust_theirs = (prior_weight * prior[back] + kept[back]) * theirs
                both = trust_ours + trust_theirs
                if both_may:
                    ties += 1
                    trusted += both
                if not both_in:
                    continue
                agrees = aligned[tie]
                member_ties += 1
                agreed += agrees
                fellows[i] += 1.0
                fellows[j] += 1.0
                quality[i] += trust_ours * (kept[tie] + broken[tie]) * ours * agrees
                quality[j] += trust_theirs * (kept[back] + broken[back]) * theirs * agrees
                if last_met[tie] >= since:
                    active += 1
                    active_trusted += both
                    active_agreed += agrees
                    active_kept += kept[tie] + kept[back]
                    active_answered += 2.0 * min(kept[tie], kept[back])
                    degree[i] += 1
                    degree[j] += 1
                    ahead[filled] = j
                    filled += 1
        ahead_end[i] = filled
        if may:
            for tie in range(near[i], start[i + 1]):
                if eligible[other[tie]]:
                    out[overall, K.eligible_ties] += 1.0
                    out[overall, K.eligible_trust] += (prior_weight * prior[tie] + kept[tie]) / (
                        prior_weight + kept[tie] + broken[tie]
                    )
    out[r, K.eligible_ties] = 2.0 * ties
    out[r, K.eligible_trust] = trusted
    out[r, K.member_ties] = 2.0 * member_ties
    out[r, K.member_alignment] = 2.0 * agreed
    out[r, K.active_ties] = 2.0 * active
    out[r, K.active_trust] = active_trusted
    out[r, K.active_alignment] = 2.0 * active_agreed
    out[r, K.active_kept] = active_kept
    out[r, K.active_answered] = active_answered
    for at in range(region_start[r], region_start[r + 1]):
        i = region_rows[at]
        if member[i]:
            out[r, K.effort] += joint_effort[i]
            if fellows[i] > 0.0:
                out[r, K.effort_quality] += joint_effort[i] * quality[i] / fellows[i]


@kernel
def sum_network(
    r,
    region_start,
    region_rows,
    member,
    contacts,
    staffed,
    degree,
    ahead_start,
    ahead_end,
    ahead,
    mark,
    out,
):
    """Sum degrees, their products over edges, and triangles of region `r`, without and with the
    backbone, into row `r` of `out`.

    The backbone is a node where it has staff; it is linked to the members it has ever arranged a
    meeting for. `mark` is (N,), -1 at first.
    """
    edges = 0
    linked = 0
    connected = 0
    most = 0
    most_linked = 0
    squares = 0
    cubes = 0
    linked_squares = 0
    linked_cubes = 0
    products = 0
    linked_products = 0
    triangles = 0
    closed = 0
    for at in range(region_start[r], region_start[r + 1]):
        i = region_rows[at]
        if not member[i]:
            continue
        d = degree[i]
        known = 1 if staffed and contacts[i] > 0.0 else 0
        e = d + known
        linked += known
        edges += ahead_end[i] - ahead_start[i]
        connected += 1 if d > 0 else 0
        most = max(most, d)
        most_linked = max(most_linked, e)
        squares += d * d
        cubes += d * d * d
        linked_squares += e * e
        linked_cubes += e * e * e
        for at_j in range(ahead_start[i], ahead_end[i]):
            mark[ahead[at_j]] = i
        for at_j in range(ahead_start[i], ahead_end[i]):
            j = ahead[at_j]
            j_known = 1 if staffed and contacts[j] > 0.0 else 0
            products += d * degree[j]
            linked_products += e * (degree[j] + j_known)
            closed += known * j_known
            for at_k in range(ahead_start[j], ahead_end[j]):
                if mark[ahead[at_k]] == i:
                    triangles += 1
    if linked > 0:
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i] and contacts[i] > 0.0:
                linked_products += linked * (degree[i] + 1)
    out[r, K.edges] = edges
    out[r, K.connected] = connected
    out[r, K.degree_max] = most
    out[r, K.degree_squares] = squares
    out[r, K.degree_cubes] = cubes
    out[r, K.degree_products] = products
    out[r, K.triangles] = triangles
    out[r, K.linked_nodes] = out[r, K.members] + (1.0 if staffed else 0.0)
    out[r, K.linked_edges] = edges + linked
    out[r, K.linked_degree_max] = max(most_linked, linked)
    out[r, K.linked_degree_squares] = linked_squares + linked * linked
    out[r, K.linked_degree_cubes] = linked_cubes + linked * linked * linked
    out[r, K.linked_degree_products] = linked_products
    out[r, K.linked_triangles] = triangles + closed


@kernel
def sum_communities(
    r,
    community_start,
    children,
    deprivation,
    participating,
    need,
    delay,
    baseline,
    ordinary_service,
    service,
    joint,
    everyday,
    visible,
    c_agenda,
    c_has,
    practice,
    headroom,
    agree_scale,
    effort_half,
    wb_max,
    wellbeing_deprivation,
    wellbeing_base,
    headroom_base,
    headroom_span,
    gap_deprived,
    gap_affluent,
    out,
):
    """Sum the communities of region `r`, weighted by children, into row `r` of `out`."""
    for c in range(community_start[r], community_start[r + 1]):
        n = children[c]
        lower = wellbeing_deprivation * deprivation[c]
        room = 1.0 + headroom * ((headroom_base - (wellbeing_base - lower)) / headroom_span - 1.0)
        gain = wb_max * room * (delay[c, 2] - baseline[c])
        level = gain - lower
        system = (delay[c, 0] + delay[c, 1]) / 2.0 - baseline[c]
        out[r, K.children] += n
        out[r, K.joint] += n * joint[c]
        out[r, K.everyday] += n * everyday[c]
        out[r, K.measured] += n * practice[c] * system
        out[r, K.gain] += n * gain
        out[r, K.wellbeing] += n * level
        out[r, K.wellbeing_squares] += n * level * level
        out[r, K.wellbeing_base] += n * wellbeing_base
        out[r, K.demand] += n * exp(-2.0 * (delay[c, 1] - baseline[c]))
        out[r, K.service] += n * service[c]
        out[r, K.displaced] += n * (service[c] - ordinary_service[c])
        if participating[c]:
            out[r, K.participating_children] += n
            out[r, K.joint_participating] += n * joint[c]
            out[r, K.visible] += n * visible[c]
        if c_has[c]:
            out[r, K.working_children] += n
            out[r, K.fit] += n * alignment(c_agenda, c, need, c, agree_scale)
        if deprivation[c] > gap_deprived:
            out[r, K.deprived_children] += n
            out[r, K.deprived_gain] += n * gain
        elif deprivation[c] < gap_affluent:
            out[r, K.affluent_children] += n
            out[r, K.affluent_gain] += n * gain
    out[r, K.need_time] = effort_half * out[r, K.children] / 1000.0


@kernel
def sum_region(
    r,
    member_there,
    roles,
    national,
    direct,
    r_meetings,
    joined_self,
    joined_recruited,
    left,
    money,
    paid,
    lead_time,
    staff,
    beneficiaries,
    out,
):
    """Write what is known of region `r` as a whole into row `r` of `out`.

    A national role's level is what reaches members directly or through the information broker.
    """
    regions = money.size
    for kind in range(4):
        out[r, K.own + kind] = r_meetings[r, kind]
    out[r, K.joined_self] = joined_self[r]
    out[r, K.joined_recruited] = joined_recruited[r]
    out[r, K.left] = left[r]
    out[r, K.money] = money[r]
    out[r, K.paid] = paid[r]
    out[r, K.lead] = lead_time[r]
    out[r, K.regional_staff] = staff[r + 1]
    out[r, K.national_staff] = staff[0] / regions
    if member_there:
        for z in range(4):
            out[r, K.cross_sectoral + z] = roles[r, z]
        for z in range(5):
            passed_on = national[r, z] * roles[r, 3]
            out[r, K.futures + z] = 1.0 - (1.0 - direct[r, z]) * (1.0 - passed_on)
        out[r, K.beneficiaries] = beneficiaries


@kernel
def observe(
    month,
    # organisations
    number,
    sector,
    eligible,
    member,
    commitment,
    mandate,
    agenda,
    remit,
    knowhow,
    measurement,
    time_left,
    joint_time,
    joint_effort,
    contacts,
    region_start,
    region_rows,
    # ties
    start,
    near,
    other,
    reverse,
    prior,
    kept,
    broken,
    last_met,
    aligned,
    # communities
    community_start,
    children,
    deprivation,
    participating,
    need,
    delay,
    baseline,
    ordinary_service,
    service,
    joint,
    everyday,
    visible,
    c_agenda,
    c_has,
    practice,
    # regions, backbones, sponsors
    roles,
    national,
    direct,
    r_meetings,
    joined_self,
    joined_recruited,
    left,
    money,
    paid,
    lead_time,
    staff,
    s_region,
    s_present,
    engagement,
    # levers and parameters
    headroom,
    beneficiaries,
    prior_weight,
    agree_scale,
    follow_min,
    everyday_reliability,
    effort_half,
    wb_max,
    wellbeing_base,
    wellbeing_deprivation,
    headroom_base,
    headroom_span,
    gap_deprived,
    gap_affluent,
    impatience,
    out,
):
    """Write the sums of one month, (R+1, K): regions, then overall."""
    size = member.size
    regions = money.size
    degree = np.zeros(size, np.int64)
    ahead_start = np.zeros(size, np.int64)
    ahead_end = np.zeros(size, np.int64)
    ahead = np.empty(other.size // 2, np.int32)
    mark = np.full(size, -1, np.int64)
    quality = np.zeros(size)
    fellows = np.zeros(size)
    efforts = np.zeros(6)
    all_efforts = np.zeros(6)
    out[:] = 0.0
    for r in range(regions):
        efforts[:] = 0.0
        sum_organisations(
            r,
            region_start,
            region_rows,
            start,
            sector,
            eligible,
            member,
            commitment,
            mandate,
            agenda,
            remit,
            knowhow,
            measurement,
            time_left,
            joint_time,
            joint_effort,
            follow_min,
            everyday_reliability,
            efforts,
            out,
        )
        for s in range(6):
            all_efforts[s] += efforts[s]
            out[r, K.effort_squares] += efforts[s] * efforts[s]
        sum_ties(
            r,
            month - WINDOW,
            region_start,
            region_rows,
            eligible,
            member,
            number,
            joint_effort,
            start,
            near,
            other,
            reverse,
            prior,
            kept,
            broken,
            last_met,
            aligned,
            prior_weight,
            degree,
            ahead_start,
            ahead_end,
            ahead,
            quality,
            fellows,
            out,
        )
        sum_network(
            r,
            region_start,
            region_rows,
            member,
            contacts,
            staff[0] > 0.0 or staff[r + 1] > 0.0,
            degree,
            ahead_start,
            ahead_end,
            ahead,
            mark,
            out,
        )
        sum_communities(
            r,
            community_start,
            children,
            deprivation,
            participating,
            need,
            delay,
            baseline,
            ordinary_service,
            service,
            joint,
            everyday,
            visible,
            c_agenda,
            c_has,
            practice,
            headroom,
            agree_scale,
            effort_half,
            wb_max,
            wellbeing_deprivation,
            wellbeing_base,
            headroom_base,
            headroom_span,
            gap_deprived,
            gap_affluent,
            out,
        )
        sum_region(
            r,
            out[r, K.members] > 0.0,
            roles,
            national,
            direct,
            r_meetings,
            joined_self,
            joined_recruited,
            left,
            money,
            paid,
            lead_time,
            staff,
            beneficiaries,
            out,
        )
        out[r, K.awaited] = impatience
    for s in range(s_region.size):
        if s_present[s]:
            out[s_region[s], K.engagement] += engagement[s]
            out[s_region[s], K.sponsors] += 1.0
    for r in range(regions):
        for column in range(out.shape[1]):
            out[regions, column] += out[r, column]
    out[regions, K.effort_squares] = 0.0
    for s in range(6):
        out[regions, K.effort_squares] += all_efforts[s] * all_efforts[s]


@inlined
def observe_state(state: State, p: Parameters, month: int, row: Floats) -> None:
    """Write the sums of a state before `month`, (R + 1, K)."""
    orgs, ties, communities = state.orgs, state.ties, state.communities
    regions, levers = state.regions, state.levers
    observe(
        month,
        orgs.number,
        orgs.sector,
        orgs.eligible,
        orgs.member,
        orgs.commitment,
        orgs.mandate,
        orgs.agenda,
        orgs.remit,
        orgs.knowhow,
        orgs.measurement,
        orgs.time_left,
        orgs.joint_time,
        orgs.joint_effort,
        orgs.contacts,
        state.layout.region_start,
        state.layout.region_rows,
        ties.start,
        ties.near,
        ties.other,
        ties.reverse,
        ties.prior,
        ties.kept,
        ties.broken,
        ties.last_met,
        ties.aligned,
        state.layout.community_start,
        communities.children,
        communities.deprivation,
        communities.participating,
        communities.need,
        communities.delay,
        communities.baseline,
        communities.ordinary_service,
        communities.service,
        communities.joint,
        communities.everyday,
        communities.visible,
        communities.agenda,
        communities.has_agenda,
        communities.measured,
        regions.roles,
        regions.national,
        regions.direct,
        regions.meetings,
        regions.joined_self,
        regions.joined_recruited,
        regions.left,
        regions.money,
        regions.paid,
        regions.lead_time,
        state.backbones.staff,
        state.sponsors.region,
        state.sponsors.present,
        state.sponsors.engagement,
        levers.headroom,
        levers.engagement * levers.credibility,
        p.prior_weight,
        p.agree_scale,
        p.follow_min,
        p.everyday_reliability,
        p.effort_half,
        p.wb_max,
        p.wellbeing_base,
        p.wellbeing_deprivation,
        p.headroom_base,
        p.headroom_span,
        p.gap_deprived,
        p.gap_affluent,
        p.impatience,
        row,
    )


class Seen:
    """The sums of all recorded months by name, each (months, R + 1): regions, then overall."""

    def __init__(self, table: Floats) -> None:
        self.table = table

    def __getattr__(self, name: str) -> Floats:
        if name in Sums._fields:
            return self.table[:, :, getattr(K, name)]
        raise AttributeError(f"there is no sum called {name}{nearest(name, Sums._fields)}")

    @property
    def months(self) -> int:
        """Return how many months are recorded, month 0 among them."""
        return self.table.shape[0]


class Recorder:
    """What was observed: a row for each month from 0, regions and overall, and a column a sum.

    table : (rows, R + 1, K) float  NaN where nothing is recorded yet
    count : int                     rows that hold
    """

    def __init__(self, months: int, regions: int) -> None:
        self.table = np.full((months + 1, regions + 1, len(K)), np.nan)
        self.count = 0

    def make_room(self, month_index: int) -> None:
        """Give a run that goes on beyond its horizon as many rows more."""
        if month_index >= self.table.shape[0]:
            more = np.full((month_index + 1, *self.table.shape[1:]), np.nan)
            self.table = np.concatenate([self.table, more])

    def record(
        self, state: State, p: Parameters, month_index: int, month: int | None = None
    ) -> None:
        """Observe the state after `month_index` months into the row of that number.

        `month` is the month to come, whose twelve predecessors make a tie active; it is
        `month_index` unless the calendar of the run is another.
        """
        self.make_room(month_index)
        row = self.table[month_index]
        observe_state.py_func(state, p, month_index if month is None else month, row)
        self.count = month_index + 1

    def restore(self, recorded: Floats) -> None:
        """Put back what was recorded, (rows, R + 1, K); raises InputError for another shape."""
        if recorded.ndim != 3 or recorded.shape[1:] != self.table.shape[1:]:
            raise InputError(
                f"what was recorded has the shape {recorded.shape}; allowed is "
                f"(months, {self.table.shape[1]}, {self.table.shape[2]})"
            )
        self.count = recorded.shape[0]
        if self.count > self.table.shape[0]:
            self.table = np.full(recorded.shape, np.nan)
        self.table[: self.count] = recorded
        self.table[self.count :] = np.nan

    def seen(self) -> Seen:
        """Return the sums of the months that are recorded."""
        return Seen(self.table[: self.count])

    def values(self, names: Iterable[str] | None = None) -> dict[str, Floats]:
        """Return each outcome (all unless named) as (months, R + 1): regions, then overall.

        Raises InputError for a name that is no outcome.
        """
        seen = self.seen()
        return {name: find_outcome(name)(seen) for name in (OUTCOMES if names is None else names)}

    def frame(
        self,
        by_region: bool = False,
        names: Iterable[str] | None = None,
        region_names: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return month × outcomes of all regions together; with a column `region`, last of them
        "overall", if by region.
        """
        import pandas as pd

        values = self.values(names)
        months = np.arange(self.count)
        if not by_region:
            overall = {name: value[:, -1].copy() for name, value in values.items()}
            return pd.DataFrame({"month": months, **overall})
        places = self.table.shape[1]
        if region_names is None:
            region_names = [f"region {r + 1}" for r in range(places - 1)]
        labels = [*region_names, "overall"]
        return pd.DataFrame(
            {
                "month": np.repeat(months, places),
                "region": labels * self.count,
                **{name: value.reshape(-1) for name, value in values.items()},
            }
        )


# --- declarations ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """A number that is observed on the state: what it is called, means, and may be.

    unit     : in words for people
    better   : "higher", "lower", or "" where neither is better
    words    : one plain sentence
    bounds   : what it cannot leave; infinite where nothing bounds it
    headline : whether summaries show it first
    group    : a key of GROUPS
    """

    name: str
    unit: str
    better: Better
    words: str
    bounds: tuple[float, float]
    headline: bool
    group: Group
    function: Callable[[Seen], Floats]

    def __call__(self, seen: Seen) -> Floats:
        """Return (months, R + 1): regions, then overall."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.ascontiguousarray(self.function(seen), np.float64)


OUTCOMES: dict[str, Outcome] = {}
"""Every outcome by name, in the order of declaration."""

_INFINITE = float("inf")
ANY = (-_INFINITE, _INFINITE)
POSITIVE = (0.0, _INFINITE)
LEVEL = (0.0, 1.0)


def outcome(
    *,
    unit: str,
    words: str,
    group: Group,
    better: Better = "",
    bounds: tuple[float, float] = LEVEL,
    headline: bool = False,
    name: str = "",
) -> Callable[[Callable[[Seen], Floats]], Callable[[Seen], Floats]]:
    """Declare a function of the sums as an outcome under its own name, or `name` if given."""

    def declare(function: Callable[[Seen], Floats]) -> Callable[[Seen], Floats]:
        title = name or function.__name__
        if title in OUTCOMES:
            raise ValueError(f"the outcome {title} is declared twice")
        OUTCOMES[title] = Outcome(title, unit, better, words, bounds, headline, group, function)
        return function

    return declare


def find_outcome(name: str) -> Outcome:
    """Return the outcome of that name; raises InputError with the nearest name."""
    if name not in OUTCOMES:
        raise InputError(f"{name} is not an outcome.{nearest(name, OUTCOMES)}")
    return OUTCOMES[name]


def ratio(total: Floats, count: Floats) -> Floats:
    """Return total / count, NaN where the count is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count == 0.0, np.nan, total / np.where(count == 0.0, 1.0, count))


def known(level: Floats) -> Floats:
    """Return a level, 0 where there is nobody to have it."""
    return np.where(np.isnan(level), 0.0, level)


def a_month_before(sums: Floats) -> Floats:
    """Return the sums as they stood when the month began; month 0 as it stands."""
    return np.concatenate([sums[:1], sums[:-1]])


def mean_over_regions(regional: Floats, weight: Floats) -> Floats:
    """Return (months, R + 1): the regions' values and their mean, weighted, without the NaN."""
    weight = np.where(np.isnan(regional), 0.0, weight)
    total = (weight * np.where(np.isnan(regional), 0.0, regional)).sum(axis=1)
    return np.column_stack([regional, ratio(total, weight.sum(axis=1))])


def share_of_regions(regional: Flags) -> Floats:
    """Return (months, R + 1): 1 where it is so, and the share of regions."""
    return mean_over_regions(regional.astype(np.float64), np.ones(regional.shape))


def within_window(flow: Floats, months: int) -> Floats:
    """Return the sums of a flow over this and the months before it, `months` in all."""
    total = np.cumsum(flow, axis=0)
    total[months:] = total[months:] - total[:-months]
    return total


@kernel
def saturate(values):
    """Return 1 - exp(-x) of each value, (months, R + 1)."""
    result = np.empty(values.shape)
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            result[row, column] = 1.0 - exp(-values[row, column])
    return result


# --- membership


@outcome(
    unit="0..1",
    better="higher",
    headline=True,
    group="membership",
    words="Share of eligible organisations that take part.",
)
def member_share(seen: Seen) -> Floats:
    return ratio(seen.members, seen.eligible)


@outcome(
    unit="organisations",
    better="higher",
    bounds=POSITIVE,
    group="membership",
    words="Organisations that take part.",
)
def members(seen: Seen) -> Floats:
    return seen.members


@outcome(
    unit="organisations",
    bounds=POSITIVE,
    group="membership",
    words="Organisations that may take part.",
)
def eligible(seen: Seen) -> Floats:
    return seen.eligible


@outcome(
    unit="organisations since month 0",
    bounds=POSITIVE,
    group="membership",
    words="Joined on their own, drawn by trusted members and visible results.",
)
def joins_self(seen: Seen) -> Floats:
    return seen.joined_self


@outcome(
    unit="organisations since month 0",
    bounds=POSITIVE,
    group="membership",
    words="Joined because a cross-sectoral player recruited them.",
)
def joins_recruited(seen: Seen) -> Floats:
    return seen.joined_recruited


@outcome(
    unit="0..1",
    better="higher",
    group="membership",
    words="Share of all joins since month 0 that organisations made on their own.",
)
def self_joined_share(seen: Seen) -> Floats:
    return ratio(seen.joined_self, seen.joined_self + seen.joined_recruited)


@outcome(
    unit="organisations since month 0",
    better="lower",
    bounds=POSITIVE,
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
    unit="meetings a month",
    better="higher",
    bounds=POSITIVE,
    group="meetings",
    words="Partnership meetings of a member, started and received.",
)
def meetings_per_member(seen: Seen) -> Floats:
    return ratio(partnership_met(seen), a_month_before(seen.members))


@outcome(
    unit="meetings a month",
    better="higher",
    bounds=POSITIVE,
    group="meetings",
    words="Partnership meetings for each eligible organisation, started and received.",
)
def meetings_per_eligible(seen: Seen) -> Floats:
    return ratio(partnership_met(seen), seen.eligible)


@outcome(
    unit="meetings a month",
    better="higher",
    bounds=POSITIVE,
    group="meetings",
    words="Meetings of a member that members started themselves, at both parties.",
)
def own_meetings(seen: Seen) -> Floats:
    return ratio(seen.own, a_month_before(seen.members))


@outcome(
    unit="meetings a month",
    bounds=POSITIVE,
    group="meetings",
    words="Meetings of a member that were brokered in the region, at both parties.",
)
def brokered_meetings(seen: Seen) -> Floats:
    return ratio(seen.brokered, a_month_before(seen.members))


@outcome(
    unit="meetings a month",
    bounds=POSITIVE,
    group="meetings",
    words="Meetings of a member that a bridge builder arranged across regions, at both parties.",
)
def cross_region_meetings(seen: Seen) -> Floats:
    return ratio(seen.cross_region, a_month_before(seen.members))


@outcome(
    unit="meetings a month",
    bounds=POSITIVE,
    group="meetings",
    words="Everyday meetings of an organisation that knows anybody, member or not, started and "
    "received.",
)
def everyday_meetings_held(seen: Seen) -> Floats:
    return ratio(seen.everyday_met, seen.organisations)


@outcome(
    unit="0..1",
    group="meetings",
    words="Share of partnership meetings that a backbone arranged, across regions included.",
)
def brokered_share(seen: Seen) -> Floats:
    return ratio(seen.brokered + seen.cross_region, partnership_met(seen))


@outcome(
    unit="0..1",
    better="higher",
    group="meetings",
    words="Share of partnership meetings that members started themselves.",
)
def own_share(seen: Seen) -> Floats:
    return ratio(seen.own, partnership_met(seen))


# --- trust


@outcome(
    unit="0..1",
    better="higher",
    group="trust",
    words="Mean trust over ties between members of a region that met within twelve months; "
    "small remaining groups look healthy here.",
)
def trust_active(seen: Seen) -> Floats:
    return ratio(seen.active_trust, seen.active_ties)


@outcome(
    unit="0..1",
    better="higher",
    headline=True,
    group="trust",
    words="Mean trust over all ties between eligible organisations of a region; overall also "
    "over those between regions.",
)
def trust_eligible(seen: Seen) -> Floats:
    return ratio(seen.eligible_trust, seen.eligible_ties)


@outcome(
    unit="0..1",
    better="higher",
    group="trust",
    words="Trust as a survey on a scale of four would measure it over active ties: twice "
    "reliability and support, (1 + 3 trust) / 4, once shared aims, (1 + 3 alignment) / 4.",
)
def trust_survey(seen: Seen) -> Floats:
    both = 2.0 * seen.active_trust + seen.active_alignment
    return ratio((3.0 * seen.active_ties + 3.0 * both) / 4.0 / 3.0, seen.active_ties)


@outcome(
    unit="0..1",
    better="higher",
    group="trust",
    words="Weighted reciprocity over active ties: the share of remembered kept promises that "
    "the other side has answered, sum min(p_ij, p_ji) / sum p_ij (Squartini et al. 2013).",
)
def reciprocity(seen: Seen) -> Floats:
    return ratio(seen.active_answered, seen.active_kept)


@outcome(
    unit="0..1",
    better="higher",
    group="trust",
    words="Probability that a member keeps a promise to a fellow member without facilitation.",
)
def reliability(seen: Seen) -> Floats:
    return ratio(seen.reliability, seen.members)


# --- network: nodes are members, edges the ties within the region that met within twelve months


class Graph(NamedTuple):
    """What a region's network is measured by, (months, R) each.

    nodes, edges, most : how many, and the highest degree
    squares, cubes     : sums of degrees squared and cubed
    products           : sum over edges of the product of its two degrees
    triangles
    """

    nodes: Floats
    edges: Floats
    most: Floats
    squares: Floats
    cubes: Floats
    products: Floats
    triangles: Floats


def members_graph(seen: Seen) -> Graph:
    """Return the network of members."""
    return Graph(
        seen.members[:, :-1],
        seen.edges[:, :-1],
        seen.degree_max[:, :-1],
        seen.degree_squares[:, :-1],
        seen.degree_cubes[:, :-1],
        seen.degree_products[:, :-1],
        seen.triangles[:, :-1],
    )


def linked_graph(seen: Seen) -> Graph:
    """Return the network of members and the backbone."""
    return Graph(
        seen.linked_nodes[:, :-1],
        seen.linked_edges[:, :-1],
        seen.linked_degree_max[:, :-1],
        seen.linked_degree_squares[:, :-1],
        seen.linked_degree_cubes[:, :-1],
        seen.linked_degree_products[:, :-1],
        seen.linked_triangles[:, :-1],
    )


def density_of(graph: Graph) -> Floats:
    """Return edges / possible edges, of the regions and their mean."""
    possible = graph.nodes * (graph.nodes - 1.0) / 2.0
    return mean_over_regions(ratio(graph.edges, possible), graph.nodes)


def degree_centralisation_of(graph: Graph) -> Floats:
    """Return Freeman's sum (highest - degree) / ((n-1)(n-2)), of the regions and their mean."""
    star = np.maximum(0.0, graph.nodes - 1.0) * np.maximum(0.0, graph.nodes - 2.0)
    missing = graph.nodes * graph.most - 2.0 * graph.edges
    return mean_over_regions(ratio(missing, star), graph.nodes)


def transitivity_of(graph: Graph) -> Floats:
    """Return 3 triangles / connected triples, of the regions and their mean."""
    triples = (graph.squares - 2.0 * graph.edges) / 2.0
    return mean_over_regions(ratio(3.0 * graph.triangles, triples), graph.nodes)


def assortativity_of(graph: Graph) -> Floats:
    """Return the correlation of degrees over edges, of the regions and their mean.

    All sums are whole numbers, so a variance of zero is exactly zero.
    """
    mean_square = graph.squares * graph.squares
    covariance = 4.0 * graph.edges * graph.products - mean_square
    variance = 2.0 * graph.edges * graph.cubes - mean_square
    return mean_over_regions(ratio(covariance, variance), graph.nodes)


_NODES = "; overall the mean of the regions, weighted by nodes."
_BACKBONE = (
    ", with the backbone as a node where it has staff, tied to the members for which it has ever "
    "arranged a meeting"
)

_MEASURES: tuple[tuple[str, Callable[[Graph], Floats], str, tuple[float, float]], ...] = (
    ("density", density_of, "Share of possible ties between members that are active", LEVEL),
    (
        "degree_centralisation",
        degree_centralisation_of,
        "How far the network of members hangs on one of them (Freeman), 1 for a star",
        LEVEL,
    ),
    (
        "transitivity",
        transitivity_of,
        "How often two partners of a member are partners of each other",
        LEVEL,
    ),
    (
        "assortativity",
        assortativity_of,
        "Whether well connected members are tied to well connected ones (correlation of degrees)",
        (-1.0, 1.0),
    ),
)


def _declare_networks() -> None:
    for name, measure, words, bounds in _MEASURES:
        unit = "-1..1" if bounds[0] < 0.0 else "0..1"

        def alone(seen: Seen, measure: Callable[[Graph], Floats] = measure) -> Floats:
            return measure(members_graph(seen))

        def linked(seen: Seen, measure: Callable[[Graph], Floats] = measure) -> Floats:
            return measure(linked_graph(seen))

        outcome(unit=unit, words=words + _NODES, bounds=bounds, group="network", name=name)(alone)
        outcome(
            unit=unit,
            words=words + _BACKBONE + _NODES,
            bounds=bounds,
            group="network",
            name=f"{name}_with_backbone",
        )(linked)


_declare_networks()


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
    bounds=(-_INFINITE, 1.0),
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
    words="All external money since month 0; overall in all.",
)
def external_money_total(seen: Seen) -> Floats:
    return np.cumsum(seen.paid, axis=0) / 12.0


# --- the seven components; 0 where nobody is a member


@outcome(
    unit="0..1",
    better="higher",
    group="components",
    words="Common agenda: convergence of members' agendas times fit to need.",
)
def component_common_agenda(seen: Seen) -> Floats:
    return known(np.maximum(0.0, convergence(seen)) * fit_to_need(seen))


@outcome(
    unit="0..1",
    better="higher",
    group="components",
    words="Shared measurement: members' mean practice of it.",
)
def component_measurement(seen: Seen) -> Floats:
    return known(measurement(seen))


@outcome(
    unit="0..1",
    better="higher",
    group="components",
    words="Mutually reinforcing activities: quality of relations between those who work together, "
    "weighted by effort, times the evenness of effort over the six sectors (Gini-Simpson).",
)
def component_activities(seen: Seen) -> Floats:
    concentration = ratio(seen.effort_squares, seen.effort * seen.effort)
    sectors = len(SECTORS)
    evenness = np.maximum(0.0, (1.0 - concentration) * sectors / (sectors - 1.0))
    return known(ratio(seen.effort_quality, seen.effort) * evenness)


@outcome(
    unit="0..1",
    better="higher",
    group="components",
    words="Continuous communication: 1 - exp(-partnership meetings of a member / 2).",
)
def component_communication(seen: Seen) -> Floats:
    return saturate(np.ascontiguousarray(known(meetings_per_member(seen)) / 2.0))


@outcome(
    unit="0..1",
    better="higher",
    group="components",
    words="Backbone support: mean level of the nine roles, a lead organisation's in their place "
    "included; overall the mean of the regions.",
)
def component_backbone(seen: Seen) -> Floats:
    return role_level(seen, NATIONAL_ROLES, REGIONAL_ROLES)


@outcome(
    unit="0..1",
    better="higher",
    group="components",
    words="Beneficiary engagement: how far those concerned take part, times how far they trust "
    "the partnership; overall the mean of the regions.",
)
def component_beneficiaries(seen: Seen) -> Floats:
    return ratio(seen.beneficiaries, seen.regions)


@outcome(
    unit="0..1",
    better="higher",
    group="components",
    words="Investment: joint time, paid or own, and coordinating time, F / (F + effort_half "
    "children / 1000).",
)
def component_investment(seen: Seen) -> Floats:
    invested = seen.joint_time + seen.regional_staff + seen.national_staff + seen.lead
    return known(ratio(invested, invested + seen.need_time))


# --- functions of integrative leadership


class Function(NamedTuple):
    """A function of integrative leadership and the backbone roles that carry it."""

    words: str
    national: tuple[str, ...]
    regional: tuple[str, ...]


FUNCTIONS: dict[str, Function] = {
    "initiator": Function(
        "bringing issues crucial for the future into public discussion", ("futures",), ()
    ),
    "champion": Function(
        "gathering and motivating stakeholders, reconciling views, resolving conflicts",
        ("bridge",),
        ("cross_sectoral",),
    ),
    "sponsor": Function("legitimising collaboration and providing resources", (), ()),
    "facilitator": Function(
        "facilitating collaboration and mutual learning", ("implementation",), ("local_support",)
    ),
    "boundary_spanner": Function(
        "common goals, coordination, networks and sharing of information",
        ("evaluation", "knowledge"),
        ("cross_sectoral", "information_broker"),
    ),
    "catalyst": Function("stimulating actors to think out of the box", ("futures",), ()),
    "meta_governor": Function(
        "monitoring and managing collaboration",
        ("implementation", "evaluation"),
        ("local_support", "knowledge_gatherer"),
    ),
    "implementor": Function("implementing and administering", (), ("local_support",)),
    "broker": Function(
        "conveying practical and scientific knowledge", ("knowledge",), ("information_broker",)
    ),
}
"""K26 Table 3. The sponsor's function lies outside the backbone: no role carries it."""


def role_level(seen: Seen, national: Sequence[str], regional: Sequence[str]) -> Floats:
    """Return the mean level of some roles; overall the mean of the regions."""
    names = (*national, *regional)
    total = np.zeros(seen.regions.shape)
    for name in names:
        total = total + getattr(seen, name)
    return ratio(total, len(names) * seen.regions)


def _declare_functions() -> None:
    for name, carried in FUNCTIONS.items():
        title = name.replace("_", " ").capitalize()

        def level(seen: Seen, carried: Function = carried) -> Floats:
            if carried.national or carried.regional:
                return role_level(seen, carried.national, carried.regional)
            return ratio(np.maximum(0.0, seen.engagement), len(SPONSOR_KINDS) * seen.regions)

        roles = ", ".join((*carried.national, *carried.regional)).replace("_", " ")
        how = f"mean level of the roles {roles}" if roles else "mean engagement of four sponsors"
        outcome(
            unit="0..1",
            better="higher",
            group="functions",
            words=f"{title}, {carried.words}: {how}; overall the mean of the regions.",
            name=f"function_{name}",
        )(level)


_declare_functions()


# --- how the partnership stands

ACTIVE_MEMBERS, ACTIVE_SHARE, ACTIVE_JOINT = 3, 0.2, 0.01
"""An active partnership has at least so many members, more than this share, more joint activity."""
COMMON_AGENDA = 0.2
"""The level of common agenda at which initiation can end; judgement."""
PHASES = ("before", "initiation", "run", "re-design", "dormant")
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


@kernel
def follow_phases(members, ready, fit, active, ended):
    """Return (months, R): the place in PHASES of each region's partnership.

    Initiation lasts until the region is `ready`, at least 6 months. A run lasts 36 months, and up
    to 60 while the agenda fits children's need as well as when the run began. Re-design lasts 6
    months, and up to 12 until it fits better than when re-design began. A partnership that has
    ended is dormant; active again, it starts with initiation.
    """
    phases = np.zeros(active.shape)
    for r in range(active.shape[1]):
        phase = 0
        since = 0
        before = 0.0
        for month in range(active.shape[0]):
            lasts = month - since
            fits = fit[month, r]
            follows = phase
            if ended[month, r]:
                follows = 4
            elif phase == 0 or phase == 4:
                if members[month, r] > 0.0 and (phase == 0 or active[month, r]):
                    follows = 1
            elif phase == 1:
                if lasts >= 6 and ready[month, r]:
                    follows = 2
                elif members[month, r] == 0.0:
                    follows = 0
            elif phase == 2:
                if lasts >= 60 or (lasts >= 36 and fits < before):
                    follows = 3
            elif lasts >= 12 or (lasts >= 6 and fits > before):
                follows = 2
            if follows != phase:
                phase = follows
                since = month
                before = fits
            phases[month, r] = phase
    return phases


@outcome(
    unit="0 or 1",
    better="higher",
    group="status",
    words="Active partnership: three members, a fifth of the eligible, and joint activity; "
    "overall the share of regions.",
)
def partnership_active(seen: Seen) -> Floats:
    return share_of_regions(active_regions(seen))


@outcome(
    unit="0 or 1",
    better="higher",
    group="status",
    words="Published criterion: at least three organisations that still meet, here members who "
    "met another member within twelve months, in which there were partnership meetings; "
    "overall the share of regions.",
)
def partnership_meeting(seen: Seen) -> Floats:
    met = within_window(partnership_met(seen), WINDOW)[:, :-1] > 0.5
    return share_of_regions((seen.connected[:, :-1] >= 3.0) & met)


@outcome(
    unit="0 or 1",
    better="lower",
    group="status",
    words="A partnership that was once active and has been inactive for six months; overall the "
    "share of regions.",
)
def partnership_ended(seen: Seen) -> Floats:
    return share_of_regions(follow_endings(active_regions(seen), INACTIVE_MONTHS))


@outcome(
    unit="0 before, 1 initiation, 2 run, 3 re-design, 4 dormant",
    bounds=(0.0, 4.0),
    group="status",
    words="Phase of the partnership; overall the one in which most regions are.",
)
def phase(seen: Seen) -> Floats:
    active = active_regions(seen)
    wide = seen.members[:, :-1] > ACTIVE_SHARE * seen.eligible[:, :-1]
    shared = component_common_agenda(seen)[:, :-1] > COMMON_AGENDA
    funded = seen.paid[:, :-1] > 0.0
    regional = follow_phases(
        np.ascontiguousarray(seen.members[:, :-1]),
        np.ascontiguousarray(wide & shared & funded),
        np.ascontiguousarray(known(fit_to_need(seen))[:, :-1]),
        active,
        follow_endings(active, INACTIVE_MONTHS),
    )
    often = np.stack([(regional == code).sum(axis=1) for code in range(len(PHASES))], axis=1)
    return np.column_stack([regional, often.argmax(axis=1).astype(np.float64)])


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


# --- organisations ---------------------------------------------------------------------------


@kernel
def relate_each(start, near, other, member, prior, kept, broken, prior_weight, out):
    """Write, (N, 5): mean trust, mean trust x familiarity, both in the region only, and ties."""
    for i in range(member.size):
        out[i, :] = 0.0
        for tie in range(start[i], start[i + 1]):
            weight = prior_weight + kept[tie] + broken[tie]
            tau = (prior_weight * prior[tie] + kept[tie]) / weight
            depth = tau * (kept[tie] + broken[tie]) / weight
            out[i, 0] += tau
            out[i, 1] += depth
            out[i, 4] += 1.0
            if tie < near[i]:
                out[i, 2] += 1.0
                if member[other[tie]]:
                    out[i, 3] += 1.0


def organisation_frame(
    state: State, p: Parameters, region_names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return a row for each organisation, by permanent number, as it stands now.

    backbone_months are months since 0 with a meeting that a backbone arranged, self_started
    meetings since then; relationship is the mean of trust x familiarity over its ties, trust the
    mean of trust. Community is -1 for a regional body.
    """
    import pandas as pd

    orgs, ties, order = state.orgs, state.ties, state.layout.order
    related = np.empty((orgs.number.size, 5))
    relate_each(
        ties.start,
        ties.near,
        ties.other,
        orgs.member,
        ties.prior,
        ties.kept,
        ties.broken,
        p.prior_weight,
        related,
    )
    sectors = np.array(SECTORS)
    region: Ints | list[str] = orgs.region[order]
    if region_names is not None:
        region = [region_names[r] for r in orgs.region[order]]
    columns = {
        "number": orgs.number[order],
        "region": region,
        "community": orgs.community[order],
        "sector": sectors[orgs.sector[order]],
        "eligible": orgs.eligible[order],
        "member": orgs.member[order],
        "own_time": orgs.own_time[order],
        "ties": related[order, 4].astype(np.int64),
        "ties_in_region": related[order, 2].astype(np.int64),
        "members_around": related[order, 3].astype(np.int64),
        "trust": ratio(related[order, 0], related[order, 4]),
        "relationship": ratio(related[order, 1], related[order, 4]),
        "backbone_months": orgs.contacts[order],
        "self_started": orgs.self_started[order],
        "commitment": orgs.commitment[order],
        "mandate": orgs.mandate[order],
        "knowhow": orgs.knowhow[order],
        "measurement": orgs.measurement[order],
        "time_left": orgs.time_left[order],
        "benefit": orgs.benefit[order],
        "met": orgs.met[order],
        "joint_time": orgs.joint_time[order],
        "everyday_time": orgs.everyday_time[order],
        "service_time": orgs.service_time[order],
        "joint_effort": orgs.joint_effort[order],
    }
    return pd.DataFrame(columns)
