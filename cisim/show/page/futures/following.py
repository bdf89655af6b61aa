"""How a visitor's page follows its tickets: the latest news wins, in the visitor's own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import solara

from cisim.show.page.background import Mailbox
from cisim.show.page.futures.engine import News, Ticket, engine
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.outcomes import PICTURES, Wanted
from cisim.world.scenario import Scenario


@dataclass(frozen=True)
class Followed:
    """What is known of a wish: the latest news of it, None so far; and how to stop it."""

    news: News | None
    stop: Callable[[], None]


def use_futures(
    scenarios: Sequence[Scenario],
    seed: int,
    asked: int,
    *,
    again: int = 0,
    patient: bool = False,
    wanted: Wanted = PICTURES,
) -> Followed:
    """Follow futures of scenarios; another wish cancels the one before. No scenarios: no wish.

    It can stand only once in a component: its state has one name.

    again  : another number asks once more
    wanted : what they are run for
    """
    nothing: tuple[Any, News] | None = None
    latest, set_latest = solara.use_state(nothing, key="latest")
    mailbox = solara.use_memo(Mailbox, [])
    no_ticket: Ticket | None = None
    held = solara.use_ref(no_ticket)
    named = tuple((cache_key(one, seed, wanted), one.name, one.title) for one in scenarios)
    wish = (named, seed, asked, again)

    # What is there already is in the first picture, not in one that follows on its heels.
    known = solara.use_memo(lambda: engine().known(scenarios, seed, asked, wanted), [wish])

    def listen() -> Callable[[], None]:
        thread = threading.Thread(target=mailbox.hand_on, args=(set_latest,), daemon=True)
        thread.start()
        return mailbox.close

    def follow() -> Callable[[], None] | None:
        if not scenarios:
            return None

        def tell(news: News) -> None:
            mailbox.put((wish, news))

        done = known.done if known is not None else 0
        ticket = engine().ask(
            scenarios, seed, asked, tell, patient=patient, known=done, wanted=wanted
        )
        held.current = ticket
        return ticket.cancel

    solara.use_effect(listen, [])
    solara.use_effect(follow, [wish])

    def stop() -> None:
        if held.current is not None:
            held.current.cancel()

    return Followed(latest[1] if latest is not None and latest[0] == wish else known, stop)
