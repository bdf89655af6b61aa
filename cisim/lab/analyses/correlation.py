"""Rank correlation: which way, and how surely, a parameter moves an outcome; for any design."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cisim.lab.analyses.indices import Indices, table_of
from cisim.lab.analyses.layout import morris, sample_of_space
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.says import PERCENT, SAYS
from cisim.lab.analyses.scale import Scaled
from cisim.lab.design import Design
from cisim.lab.ensemble import LEVEL, OVERALL
from cisim.lab.moved import correlations, least_clear
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.model.state import Floats

FEWEST = 10
"""Points below which nothing is told."""


@dataclass(frozen=True, eq=False)
class Correlation:
    """Spearman's rank correlation of each parameter with an outcome.

    points : that were used
    """

    question: Question
    correlation: Indices
    points: int

    def table(self) -> pd.DataFrame:
        """Return a row for each parameter, the largest |correlation| first."""
        return table_of(self.question, {"correlation": self.correlation}, "correlation")

    def by_month(self) -> pd.DataFrame:
        """Return the correlation of each parameter in each month."""
        return self.correlation.by_month(self.question, "correlation")

    def sentences(self) -> list[str]:
        """Return what was found in words."""
        return [self.correlation.told(self.question)]


def correlation(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Correlation:
    """Return the rank correlation of each parameter with an outcome, or with a difference.

    The interval is Fisher's; what is clear is no accident among all parameters (5 %).

    Raises InputError for too few points, or what was not kept.
    """
    question = Question.of(study, outcome, scenario, against=against, month=month, region=region)
    design = study.design
    rows, alone = _rows(design)
    names, columns = Scaled.of(design).columns()
    columns = columns[rows]
    values = question.values(study)[rows]
    n = int(np.isfinite(values).sum())
    if n < FEWEST:
        raise InputError(SAYS("correlation_needs", fewest=FEWEST, there=n))
    counted = n if alone is None else min(n, alone)
    now = correlations(columns, values)
    low, high = _ends(now, counted)
    floor = least_clear(counted, len(names))
    time = question.over_time(study)[rows]
    over = np.stack([correlations(columns, time[:, at]) for at in range(time.shape[1])], axis=1)
    with np.errstate(invalid="ignore"):
        clear = np.abs(now) > floor
    found = Indices(
        SAYS("rank_correlation", level=PERCENT),
        names,
        now,
        low,
        high,
        clear,
        floor,
        study.months,
        over,
    )
    return Correlation(question, found, n)


def _rows(design: Design) -> tuple[np.ndarray, int | None]:
    """Return the rows to use, and how many are independent where that is fewer."""
    if design.kind == "morris":
        return np.arange(len(design)), morris(design).trajectories
    return sample_of_space(design), None


def _ends(r: Floats, n: int) -> tuple[Floats, Floats]:
    from scipy.special import ndtri

    # Fieller et al. 1957: for ranks Fisher's z varies by 1.06 / (n - 3).
    half = float(ndtri(0.5 + LEVEL / 2)) * math.sqrt(1.06 / max(1, n - 3))
    z = np.arctanh(np.clip(r, -0.999999, 0.999999))
    return np.tanh(z - half), np.tanh(z + half)
