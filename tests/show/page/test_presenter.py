"""The presenter's window: what it reads, its address, and how it leads the story's window."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cisim.lab.simulate import run_ensembles
from cisim.lab.story import tell
from cisim.show.language.spoken import speaking
from cisim.show.page import shelf
from cisim.show.page.address import link
from cisim.show.page.address.look import Look
from cisim.show.page.views import told
from cisim.show.story_in_words import plain


def test_its_address_names_the_story() -> None:
    look = Look(view="presenter", told="backby", language="sv")
    assert link.read(link.write(look).partition("?")[2]) == (look, [])
    assert link.read("view=presenter")[0].view == "start"


def test_the_presenter_reads_what_the_room_hears_and_the_answers() -> None:
    with speaking("fi"):
        story = shelf.story("three-structures")
        scenarios, futures, wanted = told.wish(story)
        found = tell(story, futures, 1, told.SEED)
        said = told.script(
            story,
            run_ensembles(
                scenarios, futures, 1, told.SEED, outcomes=wanted.outcomes, by_region=True
            ),
        )
        assert found is not None
        heard = plain(found)
    assert said["title"] == "Kuka pitää kumppanuuden koossa?"
    assert [step["answer_words"] for step in said["steps"]] == [
        step["answer_words"] for step in heard["steps"]
    ]
    assert [step["text"] for step in said["steps"]] == [step["text"] for step in heard["steps"]]
    assert said["words"]["coming"] == "Seuraavaksi"
    assert "films" not in said


@pytest.mark.slow
@pytest.mark.browser
def test_it_leads_the_window_of_the_story(visitor: Any) -> None:
    # Without its story it says what it is for, and the way to the story.
    window = visitor.go("view=presenter&tell=three-structures&language=fi")
    window.get_by_text("Tämä ikkuna on tilaisuuden vetäjälle").wait_for()
    assert window.locator(".presenter ol li").count() == 5
    with window.context.expect_page() as begun:
        window.get_by_role("link", name="Avaa tarina").click()
    begun.value.locator(".cover").wait_for()
    window.locator(".presenter .forward").wait_for()
    begun.value.close()
    page = visitor.go("view=story&tell=three-structures&step=1&language=fi")
    page.locator(".asks").wait_for()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Esittäjän ikkuna").press("Enter")
    window = opened.value
    window.set_default_timeout(120_000)
    forward = window.locator(".presenter .forward")
    forward.wait_for()
    assert "45:00" in window.locator(".times").inner_text()
    assert "ei vielä näytetty" in window.locator(".presenter").inner_text()
    page.keyboard.press("1")
    window.get_by_text("Useampi: 1").wait_for()
    forward.press("Enter")
    page.locator(".sentence").wait_for()
    window.locator(".presenter .forward", has_text="Seuraava vaihe").press("Enter")
    page.wait_for_url("**step=2**")
    window.get_by_text("Vaihe 2/5").wait_for()
    assert window.evaluate("document.activeElement.className") == "forward"
    minutes = window.locator(".presenter input")
    minutes.fill("30")
    page.locator(".asks").wait_for()
    page.keyboard.press("2")
    window.locator(".script p", has_text=re.compile(": 0 · .*: 1 · .*: 0")).wait_for()
    assert window.evaluate("document.activeElement.value") == "30"
    assert "30:00" in window.locator(".times").inner_text()
