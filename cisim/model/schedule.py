"""The order of the month, and nothing else. It reads like the ODD's process overview.

A run lives through months in one compiled call (`live`), without Python in between; `work` runs
processes one by one for whoever wants to look in between. Both do the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np

from cisim.model.kernel import borrowed, kernel
from cisim.model.luck import Luck
from cisim.model.outcomes import K, Recorder, observe_state
from cisim.model.outcomes.sums import Parts
from cisim.model.parameters import Parameters
from cisim.model.processes.activity import act_together
from cisim.model.processes.agenda import converge_on_agenda
from cisim.model.processes.backbones import staff_backbones
from cisim.model.processes.contribution import contribute
from cisim.model.processes.elections import change_sponsors
from cisim.model.processes.learning import learn_and_measure
from cisim.model.processes.meetings import meet
from cisim.model.processes.membership import join_and_leave
from cisim.model.processes.people import change_representatives
from cisim.model.processes.roster import found, turn_roster
from cisim.model.processes.sponsors import engage_sponsors
from cisim.model.processes.trust import update_trust
from cisim.model.state import Floats, State
from cisim.model.view import view_numbers, view_state


class Process(Protocol):
    """What picks a submodel's columns out of the state and has its kernel work on them."""

    @property
    def py_func(self) -> Callable[[State, Parameters, Luck], None]: ...
    def __call__(self, state: Any, p: Any, luck: Any) -> None: ...


HISTORY: tuple[Process, ...] = (
    change_representatives,  # 3.1 relations are between persons
    meet,  # 3.5 everyday only: nobody is a member
    update_trust,  # 3.6
    converge_on_agenda,  # 3.7 partners and the own remit
    learn_and_measure,  # 3.8 from partners
    contribute,  # 3.9
    act_together,  # 3.10 bilateral work: the ordinary world
)
"""The 60 months before month 0, in which only everyday collaboration runs."""

FOUNDING: tuple[Process, ...] = (found,)
"""Once, at month 0."""

SCHEDULE: tuple[Process, ...] = (
    change_representatives,  # 3.1 people leave
    change_sponsors,  # 3.1 elections come
    engage_sponsors,  # 3.2 mandate and money
    staff_backbones,  # 3.3 who can support how many
    join_and_leave,  # 3.4 commitment decides
    meet,  # 3.5 own, brokered, across regions, every day
    update_trust,  # 3.6 promises kept or broken
    converge_on_agenda,  # 3.7 partners, own remit, payers, need
    learn_and_measure,  # 3.8 from partners, backbones, the best region
    contribute,  # 3.9 time
    act_together,  # 3.10 joint activity, results, wellbeing
    turn_roster,  # 3.4 leavers and joiners
)
"""One month."""


def work(processes: Iterable[Process], state: State, p: Parameters, luck: Luck) -> None:
    """Run processes one by one."""
    for process in processes:
        process.py_func(state, p, luck)
        while state.make_room():
            process.py_func(state, p, luck)


def live(state: State, p: Parameters, seed: int, first: int, end: int, recorder: Recorder) -> None:
    """Run the months from `first` to before `end`, and record how each leaves the state.

    Months before 0 are history; the founding follows the last of them.
    """
    recorder.make_room(end)
    if first < 0:
        _run(state, p, seed, first, min(end, 0), recorder.parts, recorder.table)
        first = 0
        if end >= 0:
            found_partnership(state, p, seed, recorder)
    _run(state, p, seed, first, end, recorder.parts, recorder.table)
    recorder.count = end + 1


def live_history(state: State, p: Parameters, seed: int) -> None:
    """Run the months before month 0; the founding is still to come."""
    nothing = np.empty((0, state.regions.link.size + 1, len(K)))
    _run(state, p, seed, -int(p.history_months), 0, np.empty(0, np.int64), nothing)


def found_partnership(state: State, p: Parameters, seed: int, recorder: Recorder) -> None:
    """Let the partnership be founded at the end of history, and record month 0."""
    work(FOUNDING, state, p, Luck(seed, 0))
    recorder.record(state, p, 0)


def _run(
    state: State, p: Parameters, seed: int, month: int, end: int, parts: Parts, table: Floats
) -> None:
    midway = False
    while month < end:
        seen, numbers = view_state(state), view_numbers(p)
        month = run_months(seen, numbers, seed, month, end, midway, parts, table)
        midway = state.make_room()


@kernel
def run_months(
    state: Any, p: Any, seed: int, month: int, end: int, midway: bool, parts: Parts, table: Floats
) -> int:
    """Run months and write the asked parts of their sums, (months, R + 1, K); return the month
    that comes next.

    The order is that of SCHEDULE, before month 0 that of HISTORY, written as compiled code needs
    it; months of history are not recorded. A month whose meetings lack room is returned as it
    stands before them, to go on `midway`.
    """
    state = borrowed(state)
    table = borrowed(table)
    while month < end:
        luck = Luck(seed, month)
        if not midway:
            change_representatives(state, p, luck)
            if month >= 0:
                change_sponsors(state, p, luck)
                engage_sponsors(state, p, luck)
                staff_backbones(state, p, luck)
                join_and_leave(state, p, luck)
        meet(state, p, luck)
        midway = state.meetings_held[0] > state.meetings.arc.size
        if midway:
            break
        update_trust(state, p, luck)
        converge_on_agenda(state, p, luck)
        learn_and_measure(state, p, luck)
        contribute(state, p, luck)
        act_together(state, p, luck)
        if month >= 0:
            turn_roster(state, p, luck)
        month += 1
        if month > 0 and parts[month]:
            observe_state(state, p, month, parts[month], table[month])
    return month
