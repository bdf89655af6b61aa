"""Joint activity, results and wellbeing of every community.

    U     = (sum over sectors w^(1 - rho) y^rho)^(1/rho)         partnership: sectors complement
    U    -= (1 - reinforcing_activities)(U - sum w^((1 - rho)/rho) y)   as far as they do not
    U°    = 2^(1/rho - 1) sector_weight^((1 - rho)/rho) sum y°   bilateral: two sectors at a time
    J     = Q U / Z,  J° = Q° U° / Z,  Z = U + U° + effort_half n/1000
    input = J A(x_c, x*_c) (1 - reach_gap d (1 - engagement credibility))
            + J° fit° (1 - reach_gap d)
    T    += (R - T) / trust_earning,  T = credibility at month 0
    D1   += 3 (input - D1) / wb_delay
    D2   += 3 (D1 - (own_value / wb_max)(v - v_ordinary) - D2) / wb_delay
    D3   += 3 (D2 - D3) / wb_delay
    R     = 1 - exp(-visibility max(0, J told + visibility_measured s ((D1 + D2)/2 - baseline)))
    told  = visibility_unbroadcast + (1 - visibility_unbroadcast) E_broker

    W     = W0 + wb_max H (D3 - baseline),  W0 = wellbeing_base - wellbeing_deprivation d
    H     = 1 + headroom ((headroom_base - W0) / headroom_span - 1)

Other theories of what sectors bring about together, by production_theory:

    additive       U = sum y,  U° = sum y°                  an hour is an hour, whoever gives it
    weakest-link   U = min(y / w) sum w                     over the sectors that are needed

Needed are the sectors of which anybody in the community or among the region's bodies may take part.
With equal effort for its weight from all six sectors each theory has the same U. Bilateral work is
two at a time with weakest-link as with ces. Without reinforcing_activities each sector's work
stands apart, with each theory.

Where trust is earned, communities put (1 - earned_trust) credibility + earned_trust T in the place
of credibility; T follows the results R that they saw last month.

rho is ces_rho, w sector_weight, of the private sector private_weight. Q and Q° are the quality of
relations, tau f A, weighted by effort: over fellow members in the region, and over all neighbours
in it, each weighted by familiarity. x_c is the effort-weighted agenda of the joint work, fit° how
far local organisations' own agendas meet the need, s the mean practice of measurement of local
members, v own services forgone for 1000 children.

Regional bodies' effort is spread over the region's communities by children; joint effort goes to a
community without local members only at the rate of spillover. Where data steer it, a community's
part counts 1 + data_steering s (mean W of the region - W) / steering_span times, at least 0, with
the practice s and wellbeing W of last month: what is not measured steers nothing. A region's R is
the child-weighted mean of its communities that take part. In history there is no partnership and
nothing is delayed yet: what reaches children in its last year becomes the baseline that wellbeing
is counted from, and the service time of that year the ordinary one; what was before that year
counts for nothing and is not worked out. Wellbeing W is worked out where it is observed.

Source  R21 hypothesis 2 (complementary capabilities), high impact in the long term only; V20
        (neighbourhood differences); NZ (credibility); Kuklinski 2015 (anchor of the sizes);
        forms and sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp, exp_each, log, power
from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Anchor, Evidence, Submodel, judged, quantity, theory
from cisim.model.relations import BESIDE, add_up, alignment, apart, most_ties, regards

_PRIVATE = 5
_ADDITIVE = 1.0
"""The number of production_theory; 0 is ours, 2 the weakest link."""
_ORDINARY_MONTHS = 12
"""The last months of history, whose mean is the ordinary world."""


class Activity(Submodel):
    """Joint activity, results and wellbeing."""

    ces_rho: float = quantity(
        0.575,
        unit="–",
        bounds=(0.1, 1),
        plausible=(0.4, 0.95),
        evidence=Evidence(
            "R21",
            "That different sectors with complementary capabilities matter is a hypothesis of the "
            "study (hypothesis 2), and interviewees call a diverse team essential (Common agenda). "
            "The size is judgement: at .7 one sector alone keeps about half.",
            ("existence", "sign"),
        ),
        meaning="How well one sector can stand in for another; 1 means wholly.",
    )
    sector_weight: float = quantity(
        0.18,
        unit="share",
        bounds=(0.01, 1),
        constant=True,
        evidence=judged("Five sectors count alike; with the private sector they make up one."),
        meaning="How much each sector but the private one counts in joint work.",
    )
    private_weight: float = quantity(
        0.1,
        unit="share",
        bounds=(0.01, 1),
        constant=True,
        evidence=judged("Private organisations add less to services for children."),
        meaning="How much the private sector counts in joint work.",
    )
    effort_half: float = quantity(
        0.61,
        unit="FTE/1000 children",
        bounds=(0.01, 50),
        plausible=(0.5, 9),
        evidence=Evidence(
            "Kuklinski 2015",
            "Communities That Care cost USD 556 a youth over five years, about 1.5 FTE per 1000 at "
            "EUR 60,000, for some .1-.15 standard deviations (own conversion). Parity lies near 3. "
            "A conversion of this kind may be off by a factor of three each way, 1 to 9. What "
            "members of partnerships report of themselves goes with .5 to 1, what was evaluated "
            "with .52 to 2.6, in nine points of ten. The default is that of the medoid of both "
            "together, more generous than parity: 1 and 3 must be shown beside it.",
            ("size",),
            (Anchor(3, "parity with Communities That Care"),),
        ),
        meaning="The joint work that gives half of what joint work could ever give.",
    )
    spillover: float = quantity(
        0.12,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 0.3),
        evidence=judged("Regional bodies serve communities without members a little too."),
        meaning="How much of the regional bodies' joint work reaches a community without members, "
        "against one with members.",
    )
    reach_gap: float = quantity(
        0.232,
        unit="share at d = 1",
        bounds=(0, 1),
        plausible=(0, 0.8),
        evidence=Evidence(
            "Tudor Hart 1971",
            "Care is least where it is needed most; R21 too sees little understanding of the needs "
            "of the excluded. The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much of the effect is lost on the most deprived where nobody engages them.",
    )
    wb_max: float = quantity(
        32.9,
        unit="points of 100",
        bounds=(1, 100),
        plausible=(12, 40),
        evidence=judged(
            "Never reached: it fixes the level of wellbeing together with effort_half."
        ),
        meaning="The wellbeing that children would gain if joint work did all it ever could.",
    )
    wb_delay: float = quantity(
        14.4,
        unit="months",
        bounds=(3, 240),
        plausible=(12, 48),
        evidence=Evidence(
            "R21",
            "Indirect impact is very high in the long term but not in the short term (Shared "
            "measurement). How long is judgement.",
            ("existence", "sign"),
        ),
        meaning="How long joint work takes to show in children's wellbeing.",
    )
    own_value: float = quantity(
        0.619,
        unit="points per FTE/1000 children",
        bounds=(0, 50),
        plausible=(0.3, 5),
        evidence=Evidence(
            "Kuklinski 2015",
            "The same conversion as for effort_half gives about 1.3 points per FTE/1000 for a well "
            "evaluated programme. It stands in for ordinary services, which is a guess, and it "
            "decides where a partnership does harm.",
            ("size",),
            (Anchor(1.3, "Communities That Care"),),
        ),
        meaning="The wellbeing that is lost when organisations take time from their own services.",
    )
    visibility: float = quantity(
        10.3,
        unit="per unit of J",
        bounds=(0, 1000),
        plausible=(3, 12),
        evidence=judged("Scaled with effort_half, so that usual joint work is noticed."),
        meaning="How easily joint work and measured results are seen.",
    )
    visibility_unbroadcast: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Development workers make the model visible and communicate within the region (Local "
            "support, Information broker). What is seen without them is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much of the joint work is seen where nobody tells of it.",
    )
    trust_earning: float = quantity(
        36,
        unit="months",
        bounds=(1, 600),
        constant=True,
        evidence=judged(
            "Partners need several years of regular interactions to trust each other (R21); "
            "communities are given as long."
        ),
        meaning="How long communities take to believe what they see of the partnership.",
    )
    steering_span: float = quantity(
        5,
        unit="points of 100",
        bounds=(0.1, 100),
        constant=True,
        evidence=judged("A third of what deprivation makes of a difference at the start."),
        meaning="How much lower than usual wellbeing is where bodies that data steer work twice "
        "as much.",
    )
    visibility_measured: float = quantity(
        2,
        unit="–",
        bounds=(0, 20),
        constant=True,
        evidence=Evidence(
            "R21",
            "Impact that is measured with data can be demonstrated (Background and context). How "
            "much more it counts than activity is judgement.",
            ("existence",),
        ),
        meaning="How much more than mere activity a measured result is seen.",
    )
    production_theory: float = theory(
        "ces",
        "additive",
        "weakest-link",
        evidence=Evidence(
            "Hirshleifer 1983",
            "What many give may count by its sum or by the least of it. Which holds for "
            "partnerships "
            "nobody has measured: the choice is judgement.",
            ("existence",),
        ),
        meaning="Which theory of what joint work brings about holds.",
    )


@kernel
def fare(c, deprivation, delay, baseline, headroom, wb_max, deprived, base, room_base, room_span):
    """Return how children of a community fare, W in points of 100."""
    opening = base - deprived * deprivation[c]
    room = 1.0 + headroom * ((room_base - opening) / room_span - 1.0)
    return opening + wb_max * room * (delay[c, 2] - baseline[c])


@kernel
def heed(
    c, usually, measured, deprivation, delay, baseline, headroom, wb_max, deprived, base,
    room_base, room_span, data_steering, steering_span,
):  # fmt: skip
    """Return how many times a community counts where data steer bodies' work, 0 or more."""
    now = fare(
        c, deprivation, delay, baseline, headroom, wb_max, deprived, base, room_base, room_span
    )
    return max(0.0, 1.0 + data_steering * measured[c] * (usually - now) / steering_span)


@kernel
def weigh_relations(prior, kept, broken, aligned, prior_weight, known, quality, weighed):
    """Write of ties that lie side by side f, tau f A, and the product of both, in simple loops."""
    regards(prior, kept, broken, prior_weight, quality, known)
    for place in range(prior.size):
        quality[place] = quality[place] * known[place] * aligned[place]
        weighed[place] = known[place] * quality[place]


@kernel
def relate(start, near, other, prior, kept, broken, aligned, member, prior_weight, fellows, usual):
    """Write the quality of relations with fellow members and with usual partners, (N,) each."""
    known, quality, weighed = np.empty((3, most_ties(start)))
    weights = np.empty(member.size)
    for first in range(0, member.size, BESIDE):
        last = min(first + BESIDE, member.size)
        base = start[first]
        ties = slice(base, start[last])
        weigh_relations(
            prior[ties], kept[ties], broken[ties], aligned[ties], prior_weight,
            known, quality, weighed,
        )  # fmt: skip
        add_up(weighed, start, near, first, last, usual)
        add_up(known, start, near, first, last, weights)
        for i in range(first, last):
            usual[i] = usual[i] / weights[i] if weights[i] > 0.0 else 0.0
            fellows[i] = 0.0
            if member[i]:
                count = 0
                theirs = quality[start[i] - base : near[i] - base]
                for place, j in enumerate(other[start[i] : near[i]]):
                    if member[np.uintp(j)]:
                        fellows[i] += theirs[place]
                        count += 1
                if count:
                    fellows[i] /= count


@kernel
def needs(c, r, sector, eligible, local_start, local_rows, body_start, body_rows, needed):
    """Write which sectors anybody who may take part in a community belongs to, (6,)."""
    needed[:] = False
    for at in range(local_start[c], local_start[c + 1]):
        if eligible[local_rows[at]]:
            needed[sector[local_rows[at]]] = True
    for at in range(body_start[r], body_start[r + 1]):
        if eligible[body_rows[at]]:
            needed[sector[body_rows[at]]] = True


@kernel
def weakest(effort, needed, sector_weight, private_weight):
    """Return the least effort for its weight of the sectors that are needed, times all of these."""
    least = -1.0
    whole = 0.0
    for sector in range(effort.size):
        if needed[sector]:
            weight = private_weight if sector == _PRIVATE else sector_weight
            whole += weight
            each = effort[sector] / weight
            if least < 0.0 or each < least:
                least = each
    return max(0.0, least) * whole


@kernel
def pool(
    effort, needed, sector_weight, private_weight, ces_rho, reinforcing_activities,
    production_theory,
):  # fmt: skip
    """Return U of one community where what sectors bring about is additive or a weakest link."""
    if production_theory == _ADDITIVE:
        together = 0.0
        for sector in range(effort.size):
            together += effort[sector]
    else:
        together = weakest(effort, needed, sector_weight, private_weight)
    apart = 0.0
    for sector in range(effort.size):
        weight = private_weight if sector == _PRIVATE else sector_weight
        apart += power(weight, (1.0 - ces_rho) / ces_rho) * effort[sector]
    return together - (1.0 - reinforcing_activities) * max(0.0, together - apart)


@kernel
def combine(effort, sector_weight, private_weight, ces_rho, reinforcing_activities):
    """Return U of one community from its partnership effort by sector, (6,)."""
    total = 0.0
    for sector in range(effort.size):
        if effort[sector] > 0.0:
            weight = private_weight if sector == _PRIVATE else sector_weight
            total += exp((1.0 - ces_rho) * log(weight) + ces_rho * log(effort[sector]))
    united = power(total, 1.0 / ces_rho)
    if reinforcing_activities < 1.0:
        apart = 0.0
        for sector in range(effort.size):
            weight = private_weight if sector == _PRIVATE else sector_weight
            apart += power(weight, (1.0 - ces_rho) / ces_rho) * effort[sector]
        united -= (1.0 - reinforcing_activities) * (united - apart)
    return united


@kernel
def act(
    month,
    # organisations
    sector,
    eligible,
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
    communities_trust,
    # regions
    roles,
    regions_visible,
    regions_agenda,
    regions_has_agenda,
    # levers
    engagement,
    credibility,
    earned_trust,
    reinforcing_activities,
    headroom,
    data_steering,
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
    trust_earning,
    steering_span,
    wellbeing_base,
    wellbeing_deprivation,
    headroom_base,
    headroom_span,
    production_theory,
):
    """Turn effort into activity, results and wellbeing, in place, region by region."""
    if month < -_ORDINARY_MONTHS:
        return  # nobody looks back at it, and the next month writes it anew
    fellows = np.empty(member.size)
    usual = np.empty(member.size)
    relate(
        start, near, other, prior, kept, broken, aligned, member, prior_weight, fellows, usual
    )  # fmt: skip
    fits = np.zeros(local_rows.size)
    for c in range(local_start.size - 1):
        for at in range(local_start[c], local_start[c + 1]):
            fits[at] = apart(agenda, local_rows[at], need, c, agree_scale)
    exp_each(fits)
    efforts = np.empty(6)
    body_efforts = np.empty(6)
    two_at_a_time = exp(
        (1.0 / ces_rho - 1.0) * log(2.0) + (1.0 - ces_rho) / ces_rho * log(sector_weight)
    )
    if production_theory == _ADDITIVE:
        two_at_a_time = 1.0
    needed = np.zeros(6, np.bool_)
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
        usually = 0.0
        if data_steering > 0.0:
            for c in range(community_start[r], community_start[r + 1]):
                usually += children[c] / all_children * fare(
                    c, deprivation, delay, baseline, headroom, wb_max,
                    wellbeing_deprivation, wellbeing_base, headroom_base, headroom_span,
                )  # fmt: skip
        for c in range(community_start[r], community_start[r + 1]):
            locals_in = False
            for at in range(local_start[c], local_start[c + 1]):
                if member[local_rows[at]]:
                    locals_in = True
            takes_up = 1.0 if locals_in else spillover
            if data_steering > 0.0:
                takes_up *= heed(
                    c, usually, measured, deprivation, delay, baseline, headroom, wb_max,
                    wellbeing_deprivation, wellbeing_base, headroom_base, headroom_span,
                    data_steering, steering_span,
                )  # fmt: skip
            open_children += children[c] * takes_up

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
                    fit += everyday_effort[i] * fits[at]
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
            if data_steering > 0.0:
                takes_up *= heed(
                    c, usually, measured, deprivation, delay, baseline, headroom, wb_max,
                    wellbeing_deprivation, wellbeing_base, headroom_base, headroom_span,
                    data_steering, steering_span,
                )  # fmt: skip
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
            if production_theory > 0.0:
                needs(
                    c, r, sector, eligible, local_start, local_rows, body_start, body_rows, needed
                )
                united = pool(
                    efforts, needed, sector_weight, private_weight, ces_rho,
                    reinforcing_activities, production_theory,
                )  # fmt: skip
            else:
                united = combine(
                    efforts, sector_weight, private_weight, ces_rho, reinforcing_activities
                )
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
            believed = credibility
            if earned_trust > 0.0 and month >= 0:
                if month == 0:
                    communities_trust[c] = credibility
                else:
                    communities_trust[c] += (visible[c] - communities_trust[c]) / trust_earning
                believed += earned_trust * (communities_trust[c] - credibility)
            communities_input[c] = (
                joint[c] * agrees * (1.0 - left_out * (1.0 - engagement * believed))
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
        orgs.sector .eligible .member .agenda .measurement
        .joint_effort .everyday_effort .service_time
        layout.local_start .local_rows .body_start .body_rows .community_start
        ties.start .near .other .prior .kept .broken .aligned
        communities.children .deprivation .participating .need
        regions.roles
        levers.engagement .credibility .earned_trust .reinforcing_activities .headroom
        .data_steering
    """,
    writes="""
        communities.delay .baseline .ordinary_service .service .joint .everyday .input
        .visible .agenda .has_agenda .measured .trust
        regions.visible .agenda .has_agenda
    """,
)
def act_together() -> None:
    """Act, and let children and observers notice in their time."""
