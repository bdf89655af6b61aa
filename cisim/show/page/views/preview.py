"""A first look at a network that somebody brings: who is there and who is tied, right or wrong.

What belongs together stands together (Fruchterman and Reingold 1991, by networkx). It is drawn from
the tables as long as something in them is wrong, so that one sees where.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import networkx as nx

from cisim.lab.survey.tables import Table
from cisim.model.input_error import printable
from cisim.show.page.partnership.upload import Reading
from cisim.show.page.words import say

WIDE, HIGH = 640, 420
_EDGE = 26
MOST_DRAWN = 600
"""Organisations; more would be a grey spot, and take seconds."""
MOST_TIES = 4_000
_NAMED = 30
"""With more organisations than these only those with most ties have their names written."""
_BEST_NAMED = 10
_LONGEST = 24
_LETTER, _LINE = 6.6, 14.0
"""How wide a letter of a name is, and how high its line (px)."""


@dataclass
class Sketch:
    """Organisations and ties as they are drawn.

    names   : each once
    strange : those that are tied and in no list
    ties    : strength by pair, 1 where none is told
    """

    names: list[str] = field(default_factory=list)
    strange: set[str] = field(default_factory=set)
    ties: dict[tuple[str, str], float] = field(default_factory=dict)


def sketch(reading: Reading) -> Sketch | None:
    """Return what can be drawn of a reading; None where nothing can be yet."""
    if reading.made is not None:
        world = reading.made.world
        ties = {}
        for tie in world.ties:
            known = [side for side in tie.strengths if not math.isnan(side)]
            ours, theirs = tie.between
            ties[ours, theirs] = sum(known) / len(known) if known else 0.0
        return Sketch([one.name for one in world.organisations], set(), ties)
    table = reading.found.get("ties")
    columns = dict(reading.given.get("ties", {})) if reading.given else {}
    one, other = columns.get("from"), columns.get("to")
    if table is None or one not in table.columns or other not in table.columns:
        return None
    found = Sketch()
    listed = _listed(reading.found.get("organisations"), reading.given)
    found.names = list(dict.fromkeys(listed.values()))
    seen = set(found.names)
    for ours, theirs in zip(table.cells(one), table.cells(other), strict=True):
        ours, theirs = listed.get(ours, ours), listed.get(theirs, theirs)
        for name in (ours, theirs):
            if name and name not in seen:
                seen.add(name)
                found.names.append(name)
                if listed:
                    found.strange.add(name)
        if ours and theirs and ours != theirs:
            found.ties[min(ours, theirs), max(ours, theirs)] = 1.0
    return found


def _listed(table: Table | None, given: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the name of each organisation of a list by its name and its key."""
    if table is None:
        return {}
    columns = given.get("organisations", {})
    names, keys = columns.get("name"), columns.get("key")
    if names not in table.columns:
        return {}
    found = {name: name for name in table.cells(names) if name}
    if keys in table.columns:
        for key, name in zip(table.cells(keys), table.cells(names), strict=True):
            if key and name:
                found.setdefault(key, name)
    return found


def drawn(found: Sketch) -> str:
    """Return the picture, an <svg>; "" where there is nobody or too many to be drawn."""
    if not found.names or len(found.names) > MOST_DRAWN:
        return ""
    graph = nx.Graph()
    graph.add_nodes_from(found.names)
    strongest = sorted(found.ties.items(), key=lambda one: -one[1])[:MOST_TIES]
    graph.add_edges_from(pair for pair, _ in strongest)
    spread = nx.spring_layout(graph, k=1.6 / max(1, len(found.names)) ** 0.5, seed=1)
    places = _fitted({name: (float(x), float(y)) for name, (x, y) in spread.items()})
    degree = dict(graph.degree())
    few = len(found.names) <= _NAMED
    most = sorted(found.names, key=lambda name: -degree[name])[:_BEST_NAMED]
    radius = 7 if few else 5 if len(found.names) <= 120 else 3
    parts = []
    for (one, other), strength in strongest:
        (x, y), (to_x, to_y) = places[one], places[other]
        wide = 0.6 + 2 * strength
        parts.append(
            f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" style="stroke-width:{wide:.1f}"/>'
        )
    dots = []
    for name in found.names:
        x, y = places[name]
        kind = ' class="strange"' if name in found.strange else ""
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}"{kind}>'
            f"<title>{escape(printable(name))}</title></circle>"
        )
    words = []
    taken: list[tuple[float, float, float]] = []
    for name in found.names if few else [*sorted(found.strange)[:_BEST_NAMED], *most]:
        x, y = places[name]
        turned = x > WIDE * 0.6
        text = printable(name)
        short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        wide = _LETTER * len(short)
        at = x - radius - 3 if turned else x + radius + 3
        left = at - wide if turned else at
        if not few and any(
            abs(y - row) < _LINE and left < end and start < left + wide for start, end, row in taken
        ):
            continue  # two names over each other say nothing
        taken.append((left, left + wide, y))
        words.append(
            f'<text x="{at:.1f}" y="{y + 4:.1f}" text-anchor="{"end" if turned else "start"}">'
            f"{escape(short)}</text>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{escape(summary(found))}"><g class="sketch-ties">{"".join(parts)}</g>'
        f'<g class="sketch-dots">{"".join(dots)}</g><g class="sketch-names">{"".join(words)}</g>'
        f"</svg>"
    )


def summary(found: Sketch) -> str:
    """Return what the picture shows, for who does not see it."""
    tied = {name for pair in found.ties for name in pair}
    alone = sum(name not in tied for name in found.names)
    many: dict[str, int] = {}
    for pair in found.ties:
        for name in pair:
            many[name] = many.get(name, 0) + 1
    told = [
        say("own.drawn", organisations=say("own.organisations", n=len(found.names)),
            ties=say("own.pairs", n=len(found.ties)))
    ]  # fmt: skip
    if many:
        best = max(many, key=lambda name: many[name])
        told.append(say("own.most_tied", name=printable(best, 80), n=many[best]))
    if alone:
        told.append(say("own.alone", n=alone))
    if len(found.ties) > MOST_TIES:
        told.append(say("own.strongest", n=MOST_TIES))
    if found.strange:
        told.append(say("own.strange", n=len(found.strange)))
    return " ".join(told)


def _fitted(spread: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return places that fill the picture, apart from its edge."""
    xs, ys = zip(*spread.values(), strict=True)
    left, wide = min(xs), max(max(xs) - min(xs), 1e-9)
    top, high = min(ys), max(max(ys) - min(ys), 1e-9)
    return {
        name: (
            _EDGE + (WIDE - 2 * _EDGE) * (x - left) / wide,
            _EDGE + (HIGH - 2 * _EDGE) * (y - top) / high,
        )
        for name, (x, y) in spread.items()
    }
