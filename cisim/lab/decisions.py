"""What groups decide in a scenario's futures: whom they choose as backbone, and how often."""

from __future__ import annotations

import pandas as pd

from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import NOTHING
from cisim.world.choosing import Decision
from cisim.world.scenario import Scenario

KIND = "backbone-chosen"
FUTURES = 40
"""A tally looks at no more futures than this: it runs each anew, up to the last decision."""
COLUMNS = ("scenario", "seed", "month", "candidate", "group", "communities", "support", "chosen")


def decides(scenario: Scenario) -> bool:
    """Return whether a group chooses in a scenario."""
    return any(event.kind == KIND for event in scenario.events)


def decisions(scenario: Scenario, replicates: int = FUTURES, seed: int = 1) -> pd.DataFrame:
    """Return a row for each candidate of each decision in the first futures from a seed.

    group, communities, support : how far it is wanted by each and in all, 0..1
    chosen : whether it was chosen; no row where nobody was left to decide
    """
    rows: list[tuple[object, ...]] = []
    months = [event.month for event in scenario.events if event.kind == KIND]
    for one in range(seed, seed + min(replicates, FUTURES)) if months else ():
        model = CollectiveImpactModel(scenario, one, observe=NOTHING).run(max(months) + 1)
        rows += [(scenario.name, one, *row) for row in rows_of(model.decisions)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def rows_of(decided: list[Decision]) -> list[tuple[int, str, float, float, float, bool]]:
    """Return a row for each candidate of each decision, from its month on."""
    return [
        (
            decision.month,
            one.candidate.name,
            one.group,
            one.communities,
            one.total,
            one.candidate is decision.chosen,
        )
        for decision in decided
        for one in decision.support
    ]
