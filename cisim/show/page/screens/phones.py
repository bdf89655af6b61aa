"""What a question on the page has to do with phones: how they stand, and how they are asked."""

from __future__ import annotations

from typing import Any

import solara

from cisim.model.input_error import InputError
from cisim.show.page.address.checks import plainly
from cisim.show.page.room import Counts, Room, drawn
from cisim.show.page.screens.votes import use_counts
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.words import say

Phones = tuple[dict[str, Any], dict[str, Any], Act]


def use_phones(here: Room | None, event_act: Act) -> Phones:
    """Return how phones have voted, how they come in, and what takes what a visitor does.

    Without a room both are {}; what is not for phones goes on to `event_act`.
    """
    counts = use_counts(here)
    link = "" if here is None else here.link
    way = solara.use_memo(lambda: {"link": link, "qr": drawn(link)} if link else {}, [link])

    def done(message: Message) -> None:
        if here is None or message.get("do") not in ("ask", "close-vote"):
            event_act(message)
        elif message["do"] == "close-vote":
            here.close()
        else:
            given = message.get("choices")
            choices = {str(k): str(v) for k, v in given.items()} if isinstance(given, dict) else {}
            try:
                here.ask(str(message.get("question") or ""), choices or None)
            except InputError as error:
                event_act({"do": "say", "words": plainly(str(error))})

    return ({} if here is None else votes(counts)), way, done


def votes(counts: Counts) -> dict[str, Any]:
    """Return how a vote stands, without who leads while it is open."""
    return {
        "number": counts.number,
        "question": counts.question,
        "open": counts.is_open,
        "said": say("room.count", n=counts.total),
        "counts": {} if counts.is_open else dict(counts.votes),
    }
