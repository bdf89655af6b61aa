"""What each component is worth: a bar for each, from nothing to what there is less without it.

The numbers are those of cisim.lab.ablation: means over shared futures with their intervals.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cisim.lab.ensemble import LEVEL
from cisim.model.input_error import InputError
from cisim.model.outcomes import Outcome
from cisim.show.charts.bars import Bar, draw_bars
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import Sheet
from cisim.show.charts.ink import Theme
from cisim.show.charts.series import outcome_shown
from cisim.show.language.texts import say

_NEEDED = ("component", "outcome", "n", "worth", "low", "high", "missed")


def worth(
    table: pd.DataFrame,
    outcome: str | Outcome,
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
) -> Chart:
    """Return a bar with its interval for each component of a table of `cisim.lab.ablation.worth`.

    names : what people call the components

    Raises InputError if a column is missing, or there is no row of that outcome.
    """
    what = outcome_shown(outcome)
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise InputError(f"charts: the table has no column {missing[0]}; allowed is what worth().")
    rows = table[table["outcome"] == what.name]
    if rows.empty:
        raise InputError(f"charts: the table has no row of {what.name}.")
    called = [str((names or {}).get(name, name)) for name in rows["component"]]
    numbers = rows[["worth", "low", "high"]].to_numpy(np.float64) * what.factor
    heading = title or say("charts.worth", outcome=what.title)
    sheet = Sheet(heading, what.words, theme, width)
    sheet.y += 14
    said = draw_bars(
        sheet,
        [Bar(name, *three) for name, three in zip(called, numbers.tolist(), strict=True)],
        what.apart,
    )
    several = int(rows["n"].max()) > 1
    notes = [
        say("charts.worth_several", level=LEVEL * 100) if several else say("charts.worth_one"),
        say("charts.worth_alone"),
    ]
    shown = pd.DataFrame(
        {
            "component": called,
            "mean": numbers[:, 0],
            "low": numbers[:, 1],
            "high": numbers[:, 2],
            "missed": rows["missed"].to_numpy(),
            "futures": rows["n"].to_numpy(),
        }
    )
    return sheet.finish(
        "worth",
        Numbers(shown, what.apart, ("mean", "low", "high"), factor=what.factor, signed=True),
        notes=notes,
        footer=footer,
        summary=say("charts.worth_said", heading=heading, said="; ".join(said)),
        series=1,
    )
