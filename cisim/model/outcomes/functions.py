"""Functions of leadership: how much each is exercised, by those who carry it.

Who carries which function is not said here: a table does (configs/functions, K26 Table 3 unless a
structure has another), and a run's observations come with it (`Seen.held`). The level of a
function is the mean level of all who carry it: of a backbone's role what reaches members; of the
sponsors their mean engagement; of a lead organisation what regional roles reach, as far as it is
the lead organisation's own time. Where no table is known, no level is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cisim.model.outcomes.declared import known, outcome, ratio
from cisim.model.outcomes.sums import HOLDERS, LEAD, SPONSORS, Seen
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES, SPONSOR_KINDS, Floats

FUNCTIONS: Mapping[str, str] = {
    "initiator": "bringing issues crucial for the future into public discussion",
    "champion": "gathering and motivating stakeholders, reconciling views, resolving conflicts",
    "sponsor": "legitimising collaboration and providing resources",
    "facilitator": "facilitating collaboration and mutual learning",
    "boundary_spanner": "common goals, coordination, networks and sharing of information",
    "catalyst": "stimulating actors to think out of the box",
    "meta_governor": "monitoring and managing collaboration",
    "implementor": "implementing and administering",
    "broker": "conveying practical and scientific knowledge",
}
"""The eight functions of integrative leadership and the one that K26 adds, in words."""


def function_level(seen: Seen, holders: tuple[str, ...]) -> Floats:
    """Return the mean level of some holders; overall the mean of the regions, NaN for no holder."""
    total = np.zeros(seen.regions.shape)
    for holder in HOLDERS:
        if holder in holders:
            total = total + _level(seen, holder)
    return ratio(total, len(holders) * seen.regions)


def _level(seen: Seen, holder: str) -> Floats:
    """Return a holder's level, summed over regions in the last column."""
    if holder == SPONSORS:
        return np.maximum(0.0, seen.engagement) / len(SPONSOR_KINDS)
    if holder == LEAD:
        own = known(ratio(seen.lead, seen.lead + seen.regional_staff))
        roles = sum((getattr(seen, role) for role in REGIONAL_ROLES), np.zeros(own.shape))
        level = own * roles / len(REGIONAL_ROLES)
        level[:, -1] = level[:, :-1].sum(axis=1)
        return level
    found: Floats = getattr(seen, holder)
    return found


def _declare() -> None:
    for name, words in FUNCTIONS.items():
        title = name.replace("_", " ").capitalize()

        def level(seen: Seen, name: str = name) -> Floats:
            held = seen.held(name)
            if held:
                return function_level(seen, held)
            return np.full(seen.regions.shape, np.nan if held is None else 0.0)

        outcome(
            title=f"{title}: function of leadership",
            form="level",
            better="higher",
            group="functions",
            words=f"{title}, {words}: mean level of those who carry it by the structure's table of "
            f"functions, 0 where nobody does; overall the mean of the regions.",
            name=f"function_{name}",
        )(level)


assert HOLDERS[:9] == (*NATIONAL_ROLES, *REGIONAL_ROLES)
_declare()
