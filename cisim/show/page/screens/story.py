"""A story on the page: its futures are run, then it is played as in a file of its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import ipyvue
import solara
import traitlets

from cisim.model.input_error import InputError
from cisim.show.charts.ink import Theme
from cisim.show.language.spoken import spoken
from cisim.show.page import shelf
from cisim.show.page.address.checks import plainly
from cisim.show.page.address.look import Look
from cisim.show.page.background import use_made
from cisim.show.page.futures.following import use_futures
from cisim.show.page.room import Counts, Room, drawn, room
from cisim.show.page.screens.votes import use_counts
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.story.file import player, styled
from cisim.show.page.views.told import SEED, packed, wish
from cisim.show.page.words import say

_FRAME = Path(__file__).parent / "vue" / "story.vue"
_NO_VOTES: dict[str, Any] = {}


@cache
def template() -> str:
    """Return story.vue with the script and the style that a story's file has, too."""
    frame = _FRAME.read_text(encoding="utf-8")
    return frame.replace("@story.js\n", player()).replace("@story.css\n", styled())


class StoryWidget(ipyvue.VueTemplate):
    """The player in the browser; see story.vue and story/story.js.

    told  : what it plays, squeezed
    step  : where it stands: 0 for the cover, then each step, then what was tried
    votes : of phones: number, question, open, said, counts of each answer; {} without a room
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
    story = shelf.story(look.told)
    scenarios, asked, wanted = wish(story)
    news = use_futures(scenarios, SEED, asked, wanted=wanted).news
    whole = news.ensembles if news is not None and news.finished and not news.error else ()
    made = use_made(
        lambda: packed(story, whole) if whole else None, (look.told, spoken(), bool(whole))
    )
    wished = (look.told, spoken(), True)
    ready = str(made.value) if made and made.value and made.wish == wished else ""
    fault = (news.error if news is not None else "") or (made.fault if made is not None else "")
    here = room()
    if not ready:
        done = news.done if news is not None else 0
        with solara.v.Html(tag="div", class_="coming"):
            solara.v.Html(tag="h1", children=[story.file.title])
            words = fault or say("start.tells", n=asked, done=done)
            solara.v.Html(tag="p", attributes={"role": "status"}, children=[words])
    elif here is None:
        Player(ready, look, theme, _NO_VOTES, _NO_VOTES, event_act)
    else:
        WithPhones(here, ready, look, theme, event_act)


@solara.component
def WithPhones(here: Room, told: str, look: Look, theme: Theme, event_act: Act) -> None:
    """Show the story; phones can answer its questions."""
    counts = use_counts(here)
    way = solara.use_memo(lambda: {"link": here.link, "qr": drawn(here.link)}, [here.link])

    def done(message: Message) -> None:
        if message.get("do") == "ask":
            given = message.get("choices")
            choices = {str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else {}
            try:
                here.ask(str(message.get("question") or ""), choices or None)
            except InputError as error:
                event_act({"do": "say", "words": plainly(str(error))})
        elif message.get("do") == "close-vote":
            here.close()
        else:
            event_act(message)

    Player(told, look, theme, votes(counts), way, done)


def votes(counts: Counts) -> dict[str, Any]:
    """Return how a vote stands, without who leads while it is open."""
    return {
        "number": counts.number,
        "question": counts.question,
        "open": counts.is_open,
        "said": say("room.count", n=counts.total),
        "counts": {} if counts.is_open else dict(counts.votes),
    }


@solara.component
def Player(
    told: str, look: Look, theme: Theme, votes: dict[str, Any], way: dict[str, Any], event_act: Act
) -> None:
    """Play a story; where it stands is in the address."""

    def hear(message: dict[str, Any]) -> None:
        if message:
            event_act({key: value for key, value in message.items() if key != "count"})

    StoryWidget.element(
        told=told, step=look.step, theme=theme, votes=votes, way=way, said={}, on_said=hear
    )
