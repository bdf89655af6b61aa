"""How sure is that? The same futures with less generous values of the number that decides most.

`effort_half` is the joint time that gives half of what joint work could ever give. No source
measures it, so where its outcomes are shown, they are also shown at SURE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.show.charts.series import outcome_shown
from cisim.show.counted import after
from cisim.show.language.facts import OUTCOMES
from cisim.show.language.forms import localised
from cisim.show.page.address.look import Look, month_of
from cisim.show.page.futures.engine import QUICK
from cisim.show.page.views.compare import titles
from cisim.show.page.views.outcome import reached, scale, unit_of, values_at, written
from cisim.show.page.views.pictures import finite
from cisim.show.page.views.verdict import verdict
from cisim.show.page.words import say
from cisim.show.report import EFFORT_HALF
from cisim.world.scenario import Scenario

NUMBER = "effort_half"
SURE = EFFORT_HALF[1:]
"""Its values that are always shown beside the scenarios' own: the report's, but for the default."""
CARING = ("wellbeing", "activity", "value")
"""Groups of outcomes that rest on it."""


def less_generous(
    scenarios: Sequence[Scenario], values: Iterable[float] = SURE
) -> tuple[Scenario, ...]:
    """Return the scenarios at each value that not all of them have already, value by value."""
    return tuple(
        one.set({NUMBER: value})
        for value in values
        if any(_value(one) != value for one in scenarios)
        for one in scenarios
    )


def by_value(ensembles: Iterable[Ensemble]) -> dict[float, Comparison]:
    """Return what has been run by value; ensembles as of `less_generous`."""
    found: dict[float, dict[str, Ensemble]] = {}
    for one in ensembles:
        value = _value(one.scenario)
        if value is not None:
            found.setdefault(value, {})[one.name] = one
    return {value: Comparison(those) for value, those in found.items()}


def with_own(
    own: Sequence[Ensemble], others: Iterable[Ensemble], values: Iterable[float]
) -> dict[float, Comparison]:
    """Return a comparison by value, as far as it is there: its own where all have the value."""
    found = by_value(others)
    mine = {_value(one.scenario) for one in own}
    if len(mine) == 1 and None not in mine:
        found.update(by_value(own))
    return {value: found[value] for value in values if value in found}


def alone(
    look: Look,
    scenario: Scenario,
    own: Ensemble | None,
    others: Sequence[Ensemble],
    *,
    halted: bool = False,
    span: tuple[float, float] | None = None,
) -> dict[str, Any] | None:
    """Return the table for one scenario; None where the outcome does not care.

    own, others : its futures as it is and at less generous values, as far as they are there
    halted      : whether somebody has stopped it before all were there
    span        : of the axis beside the sentence, whose digits that has
    """
    if OUTCOMES[look.outcome].group not in CARING:
        return None
    there = {value: one.ensembles[scenario.name] for value, one in by_value(others).items()}
    mine, waiting = _value(scenario), _waiting(halted)
    rows = [[_named(mine, own=True), *_reached_cells(look, own, waiting)]]
    for value in SURE:
        if value != mine:
            rows.append([_named(value), *_reached_cells(look, there.get(value), waiting)])
    heads = [
        say("explore.sure_column"),
        say(
            "explore.sure_result",
            outcome=outcome_shown(look.outcome).title,
            when=after(month_of(look), scenario.calendar),
        ),
        say("explore.sure_goal"),
    ]
    if look.goal is None:
        heads, rows = heads[:2], [row[:2] for row in rows]
    return {
        "words": say("explore.sure_words_believed" if mine is None else "explore.sure_words"),
        "heads": heads,
        "rows": rows,
        "foot": say("explore.futures_words"),
        "doubt": _doubt(look, there.get(SURE[-1]), span),
    }


def beside(
    look: Look,
    scenarios: Sequence[Scenario],
    own: Sequence[Ensemble],
    others: Sequence[Ensemble],
    *,
    halted: bool = False,
) -> dict[str, Any] | None:
    """Return the table of paired differences from the first scenario; None if there is nothing.

    own, others, halted : as for `alone`
    """
    if OUTCOMES[look.outcome].group not in CARING or len(scenarios) < 2:
        return None
    named = titles(scenarios)
    base, *compared = named
    there, waiting = by_value(others), _waiting(halted)
    as_set = Comparison({one.name: one for one in own}) if own else None
    values = {_value(one) for one in scenarios}
    first = _named(next(iter(values)), own=True) if len(values) == 1 else say("compare.sure_each")
    rows = [[first, *_verdicts(look, as_set, compared, waiting)]]
    for value in SURE:
        if any(_value(one) != value for one in scenarios):
            rows.append([_named(value), *_verdicts(look, there.get(value), compared, waiting)])
    where = "" if look.region == OVERALL else f", {look.region}"
    unit = unit_of(look.outcome)
    return {
        "words": say(
            "compare.sure_words_believed" if values == {None} else "compare.sure_words",
            outcome=f"{outcome_shown(look.outcome).title}{where}",
            unit=f" ({unit})" if unit else "",
            when=after(month_of(look), scenarios[0].calendar),
            base=named[base],
        ),
        "heads": [say("explore.sure_column"), *(named[name] for name in compared)],
        "rows": rows,
        "foot": say("compare.sure_foot", futures=min((one.asked for one in others), default=QUICK)),
    }


def _doubt(look: Look, least: Ensemble | None, span: tuple[float, float] | None) -> str:
    """Return what becomes of the answer at the least generous value, "" as long as nobody knows."""
    values = finite(values_at(look, least)) if least is not None else np.empty(0)
    if not values.size or not month_of(look):
        return ""
    middle = written(look.outcome, scale(values, span), float(np.median(values)))
    return say("stage.doubt", middle=middle)


def _value(scenario: Scenario) -> float | None:
    """Return the value that a scenario has in every future, None where each believes another."""
    drawn = scenario.beliefs is not None and NUMBER not in scenario.held
    return None if drawn else scenario.parameters.effort_half


def _named(value: float | None, own: bool = False) -> str:
    if value is None:
        return say("explore.sure_believed")
    words = say("explore.sure_value", value=localised(f"{value:g}"))
    if own:
        return f"{words} ({say('explore.sure_default')})"
    return f"{words} ({say('explore.sure_three')})" if value == SURE[-1] else words


def _waiting(halted: bool) -> str:
    return say("explore.sure_halted" if halted else "explore.sure_waiting")


def _reached_cells(look: Look, ensemble: Ensemble | None, waiting: str) -> tuple[str, str]:
    if ensemble is None:
        return waiting, "–"
    values = finite(values_at(look, ensemble))
    if not values.size:
        return say("explore.sure_undefined"), "–"
    low, middle, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    ends = say(
        "charts.between",
        low=written(look.outcome, values, low, False),
        high=written(look.outcome, values, high, False),
    )
    result = f"{written(look.outcome, values, middle)} ({ends})"
    goal = look.goal
    if goal is None:
        return result, "–"
    return result, say("charts.of", many=reached(values, goal, look.outcome), n=values.size)


def _verdicts(
    look: Look, comparison: Comparison | None, names: Sequence[str], waiting: str
) -> list[str]:
    """Return what is said of each scenario against the first."""
    if comparison is None:
        return [waiting] * len(names)
    table = comparison.paired(look.outcome, at=month_of(look), region=look.region)
    rows: Mapping[str, Any] = {row["scenario"]: row for row in table.to_dict("records")}
    return [
        verdict(rows[name], look.outcome, brief=True)
        if rows[name]["n"]
        else say("explore.sure_undefined")
        for name in names
    ]
