"""A tree: the space parted again and again where failures part best from the rest.

It grows in one half of the points; each leaf that fails more often than all is told by the other
half, and the chance counts how many leaves were told.

Source  Breiman et al. 1984; the tree is scikit-learn's
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cisim.lab.analyses.boxes import TREE, Box, Discovery, Limit
from cisim.lab.analyses.fails import Fails
from cisim.lab.ensemble import OVERALL
from cisim.lab.extras import needed
from cisim.lab.study import Study

LEAVES = 6
LEAST_LEAF = 0.05


def tree(
    study: Study,
    outcome: str | None = None,
    scenario: str | None = None,
    *,
    against: str | None = None,
    threshold: float | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Discovery:
    """Return where a scenario fails, by a tree; see Fails.of_study for what failing is.

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
    if not fails.enough:
        return Discovery(TREE, fails, (), 0)
    leaves = _leaves(fails)
    left = np.ones(fails.there.size, dtype=bool)
    boxes = [Box.told(fails, limits, left, len(leaves)) for limits in leaves]
    clear = sorted((box for box in boxes if box.clear), key=lambda box: -box.fail)
    return Discovery(TREE, fails, tuple(clear), len(leaves))


def _leaves(fails: Fails) -> list[tuple[Limit, ...]]:
    """Return the limits of every leaf that fails more often than all points that were searched."""
    columns, unit, places = _columns(fails)
    rows = fails.search
    grown = needed("sklearn.tree", "analysis").DecisionTreeClassifier(
        max_leaf_nodes=LEAVES,
        min_samples_leaf=max(5, math.ceil(LEAST_LEAF * rows.sum())),
        random_state=1,
    )
    grown.fit(unit[rows], fails.there[rows])
    nodes = grown.tree_
    base = fails.there[rows].mean()
    found = []
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, within = waiting.pop()
        split = int(nodes.feature[node])
        if split < 0:
            # The second class is failing; a tree of one class has no second.
            share = nodes.value[node][0]
            if within and len(share) > 1 and share[1] / share.sum() > base:
                found.append(_limits(fails, columns, places, within))
            continue
        at = float(nodes.threshold[node])
        low, high = within.get(split, (-math.inf, math.inf))
        waiting.append((int(nodes.children_right[node]), {**within, split: (at, high)}))
        waiting.append((int(nodes.children_left[node]), {**within, split: (low, at)}))
    return found


def _columns(fails: Fails) -> tuple[list[int], Any, list[int]]:
    """Return of each column of the tree which of Scaled it is, the numbers, and which choice."""
    columns, places, parts = [], [], []
    for k, one in enumerate(fails.scaled.ranges):
        unit = fails.scaled.unit[:, k]
        if len(one.choices) < 2:
            columns.append(k)
            places.append(-1)
            parts.append(unit)
            continue
        for place in range(len(one.choices)):
            columns.append(k)
            places.append(place)
            parts.append(np.rint(unit * (len(one.choices) - 1)) == place)
    # scikit-learn compares in 32 bits: so do the limits.
    return columns, np.stack(parts, axis=1).astype(np.float32), places


def _limits(
    fails: Fails,
    columns: list[int],
    places: list[int],
    within: dict[int, tuple[float, float]],
) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    chosen: dict[int, set[int]] = {}
    for split, (low, high) in within.items():
        k = columns[split]
        if places[split] < 0:
            limits.append(Limit(k, low, high))
            continue
        every = set(range(len(fails.scaled.ranges[k].choices)))
        only = {places[split]} if low > 0.0 else every - {places[split]}
        chosen[k] = chosen.get(k, every) & only
    limits += [Limit(k, choices=tuple(sorted(some))) for k, some in chosen.items()]
    return tuple(sorted(limits))
