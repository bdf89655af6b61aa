"""Everybody reaches everything: each page, in each theme and language, by eye, ear and key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cisim.show.language.spoken import ENGLISH, languages
from cisim.version import __version__
from tests.axe import PAGES, STANDS, THEMES, finds_nothing, wears
from tests.show.page.conftest import Visitor, serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]
CODES = list(languages())

ALIKE: dict[str, set[str]] = {
    "all": {
        "cisim", "alive", "bäckby", "getting", "lika", "thrive", "ungas", "villkor", "vägar",
        "zero", "down", "enter", "escape", "home", "page", "excel", "opendocument",
    },
    "fi": set(),
    "sv": {
        "agenda", "april", "band", "data", "december", "finland", "hand", "index", "median",
        "november", "organisation", "region", "regional", "scenario", "september", "sponsor",
        "sent", "start", "text", "under",
    },
}  # fmt: skip
"""Words that are in English and in another language, and right so: names, keys."""


@pytest.fixture(scope="module")
def visitor(browser: Any, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return one visitor of one server; nothing must have gone wrong."""
    with serving(tmp_path_factory.mktemp("data")) as address:
        found = Visitor(browser, address, viewport={"width": 1366, "height": 768})
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


def words_on(page: Any) -> set[str]:
    """Return the words of four letters and more that a page shows, but those of source and code."""
    text = page.evaluate(
        "(() => { const all = document.body.cloneNode(true);"
        "all.querySelectorAll('code, pre, script, style, [lang]').forEach(e => e.remove());"
        "return [...all.querySelectorAll('*')].flatMap(e => [...e.childNodes].filter(n => "
        "n.nodeType === 3).map(n => n.data).concat(['title', 'aria-label', 'placeholder'].map(a => "
        "e.getAttribute(a) || ''))).join('\\n') })()"
    )
    text = re.sub(r"\S*[_/.-]\w\S*", " ", text)
    return {one.lower() for one in re.findall(r"[^\W\d_]{4,}", text)}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_any_theme_and_language_and_no_word_is_english(
    visitor: Visitor, name: str
) -> None:
    read = {}
    for code in CODES:
        page = stands(visitor, name, code)
        read[code] = words_on(page)
        for theme in THEMES:
            wears(page, theme)
            finds_nothing(page)
        wears(page, "light")
    for code in CODES:
        if code != ENGLISH:
            assert len(read[code]) > 10
            assert read[code] & read[ENGLISH] <= ALIKE["all"] | ALIKE[code]


def test_at_the_head_of_a_phone_there_is_one_line_with_a_menu(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    for code in CODES:
        page = stands(visitor, "about", code)
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
