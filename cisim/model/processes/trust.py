"""Trust: promises kept build it slowly, promises broken destroy it fast.

A dialogue is productive with probability A + (1 - A) fac. If it is, each party keeps its promise
with probability rho + (1 - rho) fac: one more kept promise, or broken_weight broken ones. If it is
not, the unmediated conflict costs both sides conflict_cost. Experience fades with trust_memory.

    rho = follow_min + (1 - follow_min) (k mu l)^(1/3)                  in the partnership
    rho = follow_min + (everyday_reliability - follow_min) l            every day

fac is the facilitation of the initiator's region, 0 every day.

Source  R21 p. communication (trust takes years of regular interaction); Slovic 1993 (asymmetry);
        K26 ('resolving emerging conflicts', facilitation essential); sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp, power
from cisim.model.kernel import kernel
from cisim.model.process import process


@kernel
def reliability(i, everyday, commitment, mandate, time_left, follow_min, everyday_reliability):
    """Return the probability that organisation `i` keeps a promise without any facilitation."""
    if everyday:
        return follow_min + (everyday_reliability - follow_min) * time_left[i]
    can = commitment[i] * mandate[i] * time_left[i]
    return follow_min + (1.0 - follow_min) * power(can, 1.0 / 3.0)


@kernel
def experience(
    meetings_held,
    meetings_arc,
    meetings_party,
    meetings_kind,
    meetings_dialogue,
    meetings_theirs,
    meetings_ours,
    meetings_productive,
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
    for m in range(meetings_held[0]):
        tie = meetings_arc[m]
        back = reverse[tie]
        i = meetings_party[m]
        j = other[tie]
        everyday = meetings_kind[m] == 3
        fac = 0.0 if everyday else facilitation[region[i]]
        agrees = aligned[tie]
        meetings_productive[m] = meetings_dialogue[m] < agrees + (1.0 - agrees) * fac
        if not meetings_productive[m]:
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
        if meetings_theirs[m] < rho + (1.0 - rho) * fac:
            kept[tie] += 1.0
        else:
            broken[tie] += broken_weight
        rho = reliable[i, way]
        if meetings_ours[m] < rho + (1.0 - rho) * fac:
            kept[back] += 1.0
        else:
            broken[back] += broken_weight


@process(
    experience,
    reads="""
        meetings_held
        meetings.arc .party .kind .dialogue .theirs .ours
        orgs.region .commitment .mandate .time_left
        regions.facilitation
        ties.other .reverse .aligned
    """,
    writes="meetings.productive ties.kept .broken",
)
def update_trust() -> None:
    """Let each meeting go well or badly, and remember it."""
