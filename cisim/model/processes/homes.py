"""Homes: what of paid staff acts, and what volunteers add.

    ready_b = whether b has had staff for start_up months, without a break
    act_b   = staff_b ready_b (1 - overhead)(1 - staff_shortage (1 - vertical_governance))
    V_r     = min(volunteers, sum of members' b_i),   b_i = min(k, mu) l B
    w_i     = V_r b_i / sum of members' b_i
    hands_0 = act_0,   hands_r = act_r + volunteer_value V_r

Staff are paid from their first month, and act when their home is there: backbones.py works with
the hands. Volunteers are members' own people: they help where there is staff and where there is
none, their time is missed in joint and own work (processes/contribution.py), and it is booked as
volunteers' time, not as money.

Source  NZ (existing home or new; minimum of structure); R21 (shared orchestrator; volunteered time
        that did not create much); V20 (lean backbones with volunteers; lack of qualified staff);
        forms and sizes: judgement
"""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.process import process


@kernel
def settle(
    # organisations
    member,
    commitment,
    mandate,
    time_left,
    time,
    volunteered,
    region_start,
    region_rows,
    # backbones and regions
    planned,
    staff,
    age,
    hands,
    regions_volunteered,
    # levers
    start_up,
    overhead,
    staff_shortage,
    vertical_governance,
    volunteers,
    volunteer_value,
):
    """Write the hands of a month, in place, (B,), and who volunteers, (N,)."""
    found = 1.0 - staff_shortage * (1.0 - vertical_governance)
    for b in range(staff.size):
        paid = planned[0] if b == 0 else staff[b]
        hands[b] = paid * (1.0 - overhead) * found if age[b] >= start_up else 0.0
        age[b] = age[b] + 1.0 if paid > 0.0 else 0.0
    for r in range(regions_volunteered.size):
        if volunteers == 0.0 and regions_volunteered[r] == 0.0:
            continue
        offered = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                offered += min(commitment[i], mandate[i]) * time_left[i] * time[i]
        regions_volunteered[r] = min(volunteers, offered)
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            volunteered[i] = 0.0
            if member[i] and offered > 0.0:
                offer = min(commitment[i], mandate[i]) * time_left[i] * time[i]
                volunteered[i] = regions_volunteered[r] * offer / offered
        hands[r + 1] += volunteer_value * regions_volunteered[r]


@process(
    settle,
    reads="""
        orgs.member .commitment .mandate .time_left .time
        layout.region_start .region_rows
        backbones.planned .staff
        levers.start_up .overhead .staff_shortage .vertical_governance .volunteers
        .volunteer_value
    """,
    writes="orgs.volunteered backbones.age .hands regions.volunteered",
)
def settle_in() -> None:
    """Let staff act whose home is there, and volunteers help."""
