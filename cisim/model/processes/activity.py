"""Joint activity, results and wellbeing of every community.

    U     = (sum over sectors w^(1 - rho) y^rho)^(1/rho)         partnership: sectors complement
    U°    = 2^(1/rho - 1) sector_weight^((1 - rho)/rho) sum y°   bilateral: two sectors at a time
    J     = Q U / Z,  J° = Q° U° / Z,  Z = U + U° + effort_half n/1000
    input = J A(x_c, x*_c) (1 - reach_gap d (1 - engagement credibility))
            + J° fit° (1 - reach_gap d)
    D1   += 3 (input - D1) / wb_delay
    D2   += 3 (D1 - (own_value / wb_max)(v - v_ordinary) - D2) / wb_delay
    D3   += 3 (D2 - D3) / wb_delay
    R     = 1 - exp(-visibility max(0, J told + visibility_measured s ((D1 + D2)/2 - baseline)))
    told  = visibility_unbroadcast + (1 - visibility_unbroadcast) E_broker

    W     = W0 + wb_max H (D3 - baseline),  W0 = wellbeing_base - wellbeing_deprivation d
    H     = 1 + headroom ((headroom_base - W0) / headroom_span - 1)

rho is ces_rho, w sector_weight, of the private sector private_weight. Q and Q° are the quality of
relations, tau f A, weighted by effort: over fellow members in the region, and over all neighbours
in it, each weighted by familiarity. x_c is the effort-weighted agenda of the joint work, fit° how
far local organisations' own agendas meet the need, s the mean practice of measurement of local
members, v own services forgone for 1000 children.

Regional bodies' effort is spread over the region's communities by children; joint effort goes to a
community without local members only at the rate of spillover. A region's R is the child-weighted
mean of its communities that take part. In history there is no partnership and nothing is delayed
yet: what reaches children in its last year becomes the baseline that wellbeing is counted from,
and the service time of that year the ordinary one. Wellbeing W is worked out where it is observed.

Source  R21 hypothesis 2 (complementary capabilities), high impact in the long term only; V20
        (neighbourhood differences); NZ (credibility); Kuklinski 2015 (anchor of the sizes);
        forms and sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp, log, power
from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.relations import alignment, regard

_PRIVATE = 5
_ORDINARY_MONTHS = 12
"""The last months of history, whose mean is the ordinary world."""


@kernel
def relate(i, start, near, other, prior, kept, broken, aligned, member, prior_weight):
    """Return the quality of `i`'s relations with fellow members and with its usual partners."""
    fellows = 0.0
    fellow_count = 0
    usual = 0.0
    usual_weight = 0.0
    for tie in range(start[i], near[i]):
        j = other[tie]
        tau, known = regard(prior[tie], kept[tie], broken[tie], prior_weight)
        quality = tau * known * aligned[tie]
        usual += known * quality
        usual_weight += known
        if member[i] and member[j]:
            fellows += quality
            fellow_count += 1
    return (
        fellows / fellow_count if fellow_count else 0.0,
        usual / usual_weight if usual_weight > 0.0 else 0.0,
    )


@kernel
def combine(effort, sector_weight, private_weight, ces_rho):
    """Return U of one community from its partnership effort by sector, (6,)."""
    total = 0.0
    for sector in range(effort.size):
        if effort[sector] > 0.0:
            weight = private_weight if sector == _PRIVATE else sector_weight
            total += exp((1.0 - ces_rho) * log(weight) + ces_rho * log(effort[sector]))
    return power(total, 1.0 / ces_rho)


@kernel
def act(
    month,
    # organisations
    sector,
    member,
    agenda,
    measurement,
    joint_effort,
    everyday_effort,
    service_time,
    local_start,
    local_rows,
    body_start,
    body_rows,
    community_start,
    # ties
    start,
    near,
    other,
    prior,
    kept,
    broken,
    aligned,
    # communities
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
    communities_input,
    visible,
    communities_agenda,
    communities_has_agenda,
    measured,
    # regions
    roles,
    regions_visible,
    regions_agenda,
    regions_has_agenda,
    # levers
    engagement,
    credibility,
    # parameters
    prior_weight,
    agree_scale,
    ces_rho,
    sector_weight,
    private_weight,
    spillover,
    effort_half,
    reach_gap,
    wb_delay,
    own_value,
    wb_max,
    visibility,
    visibility_unbroadcast,
    visibility_measured,
):
    """Turn effort into activity, results and wellbeing, in place, region by region."""
    size = member.size
    fellows = np.empty(size)
    usual = np.empty(size)
    for i in range(size):
        fellows[i], usual[i] = relate(
            i, start, near, other, prior, kept, broken, aligned, member, prior_weight
        )
    efforts = np.empty(6)
    body_efforts = np.empty(6)
    two_at_a_time = exp(
        (1.0 / ces_rho - 1.0) * log(2.0) + (1.0 - ces_rho) / ces_rho * log(sector_weight)
    )
    pace = 3.0 / wb_delay
    for r in range(regions_visible.size):
        # what the region's bodies bring, and which communities can take it up
        body_efforts[:] = 0.0
        body_joint = 0.0
        body_joint_quality = 0.0
        body_everyday = 0.0
        body_everyday_quality = 0.0
        body_service = 0.0
        for axis in range(3):
            regions_agenda[r, axis] = 0.0
        for at in range(body_start[r], body_start[r + 1]):
            i = body_rows[at]
            body_everyday += everyday_effort[i]
            body_everyday_quality += everyday_effort[i] * usual[i]
            body_service += service_time[i]
            if member[i]:
                body_efforts[sector[i]] += joint_effort[i]
                body_joint += joint_effort[i]
                body_joint_quality += joint_effort[i] * fellows[i]
                for axis in range(3):
                    regions_agenda[r, axis] += joint_effort[i] * agenda[i, axis]
        all_children = 0.0
        open_children = 0.0
        for c in range(community_start[r], community_start[r + 1]):
            all_children += children[c]
            locals_in = False
            for at in range(local_start[c], local_start[c + 1]):
                if member[local_rows[at]]:
                    locals_in = True
            open_children += children[c] * (1.0 if locals_in else spillover)

        visible_children = 0.0
        participating_children = 0.0
        for c in range(community_start[r], community_start[r + 1]):
            local_joint = 0.0
            local_joint_quality = 0.0
            local_everyday = 0.0
            local_everyday_quality = 0.0
            local_service = 0.0
            fit = 0.0
            practice = 0.0
            local_members = 0
            efforts[:] = 0.0
            for axis in range(3):
                communities_agenda[c, axis] = 0.0
            for at in range(local_start[c], local_start[c + 1]):
                i = local_rows[at]
                local_everyday += everyday_effort[i]
                local_everyday_quality += everyday_effort[i] * usual[i]
                local_service += service_time[i]
                if everyday_effort[i] > 0.0:
                    fit += everyday_effort[i] * alignment(agenda, i, need, c, agree_scale)
                if member[i]:
                    local_members += 1
                    practice += measurement[i]
                    efforts[sector[i]] += joint_effort[i]
                    local_joint += joint_effort[i]
                    local_joint_quality += joint_effort[i] * fellows[i]
                    for axis in range(3):
                        communities_agenda[c, axis] += joint_effort[i] * agenda[i, axis]
            by_children = children[c] / all_children
            takes_up = 1.0 if local_members else spillover
            by_uptake = by_children
            if open_children > 0.0:
                by_uptake = children[c] * takes_up / open_children
            for s in range(6):
                efforts[s] += body_efforts[s] * by_uptake
            together = local_joint + body_joint * by_uptake
            communities_has_agenda[c] = together > 0.0
            if communities_has_agenda[c]:
                for axis in range(3):
                    communities_agenda[c, axis] += regions_agenda[r, axis] * by_uptake
                    communities_agenda[c, axis] /= together

            # joint and everyday activity
            united = combine(efforts, sector_weight, private_weight, ces_rho)
            paired = two_at_a_time * (local_everyday + body_everyday * by_children)
            if local_joint > 0.0:
                quality = local_joint_quality / local_joint
            else:
                quality = body_joint_quality / body_joint if body_joint > 0.0 else 0.0
            usual_work = local_everyday + body_everyday * by_children
            usual_quality = 0.0
            if usual_work > 0.0:
                usual_quality = local_everyday_quality + body_everyday_quality * by_children
                usual_quality /= usual_work
            scale = united + paired + effort_half * children[c] / 1000.0
            joint[c] = quality * united / scale
            everyday[c] = usual_quality * paired / scale

            # what of it reaches children, and what is missing elsewhere
            left_out = reach_gap * deprivation[c]
            agrees = (
                alignment(communities_agenda, c, need, c, agree_scale)
                if communities_has_agenda[c]
                else 1.0
            )
            communities_input[c] = (
                joint[c] * agrees * (1.0 - left_out * (1.0 - engagement * credibility))
            )
            if local_everyday > 0.0:
                communities_input[c] += everyday[c] * (fit / local_everyday) * (1.0 - left_out)
            service[c] = (local_service + body_service * by_children) / (children[c] / 1000.0)
            measured[c] = practice / local_members if local_members else 0.0

            if month < 0:
                if month >= -_ORDINARY_MONTHS:
                    baseline[c] += communities_input[c] / _ORDINARY_MONTHS
                    ordinary_service[c] += service[c] / _ORDINARY_MONTHS
                continue
            forgone = own_value / wb_max * (service[c] - ordinary_service[c])
            delay[c, 0] += pace * (communities_input[c] - delay[c, 0])
            delay[c, 1] += pace * (delay[c, 0] - forgone - delay[c, 1])
            delay[c, 2] += pace * (delay[c, 1] - delay[c, 2])
            change = (delay[c, 0] + delay[c, 1]) / 2.0 - baseline[c]
            told = visibility_unbroadcast + (1.0 - visibility_unbroadcast) * roles[r, 3]
            shows = joint[c] * told + visibility_measured * measured[c] * change
            visible[c] = 1.0 - exp(-visibility * max(0.0, shows))
            if participating[c]:
                participating_children += children[c]
                visible_children += children[c] * visible[c]
        regions_has_agenda[r] = body_joint > 0.0
        if regions_has_agenda[r]:
            for axis in range(3):
                regions_agenda[r, axis] /= body_joint
        regions_visible[r] = 0.0
        if participating_children > 0.0:
            regions_visible[r] = visible_children / participating_children


@process(
    act,
    reads="""
        orgs.sector .member .agenda .measurement .joint_effort .everyday_effort .service_time
        layout.local_start .local_rows .body_start .body_rows .community_start
        ties.start .near .other .prior .kept .broken .aligned
        communities.children .deprivation .participating .need
        regions.roles
        levers.engagement .credibility
    """,
    writes="""
        communities.delay .baseline .ordinary_service .service .joint .everyday .input
        .visible .agenda .has_agenda .measured
        regions.visible .agenda .has_agenda
    """,
)
def act_together() -> None:
    """Act, and let children and observers notice in their time."""
