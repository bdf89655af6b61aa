"""Sponsors: leaders outside the backbone see results, engage, pay, and give mandates.

    o_r    = min(1, (R_r + L_r) / 2),  L_r = sum of members' k / eligible
    shown_r = (o_r + advocacy_effect XA_r (1 - o_r)) (1 + communication) / 2
    gamma_p = sponsor_base min(1, loose_gain link_p)
    g*_p   = gamma_p + (1 - sponsor_base) sponsor_response sqrt(link_p) shown_r
    g_p   += (g*_p - g_p) / sponsor_time       rising: loose_gain link_p times as fast
    Y_p    = min(cap_p, b_p sponsor_budget (g_p - sponsor_base)+ / (1 - sponsor_base)) investment
    Y_r    = sum over sponsors of Y_p
    YB_r   = min(Y_r, max(backbone_share Y_r, core_post), cap_r)   0 where no post has such a payer
    F_r   += (planned_r + YB_r - F_r) / hiring_time        rising; falling at once

    mu*_i  = mandate_min + (1 - mandate_min) L'_i                              public organisations
    L'_i   = L_i (1 + steering_mandate strategic (1 - L_i)),  L_i = 1 - prod(1 - g_p J_pi)
    mu*_i  = mandate_start + (1 - mandate_start) sponsor_response V_i          others
    mu_i  += (mu*_i - mu_i) / mandate_time   rising, public: loose_gain link_i times as fast
    O_i    = 1 - prod(1 - (-g_p)+ J_pi)                                        public organisations
    V_i    = R (1 - w + w A(x_joint, a_i))                                     eligible, else 0
    w      = own_weight (1 - shared_credit EI)

R, the agendas of joint work, the reach of advocacy XA and of the information broker EI are last
month's. strategic is 1 where the steering group is so and L_i is above 0, else 0. The wider the
scope of the agenda, the more counts as within the own remit: A in V has agree_scale scope. Before
month 0 sponsors are loosely linked and see nothing: g = sponsor_base, and mu = mu* of public
organisations, mandate_start of others, so that nothing drifts when nothing begins.

Where sponsors pay a post by this rule (cap_r above 0), it comes first (YB); the rest, and grants
that are earmarked, pay members' joint work in proportion to their time B; so does what backbones
pay for local action (processes/posts.py), which is own time where there are no members. Grants that
are not earmarked add to own time, B = B0 + the grant. What sponsors pay is booked to their kind,
grants to the foundation. A sponsor who is not there has no engagement; a hostile one (g below 0)
lowers mandates, never below 0, pays nothing, and wants members out (O, which membership.py acts
on). Each sponsor has a link of its own; link_i is the closest of those who stand behind i (J and g
above 0), and where nobody does, mandates that were pushed down come back at the plain pace.

All money is multiplied by the lever investment, as posts are (processes/posts.py).

Where all money is that of another scenario, sponsors see, engage and give mandates, and pay nothing
of their own: what the other scenario's payers, sponsors among them, pay in the same region, month
and future is the grant, booked to the same payers. Its earmarked part is own time where there are
no members.

Source  K26 Missing function of sponsors (existence: they legitimise and enable resourcing, and are
        only loosely connected); R21 (limited mandates); V20 Gillam 2016 (policy mandates); sizes:
        judgement
"""

from __future__ import annotations

import math

import numpy as np

from cisim.model.arithmetic import exp_each
from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity
from cisim.model.relations import apart
from cisim.model.state import FOUNDATION, PUBLIC


class Sponsors(Submodel):
    """Sponsors, money and mandates."""

    sponsor_base: float = quantity(
        0.127,
        unit="–",
        bounds=(0, 0.95),
        plausible=(0.05, 0.3),
        evidence=Evidence(
            "K26",
            "Sector directors and political leaders legitimise the work and enable resourcing "
            "though only loosely or unofficially connected (Missing function of sponsors). How "
            "engaged they are before they see anything is judgement.",
            ("existence",),
        ),
        meaning="The goodwill of a sponsor who has seen no results yet.",
    )
    sponsor_response: float = quantity(
        0.523,
        unit="–",
        bounds=(0, 1),
        plausible=(0.4, 1),
        evidence=judged("Sponsors back what they see working; how strongly is not in a source."),
        meaning="How far sponsors and executives come to support a partnership whose results they "
        "see.",
    )
    sponsor_time: float = quantity(
        15.2,
        unit="months",
        bounds=(2, 240),
        plausible=(9, 36),
        evidence=judged("About a budget cycle and a half."),
        meaning="How long a sponsor takes to change its mind.",
    )
    sponsor_budget: float = quantity(
        1.68,
        unit="FTE/sponsor",
        bounds=(0, 50),
        plausible=(0.5, 3),
        evidence=Evidence(
            "K26",
            "Regions after the first four finance their work from their own budgets "
            "(Introduction); a region usually has one to two development workers (Research data). "
            "How much a fully engaged sponsor would pay is judgement.",
            ("existence",),
        ),
        meaning="The staff that a fully engaged sponsor pays for.",
    )
    core_post: float = quantity(
        0.0607,
        unit="FTE",
        bounds=(0, 10),
        plausible=(0, 0.5),
        evidence=Evidence(
            "Gloppen 2012",
            "Twenty months after study support ended two thirds of the coalitions had a paid staff "
            "person: the post survives more often than not. Its size here is judgement.",
            ("existence",),
        ),
        meaning="The part of a regional coordinator's post that sponsors pay before anything else.",
    )
    advocacy_effect: float = quantity(
        0.329,
        unit="–",
        bounds=(0, 1),
        plausible=(0, 0.6),
        evidence=Evidence(
            "NZ",
            "Building public will, advancing policy and mobilising funding are three of a "
            "backbone's six responsibilities (so too V20). Whether they work, and how much, is "
            "judgement; 0 is none.",
            ("existence",),
        ),
        meaning="How much more sponsors see because backbones speak to them and to the public.",
    )
    mandate_min: float = quantity(
        0.224,
        unit="–",
        bounds=(0, 1),
        plausible=(0.1, 0.35),
        evidence=Evidence(
            "R21",
            "Individuals with a limited mandate struggle with work across organisations (Mutually "
            "reinforcing activities). How limited is judgement.",
            ("existence", "sign"),
        ),
        meaning="What a representative may promise when no sponsor stands behind the work.",
    )
    mandate_start: float = quantity(
        0.429,
        unit="–",
        bounds=(0, 1),
        plausible=(0.35, 0.6),
        evidence=Evidence(
            "R21",
            "The initiation phase needs resources and the right individuals early on (Essential "
            "activities), so a beginning has some licence. Its level is judgement.",
            ("existence",),
        ),
        meaning="What representatives of associations and firms may promise at the start; those of "
        "public services may promise what sponsors' goodwill leaves them.",
    )
    mandate_time: float = quantity(
        29.8,
        unit="months",
        bounds=(2, 240),
        plausible=(12, 36),
        evidence=judged("Licences lapse and grow slowly; no source says how slowly."),
        meaning="How long what a representative may promise takes to follow the sponsors.",
    )
    loose_gain: float = quantity(
        2,
        unit="–",
        bounds=(1, 2),
        constant=True,
        evidence=Evidence(
            "K26",
            "Loosely connected sponsors are what was observed; closer integration would realise "
            "the full benefit (Missing function of sponsors). The default numbers describe the "
            "loose link (.5), so the close one is twice that: the factor is judgement.",
            ("existence", "sign"),
        ),
        meaning="How many times faster than with the loose link observed in Finland sponsors warm "
        "to the work when they are fully integrated.",
    )
    steering_mandate: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "'The steering group should provide more strategic support than what has been done' "
            "(Mutually reinforcing activities). That it shows in what representatives may promise "
            "is our reading, the size judgement.",
            ("existence", "sign"),
        ),
        meaning="How much more sponsors' backing becomes a mandate where the steering group is "
        "strategic.",
    )
    jurisdiction_health: float = quantity(
        0.8,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Since 2023 counties organise health and social services (Introduction) and sector "
            "directors legitimise work there. The strength is judgement.",
            ("existence",),
        ),
        meaning="How far the official for health and social services can give a mandate to those "
        "regional bodies.",
    )
    jurisdiction_education: float = quantity(
        0.7,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Municipalities manage education and youth services (Introduction). The strength is "
            "judgement.",
            ("existence",),
        ),
        meaning="How far the official for education and youth can give a mandate to those "
        "services.",
    )
    jurisdiction_political: float = quantity(
        0.4,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Political authorities significantly influence the work, most of all by resources "
            "(Conclusions). The strength is judgement.",
            ("existence",),
        ),
        meaning="How far political leaders can give a mandate to all public services.",
    )
    jurisdiction_municipal: float = quantity(
        0.5,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Leaders in municipalities have a part in the work beside those of the county "
            "(Research data). The strength is judgement.",
            ("existence",),
        ),
        meaning="How far municipal leaders can give a mandate to local public services.",
    )
    hiring_time: float = quantity(
        6,
        unit="months",
        bounds=(1, 120),
        constant=True,
        evidence=judged("Posts are filled slowly; they end at once when the money ends."),
        meaning="How long it takes to fill a regional backbone's posts.",
    )


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
    opposed,
    region_start,
    region_rows,
    # results and joint agendas of last month
    communities_visible,
    communities_agenda,
    communities_has_agenda,
    regions_visible,
    regions_agenda,
    regions_has_agenda,
    advocacy,
    roles,
    # sponsors
    sponsors_region,
    sponsors_kind,
    present,
    engagement,
    jurisdiction,
    sponsors_budget,
    sponsors_cap,
    link,
    # money
    shown,
    money,
    grants,
    action,
    regions_fte,
    grant_end,
    planned,
    backbones_cap,
    sponsored,
    staff,
    payers_paid,
    given_paid,
    # levers
    backbone_share,
    grant_nat,
    grant_reg,
    grant_joint,
    levers_given,
    communication,
    investment,
    shared_credit,
    scope,
    strategic,
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
    steering_mandate,
):
    """Move engagement and mandates, and share out the money, in place, region by region."""
    regions = shown.size
    wide = agree_scale * scope
    agrees = np.zeros(member.size)  # logarithms: where nobody has an agenda all agree
    for r in range(regions):
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            c = community[i]
            if c >= 0 and communities_has_agenda[c]:
                agrees[i] = apart(communities_agenda, c, remit, i, wide)
            elif c < 0 and regions_has_agenda[r]:
                agrees[i] = apart(regions_agenda, r, remit, i, wide)
    exp_each(agrees)
    eligible_time_all = 0.0
    for r in range(regions):
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                eligible_time_all += own_time[i]
    first = 0
    for r in range(regions):
        last = first
        while last < sponsors_region.size and sponsors_region[last] == r:
            last += 1
        members = 0
        eligibles = 0
        committed = 0.0
        eligible_time = 0.0
        own_part = own_weight * (1.0 - shared_credit * roles[r, 3])
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                eligibles += 1
                eligible_time += own_time[i]
                # visible results, discounted where they lie off the own remit
                c = community[i]
                shows = communities_visible[c] if c >= 0 else regions_visible[r]
                benefit[i] = shows * (1.0 - own_part + own_part * agrees[i])
            else:
                benefit[i] = 0.0
            if member[i]:
                members += 1
                committed += commitment[i]

        # engagement: how truly it is seen, and how soon it answers
        visible = regions_visible[r]
        there = min(1.0, (visible + (committed / eligibles if eligibles else 0.0)) / 2.0)
        shown[r] = there + advocacy_effect * advocacy[r] * (1.0 - there)
        shown[r] *= (1.0 + communication) / 2.0
        for q in range(FOUNDATION):
            payers_paid[q, r] = 0.0
        for s in range(first, last):
            if not present[s]:
                engagement[s] = 0.0
                continue
            seen = math.sqrt(link[s]) * shown[r]
            goodwill = sponsor_base * min(1.0, loose_gain * link[s])
            heading = goodwill + (1.0 - sponsor_base) * sponsor_response * seen
            change = (heading - engagement[s]) / sponsor_time
            engagement[s] += change * (loose_gain * link[s] if change > 0.0 else 1.0)
            if levers_given == 0.0:
                above = max(0.0, engagement[s] - sponsor_base)
                own = sponsor_budget * sponsors_budget[s] * above / (1.0 - sponsor_base)
                payers_paid[sponsors_kind[s], r] += investment * min(sponsors_cap[s], own)

        # what another scenario's payers pay in this month
        if levers_given > 0.0:
            for q in range(payers_paid.shape[0]):
                theirs = given_paid[month, q, r] if month < given_paid.shape[0] else 0.0
                payers_paid[q, r] = investment * theirs
        paid = 0.0
        for q in range(FOUNDATION):
            paid += payers_paid[q, r]
        money[r] = paid

        # the coordinator is paid first
        post = 0.0
        if backbones_cap[r + 1] > 0.0:
            post = min(paid, max(backbone_share * paid, core_post), backbones_cap[r + 1])
        sponsored[r + 1] = post
        change = post + planned[r + 1] - staff[r + 1]
        staff[r + 1] += change / hiring_time if change > 0.0 else change

        # grants: to own time, or earmarked to joint work
        grant = 0.0
        if levers_given > 0.0:
            for q in range(FOUNDATION, payers_paid.shape[0]):
                grant += payers_paid[q, r]
            grant = grant + paid
            paid = 0.0
            joint_part = grant_joint * grant if members else 0.0
            own_part = grant - joint_part
        else:
            if eligible_time > 0.0:
                grant = grant_nat * eligible_time / eligible_time_all
                if month < grant_end[r]:
                    grant += grant_reg * regions_fte[r]
                grant *= investment
            own_part = (1.0 - grant_joint) * grant
            joint_part = grant_joint * grant if members else 0.0
            payers_paid[FOUNDATION, r] += own_part + joint_part
        grants[r] = own_part + joint_part
        if action[r] > 0.0:
            if members:
                joint_part += action[r]
            else:
                own_part += action[r]
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
            opposed[i] = 0.0
            if sector[i] < PUBLIC:
                local = 1 if community[i] >= 0 else 0
                without = 1.0
                unopposed = 1.0
                closest = -1.0
                for s in range(first, last):
                    reach = jurisdiction[s, sector[i], local]
                    without *= 1.0 - engagement[s] * reach
                    if engagement[s] > 0.0 and reach > 0.0:
                        closest = max(closest, link[s])
                    elif engagement[s] < 0.0:
                        unopposed *= 1.0 + engagement[s] * reach
                opposed[i] = 1.0 - unopposed
                licence = 1.0 - without
                if strategic > 0.0 and licence > 0.0:
                    licence += strategic * steering_mandate * licence * (1.0 - licence)
                aim = max(0.0, mandate_min + (1.0 - mandate_min) * licence)
                change = (aim - mandate[i]) / mandate_time
                pace = loose_gain * closest if closest >= 0.0 else 1.0
                mandate[i] += change * (pace if change > 0.0 else 1.0)
            else:
                aim = mandate_start + (1.0 - mandate_start) * sponsor_response * benefit[i]
                mandate[i] += (aim - mandate[i]) / mandate_time
        first = last


@process(
    sponsor,
    reads="""
        orgs.sector .community .remit .own_time .eligible .member .commitment
        layout.region_start .region_rows
        communities.visible .agenda .has_agenda
        regions.visible .agenda .has_agenda .advocacy .roles .action .fte .grant_end
        sponsors.region .kind .present .jurisdiction .budget .cap .link
        backbones.planned .cap
        given.paid
        levers.backbone_share .grant_nat .grant_reg .grant_joint .given .communication .investment
        levers.shared_credit .scope .strategic
    """,
    writes="""
        orgs.mandate .time .extra .benefit .opposed
        sponsors.engagement
        regions.shown .money .grants
        backbones.sponsored .staff
        payers.paid
    """,
)
def engage_sponsors() -> None:
    """Let sponsors see, engage, pay and give mandates."""
