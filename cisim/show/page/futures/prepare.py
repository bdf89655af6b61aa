"""Make the first pictures that are missing: `python -m cisim.show.page.futures.prepare`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from functools import partial

from cisim.model.cache import is_compiled, tell_compiling
from cisim.show.language.facts import in_language
from cisim.show.page.futures.engine import Engine, News
from cisim.show.page.futures.first_pictures import FUTURES, SEED, forget_old, load, scenarios
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.words import say
from cisim.world.scenario import Scenario


def make_missing(engine: Engine, line: Callable[[str], None]) -> threading.Event:
    """Ask for the first pictures that are not kept yet; the event is set once all are there.

    line : hears what is made and how far it has come, a sentence each
    """
    ready = threading.Event()
    if not is_compiled():  # said here, for who compiles would say it in English
        tell_compiling(lambda _: line(f"{say('status.compiling')} ..."))
    missing = [
        scenario for scenario in scenarios() if load(cache_key(scenario, SEED), scenario) is None
    ]
    if not missing:
        ready.set()
        return ready
    forget_old()
    line(say("server.presets", count=len(missing)))
    lock, made = threading.Lock(), 0

    def told(scenario: Scenario, news: News) -> None:
        nonlocal made
        if not news.finished:
            return
        with lock:
            made += 1
            title = in_language(scenario).title
            line(say("server.made", done=made, count=len(missing), title=title))
            if made == len(missing):
                ready.set()

    for scenario in missing:
        engine.ask((scenario,), SEED, FUTURES, partial(told, scenario), patient=True)
    return ready


def main() -> None:
    """Make those that are missing, with a word on standard error."""
    engine = Engine()
    make_missing(engine, lambda text: print(text, file=sys.stderr, flush=True)).wait()
    engine.close()


if __name__ == "__main__":
    main()
