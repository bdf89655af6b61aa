"""Roster: who has decided to leave or join does so at the end of the month.

Leavers lose their commitment, joiners start with the one they were heading for. What members know
and measure on average in each region is noted: the best region's practice is what bridge builders
carry in the month that follows.

At month 0, once, the partnership is founded. Eligible local organisations are founders with
probability init_member_share, regional bodies with body_founder_factor times that; how committed
they are follows from their reasons (processes/membership.py). Where founders are named, those of
them who are eligible found it. Where it grows from a network, those of each region found it who
know and trust each other best: the closest pair of eligible organisations, w_ij = (f_ij tau_ij +
f_ji tau_ji) / 2, and then one by one whoever has the largest sum of w to those before, as many as
the draw would have made founders or as the structure says, until nobody else is tied to them.
Wellbeing is counted from the last year of history (D1 = D2 = D3 = baseline), sponsors start with
the engagement that the structure gives them, by default gamma = sponsor_base min(1, loose_gain
link), and backbones with the staff of the posts that are paid in month 0.

Who shares values is closer from then on, and who takes on much is further apart: aims and remits of
the eligible lie value_distance scope times as far as drawn from the middle of their region's, which
is the mean of their remits. Where the structure wants a champion and names none, it is of each
region the founder whom most know and trust, by the sum of f_ji tau_ji over its neighbours there.

Source  K26 (bridge builder carries what other regions have done; regional bodies start); V20 (a
        small group of founders; initiatives that "established their partnerships based on existing
        networks"; an influential champion); R21 (core values; many challenges at a time); form and
        sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.luck import uniform, word
from cisim.model.process import process
from cisim.model.relations import align, regard

DRAWN, NAMED, NETWORK, NETWORK_OF = range(4)
"""Who founds it (levers.founding): a draw, those named, a network of as many, or of so many."""

NO_CHAMPION, BEST_TRUSTED, NAMED_CHAMPIONS = range(3)
"""Who is a champion (levers.champion)."""

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
    former,
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
            former[i] = True
        elif joining[i]:
            member[i] = True
            commitment[i] = intention[i]
            joining[i] = False
    note_practice(region_start, region_rows, member, knowhow, measurement, best)


@kernel
def closeness(tie, back, prior, kept, broken, prior_weight):
    """Return how well two know and trust each other, 0..1, the same seen from either."""
    tau, known = regard(prior[tie], kept[tie], broken[tie], prior_weight)
    theirs, known_back = regard(prior[back], kept[back], broken[back], prior_weight)
    return (known * tau + known_back * theirs) / 2.0


@kernel
def choose(
    seed,
    number,
    community,
    eligible,
    founder,
    region_start,
    region_rows,
    start,
    near,
    other,
    reverse,
    prior,
    kept,
    broken,
    founding,
    founders,
    init_member_share,
    body_founder_factor,
    prior_weight,
):
    """Choose who founds the partnership, in place, (N,), region by region."""
    if founding == NAMED:
        for i in range(number.size):
            founder[i] = founder[i] and eligible[i]
        return
    close = np.zeros(number.size)  # of each to the founders so far
    for r in range(region_start.size - 1):
        drawn = 0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            chance = init_member_share * (1.0 if community[i] >= 0 else body_founder_factor)
            founds = eligible[i] and uniform(seed, _FOUNDING, 0, number[i], 0) < chance
            founder[i] = founds and founding == DRAWN
            if founds:
                drawn += 1
        if founding == DRAWN:
            continue
        wanted = founders if founding == NETWORK_OF else drawn
        found = 0
        while found < wanted:
            # The first comes from the closest pair, so it is closest to whom it knows best.
            closest = 0.0
            next_ = -1
            for at in range(region_start[r], region_start[r + 1]):
                i = region_rows[at]
                if not eligible[i] or founder[i]:
                    continue
                near_by = close[i]
                if found == 0:
                    for tie in range(start[i], near[i]):
                        if eligible[other[tie]]:
                            near_by = max(
                                near_by,
                                closeness(tie, reverse[tie], prior, kept, broken, prior_weight),
                            )
                if near_by > closest:
                    closest = near_by
                    next_ = i
            if next_ < 0:
                break
            founder[next_] = True
            found += 1
            for tie in range(start[next_], near[next_]):
                close[other[tie]] += closeness(tie, reverse[tie], prior, kept, broken, prior_weight)


@kernel
def begin(
    founder,
    member,
    baseline,
    delay,
    present,
    opening,
    engagement,
    planned,
    staff,
):
    """Let the partnership be founded at month 0, in place."""
    for i in range(member.size):
        if founder[i]:
            member[i] = True
    for c in range(baseline.size):
        for stage in range(3):
            delay[c, stage] = baseline[c]
    for s in range(present.size):
        engagement[s] = opening[s] if present[s] else 0.0
    for b in range(staff.size):
        staff[b] = planned[b]


@kernel
def share(
    region_start,
    region_rows,
    eligible,
    remit,
    agenda,
    start,
    other,
    reverse,
    aligned,
    value_distance,
    scope,
    agree_scale,
):
    """Draw the aims of those who may take part together or apart, in place, (N, 3) each."""
    times = value_distance * scope
    if times == 1.0:
        return
    for r in range(region_start.size - 1):
        there = 0
        middle = np.zeros(3)
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                there += 1
                for axis in range(3):
                    middle[axis] += remit[i, axis]
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                for axis in range(3):
                    mean = middle[axis] / there
                    remit[i, axis] = mean + times * (remit[i, axis] - mean)
                    agenda[i, axis] = mean + times * (agenda[i, axis] - mean)
    align(start, other, reverse, agenda, agree_scale, aligned)


@kernel
def crown(
    region_start,
    region_rows,
    member,
    champion,
    start,
    near,
    reverse,
    prior,
    kept,
    broken,
    levers_champion,
    prior_weight,
):
    """Make the founder whom most trust a champion, in place, (N,), one a region."""
    if levers_champion == NAMED_CHAMPIONS:
        return
    champion[:] = False
    if levers_champion == NO_CHAMPION:
        return
    for r in range(region_start.size - 1):
        most = 0.0
        best = -1
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if not member[i]:
                continue
            trusted = 0.0
            for tie in range(start[i], near[i]):
                back = reverse[tie]
                tau, known = regard(prior[back], kept[back], broken[back], prior_weight)
                trusted += tau * known
            if trusted > most:
                most = trusted
                best = i
        if best >= 0:
            champion[best] = True


@process(
    share,
    reads="""
        layout.region_start .region_rows
        orgs.eligible
        ties.start .other .reverse
        levers.value_distance .scope
    """,
    writes="orgs.remit .agenda ties.aligned",
)
def share_values() -> None:
    """Bring those who may take part closer in what they value, or further apart."""


@process(
    crown,
    reads="""
        layout.region_start .region_rows
        orgs.member
        ties.start .near .reverse .prior .kept .broken
        levers.champion
    """,
    writes="orgs.champion",
)
def choose_champions() -> None:
    """Choose the champions: of each region the founder whom most know and trust."""


@process(
    turn,
    reads="orgs.intention .knowhow .measurement layout.region_start .region_rows",
    writes="orgs.leaving .joining .member .commitment .former practice.best",
)
def turn_roster() -> None:
    """Let leavers leave and joiners join."""


@process(
    choose,
    reads="""
        orgs.number .community .eligible
        layout.region_start .region_rows
        ties.start .near .other .reverse .prior .kept .broken
        levers.founding .founders
    """,
    writes="orgs.founder",
)
def choose_founders() -> None:
    """Choose the founders: by chance, by name, or those who know and trust each other best."""


@process(
    begin,
    reads="""
        orgs.founder
        communities.baseline
        sponsors.present .opening
        backbones.planned
    """,
    writes="orgs.member communities.delay sponsors.engagement backbones.staff",
)
def found() -> None:
    """Found the partnership at the end of history."""
