"""On the stage the chart keeps its place, and no sentence of an earlier month is shown."""

from __future__ import annotations

from typing import Any

import pytest

from cisim.version import __version__

pytestmark = [pytest.mark.slow, pytest.mark.browser]
BRANCH = '{"kind":"turnover-wave","month":36,"share":0.5}'
SHARE = """() => document.querySelector('.chart.staged').clientHeight
  / document.querySelector('.one-answer').clientHeight"""
LEAST = 0.42
FILLED = """() => {
  const [place, chart] = ['.chart.staged .svg', '.chart.staged svg']
    .map((name) => document.querySelector(name).getBoundingClientRect());
  return (chart.width * chart.height) / (place.width * place.height);
}"""
"""How much of its place a chart fills."""
LETTERS = """() => {
  const svg = document.querySelector('.chart.staged svg'), frame = svg.getBoundingClientRect();
  return Math.min(...[...svg.querySelectorAll('text')]
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.bottom > frame.top && box.top < frame.bottom)
    .map(([one]) => parseFloat(getComputedStyle(one).fontSize) * svg.getScreenCTM().d));
}"""
"""How high the smallest letters of a chart are on the screen (px)."""


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_chart_keeps_almost_half_of_its_place_where_much_is_said(
    visitors: Any, width: int, height: int
) -> None:
    visitor = visitors(viewport={"width": width, "height": height})
    page = visitor.go(
        f"view=explore&world=one-town&version={__version__}&month=120&language=fi&branch={BRANCH}"
    )
    page.locator(".answer .branch-said").wait_for()
    page.locator(".one-answer .status progress").wait_for(state="detached")
    assert page.evaluate(SHARE) >= LEAST
    legible = 11 if width < 1900 else 12
    assert page.evaluate(LETTERS) >= legible
    page.locator(".panels button").nth(2).click()
    page.locator(".drawer .backbones li").first.wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate(LETTERS) >= legible, "also beside the structure"
    page.keyboard.press("Escape")
    page.locator(".drawer .backbones").wait_for(state="detached")
    page.keyboard.press("w")
    page.wait_for_selector("html.workshop")
    page.wait_for_timeout(500)
    page.wait_for_function(f"({SHARE})() >= {LEAST}")
    page.evaluate(
        "document.querySelectorAll('.answer [hidden]').forEach(one => { one.hidden = false })"
    )
    assert page.evaluate(SHARE) < LEAST, "all that is said would leave the chart too little"
    page.keyboard.press("w")  # Compare has two sentences, and as large a chart
    page = visitor.go(f"view=compare&world=one-town&version={__version__}&language=fi")
    page.locator(".one-answer .status progress").wait_for(state="detached")
    page.locator(".verdict").first.wait_for()
    page.wait_for_function(f"({FILLED})() >= 0.75")
    assert page.evaluate(LETTERS) >= legible
    frames = "[...document.querySelectorAll('.several .stage')].map(one => one.clientHeight)"
    assert len(set(page.evaluate(frames))) == 1, "networks that are compared are of one size"


def test_while_months_pass_no_sentence_of_another_is_shown(visitor: Any) -> None:
    page = visitor.go(f"view=explore&world=one-town&version={__version__}&month=24")
    visitor.ready(200)
    seen = "getComputedStyle(document.querySelector('.answer')).visibility"
    said = page.locator(".answer .headline").inner_text()
    assert page.evaluate(seen) == "visible"
    page.keyboard.press("p")
    page.wait_for_function(f"{seen} === 'hidden'")
    page.keyboard.press("p")
    page.wait_for_function(f"{seen} === 'visible'")
    assert page.locator(".answer .headline").inner_text() != said


DEAF = """window.networks = 0;
window.addEventListener('cisim-network', () => { window.networks += 1 });
window.addEventListener('cisim-play', (event) => {
  if (window.deaf) event.stopImmediatePropagation();
});"""
"""Registered first: while the window is deaf nobody hears that play is pressed."""


def test_play_that_is_pressed_before_the_network_is_there_is_heard_when_it_comes(
    visitor: Any,
) -> None:
    visitor.page.add_init_script(DEAF)
    page = visitor.go(f"view=explore&world=one-town&version={__version__}&month=0")
    page.wait_for_function("window.networks === 1")  # it says that it has come
    visitor.ready(200)
    play = page.locator(".course .play")
    page.evaluate("window.deaf = true")
    play.click()
    page.wait_for_timeout(500)
    page.evaluate("window.deaf = false")
    assert play.get_attribute("title") == "Play"
    page.evaluate("dispatchEvent(new CustomEvent('cisim-network'))")
    page.wait_for_function("document.querySelector('.course .play').title === 'Pause'")
    play.click()
    page.wait_for_function("document.querySelector('.course .play').title === 'Play'")
    page.evaluate("dispatchEvent(new CustomEvent('cisim-network'))")
    page.wait_for_timeout(500)
    assert play.get_attribute("title") == "Play", "pressed once more it does not wait any longer"
