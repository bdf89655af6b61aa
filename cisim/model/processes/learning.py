"""Learning and measurement: from partners, from the backbone, and from the best region.

    productive meeting   h_i += meeting_learning tau_ij (h_j - h_i)+ ; between members s alike
    members              s_i += measure_rate NE k mu (1 - s_i)
                                + bridge_learning NB (best mean s - s_i)+
                         h_i += know_rate (1 - (1 - K E_broker)(1 - kappa ED_knowledge)) (1 - h_i)
                                + bridge_learning NB (best mean h - h_i)+
    everyone             s -= routine_decay s ;  h -= routine_decay (h - knowhow_start)

The bridge builder carries know-how and measurement from the best region, as it stood at the end of
last month. All gains of a month start from its opening levels; if the coefficients of an
organisation's gains exceed 1 together they are divided by their sum, for h and for s apart. What
is gained of s counts as far as the lever shared_measurement says.

Source  K26 (evaluator, knowledge broker, bridge builder, information broker; existence); R21
        (shared measurement); sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, quantity
from cisim.model.relations import trust


class Learning(Submodel):
    """Know-how and measurement."""

    measure_rate: float = quantity(
        0.256,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.1, 0.5),
        evidence=Evidence(
            "K26",
            "The national backbone evaluates goals and progress, regional workers keep the "
            "overview (Evaluator, Local knowledge gatherer). How fast measuring spreads is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast a wholly committed member takes up shared measurement with full support.",
    )
    meeting_learning: float = quantity(
        0.05,
        unit="share/meeting",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "PR",
            "Measuring together lets participants learn from each other's successes and failures "
            "(Shared measurement system). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much of a partner's lead in know-how and measurement a good meeting passes "
        "on.",
    )
    bridge_learning: float = quantity(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "The bridge builder connects regions so that they share experience; it 'has given us "
            "tips for the future' (10/WSC). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast the best region's practice reaches the others where bridges are full.",
    )
    routine_decay: float = quantity(
        0.011,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.005, 0.02),
        evidence=Evidence(
            "K26",
            "Left to leaders alone amid other change the model 'wouldn't take root' (24/WSC). How "
            "fast routines fade is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast know-how and measurement fade when nobody keeps them up.",
    )


@kernel
def learn(
    meetings_held,
    meetings_arc,
    meetings_party,
    meetings_productive,
    member,
    region,
    commitment,
    mandate,
    knowhow,
    measurement,
    other,
    reverse,
    prior,
    kept,
    broken,
    roles,
    direct,
    upward,
    reach,
    backbones_knowhow,
    best,
    shared_measurement,
    prior_weight,
    meeting_learning,
    bridge_learning,
    measure_rate,
    know_rate,
    routine_decay,
    knowhow_start,
):
    """Move know-how and measurement by one month, in place, (N,) each."""
    size = member.size
    knows = np.zeros(size)
    knows_weight = np.zeros(size)
    measures = np.zeros(size)
    measures_weight = np.zeros(size)
    for m in range(meetings_held[0]):
        if not meetings_productive[m]:
            continue
        tie = meetings_arc[m]
        back = reverse[tie]
        i = meetings_party[m]
        j = other[tie]
        ours = meeting_learning * trust(prior[tie], kept[tie], broken[tie], prior_weight)
        theirs = meeting_learning * trust(prior[back], kept[back], broken[back], prior_weight)
        # only the one who knows less learns
        above = knowhow[j] - knowhow[i]
        if above > 0.0:
            knows[i] += ours * above
            knows_weight[i] += ours
        elif above < 0.0:
            knows[j] -= theirs * above
            knows_weight[j] += theirs
        if member[i] and member[j]:
            above = measurement[j] - measurement[i]
            if above > 0.0:
                measures[i] += ours * above
                measures_weight[i] += ours
            elif above < 0.0:
                measures[j] -= theirs * above
                measures_weight[j] += theirs
    for i in range(size):
        if member[i]:
            r = region[i]
            taught = know_rate * (
                1.0
                - (1.0 - backbones_knowhow[r + 1] * roles[r, 3]) * (1.0 - upward[r] * direct[r, 4])
            )
            carried = bridge_learning * reach[r, 2]
            evaluated = measure_rate * reach[r, 1] * commitment[i] * mandate[i]
            knows[i] += taught * (1.0 - knowhow[i])
            measures[i] += evaluated * (1.0 - measurement[i])
            knows_weight[i] += taught
            measures_weight[i] += evaluated
            if best[0] > knowhow[i]:
                knows[i] += carried * (best[0] - knowhow[i])
                knows_weight[i] += carried
            if best[1] > measurement[i]:
                measures[i] += carried * (best[1] - measurement[i])
                measures_weight[i] += carried
        h = knowhow[i] + knows[i] / max(1.0, knows_weight[i])
        s = measurement[i] + shared_measurement * (measures[i] / max(1.0, measures_weight[i]))
        h -= routine_decay * (h - knowhow_start)
        s -= routine_decay * s
        knowhow[i] = min(1.0, max(0.0, h))
        measurement[i] = min(1.0, max(0.0, s))


@process(
    learn,
    reads="""
        meetings_held
        meetings.arc .party .productive
        orgs.member .region .commitment .mandate
        ties.other .reverse .prior .kept .broken
        regions.roles .direct .upward .reach
        backbones.knowhow
        practice.best
        levers.shared_measurement
    """,
    writes="orgs.knowhow .measurement",
)
def learn_and_measure() -> None:
    """Let organisations learn from each other and from the backbones."""
