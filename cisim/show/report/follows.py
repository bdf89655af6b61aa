"""What follows for each scenario: effect, gap, cost and what would turn it; goals and harm."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import listed
from cisim.show.findings import even_value, exclusions, fte, rounded
from cisim.show.language.forms import localised
from cisim.show.language.marked import marked
from cisim.show.language.texts import say
from cisim.show.report.case import MAIN, Case, nine_in_ten
from cisim.show.report.markup import chip
from cisim.show.tables import nothing


def harmed(case: Case) -> list[Markup]:
    """Return in how many futures children end up worse off than in the ordinary world."""
    parts = [
        say("report.follows.harmed_of", many=count, n=n, who=case.short[name])
        for name in case.chosen
        for count, n in [_below(case, name)]
        if count
    ]
    return [marked("report.follows.harmed", parts=listed(parts))] if parts else []


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
        counts.append(
            say(
                "report.follows.harmed_of",
                many=reached,
                n=int(values.size),
                who=case.short[scenario],
            )
        )
    return marked(
        "report.follows.goal_most" if lower else "report.follows.goal_least",
        outcome=outcome_shown(name).title,
        goal=localised(f"{goal * effect.what.factor:.6g}"),
        unit=effect.what.unit,
        after=case.after,
        parts=listed(counts),
    )


def findings(case: Case) -> list[dict[str, Any]]:
    """Return what follows for each scenario against the first, by heading."""
    return [
        {
            "chip": chip(at),
            "title": case.short[name],
            "said": [
                (say("report.follows.effect"), _effect_said(case, name)),
                (say("report.follows.gap"), gap_said(case, name)),
                (say("report.follows.cost"), _cost_said(case, name)),
                (say("report.follows.pays"), pays_said(case, name)),
                turns_said(case, name),
            ],
        }
        for at, name in enumerate(case.others, start=1)
    ]


def _effect_said(case: Case, name: str) -> Markup:
    effect, base = case.effect[MAIN], case.short[case.base]
    cell = effect.cells[name]
    after = case.after[:1].upper() + case.after[1:]
    difference = say(
        "report.follows.difference",
        apart=cell.apart, unit=effect.apart_unit, between=cell.between,
    )  # fmt: skip
    if cell.distinct:
        return marked(
            "report.follows.better",
            after=after, count=cell.count, base=base, difference=difference,
        )  # fmt: skip
    if cell.says_something:
        return marked(
            "report.follows.unclear", after=after, verdict=cell.verdict, base=base,
            count=cell.count, difference=difference,
        )  # fmt: skip
    return marked("report.follows.nothing", after=case.after, base=base, verdict=cell.verdict)


def gap_said(case: Case, name: str) -> Markup:
    """Return what becomes of the gap between communities."""
    effect = case.effect["gap_primary"]
    cell = effect.cells[name]
    if not cell.distinct:
        return marked("report.follows.gap_unclear", verdict=cell.verdict)
    return marked(
        "report.follows.gap_narrower" if cell.better else "report.follows.gap_wider",
        count=cell.count,
        apart=cell.apart,
        unit=effect.apart_unit,
        between=cell.between,
    )


def _cost_said(case: Case, name: str) -> Markup:
    parts = []
    for item in ("external", "own"):
        more = case.cost[name, item]["more"]
        cost = case.costs_said(name, item, case.base, more)
        years = fte(abs(more))
        how = "same" if nothing(years) else "more" if more >= 0 else "less"
        parts.append(say(f"report.follows.{how}_{item}", years=years, cost=cost))
    return marked("report.follows.takes", horizon=case.horizon, parts=listed(parts))


def pays_said(case: Case, name: str) -> Markup:
    """Return what would have to be prevented for it to pay."""
    cell, needed = case.effect[MAIN].cells[name], case.breaks[name].exclusions
    gains, loses = cell.distinct and cell.better, cell.distinct and not cell.better
    if needed[0] > 0 and gains:
        return marked(
            "report.follows.prevents", many=exclusions(needed), children=rounded(case.children)
        )
    cost = "more" if needed[0] > 0 else "no_more"
    children = "gain" if gains else "lose" if loses else "unclear"
    return marked(f"report.follows.{cost}_{children}")


def turns_said(case: Case, name: str) -> tuple[str, Markup]:
    """Return at which worth of own services the effect turns round, with its heading."""
    found, cell = case.breaks[name].own_value, case.effect[MAIN].cells[name]
    how = "holds" if cell.distinct and cell.better else "turns"
    heading = say(f"report.follows.{how}_if")
    if found.side in ("below", "above"):
        return heading, marked(
            f"report.follows.{how}_{found.side}",
            even=even_value(found),
            held=_worth_said(case, name),
        )
    if found.side == "always":
        return heading, marked("report.follows.always")
    if found.side == "never":
        return heading, marked("report.follows.turns_never")
    return heading, marked("report.follows.luck_alone")


def _worth_said(case: Case, name: str) -> str:
    """Return which worth of own services was assumed: one, or what futures believe of it."""
    held = nine_in_ten(case.comparison.ensembles[name].parameter("own_value"))
    if held is None:
        assumed = case.chosen[name].parameters.own_value
        return say("report.follows.worth_assumed", assumed=assumed)
    return say("report.follows.worth_believed", low=held[0], high=held[1])


def scale(case: Case) -> str:
    p = case.chosen[case.base].parameters
    return say("report.follows.scale", points=p.wellbeing_deprivation)
