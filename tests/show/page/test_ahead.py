"""What is chosen is run while the page is drawn anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cisim.show.page.address.look import Look, explored_of
from cisim.show.page.futures import engine as futures
from cisim.show.page.futures.ahead import Ahead
from cisim.show.page.futures.engine import FIRST, Engine, Ticket

TOWN = Look(view="explore", world="one-town", months=24, seed=771)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    fresh = Engine()
    monkeypatch.setattr(futures, "_engine", fresh)
    yield fresh
    fresh.close()


def asked(engine: Engine) -> list[Ticket]:
    with engine._lock:
        return list(engine._waiting)


def test_first_futures_are_there_before_a_page_asks(engine: Engine) -> None:
    Ahead().ask(TOWN)
    (scenario,) = explored_of(TOWN)
    until = time.monotonic() + 120
    while engine.busy and time.monotonic() < until:
        time.sleep(0.05)
    found = engine.cached(scenario, TOWN.seed)
    assert found is not None
    assert found.asked == FIRST


def test_another_choice_drops_the_one_before(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "_work", lambda self: None)  # all wait
    ahead = Ahead()
    ahead.ask(TOWN)
    ahead.ask(replace(TOWN, view="compare"))
    first, second = asked(engine)
    assert first.cancelled
    assert not second.cancelled
    assert len(second.scenarios) == len(TOWN.compared)
    ahead.ask(replace(TOWN, view="about"))
    assert second.cancelled


def test_what_does_not_fit_is_said_where_it_is_shown(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "_work", lambda self: None)
    Ahead().ask(replace(TOWN, settings=(("nonsense", 1.0),)))
    assert asked(engine) == []


def test_a_page_waits_a_moment_for_what_is_begun_and_for_nothing_else(engine: Engine) -> None:
    ahead, (scenario,) = Ahead(), explored_of(TOWN)
    long = 1e5  # seconds: whoever waits in vain never ends
    assert engine.known([scenario], TOWN.seed, FIRST, patience=long) is None
    ahead.ask(TOWN)
    found = engine.known([scenario], TOWN.seed, FIRST, patience=long)
    assert found is not None
    assert found.done == FIRST
    other = replace(TOWN, seed=TOWN.seed + 1)
    ahead.ask(other)
    ahead.ask(replace(other, view="about"))  # and dropped
    assert engine.known([scenario], other.seed, FIRST, patience=long) is None


@pytest.mark.usefixtures("no_run")
def test_whoever_waits_for_what_cannot_be_run_waits_no_longer(engine: Engine) -> None:
    Ahead().ask(TOWN)
    assert engine.known(explored_of(TOWN), TOWN.seed, FIRST, patience=1e5) is None
