"""Backbones: staff time divided over roles, two levels that supply each other, and who pays.

    EN_z  = 1 - exp(-(a_z N v~_z / R + A_z) / need_region)           national, to a region
    ED_z  = 1 - exp(-N v~_z / (national_reach_cost need_member m))   national, straight to members
    E_z   = q (1 - exp(-(F + F^L) v~_z / (need_member m_r)))         regional, to members
    q     = ((q0 + (1 - q0) EN_implementation) F + q0 F^L) / (F + F^L),  q0 = solo_quality
    kappa = q0 + (1 - q0) a_n E_gatherer                             local need known nationally
    kap^o = q0 + (1 - q0) a_o E_gatherer                             regions' progress the same
    F^L   = (lead_share b - F)+,  b = min(k, mu) l B                 own time of a lead organisation

    NF    = 1 - (1 - ED_futures)(1 - EN_futures E_broker)(1 - solo_learning E_broker)
    NE    = 1 - (1 - kap^o ED_evaluation)(1 - kap^o EN_evaluation E_broker)
                (1 - solo_learning E_gatherer)
    NB    = 1 - (1 - ED_bridge)(1 - EN_bridge E_broker)
    XA    = 1 - exp(-advocacy (F v_broker + N (v_futures + v_bridge) / R) / need_region)
    K    += know_rate (EN_knowledge kappa + solo_learning E_gatherer)(1 - K);  K -= routine_decay K
    fac   = facil_effect (1 - (1 - E_support)(1 - ED_implementation))
    M     = paid / (paid + sum of members' B) (1 - neutrality fac / facil_effect)

N and F are national and regional staff as far as they act (hands, processes/homes.py), times the
lever backbone_support; F is less by the measuring that it does for members, at most
measurement_staff measurement_time times the sum of their s B0. R is the number of regions, m and
m_r are the members of all and of the region. v is a role's share of staff time; v~ leaves out the
share of futures work, bridges and information brokering that goes to advocacy. E_broker is
multiplied by the lever communication. An academic partner adds half of its staff each to evaluation
and to knowledge (A_z), as far as backbone_support lets it, and nothing else. A coverage with nobody
to cover is 1 with staff and 0 without. NF, NE and NB are what of futures work, evaluation and
bridges arrives. What flows between the levels, all of it unless a structure cuts it: down a_z, each
national role's work for regions (horizon, guidance, evaluation, peers, knowledge), up local need
a_n and overview a_o.

Where staff is short, the member with the most time to give (b) leads from its own time, from the
founding on; paid staff crowds that out. Without any hands, what a regional backbone has learnt (K)
is lost. Those who pay (paid: all that was booked to payers this month) pull the agenda to the mean
of their positions with weight M, softened by a neutral host as far as it reaches. The national
backbone has the staff of its posts at once; regional staff F was settled with the money. Where all
money is that of another scenario, its payers pull as they do there.

Source  K26 Table 3 and p. 'Roles of the backbone organizations' (roles; support runs both ways,
        23/M); NZ (six responsibilities, behind the scenes); R21 (who pays sets the agenda); sizes:
        judgement
"""

from __future__ import annotations

from cisim.model.arithmetic import exp
from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity
from cisim.model.state import FOUNDATION


class Backbones(Submodel):
    """Backbones and lead organisations."""

    need_member: float = quantity(
        0.00802,
        unit="FTE/member/role",
        bounds=(0.0001, 1),
        plausible=(0.004, 0.016),
        evidence=judged(
            "One full-time worker then covers about half of four roles for 45 members; no source "
            "says what a member needs."
        ),
        meaning="The backbone staff that one member needs for one role.",
    )
    national_reach_cost: float = quantity(
        4,
        unit="–",
        bounds=(1, 50),
        constant=True,
        evidence=judged("Distance costs; regional workers exist because of it."),
        meaning="How many times more staff it takes to reach a member from the national level.",
    )
    need_region: float = quantity(
        0.111,
        unit="FTE/region/role",
        bounds=(0.001, 10),
        plausible=(0.05, 0.3),
        evidence=Evidence(
            "K26",
            "Four national staff serve five regions in five roles (Research data), .16 FTE a "
            "region and role. Whether that is enough is not said: the size is judgement.",
            ("existence",),
        ),
        meaning="The national staff that one region needs for one role.",
    )
    lead_share: float = quantity(
        0.593,
        unit="share of own time",
        bounds=(0, 1),
        plausible=(0, 0.8),
        evidence=Evidence(
            "V20",
            "In some initiatives a member or a committee of members takes the backbone's role "
            "(structures of backbone organisations); R21 too lets partners share it. The share of "
            "time is judgement; 0 means that nobody leads.",
            ("existence",),
        ),
        meaning="How much of its time a lead organisation would give to coordination.",
    )
    solo_quality: float = quantity(
        0.667,
        unit="–",
        bounds=(0, 1),
        plausible=(0.4, 1),
        evidence=Evidence(
            "K26",
            "'It does not function if either side is missing' (23/M), one interviewee; most "
            "backbones reviewed in V20 have one level and work. The size is an assumption that is "
            "always shown; 1 means no complementarity by rule.",
            ("existence", "sign"),
        ),
        meaning="How good one level of backbone is without the other.",
    )
    solo_learning: float = quantity(
        0.34,
        unit="share",
        bounds=(0, 1),
        plausible=(0.15, 0.7),
        evidence=Evidence(
            "V20",
            "Most backbones have one level and still guide, measure and learn (structures of "
            "backbone organisations). The share is judgement.",
            ("existence",),
        ),
        meaning="How much of the national roles a regional backbone can fill by itself.",
    )
    know_rate: float = quantity(
        0.108,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.03, 0.12),
        evidence=Evidence(
            "K26",
            "The national backbone trains and brings research, regional workers bring it into "
            "local work (Knowledge broker, Information broker). How fast is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast know-how grows where backbones bring all they can.",
    )


@kernel
def covered(work, need):
    """Return 1 - exp(-work/need); with nobody in need 1 if there is any work, else 0."""
    if need > 0.0:
        return 1.0 - exp(-work / need)
    return 1.0 if work > 0.0 else 0.0


@kernel
def most_to_give(r, member, commitment, mandate, time_left, time, led, region_start, region_rows):
    """Return the member of a region that would lead, -1 if there is none, and what it can give.

    Nobody leads after that: `led` is 0 in the region, (N,).
    """
    most = -1.0
    leader = -1
    for at in range(region_start[r], region_start[r + 1]):
        i = region_rows[at]
        led[i] = 0.0
        if member[i]:
            offer = min(commitment[i], mandate[i]) * time_left[i] * time[i]
            if offer > most:
                most = offer
                leader = i
    return leader, most


@kernel
def lead(
    member,
    commitment,
    mandate,
    time_left,
    time,
    led,
    region_start,
    region_rows,
    staff,
    lead_time,
    backbone_support,
    lead_share,
):
    """Let whoever has most to give lead where staff is short, in place, region by region."""
    for r in range(lead_time.size):
        leader, most = most_to_give(
            r, member, commitment, mandate, time_left, time, led, region_start, region_rows
        )
        lead_time[r] = 0.0
        if leader >= 0:
            led[leader] = max(0.0, lead_share * most - staff[r + 1] * backbone_support)
            lead_time[r] = led[leader]


@kernel
def support(
    month,
    # organisations
    member,
    commitment,
    mandate,
    time_left,
    time,
    led,
    measurement,
    own_time,
    region_start,
    region_rows,
    # backbones
    planned,
    staff,
    backbones_hands,
    backbones_knowhow,
    backbones_roles,
    # regions
    academic,
    lead_time,
    regions_roles,
    national,
    direct,
    upward,
    reach,
    facilitation,
    measuring,
    regions_advocacy,
    money,
    regions_paid,
    pull,
    payer,
    # those who pay
    sponsors_region,
    present,
    engagement,
    sponsors_budget,
    sponsors_cap,
    sponsors_position,
    payers_position,
    payers_paid,
    given_position,
    levers_given,
    # levers
    advocacy,
    neutrality,
    flow_horizon,
    flow_guidance,
    flow_evaluation,
    flow_peers,
    flow_knowledge,
    flow_need,
    flow_overview,
    backbone_support,
    communication,
    investment,
    measurement_time,
    measurement_staff,
    # parameters
    lead_share,
    need_member,
    need_region,
    national_reach_cost,
    solo_quality,
    solo_learning,
    facil_effect,
    know_rate,
    routine_decay,
    sponsor_base,
    sponsor_budget,
):
    """Cover members and regions with what the staff can do, in place, region by region."""
    regions = academic.size
    staff[0] = planned[0]
    total = backbones_hands[0] * backbone_support
    members = 0
    for i in range(member.size):
        if member[i]:
            members += 1
    kept = 1.0 - advocacy
    flows = (flow_horizon, flow_guidance, flow_evaluation, flow_peers, flow_knowledge)
    first = 0
    for r in range(regions):
        # national roles: futures, implementation, evaluation, bridge, knowledge
        for z in range(5):
            share = backbones_roles[0, z] * (kept if z == 0 or z == 3 else 1.0)
            partner = 0.5 * backbone_support * academic[r] if z == 2 or z == 4 else 0.0
            work = total * share * flows[z] / regions
            national[r, z] = covered(work + partner, need_region)
            direct[r, z] = covered(total * share, national_reach_cost * need_member * members)

        # a lead organisation where staff is short
        leader, most = most_to_give(
            r, member, commitment, mandate, time_left, time, led, region_start, region_rows
        )
        in_region = 0
        member_time = 0.0
        burden = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                in_region += 1
                member_time += time[i]
                burden += measurement[i] * own_time[i]
        hired = backbones_hands[r + 1] * backbone_support
        measuring[r] = 0.0
        burden *= measurement_time
        if burden > 0.0:
            done = min(hired, measurement_staff * burden)
            measuring[r] = done / burden
            hired -= done
        lead_time[r] = 0.0
        if leader >= 0:
            led[leader] = max(0.0, lead_share * most - hired)
            lead_time[r] = led[leader]
        lead = lead_time[r]
        hands = hired + lead
        quality = 0.0
        if hands > 0.0:
            guided = solo_quality + (1.0 - solo_quality) * national[r, 1]
            quality = (guided * hired + solo_quality * lead) / hands
        # regional roles: cross-sectoral, local support, knowledge gatherer, information broker
        for z in range(4):
            share = backbones_roles[r + 1, z] * (kept if z == 3 else 1.0)
            regions_roles[r, z] = quality * covered(hands * share, need_member * in_region)
        regions_roles[r, 3] *= communication
        gatherer = regions_roles[r, 2]
        broker = regions_roles[r, 3]
        known = solo_quality + (1.0 - solo_quality) * (flow_need * gatherer)
        overview = solo_quality + (1.0 - solo_quality) * (flow_overview * gatherer)
        upward[r] = known
        outward = hired * backbones_roles[r + 1, 3]
        outward += total * (backbones_roles[0, 0] + backbones_roles[0, 3]) / regions
        regions_advocacy[r] = covered(advocacy * outward, need_region)

        alone = solo_learning * broker
        reach[r, 0] = 1.0 - (1.0 - direct[r, 0]) * (1.0 - national[r, 0] * broker) * (1.0 - alone)
        reach[r, 1] = 1.0 - (1.0 - overview * direct[r, 2]) * (
            1.0 - overview * national[r, 2] * broker
        ) * (1.0 - solo_learning * gatherer)
        reach[r, 2] = 1.0 - (1.0 - direct[r, 3]) * (1.0 - national[r, 3] * broker)

        if hands > 0.0:
            now = backbones_knowhow[r + 1]
            now += know_rate * (national[r, 4] * known + solo_learning * gatherer) * (1.0 - now)
            backbones_knowhow[r + 1] = min(1.0, now) * (1.0 - routine_decay)
        else:
            backbones_knowhow[r + 1] = 0.0

        # who pays pulls, as far as no neutral host softens it
        hosted = 1.0 - (1.0 - regions_roles[r, 1]) * (1.0 - direct[r, 1])
        facilitation[r] = facil_effect * hosted
        outside = 0.0
        for axis in range(3):
            payer[r, axis] = 0.0
        for q in range(FOUNDATION, payers_paid.shape[0]):
            outside += payers_paid[q, r]
            for axis in range(3):
                payer[r, axis] += payers_paid[q, r] * payers_position[q, axis]
        paid = outside + money[r]
        regions_paid[r] = paid
        while first < sponsors_region.size and sponsors_region[first] == r:
            if present[first]:
                above = max(0.0, engagement[first] - sponsor_base)
                own = sponsor_budget * sponsors_budget[first] * above / (1.0 - sponsor_base)
                own = investment * min(sponsors_cap[first], own)
                for axis in range(3):
                    payer[r, axis] += own * sponsors_position[first, axis]
            first += 1
        pull[r] = 0.0
        if paid > 0.0:
            pull[r] = paid / (paid + member_time) * (1.0 - neutrality * hosted)
            for axis in range(3):
                payer[r, axis] /= paid
        if levers_given > 0.0:
            for axis in range(3):
                there = month < given_position.shape[0]
                payer[r, axis] = given_position[month, r, axis] if there else 0.0


@process(
    support,
    reads="""
        orgs.member .commitment .mandate .time_left .time .measurement .own_time
        layout.region_start .region_rows
        backbones.planned .hands .roles
        payers.position .paid
        given.position
        levers.advocacy .neutrality .given .flow_horizon .flow_guidance .flow_evaluation .flow_peers
        .flow_knowledge .flow_need .flow_overview .backbone_support .communication .investment
        .measurement_time .measurement_staff
        regions.academic .money
        sponsors.region .present .engagement .budget .cap .position
    """,
    writes="""
        orgs.led
        backbones.staff .knowhow
        regions.lead_time .roles .national .direct .upward .reach .facilitation .measuring .advocacy
        .paid .pull .payer
    """,
)
def staff_backbones() -> None:
    """Let backbones, and lead organisations in their place, do their work."""


@process(
    lead,
    reads="""
        orgs.member .commitment .mandate .time_left .time
        layout.region_start .region_rows
        backbones.staff
        levers.backbone_support
    """,
    writes="orgs.led regions.lead_time",
)
def choose_leads() -> None:
    """Let a founder lead where there is no staff, or too little."""
