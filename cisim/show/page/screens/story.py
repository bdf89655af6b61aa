"""A story on the page: its futures are run, then it is played as in a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import ipyvue
import solara
import traitlets

from cisim.lab.ensemble import Ensemble
from cisim.show.charts.ink import Theme
from cisim.show.language.spoken import spoken
from cisim.show.page import shelf
from cisim.show.page.address.look import Look
from cisim.show.page.background import use_made
from cisim.show.page.futures.following import use_futures
from cisim.show.page.in_turn import in_turn
from cisim.show.page.room import room
from cisim.show.page.screens.phones import use_phones
from cisim.show.page.screens.widgets import Act
from cisim.show.page.story.file import player, styled
from cisim.show.page.views.told import SEED, packed, wish
from cisim.show.page.words import say
from cisim.world.story import Story

_FRAME = Path(__file__).parent / "vue" / "story.vue"


@cache
def template() -> str:
    """Return story.vue with the script and the style that a story's file has, too."""
    frame = _FRAME.read_text(encoding="utf-8")
    return frame.replace("@story.js\n", player()).replace("@story.css\n", styled())


class StoryWidget(ipyvue.VueTemplate):
    """The player in the browser; see story.vue and story/story.js.

    told  : what it plays, squeezed
    step  : where it stands: 0 for the cover, then each step, then what was tried
    votes : of phones, as `screens.phones.votes` has it; {} without a room
    way   : how phones come in: link and qr; {} without a room
    said  : what a visitor did, written by the browser
    """

    template = traitlets.Unicode(template()).tag(sync=True)

    told = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    votes = traitlets.Dict().tag(sync=True)
    way = traitlets.Dict().tag(sync=True)
    said = traitlets.Dict().tag(sync=True)


@solara.component
def StoryPage(look: Look, theme: Theme, event_act: Act) -> None:
    """Show the story that is told, or how far its futures have come."""
    ready, words = use_told(look, packed)
    if ready:
        Player(ready, look, theme, event_act)
        return
    Coming(look, words)


@solara.component
def Coming(look: Look, words: str) -> None:
    """Show how far the futures of a story have come."""
    with solara.v.Html(tag="div", class_="coming"):
        solara.v.Html(tag="h1", children=[shelf.story(look.told).file.title])
        solara.v.Html(tag="p", attributes={"role": "status"}, children=[words])


def use_told(look: Look, made_of: Callable[[Story, Sequence[Ensemble]], Any]) -> tuple[Any, str]:
    """Return what is made of a story once its futures are there, None so far, and how far it is.

    made_of : of the story and its futures, in the background
    """
    story = shelf.story(look.told)
    scenarios, asked, wanted = wish(story)
    news = use_futures(scenarios, SEED, asked, wanted=wanted).news
    whole = news.ensembles if news is not None and news.finished and not news.error else ()
    wished = (look.told, spoken(), bool(whole))
    made = use_made(lambda: made_of(story, whole) if whole else None, wished)
    ready = made.value if made and whole and made.wish == wished else None
    fault = (news.error if news is not None else "") or (made.fault if made is not None else "")
    done = news.done if news is not None else 0
    return ready, fault or say("start.tells", n=asked, done=done)


@solara.component
def Player(told: str, look: Look, theme: Theme, event_act: Act) -> None:
    """Play a story; where it stands is in the address. Phones can answer its questions."""
    votes, way, done = use_phones(room(), event_act)

    def hear(message: dict[str, Any]) -> None:
        if message:
            done({key: value for key, value in message.items() if key != "count"})

    StoryWidget.element(
        told=told, step=look.step, theme=theme, votes=votes, way=way, said={}, on_said=in_turn(hear)
    )
