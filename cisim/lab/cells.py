"""A study as a map: the mean of an outcome in each cell of two things that are varied.

What takes few values has a cell for each; what is sampled is cut into parts of its range. What else
is varied is averaged over, so a cell says how many points lie in it. A side may be the scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.layout import sample_of_space
from cisim.lab.analyses.question import Question
from cisim.lab.analyses.scale import Scaled
from cisim.lab.ensemble import OVERALL
from cisim.lab.study import Study
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.state import Floats

SCENARIO = "scenario"
"""The side on which the scenarios stand."""
MOST_LEVELS = 12
"""Values up to which each has a cell of its own."""
PARTS = 6
"""Of a range that is sampled."""


@dataclass(frozen=True)
class Side:
    """A side of a map.

    name  : what is varied, or SCENARIO
    low, high : of each level; the same where it is one value
    words : of each level, where it is no number; () for numbers
    """

    name: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    words: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.low)


@dataclass(frozen=True, eq=False)
class Cells:
    """What a map shows.

    question     : of which outcome, month and region; of which scenario, where none is a side
    across, upward : its sides, A and U levels
    means        : (U, A) of the outcome in its unit, NaN where no point lies in the cell
    counts       : (U, A) points that are finished
    points       : (U, A) the one nearest to the middle of the cell, -1 for none
    scenarios    : (U, A) as int, of the study
    """

    question: Question
    across: Side
    upward: Side
    means: Floats
    counts: NDArray[np.int64]
    points: NDArray[np.int64]
    scenarios: NDArray[np.int64]

    def table(self) -> pd.DataFrame:
        """Return a row for each cell: both sides, the mean, how many points, and one of them."""
        rows = []
        for u in range(len(self.upward)):
            for a in range(len(self.across)):
                row: dict[str, object] = {}
                for side, at in ((self.across, a), (self.upward, u)):
                    if side.words:
                        row[side.name] = side.words[at]
                    elif side.low == side.high:
                        row[side.name] = side.low[at]
                    else:
                        row[f"{side.name} from"] = side.low[at]
                        row[f"{side.name} to"] = side.high[at]
                row[self.question.outcome] = self.means[u, a]
                row["points"] = int(self.counts[u, a])
                row["point"] = int(self.points[u, a])
                rows.append(row)
        return pd.DataFrame(rows)


def sides_of(study: Study) -> tuple[str, ...]:
    """Return what a map of a study can have as a side: what differs between points, scenarios."""
    values = study.design.values
    differing = (values != values[:1]).any(axis=0) if len(values) else np.zeros(0, dtype=bool)
    names = [name for name, differs in zip(study.design.names, differing, strict=True) if differs]
    return (*names, *((SCENARIO,) if len(study.scenarios) > 1 else ()))


def cells(
    study: Study,
    across: str,
    upward: str,
    outcome: str | None = None,
    *,
    scenario: str | None = None,
    against: str | None = None,
    month: int | None = None,
    region: str = OVERALL,
) -> Cells:
    """Return the map of an outcome over two things that are varied.

    scenario : of which; it means nothing where the scenarios are a side
    against  : the scenario from which the difference is taken, at the same points

    Raises InputError for a side that there is not, the same one twice, or what was not kept.
    """
    known = sides_of(study)
    for name in (across, upward):
        if name not in known:
            raise InputError(f"{shown(name)} is not varied in {study.name}.{nearest(name, known)}")
    if across == upward:
        raise InputError(f"Both sides are {across}; allowed are two that differ.")
    rows = _rows(study)
    by_scenario = SCENARIO in (across, upward)
    names = [one for one in study.scenarios if one != against] if by_scenario else None
    first = names[0] if names else scenario
    question = Question.of(study, outcome, first, against=against, month=month, region=region)
    scaled = Scaled.of(study.design)
    placed: list[tuple[Side, NDArray[np.int64] | None, Floats | None]] = []
    for name in (across, upward):
        if name == SCENARIO:
            listed = tuple(names or ())
            ends = tuple(float(k) for k in range(len(listed)))
            placed.append((Side(SCENARIO, ends, ends, listed), None, None))
        else:
            placed.append(_side(study, scaled, name, rows))
    (one, at_one, unit_one), (other, at_other, unit_other) = placed
    shape = (len(other), len(one))
    means, counts = np.full(shape, np.nan), np.zeros(shape, np.int64)
    points, who = np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
    values: dict[str, Floats] = {}
    for u in range(shape[0]):
        for a in range(shape[1]):
            name = question.scenario
            if by_scenario:
                name = one.words[a] if across == SCENARIO else other.words[u]
            if name not in values:
                mine = Question(question.outcome, name, question.against, question.month, region)
                values[name] = mine.values(study)[rows]
            inside = np.isfinite(values[name])
            away = np.zeros(len(rows))
            for place, unit, level in ((at_one, unit_one, a), (at_other, unit_other, u)):
                if place is not None and unit is not None:
                    inside &= place == level
                    away += np.abs(unit - _middle(unit, place, level))
            who[u, a] = study.scenarios.index(name)
            counts[u, a] = int(inside.sum())
            if inside.any():
                means[u, a] = float(values[name][inside].mean())
                points[u, a] = int(rows[np.where(inside, away, np.inf).argmin()])
    return Cells(question, one, other, means, counts, points, who)


def _rows(study: Study) -> NDArray[np.int64]:
    """Return the points that are a sample of the space; where they are none, all of them."""
    try:
        return sample_of_space(study.design)
    except InputError:
        return np.arange(len(study.design))


def _side(
    study: Study, scaled: Scaled, name: str, rows: NDArray[np.int64]
) -> tuple[Side, NDArray[np.int64], Floats]:
    """Return a side, and of each point its level and its share of the range."""
    column = scaled.names.index(name)
    over, unit = scaled.ranges[column], scaled.unit[rows, column]
    values = study.design.values[rows, study.design.names.index(name)]
    distinct = np.unique(values)
    if over.choices or distinct.size <= MOST_LEVELS:
        ends = tuple(distinct.tolist())
        words = tuple(str(over.word(value)) for value in ends) if over.choices else ()
        return Side(name, ends, ends, words), distinct.searchsorted(values), unit
    edges = np.unique(over.at(np.linspace(0.0, 1.0, PARTS + 1)))
    level = np.clip(edges.searchsorted(values, side="right") - 1, 0, edges.size - 2)
    return Side(name, tuple(edges[:-1].tolist()), tuple(edges[1:].tolist())), level, unit


def _middle(unit: Floats, place: NDArray[np.int64], level: int) -> float:
    """Return the middle of a level in shares of the range."""
    mine = unit[place == level]
    return float((mine.min() + mine.max()) / 2) if mine.size else 0.0
