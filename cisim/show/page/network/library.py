"""Films of the network, made once for each scenario and seed, one at a time, in the background."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from cisim.model.input_error import InputError
from cisim.show.language.forms import localised
from cisim.show.page.background import use_made
from cisim.show.page.futures.engine import LARGEST_WORLD
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.network.film import Film, film
from cisim.show.page.words import say
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


def film_of(scenario: Scenario, seed: int) -> Film:
    """Return the film of a scenario with a seed.

    Raises InputError if its world is too large for the page.
    """
    key = cache_key(scenario, seed) + scenario.title
    found = _look_up(key)
    if found is not None:
        return found
    if scenario.world.organisation_count > LARGEST_WORLD:
        raise InputError(say("status.too_large", most=localised(f"{LARGEST_WORLD:,}")))
    made = film(scenario, seed)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def use_films(scenarios: Sequence[Scenario], seed: int) -> tuple[tuple[Film, ...], bool, str]:
    """Return the films of scenarios, whether they are older ones, and what went wrong."""
    wish = tuple((cache_key(one, seed), one.title) for one in scenarios)

    def make() -> tuple[Film, ...]:
        return tuple(film_of(one, seed) for one in scenarios)

    made = use_made(make, wish)
    before: tuple[Film, ...] = () if made is None else made.value or ()
    if made is not None and made.wish == wish:
        return before, bool(made.fault), made.fault
    there = tuple(one for key, title in wish if (one := _look_up(key + title)) is not None)
    return (there, False, "") if len(there) == len(wish) else (before, True, "")
