"""Effect, cost and break-even, in tables."""

from __future__ import annotations

import math
from typing import Any

from cisim.lab.value import EXCLUSION_SEK, ITEMS
from cisim.model.outcomes import find_outcome
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import listed
from cisim.show.findings import (
    even_words,
    exclusions,
    fte,
    minus,
    money,
    outcome_effect,
    per_children,
    signed_fte,
    social_return,
)
from cisim.show.findings import span as between
from cisim.show.report.case import LEVELS, MAIN, Case
from cisim.show.tables import number

_DIRECTIONS = {"higher": "higher is better", "lower": "lower is better", "": ""}


def effects(case: Case) -> list[dict[str, Any]]:
    levels = {
        **LEVELS,
        "Goals": tuple(n for n in case.goals if n not in sum(LEVELS.values(), ())),
    }
    groups = []
    for level, names in levels.items():
        rows = []
        for name in names:
            effect = case.effect[name]
            parts = (effect.unit, _DIRECTIONS[effect.what.better])
            rows.append(
                {
                    "name": name,
                    "title": outcome_shown(name).title,
                    "words": find_outcome(name).words,
                    "unit": ", ".join(part for part in parts if part),
                    "cells": [effect.cells[scenario] for scenario in case.chosen],
                }
            )
        if rows:
            groups.append({"level": level, "rows": rows})
    return groups


def regions(case: Case) -> dict[str, Any] | None:
    """Return the main differences by region, where regions were kept."""
    first = case.comparison.ensembles[case.base]
    if len(first.regions) == 1:
        return None
    rows = []
    for region in first.regions[:-1]:
        effect = outcome_effect(case.comparison, MAIN, region=region)
        rows.append({"name": region, "cells": [effect.cells[name] for name in case.others]})
    return {"heads": [case.short[name] for name in case.others], "rows": rows}


def pairing(case: Case) -> str:
    """Return what sharing futures has saved of the differences' variance, whatever it is."""
    cells = case.effect[MAIN].cells
    parts = [
        f"{minus(number(100 * cells[name].saved, 0))}\u00a0% for {case.short[name]}"
        for name in case.others
        if math.isfinite(cells[name].saved)
    ]
    if not parts:
        return ""
    return (
        f"Sharing luck between scenarios has reduced the variance of the differences in "
        f"children's wellbeing by {listed(parts)}; 0 % would be no gain over independent runs."
    )


def costs(case: Case) -> dict[str, Any]:
    rows = []
    for item, words in ITEMS.items():
        cells = []
        for name in case.chosen:
            row = case.cost[name, item]
            more = "" if math.isnan(row["more"]) else signed_fte(row["more"])
            cells.append(
                {
                    "mean": fte(row["mean"]),
                    "between": between(fte(row["low"]), fte(row["high"])),
                    "more": more,
                    "money": case.costs_said(name, item),
                }
            )
        part = item in ("sponsors", "meetings")
        rows.append({"words": words, "part": part, "cells": cells})
    return {"heads": list(case.short.values()), "rows": rows}


def breaking_even(case: Case) -> dict[str, Any]:
    found = [case.breaks[name] for name in case.others]
    each = money(case.price.exclusion, case.price.currency)
    linked = (
        f"Value by cost, both as differences, if one point of wellbeing prevents "
        f"{case.price.prevented or 0:g} lasting exclusions among 1,000 children, as entered."
    )
    rows = {
        f"Lasting exclusions to prevent: how many pay for all costs, at {each} each.": [
            exclusions(one.exclusions) for one in found
        ],
        "The same, of 100,000 children.": [
            per_children(one.exclusions, case.children) for one in found
        ],
        "Lasting exclusions that pay for the external money alone.": [
            exclusions(one.external) for one in found
        ],
        "Worth of own services at which children are as well off as without: own_value, points "
        "of wellbeing for a full-time year and 1,000 children.": [
            even_words(one.own_value) for one in found
        ],
        "The same as π = own_value × effort_half / wb_max.": [
            even_words(one.pi_even) for one in found
        ],
        "The same π if the external money had paid for own services instead.": [
            even_words(one.pi_money) for one in found
        ],
    }
    if case.price.prevented is not None:
        rows[f"Social return. {linked}"] = [social_return(one) for one in found]
    return {"heads": [case.short[name] for name in case.others], "rows": rows.items()}


_WHOSE = {"individual": "Children", "partner": "Partners", "society": "Society"}


def three_levels(case: Case) -> dict[str, Any]:
    """Return who gains and who forgoes what: a group for each level, a row for each item."""
    groups: list[dict[str, Any]] = []
    for (level, side), rows in case.values.groupby(["level", "side"], sort=False):
        lines = []
        for item, found in rows.groupby("item", sort=False):
            cells = {str(one.scenario): _apart(one) for one in found.itertuples()}
            first = found.iloc[0]
            words = f"{first['words'][0].upper()}{first['words'][1:]}"
            lines.append(
                {
                    "name": item,
                    "words": words,
                    "unit": first["unit"],
                    "cells": [cells.get(name, ("–", "")) for name in case.others],
                }
            )
        groups.append({"head": f"{_WHOSE[str(level)]}: {side}", "rows": lines})
    return {"heads": [case.short[name] for name in case.others], "groups": groups}


def _apart(row: Any) -> tuple[str, str]:
    """Return a difference and its interval, with as many digits as its size asks for."""
    large = max(abs(row.mean), abs(row.low), abs(row.high))
    decimals = 0 if large >= 1000 else 1 if large >= 10 else 2
    mean, low, high = (minus(number(one, decimals)) for one in (row.mean, row.low, row.high))
    return mean, f"{low} to {high}"


def priced(case: Case) -> str:
    price = case.price
    text = (
        f"A full-time year is priced at {price.currency} {price.fte_cost:,.0f} where its payer "
        f"has no price of its own. A lasting exclusion costs SEK {EXCLUSION_SEK / 1e6:g} "
        f"million (R21), which is "
        f"{money(price.exclusion, price.currency)} at SEK {price.sek:g} for one "
        f"{price.currency}; that rate and the price of a year are set by whoever runs this, "
        f"they are no quotation of a day."
    )
    if price.prevented is None:
        text += (
            " A social return as a ratio is not shown: nothing measured says how many lasting "
            "exclusions a point of wellbeing prevents. Whoever can say it enters it."
        )
    return text
