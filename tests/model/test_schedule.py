"""The month in one compiled call against the same processes one by one."""

from __future__ import annotations

import copy
import dataclasses
import re

import numpy as np
import pytest

from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.month import in_order, live, work, write_months
from cisim.model.outcomes import Recorder
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
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


def called(source: str) -> list[str]:
    return re.findall(r"^ *(\w+)\(.*\)$", source, re.MULTILINE)


def test_the_compiled_month_is_the_schedule_in_its_order() -> None:
    source = write_months(HISTORY, SCHEDULE)
    assert called(source)[:-2] == [process.name for process in SCHEDULE]
    month: list[str] = []
    for line in source.splitlines():
        if line.lstrip().startswith("if stage"):
            month = [line]
        for process in SCHEDULE:
            if line.lstrip().startswith(f"{process.name}("):
                assert ("month >= 0" in month[0]) == (process not in HISTORY)


def test_a_process_in_another_order_or_place_is_compiled_so() -> None:
    one, two = SCHEDULE[:2]
    assert called(write_months((), (two, one)))[:-2] == [two.name, one.name]
    assert in_order((one, two), (two,)) == [one, two]
    assert in_order((), SCHEDULE) == list(SCHEDULE)
    with pytest.raises(ValueError, match=rf"^{two.name} stands elsewhere in HISTORY"):
        in_order((two, one), (one, two))


def test_every_process_that_needs_room_is_where_a_month_goes_on() -> None:
    needy = [dataclasses.replace(process, needs_room=True) for process in SCHEDULE[:2]]
    lines = [line.strip() for line in write_months((), (*needy, *SCHEDULE[2:5])).splitlines()]
    stages = [line for line in lines if line.startswith(("if stage", "return month"))]
    assert stages == [
        "if stage <= 1 and month >= 0:",
        "return month, 1",
        "if stage <= 2 and month >= 0:",
        "return month, 2",
        "return month, stage",
    ]


@pytest.mark.parametrize("world", ["one-town", "finland"])
def test_the_compiled_months_are_the_processes_one_by_one(world: str) -> None:
    given = scenario(world)
    p, state = given.parameters, given.build(5)
    recorder = Recorder(MONTHS, state.regions.visible.size)
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
    recorder = Recorder(MONTHS, state.regions.visible.size)
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
