"""Agenda: partners, the own remit, those who pay, and children's need pull at it.

    productive meeting   x_i += agenda_rate tau_ij (x_j - x_i), and the same for j
    members              x_i += kpi_pull (1 - mu_i/2) (a_i - x_i) + funder_pull M (x_F - x_i)
                                + need_pull engagement (x*_c - x_i)
    in re-design         x_i += redesign_pull redesign (1 - (1 - s_i)(1 - engagement)) (x*_c - x_i)
    others               x_i += kpi_pull (a_i - x_i)
    need                 x*_c += need_drift z on each axis, from month 0 on

Other theories of how partners move each other, by agenda_theory:

    friedkin-johnsen     x_i += influence_pace (susceptibility (sum w_ij x_j - x_i)
                                + (1 - susceptibility)(a_i - x_i))      in place of partners, remit
    bounded-confidence   x_i += agenda_rate (x_j - x_i) in any meeting where |x_i - x_j| is below
                         confidence_bound, and the same for j           in place of partners

w_ij is tau_ij f_ij over all whom i knows, shared out to 1, times common_agenda between members; who
knows nobody listens to itself. Theirs is one step of all at once, of which influence_pace is a
month's part; x(0) is the own remit a_i. Payers and need pull with every theory.

In partnership meetings agenda_rate is multiplied by the lever common_agenda. All pulls of a month
start from its opening agendas; if their coefficients exceed 1 together they are divided by their
sum. A regional body heeds the child-weighted need of the communities that take part. Need drifts
after the pulls. In a region that re-designs, members re-read need as far as they measure together
(s) and as far as those concerned take part.

Source  R21 p. common agenda (own KPIs; "the ones with money who have the power"; beneficiaries
        guide the needs analysis; existence and sign); PR; sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.luck import normal, word
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity, theory
from cisim.model.relations import align, regard, trust
from cisim.model.state import REDESIGN

_NEED_DRIFT = word("need-drift")
_FRIEDKIN_JOHNSEN, _BOUNDED = 1.0, 2.0
"""The numbers of agenda_theory beside 0, which is ours."""


class Agenda(Submodel):
    """What the work is about."""

    agenda_rate: float = quantity(
        0.0217,
        unit="share/meeting",
        bounds=(0, 1),
        plausible=(0.01, 0.06),
        evidence=Evidence(
            "R21",
            "Time spent on aligning agendas, also between the meetings, is an opportunity "
            "(Mutually reinforcing activities); a shared vision is the first condition in PR. The "
            "size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How far a good meeting moves two partners' aims towards each other.",
    )
    kpi_pull: float = quantity(
        0.0107,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.005, 0.04),
        evidence=Evidence(
            "R21",
            "Partners are restricted by their own KPIs in what they prioritise (Mutually "
            "reinforcing activities). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast an organisation's aims drift back to its own remit.",
    )
    funder_pull: float = quantity(
        0.0783,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.02, 0.12),
        evidence=Evidence(
            "R21",
            "'It's always the ones with money who have the power to formulate the agenda' (Common "
            "agenda). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast those who pay pull the members' aims to their own.",
    )
    need_pull: float = quantity(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Beneficiaries should guide the analysis of needs (Common agenda). The size is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast aims move to what communities need where their people are fully engaged.",
    )
    redesign_pull: float = quantity(
        0.1,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Re-design evolves the initiative 'based on the revisited beneficiary needs', guided "
            "by shared measurement (Phases). Twice as fast as engagement moves aims otherwise: the "
            "size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast aims move to need in a thorough re-design where need is wholly known.",
    )
    need_drift: float = quantity(
        0.0109,
        unit="agenda units/√month",
        bounds=(0, 0.5),
        plausible=(0, 0.03),
        evidence=Evidence(
            "R21",
            "The solution varies over time and activities must follow needs as they evolve "
            "(Conditions). How fast is judgement.",
            ("existence",),
        ),
        meaning="How fast what communities need changes by itself.",
    )
    agenda_theory: float = theory(
        "pull",
        "friedkin-johnsen",
        "bounded-confidence",
        evidence=judged(
            "Pull, as this model has it, or two theories of opinions; nobody has tried them "
            "against "
            "each other on partnerships."
        ),
        meaning="Which theory of how agendas meet holds.",
    )
    susceptibility: float = quantity(
        0.7,
        unit="share",
        bounds=(0, 1),
        plausible=(0.5, 0.9),
        constant=True,
        evidence=Evidence(
            "Friedkin & Johnsen 1990",
            "People weigh what others hold against their own first view. How much is judgement: "
            "their own experiments are about persons.",
            ("existence", "sign"),
        ),
        meaning="How much partners count against the own remit, in the theory of Friedkin and "
        "Johnsen.",
    )
    influence_pace: float = quantity(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.02, 0.1),
        constant=True,
        evidence=judged(
            "One step of theirs, in which all have heard all partners, takes some twenty months "
            "here: the pace of need_pull."
        ),
        meaning="How much of a step of Friedkin and Johnsen is gone in a month.",
    )
    confidence_bound: float = quantity(
        0.5,
        unit="agenda units",
        bounds=(0, 10),
        plausible=(0.3, 0.8),
        constant=True,
        evidence=Evidence(
            "Deffuant 2000",
            "Only those whose views are near enough heed each other. How near is judgement: that "
            "of agree_scale.",
            ("existence",),
        ),
        meaning="How far apart two aims may lie for partners to heed each other, where confidence "
        "is bounded.",
    )


@kernel
def draw_towards(i, coefficient, target, row, agenda, moves, weights):
    """Add one pull on organisation `i` towards a row of `target`."""
    weights[i] += coefficient
    for axis in range(3):
        moves[i, axis] += coefficient * (target[row, axis] - agenda[i, axis])


@kernel
def hear(
    member,
    start,
    other,
    prior,
    kept,
    broken,
    agenda,
    moves,
    weights,
    prior_weight,
    common_agenda,
    susceptibility,
    influence_pace,
):
    """Add the pull of all whom each organisation knows, as Friedkin and Johnsen have it."""
    heard = np.empty((1, 3))
    for i in range(member.size):
        heard[:] = 0.0
        whole = 0.0
        for tie in range(start[i], start[i + 1]):
            tau, known = regard(prior[tie], kept[tie], broken[tie], prior_weight)
            weight = tau * known
            if member[i] and member[other[tie]]:
                weight *= common_agenda
            whole += weight
            for axis in range(3):
                heard[0, axis] += weight * agenda[other[tie], axis]
        if whole > 0.0:
            for axis in range(3):
                heard[0, axis] /= whole
            draw_towards(i, influence_pace * susceptibility, heard, 0, agenda, moves, weights)


@kernel
def mix(
    meetings_held,
    meetings_arc,
    meetings_party,
    meetings_kind,
    other,
    agenda,
    moves,
    weights,
    agenda_rate,
    common_agenda,
    confidence_bound,
):
    """Add the pull of partners whose aims lie near enough, as Deffuant and others have it."""
    for m in range(meetings_held[0]):
        i = meetings_party[m]
        j = other[meetings_arc[m]]
        apart = 0.0
        for axis in range(3):
            apart += (agenda[i, axis] - agenda[j, axis]) * (agenda[i, axis] - agenda[j, axis])
        if apart < confidence_bound * confidence_bound:
            rate = agenda_rate if meetings_kind[m] == 3 else agenda_rate * common_agenda
            draw_towards(i, rate, agenda, j, agenda, moves, weights)
            draw_towards(j, rate, agenda, i, agenda, moves, weights)


@kernel
def converge(
    seed,
    month,
    meetings_held,
    meetings_arc,
    meetings_party,
    meetings_kind,
    meetings_productive,
    member,
    mandate,
    community,
    region,
    remit,
    agenda,
    measurement,
    start,
    other,
    reverse,
    prior,
    kept,
    broken,
    aligned,
    pull,
    payer,
    phase,
    community_start,
    communities_number,
    children,
    participating,
    need,
    engagement,
    common_agenda,
    redesign,
    prior_weight,
    agenda_rate,
    kpi_pull,
    funder_pull,
    need_pull,
    redesign_pull,
    need_drift,
    agree_scale,
    agenda_theory,
    susceptibility,
    influence_pace,
    confidence_bound,
):
    """Move agendas and need by one month, in place."""
    moves = np.zeros(agenda.shape)
    weights = np.zeros(agenda.shape[0])
    if agenda_theory == _FRIEDKIN_JOHNSEN:
        hear(
            member, start, other, prior, kept, broken, agenda, moves, weights, prior_weight,
            common_agenda, susceptibility, influence_pace,
        )  # fmt: skip
    elif agenda_theory == _BOUNDED:
        mix(
            meetings_held, meetings_arc, meetings_party, meetings_kind, other, agenda, moves,
            weights, agenda_rate, common_agenda, confidence_bound,
        )  # fmt: skip
    pulled = meetings_held[0] if agenda_theory == 0.0 else 0
    for m in range(pulled):
        if meetings_productive[m]:
            tie = meetings_arc[m]
            back = reverse[tie]
            i = meetings_party[m]
            j = other[tie]
            rate = agenda_rate if meetings_kind[m] == 3 else agenda_rate * common_agenda
            tau = trust(prior[tie], kept[tie], broken[tie], prior_weight)
            draw_towards(i, rate * tau, agenda, j, agenda, moves, weights)
            tau = trust(prior[back], kept[back], broken[back], prior_weight)
            draw_towards(j, rate * tau, agenda, i, agenda, moves, weights)

    # what regional bodies hear of need
    heard = np.zeros((pull.size, 3))
    listened = np.zeros(pull.size)
    for r in range(pull.size):
        for c in range(community_start[r], community_start[r + 1]):
            if participating[c]:
                listened[r] += children[c]
                for axis in range(3):
                    heard[r, axis] += children[c] * need[c, axis]
        if listened[r] > 0.0:
            for axis in range(3):
                heard[r, axis] /= listened[r]

    to_remit = kpi_pull
    if agenda_theory == _FRIEDKIN_JOHNSEN:
        to_remit = influence_pace * (1.0 - susceptibility)
    for i in range(member.size):
        if member[i]:
            r = region[i]
            own = kpi_pull * (1.0 - mandate[i] / 2.0)
            if agenda_theory == _FRIEDKIN_JOHNSEN:
                own = to_remit
            draw_towards(i, own, remit, i, agenda, moves, weights)
            draw_towards(i, funder_pull * pull[r], payer, r, agenda, moves, weights)
            to_need = need_pull * engagement
            if redesign > 0.0 and phase[r] == REDESIGN:
                unread = (1.0 - measurement[i]) * (1.0 - engagement)
                to_need += redesign_pull * redesign * (1.0 - unread)
            if community[i] >= 0:
                draw_towards(i, to_need, need, community[i], agenda, moves, weights)
            elif listened[r] > 0.0:
                draw_towards(i, to_need, heard, r, agenda, moves, weights)
        else:
            draw_towards(i, to_remit, remit, i, agenda, moves, weights)
        most = max(1.0, weights[i])
        for axis in range(3):
            agenda[i, axis] += moves[i, axis] / most

    align(start, other, reverse, agenda, agree_scale, aligned)

    if month >= 0:
        for c in range(communities_number.size):
            for axis in range(3):
                drift = normal(seed, _NEED_DRIFT, month, communities_number[c], axis)
                need[c, axis] += need_drift * drift


@process(
    converge,
    reads="""
        meetings_held
        meetings.arc .party .kind .productive
        orgs.member .mandate .community .region .remit .measurement
        ties.start .other .reverse .prior .kept .broken
        regions.pull .payer .phase
        layout.community_start
        communities.number .children .participating
        levers.engagement .common_agenda .redesign
    """,
    writes="orgs.agenda ties.aligned communities.need",
)
def converge_on_agenda() -> None:
    """Let agendas move towards partners, remit, payers and need."""
