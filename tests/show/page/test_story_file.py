"""A story as one file: what is in it, that it asks nobody, and that a browser plays it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from cisim.lab.story import ToldStory, tell
from cisim.model.outcomes import FORMS, OUTCOMES
from cisim.show.language.spoken import speaking
from cisim.show.page.address.look import Look
from cisim.show.page.network.script import joined
from cisim.show.page.network.sent import unrolled
from cisim.show.page.story.file import page, player
from cisim.show.page.story.told import films, played
from cisim.show.page.views.colours import places
from cisim.show.story_in_words import answer_of, text_of
from cisim.world.story import Story
from tests.axe import finds_nothing

MOST_BYTES = 600_000
"""Of a story of one town over a few months; the player and its style are the greater part."""
BOTH, NONE = "national-and-regional", "no-backbone"


def step(title: str, scenario: str, month: int, **more: Any) -> dict[str, Any]:
    text = "Now {members} take part. That is {member_share} of them."
    predict = {"question": f"What after {title}?", "within": 0.5, **more.pop("predict", {})}
    plain = {"title": title, "scenario": scenario, "month": month, "text": text}
    return {**plain, "look": {"outcome": "members"}, **more, "predict": predict}


@pytest.fixture(scope="module")
def told() -> ToldStory:
    said = {
        "title": "Who </script> holds <b>it</b>?",
        "about": "A town & its people.",
        "source": "Made up",
        "world": "one-town",
        "steps": [
            step("none", NONE, 6),
            step("both", BOTH, 6),
            step("later", BOTH, 12, look={"outcome": "member_share", "region": "Town"}),
            step("changed", BOTH, 12, set={"national_fte": 0.0}),
            step("last", BOTH, 14, predict={"then": {"month": 6}}),
        ],
    }
    found = tell(Story.read(tomli_w.dumps(said), "s.toml", "s"), 3, 1, every_month=True)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def given(told: ToldStory) -> dict[str, Any]:
    return played(told, films(told))


def test_charts_end_at_the_figures_of_the_text_and_of_the_answer(
    told: ToldStory, given: dict[str, Any]
) -> None:
    for shown, one in zip(told.steps, given["steps"], strict=True):
        look = shown.told.step.look
        factor = FORMS[OUTCOMES[look.outcome].form].factor
        here, then = one["chart"]["here"]["mean"], one["chart"]["then"]["mean"]
        assert len(here) == one["here"]["month"] + 1
        assert len(then) == one["then"]["month"] + 1
        assert here[-1] == pytest.approx(factor * float(shown.looked.mean), abs=1e-3)
        apart = factor * float(shown.found.difference.mean)
        assert then[-1] - here[-1] == pytest.approx(apart, abs=2e-3)
        assert one["text"] == text_of(shown)
        assert one["answer_words"] == answer_of(shown, told.futures)


def test_an_outcome_has_one_axis_in_all_steps(given: dict[str, Any]) -> None:
    charts = [one["chart"] for one in given["steps"] if one["outcome"].startswith("Members")]
    assert len(charts) == 4
    assert len({(one["low"], one["high"], tuple(one["ticks"])) for one in charts}) == 1
    for one in charts:
        every = [value for of in ("here", "then") for line in one[of]["singles"] for value in line]
        assert one["low"] <= min(every)
        assert max(every) <= one["high"]


def test_each_scenario_has_its_film_and_a_name_that_tells_it_apart(given: dict[str, Any]) -> None:
    names = [one["short"] for one in given["scenarios"]]
    assert names == ["No backbone", "Both backbones", "Both backbones, changed"]
    shot = [unrolled(one) for one in given["films"]]
    assert [one["last"] for one in shot] == [14, 14, 14]
    assert shot[0]["met"]["data"].tolist() != shot[1]["met"]["data"].tolist()
    assert all(one["names"] and one["places"]["data"].size for one in shot)


def test_a_scenario_has_the_colour_that_it_has_on_the_page(given: dict[str, Any]) -> None:
    none, both, changed = given["places"]
    assert (both, none) == places(Look(), [BOTH, NONE])
    assert changed not in (both, none)


def test_a_file_holds_all_and_asks_nobody(given: dict[str, Any]) -> None:
    text = page(given)
    assert len(text.encode()) < MOST_BYTES
    assert set(re.findall(r"https?://[^\s\"'`<]+", text)) == {"http://www.w3.org/2000/svg"}
    for asks in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "eval(", "innerHTML"):
        assert asks not in player()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert text.count("</script>") == 2  # what people wrote closes none
    data = re.search(r'id="told">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["title"] == "Who </script> holds <b>it</b>?"


def test_it_is_in_the_language_that_is_spoken(told: ToldStory) -> None:
    with speaking("fi"):
        found = played(told, films(told))
        text = page(found)
    assert '<html lang="fi">' in text
    assert found["words"]["next"] == "Seuraava vaihe"
    assert found["calendar"][6].lower() == "kuukausi 6"
    assert found["steps"][0]["outcome"].startswith("Jäsen")
    assert found["words"]["one_future"] == "(yksi tulevaisuuksista)"
    assert "Both backbones" not in str(found["scenarios"])
    assert "3/3 tulevaisuudessa" in found["steps"][0]["answer_words"]


def test_two_modules_of_a_script_give_no_name_twice(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text("export const SMALL = 1;\n")
    (tmp_path / "two.js").write_text('import { SMALL } from "./one.js";\nconst SMALL = 2;\n')
    with pytest.raises(ValueError, match="SMALL is at the top of several modules"):
        joined(tmp_path / "two.js")


# --- in a browser ----------------------------------------------------------------------------

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_plays_it_from_a_file_offline_with_keys_alone(
    browser: Any, given: dict[str, Any], tmp_path: Path
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = tmp_path / "story.html"
    path.write_text(page(given), "utf-8")
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, offline=True, reduced_motion="reduce"
    )
    sheet = context.new_page()
    wrong: list[str] = []
    sheet.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    sheet.on("console", lambda said: wrong.append(said.text))
    sheet.on("request", lambda asked: wrong.append(asked.url))
    sheet.goto(path.as_uri())
    assert wrong == [path.as_uri()]
    press = sheet.keyboard.press

    def see(text: str) -> None:
        sheet.get_by_text(text).first.wait_for()

    def clean() -> None:
        for _ in range(2):  # light, dark
            found = axe.Axe().run(sheet, options=WCAG)
            assert [one["id"] for one in found.response["violations"]] == []
            press("l")

    see("A town & its people.")
    clean()
    press("ArrowRight")
    see("What after none?")
    assert sheet.locator(".answer").count() == 0  # hidden until it is asked for
    for digit in ("1", "1", "3", "Shift+3", "2"):
        press(digit)
    hands = sheet.locator("output[data-way]").all_text_contents()
    assert hands == ["2", "1", "0"]
    press("d")
    assert sheet.locator("[role=slider]").count() == 3
    for _ in range(3):
        press("ArrowUp")
    line = sheet.evaluate("cisimStory.guess.line")
    assert line[0] > line[1] == line[2]
    clean()
    press("Tab")
    press("Space")  # a handle is not a button: the key goes on
    answer = given["steps"][0]["answer_words"]
    see(answer)
    assert sheet.locator(".hand").all_text_contents() == ["▲ 2", "= 1", "▼ 0"]
    assert sheet.locator("path.guess").count() == 1
    sheet.wait_for_function("document.querySelector('canvas').dataset.month === '6'")
    clean()
    for at, one in enumerate(given["steps"][1:], start=1):
        press("PageDown")
        see(one["question"])
        press("PageDown")
        see(one["answer_words"])
        assert sheet.evaluate("cisimStory.at") == at
    press("PageUp")
    see(given["steps"][3]["answer_words"])  # what was shown stays shown
    sheet.reload()
    see(given["steps"][3]["answer_words"])
    press("End")
    see("2 of 3 guessed right.")
    assert sheet.locator("article").count() == 5
    clean()
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for width in (1920, 683, 390):  # 683 is 1366 at 200 %
        sheet.set_viewport_size({"width": width, "height": 700})
        assert sheet.evaluate(wide) <= 0
    printed = sheet.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    context.close()
    assert set(wrong) == {path.as_uri()}


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("code", ["fi", "sv"])
def test_a_file_in_another_language_is_read_by_everybody_and_printed_light(
    browser: Any, told: ToldStory, tmp_path: Path, code: str
) -> None:
    path = tmp_path / "story.html"
    with speaking(code):
        path.write_text(page(played(told, films(told))), "utf-8")
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, offline=True, reduced_motion="reduce"
    )
    sheet = context.new_page()
    sheet.goto(path.as_uri())
    for keys, there in (
        ((), ".cover"),
        (("Space",), ".asks"),
        (("1", "2", "Space"), ".sentence"),
        (("PageDown",) * 9, ".debrief"),
    ):
        for key in keys:
            sheet.keyboard.press(key)
        sheet.locator(there).wait_for()
        for theme in ("light", "dark"):
            sheet.emulate_media(color_scheme=theme)
            sheet.locator(f".cisim-story{'.dark' if theme == 'dark' else ':not(.dark)'}").wait_for()
            finds_nothing(sheet)
    sheet.emulate_media(color_scheme="dark", media="print")
    sheet.locator(".cisim-story:not(.dark)").wait_for()  # paper is light
    context.close()
