"""Everybody reaches everything: each page, in each theme and language, by eye, ear and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from cisim.lab.sweep import Experiment
from cisim.show.language.spoken import ENGLISH, languages, speaking
from cisim.show.page.room import Room
from cisim.show.page.server.phones import Phones
from cisim.version import __version__
from tests.axe import PAGES, STANDS, THEMES, finds_nothing, wears
from tests.show.page.conftest import Visitor, serving
from tests.show.page.test_results_shown import EXPERIMENT
from tests.show.page.test_room import CODE, LINK, PLACE, ask, vote

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CODES = list(languages())

ALIKE: dict[str, set[str]] = {
    "all": {
        "cisim", "alive", "bäckby", "getting", "lika", "thrive", "ungas", "villkor", "vägar",
        "zero", "down", "enter", "escape", "home", "page", "excel", "opendocument", "kuklinski",
        "francisco", "malmö", "västerås", "tjänster", "tudor", "hart", "gloppen", "slovic",
        "casey", "logit",
    },
    "fi": set(),
    "sv": {
        "agenda", "april", "band", "budget", "data", "december", "drift", "euro", "fast",
        "finland", "full", "hand", "index", "kronor", "median", "minus", "november",
        "organisation", "organisations", "part", "person", "reform", "region", "regional",
        "regions", "scenario", "sent", "september", "social", "sponsor", "start", "still", "text",
        "trend", "under",
    },
}  # fmt: skip
"""Words that are in English and in another language, and right so: names, keys."""

AS_WRITTEN = {"about"}
"""Pages on which much stands as its source has it."""
CUT = """() => {
  const found = document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : [];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const on = words.currentNode.parentElement, said = words.currentNode.data.trim();
    if (!said || !on.checkVisibility({ visibilityProperty: true })) continue;
    if (on.closest('script, style, option, svg, .hidden, .skip, .tip, .phases')) continue;
    const above = [];
    for (let one = on; one; one = one.parentElement) above.push([one, getComputedStyle(one)]);
    if (above.some(([one, look]) => /auto|scroll/.test(look.overflowX)
      || look.textOverflow === 'ellipsis' || look.webkitLineClamp !== 'none')) continue;
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    const frame = (on.closest('.card, .course, .one-answer, .network-card') || document.body)
      .getBoundingClientRect();
    const shut = above.filter(([one, look]) => /hidden|clip/.test(look.overflow)
      && one !== document.body && one.parentElement).map(([one]) => one.getBoundingClientRect());
    for (const box of range.getClientRects())
      if (box.right > Math.min(frame.right, innerWidth) + 1 || box.left < frame.left - 1
        || shut.some((one) => box.bottom > one.bottom + 2 || box.right > one.right + 2))
        found.push(`${on.tagName}.${on.className}: ${said.slice(0, 40)}`);
  }
  return found;
}"""
"""Texts that are cut, or stand out of their frame."""
WRITTEN = """() => [...document.querySelectorAll('svg')].flatMap((svg) => {
  if (!svg.checkVisibility({ visibilityProperty: true })) return [];
  const frame = svg.getBoundingClientRect();
  const staged = svg.closest('.staged'); // it shows its field alone: its head is not seen
  const found = [];
  const texts = [...svg.querySelectorAll('text')]
    .filter((one) => one.textContent.trim() && one.checkVisibility({ visibilityProperty: true }))
    .map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => !staged || (box.bottom > frame.top && box.top < frame.bottom));
  texts.forEach(([said, a], k) => {
    if (a.left < frame.left - 2 || a.right > frame.right + 2
      || a.top < frame.top - 2 || a.bottom > frame.bottom + 2) found.push(`leaves: ${said}`);
    for (const [other, b] of texts.slice(k + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 0.3 * Math.min(a.height, b.height)) found.push(`${said} | ${other}`);
    }
  });
  return found;
})"""
"""Words of charts that stand out of their chart, or lie over each other."""
SMALL = """(least) => {
  const found = [], words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const on = words.currentNode.parentElement, said = words.currentNode.data.trim();
    if (!said || !on.checkVisibility({ visibilityProperty: true })) continue;
    if (on.closest('script, style, option, .hidden, .skip, .tip')) continue;
    const svg = on.closest('svg');
    let size = parseFloat(getComputedStyle(on).fontSize);
    if (svg) {
      const frame = svg.getBoundingClientRect(), box = on.getBoundingClientRect();
      if (box.bottom < frame.top || box.top > frame.bottom) continue; // not on the stage
      size *= Math.abs(on.getScreenCTM().d);
    }
    if (size < least - 0.05) found.push(`${size.toFixed(1)}: ${said.slice(0, 40)}`);
  }
  return found;
}"""
"""Letters that are smaller than the least that is read from a chair (px)."""
BELOW = """() => [...document.querySelectorAll('.story-place nav')]
  .filter((one) => one.getBoundingClientRect().bottom > innerHeight).map((one) => one.innerText)"""
"""Keys of a story that are below the screen, whose height it has."""
DRAWERS = {
    "explore": [
        (".panels button", 0, ".levers .control"),
        (".panels button", 1, ".what-if"),
        (".panels button", 2, ".backbones li"),
        (".panels button", 3, ".share form"),
        (".foot-row .buttons button", 0, ".why tbody tr"),
        (".foot-row .buttons button", 1, ".sure"),
        (".foot-row .buttons button", 2, ".details"),
    ],
    "compare": [
        (".panels button", 0, ".differ"),
        (".panels button", 1, ".chart svg"),
        (".panels button", 2, ".bill td"),
        (".panels button", 3, ".chart svg"),
        (".panels button", 4, "h2"),
    ],
}
"""What is opened beside the stage: the key, which of them, and what stands in it."""


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page, with a study; return its address."""
    root = tmp_path_factory.mktemp("studies")
    study = EXPERIMENT.replace("Staff of both levels", "Tjänster")
    (root / "staff.toml").write_text(study, "utf-8")
    Experiment.load(root / "staff.toml").run(root / "all" / "fte", workers=1)
    with serving(tmp_path_factory.mktemp("data"), str(root / "all")) as address:
        yield address


@pytest.fixture(scope="module")
def near(browser: Any, place: str) -> Iterator[Any]:
    """Return a visitor who reads at 200 %."""
    found = Visitor(browser, place, viewport={"width": 960, "height": 540}, device_scale_factor=2)
    yield found
    assert not found.faults
    found.context.close()


@pytest.fixture(scope="module")
def visitor(browser: Any, place: str) -> Iterator[Any]:
    """Return one visitor of one server; nothing must have gone wrong."""
    found = Visitor(browser, place, viewport={"width": 1366, "height": 768})
    yield found
    assert not found.faults
    found.context.close()


def stands(visitor: Visitor, name: str, code: str) -> Any:
    """Open a page in a language, and wait until it stands."""
    page = visitor.go(f"{PAGES.get(name, f'view={name}')}&version={__version__}&language={code}")
    if name in STANDS:
        page.locator(STANDS[name]).first.wait_for()
    page.wait_for_function("!document.querySelector('.chart.stale')")
    return page


def opens(page: Any, keys: str, which: int, inside: str) -> None:
    """Open a drawer, and all that opens in it; wait until it stands."""
    page.locator(keys).nth(which).click()
    page.locator(".drawer").locator(inside).first.wait_for()
    shut = ".drawer [aria-expanded=false]"
    page.evaluate("shut => document.querySelectorAll(shut).forEach(one => one.click())", shut)
    page.locator(shut).first.wait_for(state="detached")
    page.evaluate("document.querySelectorAll('.drawer details').forEach(one => one.open = true)")
    page.wait_for_function("!document.querySelector('.drawer .chart.stale')")


def words_on(page: Any, within: str = "body") -> set[str]:
    """Return the words of four letters and more that are shown; source, code and keys are none."""
    text = page.evaluate(
        "within => { const all = document.querySelector(within).cloneNode(true);"
        "all.querySelectorAll('code, pre, script, style, [lang]').forEach(e => e.remove());"
        "return [...all.querySelectorAll('*')].flatMap(e => [...e.childNodes].filter(n => "
        "n.nodeType === 3).map(n => n.data).concat(['title', 'aria-label', 'placeholder'].map(a => "
        "e.getAttribute(a) || ''))).join('\\n') }",
        within,
    )
    text = re.sub(r"\S*[_/.-]\w\S*|\w*\d\w*|Communities That Care", " ", text)
    return {one.lower() for one in re.findall(r"[^\W\d_]{4,}", text)}


@pytest.mark.parametrize("name", PAGES)
def test_everybody_reads_and_reaches_it_in_any_theme_and_language(
    visitor: Visitor, name: str
) -> None:
    read = {}
    for code in CODES:
        page = stands(visitor, name, code)
        read[code] = words_on(page)
        for theme in THEMES:
            wears(page, theme)
            finds_nothing(page, theme=theme)
            assert page.evaluate(CUT) == [], (code, theme)
            assert page.evaluate(WRITTEN) == [], (code, theme)
            assert page.evaluate(BELOW) == [], (code, theme)
            assert page.evaluate(SMALL, 11) == [], (code, theme)
        wears(page, "light")
        for drawer in DRAWERS.get(name, ()):
            opens(page, *drawer)
            read[code] |= words_on(page, ".drawer")
            for theme in THEMES:
                wears(page, theme)
                finds_nothing(page, ".drawer", theme)
                assert page.evaluate(CUT) == [], (code, drawer, theme)
                assert page.evaluate(WRITTEN) == [], (code, drawer, theme)
                assert page.evaluate(SMALL, 11) == [], (code, drawer, theme)
            wears(page, "light")
        if name in DRAWERS:  # it would be open in the next language, too
            page.keyboard.press("Escape")
            page.locator(".drawer .drawer-head").wait_for(state="detached")
    for code in CODES:
        if code != ENGLISH:
            assert len(read[code]) > 10
            left = read[code] & read[ENGLISH] - ALIKE["all"] - ALIKE[code]
            assert not left or name in AS_WRITTEN, left


def test_what_a_room_has_tried_is_read_printed_and_opened_again(
    visitor: Visitor, tmp_path: Path
) -> None:
    asked = "world=one-town&scenario=missing-sponsor&set=national_fte:2&month=24"
    page = visitor.go(f"view=explore&{asked}&language=sv")
    page.locator(".results .headline").wait_for()
    page.keyboard.press("g")
    page.locator("[data-key~=V]:not([disabled])").wait_for()
    for key in "112v":
        page.keyboard.press(key)
    page.locator(".guess-place .sentence").wait_for()
    page.locator(".panels button").nth(3).click()
    page.locator(".drawer input[type=text]").first.fill("Två nationella")
    page.locator(".drawer form button").click()
    page.locator(".drawer", has_text="Två nationella").wait_for()
    for code in CODES:
        page = visitor.go(f"view=debrief&language={code}")
        page.locator(".sheet .snapshots .qr svg").wait_for()
        page.locator(".sheet textarea").fill("Kuka antaa luvan?")
        for theme in THEMES:
            wears(page, theme)
            finds_nothing(page, theme=theme)
            assert page.evaluate(CUT) == [], (code, theme)
            assert page.evaluate(WRITTEN) == [], (code, theme)
    assert page.locator(".sheet article .unit").inner_text().startswith("Barns välbefinnande")
    # Paper is light, whatever the screen is, and so is the file that is kept.
    ink = "getComputedStyle(document.querySelector('.sheet h1')).color"
    on_paper = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ink) != on_paper
    with page.expect_download() as saved:
        page.locator(".sheet .does button").nth(1).click()
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(ink) == on_paper
    assert page.locator(".sheet .printed").inner_text() == "Kuka antaa luvan?"
    assert page.evaluate(WRITTEN) == []
    page.emulate_media(color_scheme="light", media="screen")
    alone = visitor.context.new_page()
    saved.value.save_as(tmp_path / "sheet.html")
    alone.goto((tmp_path / "sheet.html").as_uri())
    assert alone.evaluate(ink) == on_paper
    # What was tried opens in another window as it was: place, scenario, change and month.
    for link in page.locator(".sheet .way a").evaluate_all("all => all.map(one => one.href)"):
        alone.goto(link)
        alone.locator(".results .headline").wait_for()
        assert alone.locator(".course output").inner_text() in ("Månad 24", "Månad 120")
        for part in asked.split("&")[:3]:
            assert part in unquote(alone.url)
    alone.close()


def test_at_the_head_of_a_phone_there_is_one_line_with_a_menu(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    for code in CODES:
        page = stands(visitor, "about", code)
        wears(page, "light")
        assert page.locator("header.top").bounding_box()["height"] <= 60
        menu = page.locator("button.menu")
        assert menu.get_attribute("aria-expanded") == "false"
        assert not page.locator("#head-menu nav").first.is_visible()
        menu.focus()
        page.keyboard.press("Enter")
        assert menu.get_attribute("aria-expanded") == "true"
        finds_nothing(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        assert menu.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    page.locator("#head-menu a", has_text="Start").press("Enter")
    page.wait_for_url(lambda url: "view=" not in url)
    page.locator("button.menu[aria-expanded=false]").wait_for()
    visitor.page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.parametrize("name", PAGES)
def test_at_200_percent_nothing_is_cut_and_nothing_scrolls_sideways(
    near: Visitor, name: str
) -> None:
    for code in ("fi", "sv"):
        page = stands(near, name, code)
        for width, height in ((683, 384), (960, 540)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function("document.fonts.status === 'loaded'")
            page.wait_for_timeout(300)  # what is drawn to its place is drawn anew
            assert page.evaluate(CUT) == [], (code, width)
            assert page.evaluate(WRITTEN) == [], (code, width)


@pytest.mark.parametrize("code", CODES)
def test_phones_read_and_reach_the_vote(browser: Any, code: str) -> None:
    app = Phones(Room(LINK), PLACE, CODE)
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()

    def away(does: Callable[..., Any], *given: Any) -> Any:
        """Do it beside the event loop of the browser."""
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(does, app, *given).result()

    def fits() -> None:
        page.set_content(away(ask)[1])
        assert page.locator("html").get_attribute("lang") == code
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            # It looks every few seconds whether there is another question, as a room goes on.
            finds_nothing(page, theme=theme, but="meta-refresh")
        assert page.evaluate(CUT) == []

    with speaking(code):
        app.room.ask("Sosiaalityöntekijöiden vaihtuvuus?")
    fits()
    away(vote, "up")
    fits()
    app.room.close()
    fits()
    context.close()
