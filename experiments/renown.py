"""How unequally known are organisations, here and in real networks? The spread of renown that the
degrees of a network stand for, how centralised those are who know each other at month 0, and what
is lost where the one leaves whom most know.

    python experiments/renown.py                  writes results/renown.md; half a minute
    python experiments/renown.py --data FOLDER    real networks: CSV, GraphML, GML, Pajek ...

The spread that a network stands for is that with which networks of its size and density have, in
the mean, degrees that differ as much (by their standard deviation), where each pair has a tie with
probability a h_i h_j / (1 + a h_i h_j), h log-normal. Pairs of one place or one sector are not told
apart there, as files of real networks do not tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from benchmarks.page import table
from networks import NOT_THERE, ROOT, share, write

from cisim.lab.indicators import CENTRALISED, measured
from cisim.lab.real_networks import arcs_of, files_of
from cisim.model.model import CollectiveImpactModel
from cisim.model.parameters import Parameters
from cisim.model.state import Flags, Floats
from cisim.world.scenario import Scenario

DOCUMENT = ROOT / "results" / "renown.md"
SPREADS = np.linspace(0.0, 3.0, 16)
TRIED = (0.0, 0.8, 1.3, 2.0, 3.0)
PLACES = {"one-town": 60, "test-region": 60, "finland": 30}
"""Worlds, and how many futures of each."""
NETWORKS = 60
"""Drawn for each spread."""
FIRST = 41_000
"""Seeds from here on."""
NOBODY, LITTLE_KNOWN, BEST_KNOWN = LEAVING = ("nobody", "the least known", "the best known")
"""Whose representative is replaced three times at month 0."""
STILL = {
    **dict.fromkeys(
        ("closure_rate", "introduction_rate", "bridge_rate", "side_by_side", "encounter_rate"), 0.0
    ),
    "turnover": 0.0,
    "inst_base": 0.3,
    "everyday_meetings": 0.4,
}
"""Nobody else leaves and nobody comes to know another, so that what is lost is seen alone."""
LATER = 36
"""Months after which what is lost is looked at."""
OPENING = """\
# How unequally known organisations are, here and in real networks

Written by `python experiments/renown.py`. *Spread* is the spread of renown that the degrees of a
network stand for where pairs are of one kind; how it is estimated stands in the script. Band:
centralisation from {low:g} to {high:g}, the lowest and the highest of 12 published networks. One
more network like them would lie outside of what 12 span in 2 of 13 cases."""
LEFT = """\
## What is lost with the one whom most know

{futures} futures of the test region without a backbone, in which nobody else leaves and nobody
comes to know another (`STILL` in the script). At month 0 an organisation has new people three times
in a row; told is what is so {months} months later. *It knows* is how many the best known
organisation of month 0 knows, in the mean, by who has new people."""


def real_ties(folder: Path) -> dict[str, Flags]:
    """Return who has a tie with whom in the real networks of a folder, by name; none without it."""
    found = {}
    for name, path in files_of(folder).items():
        there, _ = arcs_of(path)
        found[name] = there | there.T
    return found


def without_first(ties: Flags) -> Flags:
    """Return a network without the node of most ties."""
    rest = np.arange(len(ties)) != ties.sum(axis=0).argmax()
    return ties[np.ix_(rest, rest)]


def known_in(model: CollectiveImpactModel) -> dict[str, Flags]:
    """Return who knows whom in each region, by its name."""
    graph = model.network().to_undirected()
    regions = nx.get_node_attributes(graph, "region")
    return {
        region: nx.to_numpy_array(graph.subgraph(n for n in graph if regions[n] == region)) > 0
        for region in dict.fromkeys(regions.values())
    }


def density(ties: Flags) -> float:
    """Return the share of pairs that have a tie."""
    return measured(ties)[1]


def centralisation(ties: Flags) -> float:
    """Return Freeman's degree centralisation."""
    return measured(ties)[2]


def differ(size: int, dense: float, spread: float, seed: int = 1) -> float:
    """Return how much degrees differ in networks of a spread of renown: mean standard deviation."""
    rng = np.random.default_rng(seed)
    upper = np.triu_indices(size, 1)
    found = []
    for _ in range(NETWORKS):
        renown = spread * rng.normal(size=size)
        both = (renown[:, None] + renown[None, :])[upper]
        low, high = -40.0, 40.0
        for _ in range(50):
            level = (low + high) / 2
            chance = 1.0 / (1.0 + np.exp(-(level + both)))
            low, high = (level, high) if chance.mean() < dense else (low, level)
        ties = np.zeros((size, size), bool)
        ties[upper] = rng.random(both.size) < chance
        found.append(float((ties | ties.T).sum(axis=0).std()))
    return float(np.mean(found))


def spread_of(size: int, dense: float, differing: float) -> float:
    """Return the spread at which degrees differ so much."""
    curve = [differ(size, dense, spread) for spread in SPREADS]
    return float(np.interp(differing, np.maximum.accumulate(curve), SPREADS))


def spread_shown(networks: Sequence[Flags]) -> float:
    """Return the spread that networks of one size stand for together."""
    dense = float(np.mean([density(one) for one in networks]))
    return spread_of(
        len(networks[0]), dense, float(np.mean([one.sum(0).std() for one in networks]))
    )


def forming(world: str, spread: float, **numbers: Any) -> Scenario:
    """Return a place without a backbone where ties form."""
    chosen = {"ties": "forming", "renown_spread": spread, **numbers}
    return Scenario.load("no-backbone").with_(world=world, events=[], parameters=chosen)


def month_zero(world: str, spread: float, futures: int) -> dict[str, list[Flags]]:
    """Return who knows whom at month 0 of fresh futures, by region, where ties form."""
    chosen = forming(world, spread)
    found: dict[str, list[Flags]] = {}
    for seed in range(FIRST, FIRST + futures):
        for region, ties in known_in(CollectiveImpactModel(chosen, seed)).items():
            found.setdefault(region, []).append(ties)
    return found


def left(who: str, spread: float, seed: int) -> tuple[int, float]:
    """Return how many the best known organisation of month 0 knows later, and how centralised
    those are who know each other, where an organisation has had new people at month 0."""
    model = CollectiveImpactModel(forming("test-region", spread, **STILL), seed)
    known = np.diff(model.state.ties.start)
    best = int(known.argmax())
    if who != NOBODY:
        row = best if who == BEST_KNOWN else int(known.argmin())
        for _ in range(3):
            model.organisation(row).change_representative()
    model.run(LATER)
    (ties,) = known_in(model).values()
    return int(np.diff(model.state.ties.start)[best]), centralisation(ties)


def lost(spread: float, futures: int) -> list[str]:
    """Return what the best known one knows later by who has left, and how often it is fewer."""
    seen = {
        who: np.array([left(who, spread, seed) for seed in range(FIRST, FIRST + futures)])
        for who in LEAVING
    }
    usual, own = seen[NOBODY], seen[BEST_KNOWN]
    fewer = int((own[:, 0] < usual[:, 0]).sum())
    return [
        *(f"{seen[who][:, 0].mean():.2f}" for who in LEAVING),
        f"{fewer} of {futures}",
        f"{usual[:, 1].mean():.3f}",
        f"{own[:, 1].mean():.3f}",
    ]


def row(networks: Sequence[Flags]) -> list[str]:
    """Return how many nodes, density, centralisation, the most that one knows, and the spread."""
    central = [centralisation(one) for one in networks]
    most = [one.sum(axis=0).max() / (len(one) - 1) for one in networks]
    return [
        str(len(networks[0])),
        f"{np.mean([density(one) for one in networks]):.2f}",
        f"{np.mean(central):.2f}",
        f"{np.mean(most):.2f}",
        f"{spread_shown(networks):.2f}",
    ]


def in_band(networks: Sequence[Flags]) -> list[str]:
    """Return in how many the centralisation is within the band, and how far off the others are."""
    central: Floats = np.array([centralisation(one) for one in networks])
    low, high = CENTRALISED
    below, above = central[central < low], central[central > high]
    off = [f"{len(below)} below, the lowest {below.min():.2f}"] if below.size else []
    off += [f"{len(above)} above, the highest {above.max():.2f}"] if above.size else []
    inside = (central >= low) & (central <= high)
    return [share(inside.tolist()), "; ".join(off) or "none"]


def document(folder: Path) -> str:
    """Return the page."""
    head = ["nodes", "density", "centralisation", "the most that one has", "spread"]
    real = real_ties(folder)
    rows = []
    for name, ties in real.items():
        rows.append([name, *row([ties])])
        rows.append([f"{name} without its first", *row([without_first(ties)])])
    parts = [OPENING.format(low=CENTRALISED[0], high=CENTRALISED[1])]
    parts += ["## Real networks", table(["network", *head], rows) if real else
              NOT_THERE]  # fmt: skip
    rows = []
    for spread in TRIED:
        (networks,) = month_zero("test-region", spread, PLACES["test-region"]).values()
        rows.append([f"{spread:g}", *row(networks), *in_band(networks)])
    band = ["within the band", "outside"]
    parts += ["## Who knows whom at month 0 in the test region, by `renown_spread`",
              table(["`renown_spread`", *head, *band], rows)]  # fmt: skip
    rows = []
    usual = Parameters().renown_spread
    for world, futures in PLACES.items():
        for region, networks in month_zero(world, usual, futures).items():
            rows.append([f"{world}, {region}", *row(networks), *in_band(networks)])
    parts += [f"## At the default of {usual:g}, region by region",
              table(["region", *head, *band], rows)]  # fmt: skip
    few = PLACES["test-region"]
    head = ["`renown_spread`", *(f"it knows: {who}" for who in LEAVING), "fewer than with nobody",
            "centralisation: nobody", "the best known"]  # fmt: skip
    parts += [LEFT.format(futures=few, months=LATER),
              table(head, [[f"{spread:g}", *lost(spread, few)] for spread in TRIED])]  # fmt: skip
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    write(DOCUMENT, document, __doc__)
