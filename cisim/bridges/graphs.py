"""networkx: who knows whom in chosen months of one run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cisim.bridges.varied import scenario_of
from cisim.lab.executors import whole_number
from cisim.model.luck import check_seed
from cisim.model.model import CollectiveImpactModel
from cisim.model.outcomes import NOTHING
from cisim.world.scenario import Scenario

if TYPE_CHECKING:
    import networkx as nx


def networks(
    scenario: Scenario | str, months: int | Iterable[int] | None = None, seed: int = 1
) -> dict[int, nx.DiGraph]:
    """Return the network of one future of a scenario in each of some months, by month.

    months : which, by default the first and the last

    Nodes are organisations by name, with sector, level, region, community, role, member, eligible,
    own_time (FTE), commitment and mandate (0..1). An edge is how the first sees the second:
    strength, trust and familiarity (0..1), evidence (kept promises), active, brokered. The graph
    has scenario, seed, month and, where the world has a start, date.

    Raises InputError for a month that is not of the run.
    """
    loaded, seed = scenario_of(scenario), check_seed(seed)
    if months is None:
        months = (0, loaded.months)
    given = [months] if isinstance(months, int) else list(months)
    wanted = sorted({whole_number("months", month, 0, loaded.months) for month in given})
    model = CollectiveImpactModel(loaded, seed, observe=NOTHING)
    found = {}
    for month in wanted:
        model.run(month - model.month)
        graph = model.network()
        graph.graph |= {"scenario": loaded.name, "seed": seed}
        if loaded.calendar.dated:
            graph.graph["date"] = loaded.calendar.written(month)
        found[month] = graph
    return found


def partners(network: nx.DiGraph) -> nx.Graph:
    """Return who of a partnership works with whom: its members, and their active ties.

    A tie is there once, with the mean of both sides' trust, familiarity and strength, evidence
    added up, and brokered where a backbone arranged it.
    """
    import networkx as nx

    members = [name for name, about in network.nodes(data=True) if about["member"]]
    graph = nx.Graph(**network.graph)
    graph.add_nodes_from((name, dict(network.nodes[name])) for name in members)
    for one, other, about in network.subgraph(members).edges(data=True):
        if not about["active"] or graph.has_edge(one, other):
            continue
        back = network.edges[other, one] if network.has_edge(other, one) else about
        both = {key: (about[key] + back[key]) / 2.0 for key in ("trust", "familiarity", "strength")}
        both["evidence"] = about["evidence"] + (back["evidence"] if back is not about else 0.0)
        graph.add_edge(one, other, **both, brokered=about["brokered"] or back["brokered"])
    return graph
