"""What the result hangs on: the weakest assumption, effort_half at three values, the evidence."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from cisim.lab.comparison import Comparison
from cisim.lab.value import NEEDED, break_even
from cisim.model.literature import SOURCES
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.show.charts.words import listed
from cisim.show.findings import ahead, outcome_effect, say
from cisim.show.report.case import MAIN, Case, mean_end
from cisim.show.scenario_in_words import grade
from cisim.world.notes import notes as notes_on
from cisim.world.unheld import unheld_in_words

EFFORT_HALF = (0.5, 1.0, 3.0)
"""The values of effort_half that stand beside each other."""
WEAKEST = ("own_value", "effort_half", "wb_max")
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
    return [
        say(
            "*The weakest assumption is what an hour of own service is worth against a joint "
            "hour.* The model holds it in one ratio, π = own_value × effort_half / wb_max = "
            "{} × {} / {} = {}. No source measures it; within what may be believed of the "
            "three it reaches from {} to {}. The table of break-even, in the appendix, says where "
            "the answer turns.",
            f"{p.own_value:g}", f"{p.effort_half:g}", f"{p.wb_max:g}", f"{pi:.3g}",
            f"{own_low * half_low / most_high:.2g}", f"{own_high * half_high / most_low:.2g}",
        ),
        say(
            "effort_half is the joint time that gives half of what joint work could ever give: "
            "{} FTE for 1,000 children here. The best evaluated programme of the kind points "
            "to 3, so the same comparison was run at {}.",
            f"{p.effort_half:g}", listed([f"{value:g}" for value in sorted(case.by_half)]),
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
        "value": f"{value:g}",
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
    found: dict[str, list[str]] = {}
    for column in columns:
        if column["best"]:
            who = f"best off with {case.short[column['best']]}"
        else:
            one, other = (case.short[name] for name in column["first"])
            who = f"as well off with {one} as with {other}, as far as can be told,"
        found.setdefault(who, []).append(column["value"])
    parts = [f"{who} at effort_half {listed(values)}" for who, values in found.items()]
    said = [f"Children are {listed(parts)}."]
    first, last = columns[0], columns[-1]
    for row, name in enumerate(case.others):
        here, there = first["cells"][row]["cell"], last["cells"][row]["cell"]
        if first["best"] == name and first is not last and here.apart == there.apart:
            said.append(
                f"The difference of {case.short[name]} from {case.short[case.base]} is about "
                f"{here.apart} points at {first['value']} and at {last['value']}."
            )
        elif first["best"] == name and first is not last:
            said.append(
                f"The difference of {case.short[name]} from {case.short[case.base]} goes "
                f"from {here.apart} points at {first['value']} to {there.apart} at "
                f"{last['value']}."
            )
        for column in columns:
            cell = column["cells"][row]["cell"]
            if not cell.distinct:
                said.append(
                    f"At {column['value']}, {case.short[name]} beside "
                    f"{case.short[case.base]}: {cell.verdict}."
                )
            elif not cell.better:
                said.append(
                    f"At {column['value']} children are worse off with {case.short[name]} "
                    f"than with {case.short[case.base]}: {cell.count}."
                )
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
        values = {f"{getattr(s.parameters, name):g}": None for s in case.chosen.values()}
        used = " or ".join(values)
        if name in changed:
            used += f" (default {one.default:g})"
        plausible = "–" if one.plausible is None else "{:g} to {:g}".format(*one.plausible)
        rows.append(
            {
                "name": name,
                "meaning": one.meaning,
                "unit": "" if one.unit == "–" else one.unit,
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
        for note in (*notes_on(scenario), *unheld_in_words(scenario.structure, scenario.events)):
            about.setdefault(note, []).append(case.short[name])
    told = [f"{listed(titles)}: {note}" for note, titles in about.items()]
    return told + [str(one) for one in case.comparison.outside]


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
