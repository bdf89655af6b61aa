"""What of a study is analysed: an outcome of a scenario, or how it differs from another's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cisim.lab.analyses.says import SAYS
from cisim.lab.ensemble import OVERALL
from cisim.lab.study import Study, mean_of
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.model.state import Floats
from cisim.model.told import Named

MAIN = "wellbeing_gain"
"""What is analysed unless another outcome is asked for."""


@dataclass(frozen=True)
class Question:
    """An outcome of a scenario in a month, less that of another scenario if there is one.

    against : the other scenario, "" for the level alone
    """

    outcome: str
    scenario: str
    against: str
    month: int
    region: str

    @classmethod
    def of(
        cls,
        study: Study,
        outcome: str | None = None,
        scenario: str | None = None,
        *,
        against: str | None = None,
        month: int | None = None,
        region: str = OVERALL,
    ) -> Question:
        """Return a question that the study can answer.

        outcome  : left out, wellbeing_gain, or the first that was kept
        scenario : left out, the first that is not `against`
        month    : left out, the last that was kept

        Raises InputError for what was not kept.
        """
        outcome = outcome or main_outcome(study)
        if against is not None:
            check_scenario(study, against)
        others = [name for name in study.scenarios if name != against]
        if scenario is None and not others:
            raise InputError(f"{against} is the only scenario, so there is nothing to set it off.")
        name = others[0] if scenario is None else scenario
        check_scenario(study, name)
        if name == against:
            raise InputError(f"{name} against itself differs nowhere; allowed is another scenario.")
        when = int(study.months[-1]) if month is None else month
        study.runs(outcome, when, region)
        return cls(outcome, name, against or "", when, region)

    def runs(self, study: Study) -> Floats:
        """Return each run's value in the month, (n, r), NaN where it is not finished."""
        return self._difference(study, study.runs(self.outcome, self.month, self.region))

    def values(self, study: Study) -> Floats:
        """Return the mean over each point's replicates in the month, (n,).

        A difference is that of replicates which both scenarios have finished.
        """
        return mean_of(self.runs(study))

    def over_time(self, study: Study) -> Floats:
        """Return the mean over each point's replicates in every month kept, (n, M)."""
        found = [
            mean_of(self._difference(study, study.runs(self.outcome, int(month), self.region)))
            for month in study.months
        ]
        return np.stack(found, axis=-1)

    @property
    def unit(self) -> str:
        """Return the outcome's unit."""
        return find_outcome(self.outcome).unit

    @property
    def words(self) -> str:
        """Return what is analysed: "wellbeing_gain of a less that of b in month 120"."""
        return SAYS("in_month", what=self.what, month=self.month)

    @property
    def what(self) -> str:
        """Return the same in whichever month."""
        given = {"outcome": self.outcome, "scenario": self.scenario}
        what = (
            SAYS("of_less", **given, against=self.against) if self.against else SAYS("of", **given)
        )
        if self.region == OVERALL:
            return what
        return SAYS("in_region", what=what, region=Named(self.region, "places"))

    @property
    def keys(self) -> dict[str, Any]:
        """Return the columns that every table of an answer begins with."""
        return {
            "outcome": self.outcome,
            "scenario": self.scenario,
            "against": self.against,
            "month": self.month,
            "region": self.region,
        }

    def _difference(self, study: Study, runs: Floats) -> Floats:
        mine = runs[study.scenarios.index(self.scenario)]
        if not self.against:
            return mine
        difference: Floats = mine - runs[study.scenarios.index(self.against)]
        return difference


def main_outcome(study: Study) -> str:
    """Return what is analysed unless another outcome is asked for."""
    return MAIN if MAIN in study.outcomes else study.outcomes[0]


def check_scenario(study: Study, name: str) -> None:
    """Raise InputError if the study has no scenario of that name."""
    if name not in study.scenarios:
        near = nearest(name, study.scenarios)
        raise InputError(
            f"{shown(name)} is no scenario of {study.name}.{near or _listed(study.scenarios)}"
        )


def sign_of(outcome: str) -> float:
    """Return 1 where more of an outcome is better, -1 where less is.

    Raises InputError where neither is.
    """
    better = find_outcome(outcome).better
    if not better:
        raise InputError(SAYS("no_better", outcome=outcome))
    return -1.0 if better == "lower" else 1.0


def _listed(names: tuple[str, ...]) -> str:
    return f" Allowed is one of {', '.join(names[:12])}."
