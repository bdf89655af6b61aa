"""Meetings: who meets whom this month.

    own           floor(meetings_max k l + u) a member
    brokered      one a member, with probability E_cross-sectoral
    cross-region  one a member, with probability ED_bridge
    everyday      floor(everyday_meetings l B/B0 + u) of everyone

u is uniform on 0..1. Own and everyday partners are chosen with weight (tau f + explore) A, own ones
among the members one knows in any region, everyday ones among all neighbours. A broker who knows
the region (probability E_gatherer) brings together the least familiar of another sector, otherwise
any member neighbour in the region; across regions it is any member neighbour elsewhere.
Where there is nobody to meet there is no meeting and no cost. An organisation speaks through one
representative, whose month has room for 1 / meeting_cost own and as many everyday meetings (1000
where they cost less than 0.001 each), however much time is paid for.

Source  V20 (usual suspects); K26 (cross-sectoral player, local knowledge gatherer, bridge
        builder); R21 (weekly operational work as the upper bound); sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.kernel import kernel
from cisim.model.luck import block, uniforms, word
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity
from cisim.model.relations import familiarity, regard

_OCCURRENCE = word("occurrence")
_MEETING = word("meeting")
_SHORTEST = 0.001
"""No meeting takes a representative less than this share of a month."""
_PLACE = 1000
"""Meetings of one kind are numbered from 1000 times the kind; of each there are at most so many."""


class Meetings(Submodel):
    """Who meets whom."""

    meetings_max: float = quantity(
        1.81,
        unit="meetings/month",
        bounds=(0, 20),
        plausible=(0.75, 2.5),
        evidence=Evidence(
            "R21",
            "Working sessions with close weekly contact are named as an opportunity (Mutually "
            "reinforcing activities): an upper bound when received and everyday meetings are "
            "added. The size is judgement.",
            ("existence",),
        ),
        meaning="The meetings that a wholly committed member calls in a month.",
    )
    everyday_meetings: float = quantity(
        0.144,
        unit="meetings/month",
        bounds=(0, 20),
        plausible=(0.1, 0.8),
        evidence=judged(
            "Each organisation then has about twice as many everyday meetings a month, as many "
            "called as received."
        ),
        meaning="The meetings that any organisation calls in a month apart from the partnership.",
    )
    explore: float = quantity(
        0.117,
        unit="weight",
        bounds=(0.001, 10),
        plausible=(0.03, 0.3),
        evidence=Evidence(
            "V20",
            "Initiatives rely more on 'the usual suspects' than on 'out-of-the-box partisans' "
            "(The role of CI-initiatives), so little weight goes to the unfamiliar. How little is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How readily organisations meet partners that they do not know well.",
    )
    agree_scale: float = quantity(
        0.564,
        unit="agenda units",
        bounds=(0.05, 10),
        plausible=(0.3, 0.7),
        evidence=judged("No source measures it."),
        meaning="How far apart two aims may lie for people still to agree.",
    )


@kernel
def weigh(prior, kept, broken, aligned, prior_weight, explore, weights):
    """Write how much one's neighbours draw it: trusted, familiar, of one mind."""
    for place in range(prior.size):  # one simple loop, which the processor does in parallel
        tau, known = regard(prior[place], kept[place], broken[place], prior_weight)
        weights[place] = (tau * known + explore) * aligned[place]


@kernel
def pick(u, first, running, count):
    """Return the first neighbour's row whose running sum of weights exceeds u * total, or -1.

    running : the sums up to each of `count` neighbours, from the row `first` on
    """
    target = u * running[count - 1]
    for place in range(count):
        if running[place] > target:
            return first + place
    return -1


@kernel
def anyone(u, first, last, member, other):
    """Return the row of one member among the neighbours in first..last, each alike, or -1."""
    there = 0
    for tie in range(first, last):
        if member[other[tie]]:
            there += 1
    place = int(u * there)
    for tie in range(first, last):
        if member[other[tie]]:
            if place == 0:
                return tie
            place -= 1
    return -1


@kernel
def stranger(i, first, last, member, sector, other, kept, broken, prior_weight):
    """Return the row of the least familiar member neighbour of another sector, or -1."""
    least = 2.0
    chosen = -1
    for tie in range(first, last):
        j = other[tie]
        if member[j] and sector[j] != sector[i]:
            known = familiarity(kept[tie], broken[tie], prior_weight)
            if known < least:
                least = known
                chosen = tie
    return chosen


@kernel
def choose(
    seed,
    month,
    # organisations
    order,
    number,
    sector,
    region,
    own_time,
    time,
    member,
    commitment,
    time_left,
    met,
    contacts,
    self_started,
    # ties
    start,
    near,
    other,
    reverse,
    prior,
    kept,
    broken,
    aligned,
    last_met,
    last_brokered,
    # regions
    roles,
    direct,
    regions_meetings,
    # the meetings
    meetings_arc,
    meetings_party,
    meetings_kind,
    meetings_dialogue,
    meetings_theirs,
    meetings_ours,
    meetings_held,
    # parameters
    prior_weight,
    explore,
    meetings_max,
    everyday_meetings,
    meeting_cost,
):
    """Write this month's meetings, and how many they are, which may be more than there is room.

    Nothing else is written where the room is too small.
    """
    room = meetings_arc.size
    count = 0
    widest = 0
    for i in range(number.size):
        widest = max(widest, start[i + 1] - start[i])
    weights = np.empty(widest)
    all_running = np.empty(widest)
    members_running = np.empty(widest)
    wanted = np.zeros(4, np.int64)
    most = 1.0 / max(meeting_cost, _SHORTEST)
    everyday = np.empty(number.size)
    uniforms(seed, _OCCURRENCE, month, number, 1, everyday)
    for i in order:
        first = start[i]
        last = start[i + 1]
        if first == last:
            continue
        r = region[i]
        wanted[:] = 0
        gathered = 1.0
        share = time[i] / own_time[i]
        wanted[3] = int(min(most, everyday_meetings * time_left[i] * share + everyday[i]))
        if member[i]:
            own, brokered, gathered, across = block(seed, _OCCURRENCE, month, number[i], 0)
            wanted[0] = int(min(most, meetings_max * commitment[i] * time_left[i] + own))
            wanted[1] = 1 if brokered < roles[r, 0] else 0
            wanted[2] = 1 if across < direct[r, 3] else 0

        # usual partners: trusted, familiar, of one mind
        if wanted[0] > 0 or wanted[3] > 0:
            weigh(
                prior[first:last],
                kept[first:last],
                broken[first:last],
                aligned[first:last],
                prior_weight,
                explore,
                weights,
            )
            if wanted[0] > 0:
                among = 0.0
                for place, j in enumerate(other[first:last]):
                    among += weights[place] * member[np.uintp(j)]  # or 0
                    members_running[place] = among
            if wanted[3] > 0:
                among = 0.0
                for place in range(last - first):
                    among += weights[place]
                    all_running[place] = among

        for kind in range(4):
            for k in range(wanted[kind]):
                partner, dialogue, theirs, ours = block(
                    seed, _MEETING, month, number[i], _PLACE * kind + k
                )
                if kind == 0:
                    tie = pick(partner, first, members_running, last - first)
                elif kind == 1:
                    tie = -1
                    if gathered < roles[r, 2]:
                        tie = stranger(
                            i, first, near[i], member, sector, other, kept, broken, prior_weight
                        )
                    if tie < 0:
                        tie = anyone(partner, first, near[i], member, other)
                elif kind == 2:
                    tie = anyone(partner, near[i], last, member, other)
                else:
                    tie = pick(partner, first, all_running, last - first)
                if tie < 0:
                    continue
                if count < room:
                    meetings_arc[count] = tie
                    meetings_party[count] = i
                    meetings_kind[count] = kind
                    meetings_dialogue[count] = dialogue
                    meetings_theirs[count] = theirs
                    meetings_ours[count] = ours
                count += 1
    meetings_held[0] = count
    if count > room:
        return

    met[:] = 0.0
    regions_meetings[:] = 0.0
    for m in range(count):
        tie = meetings_arc[m]
        kind = meetings_kind[m]
        i = meetings_party[m]
        j = other[tie]
        met[i] += 1.0
        met[j] += 1.0
        last_met[tie] = month
        last_met[reverse[tie]] = month
        regions_meetings[region[i], kind] += 1.0
        regions_meetings[region[j], kind] += 1.0
        if month >= 0 and kind == 0:
            self_started[i] += 1.0
    if month >= 0:  # a month counts once, however many meetings were arranged in it
        arranged = np.zeros(number.size, np.bool_)
        for m in range(count):
            if meetings_kind[m] == 1 or meetings_kind[m] == 2:
                tie = meetings_arc[m]
                arranged[meetings_party[m]] = True
                arranged[other[tie]] = True
                last_brokered[tie] = month
                last_brokered[reverse[tie]] = month
        for i in range(number.size):
            if arranged[i]:
                contacts[i] += 1.0


@process(
    choose,
    reads="""
        layout.order
        orgs.number .sector .region .own_time .time .member .commitment .time_left
        ties.start .near .other .reverse .prior .kept .broken .aligned
        regions.roles .direct
    """,
    writes="""
        orgs.met .contacts .self_started
        ties.last_met .last_brokered
        regions.meetings
        meetings.arc .party .kind .dialogue .theirs .ours
        meetings_held
    """,
    needs_room=True,
)
def meet() -> None:
    """Choose this month's meetings."""
