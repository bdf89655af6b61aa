"""The robust answer: the scenarios over everything that may plausibly be believed."""

from __future__ import annotations

from typing import Any

from cisim.lab.robust import Robust
from cisim.show.charts.series import outcome_shown
from cisim.show.findings import minus, span
from cisim.show.language.forms import localised, percent
from cisim.show.language.texts import say
from cisim.show.report.case import Case
from cisim.show.tables import number
from cisim.show.told import told


def believed(case: Case, found: Robust | None) -> dict[str, Any] | None:
    """Return in how many sampled worlds each scenario is best, None where that was not asked."""
    if found is None or not found.worlds:
        return None
    rows = [
        {
            "title": case.short.get(row["scenario"], row["scenario"]),
            "best": say(
                "charts.of",
                many=localised(f"{row['best']:,}"),
                n=localised(f"{row['of']:,}"),
            ),
            "lead": minus(number(row["lead"])),
            "behind": minus(number(row["behind"])),
            "over": minus(number(row["over_reference"])),
            "between": span(minus(number(row["low"])), minus(number(row["high"]))),
            "harms": percent(row["below_reference"]),
        }
        for row in found.table().to_dict("records")
    ]
    what = outcome_shown(found.outcome)
    return {
        "worlds": localised(f"{found.worlds:,}"),
        "outcome": what.title,
        "unit": what.unit,
        "rows": rows,
        "said": [  # the table says the others
            told(one) for one in found.sentences(case.short)[len(found.names) :]
        ],
    }
