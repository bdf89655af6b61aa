"""Sponsors: leaders outside the backbone see results, engage, pay, and give mandates.

    o_r    = min(1, (R_r + L_r) / 2),  L_r = sum of members' k / eligible
    seen_r = sqrt(link) (o_r + advocacy_effect XA_r (1 - o_r))
    gamma  = sponsor_base min(1, loose_gain link)
    g*_r   = gamma + (1 - sponsor_base) sponsor_response seen_r
    g     += (g*_r - g) / sponsor_time       rising: loose_gain link times as fast
    Y_r    = sum over sponsors of sponsor_budget (g - sponsor_base)+ / (1 - sponsor_base)
    YB_r   = min(Y_r, max(backbone_share Y_r, core_post)) where a regional backbone works, else 0
    F_r   += (seed money + YB_r - F_r) / hiring_time       rising; falling at once

    mu*_i  = mandate_min + (1 - mandate_min) (1 - prod(1 - g_p J_pi))          public organisations
    mu*_i  = mandate_start + (1 - mandate_start) sponsor_response V_i          others
    mu_i  += (mu*_i - mu_i) / mandate_time   rising, public: loose_gain link times as fast
    V_i    = R (1 - own_weight + own_weight A(x_joint, a_i))                   eligible, else 0

R, the agendas of joint work and the reach of advocacy XA are last month's. The coordinator is paid
first (YB); the rest, and grants that are earmarked, pay members' joint work in proportion to their
time B. Grants that are not earmarked add to own time, B = B0 + the grant. A sponsor who is not
there has no engagement; a hostile one (g below 0) lowers mandates, never below 0, and pays nothing.

Reads   orgs, communities.visible and .agenda, regions.visible, .agenda, .advocacy, .link, .fte,
        .grant_end, sponsors, backbones
Writes  sponsors.engagement, orgs.mandate, .time, .extra, .benefit, regions.money, .grants, .seen,
        backbones.staff
Source  K26 Missing function of sponsors (existence: they legitimise and enable resourcing, and are
        only loosely connected); R21 (limited mandates); V20 Gillam 2016 (policy mandates); sizes:
        judgement
"""

from __future__ import annotations

import math

from cisim.model.kernel import inlined, kernel
from cisim.model.luck import Luck
from cisim.model.parameters import Parameters
from cisim.model.relations import alignment
from cisim.model.state import PUBLIC, State


@kernel
def sponsor(
    month,
    # organisations
    sector,
    community,
    remit,
    own_time,
    eligible,
    member,
    commitment,
    mandate,
    time,
    extra,
    benefit,
    region_start,
    region_rows,
    # results and joint agendas of last month
    c_visible,
    c_agenda,
    c_has,
    r_visible,
    r_agenda,
    r_has,
    advocacy,
    # sponsors
    s_region,
    s_present,
    engagement,
    jurisdiction,
    budget,
    link,
    # money
    seen,
    money,
    grants,
    fte,
    grant_end,
    exists,
    planned,
    b_start,
    b_seed_end,
    b_end,
    staff,
    # levers
    backbone_share,
    grant_nat,
    grant_reg,
    grant_joint,
    # parameters
    sponsor_base,
    sponsor_response,
    sponsor_time,
    sponsor_budget,
    core_post,
    advocacy_effect,
    mandate_min,
    mandate_start,
    mandate_time,
    hiring_time,
    loose_gain,
    own_weight,
    agree_scale,
):
    """Move engagement and mandates, and share out the money, in place, region by region."""
    regions = link.size
    eligible_time_all = 0.0
    for r in range(regions):
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                eligible_time_all += own_time[i]
    first = 0
    for r in range(regions):
        last = first
        while last < s_region.size and s_region[last] == r:
            last += 1
        members = 0
        eligibles = 0
        committed = 0.0
        eligible_time = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                eligibles += 1
                eligible_time += own_time[i]
                # visible results, discounted where they lie off the own remit
                c = community[i]
                agrees = 1.0
                if c >= 0:
                    shows = c_visible[c]
                    if c_has[c]:
                        agrees = alignment(c_agenda, c, remit, i, agree_scale)
                else:
                    shows = r_visible[r]
                    if r_has[r]:
                        agrees = alignment(r_agenda, r, remit, i, agree_scale)
                benefit[i] = shows * (1.0 - own_weight + own_weight * agrees)
            else:
                benefit[i] = 0.0
            if member[i]:
                members += 1
                committed += commitment[i]

        # engagement: how truly it is seen, and how soon it answers
        visible = r_visible[r]
        there = min(1.0, (visible + (committed / eligibles if eligibles else 0.0)) / 2.0)
        seen[r] = math.sqrt(link[r]) * (there + advocacy_effect * advocacy[r] * (1.0 - there))
        goodwill = sponsor_base * min(1.0, loose_gain * link[r])
        heading = goodwill + (1.0 - sponsor_base) * sponsor_response * seen[r]
        paid = 0.0
        for s in range(first, last):
            if not s_present[s]:
                engagement[s] = 0.0
                continue
            change = (heading - engagement[s]) / sponsor_time
            engagement[s] += change * (loose_gain * link[r] if change > 0.0 else 1.0)
            above = max(0.0, engagement[s] - sponsor_base)
            paid += sponsor_budget * budget[s] * above / (1.0 - sponsor_base)
        money[r] = paid

        # the coordinator is paid first
        works = exists[r + 1] and b_start[r + 1] <= month < b_end[r + 1]
        post = min(paid, max(backbone_share * paid, core_post)) if works else 0.0
        if works:
            target = post + (planned[r + 1] if month < b_seed_end[r + 1] else 0.0)
            change = target - staff[r + 1]
            staff[r + 1] += change / hiring_time if change > 0.0 else change
        else:
            staff[r + 1] = 0.0

        # grants: to own time, or earmarked to joint work
        grant = 0.0
        if eligible_time > 0.0:
            grant = grant_nat * eligible_time / eligible_time_all
            if month < grant_end[r]:
                grant += grant_reg * fte[r]
        own_part = (1.0 - grant_joint) * grant
        joint_part = grant_joint * grant if members else 0.0
        grants[r] = own_part + joint_part
        per_time = own_part / eligible_time if eligible_time > 0.0 else 0.0
        member_time = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            time[i] = own_time[i] + (own_time[i] * per_time if eligible[i] else 0.0)
            if member[i]:
                member_time += time[i]
        for_members = paid - post + joint_part
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            extra[i] = for_members * time[i] / member_time if member[i] else 0.0

            # mandates
            if sector[i] < PUBLIC:
                local = 1 if community[i] >= 0 else 0
                without = 1.0
                for s in range(first, last):
                    without *= 1.0 - engagement[s] * jurisdiction[s, sector[i], local]
                aim = max(0.0, mandate_min + (1.0 - mandate_min) * (1.0 - without))
                change = (aim - mandate[i]) / mandate_time
                mandate[i] += change * (loose_gain * link[r] if change > 0.0 else 1.0)
            else:
                aim = mandate_start + (1.0 - mandate_start) * sponsor_response * benefit[i]
                mandate[i] += (aim - mandate[i]) / mandate_time
        first = last


@inlined
def engage_sponsors(state: State, p: Parameters, luck: Luck) -> None:
    """Let sponsors see, engage, pay and give mandates."""
    orgs, communities, regions = state.orgs, state.communities, state.regions
    backbones, sponsors, levers = state.backbones, state.sponsors, state.levers
    sponsor(
        luck.month,
        orgs.sector,
        orgs.community,
        orgs.remit,
        orgs.own_time,
        orgs.eligible,
        orgs.member,
        orgs.commitment,
        orgs.mandate,
        orgs.time,
        orgs.extra,
        orgs.benefit,
        state.layout.region_start,
        state.layout.region_rows,
        communities.visible,
        communities.agenda,
        communities.has_agenda,
        regions.visible,
        regions.agenda,
        regions.has_agenda,
        regions.advocacy,
        sponsors.region,
        sponsors.present,
        sponsors.engagement,
        sponsors.jurisdiction,
        sponsors.budget,
        regions.link,
        regions.seen,
        regions.money,
        regions.grants,
        regions.fte,
        regions.grant_end,
        backbones.exists,
        backbones.planned,
        backbones.start,
        backbones.seed_end,
        backbones.end,
        backbones.staff,
        levers.backbone_share,
        levers.grant_nat,
        levers.grant_reg,
        levers.grant_joint,
        p.sponsor_base,
        p.sponsor_response,
        p.sponsor_time,
        p.sponsor_budget,
        p.core_post,
        p.advocacy_effect,
        p.mandate_min,
        p.mandate_start,
        p.mandate_time,
        p.hiring_time,
        p.loose_gain,
        p.own_weight,
        p.agree_scale,
    )
