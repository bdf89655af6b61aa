"""The debrief sheet's words and codes, and snapshots: kept in an address, compared side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from cisim.model.input_error import InputError
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, compared_of, scenario_of
from cisim.show.page.views import compare
from cisim.show.page.views.debrief import LONGEST_LINK, codes, words

HERE = "http://127.0.0.1:8765"
TOWN = Look(view="explore", world="one-town", months=24)


def taken(look: Look, name: str) -> tuple[str, str]:
    return HERE + link.write(look), name


def side_by_side(*snapshots: tuple[str, str], look: Look = Look()) -> Look:  # noqa: B008
    links, names = zip(*snapshots, strict=True)
    return act(look, {"do": "compare-snapshots", "links": list(links), "names": list(names)})


def test_snapshots_are_compared_under_their_own_names_with_all_that_was_set() -> None:
    changed = act(TOWN, {"do": "set", "name": "national_fte", "value": 2})
    event = {"kind": "turnover-wave", "month": 6, "share": 0.5}
    shaken = act(TOWN, {"do": "add-event", "event": event})
    look = side_by_side(
        taken(changed, "Half the staff"), taken(shaken, "A wave"), look=Look(language="fi")
    )
    assert (look.view, look.language) == ("compare", "fi")
    half, wave = compared_of(look)
    assert [half.title, wave.title] == ["Half the staff", "A wave"]
    assert half.structure == scenario_of(changed).structure
    assert wave.events == scenario_of(shaken).events
    assert half.world == wave.world
    assert half.name != wave.name
    assert link.read(link.write(look).partition("?")[2]) == (look, [])
    with speaking("fi"):
        frame = compare.frame(look)
    assert [title for name, title in frame["options"] if name in look.compared] == [
        "Half the staff",
        "A wave",
    ]
    one_more = act(look, {"do": "compare", "names": [look.compared[1], "no-backbone"]})
    assert compared_of(one_more)[0].title == "A wave"


def test_snapshots_of_two_places_cannot_stand_side_by_side() -> None:
    with pytest.raises(InputError):
        side_by_side(taken(TOWN, "Here"), taken(replace(TOWN, world=""), "There"))
    with pytest.raises(InputError):
        side_by_side(taken(TOWN, "Alone"))


@pytest.mark.parametrize("name", ["", "x" * 201, "un\u200bseen"])
def test_a_snapshot_has_a_name_that_people_can_read(name: str) -> None:
    with pytest.raises(InputError):
        side_by_side(taken(TOWN, name), taken(TOWN, "Other"))


def test_a_damaged_address_says_what_of_a_snapshot_it_leaves_out() -> None:
    inner = urlencode({"world": "one-town", "set": "national_fte:-5"})
    outer = urlencode({"view": "compare", "snapshot": inner, "compare": "snapshot-1,no-backbone"})
    look, ignored = link.read(outer)
    assert look.snapshots[0].settings == ()
    assert any("national_fte" in one for one in ignored)
    look, ignored = link.read("view=compare&compare=snapshot-1,no-backbone")
    assert look.compared == Look().compared
    assert len(ignored) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "https://127.0.0.1:8765/?a=1", "http://example.org/?a=1", "http://127.0.0.1:8765/api",
        "javascript:alert(1)", "http://[", f"{HERE}/?{'a' * LONGEST_LINK}", 7, None,
    ],
)  # fmt: skip
def test_only_links_of_this_page_have_codes(wrong: Any) -> None:
    right = f"{HERE}/?view=explore"
    assert list(codes([right, wrong])) == [right]
    assert codes([right])[right].startswith("<svg")
    assert codes("no list") == {}


@pytest.mark.parametrize("code", sorted(languages()))
def test_the_sheet_speaks_the_language(code: str) -> None:
    with speaking(code):
        said = words()
    assert all(said.values())
    assert {"heading", "guessed", "print", "snapshots"} <= set(said)


@pytest.mark.slow
@pytest.mark.browser
def test_a_session_has_a_sheet_and_its_snapshots_are_compared(visitor: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visitor.go("view=explore&scenario=no-backbone&world=one-town&months=24&language=fi")
    page.locator(".results .headline").wait_for()
    for name, scenario in (("Ei ketään", ""), ("Molemmat", "national-and-regional")):
        if scenario:
            page.locator(".named select").select_option(scenario)
            page.wait_for_url(lambda url: "scenario=" not in url)
        page.get_by_role("button", name="Säilytä", exact=True).press("Enter")
        page.locator("aside form input").fill(name)
        page.keyboard.press("Enter")
        page.get_by_text(f"”{name}”").wait_for()
        page.keyboard.press("Escape")
    page.evaluate(
        "cisimLog.add({title: 'Koe', href: location.href, step: {question: 'Miten?', answer: 'up',"
        "answer_words: 'Nousee.', options: {up: 'Nousee', same: 'Sama', down: 'Laskee'},"
        "names: {0: 'A'}, dashes: [null], here: {scenario: 0, month: 1},"
        "then: {scenario: 0, month: 4}, chart: {low: 0, high: 1, ticks: [0, 1], decimals: 1,"
        "last: 4, times: [], within: 0.1, here: {mean: [0, 0], singles: []},"
        "then: {mean: [0, 0, 0, 1, 1], singles: []}}},"
        "guess: {told: true, hands: {up: 2, same: 0, down: 1}, line: null}})"
    )
    page.get_by_role("link", name="Yhteenveto").press("Enter")
    page.locator(".sheet article .qr svg").wait_for()
    assert "Oikein arvasi 2/3" in page.locator(".sheet .room").inner_text()
    assert "null" not in page.locator(".sheet").inner_text()
    found = axe.Axe().run(page)
    assert [one["id"] for one in found.response["violations"]] == []
    with page.expect_download() as saved:
        page.get_by_role("button", name="Tallenna tiedostoon").press("Enter")
    text = saved.value.path().read_text("utf-8")
    assert text.count("<article") == 1
    assert "Koe" in text
    assert "<script" not in text
    # Printed, or in its file, no heading stands over nothing.
    kept = page.get_by_role("heading", name="Tilannekuvat")
    assert '<h2 class="kept">' in text
    page.emulate_media(media="print")
    assert kept.is_visible()
    snapshots = page.evaluate("localStorage.getItem('cisim-snapshots')")
    page.evaluate("localStorage.removeItem('cisim-snapshots'); cisimLog.keep()")
    page.locator(".sheet .none").wait_for(state="attached")
    assert kept.is_hidden()
    page.emulate_media(media="screen")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Tallenna tiedostoon").press("Enter")
    assert '<h2 class="kept">' not in saved.value.path().read_text("utf-8")
    page.evaluate(
        "kept => { localStorage.setItem('cisim-snapshots', kept); cisimLog.keep() }", snapshots
    )
    for place in range(2):
        page.locator(".snapshots input").nth(place).press("Space")
    page.get_by_role("button", name="Vertaa", exact=True).press("Enter")
    page.wait_for_url("**view=compare**")
    page.locator(".verdict").first.wait_for()
    assert "Molemmat" in page.locator(".verdict").first.inner_text()
