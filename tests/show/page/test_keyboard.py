"""A whole workshop without a mouse: whoever goes by keyboard sees where, and never starts anew."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]
NAMED = """(e => e === document.body ? '' :
  (e.getAttribute('aria-label') || e.textContent || '').trim())(document.activeElement)"""
PLACE = """() => {
  const on = document.activeElement, box = on.getBoundingClientRect();
  return { on: on.tagName, shown: on.checkVisibility() && box.width > 0 && box.bottom > 0
    && box.top < innerHeight, ring: getComputedStyle(on).outlineStyle };
}"""
MOST_STOPS = 60


def test_a_workshop_goes_from_start_to_the_printed_sheet_by_keyboard_alone(visitors: Any) -> None:
    visitor = visitors(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    page = visitor.page
    page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1 }")
    press = page.keyboard.press

    def reach(name: str, most: int = MOST_STOPS, key: str = "Tab") -> None:
        """Go on until what bears a name has the focus, which is seen at each stop."""
        for _ in range(most):
            press(key)
            if name in page.evaluate(NAMED):
                assert page.evaluate(PLACE)["ring"] == "solid"
                return
        pytest.fail(f"{name} is not within {most} stops")

    def kept() -> None:
        """What has the focus is there, and seen; it is not lost to the page as a whole."""
        page.wait_for_function("document.activeElement !== document.body")
        found = page.evaluate(PLACE)
        assert found["shown"], found
        assert found["ring"] == "solid", found

    # A story, from its card.
    visitor.go("view=start&language=fi")
    page.locator(".cards svg").first.wait_for()
    reach("Kuka pitää kumppanuuden koossa?")
    press("Enter")
    page.locator(".cover").wait_for()
    kept()
    press("ArrowRight")
    page.locator(".asks").wait_for()
    kept()

    # Hands by the keys of digits, then by buttons; the answer by the forward button.
    for key in ("1", "1", "3"):
        press(key)
    reach("▼")
    press("Enter")
    assert page.locator("output[data-way]").all_text_contents() == ["2", "0", "2"]
    press("v")
    page.locator(".sentence").wait_for()
    kept()
    press("r")
    kept()
    press("ArrowRight")
    page.wait_for_url("**step=2**")
    kept()
    reach("Näytä, mitä ajot kertovat")
    press("Enter")
    page.locator(".sentence").wait_for()
    kept()
    press("Enter")  # the same button goes on
    page.wait_for_url("**step=3**")
    kept()
    press("End")
    page.locator(".debrief").wait_for()
    kept()

    # Explore: another preset, play, a lever, a guess.
    reach("Tutki", key="Shift+Tab")
    press("Enter")
    page.locator(".results .headline").wait_for()
    kept()
    title = page.inner_text("h1")
    press("n")
    page.wait_for_function("said => document.querySelector('h1').textContent !== said", arg=title)
    kept()
    page.locator(".one-answer .status progress").wait_for(state="detached")
    page.locator(".network-card canvas[data-month]").wait_for()
    press("Home")
    page.wait_for_function("document.querySelector('.course output').textContent.endsWith(' 0')")
    reach("Toista")
    press("Enter")
    page.wait_for_function("Number(document.querySelector('#month').value) > 3")
    press("p")
    press("l")
    page.locator(".drawer .levers").wait_for()
    kept()
    for _ in range(6):
        press("Tab")
        if page.evaluate("document.activeElement.matches('.drawer input[type=range]')"):
            break
    press("ArrowRight")
    page.wait_for_url("**set=**")
    press("Escape")
    page.locator(".drawer").wait_for(state="detached")
    kept()
    reach("Arvatkaa ensin")
    press("Enter")
    page.locator(".guess-place .asks").wait_for()
    kept()
    press("1")
    page.locator("[data-key~=V]:not([disabled])").wait_for()
    press("v")
    page.locator(".guess-place .sentence").wait_for()
    kept()
    press("v")
    page.locator(".results .headline").wait_for()
    kept()

    # In large type play is within three stops of where a page begins.
    press("w")
    page.locator("html.workshop").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.reload()
    page.locator(".results .headline").wait_for()
    reach("Toista", most=3)
    press("w")

    # A snapshot, and all of it beside one's start.
    reach("Säilytä")
    press("Enter")
    page.locator(".share form").wait_for()
    for _ in range(6):
        press("Tab")
        if page.evaluate("document.activeElement.matches('.share form input')"):
            break
    page.keyboard.type("Enemmän väkeä")
    press("Enter")
    page.locator(".share [role=status]", has_text="Enemmän väkeä").wait_for()
    press("Escape")
    page.locator(".drawer").wait_for(state="detached")
    kept()
    reach("Vertaa", key="Shift+Tab")
    press("Enter")
    page.locator(".verdict").first.wait_for()
    kept()

    # What was tried, on a sheet that is printed.
    reach("Yhteenveto", key="Shift+Tab")
    press("Enter")
    page.locator(".sheet article").nth(2).wait_for()
    kept()
    assert "Enemmän väkeä" in [
        one.input_value() for one in page.locator(".sheet .snapshots input").all()
    ] or "Enemmän väkeä" in page.inner_text(".sheet .snapshots")
    reach("Tulosta")
    press("Enter")
    page.wait_for_function("window.printed === 1")
