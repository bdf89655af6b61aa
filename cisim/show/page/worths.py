"""What roles and organisations are worth, worked out in the background: a few futures, then more.

It is cisim.lab.shapley, in steps whose futures are put together. One is worked out at a time, and
lets whoever waits for futures of the page go first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import solara

from cisim.lab.shapley import players_of, shapley
from cisim.lab.worths import Of, Worths
from cisim.model.input_error import InputError
from cisim.show.language.spoken import in_same
from cisim.show.page.address.checks import in_a_sentence
from cisim.show.page.background import Mailbox
from cisim.show.page.futures.engine import engine
from cisim.show.page.futures.keys import cache_key
from cisim.world.scenario import Scenario

_log = logging.getLogger(__name__)

STEPS = (4, 12, 40)
"""So many futures there are, one after the other; the last is what `cisim compare` runs."""
MOST = 12
"""Answers that are kept."""
POLITE = 0.05
"""Seconds between two looks whether somebody still waits for futures."""


class Asked(NamedTuple):
    """What somebody wants to know: of whom, in which outcome, over how many months."""

    of: Of
    outcome: str
    seed: int


_kept: OrderedDict[tuple[str, Asked], Worths] = OrderedDict()
_lock = threading.Lock()
_desk = ThreadPoolExecutor(1, thread_name_prefix="cisim-worth")


def known(scenario: Scenario, asked: Asked) -> Worths | None:
    """Return what there is of an answer."""
    key = cache_key(scenario, asked.seed), asked
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def work_on(scenario: Scenario, asked: Asked, dropped: threading.Event) -> Worths | None:
    """Do the next step of an answer; return what there is then, None if nobody wants it any more.

    dropped : nobody wants it any more: what is under way stops with the run that is

    Raises InputError, one sentence, if there is nobody to tell apart.
    """
    key = cache_key(scenario, asked.seed), asked
    found = known(scenario, asked)
    there = there_of(found)
    target = next((step for step in STEPS if step > there), there)
    if target > there and not dropped.is_set():
        new = _more(scenario, asked, there, target - there, dropped)
        if new.seeds.size:
            found = new if found is None else put_together(found, new)
        elif new.failed:
            raise InputError(new.failed[0].reason)
        if found is not None:
            with _lock:
                _kept[key] = found
                _kept.move_to_end(key)
                while len(_kept) > MOST:
                    _kept.popitem(last=False)
    return None if dropped.is_set() else found


def there_of(found: Worths | None) -> int:
    """Return in how many futures an answer was looked for, those included that failed."""
    if found is None:
        return 0
    return int(found.seeds.size) + len({one.seed for one in found.failed})


def _more(
    scenario: Scenario, asked: Asked, there: int, many: int, dropped: threading.Event
) -> Worths:
    """Return what so many futures more say; who comes in is who does in the first."""
    players = players_of(scenario, asked.of, seed=asked.seed)
    named = asked.of in ("organisations", "sectors")

    def look_up(done: int, total: int) -> None:
        while engine().busy and not dropped.is_set():
            time.sleep(POLITE)
        if dropped.is_set():
            raise KeyboardInterrupt

    return shapley(
        scenario,
        "organisations" if named else asked.of,
        groups={one.name: one.parts for one in players} if named else None,
        outcome=asked.outcome,
        replicates=many,
        workers=1,
        seed=asked.seed + there,
        progress=look_up,
    )


def put_together(one: Worths, other: Worths) -> Worths:
    """Return what the futures of both say; they are of the same players."""
    members = None
    if one.members is not None and other.members is not None:
        members = np.concatenate([one.members, other.members])

    def both(name: str) -> dict[str, np.ndarray]:
        first, second = getattr(one, name), getattr(other, name)
        return {key: np.concatenate([first[key], second[key]]) for key in first}

    return replace(
        one,
        seeds=np.concatenate([one.seeds, other.seeds]),
        worths=both("worths"),
        wholes=both("wholes"),
        together=both("together"),
        runs=one.runs + other.runs,
        failed=(*one.failed, *other.failed),
        members=members,
    )


def use_worths(scenario: Scenario, asked: Asked | None) -> tuple[Worths | None, str]:
    """Return what there is of an answer, None so far, and what went wrong; None asks nothing."""
    nothing: tuple[object, Worths | None, str] | None = None
    latest, set_latest = solara.use_state(nothing)
    mailbox = solara.use_memo(Mailbox, [])
    wish = (cache_key(scenario, 0), asked)

    def listen() -> Callable[[], None]:
        threading.Thread(target=mailbox.hand_on, args=(set_latest,), daemon=True).start()
        return mailbox.close

    def begin() -> Callable[[], None] | None:
        if asked is None:
            return None
        dropped = threading.Event()
        found = asked

        def work() -> None:
            try:
                new = work_on(scenario, found, dropped)
            except Exception as error:
                if not isinstance(error, InputError):
                    _log.exception("What each one is worth could not be worked out.")
                if not dropped.is_set():
                    mailbox.put((wish, known(scenario, found), in_a_sentence(error)))
                return
            if new is not None:
                mailbox.put((wish, new, ""))
                if there_of(new) < STEPS[-1]:
                    enter()

        here = in_same(work)

        def enter() -> None:
            """Take a place at the end of the queue: each in turn does a step."""
            with suppress(RuntimeError):  # the server is closing
                _desk.submit(here)

        enter()
        return dropped.set

    solara.use_effect(listen, [])
    solara.use_effect(begin, [wish])
    if asked is None:
        return None, ""
    if latest is not None and latest[0] == wish:
        return latest[1], latest[2]
    return known(scenario, asked), ""
