"""What a room guesses in Explore: a question with its answer, as a step of a story has them.

Either the scenario goes on from the month that is looked at, and the question is how it ends. Or it
was changed, or another was chosen, and the question is how it ends beside the one before. In both
the answer is how far apart the middle of the shared futures is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.model.state import Floats
from cisim.show.called import short_of
from cisim.show.charts.axes import Axis, time_ticks, value_axis
from cisim.show.charts.ink import DASHES, SERIES_LIGHT
from cisim.show.charts.paths import Span
from cisim.show.counted import after, label
from cisim.show.language.facts import FORMS, OUTCOMES
from cisim.show.language.spoken import spoken
from cisim.show.page.address import link
from cisim.show.page.address.look import Look, branch_of, decides, like, scenario_of
from cisim.show.page.futures.ensembles import first
from cisim.show.page.session import Session
from cisim.show.page.views.colours import places
from cisim.show.page.views.course import middle
from cisim.show.page.views.told import of_phones
from cisim.show.page.words import part, say
from cisim.show.story_in_words import figure
from cisim.world.scenario import Scenario
from cisim.world.story import ANSWERS

SAME = 0.05
"""A difference of less than this share of a chart's height is the same: few people see it."""
SINGLES = 16
"""At most so many single futures are drawn."""
WORDS = (
    "predict", "hands", "lower", "draw", "handle", "replay", "guessed", "right", "line", "reveal",
    "close",
)  # fmt: skip
"""What a story says of a guess, and Explore as well."""


@dataclass(frozen=True)
class Asked:
    """What a room is asked: from where, and beside what.

    number    : of the question in this session, from 1 on
    reference : the futures beside which it is seen, and key what decided them
    month     : up to which they have been seen
    place     : of their scenario in the colours
    beside    : whether another path is seen beside them, none that goes on from them
    """

    number: int
    reference: Ensemble
    key: tuple[Any, ...]
    month: int
    place: int
    beside: bool = False


def ask(look: Look, now: Ensemble, month: int, number: int, session: Session) -> Asked:
    """Return the question of a look: beside the path before where nothing of this one is seen yet.

    month   : that is looked at
    session : knows the path before
    """
    past = session.before(look, now) if month == 0 else None
    if past is None:
        return Asked(number, now, decides(look), month, places(look, [now.name])[0])
    key = session.key_of(past)
    place = places(like(key), [past.name])[0]
    return Asked(number, past, key, past.scenario.months, place, beside=True)


def told_of(of: Asked) -> dict[str, Any]:
    """Return a question as a browser keeps it, so that `Again` can ask it once more."""
    look = like(of.key)
    title = of.reference.scenario.title
    if not look.branch and scenario_of(look).title != title:
        look = replace(look, title=title)
    return {
        "number": of.number, "reference": link.write(look), "month": of.month, "place": of.place,
        "beside": of.beside,
    }  # fmt: skip


@dataclass(frozen=True)
class Again:
    """A question that was open when the page was loaded anew; its reference is run once more."""

    number: int
    reference: Look
    month: int
    place: int
    beside: bool

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Again:
        """Return a question as `told_of` told it; raises ValueError for what it cannot have told.

        kept : comes from a browser, and may be old or damaged
        """
        look, faults = link.read(urlsplit(str(kept["reference"])).query)
        number, month, place = (int(kept[name]) for name in ("number", "month", "place"))
        within = 0 <= month <= scenario_of(look).months and 0 <= place < len(SERIES_LIGHT)
        if faults or number < 1 or not within:
            raise ValueError(faults)
        return cls(number, look, month, place, kept["beside"] is True)

    @property
    def scenarios(self) -> list[Scenario]:
        """Return the scenario that is run for it: a path that goes on is that of a branch."""
        branch = None if self.beside else branch_of(self.reference)
        return [(branch or scenario_of(self.reference)).believing(self.reference.beliefs)]

    def asked(self, reference: Ensemble) -> Asked:
        """Return the question, once its reference is there."""
        key = decides(self.reference)
        return Asked(self.number, reference, key, self.month, self.place, self.beside)


def asked(of: Asked, look: Look, now: Ensemble, span: Span | None = None) -> dict[str, Any]:
    """Return what the room is asked of what is looked at; {"wants": ...} where nothing is to guess.

    span : what the axis of the outcome holds in this session, so that the guess has the same one

    Where a path cannot stand beside the one before, for place, time, luck or beliefs, it is
    asked of alone.
    """
    past = of.reference.scenario
    there = now.scenario.world_name, now.scenario.months, now.first_seed, now.scenario.beliefs
    if (past.world_name, past.months, of.reference.first_seed, past.beliefs) != there:
        of = Asked(of.number, now, decides(look), 0, of.place)
    if not of.beside and decides(look) == of.key and of.month >= now.scenario.months:
        return {"number": of.number, "wants": say("guess.wants")}
    return question(of, look, now, span)


def between(
    number: int, look: Look, ensembles: Sequence[Ensemble], span: Span | None = None
) -> dict[str, Any]:
    """Return what the room is asked of what is compared: how one ends beside the first.

    number : of the question, from 1 on; each asks of the next one
    """
    if len(ensembles) < 2:
        return {"number": number, "wants": ""}
    which = 1 + (number - 1) % (len(ensembles) - 1)
    base, other = ensembles[0], ensembles[which]
    there = places(look, [one.name for one in ensembles])
    of = Asked(number, base, decides(look), base.scenario.months, there[0], beside=True)
    return {**question(of, look, other, span, there[which]), "kept": {"number": number}}


def question(
    of: Asked, look: Look, now: Ensemble, span: Span | None = None, own: int | None = None
) -> dict[str, Any]:
    """Return what the room is asked, with the answer, as `story/asking.js` has it.

    now : of what is looked at, as far as there are futures
    own : its place in the colours; left out, what it has alone
    """
    goes_on = not of.beside and decides(look) == of.key
    many = min(now.asked, of.reference.asked)
    past, now = first(of.reference, many), first(now, many)
    outcome, region = OUTCOMES[look.outcome], look.region
    horizon, calendar = now.scenario.months, now.scenario.calendar
    start = min(of.month, horizon) if goes_on else horizon
    axis, factor = _axis(look, span, past, now), FORMS[outcome.form].factor
    within = SAME * (axis.high - axis.low) / factor
    names = _called(past, now)
    own = places(look, [now.name])[0] if own is None else own
    other = of.place if of.place != own else (own + 1) % len(SERIES_LIGHT)
    scenarios = {own: names[1]} if goes_on else {other: names[0], own: names[1]}
    where = "" if region == OVERALL else f", {region}"
    form = FORMS[outcome.form]
    unit = form.shown or ("" if form.bare else outcome.unit)
    when = after(horizon, calendar)
    said = {"outcome": outcome.title, "when": when, "other": names[0], "scenario": names[1],
            "month": label(calendar, start)}  # fmt: skip
    asks = say(f"guess.{('goes_on' if start else 'first') if goes_on else 'other'}", **said)
    options: dict[str, str] = {
        way: say(f"guess.{way}") if goes_on else say(f"guess.other_{way}") for way in ANSWERS
    }
    way, words = _answer(look, past, now, start, within, options)
    return {
        "number": of.number,
        "kept": told_of(of),
        "question": asks,
        "title": now.scenario.title,
        "outcome": f"{outcome.title}{where}{f' ({unit})' if unit else ''}",
        "look": "",
        "options": options,
        "answer": way,
        "answer_words": words,
        "here": {"scenario": own if goes_on else other, "month": start},
        "then": {"scenario": own, "month": horizon},
        "names": scenarios,
        "dashes": list(DASHES),
        "months": [label(calendar, month) for month in range(horizon + 1)],
        "language": spoken(),
        "chart": {
            "low": axis.low,
            "high": axis.high,
            "ticks": list(axis.ticks),
            "decimals": axis.decimals(),
            "percent": form.shown == "%",
            "counted": outcome.form == "number",
            "last": horizon,
            "times": [
                {"month": one.month, "words": one.words}
                for one in time_ticks(0, horizon, 6, calendar)
            ],
            "within": within * factor,
            "here": _course(look, past, start, axis, factor),
            "then": _course(look, now, horizon, axis, factor),
        },
    }


def words() -> dict[str, str]:
    """Return what is said around a question."""
    story = part("story")
    return {**{name: story[name] for name in WORDS}, **of_phones(), **part("guess")}


def _axis(look: Look, span: Span | None, *ensembles: Ensemble) -> Axis:
    declared = OUTCOMES[look.outcome]
    form = FORMS[declared.form]
    drawn = [_values(one, look)[:SINGLES].ravel() for one in ensembles]
    every = np.concatenate([*drawn, np.array(span or ())])
    every = every[np.isfinite(every)] * form.factor
    low, high = (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)
    bounds = (declared.bounds[0] * form.factor, declared.bounds[1] * form.factor)
    return value_axis(low, high, 0.0, 1.0, bounds=bounds)


def _values(ensemble: Ensemble, look: Look) -> Floats:
    place = ensemble.regions.index(look.region), ensemble.outcomes.index(look.outcome)
    return ensemble.values[:, :, place[0], place[1]]


def _course(look: Look, one: Ensemble, last: int, axis: Axis, factor: float) -> dict[str, Any]:
    decimals = axis.decimals()
    return {
        "mean": _numbers(middle(one, look.outcome, look.region)[: last + 1] * factor, decimals),
        "singles": [
            _numbers(path * factor, decimals)
            for path in _values(one, look)[:SINGLES, : last + 1]
        ],
    }  # fmt: skip


def _numbers(values: Floats, decimals: int) -> list[float | None]:
    return [round(float(one), decimals + 2) if math.isfinite(one) else None for one in values]


def _called(past: Ensemble, now: Ensemble) -> tuple[str, str]:
    """Return a short name of each; one and the same scenario that was changed is told apart."""
    both = {"past": past.scenario, "now": now.scenario}
    titles = {name: " ".join(one.title.split()) for name, one in both.items()}
    if titles["past"] == titles["now"]:
        return say("guess.before"), say("guess.now")
    short = short_of({f"of {name}": title for name, title in titles.items()},
                     {f"of {name}": one for name, one in both.items()})  # fmt: skip
    return short["of past"], short["of now"]


def _answer(
    look: Look, past: Ensemble, now: Ensemble, start: int, within: float, options: dict[str, str]
) -> tuple[str, str]:
    """Return which way the middle goes, and that in a sentence; of a way that most futures do not
    go, that it is that of the middle alone."""
    here = past.at(look.outcome, start, look.region)
    there = now.at(look.outcome, now.scenario.months, look.region)
    if here.size != there.size:  # futures that failed are not shared
        _, of_past, of_now = np.intersect1d(past.replicates, now.replicates, return_indices=True)
        here, there = here[of_past], there[of_now]
    apart = (there - here)[np.isfinite(there - here)]
    if not apart.size:
        return "same", say("guess.undefined")
    difference = float(np.median(apart))
    ways = np.where(np.abs(apart) <= within, 0, np.sign(apart))
    way = 0 if abs(difference) <= within else 1 if difference > 0 else -1
    name = {1: "up", 0: "same", -1: "down"}[way]
    agree, many = int((ways == way).sum()), int(apart.size)
    return name, say(
        "guess.answer_few" if 2 * agree < many else "told.answer",
        answer=options[name], apart=figure(look.outcome, difference, signed=True),
        agree=agree, n=many,
    )  # fmt: skip
