"""The order of the month, and nothing else. It reads like the ODD's process overview."""

from __future__ import annotations

from cisim.model.process import Process
from cisim.model.processes.acquaintance import become_acquainted
from cisim.model.processes.activity import act_together
from cisim.model.processes.agenda import converge_on_agenda
from cisim.model.processes.backbones import choose_leads, staff_backbones
from cisim.model.processes.contribution import contribute
from cisim.model.processes.elections import change_sponsors
from cisim.model.processes.governance import press_from_above
from cisim.model.processes.homes import settle_in
from cisim.model.processes.innovation import widen_what_is_tried
from cisim.model.processes.learning import learn_and_measure
from cisim.model.processes.meetings import meet
from cisim.model.processes.membership import commit_founders, join_and_leave
from cisim.model.processes.people import change_representatives
from cisim.model.processes.phases import follow_phases
from cisim.model.processes.posts import divide_time, pay_posts
from cisim.model.processes.roster import (
    choose_champions,
    choose_founders,
    found,
    share_values,
    turn_roster,
)
from cisim.model.processes.sponsors import engage_sponsors
from cisim.model.processes.trust import update_trust

HISTORY: tuple[Process, ...] = (
    change_representatives,  # relations are between persons
    meet,  # everyday only: nobody is a member
    update_trust,
    converge_on_agenda,  # partners and the own remit
    learn_and_measure,  # from partners
    contribute,
    act_together,  # bilateral work: the ordinary world
    become_acquainted,  # through partners, or by themselves; others are forgotten
)
"""The months before month 0, in which only everyday collaboration runs; in the month's order."""

FOUNDING: tuple[Process, ...] = (
    choose_founders,
    pay_posts,  # those of month 0
    found,
    share_values,
    commit_founders,  # as their reasons have them
    choose_leads,
    choose_champions,
    follow_phases,
)
"""Once, at month 0."""

SCHEDULE: tuple[Process, ...] = (
    change_representatives,  # people leave
    change_sponsors,  # elections come
    pay_posts,  # each by its payer
    engage_sponsors,  # mandate and money
    divide_time,  # of staff, over roles
    settle_in,  # whose home is there, acts; volunteers help
    staff_backbones,  # who can support how many
    join_and_leave,  # commitment decides
    widen_what_is_tried,  # different partners, and the catalyst
    meet,  # own, brokered, across regions, every day
    update_trust,  # promises kept or broken
    press_from_above,  # national actors claim time, mandates and agendas
    converge_on_agenda,  # partners, own remit, payers, need
    learn_and_measure,  # from partners, backbones, the best region
    contribute,  # time
    act_together,  # joint activity, results, wellbeing
    become_acquainted,  # by brokers, bridges, partners, joint work; others are forgotten
    turn_roster,  # leavers and joiners
    follow_phases,  # initiation, run, re-design
)
"""One month."""
