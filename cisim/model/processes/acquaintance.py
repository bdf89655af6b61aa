"""Acquaintance: strangers come to know each other, and those who never meet are forgotten.

Ties are fixed, or they form and lapse (the choice `ties`). Where they form, a world says who could
meet; of those only some know each other, and only acquaintances trust, meet or work together.

    closure       after a meeting that goes well each party is introduced, with probability
                  closure_rate m_i, to one acquaintance of the other's that it could meet
    introduction  a member, with probability introduction_rate E_cross-sectoral m_i: to a member in
                  its region; a broker who knows the region (probability E_gatherer) chooses one of
                  another sector or level, where there is one
    bridge        a member, with probability bridge_rate ED_bridge m_i: to a member of another
                  region; and with probability bridge_rate NB m_i: to one of the other level in its
                  region
    side by side  two of one community, two bodies, or a body and a local organisation of a region,
                  with probability (1 - (1 - e) exp(-side_by_side min(C_i, C_j))) m_i m_j
    forgotten     acquaintances that have not met for forget_after months or more, with probability
                  (1 - f_ij) (1 - f_ji) / (forget_time max(1, h_i) max(1, h_j))

    h_i = exp(renown_spread z_i)            renown, the middle one 1; z is standard normal, for good
    m_i = max(0, 1 - tie_time k_i / B_i)    room for more, where i knows k_i and has the time B_i

e is encounter_rate, but 0 across levels. C is the joint time of a month; of a body, where a local
organisation meets it, the part for that one's community, by children. f is familiarity. Whom one is
introduced to is one of those possible, j with weight (1 + k_j)^popularity; it comes to nothing with
probability 1 - m_j. All look at who knew whom when the month's meetings were over; what has been
decided holds from the next month on. A new acquaintance starts from first trust, without
experience; of one that is forgotten nothing is left. What a survey found stands until month 0.

Source  V20 (usual suspects); K26 (cross-sectoral player, bridge builder); Gulati & Gargiulo 1999
        (common partners; those who are central already); Jeong 2003 (by how much less than in
        proportion); Drabek 1981 (how unequally known); Miritello 2013 (who is limited in time keeps
        but so many ties); Burt 2002 (ties that bridge decay); Ernstson 2010 (between levels few
        ties, unless somebody crosses them); sizes, and that renown keeps ties: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp, power
from cisim.model.kernel import kernel
from cisim.model.luck import BUILDING, block, normal, uniform, word
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity, theory
from cisim.model.relations import alignment, familiarity
from cisim.model.state import NEVER

FIXED, FORMING = range(2)
_CLOSURE = word("closure")
_INTRODUCTION = word("introduction")
_SIDE_BY_SIDE = word("side-by-side")
_FORGETTING = word("forgetting")
_RENOWN = word("renown")
_PLACE = 1000
"""Meetings of one kind are numbered from 1000 times the kind (meetings.py)."""
_ANY, _OTHER_SECTOR, _OTHER_LEVEL = range(3)


class Acquaintance(Submodel):
    """Who comes to know whom, and who is forgotten."""

    ties: float = theory(
        "fixed",
        "forming",
        evidence=Evidence(
            "Gulati & Gargiulo 1999",
            "Over nine years organisations in three industries formed new alliances where they had "
            "partners in common: networks grow out of themselves. That they are fixed for fifteen "
            "years is the simpler assumption.",
            ("existence",),
        ),
        meaning="Whether all who could know each other do so, or acquaintances form and lapse.",
    )
    wider_ties: float = quantity(
        12,
        unit="organisations",
        bounds=(0, 1000),
        whole=True,
        constant=True,
        evidence=judged("Who could meet is wider than who does; how much wider is not known."),
        meaning="How many more organisations of its region each could meet, where ties form.",
    )
    wider_region_ties: float = quantity(
        4,
        unit="organisations",
        bounds=(0, 1000),
        whole=True,
        constant=True,
        evidence=judged("As many again as are drawn from the own sector, of any sector."),
        meaning="How many more organisations of other regions each could meet, where ties form.",
    )
    known_near: float = quantity(
        0.7,
        unit="share",
        bounds=(0, 1),
        plausible=(0.4, 0.9),
        constant=True,
        evidence=judged("Most of those who work at one place know each other."),
        meaning="How many of those of one community, or of a region's bodies, know each other at "
        "the beginning of history.",
    )
    known_sector: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        plausible=(0.25, 0.75),
        constant=True,
        evidence=judged("Colleagues of one sector elsewhere know each other less than neighbours."),
        meaning="How many of the colleagues elsewhere that an organisation could meet it knows at "
        "the beginning of history.",
    )
    known_other: float = quantity(
        0.1,
        unit="share",
        bounds=(0, 1),
        plausible=(0.03, 0.3),
        constant=True,
        evidence=Evidence(
            "V20",
            "Initiatives rely more on 'the usual suspects' than on 'out-of-the-box partisans' "
            "(The role of CI-initiatives), so few others are known. How few is judgement.",
            ("existence", "sign"),
        ),
        meaning="How many of all others that an organisation could meet it knows at the beginning "
        "of history.",
    )
    across_levels: float = quantity(
        0.6,
        unit="times chance",
        bounds=(0, 5),
        plausible=(0.3, 1),
        constant=True,
        evidence=Evidence(
            "Ernstson 2010",
            "In Stockholm's urban green areas groups stay with their own kind and nobody works "
            "between the local and the city's level; scale-crossing brokers are what is proposed. "
            "That ties across levels are fewer than by chance follows; how many fewer is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How many ties there are between local and regional organisations at the beginning "
        "of history, against as dense a network without levels.",
    )
    renown_spread: float = quantity(
        1.3,
        unit="–",
        bounds=(0, 3),
        plausible=(0.8, 2),
        constant=True,
        evidence=Evidence(
            "Drabek 1981",
            "Of those who searched and rescued together some talked with all others, some with two "
            "or three. Degrees of these networks, and of one of tobacco control leaders, differ as "
            "a spread of log-odds of .8 to 2.3, in the middle 1.3, makes them differ at the same "
            "density where all pairs are of one kind (own estimate by moments, of ties at work, "
            "not of acquaintance). Here neighbours and colleagues know each other whatever their "
            "renown, so that at 1.3 degrees differ only as .8 to 1.1 would make them "
            "(results/renown.md). Size is not what it is: ten times as much staff goes with a "
            "fifth more ties at most, and of 23 organisations for mothers those of high capacity "
            "were not necessarily central (Faust et al. 2015). That who is well known is forgotten "
            "more slowly is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much better known some organisations are than others, of whatever size: the "
        "standard deviation of its logarithm; 0: all alike.",
    )
    closure_rate: float = quantity(
        0.05,
        unit="1/meeting",
        bounds=(0, 1),
        plausible=(0.02, 0.1),
        constant=True,
        evidence=Evidence(
            "Gulati & Gargiulo 1999",
            "A new alliance is likelier between organisations that have third parties in common. "
            "The rate is judgement.",
            ("existence", "sign"),
        ),
        meaning="How often a meeting that goes well leads to an acquaintance of the partner's.",
    )
    introduction_rate: float = quantity(
        0.5,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.2, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Development workers attract new actors and sectors and bring them together "
            "(Cross-sectoral player). The rate is judgement.",
            ("existence", "sign"),
        ),
        meaning="How often a full regional backbone introduces a member to one that it does not "
        "know.",
    )
    bridge_rate: float = quantity(
        0.3,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.1, 0.6),
        constant=True,
        evidence=Evidence(
            "K26",
            "The bridge builder connects regions, and local with regional and national actors, so "
            "that they share experience. The rate is judgement.",
            ("existence", "sign"),
        ),
        meaning="How often a full bridge introduces a member across regions, and across levels.",
    )
    side_by_side: float = quantity(
        2,
        unit="1/FTE-month",
        bounds=(0, 100),
        plausible=(0.5, 5),
        constant=True,
        evidence=Evidence(
            "R21",
            "Partners get to know each other in working sessions with close contact (Mutually "
            "reinforcing activities). The rate is judgement: half a month of full-time work.",
            ("existence", "sign"),
        ),
        meaning="How fast two that work side by side come to know each other.",
    )
    encounter_rate: float = quantity(
        0.005,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.001, 0.02),
        constant=True,
        evidence=judged(
            "Strangers of one place meet sooner or later: every seventeenth in a year."
        ),
        meaning="How often two of one community, or two bodies of a region, come to know each "
        "other by themselves.",
    )
    forget_after: float = quantity(
        12,
        unit="months",
        bounds=(1, 240),
        plausible=(6, 24),
        constant=True,
        evidence=judged("A tie counts as active for as long after a meeting."),
        meaning="How long acquaintances that do not meet still know each other in any case.",
    )
    forget_time: float = quantity(
        24,
        unit="months",
        bounds=(1, 600),
        plausible=(12, 60),
        constant=True,
        evidence=Evidence(
            "Burt 2002",
            "Relations decay over time, those that bridge groups first, among bankers most of them "
            "within a year. Between organisations it is taken to be slower: judgement.",
            ("existence", "sign"),
        ),
        meaning="How long it then takes until acquaintances without any experience are forgotten.",
    )
    popularity: float = quantity(
        0.8,
        unit="exponent",
        bounds=(0, 3),
        plausible=(0.5, 1),
        constant=True,
        evidence=Evidence(
            "Jeong 2003",
            "In two networks of collaboration one gains ties with a power below 1 of those that it "
            "has, in two others in proportion to them. Between organisations an alliance is "
            "likelier, too, the more central both are (Gulati & Gargiulo 1999). That .8 stands "
            "for below 1 is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much readier one is introduced to those who know many: in proportion to this "
        "power of one more than they know.",
    )
    tie_time: float = quantity(
        0.01,
        unit="FTE/acquaintance",
        bounds=(0, 1),
        plausible=(0.003, 0.02),
        constant=True,
        evidence=Evidence(
            "Miritello 2013",
            "Time and attention cannot be stretched: of 20 million people each keeps but so many "
            "ties active. An organisation speaks through one representative. The size is "
            "judgement: an hour and a half a month, as a meeting costs; plausible from one meeting "
            "in three months to two in one.",
            ("existence", "sign"),
        ),
        meaning="The time for work across organisations that it takes to keep up an acquaintance; "
        "0 sets no limit.",
    )


@kernel
def renown(seed, number, spread):
    """Return how well known an organisation is, the middle one 1: drawn once, and it stays so."""
    return exp(spread * normal(seed, _RENOWN, BUILDING, number, 0))


@kernel
def room(known, time, tie_time):
    """Return how readily one that knows so many makes acquaintances: 1 with time only, 0 full."""
    if tie_time == 0.0:
        return 1.0
    taken = known * tie_time
    return 1.0 - taken / time if taken < time else 0.0


@kernel
def friend(
    i, j, draw, month, stamp, marks, start, other, chance_start, chance_other, tie, open_from,
    standing, open_to,
):  # fmt: skip
    """Return the opening of `i` to one stranger that `j` knows, or -1.

    Each comes up as often as it has standing, and has room or not.
    """
    for known in range(start[j], start[j + 1]):
        marks[other[known]] = stamp
    all_ = 0.0
    for at in range(chance_start[i], chance_start[i + 1]):
        k = chance_other[at]
        if tie[at] < 0 and open_from[at] <= month and marks[k] == stamp:
            all_ += standing[k]
    left = draw * all_
    for at in range(chance_start[i], chance_start[i + 1]):
        k = chance_other[at]
        if tie[at] < 0 and open_from[at] <= month and marks[k] == stamp:
            if left < standing[k]:
                return at if left < standing[k] * open_to[k] else -1
            left -= standing[k]
    return -1


@kernel
def suits(i, at, among, month, sector, community, member, chance_other, tie, open_from):
    """Return whether an opening of `i` leads to a member that it does not know, of some kind."""
    j = chance_other[at]
    if tie[at] >= 0 or open_from[at] > month or not member[j]:
        return False
    other_level = (community[i] >= 0) != (community[j] >= 0)
    if among == _OTHER_SECTOR:
        return other_level or sector[i] != sector[j]
    return among == _ANY or other_level


@kernel
def introduce(
    i, draw, among, first, last, month, sector, community, member, chance_other, tie, open_from,
    standing, open_to,
):  # fmt: skip
    """Return one of the openings first..last of `i` to a member of some kind; -1 where there is
    none, -2 where that member has no room.

    Each comes up as often as it has standing, and has room or not.
    """
    all_ = 0.0
    for at in range(first, last):
        if suits(i, at, among, month, sector, community, member, chance_other, tie, open_from):
            all_ += standing[chance_other[at]]
    left = draw * all_
    for at in range(first, last):
        if suits(i, at, among, month, sector, community, member, chance_other, tie, open_from):
            weight = standing[chance_other[at]]
            if left < weight:
                return at if left < weight * open_to[chance_other[at]] else -2
            left -= weight
    return -1


@kernel
def note(at, what, reverse, change, changed, count):
    """Note that both ends of an opening change, once, if there is one; return how many have."""
    if at < 0 or change[at] != 0:
        return count
    back = reverse[at]
    change[at] = what
    change[back] = what
    changed[count] = at
    changed[count + 1] = back
    return count + 2


@kernel
def connect(region_start, region_rows, start, near, other, together):
    """Write the share of each region's organisations that its largest connected group holds."""
    seen = np.zeros(start.size - 1, np.bool_)
    waiting = np.empty(seen.size, np.int64)
    for r in range(together.size):
        there = region_start[r + 1] - region_start[r]
        most = 0
        left = there
        for at in range(region_start[r], region_start[r + 1]):
            if most >= left:
                break  # no group of those that are left can be larger
            if seen[region_rows[at]]:
                continue
            waiting[0] = region_rows[at]
            seen[waiting[0]] = True
            group = 1
            done = 0
            while done < group < left:
                i = waiting[done]
                done += 1
                for known in range(start[i], near[i]):
                    j = other[known]
                    if not seen[j]:
                        seen[j] = True
                        waiting[group] = j
                        group += 1
            left -= group
            most = max(most, group)
        together[r] = most / there if there else 0.0


@kernel
def rearrange(values, first, before, old, fresh, moved):
    """Give each tie from the row `first` on its value in its new row, in place.

    old    : of each row from now on the one it comes from, -1 of a new tie
    before : how many there were; rows that nobody has any more are fresh, too
    """
    for row in range(first, old.size):
        moved[row] = values[old[row]] if old[row] >= 0 else fresh
    for row in range(first, old.size):
        values[row] = moved[row]
    for row in range(old.size, before):
        values[row] = fresh


@kernel
def acquaint(
    seed,
    month,
    meetings_held,
    meetings_arc,
    meetings_party,
    meetings_kind,
    meetings_productive,
    # organisations
    number,
    sector,
    community,
    region,
    member,
    time,
    joint_time,
    agenda,
    region_start,
    region_rows,
    children,
    community_start,
    # ties
    ties_start,
    ties_near,
    ties_other,
    ties_reverse,
    ties_prior,
    ties_first,
    kept,
    broken,
    damage,
    last_met,
    last_brokered,
    aligned,
    # who could meet
    openings_start,
    openings_near,
    openings_other,
    openings_reverse,
    openings_prior,
    open_from,
    since,
    tie,
    # regions
    roles,
    direct,
    reach,
    formed,
    lapsed,
    together,
    # parameters
    prior_weight,
    agree_scale,
    closure_rate,
    introduction_rate,
    bridge_rate,
    side_by_side,
    encounter_rate,
    forget_after,
    forget_time,
    popularity,
    tie_time,
    renown_spread,
):
    """Let strangers come to know each other, and acquaintances be forgotten, in place."""
    if openings_other.size == 0 and together[0] > 0.0:
        return  # ties are fixed, and it has been worked out how they hang together
    size = number.size
    if openings_other.size == 0:
        connect(region_start, region_rows, ties_start, ties_near, ties_other, together)
        return
    change = np.zeros(tie.size, np.int8)  # 1 forms, -1 lapses
    changed = np.empty(tie.size, np.int64)
    count = 0

    standing = np.empty(size)
    open_to = np.empty(size)
    remembered = np.empty(size)
    for i in range(size):
        remembered[i] = max(1.0, renown(seed, number[i], renown_spread))
        known = ties_start[i + 1] - ties_start[i]
        standing[i] = power(1.0 + known, popularity)
        open_to[i] = room(known, time[i], tie_time)

    # through common partners
    marks = np.full(size, -1, np.int64)
    of_party = 0
    for m in range(meetings_held[0]):
        i = meetings_party[m]
        same = m > 0 and meetings_party[m - 1] == i and meetings_kind[m - 1] == meetings_kind[m]
        of_party = of_party + 1 if same else 0
        if not meetings_productive[m]:
            continue
        ours, whom, theirs, whom_they = block(
            seed, _CLOSURE, month, number[i], _PLACE * meetings_kind[m] + of_party
        )
        j = ties_other[meetings_arc[m]]
        if ours < closure_rate * open_to[i]:
            at = friend(
                i, j, whom, month, 2 * m, marks, ties_start, ties_other, openings_start,
                openings_other, tie, open_from, standing, open_to,
            )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)
        if theirs < closure_rate * open_to[j]:
            at = friend(
                j, i, whom_they, month, 2 * m + 1, marks, ties_start, ties_other, openings_start,
                openings_other, tie, open_from, standing, open_to,
            )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)

    # by brokers and bridges
    for i in range(size):
        if not member[i]:
            continue
        r = region[i]
        first, near_by, last = openings_start[i], openings_near[i], openings_start[i + 1]
        brokered, whom, across, whom_across = block(seed, _INTRODUCTION, month, number[i], 0)
        gathered, upward, whom_upward, _ = block(seed, _INTRODUCTION, month, number[i], 1)
        if brokered < introduction_rate * roles[r, 0] * open_to[i]:
            at = -1
            if gathered < roles[r, 2]:
                at = introduce(
                    i, whom, _OTHER_SECTOR, first, near_by, month, sector, community, member,
                    openings_other, tie, open_from, standing, open_to,
                )  # fmt: skip
            if at == -1:
                at = introduce(
                    i, whom, _ANY, first, near_by, month, sector, community, member,
                    openings_other, tie, open_from, standing, open_to,
                )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)
        if across < bridge_rate * direct[r, 3] * open_to[i]:
            at = introduce(
                i, whom_across, _ANY, near_by, last, month, sector, community, member,
                openings_other, tie, open_from, standing, open_to,
            )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)
        if upward < bridge_rate * reach[r, 2] * open_to[i]:
            at = introduce(
                i, whom_upward, _OTHER_LEVEL, first, near_by, month, sector, community, member,
                openings_other, tie, open_from, standing, open_to,
            )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)

    # side by side, and forgotten: each pair once
    in_region = np.zeros(together.size)
    for r in range(together.size):
        for c in range(community_start[r], community_start[r + 1]):
            in_region[r] += children[c]
    for i in range(size):
        for at in range(openings_start[i], openings_start[i + 1]):
            j = openings_other[at]
            if number[j] < number[i] or open_from[at] > month:
                continue
            here = tie[at]
            if here >= 0:
                back = ties_reverse[here]
                idle = month - max(last_met[here], since[at])
                if idle < forget_after:
                    continue
                chance = 1.0 - familiarity(kept[here], broken[here], prior_weight)
                chance *= 1.0 - familiarity(kept[back], broken[back], prior_weight)
                chance /= forget_time * (remembered[i] * remembered[j])
                if uniform(seed, _FORGETTING, month, number[i], number[j]) < chance:
                    count = note(at, -1, openings_reverse, change, changed, count)
                continue
            if at >= openings_near[i]:
                continue
            local, town = community[i] >= 0, community[j] >= 0
            if local and town and community[i] != community[j]:
                continue
            ours, theirs, apart = joint_time[i], joint_time[j], 1.0
            if local and not town:
                theirs *= children[community[i]] / in_region[region[i]]
            elif town and not local:
                ours *= children[community[j]] / in_region[region[i]]
            else:
                apart = 1.0 - encounter_rate
            shared = min(ours, theirs)
            if member[i] and member[j] and shared > 0.0:
                apart *= exp(-side_by_side * shared)
            chance = (1.0 - apart) * (open_to[i] * open_to[j])
            if chance == 0.0:
                continue
            if uniform(seed, _SIDE_BY_SIDE, month, number[i], number[j]) < chance:
                count = note(at, 1, openings_reverse, change, changed, count)

    formed[:] = 0.0
    lapsed[:] = 0.0
    after = before = ties_start[size]
    for at in changed[:count]:
        r = region[openings_other[openings_reverse[at]]]
        if change[at] > 0:
            formed[r] += 0.5
            after += 1
        else:
            lapsed[r] += 0.5
            after -= 1
    if count == 0 and together[0] > 0.0:
        return

    # rows in the order of openings, as before, of those who know each other now
    old = np.empty(after, np.int64)
    opening = np.empty(after, np.int64)
    now = np.full(before, -1, np.int64)  # where the tie of each row is from now on
    first = before
    row = 0
    for i in range(size):
        ties_start[i] = row
        for at in range(openings_start[i], openings_start[i + 1]):
            if at == openings_near[i]:
                ties_near[i] = row
            if change[at] < 0:
                first = min(first, row)
                tie[at] = -1
                since[at] = NEVER
                continue
            if change[at] > 0:
                first = min(first, row)
                since[at] = month
            elif tie[at] < 0:
                continue
            else:
                now[tie[at]] = row
            old[row] = tie[at]
            opening[row] = at
            tie[at] = row
            row += 1
        if openings_near[i] == openings_start[i + 1]:
            ties_near[i] = row
    ties_start[size] = row

    moved = np.empty(after)
    rearrange(ties_prior, first, before, old, 0.0, moved)
    rearrange(ties_first, first, before, old, 0.0, moved)
    rearrange(kept, first, before, old, 0.0, moved)
    rearrange(broken, first, before, old, 0.0, moved)
    rearrange(damage, first, before, old, 0.0, moved)
    rearrange(aligned, first, before, old, 0.0, moved)
    rearrange(last_met, first, before, old, NEVER, moved)
    rearrange(last_brokered, first, before, old, NEVER, moved)
    for row in range(after):
        at = opening[row]
        ties_other[row] = openings_other[at]
        ties_reverse[row] = tie[openings_reverse[at]]
        if old[row] < 0:
            i = openings_other[openings_reverse[at]]
            ties_prior[row] = openings_prior[at]
            ties_first[row] = openings_prior[at]
            aligned[row] = alignment(agenda, i, agenda, openings_other[at], agree_scale)
    for row in range(after, before):  # rows that nobody has are as at the beginning
        ties_other[row] = 0
        ties_reverse[row] = row
    for m in range(meetings_held[0]):
        meetings_arc[m] = now[meetings_arc[m]]
    connect(region_start, region_rows, ties_start, ties_near, ties_other, together)


@process(
    acquaint,
    reads="""
        meetings_held
        meetings.party .kind .productive
        orgs.number .sector .community .region .member .time .joint_time .agenda
        layout.region_start .region_rows .community_start
        communities.children
        openings.start .near .other .reverse .prior .open_from
        regions.roles .direct .reach
    """,
    writes="""
        ties.start .near .other .reverse .prior .first .kept .broken .damage
        .last_met .last_brokered .aligned
        openings.tie .since
        regions.formed .lapsed .together
        meetings.arc
    """,
)
def become_acquainted() -> None:
    """Let strangers come to know each other, and acquaintances that never meet be forgotten."""
