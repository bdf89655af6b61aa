"""What futures believe, and what comes out by each ensemble that they take their points from."""

from __future__ import annotations

from typing import Any

from cisim.lab.allowed import by_ensemble, ensembles_of
from cisim.show.beliefs_in_words import TEXTS, allowed_in_words, differ_in_words
from cisim.show.charts.series import outcome_shown
from cisim.show.findings import minus, span
from cisim.show.language.forms import percent
from cisim.show.language.texts import say
from cisim.show.report.case import MAIN, Case
from cisim.show.tables import number


def allowed(case: Case) -> dict[str, Any] | None:
    """Return what futures believe, and where two ensembles ship the answer of each beside the
    other; None where all futures believe the same.
    """
    if case.beliefs is None:
        return None
    table = by_ensemble(case.comparison)
    names = [one.name for one in ensembles_of(case.comparison)] if len(table) else []
    rows = []
    for scenario in case.comparison.names:
        mine = table[table["scenario"] == scenario].to_dict("records")
        cells = [
            {
                "apart": "" if scenario == case.base else minus(
                    f"{number(one['mean'])} ({span(number(one['low']), number(one['high']))})"
                ),
                "better": "" if scenario == case.base else say(
                    "charts.of", many=f"{one['better']:.0f}", n=one["n"]
                ),
                "best": percent(one["best"]),
                "harms": percent(one["harms"]),
            }
            for one in mine
        ]  # fmt: skip
        rows.append({"title": case.short[scenario], "cells": cells})
    pair = (case.best, case.second)
    return {
        "differ": differ_in_words(case.comparison),
        "heads": [say(f"beliefs.head_{TEXTS[name]}") for name in names if name in TEXTS],
        "rows": rows if names else [],
        "said": allowed_in_words(case.comparison, *pair, case.short),
        "outcome": outcome_shown(MAIN).title,
        "unit": outcome_shown(MAIN).unit,
        "texts": {
            "scenario": say("compare.scenario"),
            **{
                name: say(f"beliefs.{name}")
                for name in ("heading", "apart", "better", "best", "harms")
            },
        },
    }
