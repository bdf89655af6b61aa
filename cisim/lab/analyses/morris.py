"""Morris' elementary effects: a screening that needs few runs.

effect : mean of |effect| as a parameter goes through its whole range, in the outcome's unit
spread : standard deviation of the effects; as large as the effect where it depends on others

Source  Morris 1991; Campolongo et al. 2007; the estimators are SALib's
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cisim.lab.analyses.indices import Indices, table_of
from cisim.lab.analyses.layout import Morris as Layout
from cisim.lab.analyses.layout import morris as layout_of
from cisim.lab.analyses.noise import Noise, noise
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.says import PERCENT, SAYS
from cisim.lab.analyses.scale import Scaled
from cisim.lab.ensemble import LEVEL, OVERALL
from cisim.lab.extras import needed
from cisim.lab.study import Study
from cisim.model.input_error import InputError
from cisim.model.state import Floats
from cisim.model.told import Named

FEWEST = 4
"""Trajectories below which nothing is estimated."""


@dataclass(frozen=True, eq=False)
class Morris:
    """Elementary effects on an outcome.

    effect           : mean of their sizes, with its interval
    mean, spread     : (k,) of the effects with their signs
    trajectories, of : that are whole, and all
    """

    question: Question
    effect: Indices
    mean: Floats
    spread: Floats
    noise: Noise
    trajectories: int
    of: int

    def table(self) -> pd.DataFrame:
        """Return a row for each parameter, the largest effect first."""
        frame = table_of(self.question, {"effect": self.effect}, "effect")
        order = self.effect.order
        frame.insert(frame.columns.get_loc("floor"), "mean", self.mean[order])
        frame.insert(frame.columns.get_loc("floor"), "spread", self.spread[order])
        return frame

    def by_month(self) -> pd.DataFrame:
        """Return the effect of each parameter in each month."""
        return self.effect.by_month(self.question, "effect")

    def sentences(self) -> list[str]:
        """Return what was found in words."""
        told = [self.effect.told(self.question)]
        if not math.isnan(self.effect.floor):
            told.append(
                SAYS(
                    "luck_effect", floor=self.effect.floor, unit=Named(self.question.unit, "units")
                )
            )
        else:
            told.append(self.noise.words)
        if self.trajectories < self.of:
            told.append(SAYS("trajectories", missing=self.of - self.trajectories, of=self.of))
        return told


def morris(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Morris:
    """Return elementary effects on an outcome, or on its difference from another scenario.

    Raises InputError for another design than Morris', too few whole trajectories, a missing
    library, or what was not kept.
    """
    question = Question.of(study, outcome, scenario, against=against, month=month, region=region)
    layout = layout_of(study.design)
    names = study.design.names
    steps, delta = _steps(study, layout)
    values = question.values(study).reshape(layout.trajectories, -1)
    whole = np.isfinite(values).all(axis=1)
    if whole.sum() < FEWEST:
        raise InputError(
            SAYS(
                "morris_needs",
                fewest=FEWEST,
                step=len(names) + 1,
                whole=int(whole.sum()),
                of=layout.trajectories,
            )
        )
    luck = noise(question.runs(study))
    found = _effects(names, steps[whole], values[whole], delta)
    time = question.over_time(study).reshape(*values.shape, -1)
    by_month = []
    for at in range(time.shape[2]):
        there = np.isfinite(time[:, :, at]).all(axis=1)
        if there.sum() < FEWEST:
            by_month.append(np.full(len(names), np.nan))
        else:
            by_month.append(_effects(names, steps[there], time[there, :, at], delta)[0])
    size, mean, spread, half = found
    # The mean of |difference of two means of luck|, as luck is near normal.
    floor = 2.0 * luck.deviation / math.sqrt(math.pi) / delta
    low, high = np.maximum(size - half, 0.0), size + half
    clear = low > (0.0 if math.isnan(floor) else floor)
    effect = Indices(
        SAYS("effects", unit=Named(question.unit, "units"), level=PERCENT),
        names,
        size,
        low,
        high,
        clear,
        floor,
        study.months,
        np.stack(by_month, axis=1),
    )
    return Morris(question, effect, mean, spread, luck, int(whole.sum()), layout.trajectories)


def _steps(study: Study, layout: Layout) -> tuple[Floats, float]:
    """Return the points, (trajectories, k + 1, k), with whole steps of one size, and that size.

    A column of whole numbers moves by what its rounding leaves; its step counts as all others'.
    """
    design = study.design
    scaled = Scaled.of(design)
    place = {name: k for k, name in enumerate(scaled.names)}
    moved = np.zeros((*layout.moved.shape,))
    free = []
    for path in range(layout.trajectories):
        for step, column in enumerate(layout.moved[path].tolist()):
            at = place.get(design.names[column])
            if at is None:
                continue
            row = path * (layout.moved.shape[1] + 1) + step
            moved[path, step] = scaled.unit[row + 1, at] - scaled.unit[row, at]
            one = scaled.ranges[at]
            if not one.whole and not one.choices:
                free.append(abs(moved[path, step]))
    sizes = free or np.abs(moved[moved != 0.0]).tolist()
    delta = float(np.median(sizes)) if sizes else 1.0
    if free and max(free) - min(free) > 1e-6:
        raise InputError(SAYS("morris_steps", low=float(min(free)), high=float(max(free))))
    many = layout.moved.shape[1]
    points = np.full((layout.trajectories, many + 1, many), 0.5)
    for path in range(layout.trajectories):
        for step, column in enumerate(layout.moved[path].tolist()):
            way = -delta if moved[path, step] < 0.0 else delta
            points[path, step + 1 :, column] += way
    return points, delta


def _effects(
    names: tuple[str, ...], points: Floats, values: Floats, delta: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return mean size, mean, spread and half the interval of the effects, (k,) each."""
    many = len(names)
    # SALib takes the step from the number of levels: the effects are put right afterwards.
    levels, step = 4, 2.0 / 3.0
    found = needed("SALib.analyze.morris", "analysis").analyze(
        {"num_vars": many, "names": list(names), "bounds": [[0.0, 1.0]] * many},
        points.reshape(-1, many),
        values.ravel(),
        num_levels=levels,
        num_resamples=200,
        conf_level=LEVEL,
        seed=1,
    )
    parts = ("mu_star", "mu", "sigma", "mu_star_conf")
    size, mean, spread, half = (
        np.asarray(found[part], dtype=np.float64) * step / delta for part in parts
    )
    return size, mean, spread, half
