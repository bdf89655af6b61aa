"""Where everybody stands: a pure function of the world, alike for all its scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.model.state import SPONSOR_KINDS
from cisim.world.build import plan
from cisim.world.world import World

Floats = NDArray[np.float64]


class Circle(NamedTuple):
    """A round place on the plane, in units of the distance between neighbours."""

    x: float
    y: float
    radius: float


class Places(NamedTuple):
    """Where everybody stands: a pure function of the world, alike for all its scenarios.

    organisations : (N, 2) by number
    backbones     : (R+1, 2), the national one first
    sponsors      : (4R, 2) by number
    regions, communities : circles, by number
    bounds        : left, top, right, bottom
    """

    organisations: Floats
    backbones: Floats
    sponsors: Floats
    regions: tuple[Circle, ...]
    communities: tuple[Circle, ...]
    bounds: tuple[float, float, float, float]


ASPECT = 1.5
"""How much wider than high the whole is meant to be."""
_GAP = 0.45
_BODY_PITCH = 1.35
_BACKBONE = 1.75
_ROOM = 2.1
_MIDDLE = 2.2
_MOST_AROUND = 24
_TURNS = 24
_PULLS = 120


def places(world: World) -> Places:
    """Return where everybody of a world stands; worlds are frozen, so it is kept with them."""
    kept = world.__dict__.get("_places")
    if kept is None:
        kept = world.__dict__["_places"] = _places(world)
    return kept


def _places(world: World) -> Places:
    layout = plan(world).layout
    towns, desks = np.diff(layout.local_start), np.diff(layout.body_start)
    groups = {many: _group(many) for many in np.unique(towns).tolist()}
    bodies = {
        many: _group(many, _BACKBONE / _BODY_PITCH) * _BODY_PITCH
        for many in np.unique(desks).tolist()
    }
    largest = [
        int(towns[here.first : here.first + here.communities].max()) for here in world.settled
    ]
    reaches = [_reach(groups[many]) for many in largest]
    shapes = [
        _rings(here.communities, max(_BACKBONE, _reach(bodies[many])), reach)
        for here, many, reach in zip(world.settled, desks.tolist(), reaches, strict=True)
    ]
    radii = [
        float(np.hypot(*shape.T).max()) + reach
        for shape, reach in zip(shapes, reaches, strict=True)
    ]
    rooms = tuple(radius + _ROOM for radius in radii)
    spots, national = _pack(rooms)
    centres = [np.array(spot) for spot in spots]
    organisations = np.empty((world.organisation_count, 2))
    communities: list[Circle] = []
    sponsors = []
    for r, (centre, shape) in enumerate(zip(centres, shapes, strict=True)):
        for c, place in enumerate(shape, start=int(layout.community_start[r])):
            rows = slice(int(layout.local_start[c]), int(layout.local_start[c + 1]))
            # Turned towards the middle, so that a region looks the same from all sides.
            turn = math.atan2(place[1], place[0]) + math.pi / 2
            cos, sin = math.cos(turn), math.sin(turn)
            group = groups[int(towns[c])]
            turned = group @ np.array([[cos, sin], [-sin, cos]])
            organisations[layout.local_rows[rows]] = centre + place + turned
            x, y = (centre + place).tolist()
            communities.append(Circle(x, y, _reach(group)))
        rows = slice(int(layout.body_start[r]), int(layout.body_start[r + 1]))
        organisations[layout.body_rows[rows]] = centre + bodies[int(desks[r])]
        away = radii[r] + 1.25
        for k in range(len(SPONSOR_KINDS)):
            angle = -math.pi / 2 + (k - (len(SPONSOR_KINDS) - 1) / 2) * 1.7 / away
            sponsors.append(centre + away * np.array([math.cos(angle), math.sin(angle)]))
    circles = tuple(
        Circle(float(x), float(y), radius) for (x, y), radius in zip(centres, radii, strict=True)
    )
    bounds = _bounds((*rooms, _MIDDLE), (*spots, national))
    return Places(
        organisations,
        np.array([national, *centres]),
        np.array(sponsors),
        circles,
        tuple(communities),
        bounds,
    )


def _group(many: int, inside: float = 0.0) -> Floats:
    """Return (many, 2) places around (0, 0) and what is inside, neighbours a unit apart."""
    if many <= 1 and not inside:
        return np.zeros((many, 2))
    if many <= 6 or (inside and many <= 12):
        angle = 2 * np.pi * (np.arange(many) + 0.5) / max(1, many) - np.pi / 2
        ring = 0.5 / math.sin(math.pi / many) if many > 1 else 0.0
        away = np.full(many, max(ring, inside), np.float64)
    else:  # like the seeds of a sunflower
        angle = np.arange(many, dtype=np.float64) * math.pi * (3 - math.sqrt(5))
        away = np.sqrt(inside**2 + 0.62**2 * (np.arange(many, dtype=np.float64) + 0.5))
    return np.column_stack([away * np.cos(angle), away * np.sin(angle)])


def _reach(group: Floats) -> float:
    """Return the radius of what a group covers."""
    return (float(np.hypot(*group.T).max()) if len(group) else 0.0) + 0.55


def _rings(many: int, inside: float, reach: float) -> Floats:
    """Return (many, 2) places of circles of radius `reach` on rings around what is inside."""
    pitch = 2 * reach + _GAP
    least = inside + 0.75 + reach
    best: list[tuple[float, int]] | None = None
    for rings in range(1, many + 1):
        start = least
        while True:
            room = [max(1, int(2 * math.pi * (start + k * pitch) / pitch)) for k in range(rings)]
            if sum(room) >= many:
                break
            start += 0.05
        if best is None or start + (rings - 1) * pitch < best[-1][0] - 1e-9:
            share = _shares(many, room)
            best = [(start + k * pitch, share[k]) for k in range(rings)]
        if start == least:
            break
    spots = []
    for ring, (away, count) in enumerate(best or []):
        for k in range(count):
            angle = 2 * math.pi * (k + 0.5 * (ring % 2)) / count - math.pi / 2
            spots.append((away * math.cos(angle), away * math.sin(angle)))
    return np.array(spots)


def _shares(many: int, room: Sequence[int]) -> list[int]:
    """Return how many of `many` go to each place, in proportion to its room."""
    exact = [many * r / sum(room) for r in room]
    share = [int(e) for e in exact]
    rest = sorted(range(len(room)), key=lambda k: (share[k] - exact[k], k))
    for k in rest[: many - sum(share)]:
        share[k] += 1
    return share


@cache
def _pack(radii: tuple[float, ...]) -> tuple[tuple[tuple[float, float], ...], tuple[float, float]]:
    """Return the centres of circles that do not overlap, and the national backbone's place."""
    if len(radii) == 1:
        return ((0.0, 0.0),), (0.0, -radii[0] - 1.2)
    if len(radii) > _MOST_AROUND:
        return _rows(radii)
    # In their order around the national backbone, drawn together from several sides.
    found = [_drawn_together(radii, turn / _TURNS) for turn in range(_TURNS)]
    return min(found, key=lambda spots: _spread(radii, spots)), (0.0, 0.0)


def _spread(radii: Sequence[float], spots: Sequence[tuple[float, float]]) -> float:
    """Return how large a sheet with the middle at (0, 0) the circles need."""
    left, top, right, bottom = _bounds(radii, spots)
    return round(max((right - left) / ASPECT, bottom - top), 3)


def _bounds(
    radii: Sequence[float], spots: Sequence[tuple[float, float]]
) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of circles."""
    return (
        min(x - r for r, (x, _) in zip(radii, spots, strict=True)),
        min(y - r for r, (_, y) in zip(radii, spots, strict=True)),
        max(x + r for r, (x, _) in zip(radii, spots, strict=True)),
        max(y + r for r, (_, y) in zip(radii, spots, strict=True)),
    )


def _drawn_together(radii: Sequence[float], turn: float) -> tuple[tuple[float, float], ...]:
    """Return circles around a middle, pulled towards it and pushed apart until they fit."""
    around = sum(radii)
    far = around / math.pi + max(radii)
    xs, ys, angle = [0.0], [0.0], 2 * math.pi * turn
    for r, radius in enumerate(radii):
        angle += math.pi * (radius + radii[r - 1]) / around
        xs.append(far * ASPECT * math.cos(angle))
        ys.append(far * math.sin(angle))
    sizes = [_MIDDLE, *radii]
    for step in range(_PULLS):
        pull = 0.04 * (1 - step / _PULLS)
        for k in range(1, len(sizes)):
            xs[k] *= 1 - pull / ASPECT
            ys[k] *= 1 - pull * ASPECT
        for _ in range(3 if step < _PULLS - 1 else 200):
            for k in range(1, len(sizes)):
                for other in range(k):
                    dx, dy = xs[k] - xs[other], ys[k] - ys[other]
                    between = math.hypot(dx, dy)
                    lacking = sizes[k] + sizes[other] - between
                    if lacking > 1e-9:
                        share = lacking / between / (2 if other else 1)
                        xs[k] += share * dx
                        ys[k] += share * dy
                        if other:
                            xs[other] -= share * dx
                            ys[other] -= share * dy
    return tuple(zip(xs[1:], ys[1:], strict=True))


def _rows(
    radii: Sequence[float],
) -> tuple[tuple[tuple[float, float], ...], tuple[float, float]]:
    """Return the centres of many circles in rows, the national backbone's place above them."""
    step = 2 * max(radii)
    columns = max(1, math.ceil(math.sqrt(len(radii) * ASPECT)))
    centres = tuple(
        ((k % columns - (columns - 1) / 2) * step, (k // columns) * step) for k in range(len(radii))
    )
    return centres, (0.0, -step / 2 - _MIDDLE)
