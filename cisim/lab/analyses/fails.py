"""Where a scenario fails: which points of the space, by what that means, halved for an honest test.

A search for a box finds one in pure chance, too. So boxes are looked for in one half of the points
and told by the other half, which nobody has looked at: its coverage, its density and the chance
that points drawn at random would fail as often (Fisher's exact test).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.lab.analyses.chance import shuffled
from cisim.lab.analyses.layout import sample_of_space
from cisim.lab.analyses.question import MAIN, Question, sign_of
from cisim.lab.analyses.says import SAYS
from cisim.lab.analyses.scale import Scaled
from cisim.lab.ensemble import OVERALL
from cisim.lab.study import Study
from cisim.model.input_error import InputError

FEWEST = 20
"""Points that fail, and points that do not, below which nothing is looked for."""
SURE = 0.05
"""A box stands unless chance gives one so dense as often as this."""


@dataclass(frozen=True, eq=False)
class Fails:
    """The points at which a scenario fails.

    question : of what, and by difference from whom
    words    : what failing is: "wellbeing_gain of a is below 0.5 in month 120"
    points   : (n,) numbers of the points that are finished, a sample of the space
    there    : (n,) bool, which fail
    search   : (n,) bool, the half that boxes are looked for in; the others tell
    scaled   : the n points on their scale
    """

    question: Question
    words: str
    points: NDArray[np.int64]
    there: NDArray[np.bool_]
    search: NDArray[np.bool_]
    scaled: Scaled

    @classmethod
    def of_study(
        cls,
        study: Study,
        outcome: str | None = None,
        scenario: str | None = None,
        *,
        against: str | None = None,
        threshold: float | None = None,
        month: int | None = None,
        region: str = OVERALL,
    ) -> Fails:
        """Return where a scenario fails.

        threshold : the level that it fails to reach
        against   : or the scenario that it is worse than
        Without either, wellbeing_gain fails where wellbeing falls below the ordinary world.

        Raises InputError if it is not said what failing is, or for what was not kept.
        """
        question = Question.of(
            study, outcome, scenario, against=against, month=month, region=region
        )
        sign = sign_of(question.outcome)
        if threshold is not None and against is not None:
            raise InputError(
                "threshold and against both say what failing is; allowed is one of the two."
            )
        if threshold is not None and not np.isfinite(threshold):
            raise InputError(f"threshold is {threshold}; allowed is a number.")
        if threshold is None and against is None and question.outcome != MAIN:
            raise InputError(SAYS("failing_unsaid", outcome=question.outcome))
        rows = sample_of_space(study.design)
        values = question.values(study)[rows]
        finished = np.isfinite(values)
        there = sign * values[finished] < sign * (threshold or 0.0)
        given = {"outcome": question.outcome, "scenario": question.scenario}
        month = question.month
        words: str
        if against is not None:
            words = SAYS("is_worse", **given, against=against, month=month)
        elif threshold is not None:
            side = "is_below" if sign > 0 else "is_above"
            words = SAYS(side, **given, threshold=threshold, month=month)
        else:
            words = SAYS("is_harm", scenario=question.scenario, month=month)
        scaled = Scaled.of(study.design)
        kept = rows[finished]
        return cls(
            question,
            words,
            kept,
            there,
            _half(there),
            Scaled(scaled.ranges, scaled.unit[kept]),
        )

    @property
    def enough(self) -> bool:
        """Return whether there are enough of both kinds to look for anything."""
        count = int(self.there.sum())
        return min(count, self.there.size - count) >= FEWEST

    @property
    def share(self) -> str:
        """Return the sentence of how often it fails."""
        count = int(self.there.sum())
        of = self.there.size
        given: dict[str, Any] = {"fails": self.words, "count": count, "of": of}
        if not count:
            return SAYS("fails_nowhere", **given)
        if count == of:
            return SAYS("fails_everywhere", **given)
        if not self.enough:
            return SAYS("too_few", **given)
        return SAYS("fails_at", **given, share=count / of)


def _half(there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a half of the points, with half of those that fail."""
    search = np.zeros(there.size, dtype=bool)
    for kind, name in ((there, "fail"), (~there, "hold")):
        rows = np.flatnonzero(kind)
        order = shuffled(f"discovery {name}", rows.size, 1)[0]
        search[rows[order[::2]]] = True
    return search
