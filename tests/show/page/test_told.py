"""Stories on the page: which there are, how an address names one, and what its player is given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from cisim.lab.simulate import run_ensembles
from cisim.lab.story import tell
from cisim.model.input_error import InputError
from cisim.show.language.spoken import speaking
from cisim.show.page import shelf
from cisim.show.page.address import actions, link
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import Look, compared_of, month_of, scenario_of
from cisim.show.page.address.scenario_file import look_of, text_of
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.packing import unsqueezed
from cisim.show.page.room import Counts
from cisim.show.page.screens.phones import votes
from cisim.show.page.server.serve import opened_with
from cisim.show.page.story.told import films, played
from cisim.show.page.views import asked, explore, told
from cisim.show.page.views.levers import values
from cisim.world.files import find, read_text, shipped
from cisim.world.story import Story


def step(month: int, **more: Any) -> dict[str, Any]:
    return {
        "title": f"Month {month}", "scenario": "no-backbone", "month": month,
        "text": "So it is. It is quiet.",
        "look": {"outcome": "members"}, "predict": {"question": f"And after {month}?", "within": 1},
        **more,
    }  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """Return the file of a story of one's own; afterwards the shelf is as it was."""
    last = step(5)
    last["predict"]["then"] = {"month": 6}
    said = {
        "title": "Ours", "about": "A town.", "source": "Made up", "world": "one-town",
        "steps": [*(step(month) for month in range(1, 5)), last],
    }  # fmt: skip
    path = tmp_path / "ours.toml"
    path.write_text(tomli_w.dumps(said), encoding="utf-8")
    yield path
    shelf.clear()


def test_an_address_keeps_the_story_and_where_it_stands() -> None:
    look = act(Look(language="fi", seed=7), {"do": "tell", "name": "backby"})
    look = act(look, {"do": "step", "step": 3})
    assert "view=story&tell=backby&step=3" in link.write(look)
    assert link.read(link.write(look).partition("?")[2]) == (look, [])
    gone = act(look, {"do": "go", "view": "explore"})
    for does in ({"do": "shipped", "scenario": "no-backbone"}, {"do": "reset"}):
        assert act(gone, does).language == "fi", "what is chosen does not change the language"
    assert "tell" not in link.write(gone)
    with pytest.raises(InputError, match="Allowed is a whole number from 0 to 6"):
        act(look, {"do": "step", "step": 7})
    with pytest.raises(InputError, match="It is not known here"):
        act(look, {"do": "tell", "name": "nobody"})


@pytest.mark.parametrize(
    ("query", "view", "said"),
    [
        ("view=story", "start", "tell in the link was ignored"),
        ("view=story&tell=nobody", "start", "It is not known here"),
        ("view=story&tell=backby&step=99", "story", "from 0 to 6"),
    ],
)
def test_an_address_without_its_story_begins_at_the_start(query: str, view: str, said: str) -> None:
    look, ignored = link.read(query)
    assert (look.view, look.step) == (view, 0)
    assert len(ignored) == 1
    assert said in ignored[0]


def test_ones_own_story_stands_first_and_the_link_opens_it(own: Path) -> None:
    assert opened_with(Story.load(own)).startswith("&view=story&tell=ours&")
    assert asked.cards()[0]["title"] == "Ours"
    look, ignored = link.read("view=story&tell=ours&step=2")
    assert (look.told, look.step, ignored) == ("ours", 2, [])


@pytest.mark.parametrize("code", ["en", "fi"])
@pytest.mark.parametrize("name", shipped("stories"))
def test_a_story_is_explored_where_it_stands(name: str, code: str) -> None:
    steps = shelf.stories()[name].steps
    with speaking(code):
        for at in range(len(steps) + 2):
            here = steps[min(max(at - 1, 0), len(steps) - 1)]
            there = Look(view="story", told=name, step=at, language=code)
            look = act(there, {"do": "go", "view": "explore"})
            assert link.read(link.write(look).partition("?")[2]) == (look, [])
            found = scenario_of(look)
            assert found.world == here.here.scenario.world
            assert month_of(look) == here.here.month
            # The same futures, and what a step has set or added with them.
            held = found.believing(look.beliefs)
            assert cache_key(held, look.seed) == cache_key(here.here.scenario, told.SEED)
            if here.step.look.outcome in SHOWN:
                assert look.outcome == here.step.look.outcome
            assert explore.frame(look)["file"]
            assert values(look)["of"]
            # What is explored can be saved, and opened again.
            again = scenario_of(look_of(text_of(look), "kept.toml"))
            assert cache_key(again, look.seed) == cache_key(found, look.seed)
            beside = act(there, {"do": "go", "view": "compare"})
            assert {one.world_name for one in compared_of(beside)} == {found.world_name}
            assert link.read(link.write(beside).partition("?")[2]) == (beside, [])
            # So it is by way of another page, which has no story in its address.
            for way in ("debrief", "track", "about"):
                other, ignored = link.read(
                    link.write(act(there, {"do": "go", "view": way})).partition("?")[2]
                )
                assert (other.view, other.told, ignored) == (way, "", [])
                assert act(other, {"do": "go", "view": "explore"}) == look
                assert act(other, {"do": "go", "view": "compare"}) == beside


def test_what_cannot_be_shown_of_a_story_keeps_nobody_from_its_debrief(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unshown(look: Look) -> Look:
        raise InputError("too many")

    monkeypatch.setattr(actions, "explored_from", unshown)
    there = Look(view="story", told="backby", step=2)
    assert act(there, {"do": "go", "view": "debrief"}).view == "debrief"
    with pytest.raises(InputError, match="too many"):
        act(there, {"do": "go", "view": "explore"})


def test_ones_own_story_in_ones_own_place_is_explored_there(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    town = read_text(find("worlds", "one-town")).replace("One town", "Our town", 1)
    (tmp_path / "our-town.toml").write_text(town, encoding="utf-8")
    text = own.read_text(encoding="utf-8").replace('"one-town"', '"our-town.toml"')
    own.write_text(text, encoding="utf-8")
    story = Story.load(own)
    shelf.put(story)
    look = act(Look(view="story", told="ours", step=3), {"do": "go", "view": "explore"})
    assert scenario_of(look).world == story.steps[2].here.scenario.world
    assert scenario_of(look).world.title.startswith("Our town")
    assert (month_of(look), look.beliefs) == (3, "fixed")
    assert link.read(link.write(look).partition("?")[2]) == (look, [])


def test_a_story_that_has_left_for_elsewhere_is_no_longer_in_the_way() -> None:
    look = act(Look(view="story", told="backby", step=2), {"do": "go", "view": "start"})
    assert act(look, {"do": "go", "view": "explore"}).scenario == Look().scenario


def test_the_page_plays_what_a_file_of_the_story_plays(own: Path) -> None:
    story = Story.load(own)
    scenarios, futures, wanted = told.wish(story)
    ensembles = run_ensembles(
        scenarios, futures, 1, told.SEED, outcomes=wanted.outcomes, by_region=True
    )
    found = tell(story, futures, 1, told.SEED, every_month=True)
    assert found is not None
    in_a_file = played(found, films(found))
    on_the_page = unsqueezed(told.packed(story, ensembles))
    for part in ("steps", "scenarios", "small_print", "calendar"):
        assert on_the_page[part] == json.loads(json.dumps(in_a_file[part]))
    assert on_the_page["words"]["ask_phones"]


def test_nobody_sees_who_leads_while_a_vote_is_open() -> None:
    asked = Counts(2, "More?", {"up": "Yes", "down": "No"}, {"up": 3, "down": 1}, True, "en")
    assert votes(asked)["counts"] == {}
    assert votes(asked)["said"] == "4 votes"
    closed = Counts(2, "More?", {"up": "Yes", "down": "No"}, {"up": 3, "down": 1}, False, "en")
    assert votes(closed)["counts"] == {"up": 3, "down": 1}


COVERED = """() => new Promise((done) => {
  const seen = new Set();
  let frames = 0;
  const look = () => {
    const of = (which) => [...document.querySelectorAll(`.step .chart ${which}`)];
    for (const text of of('text.name, text.value')) {
      const a = text.getBoundingClientRect();
      for (const end of of('circle.end')) {
        const b = end.getBoundingClientRect();
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) seen.add(text.textContent);
      }
    }
    frames += 1;
    if (document.querySelector('.step .chart .sheet') && frames < 600) requestAnimationFrame(look);
    else done([...seen]);
  };
  look();
})"""
"""Names and values over which the end of a line has lain, until all is shown."""


@pytest.mark.slow
@pytest.mark.browser
def test_a_workshop_is_walked_through_by_keyboard_in_finnish(visitor: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visitor.go("view=start&language=fi")
    page.get_by_role("button", name="Kuka pitää kumppanuuden koossa?").press("Enter")
    page.locator(".cover").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(".asks").wait_for()
    page.wait_for_url("**tell=three-structures&step=1**")
    for key in ("1", "1", "3"):
        page.keyboard.press(key)
    assert page.locator(".sentence").count() == 0
    page.keyboard.press("Space")
    page.locator(".sentence").wait_for()
    assert "tulevaisuudessa" in page.locator(".sentence").text_content()
    assert page.locator(".hand").all_text_contents() == ["▲ 2", "= 0", "▼ 1"]
    found = axe.Axe().run(page, context=".cisim")  # beside it Solara shows that it is busy
    assert [one["id"] for one in found.response["violations"]] == []
    page.keyboard.press("Space")
    page.wait_for_url("**step=2**")
    page.go_back()
    page.locator(".sentence").wait_for()  # what was shown stays shown
    page.reload()
    page.locator(".sentence").wait_for()
    assert page.locator(".hand").first.text_content() == "▲ 2"
    page.keyboard.press("End")
    assert page.locator(".debrief .room").first.text_content().startswith("Arvauksenne: ")
    page.get_by_role("link", name="Tutki").click()  # where the story has ended
    page.wait_for_url("**view=explore&scenario=same-total&world=one-town&beliefs=fixed&month=120**")
    page.locator(".results .headline").wait_for()

    # While runs are shown the end of a line that goes on lies over no name of another.
    visitor.go("view=story&tell=missing-sponsor&step=3&language=fi")
    page.locator(".asks").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelectorAll('.step .chart text.name').length === 2")
    assert page.evaluate(COVERED) == []
    visitor.go("view=explore&scenario=no-backbone&world=one-town&language=fi")
    page.locator(".results .headline").wait_for()
    page.keyboard.press("w")
    assert page.locator("html.workshop").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # play is the second stop, behind the way to what the page holds
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.course .play').title === 'Pysäytä'")
    page.keyboard.press("p")
    page.keyboard.press("Home")
    page.keyboard.press("?")
    assert "G" in page.locator("dialog kbd").all_text_contents()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.locator(".guess-place .asks").wait_for()
    for key in ("1", "1", "Shift+1", "3"):
        page.keyboard.press(key)
    assert page.locator(".raise output").all_text_contents() == ["1", "0", "1"]
    page.locator("[data-key~=V]:not([disabled])").wait_for()
    page.keyboard.press("v")
    page.locator(".guess-place .sentence").wait_for()
    page.wait_for_url("**month=120**")
    assert page.evaluate("cisimLog.entries.at(-1).guess.hands") == {"up": 1, "same": 0, "down": 1}
    found = axe.Axe().run(page, context=".cisim")  # beside it Solara shows that it is busy
    assert [one["id"] for one in found.response["violations"]] == []
    page.keyboard.press("v")
    page.locator(".results .headline").wait_for()
    page.keyboard.press("n")
    page.wait_for_function("!document.querySelector('h1').textContent.startsWith('Ei taustaorg')")
    page.locator(".asked select").first.focus()
    page.keyboard.press("w")
    assert page.locator("html.workshop").count() == 1, "who types in a field presses no key"
