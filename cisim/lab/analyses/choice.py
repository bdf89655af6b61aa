"""All scenarios of a study beside each other, at the points that every one has finished."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cisim.lab.analyses.layout import sample_of_space
from cisim.lab.analyses.question import main_outcome, sign_of
from cisim.lab.analyses.says import SAYS
from cisim.lab.analyses.scale import Scaled
from cisim.lab.ensemble import OVERALL
from cisim.lab.leads import leads
from cisim.lab.study import Study, mean_of
from cisim.model.input_error import InputError
from cisim.model.state import Floats

FEWEST = 10
"""Points below which no share of the space is told."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What is to be chosen from, by an outcome of which more, or less, is better.

    names  : (S,) scenarios
    points : (n,) numbers of the points, a sample of the space, that all have finished
    of     : how many points there are in that sample
    runs   : (S, n, r) the outcome, NaN where a run is missing in any scenario
    values : (n, S) mean over replicates
    scaled : the n points on their scale
    """

    outcome: str
    month: int
    region: str
    names: tuple[str, ...]
    points: NDArray[np.int64]
    of: int
    runs: Floats
    values: Floats
    scaled: Scaled
    sign: float

    @classmethod
    def of_study(
        cls,
        study: Study,
        outcome: str | None = None,
        *,
        month: int | None = None,
        region: str = OVERALL,
    ) -> Choice:
        """Return what a study has to choose from.

        Raises InputError for fewer than two scenarios, too few points, an outcome of which neither
        more nor less is better, or what was not kept.
        """
        outcome = outcome or main_outcome(study)
        sign = sign_of(outcome)
        if len(study.scenarios) < 2:
            raise InputError(SAYS("one_scenario", study=study.name, scenario=study.scenarios[0]))
        rows = sample_of_space(study.design)
        runs = study.runs(outcome, month, region)[:, rows]
        runs = np.where(np.isfinite(runs).all(axis=0), runs, np.nan)
        whole = np.isfinite(runs).any(axis=(0, 2))
        if whole.sum() < FEWEST:
            raise InputError(SAYS("share_needs", fewest=FEWEST, there=int(whole.sum())))
        scaled = Scaled.of(study.design)
        when = int(study.months[-1]) if month is None else month
        return cls(
            outcome,
            when,
            region,
            study.scenarios,
            rows[whole],
            len(rows),
            runs[:, whole],
            mean_of(runs[:, whole]).T,
            Scaled(scaled.ranges, scaled.unit[rows[whole]]),
            sign,
        )

    @property
    def leads(self) -> Floats:
        """Return the lead of each scenario over the best of the others, (n, S)."""
        return leads(self.sign * self.values)

    def sure(self) -> NDArray[np.bool_] | None:
        """Return where each is best whichever way luck goes, (n, S); None with one replicate.

        That is where its lead over the next, replicate by replicate, is above twice its error.
        """
        runs = self.sign * self.runs
        count = np.isfinite(runs[0]).sum(axis=1)
        if not (count > 1).any():
            return None
        found = np.zeros(self.values.shape, dtype=bool)
        best = (self.sign * self.values).argmax(axis=1)
        for s in range(len(self.names)):
            rest = np.delete(self.sign * self.values, s, axis=1).argmax(axis=1)
            others = np.delete(runs, s, axis=0)[rest, np.arange(len(self.points))]
            apart = runs[s] - others
            middle = mean_of(apart)
            squares = np.where(np.isfinite(apart), (apart - middle[:, None]) ** 2, 0.0).sum(axis=1)
            several = np.maximum(count - 1, 1)
            error = np.sqrt(squares / several / count)
            found[:, s] = (best == s) & (count > 1) & (middle > 2.0 * error) & (middle > 0.0)
        return found

    def keys(self, scenario: str = "") -> dict[str, object]:
        """Return the columns that every table of an answer begins with."""
        return {
            "outcome": self.outcome,
            "scenario": scenario,
            "month": self.month,
            "region": self.region,
        }
