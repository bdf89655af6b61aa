"""A session as a facilitator leads it: in Finnish, from a story of one's own, to the printed sheet.

Three questions are answered by phones, two by hands. At the size of a projector nothing lies over
anything else, nothing is cut, no word is English, and nothing is asked of anybody elsewhere.
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cisim.show.language import spoken

STORY = Path(__file__).parent / "kenen-luvalla.toml"
PROJECTOR = {"width": 1366, "height": 768}
LANGUAGES = Path(spoken.__file__).parent

OVERLAPS = """() => {
  const wanted = 'button, a, h1, h2, h3, p, output, select, summary, input, canvas, .chart svg';
  const seen = [...document.querySelectorAll(wanted)].filter((one) => {
    const box = one.getBoundingClientRect(), look = getComputedStyle(one);
    return box.width > 1 && box.height > 1 && look.visibility === 'visible'
      && !one.closest('.hidden, .skip, .tip, .behind, dialog, .cursor-lane')
      && !one.closest('details:not([open]) > :not(summary)')
      && (one.textContent.trim() || !one.matches('p, output, h2'));
  });
  const said = (one) => `${one.tagName} ${one.getAttribute('class')} ${one.textContent}`;
  const taken = new Map(seen.map((one) => { // of a text its lines
    if (!one.matches('h1, h2, h3, p')) return [one, [one.getBoundingClientRect()]];
    const range = document.createRange();
    range.selectNodeContents(one);
    return [one, [...range.getClientRects()]];
  }));
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const found = [];
  seen.forEach((one, k) => {
    const a = one.getBoundingClientRect();
    if (a.bottom > innerHeight + 1 || a.right > innerWidth + 1) found.push(`cut: ${said(one)}`);
    for (const other of seen.slice(k + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const b = taken.get(other);
      if (taken.get(one).some((line) => b.some((its) => over(line, its))))
        found.push(`${said(one)} | ${said(other)}`);
    }
  });
  for (const one of document.querySelectorAll('.step, .one-answer, .answer'))
    if (one.scrollHeight > one.clientHeight + 2 && getComputedStyle(one).display !== 'inline')
      found.push(`cut within: ${said(one)}`);
  return found;
}"""

TOUCHING = """() => [...document.querySelectorAll('.chart.small svg')].flatMap((one) => {
  const below = [...one.querySelectorAll('text[text-anchor=middle].quiet')]
    .map((text) => [text.textContent, text.getBoundingClientRect()]);
  return below.slice(1).filter(([, box], k) => box.left < below[k][1].right).map(([said]) => said);
})"""
"""Months below small charts that lie over each other."""


class Served(NamedTuple):
    """The link that lets a browser in, and that of phones."""

    link: str
    phones: str


@pytest.fixture(scope="module")
def served(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the page as a facilitator starts it, on this machine alone."""
    for package in ("solara", "playwright"):
        pytest.importorskip(package, reason="needs pip install 'cisim[page,test]'")
    asked = ["ui", "--story", str(STORY), "--language", "fi", "--room", "--room-at", "127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "cisim", *asked, "--no-browser"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path_factory.mktemp("data"))},
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        found = re.findall(r"http://127\.0\.0\.1:\d+/\S+?(?=[;,.]?\s)", said)
        if len(found) == 2:
            break
    else:
        pytest.fail(f"the server ended: {said}")
    try:
        yield Served(*found)
    finally:
        process.terminate()
        process.wait(20)


def vote(link: str, phone: str, choice: str) -> None:
    """Vote as a phone with an address of its own."""
    place, _, code = link.removeprefix("http://").partition("/")
    there = http.client.HTTPConnection(place, timeout=30, source_address=(phone, 0))
    there.request("GET", f"/{code}")
    question = re.search(r'name="question" value="(\d+)"', there.getresponse().read().decode())
    assert question is not None
    form = {"origin": f"http://{place}", "content-type": "application/x-www-form-urlencoded"}
    there.request("POST", f"/{code}", f"question={question[1]}&choice={choice}", form)
    assert there.getresponse().status == 303
    there.close()


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-zåäöé]{3,}", text.lower()))


def english() -> set[str]:
    """Return the words that only the English texts have."""
    said = {
        code: "\n".join(_values(tomllib.loads((LANGUAGES / f"{code}.toml").read_text("utf-8"))))
        for code in ("en", "fi")
    }
    return words(said["en"]) - words(said["fi"]) - words(STORY.read_text("utf-8"))


def _values(part: Mapping[str, Any]) -> Iterator[str]:
    for value in part.values():
        if isinstance(value, Mapping):
            yield from _values(value)
        else:
            yield re.sub(r"\{.*?\}|`.*?`", " ", str(value))  # names of what is filled in, code


@pytest.mark.slow
@pytest.mark.browser
def test_a_session_runs_from_a_story_of_ones_own_to_a_printed_sheet(
    browser: Any, served: Served, tmp_path: Path
) -> None:
    context = browser.new_context(
        viewport=PROJECTOR, accept_downloads=True, reduced_motion="reduce"
    )
    faults: list[str] = []
    home = re.match(r"http://[^/]+", served.link)
    assert home is not None
    near = (home[0], home[0].replace("http", "ws"), served.phones, "data:", "blob:")

    def watch(page: Any) -> Any:
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.on("request", lambda one: one.url.startswith(near) or faults.append(one.url))
        page.on("response", lambda one: one.status >= 400 and faults.append(one.url))
        return page

    page = watch(context.new_page())
    foreign = english()
    assert {"futures", "votes"} <= foreign

    def looks_right(of: Any = page) -> None:
        assert of.evaluate(OVERLAPS) == []
        assert words(of.inner_text("body")) & foreign == set()

    def counts() -> list[str]:
        found: list[str] = page.locator("output[data-way]").all_text_contents()
        return found

    def ask_phones(up: int, same: int, down: int, by: Any = page) -> None:
        """Phones are asked, vote, and the space bar closes the vote: then it shows it."""
        by.get_by_role("button", name="Kysy puhelimilta").click()
        page.get_by_role("button", name="Päätä äänestys").first.wait_for()
        choices = ["up"] * up + ["same"] * same + ["down"] * down
        for number, choice in enumerate(choices, start=11):
            vote(served.phones, f"127.0.0.{number}", choice)
        page.get_by_text(f"{up + same + down} ääntä").wait_for()
        assert counts() == ["0", "0", "0"], "nobody follows the others"
        page.keyboard.press("Space")
        page.wait_for_function(
            f"document.querySelector('output[data-way=up]').textContent === '{up}'"
        )
        assert counts() == [f"{up}", f"{same}", f"{down}"]
        assert page.locator(".sentence").count() == 0
        looks_right()

    def reveal() -> str:
        page.keyboard.press("Space")
        page.locator(".sentence").wait_for()
        looks_right()
        found: str = page.inner_text(".sentence")
        return found

    def onward(step: int) -> None:
        page.keyboard.press("PageDown")  # as a remote says it
        page.wait_for_url(f"**step={step}**")
        page.locator(".asks").wait_for()
        looks_right()

    # Beside those that ship one's own has a line, and all of Start is on the screen.
    page.goto(served.link)
    page.locator(".cover").wait_for()
    page.goto(f"{home[0]}/?language=fi")
    page.locator(".start .mine").wait_for()
    last = page.locator(".start .more").bounding_box()
    assert last["y"] + last["height"] <= PROJECTOR["height"]

    # The story opens by the link of the terminal; phones come in by a code as large as the screen.
    page.goto(served.link)
    page.locator(".cover").wait_for()
    looks_right()
    onward(1)
    page.get_by_role("button", name="QR-koodi puhelimille").click()
    code = page.locator("dialog.way-in .qr").bounding_box()
    assert code["width"] > PROJECTOR["height"] / 2
    assert code["y"] >= 0
    assert code["y"] + code["height"] <= PROJECTOR["height"]
    page.keyboard.press("Escape")

    # Keys are legible, and what the colours mean is said in words.
    page.keyboard.press("?")
    named = page.locator("dialog[open] kbd").first
    assert named.evaluate("one => getComputedStyle(one).backgroundColor") == "rgba(0, 0, 0, 0)"
    page.keyboard.press("Escape")
    assert "yksi tulevaisuuksista" in page.inner_text(".cisim-story .which")
    page.keyboard.press("l")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.keyboard.press("l")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    page.locator("summary", has_text="Mitä merkit").click()
    assert "varautunut" in page.inner_text(".cisim-story details")
    looks_right()
    page.locator("summary", has_text="Mitä merkit").click()

    # First vote, and the presenter's window beside it.
    with context.expect_page() as opened:
        page.get_by_role("button", name="Esittäjän ikkuna").click()
    presenter = watch(opened.value)
    presenter.locator(".presenter .forward").wait_for()
    ask_phones(7, 3, 3)
    presenter.get_by_text("Useampi: 7").wait_for()
    assert words(presenter.inner_text("body")) & foreign == set()
    answers = [reveal()]
    assert answers[0].startswith("Useampi (+")
    onward(2)

    # By hands and with a line.
    for key in "1333":
        page.keyboard.press(key)
    page.keyboard.press("d")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    answers.append(reveal())
    onward(3)
    ask_phones(3, 7, 3)
    answers.append(reveal())
    page.keyboard.press("r")
    page.locator(".sentence").wait_for()
    presenter.locator(".presenter .forward", has_text="Seuraava vaihe").click()
    page.wait_for_url("**step=4**")
    page.locator(".asks").wait_for()
    ask_phones(9, 2, 2, by=presenter)
    answers.append(reveal())
    onward(5)
    page.keyboard.press("2")
    answers.append(reveal())
    page.keyboard.press("Space")
    page.locator(".debrief").wait_for()

    # The sheet: what was asked, guessed and found, on paper and in a file.
    page.get_by_role("link", name="Yhteenveto").first.click()
    page.locator(".sheet article").nth(4).wait_for()
    sheet = page.inner_text(".sheet")
    for step in tomllib.loads(STORY.read_text("utf-8"))["steps"]:
        assert step["predict"]["question"] in sheet
    for guess in ("Useampi 7, Yhtä moni 3, Harvempi 3", "Enemmän kuin nyt 3, Saman verran 7"):
        assert guess in sheet
    assert [one in sheet for one in answers] == [True] * 5
    assert words(sheet) & foreign == set()
    assert page.evaluate(TOUCHING) == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Tallenna tiedostoon").click()
    kept = tmp_path / "sheet.html"
    saved.value.save_as(kept)
    alone = context.new_page()
    alone.goto(kept.as_uri())
    text = alone.inner_text("body")
    assert all(one in text for one in answers)
    assert words(text) & foreign == set()

    # Explore goes on where the story stood.
    page.get_by_role("link", name="Tutki").first.click()
    page.locator(".results .headline").wait_for()
    assert "world=one-town" in page.url
    assert "scenario=integrated-sponsors" in page.url

    # The longest of the names that a room meets first is whole.
    page.goto(f"{home[0]}/?view=explore&world=one-town&scenario=national-and-regional&language=fi")
    page.locator(".results .headline").wait_for()
    cut = "one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 2"
    assert not page.locator(".heading-area h1").evaluate(cut)

    # What the room asks: without sponsors, and what if half of the people leave at once?
    page.goto(f"{home[0]}/?view=explore&world=one-town&scenario=missing-sponsor&language=fi")
    page.locator(".results .headline").wait_for()
    page.get_by_role("button", name="Entä jos").click()
    page.locator(".what-if select").first.select_option(value="turnover-wave")
    page.get_by_role("button", name="Haaroita tästä").click()
    page.wait_for_url("**branch=**")
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    page.locator(".answer .branch-said").wait_for()
    page.locator(".one-answer .status progress").wait_for(state="detached")
    looks_right()

    # Beside open levers the chart is still read: it had shrunk to a stamp.
    page.get_by_role("button", name="Säätimet").click()
    page.locator(".drawer .levers").wait_for()
    page.wait_for_function("document.querySelector('.scene.drawn') !== null")
    beside = page.locator(".chart.staged svg").bounding_box()
    assert beside["height"] >= 150, beside
    first, second = (one.bounding_box() for one in page.locator(".network-place canvas").all())
    assert first["x"] + first["width"] <= second["x"]
    assert first["height"] >= 200
    page.keyboard.press("Escape")
    page.locator(".drawer").wait_for(state="detached")
    page.get_by_role("button", name="Säilytä").click()
    page.locator(".drawer input[type=text]").first.fill("Puolet vaihtuu")
    page.locator(".drawer form button").click()
    page.get_by_role("link", name="Yhteenveto").first.click()
    page.locator(".sheet .snapshots", has_text="Puolet vaihtuu").wait_for()

    # Compare asks, too, before it shows.
    page.goto(f"{home[0]}/?view=compare&world=one-town&language=fi")
    page.locator(".verdict").first.wait_for()
    page.locator(".one-answer .status progress").wait_for(state="detached")
    looks_right()

    # A question of the room's own, in a drawer that pushes nothing off the screen.
    page.get_by_role("button", name="Äänet", exact=True).click()
    page.locator(".drawer .votes input[type=text]").fill("Kuka maksaa?")
    page.locator(".drawer .votes button", has_text="Kysy puhelimilta").click()
    page.locator(".drawer .votes button", has_text="Päätä äänestys").wait_for()
    vote(served.phones, "127.0.0.11", "up")
    page.locator(".drawer .votes", has_text="1 ääni").wait_for()
    page.locator(".drawer .votes button", has_text="Päätä äänestys").click()
    page.locator(".drawer .votes li", has_text=": 1").wait_for()
    looks_right()
    page.keyboard.press("Escape")
    page.locator(".drawer .votes").wait_for(state="detached")
    page.keyboard.press("g")
    page.locator("[data-key~=V]:not([disabled])").wait_for()
    page.wait_for_function(
        "document.querySelector('.course output').textContent.trim() === 'Kuukausi 0'"
    )
    looks_right()
    page.keyboard.press("1")
    page.keyboard.press("v")
    page.locator(".guess-place .sentence").wait_for()
    looks_right()
    page.keyboard.press("v")
    page.locator(".verdict").first.wait_for()

    assert faults == []
    context.close()
