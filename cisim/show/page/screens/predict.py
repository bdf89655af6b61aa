"""Predict, reveal, replay in Explore: the room guesses before it sees."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import ipyvue
import solara
import traitlets

from cisim.show.page.in_turn import in_turn
from cisim.show.page.network.script import joined
from cisim.show.page.room import room
from cisim.show.page.screens.phones import use_phones
from cisim.show.page.screens.widgets import Act
from cisim.show.page.story import file
from cisim.show.page.views.predict import words

_FRAME = Path(__file__).parent / "vue" / "predict.vue"


@cache
def template() -> str:
    """Return predict.vue with the script and the style that stories have, too."""
    script = joined(Path(file.__file__).parent / "guess.js")
    frame = _FRAME.read_text(encoding="utf-8")
    return frame.replace("@guess.js\n", script).replace("@story.css\n", file.styled())


class GuessWidget(ipyvue.VueTemplate):
    """The question in the browser; see predict.vue and story/guess.js.

    step  : what is asked, as `views.predict.question` has it
    words : what is said around it
    votes : of phones, as `screens.phones.votes` has it
    way   : how phones come in: link and qr; {} without a room
    said  : what a visitor did, written by the browser
    """

    template = traitlets.Unicode(template()).tag(sync=True)

    step = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    votes = traitlets.Dict().tag(sync=True)
    way = traitlets.Dict().tag(sync=True)
    said = traitlets.Dict().tag(sync=True)


@solara.component
def Predict(step: dict[str, Any], event_act: Act) -> None:
    """Show a question, then its answer beside the room's guess."""
    votes, way, done = use_phones(room(), event_act)

    def hear(message: dict[str, Any]) -> None:
        if message:
            done({key: value for key, value in message.items() if key != "count"})

    GuessWidget.element(
        step=step, words=words(), votes=votes, way=way, said={}, on_said=in_turn(hear)
    )
