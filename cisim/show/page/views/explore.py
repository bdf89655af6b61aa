"""Explore: one scenario, its levers, its futures, and how sure the answer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cisim.lab.simulate import Ensemble
from cisim.model.outcomes import GROUPS, OUTCOMES
from cisim.show.charts import dots, event_table, gap, paths
from cisim.show.charts.paths import GAP_TITLE
from cisim.show.charts.series import outcome_shown
from cisim.show.charts.words import span
from cisim.show.page.address import look as address
from cisim.show.page.address.events import described, kinds, rows
from cisim.show.page.address.look import OVERALL, Look
from cisim.show.page.address.scenario_file import text_of
from cisim.show.page.outcomes import GOALS, SHOWN
from cisim.show.page.views.pictures import (
    Floats,
    Origin,
    card,
    file_name,
    finite,
    monthly,
    placed,
    reading,
    tidy,
    time_axis,
    with_cursor,
)
from cisim.show.page.views.start import listed
from cisim.show.page.words import say
from cisim.world.files import shipped
from cisim.world.scenario import Scenario, load_world


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
        "fileName": f"{file_name(here.title)[:80] or here.name}.toml",
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
    here, shown = replace(look, month=month), ensembles[0].name
    dated = event_table([one.scenario for one in ensembles])
    extra: dict[str, Any] = {
        "names": names, "footer": origin.words, "theme": "light", "width": width,
    }  # fmt: skip
    over_time = (
        gap(
            table, outcome, title=placed(GAP_TITLE, look.region),
            events=dated if len(dated) else None, **extra,
        )
        if outcome == "gap_primary"
        else paths(
            table, outcome, goal=goal, title=placed(what.title, look.region),
            events=dated if len(dated) else None, **extra,
        )
    )  # fmt: skip
    course = monthly(ensembles, names, here, origin)
    paths_card = card(over_time, "paths", shown, here, origin, course)
    words = say("explore.month_words", month=month, years=span(month))
    horizon = ensembles[0].scenario.months
    paths_card["axis"] = time_axis(paths_card["svg"], horizon)
    paths_card["svg"] = with_cursor(paths_card["svg"], month, horizon, words)
    title = placed(f"{what.title} after {span(month)}", look.region)
    ends = dots(table, outcome, goal=goal, month=month, title=title, **extra)
    return {
        "headline": headline(look, ensembles[0]),
        "detail": detail(look, ensembles[0]),
        "branch": "" if len(ensembles) < 2 else against(look, ensembles[1], ensembles[0]),
        "charts": [paths_card, card(ends, "dots", shown, here, origin)],
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
    many, month = reached(values, goal, look.outcome), month_of(look)
    if month < ensemble.scenario.months:
        return say("explore.headline_then", reached=many, n=values.size, month=month)
    return say("explore.headline", reached=many, n=values.size)


def detail(look: Look, ensemble: Ensemble) -> list[str]:
    """Return what the goal is, the middle future and the range, a sentence each."""
    futures, goal = values_at(look, ensemble), goal_of(look)
    values = finite(futures)
    without = ""
    if values.size < futures.size:
        without = say("explore.undefined_in", count=futures.size - values.size, n=futures.size)
    if not values.size:
        return [without] if without else []
    title = in_region(outcome_shown(look.outcome).title, look.region)
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
    if without:
        told.append(without)
    if futures.size < 100:
        told.append(say("explore.few", n=futures.size))
    return told


def written(outcome: str, values: Floats, value: float, unit: bool = True) -> str:
    """Return a value of an outcome as its charts write it, by default with its unit."""
    what = outcome_shown(outcome)
    how = reading(outcome, values * what.factor)
    return f"{how.number(value * what.factor)}{how.after if unit else ''}"


def in_sentence(outcome: str, region: str) -> str:
    """Return an outcome's title within a sentence, with its region if that is not all of them."""
    title = outcome_shown(outcome).title
    return in_region(title[:1].lower() + title[1:], region)


def in_region(title: str, region: str) -> str:
    """Return an outcome's title with its region, if that is not all of them, for a sentence."""
    return title if region == OVERALL else say("explore.in_region", outcome=title, region=region)


def goal_written(outcome: str, goal: float) -> str:
    """Return a goal as it was given, with its unit."""
    what = outcome_shown(outcome)
    how = reading(outcome, np.array([goal * what.factor]))
    return f"{how.short(goal * what.factor)}{how.after}"


def against(look: Look, branch: Ensemble, base: Ensemble) -> str:
    """Return what the branch changes, future by future."""
    from cisim.lab.compare import Comparison
    from cisim.show.page.views.compare import verdict

    pair = Comparison({base.name: base, branch.name: branch})
    row = pair.paired(look.outcome, at=month_of(look), region=look.region).iloc[0]
    said = say(
        "explore.branch_sentence",
        outcome=in_sentence(look.outcome, look.region),
        span=span(month_of(look)),
        words=verdict(row.to_dict(), look.outcome),
    )
    values, goal = finite(values_at(look, branch)), goal_of(look)
    if goal is None or not values.size:
        return said
    many = reached(values, goal, look.outcome)
    return f"{say('explore.branch_reached', reached=many, n=values.size)} {said}"


def preview(look: Look, name: str, value: Any) -> Look:
    """Return the look while a slider is still held: not in the address yet.

    Raises InputError if the value is not allowed.
    """
    return replace(look.with_setting(name, value), branch=look.branch)
