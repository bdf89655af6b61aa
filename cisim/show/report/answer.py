"""The first page: what to do, how often that is right, what it hangs on, what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from cisim.lab.analyses.intervals import wilson
from cisim.lab.comparison import Comparison
from cisim.lab.hanging import FEWEST, asked_of, hangs_on
from cisim.lab.ladder import TEN, Step, ladder
from cisim.lab.leads import leads
from cisim.lab.robust import Robust
from cisim.lab.threshold import Threshold
from cisim.lab.value import EXCLUSION_SEK
from cisim.show.beliefs_in_words import allowed_in_words, turns_in_words
from cisim.show.findings import (
    Cell,
    exclusions,
    fte,
    minus,
    money,
    outcome_effect,
    rounded,
)
from cisim.show.language.forms import percent
from cisim.show.language.marked import marked
from cisim.show.language.texts import say
from cisim.show.report.case import MAIN, Case, in_order
from cisim.show.report.follows import gap_said, harmed, pays_said, reached, turns_said
from cisim.show.tables import decimals_for, number
from cisim.show.told import told
from cisim.world.beliefs import FromEnsembles

ANCHOR = 3.0
"""Where the best evaluated programme of the kind puts effort_half."""
_TIMES = (2.0, 3.0, 4.0, 6.0)
"""So many times is said in a word."""


def answer(case: Case) -> Markup:
    """Return what to do, the difference with its frequency, and what decides it: one sentence."""
    return marked("report.answer.line", chosen=_chosen(case), hangs=hangs(case))


def _chosen(case: Case) -> Markup:
    effect = case.effect[MAIN]
    cell = effect.cells[case.hero]
    size = marked(
        "report.answer.size", apart=cell.apart, unit=effect.apart_unit, between=cell.between
    )
    hero, base = case.titles[case.hero], case.titles[case.base]
    if not cell.distinct:
        found: str = cell.verdict
        if cell.says_something:
            found = marked("report.answer.and_size", verdict=cell.verdict, size=size)
        less = _cheaper(case, case.base)
        return marked(
            "report.answer.nothing_cheaper" if less else "report.answer.nothing",
            hero=hero, base=base, less=less, after=case.after, found=found,
        )  # fmt: skip
    if case.hero != case.best:
        return marked(
            "report.answer.stay",
            base=base, after=case.after, count=cell.count, hero=hero, size=size,
        )  # fmt: skip
    lead = marked("report.answer.lead", after=case.after, count=cell.count, base=base, size=size)
    rival = _beside_second(case)
    if rival is None or rival.distinct:
        return marked("report.answer.choose", hero=hero, lead=lead)
    less = _cheaper(case, case.second)
    return marked(
        "report.answer.choose_cheaper" if less else "report.answer.choose_either",
        hero=hero, second=case.titles[case.second], less=less, verdict=rival.verdict, lead=lead,
    )  # fmt: skip


def _beside_second(case: Case) -> Cell | None:
    """Return the best beside the second, None where that is the scenario all are compared with."""
    if case.base in (case.best, case.second):
        return None
    return outcome_effect(case.comparison, MAIN, against=case.second).cells[case.best]


def _cheaper(case: Case, other: str) -> str:
    """Return whichever of the hero and another costs less, "" if neither does."""
    costs = {name: fte(case.cost[name, "external"]["mean"]) for name in (case.hero, other)}
    if costs[case.hero] == costs[other]:
        return ""
    return case.titles[min(costs, key=lambda name: case.cost[name, "external"]["mean"])]


def hangs(case: Case) -> Markup:
    """Return what the answer hangs on, as the end of a sentence: where futures believe differently
    on what decides it, else on how effective joint work is.
    """
    if case.beliefs is not None:
        return _hangs_on_beliefs(case)
    own = case.chosen[case.base].parameters.effort_half
    others = {value: one for value, one in sorted(case.by_half.items()) if value != own}
    if not others:
        return marked("report.answer.not_looked")
    turned = {value: _leader(case, one) for value, one in others.items()}
    other = {value: who for value, who in turned.items() if who != _leader(case, case.comparison)}
    if not other:
        far = max(others, key=lambda value: abs(math.log(value / own)))
        cell = outcome_effect(others[far], MAIN).cells[case.hero]
        return marked("report.answer.stays_so", time=_time(far, own), apart=cell.apart)
    value, who = next(iter(other.items()))
    there = (
        marked("report.answer.is_best", who=case.titles[who]) if who
        else marked("report.answer.nobody_best")
    )  # fmt: skip
    return marked("report.answer.held", time=_time(value, own), there=there)


def _hangs_on_beliefs(case: Case) -> Markup:
    """Return which belief decides whether the best is better than the next, and how far."""
    pair = asked_of(case.comparison)
    assert pair is not None  # there are beliefs, and futures
    one, other = pair
    pairs = case.comparison.differences(MAIN, one, other)
    better, many = int((pairs.values > 0.0).sum()), int(pairs.values.size)
    lead = marked(
        "report.answer.better_than" if one == case.hero else "report.answer.best_better",
        other=case.short[other],
        better=better,
        n=many,
    )
    if many < FEWEST:
        return marked("report.answer.too_few", lead=lead)
    if better in (0, many):
        return marked("report.answer.whatever", lead=lead)
    table = hangs_on(case.comparison, one, other, many=1)
    row = table.iloc[0]
    if not row["clear"]:
        return marked("report.answer.no_belief", lead=lead)
    return marked(
        "report.answer.belief",
        lead=lead,
        parameter=str(row["parameter"]),
        low=percent(row["best_low"]),
        high=percent(row["best_high"]),
    )


def _time(value: float, own: float) -> str:
    """Return a value of effort_half in words, beside the one that is assumed."""
    ratio = value / own
    name = "times" if ratio > 1 else "less"
    if round(ratio, 6) in _TIMES:
        name += f"_{ratio:.0f}"
    anchor = "anchor_" if value == ANCHOR else ""
    return say(f"report.answer.{anchor}{name}", ratio=ratio, value=value)


def _leader(case: Case, one: Comparison) -> str:
    """Return who is best in a comparison, "" where the first two cannot be told apart."""
    first, second, *_ = in_order(one)
    lead = outcome_effect(one, MAIN, against=second).cells[first]
    return first if lead.distinct else ""


def also(case: Case) -> list[Markup]:
    """Return what must be known beside the answer: who comes next, goals, harm."""
    said = []
    rival = _beside_second(case)
    if rival is not None and rival.distinct and case.beliefs is None:
        said.append(
            marked(
                "report.answer.next",
                second=case.titles[case.second],
                count=rival.count,
                apart=rival.apart,
                unit=case.effect[MAIN].apart_unit,
                between=rival.between,
            )
        )
    said += [reached(case, name, goal) for name, goal in case.goals.items()]
    return said + harmed(case)


def worth(case: Case, uncertain: Robust | None) -> list[dict[str, Any]]:
    """Return a row for each scenario, the cheapest first: cost, points, and extra for extra."""
    found = _in_futures(case) if uncertain is None else _believed(uncertain)
    steps = ladder(case.comparison)
    decimals = decimals_for(step.gain for step in steps)
    return [
        {
            "title": case.short[step.scenario],
            "full": case.titles[step.scenario],
            "external": fte(step.external),
            "money": case.costs_said(step.scenario, "external"),
            "points": minus(number(step.gain, decimals)),
            "each": _each(step),
            "beside": _beside(case, step),
            **found.get(step.scenario, {"best": "", "harms": ""}),
        }
        for step in steps
    ]


def _each(step: Step) -> str:
    if not step.beside:
        return ""
    decimals = max(0, 1 - math.floor(math.log10(abs(step.each[0])))) if step.each[0] else 0
    mean, low, high = (minus(number(one, decimals)) for one in step.each)
    if not math.isfinite(step.each[1]):
        return f"+{mean}"
    return f"+{mean} ({say('charts.between', low=low, high=high)})"


def _beside(case: Case, step: Step) -> str:
    if step.beaten_by:
        return say("report.answer.beaten", by=case.short[step.beaten_by])
    if not step.beside:
        return say("report.answer.cheapest")
    return say("report.answer.for_more", more=fte(step.more), beside=case.short[step.beside])


def _in_futures(case: Case) -> dict[str, dict[str, str]]:
    """Return in what share of futures each is best, and does harm, where they believe differently.

    Harm is that children are worse off than in the ordinary world.
    """
    if case.beliefs is None:
        return {}
    comparison = case.comparison
    futures = comparison.futures
    ends = np.column_stack(
        [one.at(MAIN)[np.isin(one.seeds, futures)] for one in comparison.ensembles.values()]
    )
    best = leads(ends) > 0.0
    return {
        name: {
            "best": _share(int(best[:, s].sum()), futures.size),
            "harms": _share(int((ends[:, s] < 0.0).sum()), futures.size),
        }
        for s, name in enumerate(comparison.names)
    }


def _share(count: int, of: int) -> str:
    low, high = wilson(count, of)
    return say("report.answer.share", share=percent(count / of), low=100 * low, high=100 * high)


def _believed(uncertain: Robust) -> dict[str, dict[str, str]]:
    return {
        str(row["scenario"]): {
            "best": percent(row["best"] / row["of"]) if row["of"] else "–",
            "harms": percent(row["below_reference"]),
        }
        for row in uncertain.table().to_dict("records")
    }


def robust_said(case: Case, uncertain: Robust | None) -> Markup | None:
    """Return in one sentence how far the answer holds over all that may be believed."""
    if uncertain is None and case.beliefs is not None:
        mine = _in_futures(case)[case.hero]
        calibrated = isinstance(case.beliefs, FromEnsembles)
        said = marked(
            "report.answer.over_calibrated" if calibrated else "report.answer.over_believed",
            hero=case.short[case.hero], best=mine["best"], harms=mine["harms"],
        )  # fmt: skip
        pair = asked_of(case.comparison)
        beside = allowed_in_words(case.comparison, *pair, case.short) if pair is not None else ""
        return said + Markup(" ") + beside if beside else said
    if uncertain is None or not uncertain.worlds:
        return None
    table = uncertain.table().set_index("scenario")
    row = table.loc[case.hero]
    said = marked(
        "report.answer.over_worlds",
        n=uncertain.worlds, hero=case.short[case.hero], best=percent(row["best"] / row["of"]),
        harms=percent(row["below_reference"]),
    )  # fmt: skip
    deciding = uncertain.deciding(case.hero)
    clear = deciding[deciding["clear"]]
    if not len(clear):
        return said
    one = clear.iloc[0]
    return (
        said
        + Markup(" ")
        + marked(
            "report.answer.hangs_most",
            parameter=str(one["parameter"]),
            low=percent(one["best_low"]),
            high=percent(one["best_high"]),
        )
    )


def turning(case: Case, turns: Sequence[Threshold]) -> list[Markup]:
    """Return what would turn the answer round: what was searched for, then what costs tell."""
    heading, said = turns_said(case, case.hero)
    found = [escape(" ".join(map(told, one.sentences(case.short)[:-1]))) for one in turns]
    found += [escape(sentence) for sentence in turns_in_words(case.axes, case.short)]
    return [*found, marked("report.answer.turns_heading", heading=heading, said=_small(said))]


def _small(said: Markup) -> str:
    text = said.unescape()
    return text[:1].lower() + text[1:]


def equity(case: Case) -> Markup:
    """Return what becomes of the gap between communities."""
    return gap_said(case, case.hero)


def paying(case: Case) -> list[Markup]:
    """Return what would have to be prevented for it to pay, and what that means in words."""
    needed, cell = case.breaks[case.hero].exclusions, case.effect[MAIN].cells[case.hero]
    if not (needed[0] > 0 and cell.distinct and cell.better):
        return [marked("report.answer.money", said=_small(pays_said(case, case.hero)))]
    return [
        marked("report.answer.pays", many=exclusions(needed), children=rounded(case.children)),
        marked(
            "report.answer.exclusion",
            kronor=EXCLUSION_SEK / 1e6,
            money=money(case.price.exclusion, case.price.currency),
        ),
    ]


def first_page(case: Case, uncertain: Robust | None, turns: Sequence[Threshold]) -> dict[str, Any]:
    """Return everything that the first page says beside question and bill."""
    return {
        "said": answer(case),
        "also": also(case),
        "worth": worth(case, uncertain),
        "ten": TEN,
        "believed": robust_said(case, uncertain),
        "turning": turning(case, turns),
        "searched": bool(turns) or bool(case.axes),
        "gap": equity(case),
        "pays": paying(case),
        "hero": case.short[case.hero],
        "base": case.short[case.base],
    }
