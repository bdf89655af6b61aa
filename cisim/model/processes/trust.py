"""Trust: promises kept build it slowly, promises broken destroy it fast.

A dialogue is productive with probability A + (1 - A) fac. If it is, each party keeps its promise
with probability rho + (1 - rho) fac: one more kept promise, or broken_weight broken ones. If it is
not, the unmediated conflict costs both sides conflict_cost. Experience fades with trust_memory.

    rho = follow_min + (1 - follow_min) (k mu l)^(1/3)                  in the partnership
    rho = follow_min + (everyday_reliability - follow_min) l            every day
    rho += accountability s (1 - rho)                                   in the partnership

fac is the facilitation of the initiator's region, 0 every day. What is measured is seen by the
others: with the lever accountability, who measures (s) keeps more of what was promised. Where the
steering group is operational, lapses (1 - rho) (1 - fac) are fewer by steering_follow, in the
partnership. Where a structure asks for innovation A is lower in the partnership (innovation.py).

With trust_theory layers or layers-later trust is that of Pant & Yu (cisim/model/layers.py). A month
is one step of theirs. Its signal is layers_signal times promises kept less promises broken, a
conflict counting as conflict_cost broken ones, and 0 where nobody met. How well one knows a partner
still follows from what is remembered, e = p + n. Trust T is held in prior, p and n, as prior = T,
p = T e and n = (1 - T) e, so that all who read trust read T.

Source  R21 p. communication (trust takes years of regular interaction); Slovic 1993 (asymmetry);
        K26 ('resolving emerging conflicts', facilitation essential); PR, R21 (partners hold each
        other accountable through shared measurement); sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp, power
from cisim.model.kernel import kernel
from cisim.model.layers import advance, hold
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity, theory
from cisim.model.relations import trust


class Trust(Submodel):
    """Promises kept and broken."""

    follow_min: float = quantity(
        0.389,
        unit="–",
        bounds=(0, 1),
        plausible=(0.25, 0.55),
        evidence=judged("Even without time or mandate some promises are kept."),
        meaning="The share of promises that is kept even with no commitment, mandate or time.",
    )
    everyday_reliability: float = quantity(
        0.774,
        unit="–",
        bounds=(0, 1),
        plausible=(0.6, 0.9),
        evidence=judged("Promises within the own remit need no mandate from elsewhere."),
        meaning="The share of everyday promises that is kept by an organisation with time.",
    )
    prior_weight: float = quantity(
        3.35,
        unit="kept promises",
        bounds=(0.1, 100),
        plausible=(3, 10),
        evidence=judged("No source measures it."),
        meaning="How many experiences weigh as much as the first impression.",
    )
    broken_weight: float = quantity(
        3.09,
        unit="kept promises",
        bounds=(0, 20),
        plausible=(1.2, 4),
        evidence=Evidence(
            "Slovic 1993",
            "Trust is lost faster than it is gained. That broken promises count more follows; how "
            "much more is judgement.",
            ("existence", "sign"),
        ),
        meaning="How many kept promises one broken promise outweighs.",
    )
    conflict_cost: float = quantity(
        0.529,
        unit="kept promises",
        bounds=(0, 20),
        plausible=(0, 1),
        evidence=Evidence(
            "K26",
            "Reconciling points of view and resolving emerging conflicts belongs to integrative "
            "leadership (Table 3, Champions), so conflicts arise and matter. What one costs is "
            "judgement; 0 makes disagreement harmless.",
            ("existence",),
        ),
        meaning="How much trust a conflict that nobody mediates costs both sides.",
    )
    facil_effect: float = quantity(
        0.325,
        unit="share",
        bounds=(0, 1),
        plausible=(0.2, 0.8),
        evidence=Evidence(
            "K26",
            "External facilitation of the dialogue 'is absolutely essential' (31/WSC). The size is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of disagreements and lapses that full facilitation prevents.",
    )
    steering_follow: float = quantity(
        0.3,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "'The steering group has been very operational, steering and working meetings which "
            "has resulted in great success' (Mutually reinforcing activities). That promises are "
            "kept because somebody asks for them is our reading, the size judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of lapses that an operational steering group prevents.",
    )
    trust_memory: float = quantity(
        41.6,
        unit="months",
        bounds=(1, 600),
        plausible=(36, 144),
        evidence=Evidence(
            "R21",
            "Participants need several years of regular interactions to build up enough experience "
            "with each other (Communication). That experience lasts for years is supported, for "
            "how many is judgement.",
            ("existence",),
        ),
        meaning="How long an experience with a partner is remembered.",
    )
    trust_theory: float = theory(
        "evidence",
        "layers",
        "layers-later",
        evidence=judged(
            "Evidence, as this model has it, or the two layers of Pant & Yu (2025) in their "
            "earlier "
            "or their later writing; nobody has tried them against each other on partnerships."
        ),
        meaning="Which theory of trust holds.",
    )
    layers_gain: float = quantity(
        0.1,
        unit="share/step",
        bounds=(0, 1),
        plausible=(0.05, 0.15),
        constant=True,
        evidence=Evidence(
            "Pant & Yu 2025",
            "Trust builds gradually (lambda+). The size is the judgement of its authors.",
            ("existence", "sign"),
        ),
        meaning="How much trust a full signal of cooperation builds, of what is missing, in the "
        "two layers.",
    )
    layers_loss: float = quantity(
        0.3,
        unit="share/step",
        bounds=(0, 1),
        plausible=(0.15, 0.45),
        constant=True,
        evidence=Evidence(
            "Pant & Yu 2025",
            "Violations erode trust sharply, about three times as fast (lambda-). The size is the "
            "judgement of its authors.",
            ("existence", "sign"),
        ),
        meaning="How much trust a full signal of violation takes away in the two layers.",
    )
    layers_hurt: float = quantity(
        0.6,
        unit="share/step",
        bounds=(0, 1),
        plausible=(0.5, 0.7),
        constant=True,
        evidence=Evidence(
            "Pant & Yu 2025",
            "A violation damages the reputation (mu). The size is the judgement of its authors.",
            ("existence", "sign"),
        ),
        meaning="How much reputation a full signal of violation damages in the two layers.",
    )
    layers_heal: float = quantity(
        0.03,
        unit="share/step",
        bounds=(0, 1),
        plausible=(0.01, 0.05),
        constant=True,
        evidence=Evidence(
            "Pant & Yu 2025",
            "Damage to a reputation heals slowly (delta). The size is the judgement of its "
            "authors.",
            ("existence", "sign"),
        ),
        meaning="How much damage to a reputation heals in a step without a violation.",
    )
    layers_amplify: float = quantity(
        0.5,
        unit="–",
        bounds=(0, 5),
        plausible=(0.3, 0.7),
        constant=True,
        evidence=Evidence(
            "Pant & Yu 2025",
            "Who depends more on the other loses more trust (xi). The size is the judgement of "
            "its authors.",
            ("existence", "sign"),
        ),
        meaning="How much more trust is lost by whoever depends wholly on the partner.",
    )
    layers_dependence: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 1),
        constant=True,
        evidence=judged(
            "How much partners in a partnership depend on each other (D) no source says; half."
        ),
        meaning="How much an organisation depends on each partner, in the two layers.",
    )
    layers_signal: float = quantity(
        1,
        unit="–",
        bounds=(0, 100),
        plausible=(0.5, 2),
        constant=True,
        evidence=judged(
            "One step is a month, and one kept promise a signal of 1 before tanh, a broken one of "
            "-1: both the reading of this model, as the authors name no unit of time."
        ),
        meaning="How strong a signal one promise is, in the two layers.",
    )


@kernel
def reliability(
    i,
    everyday,
    commitment,
    mandate,
    time_left,
    measurement,
    accountability,
    follow_min,
    everyday_reliability,
):
    """Return the probability that organisation `i` keeps a promise without any facilitation."""
    if everyday:
        return follow_min + (everyday_reliability - follow_min) * time_left[i]
    can = commitment[i] * mandate[i] * time_left[i]
    keeps = follow_min + (1.0 - follow_min) * power(can, 1.0 / 3.0)
    if accountability > 0.0:
        keeps += accountability * measurement[i] * (1.0 - keeps)
    return keeps


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
    measurement,
    facilitation,
    tried,
    other,
    reverse,
    prior,
    kept,
    broken,
    damage,
    aligned,
    accountability,
    innovation,
    innovation_friction,
    broken_weight,
    operational,
    conflict_cost,
    trust_memory,
    follow_min,
    everyday_reliability,
    steering_follow,
    prior_weight,
    trust_theory,
    layers_gain,
    layers_loss,
    layers_hurt,
    layers_heal,
    layers_amplify,
    layers_dependence,
    layers_signal,
):
    """Fade what is remembered and add this month's experience, in place."""
    fade = exp(-1.0 / trust_memory)
    layered = trust_theory > 0.0
    felt = np.zeros((2, kept.size if layered else 0))  # trust at first, and the month's promises
    if layered:
        for tie in range(kept.size):
            felt[0, tie] = trust(prior[tie], kept[tie], broken[tie], prior_weight)
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
        kept_up = fac
        if operational > 0.0 and not everyday:
            kept_up = 1.0 - (1.0 - fac) * (1.0 - steering_follow * operational)
        agrees = aligned[tie]
        if innovation > 0.0 and not everyday:
            agrees *= 1.0 - innovation_friction * innovation * tried[region[i]]
        meetings_productive[m] = meetings_dialogue[m] < agrees + (1.0 - agrees) * fac
        if not meetings_productive[m]:
            broken[tie] += conflict_cost
            broken[back] += conflict_cost
            if layered:
                felt[1, tie] -= conflict_cost
                felt[1, back] -= conflict_cost
            continue
        way = 0 if everyday else 1
        for one in (i, j):
            if reliable[one, way] < 0.0:
                reliable[one, way] = reliability(
                    one,
                    everyday,
                    commitment,
                    mandate,
                    time_left,
                    measurement,
                    accountability,
                    follow_min,
                    everyday_reliability,
                )
        rho = reliable[j, way]
        theirs = meetings_theirs[m] < rho + (1.0 - rho) * kept_up
        if theirs:
            kept[tie] += 1.0
        else:
            broken[tie] += broken_weight
        rho = reliable[i, way]
        ours = meetings_ours[m] < rho + (1.0 - rho) * kept_up
        if ours:
            kept[back] += 1.0
        else:
            broken[back] += broken_weight
        if layered:
            felt[1, tie] += 1.0 if theirs else -1.0
            felt[1, back] += 1.0 if ours else -1.0
    if layered:
        for tie in range(kept.size):
            level, damage[tie] = advance(
                felt[0, tie],
                damage[tie],
                layers_signal * felt[1, tie],
                trust_theory - 1.0,
                layers_gain,
                layers_loss,
                layers_hurt,
                layers_heal,
                layers_amplify,
                layers_dependence,
            )
            hold(tie, level, kept[tie] + broken[tie], prior, kept, broken)


@process(
    experience,
    reads="""
        meetings_held
        meetings.arc .party .kind .dialogue .theirs .ours
        orgs.region .commitment .mandate .time_left .measurement
        regions.facilitation .tried
        ties.other .reverse .aligned
        levers.accountability .operational .innovation
    """,
    writes="meetings.productive ties.prior .kept .broken .damage",
)
def update_trust() -> None:
    """Let each meeting go well or badly, and remember it."""
