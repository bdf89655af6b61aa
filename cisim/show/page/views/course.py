"""The time axis of the stage: what happens when, and the causal strip of five small curves.

The strip is the theory in the order in which things move: meetings, trust, joint work, results,
wellbeing. Each curve is the middle future of its outcome, on a scale of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cisim.lab.ensemble import Ensemble
from cisim.model.outcomes import OUTCOMES
from cisim.show.charts.axes import time_ticks
from cisim.show.charts.paths import Span
from cisim.show.charts.phases import phase_table, phase_words
from cisim.show.charts.series import Floats, quantiles
from cisim.show.page.address.look import Look
from cisim.show.page.outcomes import STRIP
from cisim.show.page.session import Session
from cisim.show.page.views.colours import places
from cisim.show.page.words import say

STEPS = 250
"""A curve is sent in so many steps of its height; course.vue draws them."""


def course(
    look: Look, ensembles: Sequence[Ensemble], session: Session, past: Ensemble | None = None
) -> dict[str, Any]:
    """Return the strip of finished futures: a row for each outcome of it, and marks of the axis.

    ensembles : the scenario's, and its branch's where there is one
    session   : what the visitor has seen: a row keeps its scale
    past      : what was there before, as grey curves
    """
    scenario = ensembles[0].scenario
    ticks = time_ticks(0.0, float(scenario.months), 11, scenario.calendar)
    return {
        "rows": [_row(look, outcome, ensembles, session, past) for outcome in STRIP],
        "places": places(look, [one.name for one in ensembles]),
        "phases": [
            {
                "start": max(0, int(row.start)),
                "end": min(scenario.months, int(row.end)),
                "phase": row.phase,
                "label": phase_words(row.phase),
            }
            for row in phase_table(ensembles[:1], look.region).itertuples()
            if row.phase != "before"
        ],
        "ticks": [(tick.month, tick.words) for tick in ticks],
    }


def _row(
    look: Look,
    outcome: str,
    ensembles: Sequence[Ensemble],
    session: Session,
    past: Ensemble | None,
) -> dict[str, Any]:
    """Return a curve for each path, from 0 at the foot of the row to STEPS at its head."""
    middles = [middle(one, outcome, look.region) for one in ensembles]
    ghosts = [] if past is None else [middle(past, outcome, look.region)]
    held = session.strip.get(outcome)
    low, high = _ends(outcome, [*middles, *ghosts], held)
    session.strip[outcome] = (low, high)
    lines, behind = ([_steps(path, low, high) for path in paths] for paths in (middles, ghosts))
    return {
        "name": outcome,
        "label": say(f"strip.{outcome}"),
        "lines": lines,
        "ghost": behind[0] if behind else None,
        "half": half_way(middles[0]),
    }


def middle(ensemble: Ensemble, outcome: str, region: str) -> Floats:
    """Return the middle future of an outcome month by month, (M,), NaN where it is not defined."""
    place = ensemble.regions.index(region), ensemble.outcomes.index(outcome)
    return quantiles(ensemble.values[:, :, place[0], place[1]], (0.5,))[0]


def half_way(path: Floats) -> int | None:
    """Return the month in which a path has first gone half the way to its largest rise.

    None if it hardly moves.
    """
    there = path[np.isfinite(path)]
    if there.size < 2:
        return None
    rise = path - there[0]
    top = float(np.nanmax(np.abs(rise)))
    if top <= 1e-3 * max(1.0, abs(float(there[0]))):
        return None
    return int(np.flatnonzero(np.abs(rise) >= top / 2)[0])


def _steps(path: Floats, low: float, high: float) -> str:
    """Return a path in steps from low to high: each month's difference to the last, in short.

    "12 3 0 x -1" is 12, 15, 15, not defined, 14.
    """
    said, last = [], 0
    for value in (STEPS * (path - low) / (high - low)).tolist():
        if np.isfinite(value):
            said.append(f"{round(value) - last}")
            last = round(value)
        else:
            said.append("x")
    return " ".join(said)


def _ends(outcome: str, paths: Sequence[Floats], held: Span | None) -> Span:
    """Return the ends of a row: zero is one of them unless the outcome is a level above it.

    held : what it had before, which it keeps; it may only grow
    """
    numbers = np.concatenate([path[np.isfinite(path)] for path in paths])
    if not numbers.size:
        return held or (0.0, 1.0)
    low, high = float(numbers.min()), float(numbers.max())
    if OUTCOMES[outcome].form != "level":
        low, high = min(low, 0.0), max(high, 0.0)
    spare = 0.08 * (high - low) or 0.5
    low, high = low - spare, high + spare
    return (low, high) if held is None else (min(low, held[0]), max(high, held[1]))
