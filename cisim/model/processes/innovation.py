"""Innovation: partners from outside the usual circle, and the catalyst, widen what is tried.

    D     = evenness of members over the six sectors (Gini-Simpson)
            x (1 - mean of f A over ties between members of the region)
    tried = D (uncatalysed + (1 - uncatalysed) NF)

f is familiarity, A the agreement of agendas: the usual circle are those who know each other well
and are of one mind. NF, the reach of futures work, is the catalyst. What is tried makes an hour of
joint work achieve more, y (1 + innovation_gain innovation tried), and lets more dialogues fail: in
partnership meetings A becomes A (1 - innovation_friction innovation tried). Where no structure asks
for innovation (lever innovation), tried stays 0 and nothing is worked out.

Source  R21 p. factors for innovation and common agenda (a diverse team makes the agenda
        innovative); V20 ('out-of-the-box partisans'); K26 Table 3 (catalyst: think out of the box);
        form and sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity
from cisim.model.relations import familiarity


class Innovation(Submodel):
    """Trying what is new."""

    uncatalysed: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "The catalyst stimulates actors to think out of the box (Table 3). What is tried "
            "without one is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much of what different partners could try they try without a catalyst.",
    )
    innovation_gain: float = quantity(
        0.3,
        unit="times more",
        bounds=(0, 5),
        constant=True,
        evidence=Evidence(
            "R21",
            "Innovative solutions are 'fundamental to reach innovative height' (Factors for "
            "innovation). How much more they achieve is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much more an hour of joint work achieves where everything is tried.",
    )
    innovation_friction: float = quantity(
        0.3,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=judged("Those who differ and try what is new agree less often; as much is lost."),
        meaning="The share of agreement that is lost in dialogues where everything is tried.",
    )


@kernel
def widen(
    sector,
    member,
    region_start,
    region_rows,
    start,
    near,
    other,
    kept,
    broken,
    aligned,
    reach,
    tried,
    innovation,
    prior_weight,
    uncatalysed,
):
    """Work out how wide what is tried is in each region, in place, (R,)."""
    if innovation == 0.0:
        return
    counts = np.zeros(6)
    for r in range(tried.size):
        counts[:] = 0.0
        members = 0.0
        usual = 0.0
        ties = 0
        for at in range(region_start[r], region_start[r + 1]):
            i = region_rows[at]
            if not member[i]:
                continue
            members += 1.0
            counts[sector[i]] += 1.0
            for tie in range(start[i], near[i]):
                if member[other[tie]]:
                    ties += 1
                    usual += familiarity(kept[tie], broken[tie], prior_weight) * aligned[tie]
        tried[r] = 0.0
        if ties == 0:
            continue
        same = 0.0
        for s in range(6):
            same += counts[s] / members * (counts[s] / members)
        different = max(0.0, (1.0 - same) * 6.0 / 5.0) * (1.0 - usual / ties)
        tried[r] = different * (uncatalysed + (1.0 - uncatalysed) * reach[r, 0])


@process(
    widen,
    reads="""
        orgs.sector .member
        layout.region_start .region_rows
        ties.start .near .other .kept .broken .aligned
        regions.reach
        levers.innovation
    """,
    writes="regions.tried",
)
def widen_what_is_tried() -> None:
    """Let different partners and the catalyst widen what is tried."""
