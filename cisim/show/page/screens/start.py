"""Start in the browser: small charts appear as their futures are there."""

from __future__ import annotations

import solara

from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.following import use_futures
from cisim.show.page.screens import widgets
from cisim.show.page.screens.widgets import Act
from cisim.show.page.views import start, told
from cisim.show.page.words import part


@solara.component
def StartPage(event_act: Act) -> None:
    """Show Start; small charts appear as their futures are there."""
    missing = [one for one in start.carded() if start.whole(one) is None]
    waiting = use_futures(missing[:1], first_pictures.SEED, first_pictures.FUTURES)
    count, set_count = solara.use_state(0)
    finished = waiting.news is not None and waiting.news.finished
    solara.use_effect(lambda: set_count(count + 1) if finished else None, [finished])
    view = {**start.view(), "stories": told.cards()}
    widgets.Start(t=part("start"), view=view, event_act=event_act)
