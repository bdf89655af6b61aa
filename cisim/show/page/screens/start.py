"""Start in the browser: small charts appear as their futures are there."""

from __future__ import annotations

import solara

from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.following import Followed, use_futures
from cisim.show.page.outcomes import PICTURES
from cisim.show.page.screens import widgets
from cisim.show.page.screens.widgets import Act
from cisim.show.page.views import asked, start
from cisim.show.page.words import part


@solara.component
def StartPage(event_act: Act) -> None:
    """Show Start; small charts appear as their futures are there, those of stories last."""
    count, set_count = solara.use_state(0)
    none: tuple[str, ...] = ()
    failed, set_failed = solara.use_state(none)  # stories that cannot be run keep no other waiting
    missing = [one for one in start.carded() if start.whole(one) is None]
    waiting = use_futures(missing[:1], first_pictures.SEED, first_pictures.FUTURES)
    wish = asked.missing(failed)
    asking = use_futures(
        wish.scenarios if wish else (), first_pictures.SEED, first_pictures.FUTURES, sharper=True,
        wanted=wish.wanted if wish else PICTURES, name="asked",
    )  # fmt: skip

    def go_on() -> None:
        if wish and asking.news is not None and asking.news.error:
            set_failed((*failed, wish.name))
        elif any(map(_finished, (waiting, asking))):
            set_count(count + 1)

    solara.use_effect(go_on, [_finished(waiting), _finished(asking), wish and wish.name])
    view = {**start.view(), "stories": asked.cards(failed)}
    widgets.Start(t=part("start"), view=view, event_act=event_act)


def _finished(followed: Followed) -> bool:
    return followed.news is not None and followed.news.finished
