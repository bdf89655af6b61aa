"""The stories that can be told: run for the player and for the presenter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cisim.lab.ensemble import Ensemble
from cisim.lab.story import FUTURES, as_run, looked_at, told_by
from cisim.show.page.outcomes import Wanted
from cisim.show.page.packing import squeezed
from cisim.show.page.story.told import films, played
from cisim.show.page.words import part
from cisim.show.story_in_words import plain
from cisim.world.scenario import Scenario
from cisim.world.story import Story

SEED = 1
"""Of the first future, as `cisim story` has it: the page and a file tell the same."""


def wish(story: Story) -> tuple[list[Scenario], int, Wanted]:
    """Return what is run for a story: scenarios, how many futures of each, and what is kept."""
    return as_run(story), FUTURES, Wanted(looked_at(story))


def packed(story: Story, ensembles: Sequence[Ensemble]) -> str:
    """Return a story as its player has it, squeezed.

    ensembles : of each scenario of its `wish`

    Raises InputError if what is looked at is defined in no future.
    """
    told = told_by(story, ensembles, FUTURES, SEED)
    return squeezed(given(played(told, films(told))))


def script(story: Story, ensembles: Sequence[Ensemble]) -> dict[str, Any]:
    """Return what the presenter reads: each step's words, question and answer.

    ensembles : of each scenario of its `wish`

    Raises InputError if what is looked at is defined in no future.
    """
    said = plain(told_by(story, ensembles, FUTURES, SEED))
    names = ("title", "text", "question", "options", "answer_words")
    return {
        "title": said["title"],
        "about": said["about"],
        "steps": [{name: step[name] for name in names} for step in said["steps"]],
        "words": {**part("story"), **part("presenter"), **of_phones()},
    }


def of_phones() -> dict[str, str]:
    """Return what is said of phones beside a question."""
    room = part("room")
    return {"ask_phones": room["ask"], "close_vote": room["close"], "way_in": room["way_in"]}


def given(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the player is given, with what it says only on the page."""
    own = part("keys_do")
    keys = {**told["words"]["keys_do"], **{name: own[name] for name in ("phones", "workshop")}}
    own_window = {"presenter": part("presenter")["presenter"]}
    return {**told, "words": {**told["words"], **of_phones(), **own_window, "keys_do": keys}}
