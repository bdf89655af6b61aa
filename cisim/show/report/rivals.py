"""Rival theories: whether the order of scenarios holds where a rule is put otherwise."""

from __future__ import annotations

from typing import Any

from cisim.lab.rivals import Rivals
from cisim.show.charts.series import outcome_shown
from cisim.show.findings import minus
from cisim.show.language.forms import localised
from cisim.show.language.texts import say
from cisim.show.report.case import Case
from cisim.show.tables import number
from cisim.show.told import told


def rivals(case: Case, found: Rivals | None) -> dict[str, Any] | None:
    """Return what each scenario reaches under each theory, None where that was not asked."""
    if found is None or not found.theories:
        return None
    rows = [
        {
            "title": say("report.body.as_it_is")
            if theory is None
            else told(theory.words).capitalize(),
            "means": [minus(number(value, 2)) for value in means],
            "holds": holds_in_words(found, place),
        }
        for place, (theory, means) in enumerate(
            zip(found.theories, found.means.tolist(), strict=True)
        )
    ]
    what = outcome_shown(found.outcome)
    return {
        "outcome": what.title,
        "unit": what.unit,
        "futures": localised(f"{found.futures:,}"),
        "heads": [case.short.get(name, name) for name in found.names],
        "rows": rows,
        "said": told(found.sentence(case.short)),
    }


def holds_in_words(found: Rivals, place: int) -> str:
    """Return whether the order holds under a theory; of ours, only that it cannot be told."""
    holds = found.holds[place]
    if found.theories[place] is None and holds == "yes":
        return ""
    return say(f"report.{holds}")
