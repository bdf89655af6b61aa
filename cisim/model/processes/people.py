"""People: representatives change, and what was personal goes with them.

With probability `turnover` an organisation's representative changes in a month. Of the evidence
on its ties, in both directions, the share inst_base + (1 - inst_base) s remains: agreements and
shared measurement keep part of it. Of its know-how the share turnover_memory remains.

Reads   ties, orgs.measurement
Writes  ties.kept, ties.broken, orgs.knowhow
Source  V20 (Bunger 2010: personal relationships drive coordination); Casey (turnover in child
        welfare); that relations go with the person: wider literature; shares: judgement
"""

from __future__ import annotations

from cisim.model.kernel import inlined, kernel
from cisim.model.luck import Luck, process, uniform
from cisim.model.parameters import Parameters
from cisim.model.state import State

_TURNOVER = process("turnover")


@kernel
def forget(i, start, reverse, kept, broken, knowhow, measurement, inst_base, turnover_memory):
    """Let organisation `i` have a new representative, in place."""
    remains = inst_base + (1.0 - inst_base) * measurement[i]
    for tie in range(start[i], start[i + 1]):
        back = reverse[tie]
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
    kept,
    broken,
    knowhow,
    measurement,
    turnover,
    inst_base,
    turnover_memory,
):
    """Change representatives by chance, in place, in the order of permanent numbers."""
    for i in order:
        if uniform(seed, _TURNOVER, month, number[i], 0) < turnover:
            forget(
                i, start, reverse, kept, broken, knowhow, measurement, inst_base, turnover_memory
            )


@inlined
def change_representatives(state: State, p: Parameters, luck: Luck) -> None:
    """Strike the month's personal turnover."""
    orgs, ties = state.orgs, state.ties
    replace(
        luck.seed,
        luck.month,
        state.layout.order,
        orgs.number,
        ties.start,
        ties.reverse,
        ties.kept,
        ties.broken,
        orgs.knowhow,
        orgs.measurement,
        p.turnover,
        p.inst_base,
        p.turnover_memory,
    )


def change_representative(state: State, p: Parameters, row: int) -> None:
    """Let one organisation, by row, have a new representative (for events and policies)."""
    orgs, ties = state.orgs, state.ties
    forget(
        row,
        ties.start,
        ties.reverse,
        ties.kept,
        ties.broken,
        orgs.knowhow,
        orgs.measurement,
        p.inst_base,
        p.turnover_memory,
    )
