"""The presenter's own window of a story: script, timings, what comes next, votes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ipyvue
import solara
import traitlets

from cisim.show.page.address.look import Look
from cisim.show.page.network.script import joined
from cisim.show.page.room import room
from cisim.show.page.screens.phones import use_phones
from cisim.show.page.screens.story import Coming, use_told
from cisim.show.page.screens.widgets import Act
from cisim.show.page.story import file
from cisim.show.page.views.told import script

_FRAME = Path(__file__).parent / "vue" / "presenter.vue"


@cache
def template() -> str:
    """Return presenter.vue with its script and the style that stories have, too."""
    own = joined(Path(file.__file__).parent / "presenter.js")
    frame = _FRAME.read_text(encoding="utf-8")
    return frame.replace("@presenter.js\n", own).replace("@story.css\n", file.styled())


class PresenterWidget(ipyvue.VueTemplate):
    """The window in the browser; see presenter.vue and story/presenter.js.

    told  : what the presenter reads, as `views.told.script` has it
    votes : of phones, as `screens.phones.votes` has it
    """

    template = traitlets.Unicode(template()).tag(sync=True)

    told = traitlets.Dict().tag(sync=True)
    votes = traitlets.Dict().tag(sync=True)


@solara.component
def PresenterPage(look: Look, event_act: Act) -> None:
    """Show what the presenter reads; the story itself plays in another window of the browser."""
    ready, words = use_told(look, script)
    votes, _, _ = use_phones(room(), event_act)
    if ready is None:
        Coming(look, words)
    else:
        PresenterWidget.element(told=ready, votes=votes)
