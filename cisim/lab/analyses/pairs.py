"""Second-order Sobol' indices: which share of the variance two parameters make only together.

They need the rows of a Saltelli design that also put each column of A into B: `pairs = true`.
There are many pairs, so one is clear only beyond what chance gives the largest of all of them.

Source  Saltelli 2002; Sobol' 2001; the estimators are SALib's
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.layout import saltelli
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.says import PERCENT, SAYS
from cisim.lab.analyses.sobol import RESAMPLES, second_order, whole_blocks
from cisim.lab.ensemble import LEVEL, OVERALL
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.model.state import Floats
from cisim.model.told import several

TOLD = 3
"""Pairs that are named in a sentence."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """What each pair of parameters makes of an outcome's variance beyond what each makes.

    names      : (p, 2) parameters
    values     : (p,) NaN where the outcome does not vary
    low, high  : (p,) ends of the interval
    clear      : (p,) bool, beyond what chance gives the largest of all pairs
    blocks, of : blocks of points that are whole, and all
    """

    question: Question
    names: tuple[tuple[str, str], ...]
    values: Floats
    low: Floats
    high: Floats
    clear: NDArray[np.bool_]
    blocks: int
    of: int

    def table(self) -> pd.DataFrame:
        """Return a row for each pair, the largest share first."""
        frame = pd.DataFrame(self.question.keys, index=range(len(self.names)))
        frame["parameter"] = [one for one, _ in self.names]
        frame["other"] = [other for _, other in self.names]
        frame["together"] = self.values
        frame["together_low"], frame["together_high"] = self.low, self.high
        frame["clear"] = self.clear
        order = np.argsort(-np.nan_to_num(self.values), kind="stable")
        return frame.iloc[order].reset_index(drop=True)

    def sentences(self) -> list[str]:
        """Return what was found in words."""
        given: dict[str, Any] = {"what": self.question.words}
        if not np.isfinite(self.values).any():
            return [SAYS("pairs_still", **given)]
        given["level"] = PERCENT
        clear = self.table()
        clear = clear[clear["clear"]]
        if clear.empty:
            return [SAYS("no_pair", **given)]
        parts = [
            SAYS(
                "pair",
                name=row["parameter"],
                other=row["other"],
                value=row["together"],
                low=row["together_low"],
                high=row["together_high"],
            )
            for row in clear.head(TOLD).to_dict("records")
        ]
        given["pairs"] = several(parts)
        beside = len(clear) - len(parts)
        return [SAYS("pairs_more", **given, n=beside) if beside else SAYS("pairs", **given)]


def pairs(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Pairs:
    """Return second-order Sobol' indices of an outcome, or of its difference from another scenario.

    Intervals (90 %) are from resampled blocks, which are taken to be normal.

    Raises InputError for another design than Saltelli's with pairs, a single parameter, too few
    whole blocks, a missing library, or what was not kept.
    """
    from scipy.special import ndtri

    question = Question.of(study, outcome, scenario, against=against, month=month, region=region)
    layout = saltelli(study.design)
    names = study.design.names
    if not layout.second or len(names) < 2:
        raise InputError(SAYS("pairs_need"))
    values = whole_blocks(question.values(study).reshape(layout.blocks, layout.step), layout)
    found, error = second_order(layout, values, RESAMPLES)
    half = float(ndtri(0.5 + LEVEL / 2)) * error
    sure = float(ndtri(1.0 - (1.0 - LEVEL) / 2 / found.size)) * error
    rows, columns = np.triu_indices(len(names), 1)
    with np.errstate(invalid="ignore"):
        clear = found - sure > 0.0
    both = tuple((names[one], names[other]) for one, other in zip(rows, columns, strict=True))
    return Pairs(
        question, both, found, found - half, found + half, clear, len(values), layout.blocks
    )
