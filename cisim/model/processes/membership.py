"""Membership: commitment grows from trust and visible benefit; people join and leave.

    T_i   = sum (f + explore) tau / sum (f + explore)      over member neighbours in the region
    k*_i  = logistic(commit_base + w_trust (T - 1/2)
                     + w_efficacy (V - impatience (1 - NF)) - w_load load)
    k_i  += (k*_i - k_i) / commitment_time                 members
    leave = leave_rate (1 - k)^2
    join  = 2 k* (1 - (1 - jR)(1 - jS)),  jR = recruit_rate E_cross-sectoral,
            jS = contagion_rate (1 - (1 - T member neighbours / degree)(1 - R))

T is trust_prior where there is no such neighbour, NF the reach of futures work. The load of a
member is 1 - l, that of others the mean of the region's members. Nobody is drawn (jS = 0) in a
region without members. A join counts as self-initiated in the share jS / (jS + jR). Whoever leaves
or joins does so at the end of the month (processes/roster.py).

Source  V20 (Gillam 2016, Bunger 2010: trust and history, sign); K26 ('clear benefit', 'highly
        resource consuming and stressful', cross-sectoral player, 13/M; sign); sizes: judgement
"""

from __future__ import annotations

from cisim.model.arithmetic import logistic
from cisim.model.kernel import kernel
from cisim.model.luck import uniform, word
from cisim.model.process import process
from cisim.model.relations import regard

_LEAVE = word("leave")
_JOIN = word("join")


@kernel
def decide(
    seed,
    month,
    number,
    community,
    eligible,
    member,
    commitment,
    intention,
    benefit,
    time_left,
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
    communities_visible,
    regions_visible,
    roles,
    reach,
    joined_self,
    joined_recruited,
    left,
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
    recruit_rate,
    contagion_rate,
):
    """Decide who stays, leaves and joins, in place, region by region."""
    for r in range(regions_visible.size):
        members = 0
        loads = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                members += 1
                loads += 1.0 - time_left[i]
        load_elsewhere = loads / members if members else 0.0
        recruited = recruit_rate * roles[r, 0]
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            leaving[i] = False
            joining[i] = False
            if not eligible[i]:
                continue
            weights = 0.0
            trusted = 0.0
            partners = 0
            for tie in range(start[i], near[i]):
                if member[other[tie]]:
                    partners += 1
                    tau, known = regard(prior[tie], kept[tie], broken[tie], prior_weight)
                    weights += known + explore
                    trusted += (known + explore) * tau
            sense = trusted / weights if weights > 0.0 else trust_prior
            load = 1.0 - time_left[i] if member[i] else load_elsewhere
            heading = logistic(
                commit_base
                + w_trust * (sense - 0.5)
                + w_efficacy * (benefit[i] - impatience * (1.0 - reach[r, 0]))
                - w_load * load
            )
            intention[i] = heading
            if member[i]:
                commitment[i] += (heading - commitment[i]) / commitment_time
                doubt = 1.0 - commitment[i]
                if uniform(seed, _LEAVE, month, number[i], 0) < leave_rate * doubt * doubt:
                    leaving[i] = True
                    left[r] += 1.0
            else:
                drawn = 0.0
                if members:
                    visible = (
                        communities_visible[community[i]]
                        if community[i] >= 0
                        else regions_visible[r]
                    )
                    degree = start[i + 1] - start[i]
                    around = sense * partners / degree if degree else 0.0
                    drawn = contagion_rate * (1.0 - (1.0 - around) * (1.0 - visible))
                chance = 2.0 * heading * (1.0 - (1.0 - recruited) * (1.0 - drawn))
                if uniform(seed, _JOIN, month, number[i], 0) < chance:
                    joining[i] = True
                    joined_self[r] += drawn / (drawn + recruited)
                    joined_recruited[r] += recruited / (drawn + recruited)


@process(
    decide,
    reads="""
        orgs.number .community .eligible .member .benefit .time_left
        layout.region_start .region_rows
        ties.start .near .other .prior .kept .broken
        communities.visible
        regions.visible .roles .reach
    """,
    writes="""
        orgs.commitment .intention .leaving .joining
        regions.joined_self .joined_recruited .left
    """,
)
def join_and_leave() -> None:
    """Let members commit or leave, and others join."""
