"""What is summed: one compiled reducer turns the state of a month into sums.

Only an outcome that needs a new sum adds a field to `Sums` and the line that fills it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.model.arithmetic import exp
from cisim.model.input_error import nearest
from cisim.model.kernel import kernel
from cisim.model.process import bind, columns
from cisim.model.processes.trust import reliability as keeps_promises
from cisim.model.relations import alignment
from cisim.model.state import NATIONAL_ROLES, PUBLIC, REGIONAL_ROLES, Flags, Floats

SPONSORS, LEAD = "sponsors", "lead"
HOLDERS = (*NATIONAL_ROLES, *REGIONAL_ROLES, SPONSORS, LEAD)
"""Who may carry a function of leadership: roles of both levels, sponsors, a lead organisation."""
Holders = Mapping[str, tuple[str, ...]]
"""Who of HOLDERS carries each function; see functions.py."""

WINDOW = 12
"""Months within which a meeting keeps a tie active."""


class Sums(NamedTuple):
    """The columns of the table: sums over a region, in the last row over all regions.

    They stand part by part: each part is summed only where it is asked for, and is NaN elsewhere.
    The overall row of `degree_max` and `linked_degree_max` means nothing.
    """

    # --- REGION, which is summed with any other
    regions: int  # 1; overall R
    members: int
    # meetings this month, counted at both parties
    own: int
    brokered: int
    cross_region: int
    everyday_met: int
    joined_self: int  # since month 0, as are the two that follow
    joined_recruited: int
    left: int
    # money and staff, FTE
    money: int  # of sponsors
    paid: int  # all external money
    lead: int
    regional_staff: int
    national_staff: int
    # sponsors
    engagement: int
    sponsors: int  # that are present
    # levels, 0..1
    cross_sectoral: int
    local_support: int
    knowledge_gatherer: int
    information_broker: int
    futures: int
    implementation: int
    evaluation: int
    bridge: int
    knowledge: int
    beneficiaries: int  # engagement x what communities believe, where there are members
    reinforced: int  # how far sectors may add to each other
    told: int  # how far the partnership tells of itself
    awaited: int  # impatience: what members wait for
    phase: int  # a place in PHASES; its overall row means nothing
    redesigns: int  # that are completed
    tried: int  # how wide what is tried is
    believed: int  # trust of communities in the partnership, child-weighted
    # --- ORGANISATIONS
    organisations: int  # that know anybody
    eligible: int
    eligible_public: int
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
    effort_squares: int  # sum over sectors of the sector's effort squared
    # who knows whom in a region, members or not
    here: int  # organisations
    acquainted: int  # ties, counted at both ends
    acquainted_max: int  # the most of one organisation; its overall row means nothing
    formed: int  # ties, this month
    lapsed: int
    together: int  # organisations in the largest group that ties connect
    # --- TIES within a region, counted at both ends; overall `eligible_*` are those between, too
    effort: int  # y of members, FTE
    effort_quality: int  # y times the mean of tau f A over fellow members in the region
    eligible_ties: int
    eligible_trust: int
    member_ties: int
    member_alignment: int
    active_ties: int  # between members
    active_trust: int
    active_alignment: int
    active_kept: int  # kept promises that are remembered
    active_answered: int  # those of them that the other side has answered
    # --- NETWORK: nodes are members, edges active ties
    edges: int
    connected: int  # members with an edge
    degree_max: int
    degree_squares: int
    degree_cubes: int
    degree_products: int  # over edges
    triangles: int
    # the same network with the backbone as one node more
    linked_nodes: int
    linked_edges: int
    linked_degree_max: int
    linked_degree_squares: int
    linked_degree_cubes: int
    linked_degree_products: int
    linked_triangles: int
    # --- COMMUNITIES, weighted by children
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


K = Sums(*range(len(Sums._fields)))
"""The place of each sum in the table."""

Parts = NDArray[np.int64]
REGION, ORGANISATIONS, TIES, NETWORK, COMMUNITIES = 1, 2, 4, 8, 16
"""Parts of the sums, as bits."""
EVERYTHING = REGION | ORGANISATIONS | TIES | NETWORK | COMMUNITIES
BEGINS = (K.regions, K.organisations, K.effort, K.edges, K.children, len(K))
"""Where each part begins among the columns, and where the last one ends."""


def columns_of(parts: Parts) -> Flags:
    """Return which sums are among the parts of each month, (months, K)."""
    found = np.zeros((parts.size, len(K)), bool)
    for part in range(len(BEGINS) - 1):
        found[(parts >> part & 1).astype(bool), BEGINS[part] : BEGINS[part + 1]] = True
    return found


def part_of(name: str) -> int:
    """Return the parts that are summed to have a sum: its own, and what that stands on."""
    place = getattr(K, name)
    part = next(1 << at for at in range(len(BEGINS) - 1) if place < BEGINS[at + 1])
    return part | REGION | (TIES if part == NETWORK else 0)


# --- the monthly reducer ---------------------------------------------------------------------


@kernel
def sum_organisations(
    r,
    region_start,
    region_rows,
    start,
    near,
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
    accountability,
    follow_min,
    everyday_reliability,
    efforts,
    out,
):
    """Sum the organisations of region `r` into row `r` of `out`, and efforts by sector, (6,)."""
    count = 0
    ties = 0
    most = 0
    for at in range(region_start[r], region_start[r + 1]):
        i = region_rows[at]
        ties += near[i] - start[i]
        most = max(most, near[i] - start[i])
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
                i,
                False,
                commitment,
                mandate,
                time_left,
                measurement,
                accountability,
                follow_min,
                everyday_reliability,
            )
            out[r, K.joint_time] += joint_time[i]
            efforts[sector[i]] += joint_effort[i]
    out[r, K.here] = region_start[r + 1] - region_start[r]
    out[r, K.acquainted] = ties
    out[r, K.acquainted_max] = most
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
def trust_all(prior, kept, broken, prior_weight, trusts, per):
    """Write the trust of every tie, and 1 / (n0 + e), in one simple loop."""
    for tie in range(prior.size):
        per[tie] = 1.0 / (prior_weight + kept[tie] + broken[tie])
        trusts[tie] = (prior_weight * prior[tie] + kept[tie]) * per[tie]


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
    trusts,
    per,
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
        me = number[i]
        if eligible[i]:
            for tie in range(start[i], near[i]):
                j = np.uintp(other[tie])
                if number[j] > me and eligible[j]:
                    ties += 1
                    trusted += trusts[tie] + trusts[np.uintp(reverse[tie])]
        if member[i]:
            for tie in range(start[i], near[i]):
                j = np.uintp(other[tie])
                if not member[j] or number[j] < me:
                    continue
                back = np.uintp(reverse[tie])
                agrees = aligned[tie]
                member_ties += 1
                agreed += agrees
                fellows[i] += 1.0
                fellows[j] += 1.0
                quality[i] += trusts[tie] * (kept[tie] + broken[tie]) * per[tie] * agrees
                quality[j] += trusts[back] * (kept[back] + broken[back]) * per[back] * agrees
                if last_met[tie] >= since:
                    active += 1
                    active_trusted += trusts[tie] + trusts[back]
                    active_agreed += agrees
                    active_kept += kept[tie] + kept[back]
                    active_answered += 2.0 * min(kept[tie], kept[back])
                    degree[i] += 1
                    degree[j] += 1
                    ahead[filled] = j
                    filled += 1
        ahead_end[i] = filled
        if eligible[i]:
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
def believe(r, community_start, children, trust, credibility, earned_trust):
    """Return how far the communities of region `r` believe the partnership, child-weighted."""
    if earned_trust <= 0.0:
        return credibility
    earned = 0.0
    everybody = 0.0
    for c in range(community_start[r], community_start[r + 1]):
        earned += children[c] * trust[c]
        everybody += children[c]
    return credibility + earned_trust * (earned / everybody - credibility)


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
    phase,
    redesigns,
    tried,
    staff,
    engagement,
    believed,
    reinforced,
    told,
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
    out[r, K.phase] = phase[r]
    out[r, K.redesigns] = redesigns[r]
    out[r, K.tried] = tried[r]
    out[r, K.believed] = believed
    out[r, K.regional_staff] = staff[r + 1]
    out[r, K.national_staff] = staff[0] / regions
    if member_there:
        for z in range(4):
            out[r, K.cross_sectoral + z] = roles[r, z]
        for z in range(5):
            passed_on = national[r, z] * roles[r, 3]
            out[r, K.futures + z] = 1.0 - (1.0 - direct[r, z]) * (1.0 - passed_on)
        out[r, K.beneficiaries] = engagement * believed
    out[r, K.reinforced] = reinforced
    out[r, K.told] = told


@kernel
def observe(
    month,
    asked,
    # organisations
    number,
    sector,
    eligible,
    member,
    commitment,
    mandate,
    orgs_agenda,
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
    communities_agenda,
    has_agenda,
    measured,
    trust,
    # regions, backbones, sponsors
    roles,
    national,
    direct,
    meetings,
    joined_self,
    joined_recruited,
    left,
    money,
    paid,
    lead_time,
    phase,
    redesigns,
    tried,
    formed,
    lapsed,
    together,
    staff,
    sponsors_region,
    present,
    sponsors_engagement,
    # levers and parameters
    headroom,
    levers_engagement,
    credibility,
    earned_trust,
    accountability,
    reinforcing_activities,
    communication,
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
    row,
):
    """Write the sums of one month, (R+1, K): regions, then overall; NaN in parts not asked for."""
    size = member.size if asked & TIES else 0
    regions = money.size
    degree = np.zeros(size, np.int64)
    ahead_start = np.zeros(size, np.int64)
    ahead_end = np.zeros(size, np.int64)
    ahead = np.empty(other.size // 2 if asked & TIES else 0, np.int32)
    mark = np.full(size, -1, np.int64)
    quality = np.zeros(size)
    fellows = np.zeros(size)
    efforts = np.zeros(6)
    all_efforts = np.zeros(6)
    trusts = np.empty(other.size if asked & TIES else 0)
    per = np.empty(trusts.size)
    if asked & TIES:
        trust_all(prior, kept, broken, prior_weight, trusts, per)
    for part in range(len(BEGINS) - 1):
        row[:, BEGINS[part] : BEGINS[part + 1]] = 0.0 if asked & (1 << part) else np.nan
    for r in range(regions):
        row[r, K.regions] = 1.0
        for at in range(region_start[r], region_start[r + 1]):
            if member[region_rows[at]]:
                row[r, K.members] += 1.0
        if asked & ORGANISATIONS:
            efforts[:] = 0.0
            sum_organisations(
                r,
                region_start,
                region_rows,
                start,
                near,
                sector,
                eligible,
                member,
                commitment,
                mandate,
                orgs_agenda,
                remit,
                knowhow,
                measurement,
                time_left,
                joint_time,
                joint_effort,
                accountability,
                follow_min,
                everyday_reliability,
                efforts,
                row,
            )
            row[r, K.formed] = formed[r]
            row[r, K.lapsed] = lapsed[r]
            row[r, K.together] = together[r] * row[r, K.here]
            for s in range(6):
                all_efforts[s] += efforts[s]
                row[r, K.effort_squares] += efforts[s] * efforts[s]
        if asked & TIES:
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
                trusts,
                per,
                degree,
                ahead_start,
                ahead_end,
                ahead,
                quality,
                fellows,
                row,
            )
        if asked & NETWORK:
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
                row,
            )
        if asked & COMMUNITIES:
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
                communities_agenda,
                has_agenda,
                measured,
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
                row,
            )
        sum_region(
            r,
            row[r, K.members] > 0.0,
            roles,
            national,
            direct,
            meetings,
            joined_self,
            joined_recruited,
            left,
            money,
            paid,
            lead_time,
            phase,
            redesigns,
            tried,
            staff,
            levers_engagement,
            believe(r, community_start, children, trust, credibility, earned_trust),
            reinforcing_activities,
            communication,
            row,
        )
        row[r, K.awaited] = impatience
    for s in range(sponsors_region.size):
        if present[s]:
            row[sponsors_region[s], K.engagement] += sponsors_engagement[s]
            row[sponsors_region[s], K.sponsors] += 1.0
    for r in range(regions):
        for column in range(row.shape[1]):
            row[regions, column] += row[r, column]
    if asked & ORGANISATIONS:
        row[regions, K.effort_squares] = 0.0
        for s in range(6):
            row[regions, K.effort_squares] += all_efforts[s] * all_efforts[s]


OBSERVED = ("month", "asked", "row")
"""What observing is given beside columns and parameters."""
observe_state = bind(
    observe,
    columns(
        """
        orgs.number .sector .eligible .member .commitment .mandate .agenda .remit .knowhow
        .measurement .time_left .joint_time .joint_effort .contacts
        layout.region_start .region_rows .community_start
        ties.start .near .other .reverse .prior .kept .broken .last_met .aligned
        communities.children .deprivation .participating .need .delay .baseline .ordinary_service
        .service .joint .everyday .visible .agenda .has_agenda .measured .trust
        regions.roles .national .direct .meetings .joined_self .joined_recruited .left .money .paid
        .lead_time .phase .redesigns .tried .formed .lapsed .together
        backbones.staff
        sponsors.region .present .engagement
        levers.headroom .engagement .credibility .earned_trust .accountability
        .reinforcing_activities
        .communication
        """
    ),
    OBSERVED,
)
"""Write the asked parts of the sums of a state before `month` into `row`, (R + 1, K)."""


class Seen:
    """The sums of all recorded months by name, each (months, R + 1): regions, then overall.

    holders : who carries each function of leadership, None where that is not known
    """

    def __init__(self, table: Floats, holders: Holders | None = None) -> None:
        self.table, self.holders = table, holders

    def __getattr__(self, name: str) -> Floats:
        """Return a sum in a row of memory, kept for the outcomes that look at it next."""
        if name in Sums._fields:
            found = self.__dict__[name] = self.table[:, :, getattr(K, name)].copy()
            return found
        raise AttributeError(f"there is no sum called {name}{nearest(name, Sums._fields)}")

    def held(self, function: str) -> tuple[str, ...] | None:
        """Return who carries a function of leadership, None where no table is known."""
        return None if self.holders is None else self.holders.get(function, ())

    @property
    def months(self) -> int:
        """Return how many months are recorded, month 0 among them."""
        return self.table.shape[0]
