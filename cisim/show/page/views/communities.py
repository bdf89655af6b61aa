"""Who gains and who loses: each community at the end, as a chart of tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.gains import WELLBEING, gains
from cisim.show import charts
from cisim.show.charts.ink import coloured
from cisim.show.counted import after
from cisim.show.page.address.look import Look
from cisim.show.page.outcomes import MOST_COMMUNITIES
from cisim.show.page.views.colours import places
from cisim.show.page.views.compare import titles
from cisim.show.page.views.pictures import Origin, card, file_name, made_from
from cisim.show.page.words import say

HEADS = (
    "scenario", "against", "region", "community", "children", "deprivation",
    "mean", "low", "high", "gains", "loses", "equal", "n",
)  # fmt: skip
"""Columns of the file, those of `cisim compare --by-community`."""


def told(ensembles: Sequence[Ensemble]) -> dict[str, Any]:
    """Return what is said before the chart is asked for, and whether there can be one."""
    first = ensembles[0].scenario
    when = after(first.months, first.calendar)
    there = all(one.communities is not None for one in ensembles)
    if there:
        base = titles([one.scenario for one in ensembles])[first.name]
        said = say("compare.gains_words", when=when, base=base)
    else:
        many, most = f"{first.world.community_count:,}", f"{MOST_COMMUNITIES:,}"
        said = say("compare.gains_many", many=many, most=most)
    return {"words": said, "there": there}


def tiles(look: Look, ensembles: Sequence[Ensemble], width: int = 640) -> dict[str, Any]:
    """Return the chart of what each community gains over the first scenario, at the horizon.

    width : of the chart (px)
    """
    origin, first = Origin.of(ensembles), ensembles[0].scenario
    named = titles([one.scenario for one in ensembles])
    found = gains(Comparison({one.name: one for one in ensembles}))
    with coloured(places(look, [one.name for one in ensembles])):
        drawn = charts.tiles(
            found,
            names=named,
            when=after(first.months, first.calendar),
            theme="light",
            width=width,
            footer=origin.words,
        )
    filed = found.assign(
        scenario=found["scenario"].map(named), against=found["against"].map(named)
    )[list(HEADS)].astype(object)
    csv = made_from(list(HEADS), filed.to_numpy().tolist(), origin)
    shown = card(drawn, "compare", replace(look, outcome=WELLBEING, region=OVERALL), origin, csv)
    return {**shown, "file": f"{file_name('compare', 'communities')}-{origin.key}"}
