"""The order of the month, and nothing else. It reads like the ODD's process overview."""

from __future__ import annotations

from collections.abc import Callable

from cisim.model.luck import Luck
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
from cisim.model.state import State

Process = Callable[[State, Parameters, Luck], None]

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
