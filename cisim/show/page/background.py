"""What is made in the background, and handed to a page in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

import solara

from cisim.model.input_error import InputError
from cisim.show.language.spoken import in_same
from cisim.show.page.address.checks import in_a_sentence
from cisim.show.page.in_turn import turn

_log = logging.getLogger(__name__)

LINGER = 2.0
"""Seconds that a thread stays: Solara trips over one that ends while it closes its page."""
PATIENCE = 0.25
"""Seconds before something is made in the background."""

_studio = ThreadPoolExecutor(1, thread_name_prefix="cisim-made")
"""One at a time: what is made here is made in this process."""


class Mailbox:
    """Keeps only the latest of what it is told, and hands it on in a thread of its own.

    It belongs to the page that is being drawn as it is made, and hands on in its turn.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._latest: Any = None
        self._closed = False
        self._turn = turn()

    def put(self, letter: Any) -> None:
        """Replace what has not been taken yet."""
        with self._changed:
            self._latest = letter
            self._changed.notify()

    def close(self) -> None:
        """Hand on nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def hand_on(self, take: Callable[[Any], None]) -> None:
        """Give each latest letter to `take`, until closed.

        What goes wrong with one is told on the terminal, and keeps nobody from the next.
        """
        while True:
            with self._changed:
                while self._latest is None and not self._closed:
                    self._changed.wait()
                if self._closed:
                    break
                letter, self._latest = self._latest, None
            try:
                with self._turn:
                    take(letter)
            except Exception:
                _log.exception("A page could not take what was made for it.")
        time.sleep(LINGER)


def use_mailbox(take: Callable[[Any], None]) -> Mailbox:
    """Return a mailbox whose letters a page takes as long as it is open."""
    mailbox = solara.use_memo(Mailbox, [])

    def listen() -> Callable[[], None]:
        threading.Thread(target=mailbox.hand_on, args=(take,), daemon=True).start()
        return mailbox.close

    solara.use_effect(listen, [])
    return mailbox


class _Later(threading.Timer):
    """Does something a moment later, unless it is cancelled."""

    def run(self) -> None:
        super().run()
        time.sleep(LINGER)


class Made(NamedTuple):
    """What was made of a wish; where it went wrong a sentence, and what was made before."""

    wish: object
    value: Any
    fault: str = ""


def attempt(make: Callable[[], Any], wish: object) -> Made:
    """Return what is made of a wish; what goes wrong is told instead, as one sentence."""
    try:
        return Made(wish, make())
    except InputError as error:
        return Made(wish, None, in_a_sentence(error))
    except Exception as error:
        _log.exception("What a page asked for could not be made.")
        return Made(wish, None, in_a_sentence(error))


def use_made(make: Callable[[], Any], wish: object) -> Made | None:
    """Return what `make` returns, made in the background; the last one while another is made.

    wish : another one makes anew, a moment later: first come pictures, and a slider that moves on
           makes nothing in between; what it returned before None, or before it failed, stays
    """
    nothing: Made | None = None
    made, set_made = solara.use_state(nothing)

    def take(new: Made) -> None:
        set_made(lambda old: new._replace(value=old and old.value) if new.fault else new)

    mailbox = use_mailbox(take)
    attempt_here = in_same(attempt)

    def begin() -> Callable[[], None]:
        dropped = threading.Event()

        def work() -> None:
            if dropped.is_set():
                return
            found = attempt_here(make, wish)
            if (found.value is not None or found.fault) and not dropped.is_set():
                mailbox.put(found)

        def enter() -> None:
            with suppress(RuntimeError):  # the server is closing
                _studio.submit(work)

        waiting = _Later(PATIENCE, enter)
        waiting.daemon = True
        waiting.start()

        def drop() -> None:
            dropped.set()
            waiting.cancel()

        return drop

    solara.use_effect(begin, [wish])
    return made
