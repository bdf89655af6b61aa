"""Make the first pictures that are missing: `python -m cisim.show.page.futures.prepare`."""

from __future__ import annotations

import sys
import threading

from cisim.show.page.futures.engine import Engine, News
from cisim.show.page.futures.first_pictures import FUTURES, SEED, forget_old, load, names
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.words import say
from cisim.world.scenario import Scenario


def main() -> None:
    """Make those that are missing, with a word on standard error."""
    engine = Engine()
    missing = [
        scenario
        for scenario in map(Scenario.load, names())
        if load(cache_key(scenario, SEED), scenario) is None
    ]
    if not missing:
        return
    forget_old()
    print(say("server.presets", count=len(missing)), file=sys.stderr, flush=True)
    for scenario in missing:
        done = threading.Event()

        def tell(news: News, done: threading.Event = done) -> None:
            if news.finished:
                done.set()

        engine.ask((scenario,), SEED, FUTURES, tell)
        done.wait()
    engine.close()


if __name__ == "__main__":
    main()
