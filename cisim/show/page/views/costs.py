"""What each scenario costs beside its effect, and at what it pays (cisim.lab.value)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.value import EXCLUSION_SEK, BreakEven, Item, Prices, break_even
from cisim.lab.value import costs as accounted
from cisim.show.charts.series import outcome_shown
from cisim.show.counted import after, span
from cisim.show.findings import fte, minus
from cisim.show.language.forms import localised
from cisim.show.page.address.look import Look, month_of
from cisim.show.page.views.compare import titles
from cisim.show.page.views.pictures import finite
from cisim.show.page.words import say
from cisim.world.scenario import Scenario

COSTS: dict[Item, str] = {
    "external": "external",
    "sponsors": "sponsors",
    "own": "own",
    "total": "together",
}
"""What is shown of costs: the item of cisim.lab.value, and its head."""


def costs(look: Look, ensembles: Sequence[Ensemble], prices: Prices) -> dict[str, Any]:
    """Return cost beside effect, and at what each scenario pays (cisim.lab.value)."""
    comparison = Comparison({one.name: one for one in ensembles})
    named = titles([one.scenario for one in ensembles])
    what = outcome_shown(look.outcome)
    even = {one.scenario: one for one in break_even(comparison, prices)}
    table = accounted(comparison).to_dict("records")
    years: dict[tuple[str, str], float] = {
        (row["scenario"], row["item"]): row["mean"] for row in table
    }
    base = named[ensembles[0].name]
    rows = []
    for one in ensembles:
        effect = finite(one.at(look.outcome, month_of(look), look.region))
        rows.append(
            [
                named[one.name],
                *(_cost(years[one.name, item], prices) for item in COSTS),
                "–" if not effect.size else localised(minus(f"{effect.mean() * what.factor:.3g}")),
                _exclusions(even.get(one.name), base),
                _own_value(even.get(one.name)),
            ]
        )
    where = "" if look.region == OVERALL else f", {look.region}"
    first = ensembles[0].scenario
    effect_head = say(
        "compare.effect", outcome=f"{what.title}{where}", when=after(month_of(look), first.calendar)
    )
    heads = [
        say("compare.scenario"),
        *(say(f"compare.{words}") for words in COSTS.values()),
        f"{effect_head} ({what.unit})" if what.unit else effect_head,
        say("compare.break_even"),
        say("compare.own_value"),
    ]
    notes = [
        say("compare.external_words"),
        say(
            "compare.exclusion_words",
            base=base,
            each=localised(f"{prices.exclusion / 1e6:.3g}"),
            kronor=localised(f"{EXCLUSION_SEK / 1e6:g}"),
        ),
        say(
            "compare.own_value_words",
            base=base,
            believed=localised(f"{float(np.median(ensembles[0].parameter('own_value'))):.3g}"),
        ),
    ]
    notes[1:1] = [
        say("compare.sponsors_words", title=named[one.name])
        for one in ensembles
        if _only_sponsors(one.scenario) and years[one.name, "sponsors"] > 0.0
    ]
    words = say("compare.value_words", years=span(int(ensembles[0].months[-1])))
    return {"heads": heads, "rows": rows, "words": words, "notes": notes}


def _cost(years: float, prices: Prices) -> str:
    money = localised(f"{years * prices.fte_cost / 1e6:,.2f}")
    return say("compare.cost_words", money=minus(money), years=fte(years))


def _only_sponsors(scenario: Scenario) -> bool:
    """Return whether what is paid in a scenario can only be sponsors' money for joint work."""
    return not scenario.structure.pays and not scenario.events


def _exclusions(even: BreakEven | None, base: str) -> str:
    if even is None:
        return say("compare.break_even_base")
    middle, low, high = even.exclusions
    if not np.isfinite(middle):
        return "–"
    if high <= 0:
        return say("compare.break_even_none", base=base)
    return say(
        "compare.break_even_words",
        middle=localised(f"{middle:.1f}"),
        low=localised(f"{max(low, 0.0):.1f}"),
        high=localised(f"{high:.1f}"),
    )


def _own_value(even: BreakEven | None) -> str:
    """Return below which worth of own services children are better off with it."""
    if even is None:
        return say("compare.break_even_base")
    found = even.own_value
    if found.side in ("below", "above"):
        side = say(f"compare.{found.side}")
        ends = localised(f"{found.value:.2g} ({found.low:.2g} – {found.high:.2g})")
        return minus(f"{side} {ends}")
    return say(f"compare.{found.side}")
