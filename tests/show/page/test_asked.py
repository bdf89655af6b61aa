"""Cards of stories on Start: a question, how it has gone so far, and nothing of what runs say."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cisim.lab.ensemble import Ensemble
from cisim.lab.simulate import run_ensembles
from cisim.show.language.spoken import languages, speaking
from cisim.show.page import shelf
from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.engine import News, engine
from cisim.show.page.views import asked
from cisim.world.beliefs import usual_beliefs
from cisim.world.files import shipped
from cisim.world.story import Story

SAME_MONTH, LATER = "missing-sponsor", "backby"
"""A story that first asks about another partnership, and one that asks about a later month."""


def futures(name: str) -> tuple[Ensemble, ...]:
    found = asked.wish(shelf.stories()[name])
    return tuple(
        run_ensembles(
            list(found.scenarios), first_pictures.FUTURES, 1, first_pictures.SEED,
            outcomes=found.wanted.outcomes, by_region=True,
        )
    )  # fmt: skip


def so_far(name: str, ensembles: tuple[Ensemble, ...]) -> dict[str, str]:
    return asked._so_far(shelf.story(name), ensembles)


@pytest.mark.parametrize("code", sorted(languages()))
def test_every_story_has_a_card_in_the_language_that_is_spoken(code: str) -> None:
    with speaking(code):
        cards = asked.cards()
    assert cards[0]["name"] == "three-structures"
    assert {card["name"] for card in cards} == set(shipped("stories"))
    for card in cards:
        story = Story.load(card["name"])
        other = story.translated(code).file
        assert card["title"] == other.title
        assert card["question"] == other.steps[0].predict.question
        assert {story.file.title, other.title} <= set(card["kept"])


@pytest.mark.parametrize("name", [SAME_MONTH, LATER])
def test_a_card_gives_nothing_away_that_the_story_asks(name: str) -> None:
    found = futures(name)
    first = shelf.stories()[name].steps[0]
    card = so_far(name, found)
    assert "?</text>" in card["svg"]
    # Whatever comes after the question, and in what it asks about, the card is the same.
    values = found[-1].values.copy()
    values[:, (first.here.month + 1 if len(found) == 1 else 0) :] += 1000.0
    other = (*found[:-1], replace(found[-1], values=values))
    assert so_far(name, other) == card
    assert asked._answer(shelf.story(name), other) != asked._answer(shelf.story(name), found)
    # Where it stands is half way up: so high it may rise, so deep it may fall.
    look = first.step.look.outcome
    middle = np.nanquantile(found[0].at(look, first.here.month), 0.5)
    begins = asked._path(shelf.story(name), first.here, found[0])
    assert begins.months[-1] == first.here.month
    assert np.nanquantile(begins.values[:, -1], 0.5) == middle


def test_a_card_is_believed_as_all_cards_are() -> None:
    for story in shelf.stories().values():
        for scenario in asked.wish(story).scenarios:
            assert scenario.beliefs == first_pictures.believed(scenario).beliefs
            assert scenario.beliefs is not None
            assert scenario.beliefs == scenario.believing(usual_beliefs()).beliefs


def test_the_value_is_of_some_future_and_stands_with_nine_in_ten() -> None:
    found = futures(SAME_MONTH)
    ends = np.sort(found[-1].at("members", 12))
    low, middle, high = np.nanquantile(ends, (0.05, 0.5, 0.95), method="nearest")
    assert {low, middle, high} <= set(ends)
    words = asked._answer(shelf.story(SAME_MONTH), found)["words"]
    assert f"Members: {middle:.0f} ({low:.0f}…{high:.0f}) organisations" in words
    assert words.startswith("Runs say, month 12.")


def test_pictures_come_once_their_futures_are_there_and_one_that_fails_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asked, "_kept", {})
    seen: list[str] = []
    while (wish := asked.missing(seen)) is not None and wish.name != LATER:
        seen.append(wish.name)  # as those that failed
    assert wish is not None
    cards = {card["name"]: card for card in asked.cards(seen)}
    assert [card["waits"] for name, card in cards.items() if name in seen] == [False] * len(seen)
    assert cards[LATER]["waits"]
    assert cards[LATER]["so_far"] is None
    done = threading.Event()

    def tell(news: News) -> None:
        if news.finished:
            done.set()

    engine().ask(
        wish.scenarios, first_pictures.SEED, first_pictures.FUTURES, tell, sharper=True,
        wanted=wish.wanted,
    )  # fmt: skip
    assert done.wait(300)
    there = next(card for card in asked.cards() if card["name"] == LATER)
    assert not there["waits"]
    assert there["so_far"] == so_far(LATER, futures(LATER))
    assert next_name(seen) != LATER


def next_name(failed: list[str]) -> str:
    wish = asked.missing(failed)
    return "" if wish is None else wish.name


@pytest.mark.slow
@pytest.mark.browser
def test_a_card_says_what_runs_say_once_the_room_has_guessed(visitor: Any) -> None:
    page = visitor.go("view=start")
    card = page.locator(".told li", has_text="Who holds a partnership together?")
    card.locator(".small-asked").wait_for()
    assert card.locator(".seen p").text_content().startswith("So far, month 24.")
    everything = page.locator(".start").text_content()
    assert "Runs say" not in everything
    card.get_by_role("button").click()
    page.locator(".cover").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(".asks").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Space")
    page.locator(".sentence").wait_for()
    page.get_by_role("link", name="Start").click()
    card.locator("svg").wait_for()
    assert card.locator(".seen p").text_content().startswith("Runs say, month 24.")
    assert card.locator(".small-asked").count() == 0
    page.locator(".small-asked").first.wait_for()  # of the others nothing is told
