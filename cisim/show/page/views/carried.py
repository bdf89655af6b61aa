"""Who carries which function of leadership, lit month by month while the network plays."""

from __future__ import annotations

from typing import Any

import numpy as np

from cisim.lab.ensemble import Ensemble
from cisim.show.charts import LEADING
from cisim.show.charts.functions import function_words
from cisim.show.charts.keepers import KEEPERS, keeper_of
from cisim.show.page.address.look import Look, month_of
from cisim.show.page.address.posts import bars
from cisim.show.page.words import say
from cisim.world.posts import BACKBONES
from cisim.world.scenario import Scenario

FULL = 100
"""A level is sent in hundredths."""


def matrix(look: Look, ensemble: Ensemble) -> dict[str, Any]:
    """Return each function with who keeps it and its level in each month, a mean over futures.

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
                "paid": _paid(here, one) if one in BACKBONES else None,
            }
            for one in KEEPERS
            if one in there
        ],
        "month": month_of(look),
        "months": here.months,
        "start": here.calendar.start or "",
    }


def _paid(here: Scenario, level: str) -> list[tuple[int, int]]:
    """Return from when until when somebody is to be paid at a level of backbones."""
    return [(bar.start, bar.end) for bar in bars(here) if bar.where == level]
