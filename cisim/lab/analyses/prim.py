"""PRIM: boxes that hold as many failures and as little else as can be.

One half of the points is peeled, over the parameters that go with failing there; of its boxes that
one is taken that parts failures from the rest best, with few restrictions, each of which matters
(quasi-p at most 5 %). The other half tells whether it stands. Then what is left is searched again,
until a box does not stand.

Source  Friedman and Fisher 1999; Bryant and Lempert 2010; the peeling is EMA Workbench's
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.boxes import PRIM, Box, Discovery, Limit
from cisim.lab.analyses.fails import SURE, Fails
from cisim.lab.ensemble import OVERALL
from cisim.lab.extras import needed
from cisim.lab.moved import correlations
from cisim.lab.study import Study

MOST_BOXES = 3
SCREENED = 10
"""Columns that are peeled."""
NEARLY = 0.95
"""A box with fewer restrictions is taken if it parts nearly as well as the best."""
LEAST_MASS = 0.05


def prim(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    threshold: float | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Discovery:
    """Return where a scenario fails, by PRIM; see Fails.of_study for what failing is.

    Raises InputError if it is not said what failing is, for a missing library, or what was not
    kept.
    """
    fails = Fails.of_study(
        study,
        outcome,
        scenario,
        against=against,
        threshold=threshold,
        month=month,
        region=region,
    )
    boxes: list[Box] = []
    tried = 0
    left = np.ones(fails.there.size, dtype=bool)
    while fails.enough and len(boxes) < MOST_BOXES:
        limits = _search(fails, left & fails.search)
        if not limits:
            break
        tried += 1
        box = Box.told(fails, limits, left)
        if not box.clear:
            break
        boxes.append(box)
        left &= ~np.isin(fails.points, box.points)
    return Discovery(PRIM, fails, tuple(boxes), tried)


def _search(fails: Fails, rows: NDArray[np.bool_]) -> tuple[Limit, ...]:
    """Return the limits of the best box in some points, () if there is none."""
    there = fails.there[rows]
    if min(there.sum(), (~there).sum()) < 5:
        return ()
    table = _table(fails, rows)
    prims = needed("ema_workbench.analysis.prim", "analysis")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about how it uses pandas
        # What counts is at least the threshold, and a box is kept from that density on.
        search = prims.Prim(table, there, threshold=1e-6, mass_min=LEAST_MASS)
        found = search.find_box()
    tried = [
        (_parted(fails, limits, rows), limits)
        for box, doubts in zip(found.box_lims, found.qp, strict=True)
        if (limits := _limits(fails, box, search.box_init, doubts))
    ]
    best = max((parted for parted, _ in tried), default=0.0)
    if best <= 0.0:
        return ()
    nearly = [(len(limits), -parted, limits) for parted, limits in tried if parted >= NEARLY * best]
    return min(nearly, key=lambda one: one[:2])[2]


def _parted(fails: Fails, limits: tuple[Limit, ...], rows: NDArray[np.bool_]) -> float:
    """Return the share of failures within, less the share of the rest within."""
    within = np.ones(rows.size, dtype=bool)
    for limit in limits:
        within &= limit.holds(fails.scaled)
    there = fails.there[rows]
    return float(within[rows][there].mean() - within[rows][~there].mean())


def _table(fails: Fails, rows: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the points as EMA Workbench has them: numbers, and choices as categories."""
    columns: dict[str, Any] = {}
    for k in _screened(fails, rows):
        one = fails.scaled.ranges[k]
        unit = fails.scaled.unit[rows, k]
        if len(one.choices) > 2:
            places = np.rint(unit * (len(one.choices) - 1)).astype(int)
            columns[str(k)] = pd.Series([str(place) for place in places], dtype=object)
        else:
            columns[str(k)] = unit
    return pd.DataFrame(columns)


def _screened(fails: Fails, rows: NDArray[np.bool_]) -> list[int]:
    """Return the columns that are peeled: those which go with failing, at an end or off the middle.

    Among dozens of columns some always have a gap where no failure lies, and peeling finds those
    first.
    """
    unit, there = fails.scaled.unit[rows], fails.there[rows].astype(np.float64)
    along = np.abs(np.nan_to_num(correlations(unit, there)))
    across = np.abs(np.nan_to_num(correlations(np.abs(unit - 0.5), there)))
    choices = np.array([len(one.choices) > 2 for one in fails.scaled.ranges])
    size = np.where(choices, np.inf, np.maximum(along, across))
    return sorted(np.argsort(-size, kind="stable")[:SCREENED].tolist())


def _limits(
    fails: Fails, box: pd.DataFrame, whole: pd.DataFrame, doubts: Mapping[str, Sequence[float]]
) -> tuple[Limit, ...]:
    """Return the limits of a box that matter.

    doubts : quasi-p of its lower and upper limits by column, below 0 where there is none
    """
    limits = []
    for name, (below, above) in doubts.items():
        k = int(name)
        low, high = box.loc[0, name], box.loc[1, name]
        if isinstance(low, set):
            if low != whole.loc[0, name] and below <= SURE:
                limits.append(Limit(k, choices=tuple(sorted(int(place) for place in low))))
            continue
        limit = Limit(
            k,
            float(low) if 0.0 <= below <= SURE else -math.inf,
            float(high) if 0.0 <= above <= SURE else math.inf,
        )
        if limit == Limit(k):
            continue
        two = len(fails.scaled.ranges[k].choices) == 2
        limits.append(_of_two(limit) if two else limit)
    return tuple(sorted(limits))


def _of_two(limit: Limit) -> Limit:
    """Return a limit between two choices as the choice that is left."""
    return Limit(limit.column, choices=(1,) if limit.low > 0.0 else (0,))
