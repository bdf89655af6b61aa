"""The month in one compiled call against the same processes one by one."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import Recorder
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE, live, run_months, work
from cisim.model.state import Meetings, State
from cisim.world.scenario import Scenario

MONTHS = 30
EVENTS = [{"kind": "election", "month": 7}, {"kind": "turnover-wave", "month": 8, "share": 1.0}]


def scenario(world: str = "finland", **changes: object) -> Scenario:
    return Scenario.load("national-and-regional").with_(world=world, months=MONTHS, **changes)  # type: ignore[arg-type]


def same_bits(one: State, other: State) -> None:
    for (name, ours), (_, theirs) in zip(one.columns(), other.columns(), strict=True):
        if name.startswith("meetings."):  # rows that do not hold may be anything
            ours, theirs = (np.asarray(x)[: one.meetings_count] for x in (ours, theirs))
        np.testing.assert_array_equal(ours, theirs, err_msg=name)


def test_the_compiled_month_has_the_order_of_the_schedule() -> None:
    names = [process.py_func.__name__ for process in SCHEDULE]
    assert [name for name in run_months.py_func.__code__.co_names if name in names] == names
    assert [process for process in SCHEDULE if process in HISTORY] == list(HISTORY)


@pytest.mark.parametrize("world", ["one-town", "finland"])
def test_the_compiled_months_are_the_processes_one_by_one(world: str) -> None:
    given = scenario(world)
    p, state = given.parameters, given.build(5)
    recorder = Recorder(MONTHS, state.regions.link.size)
    for month in range(-int(p.history_months), 0):
        work(HISTORY, state, p, Luck(5, month))
    work(FOUNDING, state, p, Luck(5, 0))
    recorder.record(state, p, 0)
    model = CollectiveImpactModel(given, seed=5)
    same_bits(model.state, state)
    for month in range(MONTHS):
        work(SCHEDULE, state, p, Luck(5, month))
        recorder.record(state, p, month + 1)
    model.run()
    same_bits(model.state, state)
    np.testing.assert_array_equal(model.recorder.table, recorder.table)


@pytest.mark.parametrize("month", [-1, 12])
def test_a_month_that_waited_for_room_is_the_same_month(month: int) -> None:
    given = scenario()
    state = given.build(5)
    recorder = Recorder(MONTHS, state.regions.link.size)
    live(state, given.parameters, 5, -60, month, recorder)
    cramped, other = copy.deepcopy((state, recorder))
    cramped.meetings = Meetings.with_room(3)
    live(state, given.parameters, 5, month, month + 3, recorder)
    live(cramped, given.parameters, 5, month, month + 3, other)
    assert cramped.meetings_count > 3
    same_bits(cramped, state)
    np.testing.assert_array_equal(other.table, recorder.table)


def test_months_in_one_piece_are_the_months_in_steps() -> None:
    given = scenario("one-town", events=EVENTS)
    whole, stepped = (CollectiveImpactModel(given, seed=5) for _ in range(2))
    whole.run()
    while stepped.running:
        stepped.step()
    same_bits(whole.state, stepped.state)
    np.testing.assert_array_equal(whole.recorder.table, stepped.recorder.table)
    for model in (whole, stepped):
        assert (model.steps, model.month, model.running) == (MONTHS, MONTHS, False)


def test_a_model_with_a_step_of_its_own_takes_it_every_month() -> None:
    class Counting(CollectiveImpactModel):
        taken = 0

        def step(self) -> None:
            super().step()
            self.taken += 1

    model = Counting(scenario("one-town"), seed=5)
    model.run()
    assert (model.taken, model.steps) == (MONTHS, MONTHS)
    same_bits(model.state, CollectiveImpactModel(scenario("one-town"), seed=5).run().state)
