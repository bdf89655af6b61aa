"""Time and contribution: what is left after meetings goes to joint, bilateral and own work.

    m   = (engagement_time engagement + measurement_time (1 - done) s) B0 [member]
    st  = meeting_cost (steering_meetings operational + strategic_meetings strategic) [member]
    av  = (B - c - m - led - w - meeting_cost met - st)+
    l  += (av/B - l) / load_time
    P   = av min(k, mu)              members' partnership time
    C   = P + extra k                joint work
    O   = everyday_share (av - P)    bilateral work: the partnership competes with it
    v   = m + led + w + meeting_cost met + st + P + O - (B - B0)
    y   = C (idle_productivity + (1 - idle_productivity) h), of bilateral work the same with O;
          of joint work times (1 + innovation_gain innovation tried)
    w   = what it volunteers
          + redesign_meetings redesign meeting_cost met     in a region that re-designs
          + sharing_time replication B0                     who knows somebody in another region
          + steering_time data_steering B0                  regional bodies

[member] is 1 for members and 0 for others, w is of members only, c what national actors claim.
measurement_time is a lever, done the share of measuring that regional staff does for members;
operational and strategic are 1 where the steering group works so. An organisation that knows nobody
in its region has no bilateral work.

With contribution_theory conditional members give as they expect others to give, a little less:

    P   = av min(mu, conditional_base + conditional_slope b)

b is the mean share that the other members of the region gave last month; a new member counts with
conditional_start, and who is alone looks at itself. It is the mean schedule of all persons in the
experiment, free riders among them; their round is a month here. The mandate stays the limit.

Source  K26 ('highly resource consuming'); R21 (time for beneficiaries; limited mandates); sizes:
        judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity, theory
from cisim.model.state import REDESIGN


class Contribution(Submodel):
    """Time that is left and time that is given."""

    meeting_cost: float = quantity(
        0.00935,
        unit="FTE-month/meeting/party",
        bounds=(0, 0.5),
        plausible=(0.006, 0.016),
        evidence=judged("An hour and a half of the 150 hours in a month."),
        meaning="The working time that a meeting costs each side.",
    )
    engagement_time: float = quantity(
        0.15,
        unit="share of own time",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Limited funds to spend time on beneficiaries are a barrier (Beneficiary engagement), "
            "so it costs time. The share is judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of its time that a member spends on full engagement of beneficiaries.",
    )
    steering_meetings: float = quantity(
        1,
        unit="meetings/month",
        bounds=(0, 20),
        constant=True,
        evidence=Evidence(
            "R21",
            "A steering committee and a working group from each partner worked together in Ungas "
            "Vägar, with close weekly contact in other cases (Mutually reinforcing activities). "
            "The time is judgement: far less than weekly, as it is asked of every member.",
            ("existence",),
        ),
        meaning="The meetings that operational steering asks of each member.",
    )
    strategic_meetings: float = quantity(
        0.3,
        unit="meetings/month",
        bounds=(0, 20),
        constant=True,
        evidence=judged("A steering group that sets directions meets some four times a year."),
        meaning="The meetings that strategic steering asks of each member.",
    )
    redesign_meetings: float = quantity(
        1,
        unit="times more",
        bounds=(0, 10),
        constant=True,
        evidence=Evidence(
            "R21",
            "Re-design takes 'close and transparent dialogues with partners and beneficiaries' "
            "(Phases). That a meeting then takes twice the time is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much more of members' time a meeting takes in a thorough re-design.",
    )
    sharing_time: float = quantity(
        0.01,
        unit="share of own time",
        bounds=(0, 1),
        constant=True,
        evidence=judged("To share network and ideas takes a usual member some three hours a year."),
        meaning="The share of its time that a member spends on sharing with other regions.",
    )
    steering_time: float = quantity(
        0.05,
        unit="share of own time",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Impact takes proper data collection over a long time to be measured (Investment). "
            "The share of time is judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of its time that a regional body spends on data that steer its work.",
    )
    load_time: float = quantity(
        3,
        unit="months",
        bounds=(1, 120),
        constant=True,
        evidence=judged("People feel the load of the last few months."),
        meaning="How many months of work make up the load that people feel.",
    )
    everyday_share: float = quantity(
        0.164,
        unit="share of time left",
        bounds=(0, 1),
        plausible=(0.05, 0.4),
        evidence=judged("Organisations work with their usual partners without any partnership."),
        meaning="The share of the time left that goes to work with usual partners.",
    )
    idle_productivity: float = quantity(
        0.5,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=judged("Those without know-how achieve half as much in an hour."),
        meaning="What an hour of joint work achieves without any know-how, against one with all.",
    )
    contribution_theory: float = theory(
        "willingness",
        "conditional",
        evidence=judged(
            "Willingness, as this model has it, or conditional cooperation; nobody has tried them "
            "against each other on partnerships."
        ),
        meaning="Which theory of what members contribute holds.",
    )
    conditional_slope: float = quantity(
        0.75,
        unit="–",
        bounds=(0, 1),
        plausible=(0.4, 0.95),
        constant=True,
        evidence=Evidence(
            "Fischbacher 2001",
            "People give more where others give more, and on average less than others do. The "
            "size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much more of its time a conditional cooperator gives where others give more.",
    )
    conditional_base: float = quantity(
        0.05,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 0.2),
        constant=True,
        evidence=Evidence(
            "Fischbacher 2001",
            "Some give even where nobody else does. The size is judgement.",
            ("existence",),
        ),
        meaning="The share of its time that a conditional cooperator gives where nobody else "
        "gives.",
    )
    conditional_start: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        plausible=(0.3, 0.6),
        constant=True,
        evidence=judged("In such experiments about half is given at first."),
        meaning="The share of its time that others expect of whoever is new.",
    )


@kernel
def give(
    member,
    community,
    region,
    commitment,
    mandate,
    knowhow,
    measurement,
    own_time,
    time,
    extra,
    led,
    met,
    start,
    near,
    phase,
    tried,
    time_left,
    joint_time,
    everyday_time,
    service_time,
    joint_effort,
    everyday_effort,
    given,
    volunteered,
    claimed,
    measuring,
    engagement,
    measurement_time,
    operational,
    strategic,
    redesign,
    replication,
    data_steering,
    innovation,
    engagement_time,
    meeting_cost,
    steering_meetings,
    strategic_meetings,
    redesign_meetings,
    sharing_time,
    steering_time,
    innovation_gain,
    load_time,
    everyday_share,
    idle_productivity,
    contribution_theory,
    conditional_slope,
    conditional_base,
    conditional_start,
):
    """Share out each organisation's time, in place, (N,)."""
    steered = meeting_cost * (steering_meetings * operational + strategic_meetings * strategic)
    conditional = contribution_theory > 0.0
    gave = np.zeros((2, measuring.size if conditional else 0))  # shares and members by region
    if conditional:
        for i in range(member.size):
            if member[i]:
                gave[0, region[i]] += given[i]
                gave[1, region[i]] += 1.0
    for i in range(member.size):
        spent = led[i] + meeting_cost * met[i]
        if member[i]:
            spent += steered
            spent += engagement_time * engagement * own_time[i] + volunteered[i]
            if measurement_time > 0.0:
                ours = 1.0 - measuring[region[i]]
                spent += measurement_time * ours * measurement[i] * own_time[i]
            if redesign > 0.0 and phase[region[i]] == REDESIGN:
                spent += redesign_meetings * redesign * meeting_cost * met[i]
            if replication > 0.0 and near[i] < start[i + 1]:
                spent += sharing_time * replication * own_time[i]
            if data_steering > 0.0 and community[i] < 0:
                spent += steering_time * data_steering * own_time[i]
        available = max(0.0, time[i] - claimed[i] - spent)
        time_left[i] += (available / time[i] - time_left[i]) / load_time
        partnership = 0.0
        joint = 0.0
        if member[i]:
            willing = commitment[i]
            if conditional:
                others = given[i]
                if gave[1, region[i]] > 1.0:
                    others = (gave[0, region[i]] - given[i]) / (gave[1, region[i]] - 1.0)
                willing = conditional_base + conditional_slope * others
            partnership = available * min(willing, mandate[i])
            joint = partnership + extra[i] * commitment[i]
            if conditional:
                given[i] = min(willing, mandate[i])
        elif conditional:
            given[i] = conditional_start
        everyday = 0.0
        if near[i] > start[i]:
            everyday = everyday_share * (available - partnership)
        joint_time[i] = joint
        everyday_time[i] = everyday
        service_time[i] = spent + partnership + everyday - (time[i] - own_time[i])
        productive = idle_productivity + (1.0 - idle_productivity) * knowhow[i]
        joint_effort[i] = joint * productive
        if innovation > 0.0:
            joint_effort[i] *= 1.0 + innovation_gain * innovation * tried[region[i]]
        everyday_effort[i] = everyday * productive


@process(
    give,
    reads="""
        orgs.member .commitment .mandate .knowhow .measurement .community .region .own_time .time
        .extra .led .met .volunteered .claimed
        ties.start .near
        regions.measuring .phase .tried
        levers.engagement .measurement_time .operational .strategic .redesign .replication
        .data_steering .innovation
    """,
    writes="""
        orgs.time_left .joint_time .everyday_time .service_time .joint_effort .everyday_effort
        .given
    """,
)
def contribute() -> None:
    """Share out the month's time."""
