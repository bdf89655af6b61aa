"""The stories as cards on Start: a question, and how it has gone so far; told, what runs say.

What a story asks is a guess. Until the room has guessed, the card goes no further than the moment
of the question; whether it has is known in the window alone (start.vue).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.story import story_scenarios
from cisim.model.state import Floats
from cisim.show.counted import label
from cisim.show.language.spoken import spoken
from cisim.show.page import shelf
from cisim.show.page.address.look import Look
from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.engine import engine
from cisim.show.page.outcomes import Wanted
from cisim.show.page.views.colours import places
from cisim.show.page.views.small import QUANTILES, Frame, SmallPath, small_chart
from cisim.show.page.words import say
from cisim.show.story_in_words import between, title_of
from cisim.world.scenario import Scenario
from cisim.world.story import State, Story

WIDE, TALL = 120.0, 48.0
"""Of a card's chart (px)."""
AHEAD = 1.3
"""So far the time axis goes where the question is of the same month as its step."""


class Wish(NamedTuple):
    """What is run for the card of a story, by its name: the states of its first question up to the
    last month, believed as on all cards."""

    name: str
    scenarios: tuple[Scenario, ...]
    wanted: Wanted


def wish(story: Story) -> Wish:
    """Return what is run for a story's card."""
    first = story.steps[0]
    last = max(1, first.here.month, first.then.month)
    scenarios = [first.here.scenario]
    if first.then.scenario != first.here.scenario:
        scenarios.append(first.then.scenario)
    return Wish(
        story.name,
        tuple(
            first_pictures.believed(
                one.with_(events=[event for event in one.events if event.month < last], months=last)
            )
            for one in scenarios
        ),
        Wanted((first.step.look.outcome,)),
    )


def there(asked: Wish) -> tuple[Ensemble, ...]:
    """Return all futures of a card, none as long as some are missing."""
    found = [engine().cached(one, first_pictures.SEED, asked.wanted) for one in asked.scenarios]
    whole = [one for one in found if one is not None and one.asked >= first_pictures.FUTURES]
    return tuple(whole) if len(whole) == len(found) else ()


def missing(failed: Sequence[str] = ()) -> Wish | None:
    """Return what the next card waits for, None if all are there, but those that failed."""
    for name, story in shelf.stories().items():
        if name not in failed and not _drawn(name):
            asked = wish(story)
            if not there(asked):
                return asked
    return None


def cards(failed: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return of each story its name, title and first question, and its pictures if they are there.

    own   : whether it is one's own
    kept  : its titles in all languages; by them a window keeps how far it has been told
    waits : whether there will be pictures
    """
    return [_card(name, name in failed) for name in shelf.stories()]


def _card(name: str, failed: bool) -> dict[str, Any]:
    plain, story = shelf.stories()[name], shelf.story(name)
    drawn = _drawn(name)
    return {
        "name": name,
        "own": shelf.is_own(name),
        "title": story.file.title,
        "question": story.file.steps[0].predict.question,
        "steps": say("start.steps", n=len(story.file.steps)),
        "kept": [plain.file.title, *(one.title for one in plain.file.translations.values())],
        "waits": not drawn and not failed,
        "so_far": drawn.get("so_far"),
        "answer": drawn.get("answer"),
    }


class _Drawn(NamedTuple):
    story: Story
    pictures: dict[str, Any]


_kept: dict[tuple[str, str], _Drawn] = {}
"""Pictures by the name of a story and the language: drawn once, as their futures stay the same."""


def _drawn(name: str) -> dict[str, Any]:
    """Return the pictures of a story in the language that is spoken, none without its futures."""
    plain, key = shelf.stories()[name], (name, spoken())
    kept = _kept.get(key)
    if kept is not None and kept.story is plain:
        return kept.pictures
    ensembles, story = there(wish(plain)), shelf.story(name)
    if not ensembles:
        return {}
    pictures = {"so_far": _so_far(story, ensembles), "answer": _answer(story, ensembles)}
    _kept[key] = _Drawn(plain, pictures)
    return pictures


def _so_far(story: Story, ensembles: tuple[Ensemble, ...]) -> dict[str, str]:
    """Return the path up to the question; where it stands is half way up, so nothing is told."""
    first = story.steps[0]
    path = _path(story, first.here, ensembles[0])
    ranges = np.nanquantile(path.values, QUANTILES, axis=0)
    middle = float(ranges[1, -1])
    reach = 1.1 * max(float(np.nanmax(np.abs(ranges - middle))), abs(middle), 1e-9)
    last = max(1.0, first.then.month, AHEAD * first.here.month)
    frame = Frame(middle - reach, middle + reach, last, WIDE, TALL)
    words = _words("start.so_far", story, first.here, path.values)
    return {"svg": small_chart(words, [path], frame, unknown=True), "words": words}


def _answer(story: Story, ensembles: tuple[Ensemble, ...]) -> dict[str, str]:
    """Return both paths, and where that ends which the question asks about."""
    first = story.steps[0]
    paths = [
        _path(story, first.here, ensembles[0]),
        _path(story, first.then, ensembles[-1]),
    ]
    if first.here.scenario == first.then.scenario:
        paths = paths[1:]
    ranges = np.concatenate([np.nanquantile(one.values, QUANTILES, axis=0) for one in paths], 1)
    low, high = min(0.0, float(np.nanmin(ranges))), max(1e-9, float(np.nanmax(ranges)))
    last = max(1.0, first.here.month, first.then.month)
    words = _words("start.answer", story, first.then, paths[-1].values)
    frame = Frame(low, low + 1.05 * (high - low), last, WIDE, TALL)
    return {"svg": small_chart(words, paths, frame), "words": words}


def _path(story: Story, state: State, ensemble: Ensemble) -> SmallPath:
    look = story.steps[0].step.look
    months = [int(month) for month in ensemble.months if month <= state.month]
    values = [ensemble.at(look.outcome, month, look.region or OVERALL) for month in months]
    scenarios = story_scenarios(story)
    coloured = places(Look(), [one.name for one in scenarios])
    place = coloured[scenarios.index(state.scenario)]
    return SmallPath(np.array(months, dtype=float), np.column_stack(values), place)


def _words(name: str, story: Story, state: State, values: Floats) -> str:
    """Return what a path ends with: when, the middle future, and nine in ten of them."""
    look = story.steps[0].step.look
    # Values that some future has: nobody counts 2.4 organisations.
    low, middle, high = np.nanquantile(values[:, -1], QUANTILES, method="nearest").tolist()
    return say(
        name,
        when=label(state.scenario.calendar, state.month),
        what=title_of(look),
        value=between(look.outcome, middle, low, high),
    )
