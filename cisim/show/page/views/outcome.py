"""The outcome that is looked at: what can be chosen, what limits it, its values in words."""

from __future__ import annotations

import numpy as np

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.model.state import Floats
from cisim.show.charts.series import outcome_shown
from cisim.show.language.facts import OUTCOMES, group_in_words
from cisim.show.language.spoken import kept_by_language
from cisim.show.limits import beside
from cisim.show.page.address.look import Look, month_of
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.views.pictures import finite, reading
from cisim.show.page.words import part, say


@kept_by_language
def outcome_options() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the outcomes of the menu by group: heading, then name and title."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in SHOWN:
        heading = say("outcome_groups.headline")
        if not OUTCOMES[name].headline:
            heading = group_in_words(OUTCOMES[name].group)
        groups.setdefault(heading, []).append((name, outcome_shown(name).title))
    return list(groups.items())


def question(outcome: str) -> str:
    """Return what a chart of an outcome answers, as the stage asks it."""
    asked: dict[str, str] = part("questions")
    return asked.get(outcome, outcome_shown(outcome).title)


def limits(outcome: str) -> list[str]:
    """Return what must be said where a number of this outcome stands."""
    group = OUTCOMES[outcome].group
    key = {"wellbeing": "index", "trust": "trust", "sponsors": "sponsors", "value": "ratio"}
    which = "gap" if outcome.startswith("gap") else key.get(group, "activity")
    return [beside(which), beside("compared")]


def values_at(look: Look, ensemble: Ensemble) -> Floats:
    """Return the outcome in the month that is looked at, of each future, (n,), NaN included."""
    return ensemble.at(look.outcome, month_of(look), look.region)


def reached(values: Floats, goal: float, outcome: str) -> int:
    """Return in how many futures a goal is reached, from above or below, whichever is better."""
    there = finite(values)
    lower = OUTCOMES[outcome].better == "lower"
    return int((there <= goal).sum() if lower else (there >= goal).sum())


def written(outcome: str, values: Floats, value: float, unit: bool = True) -> str:
    """Return a value of an outcome as its charts write it, by default with its unit."""
    what = outcome_shown(outcome)
    how = reading(outcome, values * what.factor)
    return f"{how.number(value * what.factor)}{how.after if unit else ''}"


def scale(values: Floats, span: tuple[float, float] | None) -> Floats:
    """Return the values by which numbers are written: those of the axis beside them, if any.

    So a sentence has the digits of its chart.
    """
    return values if span is None else np.array(span)


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


def unit_of(outcome: str) -> str:
    """Return the unit of a difference, "" where it has none."""
    what = outcome_shown(outcome)
    return "" if what.bare else what.apart
