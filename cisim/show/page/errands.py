"""What takes long is worked out beside what is looked at: in steps, politely, until it is dropped.

It is done in this process and lets whoever waits for futures of the page go first: work in the
processes of the page would keep them for as long as it lasts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

import solara

from cisim.show.language.spoken import in_same
from cisim.show.page.background import attempt, use_mailbox
from cisim.show.page.futures.engine import engine

POLITE = 0.05
"""Seconds between two looks whether somebody still waits for futures."""


class News(NamedTuple):
    """What there is of a wish, where it went wrong a sentence, and how far it has come."""

    wish: object
    value: Any = None
    fault: str = ""
    done: int = 0
    total: int = 0


class Errand:
    """Something that somebody wants to have worked out, as long as they do.

    tell : hears how much is done, of how much
    """

    def __init__(self, tell: Callable[[int, int], None] = lambda done, total: None) -> None:
        self._dropped, self._tell, self._told = threading.Event(), tell, False

    @property
    def dropped(self) -> bool:
        """Return whether nobody wants it any more."""
        return self._dropped.is_set()

    def drop(self) -> None:
        """Want no more of it: what is under way stops with the run that is."""
        self._dropped.set()

    def look_up(self, done: int, total: int) -> None:
        """Tell how far it has come, and let others go first; raise KeyboardInterrupt once dropped.

        It raises only once: a second time would be a second Ctrl-C, which kills.
        """
        while engine().busy and not self.dropped:
            time.sleep(POLITE)
        if self.dropped and not self._told:
            self._told = True
            raise KeyboardInterrupt
        self._tell(done, total)


def use_errand(
    work: Callable[[Errand], Iterator[Any]], wish: object, desk: ThreadPoolExecutor
) -> tuple[News, Callable[[], None]]:
    """Return what there is of a wish, and how to drop it.

    work : yields what there is after each step; what else waits at the desk has its turn in between
    wish : another one drops what is under way and begins anew; None wants nothing
    """
    latest, set_latest = solara.use_state(News(None))
    mailbox = use_mailbox(set_latest)
    held = solara.use_ref(Errand())

    def begin() -> Callable[[], None] | None:
        if wish is None:
            return None
        errand = Errand(lambda done, total: mailbox.put(News(wish, done=done, total=total)))
        held.current, steps = errand, work(errand)

        def step() -> None:
            if errand.dropped:
                return
            made = attempt(lambda: next(steps, None), wish)
            if made.value is not None or made.fault:
                mailbox.put(News(*made))
            if made.value is not None:
                enter()

        here = in_same(step)

        def enter() -> None:
            """Take a place at the end of the queue."""
            with suppress(RuntimeError):  # the server is closing
                desk.submit(here)

        enter()
        return errand.drop

    solara.use_effect(begin, [wish])
    return latest if latest.wish == wish else News(wish), lambda: held.current.drop()
