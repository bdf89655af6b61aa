"""Time and contribution: what is left after meetings goes to joint, bilateral and own work.

    av  = (B - engagement_time engagement B0 [member] - led - meeting_cost met)+
    l  += (av/B - l) / load_time
    P   = av min(k, mu)              members' partnership time
    C   = P + extra k                joint work
    O   = everyday_share (av - P)    bilateral work: the partnership competes with it
    v   = engagement_time engagement B0 [member] + led + meeting_cost met + P + O - (B - B0)
    y   = C (idle_productivity + (1 - idle_productivity) h), of bilateral work the same with O

[member] is 1 for members and 0 for others. An organisation that knows nobody in its region has no
bilateral work.

Source  K26 ('highly resource consuming'); R21 (time for beneficiaries; limited mandates); sizes:
        judgement
"""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.process import process


@kernel
def give(
    member,
    commitment,
    mandate,
    knowhow,
    own_time,
    time,
    extra,
    led,
    met,
    start,
    near,
    time_left,
    joint_time,
    everyday_time,
    service_time,
    joint_effort,
    everyday_effort,
    engagement,
    engagement_time,
    meeting_cost,
    load_time,
    everyday_share,
    idle_productivity,
):
    """Share out each organisation's time, in place, (N,)."""
    for i in range(member.size):
        spent = led[i] + meeting_cost * met[i]
        if member[i]:
            spent += engagement_time * engagement * own_time[i]
        available = max(0.0, time[i] - spent)
        time_left[i] += (available / time[i] - time_left[i]) / load_time
        partnership = 0.0
        joint = 0.0
        if member[i]:
            partnership = available * min(commitment[i], mandate[i])
            joint = partnership + extra[i] * commitment[i]
        everyday = 0.0
        if near[i] > start[i]:
            everyday = everyday_share * (available - partnership)
        joint_time[i] = joint
        everyday_time[i] = everyday
        service_time[i] = spent + partnership + everyday - (time[i] - own_time[i])
        productive = idle_productivity + (1.0 - idle_productivity) * knowhow[i]
        joint_effort[i] = joint * productive
        everyday_effort[i] = everyday * productive


@process(
    give,
    reads="""
        orgs.member .commitment .mandate .knowhow .own_time .time .extra .led .met
        ties.start .near
        levers.engagement
    """,
    writes="""
        orgs.time_left .joint_time .everyday_time .service_time .joint_effort .everyday_effort
    """,
)
def contribute() -> None:
    """Share out the month's time."""
