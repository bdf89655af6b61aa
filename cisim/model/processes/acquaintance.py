"""Acquaintance: strangers come to know each other, and those who never meet are forgotten.

Ties are fixed, or they form and lapse (the choice `ties`). Where they form, a world says who could
meet; of those only some know each other, and only acquaintances trust, meet or work together.

    closure       after a meeting that goes well each party is introduced, with probability
                  closure_rate, to one acquaintance of the other's that it could meet
    introduction  a member, with probability introduction_rate E_cross-sectoral: to a member in its
                  region; a broker who knows the region (probability E_gatherer) chooses one of
                  another sector or level, where there is one
    bridge        a member, with probability bridge_rate ED_bridge: to a member of another region;
                  and with probability bridge_rate NB: to one of the other level in its region
    side by side  two of one community, two bodies, or a body and a local organisation of a region,
                  with probability 1 - (1 - e) exp(-side_by_side min(C_i, C_j))
    forgotten     acquaintances that have not met for forget_after months or more, with probability
                  (1 - f_ij) (1 - f_ji) / forget_time

e is encounter_rate, but 0 across levels. C is the joint time of a month; of a body, where a local
organisation meets it, the part for that one's community, by children. f is familiarity. Whom one is
introduced to is any of those possible, each alike. All look at who knew whom when the month's
meetings were over; what has been decided holds from the next month on. A new acquaintance starts
from first trust, without experience; of one that is forgotten nothing is left. What a survey found
stands until month 0.

Source  V20 (usual suspects); K26 (cross-sectoral player, bridge builder); Gulati & Gargiulo 1999
        (common partners); Burt 2002 (ties that bridge decay); Ernstson 2010 (between levels few
        ties, unless somebody crosses them); sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp
from cisim.model.kernel import kernel
from cisim.model.luck import block, uniform, word
from cisim.model.process import process
from cisim.model.quantity import Evidence, Submodel, judged, quantity, theory
from cisim.model.relations import alignment, familiarity
from cisim.model.state import NEVER

FIXED, FORMING = range(2)
_CLOSURE = word("closure")
_INTRODUCTION = word("introduction")
_SIDE_BY_SIDE = word("side-by-side")
_FORGETTING = word("forgetting")
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


@kernel
def friend(
    i, j, draw, month, stamp, marks, start, other, chance_start, chance_other, tie, open_from
):
    """Return the opening of `i` to one stranger that `j` knows, each alike, or -1."""
    for known in range(start[j], start[j + 1]):
        marks[other[known]] = stamp
    there = 0
    for at in range(chance_start[i], chance_start[i + 1]):
        if tie[at] < 0 and open_from[at] <= month and marks[chance_other[at]] == stamp:
            there += 1
    place = int(draw * there)
    for at in range(chance_start[i], chance_start[i + 1]):
        if tie[at] < 0 and open_from[at] <= month and marks[chance_other[at]] == stamp:
            if place == 0:
                return at
            place -= 1
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
    i, draw, among, first, last, month, sector, community, member, chance_other, tie, open_from
):
    """Return one of the openings first..last of `i` to a member of some kind, each alike, or -1."""
    there = 0
    for at in range(first, last):
        if suits(i, at, among, month, sector, community, member, chance_other, tie, open_from):
            there += 1
    place = int(draw * there)
    for at in range(first, last):
        if suits(i, at, among, month, sector, community, member, chance_other, tie, open_from):
            if place == 0:
                return at
            place -= 1
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
def connect(region_start, region_rows, start, near, other, parent, together):
    """Write the share of each region's organisations that its largest connected group holds."""
    for i in range(parent.size):
        parent[i] = i
    for i in range(parent.size):
        for known in range(start[i], near[i]):
            a = i
            while parent[a] != a:
                parent[a] = parent[parent[a]]
                a = parent[a]
            b = other[known]
            while parent[b] != b:
                parent[b] = parent[parent[b]]
                b = parent[b]
            if a < b:
                parent[b] = a
            else:
                parent[a] = b
    count = np.zeros(parent.size, np.int64)
    for r in range(together.size):
        most = 0
        for at in range(region_start[r], region_start[r + 1]):
            a = region_rows[at]
            while parent[a] != a:
                a = parent[a]
            count[a] += 1
            most = max(most, count[a])
        there = region_start[r + 1] - region_start[r]
        together[r] = most / there if there else 0.0


@kernel
def carry(source, target, prior, first, kept, broken, damage, last_met, last_brokered, aligned):
    """Move what is remembered of a tie to another row."""
    prior[target] = prior[source]
    first[target] = first[source]
    damage[target] = damage[source]
    kept[target] = kept[source]
    broken[target] = broken[source]
    last_met[target] = last_met[source]
    last_brokered[target] = last_brokered[source]
    aligned[target] = aligned[source]


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
):
    """Let strangers come to know each other, and acquaintances be forgotten, in place."""
    if openings_other.size == 0 and together[0] > 0.0:
        return  # ties are fixed, and it has been worked out how they hang together
    size = number.size
    parent = np.empty(size, np.int64)
    if openings_other.size == 0:
        connect(region_start, region_rows, ties_start, ties_near, ties_other, parent, together)
        return
    change = np.zeros(tie.size, np.int8)  # 1 forms, -1 lapses
    changed = np.empty(tie.size, np.int64)
    count = 0

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
        if ours < closure_rate:
            at = friend(
                i, j, whom, month, 2 * m, marks, ties_start, ties_other, openings_start,
                openings_other, tie, open_from,
            )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)
        if theirs < closure_rate:
            at = friend(
                j, i, whom_they, month, 2 * m + 1, marks, ties_start, ties_other, openings_start,
                openings_other, tie, open_from,
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
        if brokered < introduction_rate * roles[r, 0]:
            at = -1
            if gathered < roles[r, 2]:
                at = introduce(
                    i, whom, _OTHER_SECTOR, first, near_by, month, sector, community, member,
                    openings_other, tie, open_from,
                )  # fmt: skip
            if at < 0:
                at = introduce(
                    i, whom, _ANY, first, near_by, month, sector, community, member,
                    openings_other, tie, open_from,
                )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)
        if across < bridge_rate * direct[r, 3]:
            at = introduce(
                i, whom_across, _ANY, near_by, last, month, sector, community, member,
                openings_other, tie, open_from,
            )  # fmt: skip
            count = note(at, 1, openings_reverse, change, changed, count)
        if upward < bridge_rate * reach[r, 2]:
            at = introduce(
                i, whom_upward, _OTHER_LEVEL, first, near_by, month, sector, community, member,
                openings_other, tie, open_from,
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
                if uniform(seed, _FORGETTING, month, number[i], number[j]) < chance / forget_time:
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
            if apart == 1.0:
                continue
            if uniform(seed, _SIDE_BY_SIDE, month, number[i], number[j]) < 1.0 - apart:
                count = note(at, 1, openings_reverse, change, changed, count)

    formed[:] = 0.0
    lapsed[:] = 0.0
    new = 0
    for at in changed[:count]:
        r = region[openings_other[openings_reverse[at]]]
        if change[at] > 0:
            formed[r] += 0.5
            new += 1
        else:
            lapsed[r] += 0.5
    if count == 0 and together[0] > 0.0:
        return

    # the rows move up where some are gone, then down to make room for new ones
    before = ties_start[size]
    opening = np.empty(before, np.int64)
    for at in range(tie.size):
        if tie[at] >= 0:
            opening[tie[at]] = at
    left = 0
    for at in range(tie.size):
        if tie[at] < 0:
            continue
        if change[at] < 0:
            tie[at] = -1
            since[at] = NEVER
            continue
        if tie[at] != left:
            carry(
                tie[at], left, ties_prior, ties_first, kept, broken, damage, last_met,
                last_brokered, aligned,
            )  # fmt: skip
            tie[at] = left
        left += 1
    after = left + new
    row = after
    at = tie.size
    while new > 0:  # above the first new one all stay where they are
        at -= 1
        if change[at] > 0:
            new -= 1
            row -= 1
            ties_prior[row] = openings_prior[at]
            ties_first[row] = openings_prior[at]
            damage[row] = 0.0
            kept[row] = 0.0
            broken[row] = 0.0
            last_met[row] = NEVER
            last_brokered[row] = NEVER
            tie[at] = row
            since[at] = month
        elif tie[at] >= 0:
            row -= 1
            left -= 1
            carry(
                tie[at], row, ties_prior, ties_first, kept, broken, damage, last_met,
                last_brokered, aligned,
            )  # fmt: skip
            tie[at] = row
    row = 0
    for i in range(size):
        ties_start[i] = row
        for at in range(openings_start[i], openings_start[i + 1]):
            if at == openings_near[i]:
                ties_near[i] = row
            if tie[at] >= 0:
                ties_other[row] = openings_other[at]
                ties_reverse[row] = tie[openings_reverse[at]]
                if change[at] > 0:
                    aligned[row] = alignment(agenda, i, agenda, openings_other[at], agree_scale)
                row += 1
        if openings_near[i] == openings_start[i + 1]:
            ties_near[i] = row
    ties_start[size] = after
    for row in range(after, before):  # rows that nobody has are as at the beginning
        ties_other[row] = 0
        ties_reverse[row] = row
        ties_prior[row] = 0.0
        ties_first[row] = 0.0
        damage[row] = 0.0
        kept[row] = 0.0
        broken[row] = 0.0
        last_met[row] = NEVER
        last_brokered[row] = NEVER
        aligned[row] = 0.0
    for m in range(meetings_held[0]):
        meetings_arc[m] = tie[opening[meetings_arc[m]]]
    connect(region_start, region_rows, ties_start, ties_near, ties_other, parent, together)


@process(
    acquaint,
    reads="""
        meetings_held
        meetings.party .kind .productive
        orgs.number .sector .community .region .member .joint_time .agenda
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
