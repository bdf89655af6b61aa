"""Networks within a region: members with their active ties, and all with all whom they know.

Where ties are fixed the second stays as it is at the start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cisim.model.outcomes.declared import mean_over_regions, outcome, ratio
from cisim.model.outcomes.sums import Seen
from cisim.model.state import Floats


class Graph(NamedTuple):
    """What a region's network is measured by, (months, R) each.

    nodes, edges, most : how many, and the highest degree
    squares, cubes     : sums of degrees squared and cubed
    products           : sum over edges of the product of its two degrees
    triangles
    """

    nodes: Floats
    edges: Floats
    most: Floats
    squares: Floats
    cubes: Floats
    products: Floats
    triangles: Floats


def members_graph(seen: Seen) -> Graph:
    """Return the network of members."""
    return Graph(
        seen.members[:, :-1],
        seen.edges[:, :-1],
        seen.degree_max[:, :-1],
        seen.degree_squares[:, :-1],
        seen.degree_cubes[:, :-1],
        seen.degree_products[:, :-1],
        seen.triangles[:, :-1],
    )


def linked_graph(seen: Seen) -> Graph:
    """Return the network of members and the backbone."""
    return Graph(
        seen.linked_nodes[:, :-1],
        seen.linked_edges[:, :-1],
        seen.linked_degree_max[:, :-1],
        seen.linked_degree_squares[:, :-1],
        seen.linked_degree_cubes[:, :-1],
        seen.linked_degree_products[:, :-1],
        seen.linked_triangles[:, :-1],
    )


def density_of(graph: Graph) -> Floats:
    """Return edges / possible edges, of the regions and their mean."""
    possible = graph.nodes * (graph.nodes - 1.0) / 2.0
    return mean_over_regions(ratio(graph.edges, possible), graph.nodes)


def degree_centralisation_of(graph: Graph) -> Floats:
    """Return Freeman's sum (highest - degree) / ((n-1)(n-2)), of the regions and their mean."""
    star = np.maximum(0.0, graph.nodes - 1.0) * np.maximum(0.0, graph.nodes - 2.0)
    missing = graph.nodes * graph.most - 2.0 * graph.edges
    return mean_over_regions(ratio(missing, star), graph.nodes)


def transitivity_of(graph: Graph) -> Floats:
    """Return 3 triangles / connected triples, of the regions and their mean."""
    triples = (graph.squares - 2.0 * graph.edges) / 2.0
    return mean_over_regions(ratio(3.0 * graph.triangles, triples), graph.nodes)


def assortativity_of(graph: Graph) -> Floats:
    """Return the correlation of degrees over edges, of the regions and their mean.

    All sums are whole numbers, so a variance of zero is exactly zero.
    """
    mean_square = graph.squares * graph.squares
    covariance = 4.0 * graph.edges * graph.products - mean_square
    variance = 2.0 * graph.edges * graph.cubes - mean_square
    return mean_over_regions(ratio(covariance, variance), graph.nodes)


_NODES = "; overall the mean of the regions, weighted by nodes."
_BACKBONE = (
    ", with the backbone as a node where it has staff, tied to the members for which it has ever "
    "arranged a meeting"
)

_MEASURES: tuple[tuple[str, Callable[[Graph], Floats], str, str, str], ...] = (
    (
        "density",
        density_of,
        "percent",
        "Ties that are active",
        "Share of possible ties between members that are active",
    ),
    (
        "degree_centralisation",
        degree_centralisation_of,
        "level",
        "Centralisation of the network",
        "How far the network of members hangs on one of them (Freeman), 1 for a star",
    ),
    (
        "transitivity",
        transitivity_of,
        "level",
        "Closed triangles",
        "How often two partners of a member are partners of each other",
    ),
    (
        "assortativity",
        assortativity_of,
        "level",
        "Like connected to like",
        "Whether well connected members are tied to well connected ones (correlation of degrees)",
    ),
)


def _declare_networks() -> None:
    for name, measure, form, title, words in _MEASURES:

        def alone(seen: Seen, measure: Callable[[Graph], Floats] = measure) -> Floats:
            return measure(members_graph(seen))

        def linked(seen: Seen, measure: Callable[[Graph], Floats] = measure) -> Floats:
            return measure(linked_graph(seen))

        both: dict[str, Any] = {"form": form, "group": "network"}
        if name == "assortativity":
            both |= {"unit": "-1..1", "bounds": (-1.0, 1.0)}
        outcome(title=title, words=words + _NODES, name=name, **both)(alone)
        outcome(
            title=f"{title}, with the backbone",
            words=words + _BACKBONE + _NODES,
            name=f"{name}_with_backbone",
            **both,
        )(linked)


_declare_networks()

_KNOWN = "; members or not, met lately or not; overall the mean of the regions, weighted by nodes."


@outcome(
    title="Pairs that know each other", group="network", form="percent",
    words="Share of the pairs of a region's organisations that know each other" + _KNOWN,
)  # fmt: skip
def known_density(seen: Seen) -> Floats:
    here = seen.here[:, :-1]
    return mean_over_regions(ratio(seen.acquainted[:, :-1], here * (here - 1.0)), here)


@outcome(
    title="Centralisation of acquaintance", group="network", form="level",
    words="How far acquaintance in a region hangs on one organisation (Freeman), 1 for a star"
    + _KNOWN,
)  # fmt: skip
def known_centralisation(seen: Seen) -> Floats:
    here = seen.here[:, :-1]
    star = np.maximum(0.0, here - 1.0) * np.maximum(0.0, here - 2.0)
    missing = here * seen.acquainted_max[:, :-1] - seen.acquainted[:, :-1]
    return mean_over_regions(ratio(missing, star), here)


@outcome(
    title="Within reach of each other", group="network", form="percent",
    words="Share of a region's organisations in the largest group that acquaintances connect; "
    "overall of all organisations.",
)  # fmt: skip
def known_reach(seen: Seen) -> Floats:
    return ratio(seen.together, seen.here)


@outcome(
    title="New acquaintances", group="network", form="number", unit="ties/month",
    words="Pairs that came to know each other this month; one of two regions counts half in each.",
)  # fmt: skip
def ties_formed(seen: Seen) -> Floats:
    return seen.formed


@outcome(
    title="Acquaintances forgotten", group="network", form="number", unit="ties/month",
    words="Pairs that knew each other until this month; one of two regions counts half in each.",
)  # fmt: skip
def ties_lapsed(seen: Seen) -> Floats:
    return seen.lapsed
