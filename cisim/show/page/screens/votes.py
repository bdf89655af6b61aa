"""Votes of phones on the page: the way in, the question, and how it was answered."""

from __future__ import annotations

import threading
from collections.abc import Callable

import solara

from cisim.model.input_error import InputError
from cisim.show.charts.series import outcome_shown
from cisim.show.page.address.checks import plainly
from cisim.show.page.address.look import Look
from cisim.show.page.background import Mailbox
from cisim.show.page.room import Counts, Room, drawn
from cisim.show.page.screens import widgets
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.words import part, say


def use_counts(here: Room | None) -> Counts:
    """Return how the votes stand, again whenever somebody has voted; none without a room."""
    counts, set_counts = solara.use_state(Counts() if here is None else here.counts)
    mailbox = solara.use_memo(Mailbox, [])

    def listen() -> Callable[[], None] | None:
        if here is None:
            return None
        threading.Thread(target=mailbox.hand_on, args=(set_counts,), daemon=True).start()
        leave = here.listen(mailbox.put)

        def end() -> None:
            leave()
            mailbox.close()

        return end

    solara.use_effect(listen, [here])
    return counts


@solara.component
def Votes(here: Room, look: Look, event_act: Act) -> None:
    """Show how phones come in, ask them, and show how they have voted once the vote is closed."""
    counts = use_counts(here)
    code = solara.use_memo(lambda: drawn(here.link), [here.link])

    def done(message: Message) -> None:
        if message.get("do") == "ask":
            try:
                here.ask(str(message.get("question") or ""))
            except InputError as error:
                event_act({"do": "say", "words": plainly(str(error))})
        elif message.get("do") == "close-vote":
            here.close()

    shown = [
        {"name": name, "words": words, "votes": counts.votes[name]}
        for name, words in counts.choices.items()
    ]
    widgets.Votes(
        t=part("room"),
        view={
            "qr": code,
            "link": here.link,
            "usual": say("room.question", outcome=outcome_shown(look.outcome).title),
            "question": counts.question,
            "isOpen": counts.is_open,
            "said": say("room.count", n=counts.total),
            "shown": shown if counts.number and not counts.is_open else [],
        },
        event_act=done,
    )
