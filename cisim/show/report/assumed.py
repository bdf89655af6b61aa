"""What the result hangs on: the weakest assumption, effort_half at three values, the evidence."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from cisim.lab.comparison import Comparison
from cisim.lab.value import NEEDED, break_even, ratios_of_belief
from cisim.model.literature import SOURCES
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.show.charts.words import listed
from cisim.show.findings import ahead, outcome_effect
from cisim.show.language.facts import fact, unit_in_words
from cisim.show.language.forms import localised
from cisim.show.language.marked import marked
from cisim.show.language.texts import say
from cisim.show.notes_in_words import notes_in_words
from cisim.show.report.case import MAIN, Case, mean_end, nine_in_ten
from cisim.show.scenario_in_words import grade
from cisim.show.told import told

EFFORT_HALF = (Parameters().effort_half, 1.0, 3.0)
"""The values of effort_half that stand beside each other."""
HALF = "effort_half"
WEAKEST = ("own_value", HALF, "wb_max")
TOP = (*WEAKEST, "solo_quality", "lead_share", "ces_rho", "reach_gap", "wb_delay", "turnover")
"""Parameters whose evidence is always shown: what decides results first."""
ALWAYS = ("V20", "K26", "R21")
"""Sources whose authors' stake is always told."""


def weakest(case: Case) -> list[Markup]:
    p = case.chosen[case.base].parameters
    declared = declarations(Parameters)
    plausible = [declared[name].plausible or (math.nan, math.nan) for name in WEAKEST]
    (own_low, own_high), (half_low, half_high), (most_low, most_high) = plausible
    pi = p.own_value * p.effort_half / p.wb_max
    first = case.comparison.ensembles[case.base]
    held, of_half = (nine_in_ten(of) for of in (ratios_of_belief(first), first.parameter(HALF)))
    values = listed([localised(f"{value:g}") for value in sorted(case.by_half)])
    said = {
        "own": p.own_value, "half": p.effort_half, "most": p.wb_max, "pi": pi,
        "low": own_low * half_low / most_high, "high": own_high * half_high / most_low,
    }  # fmt: skip
    return [
        marked("report.assumed.weakest", **said)
        if held is None
        else marked("report.assumed.weakest_believed", from_=held[0], to=held[1], **said),
        marked("report.assumed.effort", half=p.effort_half, values=values)
        if of_half is None
        else marked(
            "report.assumed.effort_believed", low=of_half[0], high=of_half[1], values=values
        ),
    ]  # fmt: skip


def halves(case: Case) -> dict[str, Any] | None:
    """Return the comparison at other values of effort_half, None if there is none."""
    columns = [
        _half(case, value, one)
        for value, one in sorted(case.by_half.items())
        if one.names == case.comparison.names and one.futures.size and _has_costs(one)
    ]
    if not columns:
        return None
    return {
        "heads": columns,
        "rows": [
            {"title": case.short[name], "cells": [column["cells"][at] for column in columns]}
            for at, name in enumerate(case.others)
        ],
        "said": _halves_said(case, columns),
    }


def _half(case: Case, value: float, one: Comparison) -> dict[str, Any]:
    """Return a column: the comparison at one value of effort_half."""
    effect = outcome_effect(one, MAIN)
    breaks = {found.scenario: found.own_value for found in break_even(one, case.price)}
    order = sorted(case.chosen, key=lambda name: -mean_end(one, name))
    lead = outcome_effect(one, MAIN, against=order[1]).cells[order[0]]
    return {
        "value": localised(f"{value:g}"),
        "own": case.beliefs is None
        and all(s.parameters.effort_half == value for s in case.chosen.values()),
        "futures": int(one.futures.size),
        "best": order[0] if lead.distinct else "",
        "first": order[:2],
        "cells": [
            {"cell": effect.cells[name], "even": ahead(breaks[name])} for name in case.others
        ],
    }


def _halves_said(case: Case, columns: list[dict[str, Any]]) -> list[str]:
    """Return who is best at which value, how the largest difference shrinks, who loses."""
    found: dict[tuple[str, ...], list[str]] = {}
    for column in columns:
        who = (column["best"],) if column["best"] else tuple(column["first"])
        found.setdefault(who, []).append(column["value"])
    parts = [
        say("report.assumed.best_with", who=case.short[who[0]], values=listed(values))
        if len(who) == 1
        else say(
            "report.assumed.as_well",
            one=case.short[who[0]], other=case.short[who[1]], values=listed(values),
        )
        for who, values in found.items()
    ]  # fmt: skip
    said = [say("report.assumed.children", parts=listed(parts))]
    first, last = columns[0], columns[-1]
    for row, name in enumerate(case.others):
        names = {"who": case.short[name], "base": case.short[case.base]}
        here, there = first["cells"][row]["cell"], last["cells"][row]["cell"]
        if first["best"] == name and first is not last:
            ends = {"first": first["value"], "last": last["value"]}
            if here.apart == there.apart:
                said.append(say("report.assumed.stays", apart=here.apart, **ends, **names))
            else:
                said.append(
                    say("report.assumed.goes", here=here.apart, there=there.apart, **ends, **names)
                )
        for column in columns:
            cell = column["cells"][row]["cell"]
            at = {"value": column["value"], **names}
            if not cell.distinct:
                said.append(say("report.assumed.unclear_at", verdict=cell.verdict, **at))
            elif not cell.better:
                said.append(say("report.assumed.worse_at", count=cell.count, **at))
    return said


def _changed(case: Case) -> list[str]:
    """Return the parameters that some scenario changes from its default."""
    known = Parameters.model_fields
    return [
        name for name in known
        if any(name in scenario.differs for scenario in case.chosen.values())
    ]  # fmt: skip


def assumptions(case: Case) -> list[dict[str, str]]:
    declared = declarations(Parameters)
    changed = _changed(case)
    rows = []
    for name in dict.fromkeys([*WEAKEST, *changed, *TOP]):
        one = declared[name]
        used, *others = dict.fromkeys(
            localised(f"{getattr(s.parameters, name):g}") for s in case.chosen.values()
        )
        for other in others:
            used = say("report.assumed.used_or", one=used, other=other)
        held = nine_in_ten(case.comparison.ensembles[case.base].parameter(name))
        if held is not None:
            used = say("report.assumed.used_believed", low=held[0], high=held[1])
        if name in changed:
            used = say("report.assumed.used_default", used=used, default=one.default)
        low, high = (localised(f"{end:g}") for end in one.plausible or (math.nan, math.nan))
        plausible = "–" if one.plausible is None else say("charts.between", low=low, high=high)
        rows.append(
            {
                "name": name,
                "meaning": fact("meanings", name, one.meaning),
                "unit": "" if one.unit == "–" else unit_in_words(one.unit),
                "used": used,
                "plausible": plausible,
                "grade": grade(one),
                "evidence": one.evidence.words,
            }
        )
    return rows


def notes(case: Case) -> list[str]:
    """Return what should be known about the scenarios' money and limits, the functions that nobody
    holds, and what left its scale.
    """
    about: dict[str, list[str]] = {}
    for name, scenario in case.chosen.items():
        for note in notes_in_words(scenario):
            about.setdefault(note, []).append(case.short[name])
    said = [
        say("report.assumed.note", who=listed(titles), note=note) for note, titles in about.items()
    ]
    return said + [told(one.words) for one in case.comparison.outside]


def sources(case: Case) -> list[dict[str, str]]:
    declared = declarations(Parameters)
    named = {declared[row["name"]].evidence.source for row in assumptions(case)}
    named |= {*ALWAYS}
    return [
        {"name": name, "reference": one.reference, "stake": one.stake, "read": one.read}
        for name, one in SOURCES.items()
        if name in named
    ]


def _has_costs(comparison: Comparison) -> bool:
    """Return whether everything was kept that costs and break-even are made of."""
    return all(
        set(NEEDED) <= set(one.outcomes) and one.months.size == one.scenario.months + 1
        for one in comparison.ensembles.values()
    )
