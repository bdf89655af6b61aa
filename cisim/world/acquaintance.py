"""Who can meet whom: the opportunity network that a world starts from.

Everybody within a community knows each other, and so do all bodies of a region. Each local
organisation knows some bodies of its region and some local organisations of its sector elsewhere
in it; each organisation knows some of its sector in other regions. All choices of so many are
equally likely.

Which ones is decided by a sample that is kept while those that can be chosen come by in the order
of their permanent numbers: the first k are in, and each later one, the n-th of all, enters with
probability k/n in the place of one of the k, each as likely. So one organisation more, with the
highest number, takes one place or none in each choice, and changes nothing else of it.

One draw tells who is the next to enter: after the n-th it is the first m for which n/m
(n-1)/(m-1) ... (n-k+1)/(m-k+1), the probability that nobody has entered up to it, is below the
draw. Another draw tells whose place it takes. They are draws 2 s and 2 s + 1 at the address of the
one that chooses, s counting those that have entered. A choice takes about k log(n/k) steps, so a
larger world takes hardly more time an organisation.

Where ties form and lapse, those are but some of those who could meet. Each organisation could meet
so many more of its region, and of other regions, of any sector; one of much renown more of both, in
proportion. At the beginning of history those who could meet know each other with a probability of
their kind: known_near in one community and between bodies of a region, known_sector between
colleagues elsewhere, known_other between others. Across the levels of a region the share is such
that, for each pair of a body and a local organisation, across_levels times as many ties are
expected as for each other pair of the region. Who the file says know each other do so, and where it
gives all ties nobody else does.

Those shares are means: some organisations are known by many more than others, the usual suspects.

    h_i  = exp(renown_spread z_i)                           renown, whatever its size
    p_ij = a_k h_i h_j / (1 + a_k h_i h_j)                  they know each other
    more = max(1, h_i exp(-renown_spread^2 / 2)) wider_ties   rounded; others beside, too

z is standard normal; a_k is such that the mean of p over pairs of one kind in a region, or between
regions, is the share of that kind.

Source  V20 (local partnerships within wider networks; usual suspects; existence); numbers of ties:
        judgement; Vitter 1985, Random sampling with a reservoir, for the sample; Caldarelli et al.
        2002 (hubs by what each is); Park & Newman 2004 (its most even form at given degrees)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.model.arithmetic import exp
from cisim.model.kernel import kernel
from cisim.model.luck import BUILDING, block, uniform, word
from cisim.model.processes.acquaintance import renown as renown_at
from cisim.model.state import SECTORS, Floats, Ints, Layout, link

_BODY_TIES = word("body-ties")
_SECTOR_TIES = word("sector-ties")
_REGION_TIES = word("region-ties")
_WIDER_TIES = word("wider-ties")
_WIDER_REGION_TIES = word("wider-region-ties")
_KNOWN = word("known")
_NEAR, _SECTOR, _OTHER, _ACROSS = range(4)
_KINDS = 4
_HALVINGS = 60
"""So often the bracket around a_k is halved: to the last bits of a number."""


@kernel
def make_renown(seed, number, spread, renown):
    """Write how well known each organisation is, the middle one 1, in place, (N,)."""
    for i in range(number.size):
        renown[i] = renown_at(seed, number[i], spread)


@kernel
def nobody_enters(place, later, wanted):
    """Return the probability that nobody enters after `place` up to `later`, counted from 0."""
    chance = 1.0
    for k in range(wanted):
        chance *= (place + 1.0 - k) / (later + 1.0 - k)
    return chance


@kernel
def next_to_enter(draw, place, wanted, size):
    """Return the place of the next one after `place` that enters, `size` if there is none."""
    before = place
    after = place + 1
    while after < size and nobody_enters(place, after, wanted) >= draw:
        before = after
        after = place + 2 * (after - place)
    after = min(after, size)
    while after - before > 1:
        middle = (before + after) // 2
        if nobody_enters(place, middle, wanted) >= draw:
            before = middle
        else:
            after = middle
    return after


@kernel
def choose(seed, address, number, wanted, size, chosen):
    """Write the places of `wanted` among `size` into `chosen`; return how many there are."""
    if wanted >= size:
        for place in range(size):
            chosen[place] = place
        return size
    for place in range(wanted):
        chosen[place] = place
    if wanted == 0:
        return 0
    place = wanted - 1
    four = 0
    while True:
        when, whose, next_when, next_whose = block(seed, address, BUILDING, number, four)
        place = next_to_enter(when, place, wanted, size)
        if place >= size:
            return wanted
        chosen[int(whose * wanted)] = place
        place = next_to_enter(next_when, place, wanted, size)
        if place >= size:
            return wanted
        chosen[int(next_whose * wanted)] = place
        four += 1


@kernel
def pass_over(place, own, first, last):
    """Return the place in the whole list of one that is counted without those in `own`.

    own[first:last] are places in the whole list, ascending.
    """
    low = first
    high = last
    while low < high:  # how many of its own come before it
        middle = (low + high) // 2
        if own[middle] - (middle - first) <= place:
            low = middle + 1
        else:
            high = middle
    return place + low - first


@kernel
def choose_elsewhere(
    seed, address, i, number, wanted, rows, first, last, own, own_first, own_last, chosen
):
    """Write whom `i` knows of rows[first:last] but not of its own; return how many.

    own[own_first:own_last] are the places in rows[first:last] of those it cannot choose.
    """
    size = last - first - (own_last - own_first)
    found = choose(seed, address, number[i], wanted, size, chosen)
    for k in range(found):
        chosen[k] = rows[first + pass_over(chosen[k], own, own_first, own_last)]
    return found


@kernel
def acquaint(
    seed,
    number,
    sector,
    community,
    region,
    local_start,
    local_rows,
    body_start,
    body_rows,
    town_start,
    town_place,
    near_start,
    near_rows,
    here_start,
    here_place,
    sector_start,
    sector_rows,
    body_ties,
    sector_ties,
    region_ties,
    low,
    high,
):
    """Write pairs of rows that know each other, some of them twice; return how many."""
    pairs = 0
    for c in range(local_start.size - 1):
        for a in range(local_start[c], local_start[c + 1]):
            for b in range(a + 1, local_start[c + 1]):
                low[pairs] = local_rows[a]
                high[pairs] = local_rows[b]
                pairs += 1
    for r in range(body_start.size - 1):
        for a in range(body_start[r], body_start[r + 1]):
            for b in range(a + 1, body_start[r + 1]):
                low[pairs] = body_rows[a]
                high[pairs] = body_rows[b]
                pairs += 1
    sectors = sector_start.size - 1
    chosen = np.empty(max(body_ties, sector_ties, region_ties, 1), np.int64)
    for i in range(number.size):
        r = region[i]
        c = community[i]
        if c >= 0:
            first = body_start[r]
            found = choose(
                seed, _BODY_TIES, number[i], body_ties, body_start[r + 1] - first, chosen
            )
            for k in range(found):
                low[pairs] = i
                high[pairs] = body_rows[first + chosen[k]]
                pairs += 1
            near = r * sectors + sector[i]
            town = c * sectors + sector[i]
            found = choose_elsewhere(
                seed,
                _SECTOR_TIES,
                i,
                number,
                sector_ties,
                near_rows,
                near_start[near],
                near_start[near + 1],
                town_place,
                town_start[town],
                town_start[town + 1],
                chosen,
            )
            for k in range(found):
                low[pairs] = i
                high[pairs] = chosen[k]
                pairs += 1
        here = r * sectors + sector[i]
        found = choose_elsewhere(
            seed,
            _REGION_TIES,
            i,
            number,
            region_ties,
            sector_rows,
            sector_start[sector[i]],
            sector_start[sector[i] + 1],
            here_place,
            here_start[here],
            here_start[here + 1],
            chosen,
        )
        for k in range(found):
            low[pairs] = i
            high[pairs] = chosen[k]
            pairs += 1
    return pairs


@kernel
def widen(
    seed, number, region, region_start, region_rows, place, order, own, wanted, beyond, low, high
):
    """Write pairs that could meet beside those of `acquaint`; return how many.

    place  : (N,) of each organisation in its region's rows
    own    : (N,) in the order of region_rows, of each organisation in `order`
    wanted, beyond : (N,) how many each could meet in its region, and in others
    """
    pairs = 0
    chosen = np.empty(max(wanted.max(), beyond.max(), 1), np.int64)
    for i in range(number.size):
        first = region_start[region[i]]
        last = region_start[region[i] + 1]
        found = choose_elsewhere(
            seed, _WIDER_TIES, i, number, wanted[i], region_rows, first, last, place, i, i + 1,
            chosen,
        )  # fmt: skip
        for k in range(found):
            low[pairs] = i
            high[pairs] = chosen[k]
            pairs += 1
        found = choose_elsewhere(
            seed, _WIDER_REGION_TIES, i, number, beyond[i], order, 0, order.size, own, first, last,
            chosen,
        )  # fmt: skip
        for k in range(found):
            low[pairs] = i
            high[pairs] = chosen[k]
            pairs += 1
    return pairs


@kernel
def mean_known(number, start, other, group, renown, level, known, count):
    """Write the mean probability of each group's pairs at a level of each, in place, (G,)."""
    known[:] = 0.0
    for i in range(number.size):
        for at in range(start[i], start[i + 1]):
            j = other[at]
            if number[j] > number[i]:
                odds = level[group[at]] * (renown[i] * renown[j])
                known[group[at]] += odds / (1.0 + odds)
    for g in range(known.size):
        known[g] /= max(1.0, count[g])


@kernel
def find_levels(number, start, other, group, renown, share, count):
    """Return a of each group of pairs, (G,): that at which the share of them is expected.

    Of no meaning where there is no pair, or the share is not between 0 and 1.
    """
    groups = share.size
    low, high, level = np.zeros(groups), np.ones(groups), np.empty(groups)
    known = np.empty(groups)
    wider = True
    while wider:
        wider = False
        mean_known(number, start, other, group, renown, high, known, count)
        for g in range(groups):
            if count[g] > 0.0 and share[g] < 1.0 and known[g] < share[g]:
                low[g] = high[g]
                high[g] *= 4.0
                wider = high[g] < 1e300
    for _ in range(_HALVINGS):
        for g in range(groups):
            level[g] = 0.5 * (low[g] + high[g])
        mean_known(number, start, other, group, renown, level, known, count)
        for g in range(groups):
            if known[g] < share[g]:
                low[g] = level[g]
            else:
                high[g] = level[g]
    return level


@kernel
def know(
    seed, number, sector, community, region, start, near, other, reverse, tie, locals_, bodies,
    renown, known_near, known_sector, known_other, across_levels, renown_spread,
):  # fmt: skip
    """Write 0 for those who know each other at the beginning of history, in place, (O,).

    locals_, bodies : (R,) how many there are of each
    renown          : (N,) see make_renown
    """
    regions = locals_.size
    groups = regions * _KINDS + 2  # those between regions are the last two
    usual = np.array([known_near, known_sector, known_other, 0.0])
    group = np.empty(tie.size, np.int64)
    count, share = np.zeros(groups), np.zeros(groups)
    for i in range(number.size):
        for at in range(start[i], start[i + 1]):
            j = other[at]
            kind = _SECTOR if sector[i] == sector[j] else _OTHER
            if at >= near[i]:
                group[at] = regions * _KINDS + kind - _SECTOR
            elif (community[i] < 0) != (community[j] < 0):
                group[at] = region[i] * _KINDS + _ACROSS
            elif community[i] == community[j]:  # -1 of both: two bodies of the region
                group[at] = region[i] * _KINDS + _NEAR
            else:
                group[at] = region[i] * _KINDS + kind
            count[group[at]] += 0.5
    for r in range(regions):
        expected = 0.0
        for kind in range(_ACROSS):
            share[r * _KINDS + kind] = usual[kind]
            expected += count[r * _KINDS + kind] * usual[kind]
        alike = 0.5 * (locals_[r] * (locals_[r] - 1.0) + bodies[r] * (bodies[r] - 1.0))
        wanted = across_levels * expected / max(1.0, alike) * locals_[r] * bodies[r]
        share[r * _KINDS + _ACROSS] = wanted / max(1.0, count[r * _KINDS + _ACROSS])
    share[regions * _KINDS] = known_sector
    share[regions * _KINDS + 1] = known_other
    level = np.zeros(groups)
    if renown_spread > 0.0:
        level = find_levels(number, start, other, group, renown, share, count)
    for i in range(number.size):
        for at in range(start[i], start[i + 1]):
            j = other[at]
            if number[j] < number[i]:
                continue
            probability = share[group[at]]
            if renown_spread > 0.0 and 0.0 < probability < 1.0:
                odds = level[group[at]] * (renown[i] * renown[j])
                probability = odds / (1.0 + odds)
            if uniform(seed, _KNOWN, BUILDING, number[i], number[j]) < probability:
                tie[at] = 0
                tie[reverse[at]] = 0


class _Groups(NamedTuple):
    """Rows by group, those of a group side by side in the order of their permanent numbers.

    start : (groups + 1,) where each group begins in rows
    rows  : the organisations
    """

    start: NDArray[np.int64]
    rows: Ints

    @classmethod
    def of(cls, rows: Ints, group: NDArray[np.int64], groups: int) -> _Groups:
        """Return the groups of rows that are in the order of numbers; `group` is that of each."""
        sorting = np.argsort(group, kind="stable")
        return cls(np.searchsorted(group[sorting], np.arange(groups + 1)), rows[sorting])

    def places(self, within: _Groups, group: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each of `rows` its place within its group of `within`, by row in `group`."""
        place = np.empty(group.size, np.int64)
        place[within.rows] = np.arange(within.rows.size) - within.start[group[within.rows]]
        return place[self.rows]


def meet_once(
    seed: int,
    number: Ints,
    sector: Ints,
    community: Ints,
    region: Ints,
    layout: Layout,
    ties: tuple[int, int, int],
    known: NDArray[np.int64],
    drawn: bool = True,
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return start, near, other and reverse of all ties.

    ties  : how many to bodies, in the sector, in other regions
    known : (K, 2) rows that know each other beside those that are drawn
    drawn : whether any are drawn
    """
    low, high = known[:, 0], known[:, 1]
    if drawn:
        more = _drawn(seed, number, sector, community, region, layout, ties)
        low, high = np.concatenate([more[0], low]), np.concatenate([more[1], high])
    return link(*_once(low, high, number.size), number, region)


def renown_of(seed: int, number: Ints, spread: float) -> Floats:
    """Return how well known each organisation is, (N,), the middle one 1."""
    renown = np.ones(number.size)
    if spread > 0.0:
        make_renown(seed, number, spread, renown)
    return renown


def widened(most: int, renown: Floats, spread: float) -> NDArray[np.int64]:
    """Return how many more than usual each could meet, (N,): those of much renown more of them."""
    mean = exp(0.5 * spread * spread)  # of the log-normal
    return (most * np.maximum(1.0, renown / mean) + 0.5).astype(np.int64)


def could_meet(
    seed: int,
    number: Ints,
    sector: Ints,
    community: Ints,
    region: Ints,
    layout: Layout,
    ties: tuple[int, int, int],
    wider: tuple[NDArray[np.int64], NDArray[np.int64]],
    known: NDArray[np.int64],
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return start, near, other and reverse of all who could meet where ties form and lapse.

    ties, known : as of `meet_once`, which are among them
    wider       : (N,) each, how many more of the own region and of others each could meet
    """
    order, rows = layout.order.astype(np.int64), layout.region_rows.astype(np.int64)
    at = np.empty(number.size, np.int64)
    at[order] = np.arange(number.size)
    place = np.empty(number.size, np.int64)
    place[rows] = np.arange(number.size) - layout.region_start[region[rows]]
    room = int(wider[0].sum() + wider[1].sum())
    low, high = np.empty(room, np.int64), np.empty(room, np.int64)
    pairs = widen(
        seed,
        number,
        region,
        layout.region_start,
        layout.region_rows,
        place,
        layout.order,
        at[rows],
        *wider,
        low,
        high,
    )
    near = _drawn(seed, number, sector, community, region, layout, ties)
    low = np.concatenate([near[0], low[:pairs], known[:, 0]])
    high = np.concatenate([near[1], high[:pairs], known[:, 1]])
    return link(*_once(low, high, number.size), number, region)


def _drawn(
    seed: int,
    number: Ints,
    sector: Ints,
    community: Ints,
    region: Ints,
    layout: Layout,
    ties: tuple[int, int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs that are drawn, some of them twice."""
    kinds = len(SECTORS)
    by_sector = sector.astype(np.int64)
    by_region, by_town = region * kinds + by_sector, community * kinds + by_sector
    regions, towns = layout.region_start.size - 1, layout.local_start.size - 1
    locals_ = layout.order[community[layout.order] >= 0]
    everywhere = _Groups.of(layout.order, by_sector[layout.order], kinds)
    here = _Groups.of(layout.order, by_region[layout.order], regions * kinds)
    near = _Groups.of(locals_, by_region[locals_], regions * kinds)
    town = _Groups.of(locals_, by_town[locals_], towns * kinds)
    local_many = np.diff(layout.local_start).astype(np.int64)
    bodies = np.diff(layout.body_start).astype(np.int64)
    room = int((local_many * (local_many - 1) // 2).sum() + (bodies * (bodies - 1) // 2).sum())
    room += number.size * sum(ties)
    low, high = np.empty(room, np.int64), np.empty(room, np.int64)
    pairs = acquaint(
        seed,
        number,
        sector,
        community,
        region,
        layout.local_start,
        layout.local_rows,
        layout.body_start,
        layout.body_rows,
        town.start,
        town.places(near, by_region),
        near.start,
        near.rows,
        here.start,
        here.places(everywhere, by_sector),
        everywhere.start,
        everywhere.rows,
        *ties,
        low,
        high,
    )
    return low[:pairs], high[:pairs]


def _once(
    a: NDArray[np.int64], b: NDArray[np.int64], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair once, the lower row first."""
    key = np.sort(np.minimum(a, b) * rows + np.maximum(a, b))
    key = key[np.diff(key, prepend=-1) > 0]
    return key // rows, key % rows
