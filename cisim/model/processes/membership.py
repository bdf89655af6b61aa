"""Membership: commitment grows from trust and visible benefit; people join and leave.

    T_i   = sum (f + explore) tau / sum (f + explore)      over member neighbours in the region
    k*_i  = logistic(commit_base + w_trust (T - 1/2)
                     + w_efficacy (V - impatience (1 - NF)) - w_load load)
    k_i  += (k*_i - k_i) / commitment_time                 members
    k_i   = k*_i                                           founders, at month 0, and joiners
    leave = 1 - (1 - leave_rate x (1 - k)^2) (1 - recall_rate O)
    join  = 2 k* y (1 - (1 - jR)(1 - jS)),  jR = min(1, recruit_rate E_cross-sectoral w),
            jS = 1 - (1 - contagion_rate (1 + communication)/2
                          (1 - (1 - T member neighbours / degree)(1 - R)(1 - replication X)))
                     (1 - champion_rate tau_champion)
    X     = 1 - product over member neighbours j in other regions of (1 - tau_ij R'_j)
    R'    = min(1, R (1 + redesign_example [a re-design is completed])) of j's region
    jS    = 1 - (1 - jS)(1 - restart_rate redesign Y)   former members of a dormant partnership
    Y     = 1 - (1 - mean engagement of sponsors there are)(1 - V)
    w     = 1                                    selection open
            (explore + sum tau f) / mean         usual suspects, over member neighbours
            (explore + (1 - explore) lack) / mean   complementary

T is trust_prior where there is no such neighbour, NF the reach of futures work. The load of a
member is 1 - l, that of others the mean of the region's members. Nobody is drawn by members and
results at home in a region without members. O is how strongly hostile sponsors oppose it
(processes/sponsors.py): they ask members to leave. A join counts as self-initiated in the share
jS / (jS + jR). Whoever leaves or joins does so at the end of the month (processes/roster.py).

Recruiters who choose ask as many as those who do not: the mean is that of all in the region who may
still join. A local organisation is lacking (lack 1, else 0) where neither its community nor the
region's bodies have a member of its sector; a body as far as children live in communities where
that holds. A champion who is a member asks those who know it, by their trust in it (tau_champion,
0 where there is none; several ask). A region that has as many members as seats lets nobody in.
A contract binds and is a hurdle, an exit clause does away with both: x is 1 - agreement_binds bond,
with an exit clause 1 + agreement_binds; y is 1 - agreement_hurdle with a contract that has none,
else 1.

Source  V20 (Gillam 2016, Bunger 2010: trust and history, sign); K26 ('clear benefit', 'highly
        resource consuming and stressful', cross-sectoral player, 13/M; sign); sizes: judgement
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.model.arithmetic import logistic
from cisim.model.kernel import kernel
from cisim.model.luck import uniforms, word
from cisim.model.process import bind, columns, process
from cisim.model.quantity import Evidence, Submodel, judged, quantity
from cisim.model.relations import most_ties, regard, regards, trust
from cisim.model.state import DORMANT, State

_LEAVE = word("leave")
_JOIN = word("join")
OPEN, USUAL_SUSPECTS, COMPLEMENTARY = range(3)
"""Whom recruiters ask (levers.selection): anybody, whom members know and trust, who is lacking."""


class Membership(Submodel):
    """Commitment, leaving and joining."""

    commit_base: float = quantity(
        0.0318,
        unit="logit",
        bounds=(-10, 10),
        plausible=(-0.4, 0.8),
        evidence=judged("A little more willing than not, where nothing speaks for or against."),
        meaning="How willing an organisation is to commit when nothing speaks for or against it.",
    )
    w_trust: float = quantity(
        4.38,
        unit="logit",
        bounds=(0, 20),
        plausible=(2, 6),
        evidence=Evidence(
            "V20",
            "Informal relationships were the only significant predictor of collaboration (Gillam "
            "2016), personal relationships drive coordination (Bunger 2010). The size is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How strongly trust in partners moves commitment.",
    )
    w_efficacy: float = quantity(
        2.38,
        unit="logit",
        bounds=(0, 20),
        plausible=(1, 5),
        evidence=Evidence(
            "K26",
            "Participants should engage only when there is clear benefit (Huxham and Vangen 2005, "
            "in Integrative leadership functions). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How strongly visible benefit moves commitment.",
    )
    w_load: float = quantity(
        3.38,
        unit="logit/share of time",
        bounds=(0, 20),
        plausible=(0.5, 4),
        evidence=Evidence(
            "K26",
            "Collaboration may be 'highly resource consuming and stressful' (Huxham and Vangen "
            "2005, in Integrative leadership functions). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How strongly the time that it takes lowers commitment.",
    )
    own_weight: float = quantity(
        0.6,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 1),
        evidence=Evidence(
            "K26",
            "The 'clear benefit' is the participant's own; R21 adds that partners are held by "
            "their own KPIs. How much it counts beside the common good is judgement.",
            ("existence",),
        ),
        meaning="How much results count only as far as they lie within the own remit.",
    )
    impatience: float = quantity(
        0.492,
        unit="result level",
        bounds=(0, 1),
        plausible=(0.1, 0.5),
        evidence=Evidence(
            "K26",
            "Regions typically have a short-term horizon, which the national backbone lengthens "
            "(Futures thinker). The level is judgement.",
            ("existence", "sign"),
        ),
        meaning="The results that organisations expect to see soon, or else lose heart.",
    )
    commitment_time: float = quantity(
        6,
        unit="months",
        bounds=(1, 120),
        constant=True,
        evidence=judged("Commitment changes with some inertia."),
        meaning="How long an organisation's commitment takes to follow its reasons.",
    )
    leave_rate: float = quantity(
        0.0213,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.02, 0.1),
        evidence=Evidence(
            "V20",
            "Partnership can be long-lasting yet voluntary (McPherson 2017); R21 recommends an "
            "exit clause. The rate is judgement.",
            ("existence",),
        ),
        meaning="The chance a month that a member without any commitment leaves.",
    )
    recall_rate: float = quantity(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=judged(
            "A hostile superior can call a member back at once; it matters only where a structure "
            "says that a sponsor works against the partnership. As often as a member without any "
            "commitment leaves."
        ),
        meaning="The chance a month that a member leaves whose superiors work against the "
        "partnership with all they have.",
    )
    recruit_rate: float = quantity(
        0.0522,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.03, 0.15),
        evidence=Evidence(
            "K26",
            "Development workers attract new actors and sectors, especially early "
            "(Cross-sectoral player; 13/M). The rate is judgement.",
            ("existence", "sign"),
        ),
        meaning="The chance a month that a full regional backbone wins over a willing "
        "organisation.",
    )
    redesign_example: float = quantity(
        0.5,
        unit="times more",
        bounds=(0, 10),
        constant=True,
        evidence=Evidence(
            "R21",
            "An established model can be applied in other contexts, and its value does not depend "
            "on phases in sequence (Exponential value). That a re-designed one is a better example "
            "is judgement.",
            ("existence",),
        ),
        meaning="How much more the results of a partnership draw others elsewhere after a "
        "re-design.",
    )
    restart_rate: float = quantity(
        0.1,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=judged("Who knows the work is found again a little sooner than others are won."),
        meaning="The chance a month that a willing former member of a dormant partnership comes "
        "back, where its leaders are wholly engaged.",
    )
    contagion_rate: float = quantity(
        0.0527,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.02, 0.12),
        evidence=Evidence(
            "K26",
            "'More often, I get contacted with requests to hear more' (13/M): later some come by "
            "themselves. The rate is judgement.",
            ("existence", "sign"),
        ),
        meaning="The chance a month that a willing organisation joins by itself, drawn by trusted "
        "members and visible results.",
    )
    champion_rate: float = quantity(
        0.08,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "V20",
            "'An influential champion' was 'a key person to help bring the required partners "
            "together' (Landry 2020, in Partnership and backbone organisations). As strong as a "
            "full regional backbone, but for those who know and trust the person: judgement.",
            ("existence", "sign"),
        ),
        meaning="The chance a month that a champion wins over a willing organisation that trusts "
        "it wholly.",
    )
    agreement_hurdle: float = quantity(
        0.3,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "'Formal agreements are sometimes a limitation' (Continuous communication). The size "
            "is judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of joins that does not come about because a contract must be signed.",
    )
    agreement_binds: float = quantity(
        0.3,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "'I recommend an exit clause so that partners can leave the partnership' (Continuous "
            "communication): without it they are bound. The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much seldomer members leave who are bound by a contract, and how much "
        "oftener with an exit clause; a letter of intent binds half as much.",
    )


@kernel
def lack(
    r,
    region_start,
    region_rows,
    community_start,
    participating,
    children,
    community,
    sector,
    member,
    explore,
    lacking,
):
    """Write what communities of a region lack, by sector, and in the last row its bodies."""
    covered = np.zeros(6, np.bool_)
    for c in range(community_start[r], community_start[r + 1]):
        lacking[c, :] = 1.0
    for at in range(region_start[r], region_start[r + 1]):
        i = region_rows[at]
        if member[i]:
            if community[i] >= 0:
                lacking[community[i], sector[i]] = explore
            else:
                covered[sector[i]] = True
    for s in range(6):
        without = 0.0
        everywhere = 0.0
        for c in range(community_start[r], community_start[r + 1]):
            if covered[s]:
                lacking[c, s] = explore
            if participating[c]:
                everywhere += children[c]
                if lacking[c, s] == 1.0:
                    without += children[c]
        share = without / everywhere if everywhere > 0.0 else 1.0
        lacking[-1, s] = explore if covered[s] else explore + (1.0 - explore) * share


@kernel
def seek(
    i,
    selection,
    community,
    sector,
    lacking,
    member,
    start,
    near,
    other,
    prior,
    kept,
    broken,
    prior_weight,
    explore,
):
    """Return how much those who recruit look for organisation `i`."""
    if selection == COMPLEMENTARY:
        return lacking[community[i], sector[i]]  # -1, a body, is the last row
    known = explore
    for tie in range(start[i], near[i]):
        if member[other[tie]]:
            tau, familiar = regard(prior[tie], kept[tie], broken[tie], prior_weight)
            known += tau * familiar
    return known


@kernel
def engaged(r, sponsors_region, present, engagement):
    """Return the mean engagement of the sponsors of region `r` that are there, at least 0."""
    there = 0
    total = 0.0
    for s in range(sponsors_region.size):
        if sponsors_region[s] == r and present[s]:
            there += 1
            total += max(0.0, engagement[s])
    return total / there if there else 0.0


@kernel
def wish(
    sense,
    benefit,
    horizon,
    load,
    commit_base,
    w_trust,
    w_efficacy,
    impatience,
    w_load,
):
    """Return how committed an organisation comes to be that has these reasons, 0..1."""
    return logistic(
        commit_base
        + w_trust * (sense - 0.5)
        + w_efficacy * (benefit - impatience * (1.0 - horizon))
        - w_load * load
    )


@kernel
def commit(
    founder,
    region,
    member,
    commitment,
    benefit,
    time_left,
    reach,
    start,
    near,
    other,
    prior,
    kept,
    broken,
    prior_weight,
    trust_prior,
    explore,
    commit_base,
    w_trust,
    w_efficacy,
    impatience,
    w_load,
):
    """Let those who begin be as committed as their reasons have them now, in place, (N,)."""
    for i in range(member.size):
        if not founder[i]:
            continue
        weights = 0.0
        trusted = 0.0
        for tie in range(start[i], near[i]):
            if member[other[tie]]:
                tau, known = regard(prior[tie], kept[tie], broken[tie], prior_weight)
                weights += known + explore
                trusted += (known + explore) * tau
        commitment[i] = wish(
            trusted / weights if weights > 0.0 else trust_prior,
            benefit[i],
            reach[region[i], 0],
            1.0 - time_left[i],
            commit_base,
            w_trust,
            w_efficacy,
            impatience,
            w_load,
        )


@kernel
def decide(
    seed,
    month,
    number,
    sector,
    community,
    eligible,
    champion,
    member,
    commitment,
    intention,
    benefit,
    time_left,
    opposed,
    former,
    leaving,
    joining,
    region_start,
    region_rows,
    start,
    near,
    other,
    prior,
    kept,
    broken,
    community_start,
    participating,
    children,
    region,
    communities_visible,
    regions_visible,
    phase,
    redesigns,
    sponsors_region,
    present,
    engagement,
    roles,
    reach,
    joined_self,
    joined_recruited,
    left,
    communication,
    selection,
    seats,
    levers_champion,
    formal,
    exit_clause,
    bond,
    redesign,
    replication,
    prior_weight,
    trust_prior,
    explore,
    commit_base,
    w_trust,
    w_efficacy,
    w_load,
    impatience,
    commitment_time,
    leave_rate,
    recall_rate,
    recruit_rate,
    contagion_rate,
    champion_rate,
    agreement_hurdle,
    agreement_binds,
    redesign_example,
    restart_rate,
):
    """Decide who stays, leaves and joins, in place, region by region."""
    tau, known = np.empty((2, most_ties(start)))
    goes_by, comes_by = np.empty((2, member.size))
    uniforms(seed, _LEAVE, month, number, 0, goes_by)
    uniforms(seed, _JOIN, month, number, 0, comes_by)
    places = community_start[regions_visible.size] if selection == COMPLEMENTARY else 0
    lacking = np.empty((places + 1, 6))
    leaves = leave_rate * (1.0 - agreement_binds * bond)
    ease = 1.0 - agreement_hurdle * formal
    if exit_clause > 0.0:
        leaves = leave_rate * (1.0 + agreement_binds)
        ease = 1.0
    for r in range(regions_visible.size):
        members = 0
        eligibles = 0
        loads = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                eligibles += 1
            if member[i]:
                members += 1
                loads += 1.0 - time_left[i]
        load_elsewhere = loads / members if members else 0.0
        heard_of = contagion_rate * ((1.0 + communication) / 2.0)
        asked = recruit_rate * roles[r, 0]
        recruited = asked
        scale = 0.0
        if selection > 0.0 and asked > 0.0:
            if selection == COMPLEMENTARY:
                lack(
                    r,
                    region_start,
                    region_rows,
                    community_start,
                    participating,
                    children,
                    community,
                    sector,
                    member,
                    explore,
                    lacking,
                )
            total = 0.0
            others = 0
            for at in range(region_start[r], region_start[r + 1]):
                i = region_rows[at]
                if eligible[i] and not member[i]:
                    others += 1
                    total += seek(
                        i,
                        selection,
                        community,
                        sector,
                        lacking,
                        member,
                        start,
                        near,
                        other,
                        prior,
                        kept,
                        broken,
                        prior_weight,
                        explore,
                    )
            scale = others / total if others else 0.0
        full = seats < 1.0 and members >= seats * eligibles
        called = 0.0
        if redesign > 0.0 and phase[r] == DORMANT:
            called = engaged(r, sponsors_region, present, engagement)
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            leaving[i] = False
            joining[i] = False
            if not eligible[i]:
                continue
            weights = 0.0
            trusted = 0.0
            partners = 0
            asks = 0.0
            if members:
                first = start[i]
                near_by = slice(first, near[i])
                regards(prior[near_by], kept[near_by], broken[near_by], prior_weight, tau, known)
                for place in range(near[i] - first):
                    # Who is no member counts 0, without a branch.
                    inside = member[np.uintp(other[first + place])]
                    partners += inside
                    weight = (known[place] + explore) * inside
                    weights += weight
                    trusted += weight * tau[place]
                if levers_champion > 0.0:
                    for place in range(near[i] - first):
                        j = other[first + place]
                        if champion[j] and member[j]:
                            asks = 1.0 - (1.0 - asks) * (1.0 - champion_rate * tau[place])
            sense = trusted / weights if weights > 0.0 else trust_prior
            load = 1.0 - time_left[i] if member[i] else load_elsewhere
            heading = wish(
                sense,
                benefit[i],
                reach[r, 0],
                load,
                commit_base,
                w_trust,
                w_efficacy,
                impatience,
                w_load,
            )
            intention[i] = heading
            if member[i]:
                commitment[i] += (heading - commitment[i]) / commitment_time
                doubt = 1.0 - commitment[i]
                goes = leaves * doubt * doubt
                goes += (1.0 - goes) * recall_rate * opposed[i]
                if goes_by[i] < goes:
                    leaving[i] = True
                    left[r] += 1.0
            else:
                unmoved = 1.0
                if members:
                    visible = (
                        communities_visible[community[i]]
                        if community[i] >= 0
                        else regions_visible[r]
                    )
                    degree = start[i + 1] - start[i]
                    around = sense * partners / degree if degree else 0.0
                    unmoved = (1.0 - around) * (1.0 - visible)
                if replication > 0.0:
                    unseen = 1.0
                    for tie in range(near[i], start[i + 1]):
                        j = other[tie]
                        if member[j]:
                            there = regions_visible[region[j]]
                            if redesigns[region[j]] > 0:
                                there = min(1.0, there * (1.0 + redesign_example))
                            ours = trust(prior[tie], kept[tie], broken[tie], prior_weight)
                            unseen *= 1.0 - ours * there
                    unmoved *= 1.0 - replication * (1.0 - unseen)
                drawn = heard_of * (1.0 - unmoved)
                if asks > 0.0:
                    drawn = 1.0 - (1.0 - drawn) * (1.0 - asks)
                if redesign > 0.0 and phase[r] == DORMANT and former[i]:
                    sought = 1.0 - (1.0 - called) * (1.0 - benefit[i])
                    drawn = 1.0 - (1.0 - drawn) * (1.0 - restart_rate * redesign * sought)
                if scale > 0.0:
                    look = seek(
                        i,
                        selection,
                        community,
                        sector,
                        lacking,
                        member,
                        start,
                        near,
                        other,
                        prior,
                        kept,
                        broken,
                        prior_weight,
                        explore,
                    )
                    recruited = min(1.0, asked * scale * look)
                chance = 2.0 * heading * (1.0 - (1.0 - recruited) * (1.0 - drawn)) * ease
                if full:
                    chance = 0.0
                if comes_by[i] < chance:
                    joining[i] = True
                    joined_self[r] += drawn / (drawn + recruited)
                    joined_recruited[r] += recruited / (drawn + recruited)


@process(
    decide,
    reads="""
        orgs.number .sector .community .region .eligible .champion .member .benefit .time_left
        .opposed .former
        layout.region_start .region_rows .community_start
        ties.start .near .other .prior .kept .broken
        communities.participating .children .visible
        regions.visible .roles .reach .phase .redesigns
        sponsors.region .present .engagement
        levers.communication .selection .seats .champion .formal .exit_clause .bond
        .redesign .replication
    """,
    writes="""
        orgs.commitment .intention .leaving .joining
        regions.joined_self .joined_recruited .left
    """,
)
def join_and_leave() -> None:
    """Let members commit or leave, and others join."""


_REASONS = """
    orgs.region .member .benefit .time_left
    regions.reach
    ties.start .near .other .prior .kept .broken
"""


@process(commit, reads="orgs.founder " + _REASONS, writes="orgs.commitment")
def commit_founders() -> None:
    """Let founders be as committed as their reasons have them."""


_COMMIT = bind(commit, columns("orgs.commitment " + _REASONS), given=("founder",))


def commit_one(state: State, p: Any, row: int) -> None:
    """Let one organisation, by row, be as committed as its reasons have it (for policies)."""
    begins = np.zeros(state.orgs.member.size, np.bool_)
    begins[row] = True
    _COMMIT(state, p, founder=begins)
