"""How robust each scenario is over the space: best, regret, good enough, harm; with intervals.

best      : share of points at which it is strictly better than all others
regret    : by how much the best of all is better than it, mean over points
satisfies : share of points at which it reaches the threshold (a domain criterion)
harms     : share of points at which it is worse than another scenario, or, of wellbeing_gain
            without one, at which wellbeing falls below the ordinary world

Intervals say how far the sample of points leaves a share open, not how far luck does: that is told
apart, by how often a best scenario would be best whichever way luck goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.chance import resampled
from cisim.lab.analyses.choice import Choice
from cisim.lab.analyses.intervals import between, wilson
from cisim.lab.analyses.question import MAIN, check_scenario
from cisim.lab.analyses.says import PERCENT, SAYS, share
from cisim.lab.ensemble import OVERALL
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.model.outcomes import find_outcome
from cisim.model.told import Named, several

RESAMPLES = 1000


@dataclass(frozen=True, eq=False)
class Robustness:
    """How each scenario does over the space.

    threshold : the level that satisfies, None where none was given
    against   : what is harm to be worse than, "" for the ordinary world, None where there is no
                such thing
    """

    choice: Choice
    threshold: float | None
    against: str | None

    def table(self) -> pd.DataFrame:
        """Return a row for each scenario.

        best, satisfies, harms : shares of points, each with its interval
        sure                   : share of points at which it is best whichever way luck goes
        regret                 : mean with its interval; regret_90 and regret_most over points
        points                 : how many
        """
        choice = self.choice
        n = len(choice.points)
        ahead = choice.leads > 0.0
        sure = choice.sure()
        better = choice.sign * choice.values
        regret = better.max(axis=1, keepdims=True) - better
        draws = resampled("robustness", n, RESAMPLES)
        rows = []
        for s, name in enumerate(choice.names):
            low, high = between(regret[draws, s].mean(axis=1))
            row: dict[str, Any] = {
                **choice.keys(name),
                "points": n,
                **_share("best", ahead[:, s]),
                "sure": np.nan if sure is None else float(sure[:, s].mean()),
                "regret": float(regret[:, s].mean()),
                "regret_low": float(low),
                "regret_high": float(high),
                "regret_90": float(np.quantile(regret[:, s], 0.9)),
                "regret_most": float(regret[:, s].max()),
            }
            if self.threshold is not None:
                reached = better[:, s] >= choice.sign * self.threshold
                row |= {"threshold": self.threshold, **_share("satisfies", reached)}
            if self.against is not None and name != self.against:
                row |= {"against": self.against, **_share("harms", self._worse(s))}
            rows.append(row)
        return pd.DataFrame(rows)

    def sentences(self) -> list[str]:
        """Return in words how each scenario does."""
        table = self.table().sort_values("best", ascending=False, kind="stable")
        unit = Named(find_outcome(self.choice.outcome).unit, "units")
        told: list[str] = []
        for row in table.to_dict("records"):
            best = {
                "scenario": row["scenario"],
                "best": share(row, "best"),
                "points": row["points"],
            }
            known = np.isfinite(row["sure"])
            said: list[str] = [
                SAYS("best_sure", **best, sure=row["sure"]) if known else SAYS("best", **best),
                SAYS(
                    "regret",
                    regret=row["regret"],
                    unit=unit,
                    low=row["regret_low"],
                    high=row["regret_high"],
                ),
            ]
            if self.threshold is not None:
                said.append(
                    SAYS(
                        "at_most" if self.choice.sign < 0 else "at_least",
                        outcome=self.choice.outcome,
                        threshold=self.threshold,
                        share=share(row, "satisfies"),
                    )
                )
            if self.against is not None and row["scenario"] != self.against:
                harms = share(row, "harms")
                said.append(
                    SAYS("worse", against=self.against, share=harms)
                    if self.against
                    else SAYS("below_ordinary", share=harms)
                )
            told.append(SAYS("robust", parts=several(said, "; ")))
        tied = int((~(self.choice.leads > 0.0).any(axis=1)).sum())
        if tied:
            told.append(SAYS("tied", many=tied))
        if len(self.choice.points) < self.choice.of:
            missing = self.choice.of - len(self.choice.points)
            told.append(SAYS("unfinished", missing=missing, of=self.choice.of))
        told.append(SAYS("brackets", level=PERCENT))
        return told

    def _worse(self, s: int) -> NDArray[np.bool_]:
        better = self.choice.sign * self.choice.values
        if not self.against:
            below: NDArray[np.bool_] = better[:, s] < 0.0
            return below
        worse: NDArray[np.bool_] = better[:, s] < better[:, self.choice.names.index(self.against)]
        return worse


def robustness(
    study: Study,
    outcome: str | None = None,
    *,
    against: str | None = None,
    threshold: float | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Robustness:
    """Return how robust each scenario is by an outcome.

    against   : the scenario that it is harm to be worse than; left out, of wellbeing_gain, the
                ordinary world
    threshold : the level that is good enough

    Raises InputError for fewer than two scenarios, too few points, an outcome without a better
    side, or what was not kept.
    """
    choice = Choice.of_study(study, outcome, month=month, region=region)
    if threshold is not None and not np.isfinite(threshold):
        raise InputError(f"threshold is {threshold}; allowed is a number.")
    if against is not None:
        check_scenario(study, against)
    elif choice.outcome == MAIN:
        against = ""
    return Robustness(choice, threshold, against)


def _share(name: str, there: NDArray[np.bool_]) -> dict[str, float]:
    low, high = wilson(int(there.sum()), there.size)
    return {name: float(there.mean()), f"{name}_low": low, f"{name}_high": high}
