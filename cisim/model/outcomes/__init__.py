"""What is observed, month by month, of each region and of all regions together.

Each month one compiled reducer turns the state into sums (`sums`); outcomes are declared as
functions of those sums over all months at once (`taking_part`, `network`, `work`, `standing`,
`functions`). Add
an outcome: one declaration there. Only an outcome that needs a new sum also adds that.

An outcome returns (months, R + 1): regions, then overall. Unless its words say otherwise, overall
is the ratio of the sums over all regions, not a mean of the regions' ratios. What is undefined
(a mean over nobody, the gap of an empty group) is NaN, never 0.

Row t of the table is the state after t months; row 0 stands after the founding. What flows in a
month (meetings, time, activity) is that of the month that has just ended, so in row 0 it is that
of the last month of history, in which there were everyday meetings only. Active ties are those
with a meeting of any kind within the last twelve months.

Of each community and organisation more can be asked (`each`, `communities`, `organisations`).

Nothing here feeds back into the model.
"""

from __future__ import annotations

from cisim.model.outcomes import communities, functions, network, standing, taking_part, work
from cisim.model.outcomes.asked import EVERY_MONTH, NOTHING, Asked
from cisim.model.outcomes.declared import FORMS, GROUPS, OUTCOMES, Outcome, find_outcome, outcome
from cisim.model.outcomes.each import EACH, Each, find_each
from cisim.model.outcomes.functions import FUNCTIONS
from cisim.model.outcomes.organisations import organisation_frame
from cisim.model.outcomes.recorder import OWN_TIME, Recorder
from cisim.model.outcomes.standing import endings
from cisim.model.outcomes.sums import HOLDERS, WINDOW, Holders, K, Seen, Sums, observe_state
from cisim.model.state import PHASES

__all__ = [
    "EACH",
    "EVERY_MONTH",
    "FORMS",
    "FUNCTIONS",
    "GROUPS",
    "HOLDERS",
    "NOTHING",
    "OUTCOMES",
    "OWN_TIME",
    "PHASES",
    "WINDOW",
    "Asked",
    "Each",
    "Holders",
    "K",
    "Outcome",
    "Recorder",
    "Seen",
    "Sums",
    "communities",
    "endings",
    "find_each",
    "find_outcome",
    "functions",
    "network",
    "observe_state",
    "organisation_frame",
    "outcome",
    "standing",
    "taking_part",
    "work",
]
