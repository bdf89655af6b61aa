"""Who carries which function of leadership, lit month by month while the network plays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cisim.lab.ensemble import Ensemble
from cisim.show.charts import LEADING
from cisim.show.charts.functions import function_words
from cisim.show.charts.keepers import KEEPERS, STAFFED, keeper_of, present, some
from cisim.show.page.address.look import Look, month_of
from cisim.show.page.words import say

FULL = 100
"""A level is sent in hundredths."""


def matrix(look: Look, ensemble: Ensemble) -> dict[str, Any]:
    """Return each function with who keeps it and its level in each month, a mean over futures.

    Of each keeper it says in which months anybody is there, of a backbone also when it has staff.

    ensemble : that has kept every month of CARRIED
    """
    here = ensemble.scenario
    where = ensemble.regions.index(look.region)
    rows, there = [], set()
    for function, outcome in zip(here.holders, LEADING, strict=True):
        values = ensemble.values[:, :, where, ensemble.outcomes.index(outcome)]
        means = np.nan_to_num(np.nanmean(values, axis=0))
        # The least that is exercised is no nothing.
        levels = np.where(means > 0.0, np.maximum(1, np.round(FULL * means)), 0).astype(int)
        keepers = list(dict.fromkeys(keeper_of(one) for one in here.holders[function]))
        there |= set(keepers)
        steps = np.diff(levels, prepend=0).tolist()
        rows.append(
            {
                "name": function,
                "label": function_words(function),
                "keepers": keepers,
                "levels": " ".join(map(str, steps)),
            }
        )
    return {
        "functions": rows,
        "keepers": [
            {
                "name": one,
                "label": say(f"charts.keeper_{one}"),
                "there": _spans(present(ensemble, one, where)),
                "paid": _spans(some(ensemble, [STAFFED[one]], where)) if one in STAFFED else None,
            }
            for one in KEEPERS
            if one in there
        ],
        "month": month_of(look),
        "months": here.months,
        "start": here.calendar.start or "",
    }


def _spans(months: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the stretches of months in which something holds, each up to the month after it."""
    edges = np.flatnonzero(np.diff(months.astype(np.int8), prepend=0, append=0)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
