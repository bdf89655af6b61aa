"""Which parameters decide the ranking of structures, not their level, and what is known of them.

A parameter that lifts all scenarios alike decides nothing. So what is looked at is the lead of
each over the best of the others: its rank correlation with every parameter, and how often it is
best in the lowest and in the highest third of that parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cisim.lab.analyses.choice import Choice
from cisim.lab.analyses.says import SAYS, evidence
from cisim.lab.ensemble import OVERALL
from cisim.lab.moved import deciding
from cisim.lab.study import Study
from cisim.model.told import several


@dataclass(frozen=True, eq=False)
class Ranking:
    """What decides which scenario is best."""

    choice: Choice

    @cached_property
    def whole(self) -> pd.DataFrame:
        """Return a row for each scenario and parameter, those of each that decide most first."""
        names, columns = self.choice.scaled.columns()
        frames = []
        for s, name in enumerate(self.choice.names):
            frame = deciding(names, columns, self.choice.leads[:, s])
            for place, (key, value) in enumerate(self.choice.keys(name).items()):
                frame.insert(place, key, value)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def table(self) -> pd.DataFrame:
        """Return a row for each scenario and parameter, with what is known of the parameter.

        The columns are those of cisim.lab.moved.deciding.
        """
        return self.whole.copy()

    def sentences(self) -> list[str]:
        """Return in words which parameters decide for which scenario."""
        table, leads = self.whole, self.choice.leads
        often = (leads > 0.0).mean(axis=0)
        told: list[str] = []
        for s in np.argsort(-often, kind="stable"):
            name = self.choice.names[int(s)]
            if not often[s]:
                told.append(SAYS("never_best", scenario=name))
                continue
            share = float(often[s])
            clear = table[(table["scenario"] == name) & table["clear"]].head(3)
            if not len(clear):
                told.append(SAYS("no_single", scenario=name, often=share))
                continue
            parts = [
                SAYS(
                    "deciding",
                    parameter=row["parameter"],
                    low=row["best_low"],
                    high=row["best_high"],
                    **evidence(row["source"], row["supports"]),
                )
                for row in clear.to_dict("records")
            ]
            told.append(
                SAYS("decides", scenario=name, often=share, parameters=several(parts, "; "))
            )
        return told


def ranking(
    study: Study,
    outcome: str | None = None,
    *,
    month: int | None = None,
    region: str = OVERALL,
) -> Ranking:
    """Return which parameters decide which scenario is best by an outcome.

    Raises InputError for fewer than two scenarios, too few points, an outcome without a better
    side, or what was not kept.
    """
    return Ranking(Choice.of_study(study, outcome, month=month, region=region))
