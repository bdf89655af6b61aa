"""The first page: what to do, how often that is right, what it hangs on, what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from cisim.lab.analyses.intervals import wilson
from cisim.lab.comparison import Comparison
from cisim.lab.hanging import asked_of, hangs_on
from cisim.lab.ladder import TEN, Step, ladder
from cisim.lab.leads import leads
from cisim.lab.robust import Robust
from cisim.lab.threshold import Threshold
from cisim.lab.value import EXCLUSION_SEK
from cisim.show.beliefs_in_words import allowed_in_words, turns_in_words
from cisim.show.counted import plural
from cisim.show.findings import (
    Cell,
    exclusions,
    fte,
    minus,
    money,
    outcome_effect,
    rounded,
    say,
)
from cisim.show.report.case import MAIN, Case, in_order
from cisim.show.report.follows import gap_said, harmed, pays_said, reached, turns_said
from cisim.show.tables import decimals_for, number
from cisim.world.beliefs import FromEnsembles

ANCHOR = 3.0
"""Where the best evaluated programme of the kind puts effort_half."""
HELD = "as long as joint work is about as effective as is assumed here"
_TIMES = {2.0: "twice", 3.0: "three times", 4.0: "four times", 6.0: "six times"}


def answer(case: Case) -> Markup:
    """Return what to do, the difference with its frequency, and what decides it: one sentence."""
    return say("{}; {}.", _chosen(case), hangs(case))


def _chosen(case: Case) -> Markup:
    effect = case.effect[MAIN]
    cell = effect.cells[case.hero]
    size = f"on average {cell.apart} {effect.apart_unit} ({cell.between})"
    hero, base = case.titles[case.hero], case.titles[case.base]
    if not cell.distinct:
        found = f"{cell.verdict}; {size}" if cell.says_something else cell.verdict
        return say(
            "*Nothing tells {} from {}{}*: beside each other, children's wellbeing {} {}",
            hero, base, _cheaper(case, case.base, ", so take what costs less, {}"), case.after,
            found,
        )  # fmt: skip
    if case.hero != case.best:
        return say(
            "*Stay with {}*: {} children's wellbeing is {} with {}, the best of the others, "
            "than with {}, {}",
            base, case.after, cell.count, hero, base, size,
        )  # fmt: skip
    lead = say(
        "{} children's wellbeing is {} than with {}, {}",
        case.after, cell.count, base, size,
    )  # fmt: skip
    rival = _beside_second(case)
    if rival is None or rival.distinct:
        return say("*Choose {}*: {}", hero, lead)
    return say(
        "*Choose {} or {}{}*: these two come out alike ({}), and {}",
        hero, case.titles[case.second],
        _cheaper(case, case.second, ", whichever costs less, here {}"), rival.verdict, lead,
    )  # fmt: skip


def _beside_second(case: Case) -> Cell | None:
    """Return the best beside the second, None where that is the scenario all are compared with."""
    if case.base in (case.best, case.second):
        return None
    return outcome_effect(case.comparison, MAIN, against=case.second).cells[case.best]


def _cheaper(case: Case, other: str, pattern: str) -> str:
    """Return a pattern with whichever of the hero and another costs less, "" if neither does."""
    costs = {name: fte(case.cost[name, "external"]["mean"]) for name in (case.hero, other)}
    if costs[case.hero] == costs[other]:
        return ""
    less = min(costs, key=lambda name: case.cost[name, "external"]["mean"])
    return pattern.format(case.titles[less])


def hangs(case: Case) -> Markup:
    """Return what the answer hangs on, as the end of a sentence: where futures believe differently
    on what decides it, else on how effective joint work is.
    """
    if case.beliefs is not None:
        return _hangs_on_beliefs(case)
    own = case.chosen[case.base].parameters.effort_half
    others = {value: one for value, one in sorted(case.by_half.items()) if value != own}
    if not others:
        return say("how far that hangs on how effective joint work is was not looked at")
    turned = {value: _leader(case, one) for value, one in others.items()}
    other = {value: who for value, who in turned.items() if who != _leader(case, case.comparison)}
    if not other:
        far = max(others, key=lambda value: abs(math.log(value / own)))
        cell = outcome_effect(others[far], MAIN).cells[case.hero]
        return say(
            "that stays so where the same effect takes {}, with a difference of {}",
            _time(far, own), cell.apart,
        )  # fmt: skip
    value, who = next(iter(other.items()))
    there = (
        say("*{}* is best", case.titles[who]) if who else say("nothing tells the first two apart")
    )
    return say("*{}*: where the same effect takes {}, {}", HELD, _time(value, own), there)


def _hangs_on_beliefs(case: Case) -> Markup:
    """Return which belief decides whether the best is better than the next, and how far."""
    pair = asked_of(case.comparison)
    assert pair is not None  # there are beliefs, and futures
    one, other = pair
    pairs = case.comparison.differences(MAIN, one, other)
    better, many = int((pairs.values > 0.0).sum()), int(pairs.values.size)
    lead = say(
        "it is better than {} in {} of {}" if one == case.hero
        else "against {} the best is better in {} of {}",
        case.short[other], f"{better:,}", plural(many, "future"),
    )  # fmt: skip
    if better in (0, many):
        return say("{}, whatever they believe", lead)
    table = hangs_on(case.comparison, one, other, many=1)
    row = table.iloc[0]
    if not row["clear"]:
        return say("{}; no single belief stands out as deciding that", lead)
    return say(
        "{}, and *{} decides that*: {} of futures in its lowest third, {} in its highest",
        lead, str(row["parameter"]), f"{row['best_low']:.0%}", f"{row['best_high']:.0%}",
    )  # fmt: skip


def _time(value: float, own: float) -> str:
    """Return a value of effort_half in words, beside the one that is assumed."""
    ratio = value / own
    if ratio > 1:
        times = _TIMES.get(round(ratio, 6), f"{ratio:.3g} times")
        words = f"{times} the joint time"
    else:
        words = f"only {ratio:.2g} of the joint time"
    anchor = ", as in the best evaluated programme of the kind" if value == ANCHOR else ""
    return f"{words} (effort_half {value:g}{anchor})"


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
            say(
                "Next comes {}; beside it the first is {}, on average {} {} ({}).",
                case.titles[case.second],
                rival.count,
                rival.apart,
                case.effect[MAIN].apart_unit,
                rival.between,
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
    return f"+{mean} ({low} to {high})" if math.isfinite(step.each[1]) else f"+{mean}"


def _beside(case: Case, step: Step) -> str:
    if step.beaten_by:
        return f"beaten: {case.short[step.beaten_by]} costs no more and brings more"
    if not step.beside:
        return "the cheapest"
    return f"for {fte(step.more)} more than {case.short[step.beside]}"


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
    return f"{count / of:.0%} ({100 * low:.0f} to {100 * high:.0f})"


def _believed(uncertain: Robust) -> dict[str, dict[str, str]]:
    return {
        str(row["scenario"]): {
            "best": f"{row['best'] / row['of']:.0%}" if row["of"] else "–",
            "harms": f"{row['below_reference']:.0%}",
        }
        for row in uncertain.table().to_dict("records")
    }


def robust_said(case: Case, uncertain: Robust | None) -> Markup | None:
    """Return in one sentence how far the answer holds over all that may be believed."""
    if uncertain is None and case.beliefs is not None:
        mine = _in_futures(case)[case.hero]
        over = (
            "what a calibration has left"
            if isinstance(case.beliefs, FromEnsembles)
            else "everything that may be believed"
        )
        said = say(
            "*Over {}* {} is best in {} of futures and does harm in {} (with 90 % intervals): "
            "there children are worse off than in the ordinary world.",
            over, case.short[case.hero], mine["best"], mine["harms"],
        )  # fmt: skip
        pair = asked_of(case.comparison)
        beside = allowed_in_words(case.comparison, *pair, case.short) if pair is not None else ""
        return said + say(" {}", beside) if beside else said
    if uncertain is None or not uncertain.worlds:
        return None
    table = uncertain.table().set_index("scenario")
    row = table.loc[case.hero]
    said = say(
        "*Over everything that may be believed* ({} sampled worlds) {} is best in {} and does harm "
        "in {}: there children are worse off than without a backbone.",
        f"{uncertain.worlds:,}", case.short[case.hero], f"{row['best'] / row['of']:.0%}",
        f"{row['below_reference']:.0%}",
    )  # fmt: skip
    deciding = uncertain.deciding(case.hero)
    clear = deciding[deciding["clear"]]
    if not len(clear):
        return said
    one = clear.iloc[0]
    return said + say(
        " That hangs most on {}: it is best in {} of worlds where that is lowest, in {} where it "
        "is highest (thirds).",
        str(one["parameter"]), f"{one['best_low']:.0%}", f"{one['best_high']:.0%}",
    )  # fmt: skip


def turning(case: Case, turns: Sequence[Threshold]) -> list[Markup]:
    """Return what would turn the answer round: what was searched for, then what costs tell."""
    heading, said = turns_said(case, case.hero)
    found = [say("{}", " ".join(one.sentences(case.short)[:-1])) for one in turns]
    found += [say("{}", sentence) for sentence in turns_in_words(case.axes, case.short)]
    return [*found, say("*{}* {}", f"{heading}:", _small(said))]


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
        return [say("*Money:* {}", _small(pays_said(case, case.hero)))]
    return [
        say(
            "*It pays for all that it costs* if it prevents at least {} lasting exclusions among "
            "the {} children.",
            exclusions(needed), f"{rounded(case.children):,.0f}",
        ),
        say(
            "A lasting exclusion is one young person who stays outside study, work and society for "
            "life. The only figure there is puts what that costs society at SEK {} million ({}; "
            "R21). Nobody has measured how many of them a point of wellbeing prevents.",
            f"{EXCLUSION_SEK / 1e6:g}", money(case.price.exclusion, case.price.currency),
        ),
    ]  # fmt: skip


def first_page(case: Case, uncertain: Robust | None, turns: Sequence[Threshold]) -> dict[str, Any]:
    """Return everything that the first page says beside question and bill."""
    return {
        "said": answer(case),
        "also": also(case),
        "worth": worth(case, uncertain),
        "ten": f"{TEN:g}",
        "believed": robust_said(case, uncertain),
        "turning": turning(case, turns),
        "searched": bool(turns) or bool(case.axes),
        "gap": equity(case),
        "pays": paying(case),
        "hero": case.short[case.hero],
        "base": case.short[case.base],
    }
