"""Trust: promises kept build it slowly, promises broken destroy it fast.

A dialogue is productive with probability A + (1 - A) fac. If it is, each party keeps its promise
with probability rho + (1 - rho) fac: one more kept promise, or broken_weight broken ones. If it is
not, the unmediated conflict costs both sides conflict_cost. Experience fades with trust_memory.

    rho = follow_min + (1 - follow_min) (k mu l)^(1/3)                  in the partnership
    rho = follow_min + (everyday_reliability - follow_min) l            every day

fac is the facilitation of the initiator's region, 0 every day.

Reads   meetings, orgs, regions.facilitation
Writes  ties.kept, ties.broken, meetings.productive
Source  R21 p. communication (trust takes years of regular interaction); Slovic 1993 (asymmetry);
        K26 ('resolving emerging conflicts', facilitation essential); sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp, power
from cisim.model.kernel import inlined, kernel
from cisim.model.luck import Luck
from cisim.model.parameters import Parameters
from cisim.model.state import State


@kernel
def reliability(i, everyday, commitment, mandate, time_left, follow_min, everyday_reliability):
    """Return the probability that organisation `i` keeps a promise without any facilitation."""
    if everyday:
        return follow_min + (everyday_reliability - follow_min) * time_left[i]
    can = commitment[i] * mandate[i] * time_left[i]
    return follow_min + (1.0 - follow_min) * power(can, 1.0 / 3.0)


@kernel
def experience(
    count,
    m_arc,
    m_party,
    m_kind,
    m_dialogue,
    m_theirs,
    m_ours,
    m_productive,
    region,
    commitment,
    mandate,
    time_left,
    facilitation,
    other,
    reverse,
    kept,
    broken,
    aligned,
    broken_weight,
    conflict_cost,
    trust_memory,
    follow_min,
    everyday_reliability,
):
    """Fade what is remembered and add this month's experience, in place."""
    fade = exp(-1.0 / trust_memory)
    for tie in range(kept.size):
        kept[tie] *= fade
        broken[tie] *= fade
    reliable = np.full((commitment.size, 2), -1.0)  # worked out on demand, once: powers are dear
    for m in range(count):
        tie = m_arc[m]
        back = reverse[tie]
        i = m_party[m]
        j = other[tie]
        everyday = m_kind[m] == 3
        fac = 0.0 if everyday else facilitation[region[i]]
        agrees = aligned[tie]
        m_productive[m] = m_dialogue[m] < agrees + (1.0 - agrees) * fac
        if not m_productive[m]:
            broken[tie] += conflict_cost
            broken[back] += conflict_cost
            continue
        way = 0 if everyday else 1
        for one in (i, j):
            if reliable[one, way] < 0.0:
                reliable[one, way] = reliability(
                    one, everyday, commitment, mandate, time_left, follow_min, everyday_reliability
                )
        rho = reliable[j, way]
        if m_theirs[m] < rho + (1.0 - rho) * fac:
            kept[tie] += 1.0
        else:
            broken[tie] += broken_weight
        rho = reliable[i, way]
        if m_ours[m] < rho + (1.0 - rho) * fac:
            kept[back] += 1.0
        else:
            broken[back] += broken_weight


@inlined
def update_trust(state: State, p: Parameters, luck: Luck) -> None:
    """Let each meeting go well or badly, and remember it."""
    orgs, ties, meetings = state.orgs, state.ties, state.meetings
    experience(
        state.meetings_held[0],
        meetings.arc,
        meetings.party,
        meetings.kind,
        meetings.dialogue,
        meetings.theirs,
        meetings.ours,
        meetings.productive,
        orgs.region,
        orgs.commitment,
        orgs.mandate,
        orgs.time_left,
        state.regions.facilitation,
        ties.other,
        ties.reverse,
        ties.kept,
        ties.broken,
        ties.aligned,
        p.broken_weight,
        p.conflict_cost,
        p.trust_memory,
        p.follow_min,
        p.everyday_reliability,
    )
