"""A process lists its columns once, and what it lists is what its kernel does."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cisim.model.luck import Luck
from cisim.model.parameters import Parameters
from cisim.model.process import Process, arguments, bind, columns, process
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from cisim.model.state import Meetings, State, column_names
from cisim.world.scenario import Scenario

EVERY = tuple(dict.fromkeys((*HISTORY, *FOUNDING, *SCHEDULE)))

each_process = pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)


def stored_into(function: Callable[..., Any]) -> set[str]:
    """Return the arguments whose entries a kernel sets, itself or through kernels that it calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    names, found = arguments(function), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            found.add(ast.unparse(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = function.__globals__.get(node.func.id)
            called = getattr(called, "py_func", called)
            if inspect.isfunction(called):
                stores = stored_into(called)
                for given, name in zip(node.args, arguments(called), strict=True):
                    if name in stores:
                        found.add(ast.unparse(given).partition("[")[0])
    return found & set(names)


@each_process
def test_a_kernel_stores_into_the_columns_that_its_process_writes_and_no_others(
    one: Process,
) -> None:
    function = getattr(one.bound.kernel, "py_func", one.bound.kernel)
    stores = stored_into(function)
    places = dict(zip(arguments(function), one.bound.places, strict=True))
    assert {places[name] for name in stores} == set(one.writes)


def as_bytes(state: State) -> dict[str, bytes]:
    held = {name: np.asarray(value).tobytes() for name, value in state.columns()}
    held["meetings_held"] = held.pop("meetings_count")
    return held


@pytest.mark.parametrize("name", ["national-and-regional", "same-money-joint"])
def test_a_process_changes_not_a_bit_of_any_other_column(name: str) -> None:
    scenario = Scenario.load(name).with_(world="one-town")
    state, p = scenario.build(1), scenario.parameters
    state.meetings = Meetings.with_room(1000)
    months = [(HISTORY, month) for month in (-60, -59, -58, -2, -1)]
    months += [(FOUNDING, 0), *((SCHEDULE, month) for month in range(30))]
    for processes, month in months:
        for one in processes:
            before = as_bytes(state)
            one(state, p, Luck(1, month))
            after = as_bytes(state)
            moved = {column for column in after if after[column] != before[column]}
            assert moved <= set(one.writes), f"{one.name} in month {month}"
    assert state.meetings.arc.size == 1000


@each_process
def test_a_process_says_in_one_sentence_what_it_does(one: Process) -> None:
    assert one.words.endswith(".")
    assert one.words.count(". ") == 0
    assert set(one.bound.parameters) <= set(Parameters.model_fields)


# how arguments find their columns -------------------------------------------------------------


def give(month: Any, mandate: Any, regions_visible: Any, visible: Any, explore: Any) -> Any:
    return month, mandate, regions_visible, visible, explore


def test_an_argument_is_its_column_whatever_the_order_of_the_list() -> None:
    listed = columns("communities.visible orgs.mandate regions.visible")
    places = ("month", "orgs.mandate", "regions.visible", "communities.visible", "p.explore")
    for order in (listed, listed[::-1]):
        assert bind(give, order, ("month",)).places == places


def test_a_call_fetches_the_columns_the_parameters_and_what_is_given() -> None:
    state = Scenario.load("no-backbone").with_(world="one-town").build(1)
    p = Parameters(explore=0.2)
    bound = bind(give, columns("orgs.mandate communities.visible regions.visible"), ("month",))
    month, mandate, there, here, explore = bound(state, p, month=7)
    assert (month, explore) == (7, 0.2)
    assert mandate is state.orgs.mandate
    assert there is state.regions.visible
    assert here is state.communities.visible


@pytest.mark.parametrize(
    ("kernel", "reads", "writes", "sentence"),
    [
        (give, "orgs.mandat", "", "orgs.mandat is not a column. Did you mean orgs.mandate?"),
        (give, "orgs.mandate .visible", "", "orgs.visible is not a column."),
        (give, "orgs.mandate", "orgs.mandate", "orgs.mandate is listed twice."),
        (
            give,
            "orgs.mandate ties.kept communities.visible regions.visible",
            "",
            "ties.kept is listed, but the kernel takes no argument kept or ties_kept.",
        ),
        (
            lambda visible: visible,
            "communities.visible regions.visible",
            "",
            "the argument visible may be communities.visible or regions.visible; call it commun",
        ),
    ],
    ids=["no column", "no column of that table", "twice", "not taken", "two columns"],
)
def test_a_list_that_does_not_fit_its_kernel_is_refused_with_one_sentence(
    kernel: Any, reads: str, writes: str, sentence: str
) -> None:
    def act() -> None:
        """Act."""

    with pytest.raises(ValueError, match=re.escape(f"{__name__}.act: {sentence}")):
        process(kernel, reads=reads, writes=writes)(act)


def test_every_column_of_a_state_has_its_name() -> None:
    state = Scenario.load("no-backbone").with_(world="one-town").build(1)
    assert set(as_bytes(state)) == set(column_names())
