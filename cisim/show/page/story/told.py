"""A told story as its player has it: texts, courses of what is looked at, and films."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cisim.lab.story import Course, Shown, ToldStory, as_run, story_scenarios
from cisim.model.state import Floats
from cisim.show.called import short_of
from cisim.show.charts.axes import Axis, time_ticks, value_axis
from cisim.show.charts.ink import DASHES, SERIES_DARK, SERIES_LIGHT
from cisim.show.counted import label
from cisim.show.language.facts import FORMS, OUTCOMES, in_language
from cisim.show.language.spoken import spoken
from cisim.show.page.address.look import Look
from cisim.show.page.network.film import Film, film, own_words
from cisim.show.page.network.looks import COLOURS, SCALES
from cisim.show.page.network.sent import alone
from cisim.show.page.views.colours import places
from cisim.show.page.words import part, say
from cisim.show.story_in_words import plain
from cisim.world.scenario import Scenario
from cisim.world.story import State

SINGLES = 16
"""At most so many single futures are drawn."""
LEAST = 12
"""A chart is of at least so many months."""

Counted = Callable[[int, int], None]


def films(told: ToldStory, progress: Counted | None = None) -> list[Film]:
    """Return for each scenario of a story its first future as a film."""
    found = []
    scenarios = as_run(told.story)
    for at, scenario in enumerate(scenarios, start=1):
        found.append(film(scenario, told.seed))
        if progress is not None:
            progress(at, len(scenarios))
    return found


def played(told: ToldStory, shot: Sequence[Film]) -> dict[str, Any]:
    """Return what the player is given: plain values.

    told : with what lies between the months that are looked at
    shot : its `films`
    """
    scenarios = [_read(one) for one in story_scenarios(told.story)]
    calendar = scenarios[0].calendar
    last = max(state.month for state in told.story.states)
    names = _called(told)
    said = plain(told)
    axes = _axes(told)
    return {
        "words": part("story"),
        "network": dict(own_words()),
        "language": spoken(),
        "title": said["title"],
        "about": said["about"],
        "source": said["source"],
        "lacks": said["lacks"],
        "target": said["target"],
        "small_print": said["small_print"],
        "calendar": [_capital(label(calendar, month)) for month in range(last + 1)],
        "films": [alone(one, of.title) for one, of in zip(shot, scenarios, strict=True)],
        "scenarios": [{"title": one.title, "short": names[k]} for k, one in enumerate(scenarios)],
        "inks": {
            "light": {**COLOURS["light"], "series": list(SERIES_LIGHT)},
            "dark": {**COLOURS["dark"], "series": list(SERIES_DARK)},
        },
        "dashes": list(DASHES),
        "places": list(places(Look(), [one.name for one in scenarios])),
        "scales": {name: list(ends) for name, ends in SCALES.items()},
        "steps": [
            {
                "title": one["title"],
                "text": one["text"],
                "here": _place(told, shown.told.here),
                "then": _place(told, shown.told.then),
                "look": one["look"]["words"],
                "outcome": _titled(shown),
                "question": one["question"],
                "options": one["options"],
                "answer": one["answer"],
                "answer_words": one["answer_words"],
                "chart": _chart(told, shown, axes),
            }
            for shown, one in zip(told.steps, said["steps"], strict=True)
        ],
    }


def _called(told: ToldStory) -> list[str]:
    """Return a short name for each scenario; one that a step has changed has a word more."""
    scenarios = [_read(one) for one in story_scenarios(told.story)]
    titles = [" ".join(one.title.split()) for one in scenarios]
    alike = {f"of {title}": one for title, one in zip(titles, scenarios, strict=True)}
    short = short_of({key: " ".join(one.title.split()) for key, one in alike.items()}, alike)
    changed = [one in _changed(told) for one in story_scenarios(told.story)]
    called: list[str] = []
    for title, other_than in zip(titles, changed, strict=True):
        name = short[f"of {title}"]
        if other_than:
            name = say("story.changed", scenario=name)
        often = sum(other == name or other.startswith(f"{name} (") for other in called)
        called.append(f"{name} ({often + 1})" if often else name)
    return called


def _changed(told: ToldStory) -> list[Scenario]:
    """Return the scenarios to which a step adds events, or in which it sets something."""
    found = []
    for shown in told.steps:
        step, then = shown.told.step, shown.told.step.predict.then
        if step.events or step.set:
            found.append(shown.told.here.scenario)
        if then is not None:
            events = step.events if then.events is None else then.events
            if events or (step.set if then.set is None else then.set):
                found.append(shown.told.then.scenario)
    return found


def _read(scenario: Scenario) -> Scenario:
    """Return a scenario as it is read; one that a step has changed is called as it was before."""
    name = scenario.name.partition(",")[0]
    return in_language(scenario.model_copy(update={"name": name}))


def _place(told: ToldStory, state: State) -> dict[str, int]:
    return {"scenario": story_scenarios(told.story).index(state.scenario), "month": state.month}


def _titled(shown: Shown) -> str:
    """Return what the chart shows, where, and in what unit."""
    look = shown.told.step.look
    declared = OUTCOMES[look.outcome]
    form = FORMS[declared.form]
    unit = form.shown or ("" if form.bare else declared.unit)
    where = f", {look.region}" if look.region else ""
    return f"{declared.title}{where}{f' ({unit})' if unit else ''}"


# --- charts ----------------------------------------------------------------------------------

Looked = tuple[str, str | None]


def _axes(told: ToldStory) -> dict[Looked, Axis]:
    """Return an axis for whatever is looked at, the same in all steps."""
    seen: dict[Looked, list[Floats]] = {}
    for shown in told.steps:
        look = shown.told.step.look
        for state in (shown.told.here, shown.told.then):
            course = told.course(state, look.outcome, look.region)
            seen.setdefault((look.outcome, look.region), []).append(course.values[:SINGLES])
    return {looked: _axis(looked[0], values) for looked, values in seen.items()}


def _axis(outcome: str, values: Sequence[Floats]) -> Axis:
    declared = OUTCOMES[outcome]
    factor = FORMS[declared.form].factor
    every = np.concatenate([one.ravel() for one in values]) * factor
    every = every[np.isfinite(every)]
    low, high = (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)
    bounds = (declared.bounds[0] * factor, declared.bounds[1] * factor)
    return value_axis(low, high, 0.0, 1.0, bounds=bounds)


def _chart(told: ToldStory, shown: Shown, axes: dict[Looked, Axis]) -> dict[str, Any]:
    look, here, then = shown.told.step.look, shown.told.here, shown.told.then
    axis = axes[look.outcome, look.region]
    factor = FORMS[OUTCOMES[look.outcome].form].factor
    last = max(LEAST, here.month, then.month)
    decimals = axis.decimals()

    def course(state: State) -> dict[str, Any]:
        found: Course = told.course(state, look.outcome, look.region)
        return {
            "mean": _numbers(_mean(found.values) * factor, decimals),
            "singles": [_numbers(one * factor, decimals) for one in found.values[:SINGLES]],
        }

    ticks = time_ticks(0, last, 6, here.scenario.calendar)
    return {
        "low": axis.low,
        "high": axis.high,
        "ticks": list(axis.ticks),
        "decimals": decimals,
        "percent": FORMS[OUTCOMES[look.outcome].form].shown == "%",
        "counted": OUTCOMES[look.outcome].form == "number",
        "last": last,
        "times": [{"month": one.month, "words": one.words} for one in ticks],
        "within": shown.told.step.predict.within * factor,
        "here": course(here),
        "then": course(then),
    }


def _mean(values: Floats) -> Floats:
    """Return the mean over the futures in which it is defined, nan where it is in none."""
    there = np.isfinite(values)
    total, many = np.where(there, values, 0.0).sum(axis=0), there.sum(axis=0)
    return np.divide(total, many, out=np.full(many.size, np.nan), where=many > 0)


def _numbers(values: Floats, decimals: int) -> list[float | None]:
    """Return numbers as finely as a chart can show them, None for what is not one."""
    return [round(float(one), decimals + 3) if math.isfinite(one) else None for one in values]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
