"""Effect, cost and break-even, in tables."""

from __future__ import annotations

import math
from typing import Any

from cisim.lab.value import EXCLUSION_SEK, ITEMS
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
from cisim.show.language.facts import OUTCOMES, fact, unit_in_words
from cisim.show.language.texts import say
from cisim.show.places_in_words import place
from cisim.show.report.case import LEVELS, MAIN, Case
from cisim.show.tables import number


def effects(case: Case) -> list[dict[str, Any]]:
    levels = {
        **LEVELS,
        "goals": tuple(n for n in case.goals if n not in sum(LEVELS.values(), ())),
    }
    groups = []
    for level, names in levels.items():
        rows = []
        for name in names:
            effect = case.effect[name]
            direction = effect.what.better
            rows.append(
                {
                    "name": name,
                    "title": outcome_shown(name).title,
                    "words": OUTCOMES[name].words,
                    "unit": say(
                        "report.pays.with_direction",
                        unit=effect.unit,
                        direction=say(f"charts.{direction}"),
                    )
                    if direction and effect.unit
                    else say(f"charts.{direction}")
                    if direction
                    else effect.unit,
                    "cells": [effect.cells[scenario] for scenario in case.chosen],
                }
            )
        if rows:
            groups.append({"level": say(f"report.pays.{level}"), "rows": rows})
    return groups


def regions(case: Case) -> dict[str, Any] | None:
    """Return the main differences by region, where regions were kept."""
    first = case.comparison.ensembles[case.base]
    if len(first.regions) == 1:
        return None
    rows = []
    for region in first.regions[:-1]:
        effect = outcome_effect(case.comparison, MAIN, region=region)
        rows.append({"name": place(region), "cells": [effect.cells[name] for name in case.others]})
    return {"heads": [case.short[name] for name in case.others], "rows": rows}


def pairing(case: Case) -> str:
    """Return what sharing futures has saved of the differences' variance, whatever it is."""
    cells = case.effect[MAIN].cells
    parts = [
        say(
            "report.pays.saved_of",
            share=minus(number(100 * cells[name].saved, 0)),
            who=case.short[name],
        )
        for name in case.others
        if math.isfinite(cells[name].saved)
    ]
    return say("report.pays.saved", parts=listed(parts)) if parts else ""


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
        rows.append({"words": fact("cost_items", item, words), "part": part, "cells": cells})
    return {"heads": list(case.short.values()), "rows": rows}


def breaking_even(case: Case) -> dict[str, Any]:
    found = [case.breaks[name] for name in case.others]
    each = money(case.price.exclusion, case.price.currency)
    rows = {
        say("report.pays.exclusions", each=each): [exclusions(one.exclusions) for one in found],
        say("report.pays.of_children"): [
            per_children(one.exclusions, case.children) for one in found
        ],
        say("report.pays.external"): [exclusions(one.external) for one in found],
        say("report.pays.own_value"): [even_words(one.own_value) for one in found],
        say("report.pays.pi_even"): [even_words(one.pi_even) for one in found],
        say("report.pays.pi_money"): [even_words(one.pi_money) for one in found],
    }
    if case.price.prevented is not None:
        linked = say("report.pays.linked", prevented=case.price.prevented)
        rows[linked] = [social_return(one) for one in found]
    return {"heads": [case.short[name] for name in case.others], "rows": rows.items()}


def three_levels(case: Case) -> dict[str, Any]:
    """Return who gains and who forgoes what: a group for each level, a row for each item."""
    groups: list[dict[str, Any]] = []
    for (level, side), rows in case.values.groupby(["level", "side"], sort=False):
        lines = []
        for item, found in rows.groupby("item", sort=False):
            cells = {str(one.scenario): _apart(one) for one in found.itertuples()}
            first = found.iloc[0]
            words = fact("value_items", str(item), first["words"])
            words = f"{words[:1].upper()}{words[1:]}"
            lines.append(
                {
                    "name": item,
                    "words": words,
                    "unit": first["unit"] if item == "paid" else unit_in_words(first["unit"]),
                    "cells": [cells.get(name, ("–", "")) for name in case.others],
                }
            )
        groups.append({"head": say(f"report.pays.{level}_{side}"), "rows": lines})
    return {"heads": [case.short[name] for name in case.others], "groups": groups}


def _apart(row: Any) -> tuple[str, str]:
    """Return a difference and its interval, with as many digits as its size asks for."""
    large = max(abs(row.mean), abs(row.low), abs(row.high))
    decimals = 0 if large >= 1000 else 1 if large >= 10 else 2
    mean, low, high = (minus(number(one, decimals)) for one in (row.mean, row.low, row.high))
    return mean, say("charts.between", low=low, high=high)


def priced(case: Case) -> str:
    price = case.price
    said = say(
        "report.pays.prices",
        currency=price.currency,
        fte_cost=price.fte_cost,
        kronor=EXCLUSION_SEK / 1e6,
        exclusion=money(price.exclusion, price.currency),
        sek=price.sek,
    )
    return said if price.prevented is not None else f"{said} {say('report.pays.no_return')}"
