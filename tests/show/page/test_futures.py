"""The engine behind the page: what is dropped costs nobody anything, what is done is kept."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from cisim.lab import executors
from cisim.lab.ensemble import Ensemble, Failure
from cisim.lab.simulate import run_ensembles
from cisim.model.input_error import InputError
from cisim.show.charts import LEVELS
from cisim.show.page import outcomes
from cisim.show.page.futures import engine as futures
from cisim.show.page.futures import first_pictures
from cisim.show.page.futures.engine import Engine, News
from cisim.show.page.futures.ensembles import first, merge, size_of, unbroken
from cisim.show.page.outcomes import INSIDE, KEPT
from cisim.world.scenario import Scenario

TOWN = Scenario.load("national-and-regional", world="one-town", months=24)


def town(link: float) -> Scenario:
    return TOWN.set({"sponsor_link": link})


def seen(futures: int, seed: int) -> Ensemble:
    """Return an ensemble as the engine makes it."""
    return run_ensembles(
        [TOWN], futures, 1, seed, outcomes=KEPT, by_region=True, each=("community",), yearly=False
    )[0]


class Heard:
    """Waits for what a ticket is told."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.changed = threading.Condition()

    def __call__(self, news: News) -> None:
        with self.changed:
            self.news.append(news)
            self.changed.notify_all()

    def until(self, done: int) -> News:
        with self.changed:
            assert self.changed.wait_for(
                lambda: bool(self.news) and self.news[-1].done >= done, timeout=120
            )
            return self.news[-1]


def test_a_wish_that_is_dropped_leaves_the_processes_alone() -> None:
    engine = Engine()
    executors.close()
    heard = Heard()
    engine.begin(2)
    engine.ask((town(0.5),), 1, 20, heard)
    heard.until(20)
    pool = executors.pool._pool
    for step in range(12):
        wanted = Heard()
        ticket = engine.ask((town(0.01 * step),), 5, 200, wanted)
        if step % 3:
            wanted.until(20)
        ticket.cancel()
    last = Heard()
    engine.ask((town(0.9),), 5, 40, last)
    assert last.until(40).finished
    assert executors.pool._pool is pool
    engine.close()


def test_what_is_known_is_not_told_again() -> None:
    engine = Engine()
    heard = Heard()
    assert engine.known((TOWN,), 9, 20) is None
    engine.ask((TOWN,), 9, 20, heard)
    heard.until(20)
    known = engine.known((TOWN,), 9, 20)
    assert known is not None
    assert known.finished
    values = heard.news[-1].ensembles[0].values
    assert np.array_equal(known.ensembles[0].values, values, equal_nan=True)
    again = Heard()
    engine.ask((TOWN,), 9, 20, again, known=20)
    assert not again.news
    engine.close()


def test_futures_before_a_gap_are_kept_and_the_rest_follows_with_the_same_luck() -> None:
    whole = seen(12, 3)
    there = np.array([0, 1, 2, 3, 5, 8])
    assert whole.communities is not None
    broken = replace(
        whole, replicates=there, values=whole.values[there], incomplete=True,
        communities=whole.communities.some(np.isin(np.arange(12), there)),
        failed=(Failure(TOWN.name, 4, 7, "bad"),),
    )  # fmt: skip
    assert unbroken(broken) == 6
    kept = replace(first(broken, unbroken(broken)), incomplete=False)
    assert kept.asked == 6
    assert kept.replicates.tolist() == [0, 1, 2, 3, 5]
    rest = seen(6, 3 + 6)
    joined = merge(kept, rest)
    assert joined.replicates.tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert np.array_equal(joined.values, whole.values[joined.replicates], equal_nan=True)
    assert joined.communities is not None
    of_each = whole.communities.values
    assert np.array_equal(joined.communities.values, of_each[joined.replicates])
    assert merge(kept, replace(rest, communities=None)).communities is None
    assert size_of(whole) - size_of(replace(whole, communities=None)) == of_each.nbytes > 0
    assert unbroken(replace(whole, replicates=np.array([], np.int64), values=whole.values[:0])) == 0


def test_what_a_card_shows_is_run_for_it_beside_what_every_picture_is_of() -> None:
    engine, heard, other = Engine(), Heard(), Heard()
    engine.ask((TOWN,), 23, 20, heard)
    pictures = heard.until(20).ensembles[0]
    assert engine.known((TOWN,), 23, 20, INSIDE) is None
    engine.ask((TOWN,), 23, 20, other, patient=True, wanted=INSIDE)
    found = other.until(20)
    assert found.finished
    inside = found.ensembles[0]
    assert inside.outcomes == INSIDE.outcomes
    assert inside.months.tolist() == [0, 12, 24]
    assert inside.communities is None
    both = engine.known((TOWN,), 23, 20)
    assert both is not None
    assert both.ensembles[0].outcomes == KEPT
    for shared in LEVELS:  # which are of both
        whole = pictures.values[:, ::12, :, KEPT.index(shared)]
        part = inside.values[..., INSIDE.outcomes.index(shared)]
        assert np.array_equal(whole, part, equal_nan=True)
    engine.close()


def test_communities_are_kept_at_the_horizon_up_to_so_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for most, there in ((6, True), (5, False)):
        monkeypatch.setattr(outcomes, "MOST_COMMUNITIES", most)
        engine = Engine()
        heard = Heard()
        engine.ask((TOWN,), 17, 20, heard)
        communities = heard.until(20).ensembles[0].communities
        assert (communities is not None) == there
        if communities is not None:
            assert communities.values.shape[:3] == (20, 1, 6)
            assert communities.months.tolist() == [TOWN.months]
        engine.close()


def test_only_shipped_scenarios_are_kept_in_the_users_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored: list[str] = []
    monkeypatch.setattr(first_pictures, "store", lambda key, ensemble: stored.append(key))
    engine = Engine()
    heard = Heard()
    engine.ask((town(0.33),), first_pictures.SEED, first_pictures.FUTURES, heard)
    heard.until(first_pictures.FUTURES)
    assert not stored
    assert len(futures._shipped()) == len(first_pictures.scenarios())
    engine.close()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (InputError("months is 7; allowed is more."), "months is 7; allowed is more."),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_a_model_error_is_a_sentence_and_the_next_wish_is_answered(
    wrong: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine()
    heard, after = Heard(), Heard()

    def fail(*_: object, **__: object) -> None:
        raise wrong

    with monkeypatch.context() as patched:
        patched.setattr(futures, "run_ensembles", fail)
        engine.ask((town(0.77),), 9, 20, heard)
        with heard.changed:
            assert heard.changed.wait_for(lambda: bool(heard.news), timeout=120)
    assert heard.news[-1].finished
    assert said in heard.news[-1].error
    engine.ask((town(0.77),), 9, 20, after)
    assert after.until(20).error == ""
    engine.close()


def test_what_is_kept_is_bounded_and_what_is_waited_for_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = Engine()
    one = run_ensembles([TOWN], 2, 1, 3, outcomes=KEPT, by_region=True)[0]
    monkeypatch.setattr(futures, "MOST_BYTES", 3 * size_of(one))
    monkeypatch.setattr(engine, "_work", lambda: None)
    waiting = engine.ask((town(0.11), town(0.12)), 9, 20)
    for key in waiting.keys:
        engine._keep(key, one)
    for number in range(6):
        engine._keep(f"other-{number}", one)
    assert list(engine._cache) == [*waiting.keys, "other-5"]
    for ticket in (waiting,):
        engine._drop(ticket)
    for number in range(6, 9):
        engine._keep(f"other-{number}", one)
    assert list(engine._cache) == ["other-6", "other-7", "other-8"]
