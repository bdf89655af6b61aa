"""How far each parameter matters by one measure, in a month and over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.lab.analyses.question import Question
from cisim.lab.analyses.says import SAYS
from cisim.model.state import Floats
from cisim.model.told import several


@dataclass(frozen=True, eq=False)
class Indices:
    """One number for each parameter, with its interval.

    what      : is measured, in words
    names     : (k,) parameters
    values    : (k,) NaN where the outcome does not vary
    low, high : (k,) ends of the interval
    clear     : (k,) bool, whether that is more than luck and chance give
    floor     : what chance alone gives at most, NaN where that is not known
    months    : (M,) that were kept
    over_time : (k, M)
    """

    what: str
    names: tuple[str, ...]
    values: Floats
    low: Floats
    high: Floats
    clear: NDArray[np.bool_]
    floor: float
    months: NDArray[np.int64]
    over_time: Floats

    @property
    def order(self) -> NDArray[np.int64]:
        """Return the columns, the largest |value| first, equal ones as declared."""
        return np.argsort(-np.abs(np.nan_to_num(self.values)), kind="stable")

    def columns(self, name: str) -> dict[str, Floats]:
        """Return estimate and interval as columns of a table."""
        return {name: self.values, f"{name}_low": self.low, f"{name}_high": self.high}

    def by_month(self, question: Question, name: str) -> pd.DataFrame:
        """Return a row for each parameter and month."""
        k, months = self.over_time.shape
        keys = {key: one for key, one in question.keys.items() if key != "month"}
        frame = pd.DataFrame(keys, index=range(k * months))
        frame["parameter"] = np.repeat(np.array(self.names, dtype=object), months)
        frame["month"] = np.tile(self.months, k)
        frame[name] = self.over_time.ravel()
        return frame

    def told(self, question: Question, many: int = 3) -> str:
        """Return the sentence of the parameters that are clear, the first few."""
        if not np.isfinite(self.values).any():
            return SAYS("still", what=question.words)
        top = [k for k in self.order[:many] if self.clear[k]]
        if not top:
            return SAYS("none_stands_out", measure=self.what, what=question.words)
        parts = several(
            SAYS(
                "parameter",
                name=self.names[k],
                value=float(self.values[k]),
                low=float(self.low[k]),
                high=float(self.high[k]),
            )
            for k in top
        )
        beside = int(self.clear.sum()) - len(top)
        given = {"measure": self.what, "what": question.words, "parameters": parts}
        return SAYS("hangs_more", **given, n=beside) if beside else SAYS("hangs", **given)


def table_of(question: Question, parts: dict[str, Indices], sort: str) -> pd.DataFrame:
    """Return a row for each parameter, the one that matters most by `sort` first."""
    first = parts[sort]
    frame = pd.DataFrame(question.keys, index=range(len(first.names)))
    frame["parameter"] = list(first.names)
    for name, one in parts.items():
        for column, values in one.columns(name).items():
            frame[column] = values
    frame["floor"] = first.floor
    frame["clear"] = first.clear
    return frame.iloc[first.order].reset_index(drop=True)
