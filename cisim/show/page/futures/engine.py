"""Ensembles for the page: quick first, then sharpened in place, shared by visitors and cached.

One thread asks cisim.lab for a few futures at a time. Whoever waits for a first picture comes
before whoever waits for a sharper one, and what nobody wants any more is dropped at once. What a
visitor looks at is nowhere here: a ticket knows scenarios, a seed and whom to tell.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from cisim.lab import executors
from cisim.lab.ensemble import Ensemble
from cisim.lab.simulate import run_ensembles
from cisim.lab.warm import warm
from cisim.model.input_error import InputError
from cisim.show.language.forms import localised
from cisim.show.page.address.checks import in_a_sentence
from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.ensembles import first, merge, size_of, unbroken
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.outcomes import PICTURES, Wanted, followed
from cisim.show.page.words import say
from cisim.world.scenario import Scenario

FULL = 200
STEPS = (200,)
STEPS_LARGE = (60, 200)
"""How many futures a picture has as it sharpens, after the first ones: each is sent whole, and who
waits for a first picture stops a long step."""
LARGE = 150
"""More organisations than this make a future slow."""
FIRST, QUICK = 8, 20
"""Futures of a first picture, which somebody waits for; and of what comes beside it."""
MOMENT = 0.06
"""Seconds that a page waits for first futures before it is drawn without them, and then anew."""
MOST_BYTES = 120_000_000
"""Of ensembles that are kept, beside those that somebody waits for."""
LARGEST_WORLD = 6_000
"""More organisations than this are for the command line."""


@dataclass(frozen=True)
class News:
    """How far a ticket has come.

    ensembles : one for each scenario, as far as there are any, all with the same futures
    done      : futures there are, of each; `asked` are wanted
    finished  : whether nothing more will come
    error     : one sentence if it went wrong, else ""
    """

    ensembles: tuple[Ensemble, ...]
    done: int
    asked: int
    finished: bool
    error: str = ""


Listener = Callable[[News], None]


@dataclass
class Ticket:
    """A wish for futures of scenarios; cancelled as soon as nobody looks at it any more.

    patient : comes after all that are not
    sharper : somebody has a first picture already, so it comes after first pictures
    """

    scenarios: tuple[Scenario, ...]
    seed: int
    asked: int
    tell: Listener
    patient: bool = False
    sharper: bool = False
    wanted: Wanted = PICTURES
    cancelled: bool = False
    number: int = 0
    done: int = 0
    keys: tuple[str, ...] = field(default=())

    def cancel(self) -> None:
        """Want no more of it; what is there already stays cached."""
        self.cancelled = True

    @property
    def urgency(self) -> tuple[bool, int, int]:
        """Return what decides who is next: first pictures, then the least sharp, then the first."""
        return (self.patient, max(self.done, FIRST if self.sharper else 0), self.number)


class Engine:
    """Runs tickets one step at a time, in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._came = threading.Condition()  # held alone, or before the lock
        self._waiting: list[Ticket] = []
        self._current: Ticket | None = None
        self._cache: OrderedDict[str, Ensemble] = OrderedDict()
        self._workers: int | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._count = 0
        self.compiling = False

    # from the outside --------------------------------------------------------------------------

    def begin(self, workers: int | None = None) -> None:
        """Start the processes; they leave the processors to whoever draws a picture."""
        self._workers = workers
        with contextlib.suppress(Exception):
            executors.start(workers, polite=True)

    def ask(
        self,
        scenarios: Sequence[Scenario],
        seed: int,
        asked: int = FULL,
        tell: Listener = lambda news: None,
        *,
        patient: bool = False,
        sharper: bool = False,
        known: int = 0,
        wanted: Wanted = PICTURES,
    ) -> Ticket:
        """Wish for futures; `tell` hears of each step from another thread, at once if cached.

        known  : of so many futures nothing need be told any more
        wanted : what they are run for
        """
        keys = tuple(cache_key(scenario, seed, wanted) for scenario in scenarios)
        ticket = Ticket(tuple(scenarios), seed, asked, tell, patient, sharper, wanted, keys=keys)
        for scenario in scenarios:
            if scenario.world.organisation_count > LARGEST_WORLD:
                refused = say("status.too_large", most=localised(f"{LARGEST_WORLD:,}"))
                tell(News((), 0, asked, True, refused))
                return ticket
        found = self._news(ticket)
        if found.done > known:
            tell(found)
        ticket.done = found.done
        if not found.finished:
            with self._lock:
                self._count += 1
                ticket.number = self._count
                self._waiting.append(ticket)
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._work, name="cisim-futures", daemon=True
                    )
                    self._thread.start()
                self._lock.notify()
        return ticket

    def known(
        self,
        scenarios: Sequence[Scenario],
        seed: int,
        asked: int,
        wanted: Wanted = PICTURES,
        *,
        patience: float = 0.0,
    ) -> News | None:
        """Return what is there of a wish without asking for more, None if nothing is.

        patience : seconds to wait for it if somebody has asked for the same already
        """
        if not scenarios:
            return None
        keys = tuple(cache_key(scenario, seed, wanted) for scenario in scenarios)
        wish = Ticket(tuple(scenarios), seed, asked, _ignore, wanted=wanted, keys=keys)

        def settled() -> bool:
            return self._news(wish).done > 0 or not self._begun(keys)

        if patience:
            with self._came:
                self._came.wait_for(settled, patience)
        news = self._news(wish)
        return news if news.done else None

    def _begun(self, keys: tuple[str, ...]) -> bool:
        """Return whether first futures of these keys are on their way."""
        with self._lock:
            return any(
                one.keys == keys and not (one.cancelled or one.patient or one.sharper)
                for one in self._waiting
            )

    def cached(self, scenario: Scenario, seed: int, wanted: Wanted = PICTURES) -> Ensemble | None:
        """Return what there is of a scenario, None if nothing is."""
        key = cache_key(scenario, seed, wanted)
        with self._lock:
            found = self._cache.get(key)
            if found is not None:
                self._cache.move_to_end(key)
        if found is None and wanted is PICTURES:
            found = first_pictures.load(key, scenario)
            if found is not None:
                self._keep(key, found)
        return None if found is None else replace(found, scenario=scenario)

    @property
    def busy(self) -> bool:
        """Return whether somebody waits for futures."""
        with self._lock:
            return any(not ticket.cancelled for ticket in self._waiting)

    def close(self) -> None:
        """Stop: nothing more is begun."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            self._lock.notify()

    # the thread --------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            ticket = self._next()
            if ticket is None:
                return
            try:
                self._advance(ticket)
            except Exception as error:
                self._end(ticket, in_a_sentence(error))

    def _next(self) -> Ticket | None:
        with self._lock:
            while True:
                if self._closed:
                    return None
                self._waiting = [ticket for ticket in self._waiting if not ticket.cancelled]
                if self._waiting:
                    self._current = min(self._waiting, key=lambda ticket: ticket.urgency)
                    return self._current
                self._current = None
                self._lock.wait()

    def _advance(self, ticket: Ticket) -> None:
        """Run the next few futures of a ticket's scenarios that have the fewest, and tell."""
        have = [self.cached(scenario, ticket.seed, ticket.wanted) for scenario in ticket.scenarios]
        counts = [0 if one is None else one.asked for one in have]
        least = min(counts)
        if least < ticket.asked:
            there = max(least, FIRST) if ticket.sharper else least
            organisations = ticket.scenarios[0].world.organisation_count
            target = ticket.asked
            if not ticket.patient:
                target = next_step(there, target, organisations)
            behind = [n for n, count in enumerate(counts) if count == least]
            self._warm(ticket)
            told, wanted = threading.Event(), ticket.wanted
            horizon = ticket.scenarios[0].months
            found = run_ensembles(
                [ticket.scenarios[n] for n in behind],
                target - least,
                self._workers,
                ticket.seed + least,
                outcomes=wanted.outcomes,
                by_region=True,
                each=("community",) if not wanted.yearly and followed(ticket.scenarios[0]) else (),
                yearly=False,
                at=range(0, horizon + 1, 12) if wanted.yearly else None,
                progress=lambda done, total: self._look_up(ticket, told),
            )
            if any(one.incomplete for one in found):
                # What is done is kept, or whoever moves a slider would keep others waiting.
                kept = min(unbroken(one) for one in found)
                if not kept:
                    return
                found = [replace(first(one, kept), incomplete=False) for one in found]
            for n, new in zip(behind, found, strict=True):
                merged = merge(have[n], new)
                self._keep(ticket.keys[n], merged)
                if ticket.keys[n] in _shipped():
                    first_pictures.store(ticket.keys[n], merged)
            if not any(one.values.shape[0] for one in found):
                raise InputError(found[0].failed[0].reason)
        if ticket.cancelled:
            return
        news = self._news(ticket)
        if news.done > ticket.done or news.finished:
            ticket.done = news.done
            ticket.tell(news)
        if news.finished:
            self._drop(ticket)

    def _warm(self, ticket: Ticket) -> None:
        from cisim.model.cache import is_compiled

        if is_compiled():
            return
        self.compiling = True
        try:
            ticket.tell(News((), 0, ticket.asked, False, ""))
            warm()
        finally:
            self.compiling = False

    def _look_up(self, ticket: Ticket, told: threading.Event) -> None:
        """Stop what is under way if it is not wanted, or somebody waits for a first picture.

        told : whether it was told already; a second time would be a second Ctrl-C, which kills
        """
        if told.is_set():
            return
        with self._lock:
            urgent = any(
                one is not ticket and not one.cancelled and one.urgency[:2] < (False, 1)
                for one in self._waiting
            )
        if (
            ticket.cancelled
            or self._closed
            or (urgent and (ticket.patient or ticket.sharper or ticket.done))
        ):
            told.set()
            raise KeyboardInterrupt

    def _news(self, ticket: Ticket) -> News:
        have = [self.cached(scenario, ticket.seed, ticket.wanted) for scenario in ticket.scenarios]
        there = [one for one in have if one is not None]
        if len(there) < len(have):
            return News((), 0, ticket.asked, False)
        done = min(one.asked for one in there)
        same = tuple(first(one, min(done, ticket.asked)) for one in there)
        return News(same, min(done, ticket.asked), ticket.asked, done >= ticket.asked)

    def _end(self, ticket: Ticket, reason: str) -> None:
        self._drop(ticket)
        if not ticket.cancelled:
            ticket.tell(News((), ticket.done, ticket.asked, True, reason))

    def _drop(self, ticket: Ticket) -> None:
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
        self._tell_came()

    def _tell_came(self) -> None:
        with self._came:
            self._came.notify_all()

    def _keep(self, key: str, ensemble: Ensemble) -> None:
        with self._lock:
            self._cache[key] = ensemble
            self._cache.move_to_end(key)
            # What is waited for stays: it would only be run again, and again.
            wanted = {key, *(one for ticket in self._waiting for one in ticket.keys)}
            size = sum(map(size_of, self._cache.values()))
            for old in [one for one in self._cache if one not in wanted]:
                if size <= MOST_BYTES:
                    break
                size -= size_of(self._cache.pop(old))
        self._tell_came()


def _ignore(news: News) -> None:
    """Hear of it and do nothing: it is cached."""


def next_step(there: int, asked: int, organisations: int) -> int:
    """Return how many futures there should be next."""
    steps = (FIRST, *(STEPS_LARGE if organisations > LARGE else STEPS))
    return min(asked, next((step for step in steps if step > there), asked))


@cache
def _shipped() -> frozenset[str]:
    """Return the keys of the futures that are kept in the user's folder."""
    return frozenset(cache_key(one, first_pictures.SEED) for one in first_pictures.scenarios())


_engine: Engine | None = None
_making = threading.Lock()


def engine() -> Engine:
    """Return the one engine of this process."""
    global _engine
    with _making:
        if _engine is None:
            _engine = Engine()
        return _engine
