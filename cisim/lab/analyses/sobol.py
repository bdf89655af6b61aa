"""Sobol' indices: which share of an outcome's variance a parameter makes.

first : by itself
total : by itself and together with others; what has none can be held fixed

Luck is in the total of every parameter, because a point that is run again gives another number.
Where points have replicates its share is known, and a total is clear only above it.

Source  Saltelli et al. 2010; Sobol' 2001; the estimators are SALib's
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cisim.lab.analyses.indices import Indices, table_of
from cisim.lab.analyses.intervals import between
from cisim.lab.analyses.layout import Saltelli, saltelli
from cisim.lab.analyses.noise import Noise, noise
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.says import PERCENT, SAYS
from cisim.lab.ensemble import OVERALL
from cisim.lab.extras import needed
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.model.state import Floats

RESAMPLES = 300
FEWEST = 8
"""Blocks below which nothing is estimated."""
ONE_ERROR = 0.6826894921370859
"""The level at which SALib's half width is one standard error."""


@dataclass(frozen=True, eq=False)
class Sobol:
    """First and total indices of an outcome.

    blocks, of : blocks of points that are whole, and all
    """

    question: Question
    first: Indices
    total: Indices
    noise: Noise
    blocks: int
    of: int

    def table(self) -> pd.DataFrame:
        """Return a row for each parameter, the highest total first."""
        return table_of(self.question, {"first": self.first, "total": self.total}, "total")

    def by_month(self) -> pd.DataFrame:
        """Return first and total of each parameter in each month."""
        frame = self.first.by_month(self.question, "first")
        frame["total"] = self.total.over_time.ravel()
        return frame

    def sentences(self) -> list[str]:
        """Return what was found in words."""
        told = [self.total.told(self.question)]
        if np.isfinite(self.first.values).any():
            alone = float(np.clip(self.first.values, 0.0, None).sum())
            told.append(SAYS("alone", share=min(alone, 1.0)))
        told.append(self.noise.words)
        if self.blocks < self.of:
            told.append(SAYS("blocks", missing=self.of - self.blocks, of=self.of))
        return told


def sobol(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Sobol:
    """Return Sobol' indices of an outcome, or of its difference from another scenario.

    Intervals (90 %) are those of resampled blocks.

    Raises InputError for another design than Saltelli's, too few whole blocks, a missing library,
    or what was not kept.
    """
    question = Question.of(study, outcome, scenario, against=against, month=month, region=region)
    layout = saltelli(study.design)
    runs = question.runs(study)
    values = whole_blocks(question.values(study).reshape(layout.blocks, layout.step), layout)
    luck = noise(runs)
    first, total, ends = _indices(layout, values, RESAMPLES)
    time = question.over_time(study).reshape(layout.blocks, layout.step, -1)
    by_month = [_in_month(layout, time[:, :, at]) for at in range(time.shape[2])]
    floor = luck.share
    beyond = 0.0 if np.isnan(floor) else floor
    names = study.design.names

    def made(what: str, row: int, now: Floats, bound: float) -> Indices:
        low, high = ends[row]
        over = np.stack([one[row] for one in by_month], axis=1)
        clear = low > bound
        return Indices(what, names, now, low, high, clear, floor, study.months, over)

    return Sobol(
        question,
        made(SAYS("first_sobol", level=PERCENT), 0, first, 0.0),
        made(SAYS("total_sobol", level=PERCENT), 1, total, beyond),
        luck,
        len(values),
        layout.blocks,
    )


def whole_blocks(values: Floats, layout: Saltelli) -> Floats:
    """Return the rows of (blocks, step) values that lack none.

    Raises InputError if there are too few.
    """
    whole = np.isfinite(values).all(axis=1)
    if whole.sum() < FEWEST:
        raise InputError(
            SAYS(
                "sobol_needs",
                fewest=FEWEST,
                step=layout.step,
                whole=int(whole.sum()),
                of=layout.blocks,
            )
        )
    return values[whole]


def _in_month(layout: Saltelli, values: Floats) -> tuple[Floats, Floats]:
    whole = np.isfinite(values).all(axis=1)
    if whole.sum() < FEWEST:
        nothing = np.full(len(layout.columns), np.nan)
        return nothing, nothing
    return _indices(layout, values[whole], 2)[:2]


def _indices(
    layout: Saltelli, values: Floats, resamples: int
) -> tuple[Floats, Floats, list[tuple[Floats, Floats]]]:
    """Return first and total indices, (D,) each, and the ends of both; NaN if nothing varies."""
    many = len(layout.columns)
    if not _varies(values):
        nothing = np.full(many, np.nan)
        return nothing, nothing, [(nothing, nothing)] * 2
    # Second-order indices are not asked for: the rows that only they need are left out.
    rows = [*range(many + 1), layout.step - 1]
    found = needed("SALib.analyze.sobol", "analysis").analyze(
        _problem(many),
        values[:, rows].ravel(),
        calc_second_order=False,
        num_resamples=resamples,
        keep_resamples=True,
        seed=1,
    )
    ends = [between(found[f"{name}_conf_all"]) for name in ("S1", "ST")]
    return found["S1"], found["ST"], ends


def second_order(layout: Saltelli, values: Floats, resamples: int) -> tuple[Floats, Floats]:
    """Return the index of each pair and its standard error, in the order of np.triu_indices."""
    many = len(layout.columns)
    upper = np.triu_indices(many, 1)
    if not _varies(values):
        nothing = np.full(len(upper[0]), np.nan)
        return nothing, nothing
    found = needed("SALib.analyze.sobol", "analysis").analyze(
        _problem(many), values.ravel(), num_resamples=resamples, conf_level=ONE_ERROR, seed=1
    )
    return found["S2"][upper], found["S2_conf"][upper]


def _varies(values: Floats) -> bool:
    return float(np.ptp(values)) > 1e-12 * max(1.0, float(np.abs(values).max()))


def _problem(many: int) -> dict[str, object]:
    """Return what SALib wants to know of so many columns."""
    bounds = [[0.0, 1.0]] * many
    return {"num_vars": many, "names": [str(k) for k in range(many)], "bounds": bounds}
