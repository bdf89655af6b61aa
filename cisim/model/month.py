"""The months of a run, made from the schedule.

A run lives through months in one compiled call (`live`), without Python in between. That call is
written here from HISTORY and SCHEDULE, as the kernels in their order with the columns
that each process lists, and compiled. `work` runs processes one by one for whoever wants to look
in between. Both do the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from cisim.model.input_error import nearest
from cisim.model.kernel import borrowed, inlined, kernel
from cisim.model.luck import Luck
from cisim.model.outcomes import Recorder, observe_state
from cisim.model.outcomes.books import KEPT, keep_books
from cisim.model.outcomes.sums import OBSERVED
from cisim.model.parameters import Parameters
from cisim.model.process import LUCK, Bound, Process
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from cisim.model.state import State
from cisim.model.view import view_numbers, view_state


def work(processes: Iterable[Process], state: State, p: Parameters, luck: Luck) -> None:
    """Run processes one by one."""
    for process in processes:
        process(state, p, luck)
        while state.make_room():
            process(state, p, luck)


def live(state: State, p: Parameters, seed: int, first: int, end: int, recorder: Recorder) -> None:
    """Run the months from `first` to before `end`, and record how each leaves the state.

    Months before 0 are history; the founding follows the last of them.
    """
    recorder.make_room(end)
    if first < 0:
        _run(state, p, seed, first, min(end, 0), recorder)
        first = 0
        if end >= 0:
            found_partnership(state, p, seed, recorder)
    _run(state, p, seed, first, end, recorder)
    recorder.count = end + 1


def live_history(state: State, p: Parameters, seed: int) -> None:
    """Run the months before month 0; the founding is still to come."""
    _run(state, p, seed, -int(p.history_months), 0, Recorder(-1, state.regions.visible.size))


def found_partnership(state: State, p: Parameters, seed: int, recorder: Recorder) -> None:
    """Let the partnership be founded at the end of history, and record month 0."""
    work(FOUNDING, state, p, Luck(seed, 0))
    recorder.record(state, p, 0)


def _run(state: State, p: Parameters, seed: int, month: int, end: int, recorder: Recorder) -> None:
    stage = 0
    room = recorder.parts, recorder.table, recorder.books, recorder.stances
    while month < end:
        seen, numbers = view_state(state), view_numbers(p)
        month, stage = run_months(seen, numbers, seed, month, end, stage, *room)
        state.make_room()


@inlined
def lacks_room(state: Any) -> bool:
    """Return whether there were more meetings than rows for them."""
    return state.meetings_held[0] > state.meetings.arc.size


def write_months(history: Sequence[Process], schedule: Sequence[Process]) -> str:
    """Return `run_months` in Python: the kernels of all processes, called by the processes' names.

    A process that needs room ends the call where it found too little. The months then go on at
    that stage of the month: its number among the processes that need room, from 1.

    Raises ValueError if history and schedule have no common order.
    """
    stage = 0
    parts: list[tuple[str, list[str]]] = []
    for process in in_order(history, schedule):
        stage += process.needs_room
        when = f"if stage <= {stage}"
        when += "" if process in schedule else " and month < 0"
        when += "" if process in history else " and month >= 0"
        lines = _call(process.name, process.bound)
        if process.needs_room:
            lines += ["if lacks_room(state):", f"    return month, {stage}"]
        parts.append((when, lines))
    return "\n".join(
        [
            "def run_months(state, p, seed, month, end, stage, parts, table, books, stances):",
            "    state = borrowed(state)",
            "    table = borrowed(table)",
            "    books = borrowed(books)",
            "    stances = borrowed(stances)",
            "    while month < end:",
            *(
                line
                for when, group in groupby(parts, itemgetter(0))
                for line in (
                    f"        {when}:",
                    *(f"            {line}" for _, lines in group for line in lines),
                )
            ),
            "        stage = 0",
            "        month += 1",
            "        if month > 0:",
            *(f"            {line}" for line in _call("keep_books", keep_books, KEPT)),
            "        if month > 0 and parts[month]:",
            "            asked, row = parts[month], table[month]",
            *(f"            {line}" for line in _call("observe", observe_state, OBSERVED)),
            "    return month, stage",
            "",
        ]
    )


def in_order(history: Sequence[Process], schedule: Sequence[Process]) -> list[Process]:
    """Return the processes of both, each once, so that both keep their order.

    Raises ValueError if there is no such order.
    """
    found: list[Process] = []
    rest = list(history)
    for process in schedule:
        if process in found:
            raise ValueError(
                f"{process.name} stands elsewhere in HISTORY than in SCHEDULE; both have one order."
            )
        if process in rest:
            place = rest.index(process)
            found += rest[:place]
            rest = rest[place + 1 :]
        found.append(process)
    return found + rest


def _call(name: str, bound: Bound, given: Sequence[str] = LUCK) -> list[str]:
    """Return the lines that call a kernel by a name; what is given is there already."""
    tables = {
        place.partition(".")[0]: None
        for place in bound.places
        if place not in given and not place.startswith("p.")
    }
    return [
        *(f"{table} = state.{table}" for table in tables),
        f"{name}({', '.join(bound.places)})",
    ]


def _compiled() -> Any:
    """Return `run_months`, compiled under this file's path, so that numba's cache finds it."""
    every = {process.name: process for process in (*HISTORY, *FOUNDING, *SCHEDULE)}
    for process in every.values():
        for name in process.bound.parameters:
            if name not in Parameters.model_fields:
                raise ValueError(
                    f"{process.module}.{process.name}: the argument {name} is neither a column "
                    f"that it lists nor a parameter.{nearest(name, Parameters.model_fields)}"
                )
    names: dict[str, Any] = {name: process.bound.kernel for name, process in every.items()}
    names |= {"__name__": __name__, "borrowed": borrowed, "lacks_room": lacks_room}
    names |= {"observe": observe_state.kernel, "keep_books": keep_books.kernel}
    exec(compile(write_months(HISTORY, SCHEDULE), __file__, "exec"), names)
    return kernel(names["run_months"])


run_months = _compiled()
"""Run months, write the asked parts of their sums, (months, R + 1, K), and the books; return the
month and the stage of it that come next. Months of history are not recorded."""
