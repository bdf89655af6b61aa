"""The debrief: what a room has tried, on one sheet to print or to keep, and the snapshots."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import ipyvue
import solara
import traitlets

from cisim.show.language.spoken import spoken
from cisim.show.page.in_turn import in_turn
from cisim.show.page.network.script import joined
from cisim.show.page.screens.widgets import Act
from cisim.show.page.story import file
from cisim.show.page.views.debrief import codes, words

_FRAME = Path(__file__).parent / "vue" / "sheet.vue"


@cache
def template() -> str:
    """Return sheet.vue with its script and the style that stories have, too."""
    script = joined(Path(file.__file__).parent / "sheet.js")
    frame = _FRAME.read_text(encoding="utf-8")
    return frame.replace("@sheet.js\n", script).replace("@story.css\n", file.styled())


class SheetWidget(ipyvue.VueTemplate):
    """The sheet in the browser; see sheet.vue and story/sheet.js.

    codes : QR codes, by link; the browser knows the links and asks for them
    said  : what a visitor did, written by the browser
    """

    template = traitlets.Unicode(template()).tag(sync=True)

    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode("en").tag(sync=True)
    codes = traitlets.Dict().tag(sync=True)
    said = traitlets.Dict().tag(sync=True)


@solara.component
def DebriefPage(event_act: Act) -> None:
    """Show what was tried while the window was open; only the browser keeps it."""
    none: dict[str, str] = {}
    drawn, set_drawn = solara.use_state(none)

    def hear(message: dict[str, Any]) -> None:
        if message.get("do") == "codes":
            set_drawn(codes(message.get("links")))
        elif message:
            event_act({key: value for key, value in message.items() if key != "count"})

    SheetWidget.element(
        words=words(), language=spoken(), codes=drawn, said={}, on_said=in_turn(hear)
    )
