"""People: representatives change, and what was personal goes with them.

With probability `turnover` an organisation's representative changes in a month. Of the evidence
on its ties, in both directions, the share o + (1 - o) s remains: what is signed and shared
measurement keep part of it.

    o = inst_base + (1 - inst_base) agreement_lasts bond

bond is 0 without an agreement, .5 with a letter of intent and 1 with a contract; 0 in history. Of
its know-how the share turnover_memory remains. A champion (roster.py) is a person: with the
representative the organisation's champion is gone, from month 0 on. Of trust in two layers the same
share remains: of what it is above or below the first impression, and of reputation damage.

Source  V20 (Bunger 2010: personal relationships drive coordination); Casey (turnover in child
        welfare); that relations go with the person: wider literature; shares: judgement
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.layers import hold
from cisim.model.luck import uniforms, word
from cisim.model.process import bind, columns, process
from cisim.model.quantity import Anchor, Evidence, Submodel, judged, quantity
from cisim.model.relations import trust
from cisim.model.state import State

_TURNOVER = word("turnover")


class People(Submodel):
    """Representatives change."""

    turnover: float = quantity(
        0.00538,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.005, 0.042),
        evidence=Evidence(
            "Casey",
            "Estimates of staff turnover in child welfare in the United States are 20-40 % a year, "
            "below 10-12 % counts as healthy: this supports the upper part of the range (6-40 % a "
            "year). The level for all sectors is judgement.",
            ("existence", "size"),
            (
                Anchor(0.0184, "child welfare in the United States, 20 % a year"),
                Anchor(0.0417, "child welfare in the United States, 40 % a year"),
            ),
        ),
        meaning="The chance that an organisation's representative changes in a month.",
    )
    inst_base: float = quantity(
        0.69,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 0.7),
        evidence=Evidence(
            "V20",
            "Personal relationships among partners drive coordination (Bunger 2010, in "
            "Conclusions), so some of it must go when a person goes. How much outlasts the person "
            "is judgement.",
            ("existence",),
        ),
        meaning="How much of the experience with a partner lasts when the person changes and "
        "nothing is signed or measured together.",
    )
    agreement_lasts: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Letters of intent help to communicate, and one should see 'the value of social and "
            "actual contracts in a partnership' (Continuous communication). That what is signed "
            "stands when people change is our reading, the size judgement.",
            ("existence",),
        ),
        meaning="How much of what would go with the person a contract keeps; a letter of intent "
        "half as much.",
    )
    turnover_memory: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=judged("Half of the know-how sits in the organisation, half in the person."),
        meaning="How much know-how is left when an organisation's representative changes.",
    )


@kernel
def forget(
    i,
    start,
    reverse,
    prior,
    first,
    kept,
    broken,
    damage,
    knowhow,
    measurement,
    bond,
    trust_theory,
    prior_weight,
    inst_base,
    agreement_lasts,
    turnover_memory,
):
    """Let organisation `i` have a new representative, in place."""
    lasts = inst_base + (1.0 - inst_base) * agreement_lasts * bond
    remains = lasts + (1.0 - lasts) * measurement[i]
    for tie in range(start[i], start[i + 1]):
        back = reverse[tie]
        if trust_theory > 0.0:
            for one in (tie, back):
                now = trust(prior[one], kept[one], broken[one], prior_weight)
                level = first[one] + remains * (now - first[one])
                hold(one, level, remains * (kept[one] + broken[one]), prior, kept, broken)
                damage[one] *= remains
            continue
        kept[tie] *= remains
        broken[tie] *= remains
        kept[back] *= remains
        broken[back] *= remains
    knowhow[i] *= turnover_memory


@kernel
def replace(
    seed,
    month,
    order,
    number,
    start,
    reverse,
    prior,
    first,
    kept,
    broken,
    damage,
    knowhow,
    measurement,
    champion,
    bond,
    turnover,
    trust_theory,
    prior_weight,
    inst_base,
    agreement_lasts,
    turnover_memory,
):
    """Change representatives by chance, in place, in the order of permanent numbers."""
    signed = bond if month >= 0 else 0.0
    goes = np.empty(number.size)
    uniforms(seed, _TURNOVER, month, number, 0, goes)
    for i in order:
        if goes[i] < turnover:
            forget(
                i,
                start,
                reverse,
                prior,
                first,
                kept,
                broken,
                damage,
                knowhow,
                measurement,
                signed,
                trust_theory,
                prior_weight,
                inst_base,
                agreement_lasts,
                turnover_memory,
            )
            champion[i] = champion[i] and month < 0


@process(
    replace,
    reads="layout.order orgs.number .measurement ties.start .reverse .first levers.bond",
    writes="ties.prior .kept .broken .damage orgs.knowhow .champion",
)
def change_representatives() -> None:
    """Strike the month's personal turnover."""


_FORGET = bind(
    forget,
    columns(
        "ties.start .reverse .prior .first .kept .broken .damage orgs.knowhow .measurement "
        "levers.bond"
    ),
    given=("i",),
)


def change_representative(state: State, p: Any, row: int) -> None:
    """Let one organisation, by row, have a new representative (for events and policies)."""
    _FORGET(state, p, i=row)
    state.orgs.champion[row] = False
