"""The network as it stands: organisations, what they know of each other, and what it is called.

Strength is a tie's place by trust among all ties, 0 the least to 1 the most trusted, equals in the
middle of their places: what `strength` means in a world's file (cisim.model.surveyed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cisim.model.outcomes.sums import WINDOW
from cisim.model.parameters import Parameters
from cisim.model.state import SECTORS, Floats, State

if TYPE_CHECKING:
    import networkx as nx

    from cisim.model.agents import Names


def network(state: State, p: Parameters, month: int, names: Names) -> nx.DiGraph:
    """Return the graph of organisations that know each other, as a month has left them.

    An organisation is a node under its name: sector, level, region, community (of a local one),
    role (lead, member, eligible or outside), member, eligible, own_time (FTE), commitment, mandate.
    An edge is how its first organisation sees the second: strength, trust, familiarity (0..1),
    evidence (kept promises and broken ones, weighted), active (met in the last 12 months), brokered
    (a backbone arranged that in the last 12 months).
    """
    import networkx as nx

    orgs, ties = state.orgs, state.ties
    graph = nx.DiGraph(month=month)
    called = [names.organisation_name(number) for number in orgs.number.tolist()]
    for row in state.layout.order.tolist():
        graph.add_node(called[row], **_organisation(state, row, names))
    held = slice(ties.count)
    kept, broken = ties.kept[held], ties.broken[held]
    evidence = kept + broken
    trust = (p.prior_weight * ties.prior[held] + kept) / (p.prior_weight + evidence)
    since = month - WINDOW
    columns = (
        _places(trust),
        trust,
        evidence / (p.prior_weight + evidence),
        evidence,
        ties.last_met[held] >= since,
        ties.last_brokered[held] >= since,
    )
    owner = np.repeat(np.arange(orgs.number.size), np.diff(ties.start))
    for one, other, *values in zip(
        owner.tolist(),
        ties.other[held].tolist(),
        *(column.tolist() for column in columns),
        strict=True,
    ):
        graph.add_edge(called[one], called[other], **dict(zip(_OF_A_TIE, values, strict=True)))
    return graph


_OF_A_TIE = ("strength", "trust", "familiarity", "evidence", "active", "brokered")


def _organisation(state: State, row: int, names: Names) -> dict[str, Any]:
    orgs = state.orgs
    member, eligible = bool(orgs.member[row]), bool(orgs.eligible[row])
    community = int(orgs.community[row])
    role = "member" if member else "eligible" if eligible else "outside"
    return {
        "sector": SECTORS[orgs.sector[row]],
        "level": "local" if community >= 0 else "regional",
        "region": names.region_name(int(orgs.region[row])),
        **({"community": names.community_name(community)} if community >= 0 else {}),
        "role": "lead" if orgs.led[row] > 0.0 else role,
        "member": member,
        "eligible": eligible,
        "own_time": float(orgs.own_time[row]),
        "commitment": float(orgs.commitment[row]),
        "mandate": float(orgs.mandate[row]),
    }


def _places(values: Floats) -> Floats:
    """Return each value's place among all, 0..1, that of equals the middle of theirs."""
    if values.size < 2:
        return np.ones(values.size)
    _, which, many = np.unique(values, return_inverse=True, return_counts=True)
    ends: NDArray[np.int64] = np.cumsum(many)
    middle = ends - (many + 1) / 2.0
    return middle[which] / (values.size - 1)
