"""What roles and organisations are worth, worked out in the background: a few futures, then more.

It is cisim.lab.shapley, in steps whose futures are put together.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from cisim.lab.shapley import players_of, shapley
from cisim.lab.simulate import as_they_believe
from cisim.lab.worths import Of, Worths
from cisim.model.input_error import InputError
from cisim.show.page.errands import Errand, use_errand
from cisim.show.page.futures.keys import cache_key
from cisim.world.scenario import Scenario

STEPS = (4, 12, 40)
"""So many futures there are, one after the other; the last is what `cisim compare` runs."""
MOST = 12
"""Answers that are kept."""


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


def work_on(scenario: Scenario, asked: Asked, errand: Errand) -> Worths | None:
    """Do the next step of an answer; return what there is then, None if nobody wants it any more.

    Raises InputError, one sentence, if there is nobody to tell apart.
    """
    key = cache_key(scenario, asked.seed), asked
    found = known(scenario, asked)
    there = there_of(found)
    target = next((step for step in STEPS if step > there), there)
    if target > there and not errand.dropped:
        new = _more(scenario, asked, there, target - there, errand)
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
    return None if errand.dropped else found


def there_of(found: Worths | None) -> int:
    """Return in how many futures an answer was looked for, those included that failed."""
    if found is None:
        return 0
    return int(found.seeds.size) + len({one.seed for one in found.failed})


def _more(scenario: Scenario, asked: Asked, there: int, many: int, errand: Errand) -> Worths:
    """Return what so many futures more say; who comes in is who does in the first."""
    players = players_of(scenario, asked.of, seed=asked.seed)
    named = asked.of in ("organisations", "sectors")
    return shapley(
        scenario,
        "organisations" if named else asked.of,
        groups={one.name: one.parts for one in players} if named else None,
        outcome=asked.outcome,
        replicates=many,
        workers=1,
        seed=asked.seed + there,
        beliefs=as_they_believe([scenario]),
        progress=errand.look_up,
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

    def steps(errand: Errand) -> Iterator[Worths]:
        while asked is not None:
            found = work_on(scenario, asked, errand)
            if found is None:
                return
            yield found
            if there_of(found) >= STEPS[-1]:
                return

    wish = None if asked is None else (cache_key(scenario, 0), asked)
    news, _ = use_errand(steps, wish, _desk)
    if asked is None:
        return None, ""
    return (known(scenario, asked) if news.value is None else news.value), news.fault
