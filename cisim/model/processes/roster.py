"""Roster: who has decided to leave or join does so at the end of the month.

Leavers lose their commitment, joiners start with the one they were heading for. What members know
and measure on average in each region is noted: the best region's practice is what bridge builders
carry in the month that follows.

At month 0, once, the partnership is founded. Eligible local organisations are founders with
probability init_member_share, regional bodies with body_founder_factor times that, all with
founder_commitment. Wellbeing is counted from the last year of history (D1 = D2 = D3 = baseline),
sponsors start with the goodwill gamma = sponsor_base min(1, loose_gain link), and backbones that
are paid in month 0 with their planned staff.

Source  K26 (bridge builder carries what other regions have done; regional bodies start); V20 (a
        small group of founders); form and sizes: judgement
"""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.luck import uniform, word
from cisim.model.process import process

_FOUNDING = word("founding")


@kernel
def note_practice(region_start, region_rows, member, knowhow, measurement, best):
    """Write the highest regional means of members' know-how and measurement, (2,)."""
    best[0] = 0.0
    best[1] = 0.0
    for r in range(region_start.size - 1):
        members = 0
        knows = 0.0
        measures = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                members += 1
                knows += knowhow[i]
                measures += measurement[i]
        if members:
            best[0] = max(best[0], knows / members)
            best[1] = max(best[1], measures / members)


@kernel
def turn(
    leaving,
    joining,
    intention,
    member,
    commitment,
    knowhow,
    measurement,
    region_start,
    region_rows,
    best,
):
    """Apply the month's decisions, in place, (N,) each."""
    for i in range(member.size):
        if leaving[i]:
            member[i] = False
            commitment[i] = 0.0
            leaving[i] = False
        elif joining[i]:
            member[i] = True
            commitment[i] = intention[i]
            joining[i] = False
    note_practice(region_start, region_rows, member, knowhow, measurement, best)


@kernel
def begin(
    seed,
    number,
    community,
    eligible,
    member,
    commitment,
    baseline,
    delay,
    region,
    link,
    present,
    engagement,
    exists,
    planned,
    backbones_start,
    seed_end,
    backbones_end,
    staff,
    init_member_share,
    body_founder_factor,
    founder_commitment,
    sponsor_base,
    loose_gain,
):
    """Let the partnership be founded at month 0, in place."""
    for i in range(number.size):
        chance = init_member_share * (1.0 if community[i] >= 0 else body_founder_factor)
        if eligible[i] and uniform(seed, _FOUNDING, 0, number[i], 0) < chance:
            member[i] = True
            commitment[i] = founder_commitment
    for c in range(baseline.size):
        for stage in range(3):
            delay[c, stage] = baseline[c]
    for s in range(region.size):
        goodwill = sponsor_base * min(1.0, loose_gain * link[region[s]])
        engagement[s] = goodwill if present[s] else 0.0
    for b in range(1, staff.size):
        if exists[b] and backbones_start[b] <= 0 < min(backbones_end[b], seed_end[b]):
            staff[b] = planned[b]
    staff[0] = planned[0] if exists[0] and backbones_start[0] <= 0 < backbones_end[0] else 0.0


@process(
    turn,
    reads="orgs.intention .knowhow .measurement layout.region_start .region_rows",
    writes="orgs.leaving .joining .member .commitment practice.best",
)
def turn_roster() -> None:
    """Let leavers leave and joiners join."""


@process(
    begin,
    reads="""
        orgs.number .community .eligible
        communities.baseline
        sponsors.region .present
        regions.link
        backbones.exists .planned .start .seed_end .end
    """,
    writes="orgs.member .commitment communities.delay sponsors.engagement backbones.staff",
)
def found() -> None:
    """Found the partnership at the end of history."""
