"""Phases: how a region's partnership stands, and what a re-design asks of it.

    ready    members > .2 of the eligible, common agenda > .2, money comes in
    active   at least 3 members, > .2 of the eligible, J > .01
    dormant  once active, and for half a year no more

    before -> initiation    somebody is a member
    initiation -> run       ready, after initiation_shortest at the earliest
    run -> re-design        after run_longest, or after run_shortest where the agenda of joint work
                            fits children's need less than when the run began
    re-design -> run        after redesign_longest, or after redesign_shortest where it fits better
                            than when the re-design began
    dormant -> initiation   active again

The common agenda is convergence of members' agendas, 1 - root of the variance of agendas over that
of remits, times fit to need, child-weighted where there is joint work. The phase is that of the end
of the month and acts in the month that follows. Only where a structure lets partnerships re-design
(lever redesign) does anything depend on it: need is then read anew (agenda.py), and meetings of
members take more time (contribution.py).

Source  R21 p. phases (initiation 6-12 months, run 3-5 years, re-design 6-12 months, in which vision
        and common agenda are revisited with partners and beneficiaries, guided by shared
        measurement); when exactly one follows another: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, quantity
from cisim.model.relations import alignment
from cisim.model.state import BEFORE, DORMANT, INITIATION, REDESIGN, RUN

ACTIVE_MEMBERS, ACTIVE_SHARE, ACTIVE_JOINT = 3, 0.2, 0.01
"""An active partnership has at least so many members, more than this share, more joint activity."""
COMMON_AGENDA = 0.2
"""The level of common agenda at which initiation can end; judgement."""
INACTIVE_MONTHS = 6
"""Months without activity after which a partnership has ended."""


def _months(default: float, words: str, meaning: str) -> float:
    return quantity(
        default,
        unit="months",
        bounds=(1, 600),
        whole=True,
        constant=True,
        evidence=Evidence("R21", words, ("existence", "size")),
        meaning=meaning,
    )


class Phases(Submodel):
    """Phases of a partnership."""

    initiation_shortest: float = _months(
        6, "The initiation phase lasts 6-12 months (Phases).", "The shortest initiation."
    )
    run_shortest: float = _months(
        36,
        "The run phase lasts 3-5 years (Phases).",
        "How long a partnership runs before it may be designed anew.",
    )
    run_longest: float = _months(
        60,
        "The run phase lasts 3-5 years (Phases).",
        "How long a partnership runs at most before it is designed anew.",
    )
    redesign_shortest: float = _months(
        6, "The re-design phase lasts 6-12 months (Phases).", "The shortest re-design."
    )
    redesign_longest: float = _months(
        12, "The re-design phase lasts 6-12 months (Phases).", "The longest re-design."
    )


@kernel
def converged(r, region_start, region_rows, member, agenda, remit, members):
    """Return how much closer members' agendas are than their remits, 0 where they are not."""
    now = 0.0
    own = 0.0
    for axis in range(3):
        mean_now = 0.0
        mean_own = 0.0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                mean_now += agenda[i, axis]
                mean_own += remit[i, axis]
        mean_now /= members
        mean_own /= members
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if member[i]:
                now += (agenda[i, axis] - mean_now) * (agenda[i, axis] - mean_now)
                own += (remit[i, axis] - mean_own) * (remit[i, axis] - mean_own)
    return max(0.0, 1.0 - np.sqrt(now / own)) if own > 0.0 else 0.0


@kernel
def follow(
    # organisations
    eligible,
    member,
    orgs_agenda,
    remit,
    region_start,
    region_rows,
    # communities
    community_start,
    children,
    need,
    joint,
    communities_agenda,
    has_agenda,
    # regions
    paid,
    phase,
    phase_months,
    phase_fit,
    redesigns,
    idle,
    # parameters
    agree_scale,
    initiation_shortest,
    run_shortest,
    run_longest,
    redesign_shortest,
    redesign_longest,
):
    """Move each region's partnership on to the phase that it is in now, in place, (R,) each."""
    for r in range(phase.size):
        members = 0
        eligibles = 0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if eligible[i]:
                eligibles += 1
            if member[i]:
                members += 1
        total = 0.0
        worked = 0.0
        working = 0.0
        fits = 0.0
        for c in range(community_start[r], community_start[r + 1]):
            n = children[c]
            total += n
            worked += n * joint[c]
            if has_agenda[c]:
                working += n
                fits += n * alignment(communities_agenda, c, need, c, agree_scale)
        fits = fits / working if working > 0.0 else 0.0
        wide = members > ACTIVE_SHARE * eligibles
        works = total > 0.0 and worked / total > ACTIVE_JOINT
        if wide and works and members >= ACTIVE_MEMBERS:
            idle[r] = 0
        elif idle[r] >= 0:
            idle[r] += 1

        lasts = phase_months[r] + 1
        follows = phase[r]
        if idle[r] >= INACTIVE_MONTHS:
            follows = DORMANT
        elif phase[r] == BEFORE or phase[r] == DORMANT:
            if members > 0 and (phase[r] == BEFORE or idle[r] == 0):
                follows = INITIATION
        elif phase[r] == INITIATION:
            if lasts >= initiation_shortest and wide and paid[r] > 0.0:
                near = converged(r, region_start, region_rows, member, orgs_agenda, remit, members)
                if near * fits > COMMON_AGENDA:
                    follows = RUN
            if follows == INITIATION and members == 0:
                follows = BEFORE
        elif phase[r] == RUN:
            if lasts >= run_longest or (lasts >= run_shortest and fits < phase_fit[r]):
                follows = REDESIGN
        elif lasts >= redesign_longest or (lasts >= redesign_shortest and fits > phase_fit[r]):
            follows = RUN
            redesigns[r] += 1
        if follows != phase[r]:
            phase[r] = follows
            phase_fit[r] = fits
            lasts = 0
        phase_months[r] = lasts


@process(
    follow,
    reads="""
        orgs.eligible .member .agenda .remit
        layout.region_start .region_rows .community_start
        communities.children .need .joint .agenda .has_agenda
        regions.paid
    """,
    writes="regions.phase .phase_months .phase_fit .redesigns .idle",
)
def follow_phases() -> None:
    """Move each region's partnership on to the phase that it is in."""
