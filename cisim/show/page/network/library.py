"""Films of the network, made once for each scenario and seed, one at a time, in the background."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from cisim.model.input_error import InputError
from cisim.show.page.background import use_made
from cisim.show.page.futures.engine import LARGEST_WORLD
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.network.film import Film, film
from cisim.world.scenario import Scenario

MOST = 12
"""Films that are kept."""

_kept: OrderedDict[str, Film] = OrderedDict()
_lock = threading.Lock()


def _look_up(key: str) -> Film | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def film_of(scenario: Scenario, seed: int) -> Film | None:
    """Return the film of a scenario with a seed; None if the scenario cannot be run or shown."""
    key = cache_key(scenario, seed) + scenario.title
    found = _look_up(key)
    if found is not None:
        return found
    if scenario.world.organisation_count > LARGEST_WORLD:
        return None
    try:
        made = film(scenario, seed)
    except (InputError, ArithmeticError, ValueError):
        return None
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def use_films(scenarios: Sequence[Scenario], seed: int) -> tuple[tuple[Film, ...], bool]:
    """Return the films of scenarios, and whether they are older ones while new ones are made."""
    wish = tuple((cache_key(one, seed), one.title) for one in scenarios)

    def make() -> tuple[Film, ...] | None:
        return _all(film_of(one, seed) for one in scenarios)

    made = use_made(make, wish)
    if made is not None and made[0] == wish:
        return made[1], False
    there = _all(_look_up(key + title) for key, title in wish)
    if there is None:
        return () if made is None else made[1], True
    return there, False


def _all(films: Iterable[Film | None]) -> tuple[Film, ...] | None:
    """Return the films if none is missing."""
    found = tuple(films)
    good = tuple(one for one in found if one is not None)
    return good if len(good) == len(found) else None
