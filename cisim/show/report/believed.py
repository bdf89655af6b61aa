"""The robust answer: the scenarios over everything that may plausibly be believed."""

from __future__ import annotations

from typing import Any

from cisim.lab.robust import Robust
from cisim.show.charts.series import outcome_shown
from cisim.show.findings import minus
from cisim.show.report.case import Case
from cisim.show.tables import number


def believed(case: Case, found: Robust | None) -> dict[str, Any] | None:
    """Return in how many sampled worlds each scenario is best, None where that was not asked."""
    if found is None or not found.worlds:
        return None
    rows = [
        {
            "title": case.short.get(row["scenario"], row["scenario"]),
            "best": f"{row['best']:,} of {row['of']:,}",
            "lead": minus(number(row["lead"])),
            "behind": minus(number(row["behind"])),
            "over": minus(number(row["over_reference"])),
            "between": minus(f"{number(row['low'])} to {number(row['high'])}"),
            "harms": f"{row['below_reference']:.0%}",
        }
        for row in found.table().to_dict("records")
    ]
    what = outcome_shown(found.outcome)
    return {
        "worlds": f"{found.worlds:,}",
        "outcome": what.title,
        "unit": what.unit,
        "rows": rows,
        "said": found.sentences(case.short)[len(found.names) :],  # the table says the others
    }
