"""Who can meet whom: the opportunity network that a world starts from.

Everybody within a community knows each other, and so do all bodies of a region. Each local
organisation knows some bodies of its region and some local organisations of its sector elsewhere
in it; each organisation knows some of its sector in other regions. Which ones is decided by the
smallest of uniform draws at the pair's address, so one organisation more never changes who else
was chosen among the others.

Source  V20 (local partnerships within wider networks; existence); numbers of ties: judgement
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cisim.model.kernel import kernel
from cisim.model.luck import BUILDING, uniform, word
from cisim.model.state import Ints, Layout, link

_BODY_TIES = word("body-ties")
_SECTOR_TIES = word("sector-ties")
_REGION_TIES = word("region-ties")


@kernel
def consider(seed, address, i, j, number, wanted, chosen, draws, found):
    """Keep `j` if its draw is among the `wanted` smallest so far; return how many are kept."""
    u = uniform(seed, address, BUILDING, number[i], number[j])
    if found == wanted and u >= draws[found - 1]:
        return found
    at = found if found < wanted else found - 1
    while at > 0 and draws[at - 1] > u:
        draws[at] = draws[at - 1]
        chosen[at] = chosen[at - 1]
        at -= 1
    draws[at] = u
    chosen[at] = j
    return min(wanted, found + 1)


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
    community_start,
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
    most = max(body_ties, sector_ties, region_ties, 1)
    chosen = np.empty(most, np.int64)
    draws = np.empty(most)
    for i in range(number.size):
        r = region[i]
        if community[i] >= 0:
            found = 0
            if body_ties > 0:
                for at in range(body_start[r], body_start[r + 1]):
                    found = consider(
                        seed, _BODY_TIES, i, body_rows[at], number, body_ties, chosen, draws, found
                    )
            for k in range(found):
                low[pairs] = i
                high[pairs] = chosen[k]
                pairs += 1
            found = 0
            if sector_ties > 0:
                first = local_start[community_start[r]]
                last = local_start[community_start[r + 1]]
                for at in range(first, last):
                    j = local_rows[at]
                    if sector[j] == sector[i] and community[j] != community[i]:
                        found = consider(
                            seed, _SECTOR_TIES, i, j, number, sector_ties, chosen, draws, found
                        )
            for k in range(found):
                low[pairs] = i
                high[pairs] = chosen[k]
                pairs += 1
        found = 0
        if region_ties > 0:
            for at in range(sector_start[sector[i]], sector_start[sector[i] + 1]):
                j = sector_rows[at]
                if region[j] != r:
                    found = consider(
                        seed, _REGION_TIES, i, j, number, region_ties, chosen, draws, found
                    )
        for k in range(found):
            low[pairs] = i
            high[pairs] = chosen[k]
            pairs += 1
    return pairs


def meet_once(
    seed: int,
    number: Ints,
    sector: Ints,
    community: Ints,
    region: Ints,
    layout: Layout,
    ties: tuple[int, int, int],
    known: NDArray[np.int64],
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return start, near, other and reverse of all ties.

    ties  : how many to bodies, in the sector, in other regions
    known : (K, 2) rows that know each other beside those that are drawn
    """
    sector_rows = layout.order[np.argsort(sector[layout.order], kind="stable")]
    sector_start = np.searchsorted(sector[sector_rows], np.arange(7)).astype(np.int32)
    locals_ = np.diff(layout.local_start).astype(np.int64)
    bodies = np.diff(layout.body_start).astype(np.int64)
    room = int((locals_ * (locals_ - 1) // 2).sum() + (bodies * (bodies - 1) // 2).sum())
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
        layout.community_start,
        sector_start,
        sector_rows,
        *ties,
        low,
        high,
    )
    low = np.concatenate([low[:pairs], known[:, 0]])
    high = np.concatenate([high[:pairs], known[:, 1]])
    return link(*_once(low, high, number.size), number, region)


def _once(
    a: NDArray[np.int64], b: NDArray[np.int64], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair once, the lower row first."""
    key = np.unique(np.minimum(a, b) * rows + np.maximum(a, b))
    return key // rows, key % rows
