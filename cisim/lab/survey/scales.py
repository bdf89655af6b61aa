"""Answers on a scale as strength from 0 (none) to 1 (the most that can be answered).

    numbers    a scale that begins at 0 or below: (answer - least) / (most - least)
               one that begins above 0: (answer - least + 1) / (most - least + 1), as its least
               answer is still a tie
    words      the k-th of n counts k / n; where the first one says "none", (k - 1) / (n - 1)
    years      years known against the most of the scale, all above it alike
    since      years from then to the year of the survey, as years
    count      log(1 + times) against that of the most

A tie's strength is the mean of what was answered of it, by weight; what was not answered counts
neither way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence

from cisim.lab.survey.mapping import Measure
from cisim.lab.survey.says import SAYS
from cisim.lab.survey.tables import answer, plain
from cisim.lab.survey.words import is_missing, none
from cisim.model.told import Written

MISSING = math.nan
FULL_YEARS = 10.0
_YEAR = re.compile(r"(?:^|\D)((?:19|20)\d\d)(?:\D|$)")
Reader = Callable[[str], float]


class NotOnScaleError(ValueError):
    """An answer that the scale does not have.

    name, given : of the sentence that says what is allowed
    """

    def __init__(self, name: str, **given: object) -> None:
        super().__init__(SAYS(name, value="…", **given))
        self.name, self.given = name, given


def reader(measure: Measure, cells: Sequence[str], comma: bool, codes: Iterable[str]) -> Reader:
    """Return what reads a cell of a measure: its strength, nan where the answer is missing.

    cells : all of the column; of a count, the most of them is 1
    codes : more words for a missing answer

    What it returns raises NotOnScaleError.
    """
    lacking = {plain(one) for one in codes}

    def missing(cell: str) -> bool:
        return plain(cell) in lacking or (is_missing(cell) and cell not in told)

    told: dict[str, float] = {}
    if measure.levels is not None:
        told = _steps(measure.levels)
        listed = ", ".join(one if isinstance(one, str) else one[0] for one in measure.levels)
        by_word = {plain(word): value for word, value in told.items()}

        def of_words(cell: str) -> float:
            if missing(cell):
                return MISSING
            found = told.get(cell, by_word.get(plain(cell)))
            if found is None:
                raise NotOnScaleError("words", words=listed)
            return found

        return _remembered(of_words)
    low, high = measure.scale or (0.0, _most(measure, cells, comma))
    way = _ways(measure, low, high)

    def of_numbers(cell: str) -> float:
        if missing(cell):
            return MISSING
        value = _year_of(cell, measure) if measure.kind == "since" else answer(cell, comma)
        if value is None:
            raise NotOnScaleError("year" if measure.kind == "since" else "number")
        return way(value)

    return _remembered(of_numbers)


def _ways(measure: Measure, low: float, high: float) -> Callable[[float], float]:
    least, most = min(low, high), max(low, high)

    def years(value: float) -> float:
        if value < 0:
            raise NotOnScaleError("years")
        return min(1.0, value / most)

    def count(value: float) -> float:
        if value < 0:
            raise NotOnScaleError("times")
        return min(1.0, math.log1p(value) / math.log1p(most))

    def scale(value: float) -> float:
        if not least <= value <= most:
            raise NotOnScaleError("scale", low=Written(f"{least:g}"), high=Written(f"{most:g}"))
        above = value - low if high > low else low - value
        step = 1.0 if least > 0 else 0.0
        return (above + step) / (most - least + step)

    if measure.kind in ("years", "since"):
        return years
    return count if measure.kind == "count" and measure.scale is None else scale


def _most(measure: Measure, cells: Sequence[str], comma: bool) -> float:
    if measure.kind == "since":
        return FULL_YEARS
    found = [value for cell in set(cells) if (value := answer(cell, comma)) is not None]
    return max([1.0, *found])


def _year_of(cell: str, measure: Measure) -> float | None:
    found = _YEAR.search(cell)
    if found is None or measure.at is None:
        return None
    ago = measure.at - int(found[1])
    if ago < 0:
        raise NotOnScaleError("year_most", most=measure.at)
    return float(ago)


def _steps(levels: Sequence[str | list[str]]) -> dict[str, float]:
    groups = [[one] if isinstance(one, str) else one for one in levels]
    from_none = len(groups) > 1 and any(plain(word) in none() for word in groups[0])
    steps = len(groups) - from_none
    return {
        word: (at + (not from_none)) / steps for at, group in enumerate(groups) for word in group
    }


def _remembered(read: Reader) -> Reader:
    seen: dict[str, float] = {}

    def once(cell: str) -> float:
        found = seen.get(cell)
        if found is None:
            found = seen[cell] = read(cell)
        return found

    return once


def weighted(answers: Sequence[float], weights: Sequence[float]) -> float:
    """Return the mean of what was answered by weight, nan where nothing was."""
    total = weight = 0.0
    for one, own in zip(answers, weights, strict=True):
        if own and not math.isnan(one):
            total += own * one
            weight += own
    return total / weight if weight else MISSING
