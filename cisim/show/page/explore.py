"""Explore: one scenario, its levers, its futures, and how sure the answer is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cisim.lab.simulate import Ensemble
from cisim.model.outcomes import GROUPS, OUTCOMES
from cisim.show.charts import dots, event_table, gap, paths
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import span
from cisim.show.page import address
from cisim.show.page.address import OVERALL, Look
from cisim.show.page.dated import described, kinds, rows
from cisim.show.page.kept import GOALS, SHOWN
from cisim.show.page.pictures import (
    Floats,
    Origin,
    card,
    finite,
    monthly,
    reading,
    tidy,
    time_axis,
    with_cursor,
)
from cisim.show.page.scenario_file import text_of
from cisim.show.page.start import listed
from cisim.show.page.words import say
from cisim.world.files import shipped
from cisim.world.scenario import Scenario, load_world

SURE = (1.0, 3.0)
"""Values of effort_half that are always shown beside the scenario's own."""


def scenarios(look: Look) -> list[Scenario]:
    """Return what is run: the scenario, and its branch where there is one."""
    branch = address.branched(look)
    return [address.scenario(look), *([] if branch is None else [branch])]


def goal_of(look: Look) -> float | None:
    """Return the goal in the outcome's unit, None where there is none."""
    return look.goal if look.goal is not None else GOALS.get(look.outcome)


def month_of(look: Look) -> int:
    """Return the month that is looked at."""
    return address.scenario(look).months if look.month is None else look.month


def frame(look: Look) -> dict[str, Any]:
    """Return everything on Explore that needs no futures: choices, events, file, limits."""
    here = address.scenario(look)
    story = here.story
    horizon, month = here.months, month_of(look)
    unit = OUTCOMES[look.outcome].unit
    goal = goal_of(look)
    return {
        "title": here.title,
        "story": story,
        "note": here.note,
        "changed": look.changed,
        "scenario": "" if look.own else look.scenario,
        "scenarios": [(one.name, one.title) for one in listed()],
        "outcomes": outcome_options(),
        "outcome": look.outcome,
        "outcomeWords": OUTCOMES[look.outcome].words,
        "regions": [
            (OVERALL, say("explore.overall")),
            *((region.name, region.name) for region in here.world.regions),
        ],
        "region": look.region,
        "goal": goal,
        "unit": "" if unit in ("0..1", "0 or 1") else unit,
        "goalStep": 0.1 if unit.startswith("points") else 0.01,
        "month": month,
        "months": horizon,
        "monthWords": say("explore.month_words", month=month, years=span(month)),
        "worlds": [(name, load_world(name).title) for name in shipped("worlds")],
        "world": here.world_name,
        "seed": look.seed,
        "kinds": kinds(),
        "events": rows(here),
        "branch": None
        if look.branch is None
        else {
            "month": look.branch["month"],
            "words": say("explore.branch_row", event=described(look.branch)),
            "event": look.branch,
        },
        "limits": limits(look.outcome),
        "file": text_of(here),
        "fileName": f"{here.name}.toml",
    }


def outcome_options() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the outcomes of the menu by group: heading, then name and title."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in SHOWN:
        heading = say("outcome_groups.headline")
        if not OUTCOMES[name].headline:
            heading = GROUPS[OUTCOMES[name].group]
        groups.setdefault(heading, []).append((name, outcome_shown(name).title))
    return list(groups.items())


def limits(outcome: str) -> list[str]:
    """Return what must be said where a number of this outcome stands."""
    group = OUTCOMES[outcome].group
    key = {"wellbeing": "wellbeing", "trust": "trust", "sponsors": "sponsors", "value": "value"}
    which = "gap" if outcome.startswith("gap") else key.get(group, "activity")
    return [say(f"limits.{which}"), say("limits.any")]


def picture(look: Look, ensembles: Sequence[Ensemble], width: int = 480) -> dict[str, Any]:
    """Return headline and charts of finished futures: the scenario's and its branch's.

    width : of the charts (px)
    """
    month, goal, outcome = month_of(look), goal_of(look), look.outcome
    what = outcome_shown(outcome)
    table = tidy(ensembles, outcome, look.region)
    names = {one.name: one.scenario.title for one in ensembles}
    if len(set(names.values())) < len(names):
        names = {name: name for name in names}
    origin = Origin.of(ensembles)
    where = "" if look.region == OVERALL else f", {look.region}"
    dated = event_table([one.scenario for one in ensembles])
    extra: dict[str, Any] = {
        "names": names, "footer": origin.words, "theme": "light", "width": width,
    }  # fmt: skip
    over_time = (
        gap(table, outcome, events=dated if len(dated) else None, **extra)
        if outcome == "gap_primary"
        else paths(
            table, outcome, goal=goal, title=f"{what.title}{where}",
            events=dated if len(dated) else None, **extra,
        )
    )  # fmt: skip
    paths_card = card(over_time, f"{ensembles[0].name}-{outcome}-paths", origin)
    words = say("explore.month_words", month=month, years=span(month))
    paths_card["csv"] = monthly(ensembles, outcome, look.region, origin)
    horizon = ensembles[0].scenario.months
    paths_card["axis"] = time_axis(paths_card["svg"], horizon)
    paths_card["svg"] = with_cursor(paths_card["svg"], month, horizon, words)
    ends = dots(table, outcome, goal=goal, month=month, **extra)
    return {
        "headline": headline(look, ensembles[0]),
        "detail": detail(look, ensembles[0]),
        "branch": "" if len(ensembles) < 2 else against(look, ensembles[1], ensembles[0]),
        "charts": [paths_card, card(ends, f"{ensembles[0].name}-{outcome}-dots", origin)],
        "futures": origin.futures,
        "key": origin.key,
        "failed": sum(len(one.failed) for one in ensembles),
    }


def values_at(look: Look, ensemble: Ensemble) -> Floats:
    """Return the outcome in the month that is looked at, of each future, (n,), NaN included."""
    return ensemble.at(look.outcome, month_of(look), look.region)


def reached(values: Floats, goal: float, outcome: str) -> int:
    """Return in how many futures a goal is reached, from above or below, whichever is better."""
    there = finite(values)
    lower = OUTCOMES[outcome].better == "lower"
    return int((there <= goal).sum() if lower else (there >= goal).sum())


def headline(look: Look, ensemble: Ensemble) -> str:
    """Return the answer in frequencies, or the middle future where there is no goal."""
    values, goal = finite(values_at(look, ensemble)), goal_of(look)
    title = outcome_shown(look.outcome).title
    if not values.size:
        return say("explore.undefined", outcome=title)
    if goal is None:
        return f"{title}: {written(look.outcome, values, float(np.median(values)))}"
    many = reached(values, goal, look.outcome)
    return say("explore.headline", reached=many, n=values.size)


def detail(look: Look, ensemble: Ensemble) -> list[str]:
    """Return what the goal is, the middle future and the range, a sentence each."""
    values, goal = finite(values_at(look, ensemble)), goal_of(look)
    if not values.size:
        return []
    title = outcome_shown(look.outcome).title
    told = []
    if goal is not None:
        lower = OUTCOMES[look.outcome].better == "lower"
        name = "explore.headline_detail_lower" if lower else "explore.headline_detail"
        told.append(
            say(
                name, outcome=title, goal=goal_written(look.outcome, goal),
                unit="", span=span(month_of(look)),
            ).replace("  ", " ")
        )  # fmt: skip
    low, middle, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    if values.size >= 10:
        told.append(
            say(
                "explore.middle",
                middle=written(look.outcome, values, middle),
                low=written(look.outcome, values, low, unit=False),
                high=written(look.outcome, values, high),
            )
        )
    if values.size < 100:
        told.append(say("explore.few", n=values.size))
    return told


def written(outcome: str, values: Floats, value: float, unit: bool = True) -> str:
    """Return a value of an outcome as its charts write it, by default with its unit."""
    what = outcome_shown(outcome)
    how = reading(outcome, values * what.factor)
    return f"{how.number(value * what.factor)}{how.after if unit else ''}"


def goal_written(outcome: str, goal: float) -> str:
    """Return a goal as it was given, with its unit."""
    what = outcome_shown(outcome)
    how = reading(outcome, np.array([goal * what.factor]))
    return f"{how.short(goal * what.factor)}{how.after}"


def against(look: Look, branch: Ensemble, base: Ensemble) -> str:
    """Return what the branch changes, future by future."""
    from cisim.lab.compare import Comparison
    from cisim.show.page.compared import verdict

    pair = Comparison({base.name: base, branch.name: branch})
    row = pair.paired(look.outcome, at=month_of(look), region=look.region).iloc[0]
    return say(
        "explore.branch_sentence",
        outcome=outcome_shown(look.outcome).title.lower(),
        span=span(month_of(look)),
        words=verdict(row.to_dict(), look.outcome),
    )


# --- how sure --------------------------------------------------------------------------------


def sure_scenarios(look: Look) -> list[Scenario]:
    """Return the scenario with less generous values of the number that decides most."""
    here = address.scenario(look)
    mine = here.parameters.effort_half
    return [
        here.set({"effort_half": value}).model_copy(update={"name": f"effort_half {value:g}"})
        for value in SURE
        if value != mine
    ]


def sure(
    look: Look, own: Ensemble | None, others: Mapping[float, Ensemble | None]
) -> dict[str, Any] | None:
    """Return the table of how much rests on effort_half; None where the outcome does not care."""
    if OUTCOMES[look.outcome].group not in ("wellbeing", "activity", "value"):
        return None
    mine = address.scenario(look).parameters.effort_half
    listed = [(mine, own), *((value, others.get(value)) for value in SURE if value != mine)]
    table = []
    for value, ensemble in listed:
        words = say("explore.sure_value", value=f"{value:g}")
        if value == mine:
            words += f" ({say('explore.sure_default')})"
        elif value == SURE[-1]:
            words += f" ({say('explore.sure_three')})"
        table.append([words, *_sure_cells(look, ensemble)])
    title = outcome_shown(look.outcome).title
    heads = [
        say("explore.sure_column"),
        say("explore.sure_result", outcome=title, span=span(month_of(look))),
        say("explore.sure_goal"),
    ]
    if goal_of(look) is None:
        heads, table = heads[:2], [row[:2] for row in table]
    return {"heads": heads, "rows": table}


def _sure_cells(look: Look, ensemble: Ensemble | None) -> tuple[str, str]:
    values = np.array([]) if ensemble is None else finite(values_at(look, ensemble))
    if not values.size:
        return say("explore.sure_waiting"), "–"
    low, middle, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    result = (
        f"{written(look.outcome, values, middle)} ({written(look.outcome, values, low, False)} "
        f"to {written(look.outcome, values, high, False)})"
    )
    goal = goal_of(look)
    if goal is None:
        return result, "–"
    return result, f"{reached(values, goal, look.outcome)} of {values.size}"


def preview(look: Look, name: str, value: Any) -> Look:
    """Return the look while a slider is still held: not in the address yet.

    Raises InputError if the value is not allowed.
    """
    return replace(look.with_setting(name, value), branch=look.branch)
