"""The network over time: a run as a film, and the player that shows one or several side by side.

A film is computed once and sent once; the browser plays it without a word to the server. Several
films are drawn by one component, so that one clock, one legend and one set of buttons hold for
all of them, and the organisation one points at is named in each (if they are of one world). Every
month the player also tells the window (event "cisim-month", detail {month, playing}), for whatever
else follows the month, and goes where it is told to (event "cisim-seek", detail {month}).

The browser and the server speak about the month only when somebody pauses or seeks.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeVar

import ipyvue
import numpy as np
import pandas as pd
import solara
import traitlets
from numpy.typing import NDArray

from cisim.model.input_error import InputError, nearest, shown
from cisim.model.model import CollectiveImpactModel, Policy
from cisim.model.state import SECTORS, SPONSOR_KINDS
from cisim.show.charts.ink import DARK, LIGHT, Theme, check_theme
from cisim.world.build import plan
from cisim.world.scenario import Scenario
from cisim.world.world import World

Level = Literal["trust", "mandate", "commitment"]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS: tuple[Level, ...] = ("trust", "mandate", "commitment")
SCALES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "trust": (0.4, 0.6),
        "mandate": (0.15, 0.7),
        "commitment": (0.0, 1.0),
        "engagement": (0.0, 0.6),
    }
)
"""What the two ends of the colours mean: fixed, so that films can be compared."""

LINES = ("own", "brokered", "everyday")
"""Kinds of lines: the meetings organisations start, those arranged for them, all others."""
LINE_OF_KIND = (0, 1, 1, 2)
"""The line of each of cisim.model.state.MEETING_KINDS: a meeting across regions is arranged too."""

NONE = 255
"""The byte of a level that there is not: trust of somebody who knows nobody."""
STEPS = 254
"""Levels are kept in so many steps."""

COLOURS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "light": {**LIGHT, "own": "#08756f", "brokered": "#c2257f", "everyday": "#7d8792"},
        "dark": {**DARK, "own": "#41cbbb", "brokered": "#ff70b6", "everyday": "#7a8590"},
    }
)

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "player": "Network over time",
        "play": "Play",
        "pause": "Pause",
        "back": "One month back",
        "forward": "One month on",
        "first": "To the start",
        "month": "Month",
        "when": "Month {month} · {years} years",
        "speed": "Speed",
        "slow": "slow",
        "normal": "normal",
        "fast": "fast",
        "view": "Show",
        "whole": "all regions",
        "colour": "Colour",
        "trust": "trust",
        "mandate": "mandate",
        "commitment": "commitment",
        "engagement": "engagement",
        "resources": "resources",
        "trust_means": "how far it trusts those it knows, on average",
        "mandate_means": "what its representative may promise",
        "commitment_means": "its will to take part",
        "takes_part": "takes part",
        "outside": "does not take part",
        "left": "no longer takes part",
        "not_eligible": "its municipality does not take part",
        "works": "at work",
        "absent": "not there",
        "absent_sponsor": "stands aside",
        "backbone": "backbone",
        "sponsor": "sponsor",
        "own": "meetings they start",
        "brokered": "meetings arranged for them",
        "everyday": "everyday meetings",
        "size": "size: working time",
        "fte": "{fte} FTE",
        "national": "national backbone",
        "regional": "{region} backbone",
        "sponsor_of": "{region}, {kind} sponsor",
        "keys": (
            "Arrow keys move between organisations, Enter selects, Space plays and pauses, "
            "Page Up and Page Down move by a month, Escape leaves."
        ),
        "summary_month": "Month {month}.",
        "summary_members": "{members} of {eligible} eligible organisations take part{change}.",
        "summary_change": " ({change:+d} since the start)",
        "summary_left": "{left} have left.",
        "summary_levels": (
            "Among them, mean trust is {trust:.2f}, mandate {mandate:.2f} and commitment "
            "{commitment:.2f}."
        ),
        "summary_meetings": (
            "Who met: {own} pairs by themselves, {brokered} brought together by a backbone or a "
            "lead organisation, {everyday} in everyday work."
        ),
        "summary_backbones": (
            "Backbones: {national:.1f} FTE national, {regional:.1f} FTE in {working} of {regions} "
            "regions."
        ),
        "summary_none": "There is no backbone.",
        "summary_sponsors": "Sponsors' engagement is {engagement:.2f}.",
        "summary_no_sponsors": "No sponsor stands behind it.",
        "caption_members": "{members} of {eligible} take part{more}",
        "caption_change": "{change} since the start",
        "caption_left": "{left} left",
        "caption_backbones": "backbones {national}\u00a0FTE national, {regional}\u00a0regional",
        "caption_none": "no\u00a0backbone",
        "caption_sponsors": "sponsors' engagement {engagement:.2f}",
        "caption_no_sponsors": "no\u00a0sponsor",
        "no_staff": "backbone without staff",
        "no_sponsor": "sponsor not there, or standing aside",
    }
)
"""Every word of the player; another language gives the same keys."""


# places ----------------------------------------------------------------------------------------


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
    group = _group(len(world.locals))
    reach = _reach(group)
    bodies = _group(len(world.bodies), _BACKBONE / _BODY_PITCH) * _BODY_PITCH
    first = max(_BACKBONE, _reach(bodies))
    shapes = [_rings(region.communities, first, reach) for region in world.regions]
    radii = [float(np.hypot(*shape.T).max()) + reach for shape in shapes]
    rooms = tuple(radius + _ROOM for radius in radii)
    spots, national = _pack(rooms)
    centres = [np.array(spot) for spot in spots]
    organisations = np.empty((world.organisations, 2))
    communities: list[Circle] = []
    sponsors = []
    for r, (centre, shape) in enumerate(zip(centres, shapes, strict=True)):
        for c, place in enumerate(shape, start=int(layout.community_start[r])):
            rows = slice(int(layout.local_start[c]), int(layout.local_start[c + 1]))
            # Turned towards the middle, so that a region looks the same from all sides.
            turn = math.atan2(place[1], place[0]) + math.pi / 2
            cos, sin = math.cos(turn), math.sin(turn)
            turned = group @ np.array([[cos, sin], [-sin, cos]])
            organisations[layout.local_rows[rows]] = centre + place + turned
            x, y = (centre + place).tolist()
            communities.append(Circle(x, y, reach))
        rows = slice(int(layout.body_start[r]), int(layout.body_start[r + 1]))
        organisations[layout.body_rows[rows]] = centre + bodies
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


# films -----------------------------------------------------------------------------------------


class Packed(NamedTuple):
    """Levels as bytes: (K, M) uint8, 0 is `low`, 254 is `high`, 255 says there is none."""

    bytes: Bytes
    low: float
    high: float

    @classmethod
    def of(cls, values: Floats, low: float | None = None, high: float | None = None) -> Packed:
        """Return values of any shape as bytes; by default 0 to the largest."""
        floor = 0.0 if low is None else low
        ceiling = high if high is not None else max(float(np.nanmax(values, initial=0.0)), 1e-9)
        share = np.clip((values - floor) / (ceiling - floor), 0.0, 1.0)
        steps = np.where(np.isnan(share), NONE, np.rint(np.nan_to_num(share) * STEPS))
        return cls(steps.astype(np.uint8), floor, ceiling)

    @property
    def values(self) -> Floats:
        """Return the values, within half a step; nan where there is none."""
        value = self.low + self.bytes.astype(float) / STEPS * (self.high - self.low)
        return np.where(self.bytes == NONE, np.nan, value)


@dataclass(frozen=True, eq=False)
class Film:
    """What the player shows of one run; K records, N organisations by number.

    months   : (K,) month of each record
    eligible : (N,) bool
    member   : (K, N) bool
    trust, mandate, commitment : (K, N) 0..1; trust is the mean of its outgoing ties
    time     : (K, N) FTE of the month, with grants
    staff    : (K, R+1) FTE, the national backbone first
    engagement : (K, 4R) -1..1, 0 where a sponsor is not there
    money    : (K, 4R) FTE a sponsor pays
    pairs    : (M, 2) organisations by number that ever met, the lower one first
    met      : for each record and each of LINES the rows of `pairs` that met since the last one
    """

    title: str
    scenario: str
    seed: int
    every: int
    world: World
    months: Ints
    eligible: NDArray[np.bool_]
    member: NDArray[np.bool_]
    trust: Packed
    mandate: Packed
    commitment: Packed
    time: Packed
    staff: Packed
    engagement: Packed
    money: Packed
    pairs: Ints
    met: tuple[tuple[Ints, ...], ...]

    @property
    def places(self) -> Places:
        """Return where everybody stands."""
        return places(self.world)

    def record(self, month: int) -> int:
        """Return the record that shows a month: the last one up to it.

        Raises InputError if the film does not reach it.
        """
        if not 0 <= month <= int(self.months[-1]):
            raise InputError(
                f"{self.scenario}: month is {shown(month)}; allowed is 0 to {self.months[-1]}."
            )
        return int(np.searchsorted(self.months, month, side="right")) - 1

    def summary(self, month: int, words: Mapping[str, str] = WORDS) -> str:
        """Return what there is to see at a month, in sentences."""
        return self._said(self.record(month), words)

    def _said(self, k: int, words: Mapping[str, str]) -> str:
        member = self.member[k]
        members, at_start = int(member.sum()), int(self.member[0].sum())
        change = words["summary_change"].format(change=members - at_start) if k else ""
        said = [
            words["summary_month"].format(month=int(self.months[k])),
            words["summary_members"].format(
                members=members, eligible=int(self.eligible.sum()), change=change
            ),
        ]
        left = int((self.member[: k + 1].any(axis=0) & ~member).sum())
        if left:
            said.append(words["summary_left"].format(left=left))
        if members:
            levels = {name: _mean(getattr(self, name).values[k, member]) for name in LEVELS}
            said.append(words["summary_levels"].format(**levels))
        many = {kind: self.met[k][line].size for line, kind in enumerate(LINES)}
        said.append(words["summary_meetings"].format(**many))
        staff = self.staff.values[k]
        if staff.any():
            said.append(
                words["summary_backbones"].format(
                    national=staff[0],
                    regional=staff[1:].sum(),
                    working=int((staff[1:] > 0).sum()),
                    regions=staff.size - 1,
                )
            )
        else:
            said.append(words["summary_none"])
        engagement = self.engagement.values[k]
        if (engagement > 0).any():
            said.append(words["summary_sponsors"].format(engagement=engagement.mean()))
        else:
            said.append(words["summary_no_sponsors"])
        return " ".join(said)

    def captions(self, words: Mapping[str, str] = WORDS) -> list[str]:
        """Return for each record in short who takes part, what backbones have, how sponsors are."""
        return [self._captioned(k, words) for k in range(self.months.size)]

    def _captioned(self, k: int, words: Mapping[str, str]) -> str:
        member = self.member[k]
        members, change = int(member.sum()), int(member.sum()) - int(self.member[0].sum())
        left = int((self.member[: k + 1].any(axis=0) & ~member).sum())
        more = []
        if change:
            signed = f"{change:+d}".replace("-", "−")
            more.append(words["caption_change"].format(change=signed))
        if left:
            more.append(words["caption_left"].format(left=left))
        staff = self.staff.values[k]
        national, regional = (
            f"{fte:.1f}".removesuffix(".0") for fte in (staff[0], staff[1:].sum())
        )
        engagement = self.engagement.values[k]
        backbones = "caption_backbones" if staff.any() else "caption_none"
        sponsors = "caption_sponsors" if (engagement > 0).any() else "caption_no_sponsors"
        parts = [
            words["caption_members"].format(
                members=members,
                eligible=int(self.eligible.sum()),
                more=f" ({', '.join(more)})" if more else "",
            ),
            words[backbones].format(national=national, regional=regional),
            words[sponsors].format(engagement=engagement.mean()),
        ]
        return " · ".join(parts)

    def summaries(self, words: Mapping[str, str] = WORDS) -> list[str]:
        """Return the summary of each record."""
        return [self._said(k, words) for k in range(self.months.size)]

    def names(self, words: Mapping[str, str] = WORDS) -> list[str]:
        """Return the names of organisations, backbones and sponsors, in this order."""
        regions = [region.name for region in self.world.regions]
        return [
            *self.world.organisation_names,
            words["national"],
            *(words["regional"].format(region=region) for region in regions),
            *(
                words["sponsor_of"].format(region=region, kind=words.get(kind, kind))
                for region in regions
                for kind in SPONSOR_KINDS
            ),
        ]

    def table(self, month: int) -> pd.DataFrame:
        """Return a row for each organisation, backbone and sponsor at a month.

        name, role, region, sector, takes_part, trust, mandate, commitment (0..1; of a sponsor its
        engagement is the mandate it gives; a backbone has none), resources (FTE), meetings (pairs)
        """
        k = self.record(month)
        layout = plan(self.world)
        regions = np.array([region.name for region in self.world.regions])
        organisations, backbones = self.eligible.size, self.staff.bytes.shape[1]
        sponsors = self.engagement.bytes.shape[1]
        pairs = self.pairs[np.unique(np.concatenate(self.met[k]))]
        met = np.bincount(pairs.ravel(), minlength=organisations)
        staff, engagement = self.staff.values[k], self.engagement.values[k]
        missing = np.full(backbones, np.nan)
        none = np.full(sponsors, np.nan)
        return pd.DataFrame(
            {
                "month": int(self.months[k]),
                "name": self.names(),
                "role": ["organisation"] * organisations
                + ["backbone"] * backbones
                + ["sponsor"] * sponsors,
                "region": [
                    *regions[layout.region],
                    "overall",
                    *regions,
                    *np.repeat(regions, len(SPONSOR_KINDS)),
                ],
                "sector": [self._sector(number) for number in range(organisations)]
                + [""] * (backbones + sponsors),
                "takes_part": np.concatenate([self.member[k], staff > 0, engagement > 0]),
                "trust": np.concatenate([self.trust.values[k], missing, none]),
                "mandate": np.concatenate([self.mandate.values[k], missing, engagement]),
                "commitment": np.concatenate([self.commitment.values[k], missing, none]),
                "resources": np.concatenate([self.time.values[k], staff, self.money.values[k]]),
                "meetings": [*met, *([0] * (backbones + sponsors))],
            }
        )

    def _sector(self, number: int) -> str:
        """Return an organisation's sector, as far as its world says it without luck."""
        code = int(plan(self.world).sector[number])
        return SECTORS[code] if code >= 0 else "private or education"

    @cached_property
    def packed(self) -> dict[str, Any]:
        """Return all that the browser needs but words: plain values, arrays as base64."""
        spots = self.places
        layout = plan(self.world)
        ends = np.cumsum([0] + [rows.size for record in self.met for rows in record])
        everybody = np.concatenate([spots.organisations, spots.backbones, spots.sponsors])
        regions = len(self.world.regions)
        region = np.concatenate(
            [layout.region, [regions], np.arange(regions), np.repeat(np.arange(regions), 4)]
        )
        wide = np.uint16 if max(self.pairs.shape[0], self.eligible.size) < 2**16 else np.uint32
        met = [rows for record in self.met for rows in record]
        return {
            "title": self.title,
            "scenario": self.scenario,
            "seed": self.seed,
            "every": self.every,
            "last": int(self.months[-1]),
            "records": int(self.months.size),
            "organisations": int(self.eligible.size),
            "backbones": int(self.staff.bytes.shape[1]),
            "sponsors": int(self.engagement.bytes.shape[1]),
            "places": packed(everybody.astype("<f4")),
            "region": packed(region.astype("<u2")),
            "regions": [
                {"name": one.name, "x": c.x, "y": c.y, "radius": c.radius}
                for one, c in zip(self.world.regions, spots.regions, strict=True)
            ],
            "communities": packed(np.array(spots.communities, "<f4").reshape(-1, 3)),
            "bounds": list(spots.bounds),
            "eligible": packed(np.packbits(self.eligible)),
            "member": packed(np.packbits(self.member)),
            **{
                name: {"low": level.low, "high": level.high, **packed(level.bytes)}
                for name in (*LEVELS, "time", "staff", "engagement", "money")
                for level in [getattr(self, name)]
            },
            "pairs": packed(self.pairs.astype(wide)),
            "met": packed(np.concatenate(met).astype(wide) if met else np.empty(0, wide)),
            "ends": packed(ends.astype("<u4")),
        }


def _mean(values: Floats) -> float:
    """Return the mean of those there are, nan if there are none."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if there.size else math.nan


def packed(values: np.ndarray) -> dict[str, Any]:
    """Return an array as {data: base64 of its little-endian bytes, type: such as "u1"}."""
    plain = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return {
        "data": base64.b64encode(plain.tobytes()).decode("ascii"),
        "type": f"{plain.dtype.kind}{plain.dtype.itemsize}",
    }


def unpacked(values: Mapping[str, Any]) -> np.ndarray:
    """Return the flat array that `packed` was given."""
    return np.frombuffer(base64.b64decode(values["data"]), f"<{values['type']}")


def film(scenario: Scenario, seed: int, every: int = 1, policies: Iterable[Policy] = ()) -> Film:
    """Run a scenario with a seed and return what the player shows, a record every so many months.

    Raises InputError if `every` is not a whole number of 1 or more.
    """
    if every != int(every) or every < 1:
        raise InputError(f"film: every is {shown(every)}; allowed is 1 or more months.")
    model = CollectiveImpactModel(scenario, seed, policies)
    camera = _Camera(model)
    camera.see()
    camera.record()
    while model.month < scenario.months:
        model.step()
        camera.see()
        if model.month % every == 0 or model.month == scenario.months:
            camera.record()
    return camera.film(scenario, seed, every)


class _Camera:
    """Keeps of a running model what a film needs."""

    def __init__(self, model: CollectiveImpactModel) -> None:
        self.model = model
        state = model.state
        self.order = state.layout.order
        self.rows = np.repeat(np.arange(state.orgs.number.size), np.diff(state.ties.start))
        self.months: list[int] = []
        self.kept: dict[str, list[np.ndarray]] = {}
        self.seen: list[list[Ints]] = [[] for _ in LINES]
        self.met: list[list[Ints]] = []

    def see(self) -> None:
        """Note who met in the month that has just passed."""
        state = self.model.state
        count = state.meetings_count
        number = state.orgs.number.astype(np.int64)
        one = number[state.meetings.party[:count]]
        other = number[state.ties.other[state.meetings.arc[:count]]]
        pair = np.minimum(one, other) * number.size + np.maximum(one, other)
        line = np.array(LINE_OF_KIND)[state.meetings.kind[:count]]
        for kind in range(len(LINES)):
            self.seen[kind].append(pair[line == kind])

    def record(self) -> None:
        """Keep how things stand, and who met since the last record."""
        model, state = self.model, self.model.state
        ties, orgs, p = state.ties, state.orgs, model.parameters
        tau = (p.prior_weight * ties.prior + ties.kept) / (p.prior_weight + ties.kept + ties.broken)
        many = np.diff(ties.start)
        total = np.bincount(self.rows, weights=tau, minlength=many.size)
        trust = np.divide(total, many, out=np.full(many.size, np.nan), where=many > 0)
        sponsors = state.sponsors
        order = np.argsort(sponsors.number, kind="stable")
        engagement = np.where(sponsors.present, sponsors.engagement, 0.0)
        above = np.maximum(0.0, engagement - p.sponsor_base) / (1.0 - p.sponsor_base)
        now = {
            "member": orgs.member[self.order],
            "trust": trust[self.order],
            "mandate": orgs.mandate[self.order],
            "commitment": orgs.commitment[self.order],
            "time": orgs.time[self.order],
            "staff": np.where(state.backbones.exists, state.backbones.staff, 0.0),
            "engagement": engagement[order],
            "money": (p.sponsor_budget * sponsors.budget * above)[order],
        }
        for name, values in now.items():
            self.kept.setdefault(name, []).append(values.copy())
        self.months.append(model.month)
        self.met.append([np.unique(np.concatenate(kind)) for kind in self.seen])
        self.seen = [[] for _ in LINES]

    def film(self, scenario: Scenario, seed: int, every: int) -> Film:
        """Return the film of what was recorded."""
        kept = {name: np.array(values) for name, values in self.kept.items()}
        keys = np.unique(np.concatenate([rows for record in self.met for rows in record]))
        size = self.order.size
        return Film(
            title=scenario.title,
            scenario=scenario.name,
            seed=seed,
            every=every,
            world=scenario.world,
            months=np.array(self.months, np.int64),
            eligible=self.model.state.orgs.eligible[self.order].copy(),
            member=kept["member"],
            trust=Packed.of(kept["trust"], 0.0, 1.0),
            mandate=Packed.of(kept["mandate"], 0.0, 1.0),
            commitment=Packed.of(kept["commitment"], 0.0, 1.0),
            time=Packed.of(kept["time"]),
            staff=Packed.of(kept["staff"]),
            engagement=Packed.of(kept["engagement"], -1.0, 1.0),
            money=Packed.of(kept["money"]),
            pairs=np.column_stack([keys // size, keys % size]),
            met=tuple(tuple(np.searchsorted(keys, rows) for rows in record) for record in self.met),
        )


# player ----------------------------------------------------------------------------------------


class NetworkWidget(ipyvue.VueTemplate):
    """The player in the browser; see player.vue.

    month is written by the browser on pause and seek only; playing when a button is pressed;
    selected, the number of what was chosen (-1 nothing), on click or Enter.
    """

    template_file = (__file__, "player.vue")

    films = traitlets.List(traitlets.Dict()).tag(sync=True)
    month = traitlets.Int(0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    colour_by = traitlets.Unicode("mandate").tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    reduced_motion = traitlets.Bool(None, allow_none=True).tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    height = traitlets.Int(560).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    colours = traitlets.Dict().tag(sync=True)
    scales = traitlets.Dict().tag(sync=True)


Value = TypeVar("Value")


def _kept(
    given: Value, on_value: Callable[[Value], None] | None
) -> tuple[Value, Callable[[Value], None]]:
    """Return what is given, or what the browser has said since, and who hears of the latter.

    Otherwise any other change of the page would set the player back to what it was given.
    """
    now, set_now = solara.use_state(given)
    solara.use_effect(lambda: set_now(given), [given])

    def hear(value: Value) -> None:
        set_now(value)
        if on_value is not None:
            on_value(value)

    return now, hear


@solara.component
def NetworkPlayer(
    films: Sequence[Film],
    month: int = 0,
    on_month: Callable[[int], None] | None = None,
    colour_by: Level = "mandate",
    on_colour_by: Callable[[Level], None] | None = None,
    height: int = 560,
    theme: Theme = "auto",
    playing: bool = False,
    on_playing: Callable[[bool], None] | None = None,
    selected: int = -1,
    on_selected: Callable[[int], None] | None = None,
    reduced_motion: bool | None = None,
    words: Mapping[str, str] = WORDS,
) -> None:
    """Show one film, or several side by side with one clock.

    month          : where it stands; on_month hears of pauses and seeks, never of playing
    height         : px, at most; narrower is lower
    reduced_motion : None asks the browser
    theme          : "auto" follows the page's own (Vuetify's)
    selected       : number of a node: organisations, then backbones, then sponsors; -1 nothing
    words          : those of another language; what is left out stays English

    What no on_... is given for, the player keeps for itself.

    Raises InputError if there is no such level to colour by, or no such theme.
    """
    check_theme(theme)
    if colour_by not in LEVELS:
        raise InputError(
            f"network: colour_by is {shown(colour_by)}; allowed is one of {', '.join(LEVELS)}."
            f"{nearest(colour_by, LEVELS)}"
        )
    month, hear_month = _kept(month, on_month)
    colour_by, hear_colour_by = _kept(colour_by, on_colour_by)
    playing, hear_playing = _kept(playing, on_playing)
    selected, hear_selected = _kept(selected, on_selected)
    said = solara.use_memo(lambda: {**WORDS, **words}, [dict(words)])
    sent = solara.use_memo(
        lambda: [
            {
                **one.packed,
                "names": one.names(said),
                "summaries": one.summaries(said),
                "captions": one.captions(said),
            }
            for one in films
        ],
        [*films, dict(words)],
    )
    NetworkWidget.element(
        films=sent,
        month=month,
        on_month=hear_month,
        colour_by=colour_by,
        on_colour_by=hear_colour_by,
        height=height,
        theme=theme,
        playing=playing,
        on_playing=hear_playing,
        selected=selected,
        on_selected=hear_selected,
        reduced_motion=reduced_motion,
        words=said,
        colours={name: dict(colours) for name, colours in COLOURS.items()},
        scales={name: list(ends) for name, ends in SCALES.items()},
    )
