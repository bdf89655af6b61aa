"""How unequally known are organisations, here and in real networks? The spread of renown that the
degrees of a network stand for, and how centralised those are who know each other at month 0.

    python experiments/renown.py                  writes results/renown.md; two minutes
    python experiments/renown.py --data FOLDER    real networks as NAME_edges.csv, NAME_nodes.csv

The spread that a network stands for is that with which networks of its size and density have, in
the mean, degrees that differ as much (by their standard deviation), where each pair has a tie with
probability a h_i h_j / (1 + a h_i h_j), h log-normal. Pairs of one place or one sector are not told
apart there, as files of real networks do not tell them apart.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from cisim.lab.analyses.intervals import wilson
from cisim.lab.indicators import CENTRALISED
from cisim.model.model import CollectiveImpactModel
from cisim.model.parameters import Parameters
from cisim.model.state import Flags, Floats, State
from cisim.world.scenario import Scenario

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "results" / "renown.md"
DATA = ROOT.parent / "shared" / "data"
SPREADS = np.linspace(0.0, 3.0, 16)
TRIED = (0.8, 1.3, 2.0, 3.0)
PLACES = {"one-town": 60, "test-region": 60, "finland": 30}
"""Worlds, and how many futures of each."""
NETWORKS = 60
"""Drawn for each spread."""
FIRST = 41_000
"""Seeds from here on."""
OPENING = """\
# How unequally known organisations are, here and in real networks

Written by `python experiments/renown.py`. *Spread* is the spread of renown that the degrees of a
network stand for where pairs are of one kind; how it is estimated stands in the script. Band:
centralisation from {low:g} to {high:g}, the lowest and the highest of 12 published networks. One
more network like them would lie outside of what 12 span in 2 of 13 cases."""


def real_ties(folder: Path) -> dict[str, Flags]:
    """Return who has a tie with whom in the real networks of a folder, by name; none without it."""
    found = {}
    for path in sorted(folder.glob("*_edges.csv")):
        name = path.name.removesuffix("_edges.csv")
        edges = pd.read_csv(path)
        size = len(pd.read_csv(path.with_name(f"{name}_nodes.csv")))
        ties = np.zeros((size, size), bool)
        ties[edges["source"] - 1, edges["target"] - 1] = True
        ties |= ties.T
        np.fill_diagonal(ties, False)
        found[name] = ties
    return found


def without_first(ties: Flags) -> Flags:
    """Return a network without the node of most ties."""
    rest = np.arange(len(ties)) != ties.sum(axis=0).argmax()
    return ties[np.ix_(rest, rest)]


def known_in(state: State) -> dict[int, Flags]:
    """Return who knows whom in each region."""
    ties, size = state.ties, state.orgs.number.size
    owner = np.repeat(np.arange(size), np.diff(ties.start))
    whole = np.zeros((size, size), bool)
    whole[owner, ties.other[: owner.size]] = True
    regions = state.orgs.region
    return {int(r): whole[np.ix_(regions == r, regions == r)] for r in np.unique(regions)}


def density(ties: Flags) -> float:
    """Return the share of pairs that have a tie."""
    return float(ties.sum() / (len(ties) * (len(ties) - 1)))


def centralisation(ties: Flags) -> float:
    """Return Freeman's degree centralisation."""
    degrees, size = ties.sum(axis=0), len(ties)
    return float((degrees.max() - degrees).sum() / ((size - 1) * (size - 2)))


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


def month_zero(world: str, spread: float, futures: int) -> dict[int, list[Flags]]:
    """Return who knows whom at month 0 of fresh futures, by region, where ties form."""
    chosen = Scenario.load("no-backbone").with_(
        world=world, events=[], parameters={"ties": "forming", "renown_spread": spread}
    )
    found: dict[int, list[Flags]] = {}
    for seed in range(FIRST, FIRST + futures):
        for region, ties in known_in(CollectiveImpactModel(chosen, seed).state).items():
            found.setdefault(region, []).append(ties)
    return found


def share(passed: Flags) -> str:
    """Return in how many of all, with its 90 % interval."""
    low, high = wilson(int(passed.sum()), passed.size)
    return f"{passed.mean():.2f} ({low:.2f}–{high:.2f})"


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
    return [share((central >= low) & (central <= high)), "; ".join(off) or "none"]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [list(head), ["---"] * len(head), *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


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
              "Their files were not there."]  # fmt: skip
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
        names = [region.name for region in Scenario.load("no-backbone", world=world).world.regions]
        for region, networks in month_zero(world, usual, futures).items():
            rows.append([f"{world}, {names[region]}", *row(networks), *in_band(networks)])
    parts += [f"## At the default of {usual:g}, region by region",
              table(["region", *head, *band], rows)]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real networks")
    DOCUMENT.write_text(document(parser.parse_args().data), encoding="utf-8")
    print(f"{DOCUMENT.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()
