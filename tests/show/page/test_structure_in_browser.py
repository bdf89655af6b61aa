"""The structure view in a real browser: by mouse, by keyboard, in three languages, on a screen."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from tests.axe import finds_nothing

pytestmark = [pytest.mark.slow, pytest.mark.browser]
TOWN = "view=explore&world=one-town"
TABS = 5


def opened(visitor: Any, query: str = TOWN, tab: int = 0) -> Any:
    """Open the structure view at one of its parts."""
    page = visitor.go(query)
    page.locator(".panels button").nth(2).click()
    page.locator(".tabs button").nth(tab).click()
    return page


def handle(page: Any, post: str, side: str) -> Any:
    return page.locator(f"[data-handle='{post} {side}']")


def set_to(page: Any, text: str) -> None:
    """Wait until the address says so."""
    page.wait_for_function(
        "text => decodeURIComponent(location.search.replaceAll('+', ' ')).includes(text)", arg=text
    )


def drag(page: Any, post: str, side: str, share: float) -> None:
    """Drag one end of a post to a share of its time axis."""
    grip = handle(page, post, side)
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    track = grip.locator("xpath=..").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(track["x"] + share * track["width"], box["y"] + 4, steps=4)
    page.mouse.up()


def foundation_pays(page: Any) -> list[bool]:
    """Return in which years the foundation pays, as the columns under the axis say."""
    titles = page.locator(".posts .year").evaluate_all("all => all.map(one => one.title)")
    return ["Foundation" in title for title in titles]


def test_posts_are_dragged_and_the_bill_follows(visitor: Any) -> None:
    page = opened(visitor, tab=1)
    page.wait_for_selector(".posts .year")
    assert all(foundation_pays(page))
    drag(page, "national_fte", "end", 0.4)
    set_to(page, '"until":48')
    page.wait_for_function(
        "[...document.querySelectorAll('.posts .year')].filter(one => one.title.includes("
        "'Foundation')).length === 5"
    )
    assert foundation_pays(page) == [True] * 5 + [False] * 5  # seed money lasts five years
    drag(page, "regional", "end", 0.2)
    set_to(page, "seed_end:24")
    page.wait_for_function(
        "[...document.querySelectorAll('.posts .year')].filter(one => one.title.includes("
        "'Foundation')).length === 4"
    )
    shown = page.locator(".posts .year").first.bounding_box()
    parts = page.locator(".posts .year").first.locator("span")
    assert parts.count() >= 1
    assert parts.first.bounding_box()["width"] > 0.6 * shown["width"]
    page.go_back()
    page.wait_for_function("!decodeURIComponent(location.search).includes('seed_end:24')")
    page.reload()
    page.locator(".tabs button").nth(1).click()
    page.wait_for_selector("[data-handle='posts[0] end'][aria-valuenow='48']")


def test_posts_are_moved_by_keyboard_and_typed_and_added_and_removed(visitor: Any) -> None:
    page = opened(visitor, tab=1)
    grip = handle(page, "national_fte", "end")
    grip.focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    set_to(page, '"until":97')
    # The post has become a row of its own, and the hand is still on it.
    page.wait_for_function("document.activeElement.dataset.handle === 'posts[0] end'")
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "Month 97"
    assert "month=" not in page.url
    form = page.locator(".posts .post-form").first
    form.get_by_label("Paid by").select_option("state")
    set_to(page, '"payer":"state"')
    form.get_by_label("Number").fill("2.5")
    visitor.ready(200)  # drawn anew meanwhile, what is typed stays
    form.get_by_label("Number").press("Enter")
    set_to(page, '"fte":2.5')
    page.locator(".posts .post small", has_text="2.5").wait_for()
    form.get_by_label("From month").fill("12")
    form.get_by_label("From month").press("Enter")
    set_to(page, '"from":12')
    page.get_by_text("Add a post").click()
    adds = page.locator(".posts .add form")
    adds.get_by_label("Where").select_option("academic")
    adds.get_by_label("Paid by").select_option("municipality")
    adds.get_by_label("Until month").fill("36")
    adds.get_by_role("button", name="Add").click()
    set_to(page, '"where":"academic"')
    page.locator(".posts .payer", has_text="Municipality").wait_for()
    page.locator(".posts .post > button", has_text="Academic partner").click()
    page.locator(".posts .post-form").get_by_role("button", name="Remove").click()
    page.wait_for_function("!decodeURIComponent(location.search).includes('academic')")
    # What the model does not allow is one sentence, and nothing moves.
    before = unquote(page.url)
    page.locator(".posts .post > button[title*='Regional backbone, 1']").click()
    page.locator(".posts .post-form").first.get_by_label("Paid by").select_option("sponsors")
    page.get_by_text("by their rule at the same time").wait_for()
    assert unquote(page.url) == before


def test_a_payer_of_ones_own_name_is_added_renamed_and_removed_by_keyboard(visitor: Any) -> None:
    page = opened(visitor, f"{TOWN}&language=fi", tab=1)
    page.wait_for_selector(".posts .year")
    page.locator(".posts summary", has_text="Maksajat").focus()
    page.keyboard.press("Enter")
    name = "Pohjois-Pohjanmaan hyvinvointialue"
    adds = page.locator(".posts .add form").last
    adds.get_by_label("Mistä työstä maksaa").select_option("regional")
    adds.get_by_label("Osuus, prosenttia").fill("40")
    adds.get_by_label("Maksajan nimi").focus()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    set_to(page, f'"name":"{name}"')
    page.locator(".posts .payer", has_text=name).wait_for()
    paid = page.locator(f".posts .year[title*='{name} 0,4']")
    paid.first.wait_for()
    assert paid.count() == 5
    assert adds.get_by_label("Maksajan nimi").input_value() == ""
    # A name that is taken is told in one sentence; another is taken over everywhere.
    before = unquote(page.url)
    box = page.get_by_label(f"Maksajan nimi: {name}")
    box.fill("Säätiö")
    box.press("Enter")
    page.get_by_text("Maksaja 'Säätiö' on jo olemassa").wait_for()
    assert unquote(page.url) == before
    box.fill("Oulun seudun maksaja")
    box.press("Enter")
    set_to(page, '"payer":"Oulun seudun maksaja"')
    page.locator(".posts .payer", has_text="Oulun seudun maksaja").wait_for()
    finds_nothing(page)
    page.locator(".paying button", has_text="Oulun seudun maksaja").press("Enter")
    page.wait_for_function("!decodeURIComponent(location.search).includes('Oulun seudun')")
    page.locator(".posts .payer", has_text="Oulun seudun maksaja").wait_for(state="detached")


def test_a_backbone_is_dropped_in_with_one_choice_and_compared(visitor: Any) -> None:
    page = opened(visitor)
    assert page.locator(".backbones li").count() == 9
    page.get_by_role("button", name="Programme of a hospital").click()
    set_to(page, "scenario=hospital-programme")
    assert "world=one-town" in page.url
    page.wait_for_selector(".backbones li.here button[aria-pressed=true]")
    page.get_by_text("Where it comes from: Programme of a hospital").click()
    page.get_by_text("V20: the most common backbone is 'a programme under").wait_for()
    page.locator(".tabs button").nth(1).click()
    page.locator(".posts .payer", has_text="Hospital").wait_for()
    page.get_by_role("button", name="Compare", exact=False).last.click()
    page.wait_for_url("**view=compare**")
    options = page.locator(".heading-area select").evaluate_all("all => all.map(one => one.value)")
    assert "hospital-programme" in options


def test_a_function_that_nobody_exercises_is_seen_at_the_month(visitor: Any) -> None:
    page = opened(visitor, f"{TOWN}&scenario=missing-sponsor&month=24", tab=2)
    page.wait_for_selector(".carried table")
    head = "Who carries which function of leadership, month"
    page.get_by_role("heading", name=f"{head} 24").wait_for()
    assert page.locator(".carried .warn").inner_text() == "Nobody exercises now: Sponsor."
    row = page.locator(".carried tr.missing")
    assert row.locator("th").inner_text() == "Sponsor"
    assert row.locator(".lamp.out").count() == 1
    assert "%" in page.locator(".carried tr", has_text="Initiator").inner_text()
    # While the network plays it goes along, before anything comes from the server.
    page.evaluate("window.dispatchEvent(new CustomEvent('cisim-seek', {detail: {month: 0}}))")
    page.get_by_role("heading", name=f"{head} 0").wait_for()
    assert "Initiator" in page.locator(".carried .warn").inner_text()
    page.locator(".panels button").nth(2).click()
    page = opened(visitor, f"{TOWN}&scenario=regional-only&month=24", tab=2)
    page.locator(".carried thead", has_text="no post now").wait_for()


def test_what_each_one_is_worth_comes_in_the_background_and_grows_sharper(visitor: Any) -> None:
    page = opened(visitor, f"{TOWN}&scenario=regional-only", tab=4)
    page.wait_for_selector(".worth tbody tr")
    assert page.locator(".worth tbody tr").count() == 4
    assert "4 futures of 40 so far" in page.locator(".worth [role=status]").inner_text()
    assert "All of them against none" in page.locator(".worth .said").inner_text()
    page.wait_for_function(
        "document.querySelector('.worth [role=status]').textContent.includes('12 futures of 40')"
    )
    with page.expect_download() as saved:
        page.locator(".worth").get_by_role("button", name="CSV").click()
    assert saved.value.suggested_filename == "worth-roles-wellbeing-gain.csv"
    page.get_by_label("Of whom").select_option("sectors")
    page.wait_for_function("document.querySelectorAll('.worth tbody tr').length === 6")
    assert "A member at the end" in page.locator(".worth thead").inner_text()


@pytest.mark.parametrize(
    ("language", "scheme"), [("en", "light"), ("fi", "dark"), ("sv", "light"), ("en", "dark")]
)
def test_axe_finds_nothing_in_any_part(visitors: Any, language: str, scheme: str) -> None:
    visitor = visitors(color_scheme=scheme, viewport={"width": 1366, "height": 768})
    page = opened(visitor, f"{TOWN}&language={language}")
    for tab in range(TABS):
        page.locator(".tabs button").nth(tab).click()
        page.wait_for_selector(
            (".backbones li", ".posts .year", ".carried td", ".structure .chart svg", ".worth td")[
                tab
            ]
        )
        if tab == 1:
            page.locator(".posts .post > button").first.click()
            page.wait_for_selector(".posts .post-form")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        finds_nothing(page)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_it_fits_the_screen(visitors: Any, width: int, height: int) -> None:
    visitor = visitors(viewport={"width": width, "height": height})
    page = opened(visitor, f"{TOWN}&language=fi")
    lasts = (
        ".backbones li",
        ".posts .columns",
        ".carried tbody tr",
        ".structure .chart[aria-label^='Kuinka pitkälle'] .svg svg",
        ".worth tbody tr",
    )
    for tab, last in enumerate(lasts):
        page.locator(".tabs button").nth(tab).click()
        there = page.locator(last).last
        there.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if width > 1000:
            box = there.bounding_box()
            assert box["y"] + box["height"] <= height


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_word_of_the_time_axis_is_cut(
    visitors: Any, language: str, width: int, height: int
) -> None:
    visitor = visitors(viewport={"width": width, "height": height})
    page = opened(visitor, f"{TOWN}&language={language}&month=120", tab=1)
    page.wait_for_selector(".course .spark path")
    page.wait_for_selector(".course .phases li")
    cut = "one => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1"
    names = page.locator(".course .spark button")
    assert names.evaluate_all(f"all => all.filter({cut}).length") == 0
    # A phase is named where its name has room, and nowhere else.
    phases = page.locator(".course .phases li").evaluate_all(
        """all => all.map(one => {
            const box = one.getBoundingClientRect();
            const word = one.firstElementChild.getBoundingClientRect();
            return [word.top < box.bottom - 2, word.right <= box.right + 1];
        })"""
    )
    assert any(seen for seen, _ in phases)
    assert all(whole for seen, whole in phases if seen)
    last = page.locator(".course .ticks .track span").last.bounding_box()
    card = page.locator(".course").bounding_box()
    assert last["x"] + last["width"] <= card["x"] + card["width"]
