"""What follows for each scenario: effect, gap, cost and what would turn it; goals and harm."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import listed
from cisim.show.counted import plural
from cisim.show.findings import even_value, exclusions, fte, rounded, say
from cisim.show.report.case import MAIN, Case
from cisim.show.report.markup import chip
from cisim.show.tables import nothing


def harmed(case: Case) -> list[Markup]:
    """Return in how many futures children end up worse off than in the ordinary world."""
    parts = [
        f"{count} of {plural(n, 'future')} with {case.short[name]}"
        for name in case.chosen
        for count, n in [_below(case, name)]
        if count
    ]
    if not parts:
        return []
    return [say("Children end up worse off than in the ordinary world in {}.", listed(parts))]


def _below(case: Case, name: str) -> tuple[int, int]:
    values = case.comparison.ensembles[name].at(MAIN)
    values = values[np.isfinite(values)]
    return int((values < 0).sum()), int(values.size)


def reached(case: Case, name: str, goal: float) -> Markup:
    """Return in how many futures a goal is reached."""
    effect = case.effect[name]
    lower = effect.what.better == "lower"
    counts = []
    for scenario, ensemble in case.comparison.ensembles.items():
        values = ensemble.at(name)
        values = values[np.isfinite(values)]
        reached = int((values <= goal if lower else values >= goal).sum())
        counts.append(f"{reached} of {plural(values.size, 'future')} with {case.short[scenario]}")
    unit = effect.what.unit
    return say(
        "*Goal:* {} of at {} {} {}, {}, is reached in {}.",
        outcome_shown(name).title,
        "most" if lower else "least",
        f"{goal * effect.what.factor:.6g}",
        unit,
        case.after,
        listed(counts),
    )


def findings(case: Case) -> list[dict[str, Any]]:
    """Return what follows for each scenario against the first, by heading."""
    return [
        {
            "chip": chip(at),
            "title": case.short[name],
            "said": [
                ("Effect", _effect_said(case, name)),
                ("Gap", gap_said(case, name)),
                ("Cost", _cost_said(case, name)),
                ("Pays", pays_said(case, name)),
                turns_said(case, name),
            ],
        }
        for at, name in enumerate(case.others, start=1)
    ]


def _effect_said(case: Case, name: str) -> Markup:
    effect, base = case.effect[MAIN], case.short[case.base]
    cell = effect.cells[name]
    difference = f"{cell.apart} {effect.apart_unit} ({cell.between})"
    if cell.distinct:
        return say(
            "{} children's wellbeing is *{}* than with {}, on average {}.",
            case.after[:1].upper() + case.after[1:],
            cell.count,
            base,
            difference,
        )
    if cell.says_something:
        return say(
            "{} children's wellbeing *{}* from that with {}: {}, on average {}.",
            case.after[:1].upper() + case.after[1:],
            cell.verdict,
            base,
            cell.count,
            difference,
        )
    return say("Children's wellbeing {}, beside {}: {}.", case.after, base, cell.verdict)


def gap_said(case: Case, name: str) -> Markup:
    """Return what becomes of the gap between communities."""
    effect = case.effect["gap_primary"]
    cell = effect.cells[name]
    if not cell.distinct:
        return say("Between deprived and affluent communities: {}.", cell.verdict)
    return say(
        "Between deprived and affluent communities it is {}: {}, on average {} {} ({}).",
        "narrower" if cell.better else "wider",
        cell.count,
        cell.apart,
        effect.apart_unit,
        cell.between,
    )


def _cost_said(case: Case, name: str) -> Markup:
    parts = []
    for item, words in (("external", "external money"), ("own", "own services")):
        more = case.cost[name, item]["more"]
        cost = case.costs_said(name, item, case.base, more)
        years, word = fte(abs(more)), "more" if more >= 0 else "less"
        if nothing(years):
            parts.append(f"about as much of {words}")
        else:
            parts.append(f"{years} FTE-years {word} of {words} ({cost})")
    return say("Over {} it takes {}.", case.horizon, listed(parts))


def pays_said(case: Case, name: str) -> Markup:
    """Return what would have to be prevented for it to pay."""
    cell, needed = case.effect[MAIN].cells[name], case.breaks[name].exclusions
    gains, loses = cell.distinct and cell.better, cell.distinct and not cell.better
    if needed[0] > 0 and gains:
        return say(
            "If it prevents at least {} lasting exclusions among the {} children.",
            exclusions(needed),
            f"{rounded(case.children):,.0f}",
        )
    cost = "It costs more" if needed[0] > 0 else "Taken together it costs no more"
    children = "gain" if gains else "lose by it" if loses else "are not shown to gain"
    return say("{}, and children {}.", cost, children)


def turns_said(case: Case, name: str) -> tuple[str, Markup]:
    """Return at which worth of own services the effect turns round, with its heading."""
    found, cell = case.breaks[name].own_value, case.effect[MAIN].cells[name]
    heading = "Holds if" if cell.distinct and cell.better else "Turns if"
    if found.side in ("below", "above"):
        holds = heading == "Holds if"
        return heading, say(
            "{}full-time year of own services for 1,000 children is worth {} than {} points "
            "of wellbeing. {} was assumed, and nobody has measured it.",
            "A " if holds else "Children are better off with it if a ",
            "less" if found.side == "below" else "more",
            even_value(found),
            f"{case.chosen[name].parameters.own_value:g}",
        )
    if found.side == "always":
        return heading, say("Joint work works as assumed. It takes no time from own services.")
    if found.side == "never":
        return heading, say("Never: children lose by it, whatever own services are worth.")
    return heading, say("Luck alone could turn it round; more futures would tell.")


def scale(case: Case) -> str:
    p = case.chosen[case.base].parameters
    return (
        f"For scale: wellbeing is an index from 0 to 100, and a community without deprivation "
        f"starts {p.wellbeing_deprivation:g} points above a wholly deprived one. Gains are "
        f"counted from the ordinary world, in which organisations go on as before. FTE means "
        f"full-time equivalent, one person's working time."
    )
