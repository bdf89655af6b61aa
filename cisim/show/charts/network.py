"""Who works with whom in a region, at chosen months.

Municipalities stand around a ring, each with its own organisations side by side; what belongs to
the region stands in the middle. Places never move, so that months can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import WINDOW
from cisim.model.state import SECTORS
from cisim.show.charts.chart import Chart, Numbers
from cisim.show.charts.frame import MARGIN, NAME, NOTE, Sheet, px
from cisim.show.charts.ink import MARKERS, Theme, marker
from cisim.show.charts.words import listed, measure, wrap
from cisim.show.counted import after
from cisim.show.language.texts import say
from cisim.world.calendar import UNDATED, Calendar

if TYPE_CHECKING:
    from cisim.model.model import CollectiveImpactModel

SHAPES = {
    **dict.fromkeys(("education", "social", "health", "youth"), "circle"),
    "third": "square",
    "private": "up",
}
"""The marker of an organisation of a sector."""
KINDS = (("circle", "public"), ("square", "third"), ("up", "private"))
MOST_PANELS = 6


def network_tables(
    model: CollectiveImpactModel, region: int | str, months: Iterable[int] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a region's organisations and its active ties at some months, for `network`.

    The model is run on to each month in turn; None is the month it stands at.

    organisations : month, organisation, sector, community (-1 for a body), eligible, member
    ties          : month, one, other, trust, strength; pairs that met within twelve months, trust
                    is the mean of both sides, strength that of trust times familiarity

    Raises InputError if there is no such region or a month has passed.
    """
    regions = [model.scenario.region_name(r) for r in range(model.state.regions.visible.size)]
    if isinstance(region, str) and region not in regions:
        raise InputError(f"charts: there is no region {shown(region)}.{nearest(region, regions)}")
    row = regions.index(region) if isinstance(region, str) else region
    if not 0 <= row < len(regions):
        raise InputError(
            f"charts: region is {shown(region)}; allowed is 0 to {len(regions) - 1}, or a name."
        )
    wanted = [model.month] if months is None else sorted(set(months))
    organisations, ties = [], []
    for month in wanted:
        if month < model.month:
            raise InputError(
                f"charts: months has {shown(month)}; allowed is {model.month}, where the model "
                f"stands, or later."
            )
        model.run(month - model.month)
        organisations.append(_organisations(model, row))
        ties.append(_ties(model, row))
    return pd.concat(organisations, ignore_index=True), pd.concat(ties, ignore_index=True)


def _organisations(model: CollectiveImpactModel, region: int) -> pd.DataFrame:
    orgs = model.state.orgs
    here = np.flatnonzero(orgs.region == region)
    here = here[np.argsort(orgs.number[here], kind="stable")]
    return pd.DataFrame(
        {
            "month": model.month,
            "organisation": orgs.number[here].astype(int),
            "sector": [SECTORS[k] for k in orgs.sector[here]],
            "community": orgs.community[here].astype(int),
            "eligible": orgs.eligible[here].copy(),
            "member": orgs.member[here].copy(),
        }
    )


def _ties(model: CollectiveImpactModel, region: int) -> pd.DataFrame:
    orgs, ties, n0 = model.state.orgs, model.state.ties, model.parameters.prior_weight
    one = np.repeat(np.arange(orgs.number.size), np.diff(ties.start))
    other = ties.other[: one.size]
    kept = (orgs.region[one] == region) & (orgs.region[other] == region)
    kept &= (orgs.number[one] < orgs.number[other]) & (
        ties.last_met[: one.size] >= model.month - WINDOW
    )
    there = np.flatnonzero(kept)
    trust, strength = np.zeros(there.size), np.zeros(there.size)
    for arcs in (there, ties.reverse[there]):
        seen = ties.kept[arcs] + ties.broken[arcs]
        tau = (n0 * ties.prior[arcs] + ties.kept[arcs]) / (n0 + seen)
        trust += tau / 2
        strength += tau * seen / (n0 + seen) / 2
    return pd.DataFrame(
        {
            "month": model.month,
            "one": orgs.number[one[there]].astype(int),
            "other": orgs.number[other[there]].astype(int),
            "trust": trust,
            "strength": strength,
        }
    )


def network(
    organisations: pd.DataFrame,
    ties: pd.DataFrame,
    *,
    months: Iterable[int] | None = None,
    title: str = "",
    theme: Theme = "auto",
    width: int = 640,
    footer: str = "",
    calendar: Calendar = UNDATED,
) -> Chart:
    """Return the network of a region, one picture a month.

    organisations : month, organisation, sector, community (-1 for a body), member, and eligible
                    where not all are
    ties          : month, one, other, and trust and strength (0..1) where they are known
    months        : which of them to show, up to six; all if None
    calendar      : how months are called

    Raises InputError if a column or a month is missing.
    """
    _check(organisations, ("month", "organisation", "sector", "community", "member"), "nodes")
    _check(ties, ("month", "one", "other"), "ties")
    known = sorted({int(m) for m in organisations["month"]})
    chosen = known if months is None else sorted({int(m) for m in months})
    for month in chosen:
        if month not in known:
            raise InputError(
                f"charts: months has {shown(month)}; allowed are {listed([str(m) for m in known])}."
            )
    if not 1 <= len(chosen) <= MOST_PANELS:
        raise InputError(
            f"charts: months has {len(chosen)}; allowed are 1 to {MOST_PANELS} of them."
        )
    title = title or say("explore.network")
    sheet = Sheet(title, "", theme, width)
    pictures = [_Picture.of(organisations, ties, month, calendar) for month in chosen]
    outside = any(not may for picture in pictures for _, _, may, _ in picture.nodes)
    _key(sheet, outside)
    columns = 1 if len(chosen) == 1 else 3 if len(chosen) in (3, 5, 6) and width >= 520 else 2
    step = (sheet.inner + 18.0) / columns
    size = min(step - 18.0, 440.0)
    places = _places(organisations[organisations["month"].isin(chosen)], size / 2)
    top = sheet.y
    lines = max(len(wrap(picture.said, size, NOTE, 2)) for picture in pictures)
    for at, picture in enumerate(pictures):
        column, row = at % columns, at // columns
        left = MARGIN + column * step
        sheet.y = top + row * (size + NAME * 1.3 + NOTE * 1.3 * lines + 24)
        picture.draw(sheet, places, left, size, lines)
    sheet.y += 2
    table = pd.DataFrame([picture.numbers for picture in pictures])
    note = say("charts.network_note", months=WINDOW)
    summary = _summary(title, pictures)
    return sheet.finish(
        "network", Numbers(table), notes=[note], footer=footer, summary=summary, series=1
    )


def _check(table: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    for column in columns:
        if column not in table.columns:
            raise InputError(
                f"charts: the table of {what} has no column {column}."
                f"{nearest(column, [str(c) for c in table.columns])}"
            )


class _Places(NamedTuple):
    """Where organisations stand around (0, 0), and how large they are drawn (px)."""

    at: dict[Any, tuple[float, float]]
    radius: float


def _places(organisations: pd.DataFrame, half: float) -> _Places:
    """Return a place for each organisation: a ring of communities, the region's in the middle."""
    once = organisations.drop_duplicates("organisation").sort_values("organisation")
    groups: dict[int, list[Any]] = {}
    for number, community in zip(once["organisation"], once["community"], strict=True):
        local = community == community and community >= 0
        groups.setdefault(int(community) if local else -1, []).append(number)
    bodies = groups.pop(-1, [])
    local = [groups[community] for community in sorted(groups)]
    largest = max((len(group) for group in local), default=1)
    deep = max(1, round(math.sqrt(largest)))  # rows of a group, outwards
    across = math.ceil(largest / deep)
    # As large as the ring allows: a group has room for `across` and a gap beside it.
    ring = half - 4
    pitch = 2 * math.pi * ring / max(1, len(local) * (across + 0.9) + 0.6 * deep * 2)
    pitch = max(1.5, min(pitch, ring / (deep + 3.2), 16.0))
    radius = pitch * 0.38
    # The corners of a group stand farthest out.
    outer = math.sqrt(max(0.0, (ring - radius) ** 2 - ((across - 1) / 2 * pitch) ** 2))
    at: dict[Any, tuple[float, float]] = {}
    for k, group in enumerate(local):
        angle = 2 * math.pi * (k / len(local)) - math.pi / 2
        for n, number in enumerate(group):
            row, column = n // across, n % across
            in_row = min(across, len(group) - row * across)
            away = outer - row * pitch
            side = (column - (in_row - 1) / 2) * pitch
            at[number] = (
                away * math.cos(angle) - side * math.sin(angle),
                away * math.sin(angle) + side * math.cos(angle),
            )
    inner = min(outer * 0.42, max(outer * 0.26, len(bodies) * pitch / 5))
    inner = 0.0 if len(bodies) == 1 else inner
    for n, number in enumerate(bodies):
        angle = 2 * math.pi * n / len(bodies) - math.pi / 2
        at[number] = (inner * math.cos(angle), inner * math.sin(angle))
    return _Places(at, radius)


class _Picture(NamedTuple):
    """One month."""

    month: int
    nodes: list[tuple[Any, str, bool, bool]]  # organisation, sector, eligible, member
    edges: list[tuple[Any, Any, float, bool]]  # one, other, strength, between members
    numbers: dict[str, Any]
    calendar: Calendar

    @classmethod
    def of(
        cls, organisations: pd.DataFrame, ties: pd.DataFrame, month: int, calendar: Calendar
    ) -> _Picture:
        now = organisations[organisations["month"] == month].sort_values("organisation")
        eligible = now["eligible"] if "eligible" in now.columns else pd.Series(True, now.index)
        nodes = [
            (number, str(sector), bool(may), bool(member))
            for number, sector, may, member in zip(
                now["organisation"], now["sector"], eligible, now["member"], strict=True
            )
        ]
        members = {number for number, _, _, member in nodes if member}
        there = {number for number, *_ in nodes}
        pairs = ties[ties["month"] == month]
        strengths = pairs["strength"] if "strength" in pairs.columns else [0.5] * len(pairs)
        edges = [
            (one, other, float(strength), one in members and other in members)
            for one, other, strength in zip(pairs["one"], pairs["other"], strengths, strict=True)
            if one in there and other in there
        ]
        between = sum(both for *_, both in edges)
        numbers: dict[str, Any] = {
            "month": month,
            **({"date": calendar.written(month)} if calendar.dated else {"year": month / 12.0}),
            "organisations": len(nodes),
            "eligible": sum(may for _, _, may, _ in nodes),
            "members": len(members),
            "active_ties": len(edges),
            "between_members": between,
        }
        if "trust" in pairs.columns:
            numbers["trust"] = float(pairs["trust"].mean()) if len(pairs) else math.nan
        return cls(month, nodes, edges, numbers, calendar)

    @property
    def when(self) -> str:
        """Return "After 10 years", or "In January 2036"."""
        then = after(self.month, self.calendar) if self.month else say("charts.at_start")
        return then[:1].upper() + then[1:]

    @property
    def said(self) -> str:
        """Return the members, and the ties between them."""
        members, eligible = int(self.numbers["members"]), int(self.numbers["eligible"])
        ties = int(self.numbers["between_members"])
        return say("charts.take_part", members=members, eligible=eligible, n=ties)

    def draw(self, sheet: Sheet, places: _Places, left: float, size: float, lines: int) -> None:
        """Draw it below the sheet's y, its words over so many lines."""
        sheet.text(left, sheet.y + NAME * 1.3, self.when, NAME, "label ink", bold=True)
        top = sheet.y + NAME * 1.3
        for at, line in enumerate(wrap(self.said, size, NOTE, 2)):
            sheet.text(left, top + NOTE * 1.3 * (at + 1), line, NOTE, "label quiet")
        top += NOTE * 1.3 * lines
        x0, y0 = left + size / 2, top + 8 + size / 2
        self._draw_edges(sheet, places, x0, y0)
        self._draw_nodes(sheet, places, x0, y0)
        sheet.y = top + 8 + size + 4

    def _draw_edges(self, sheet: Sheet, places: _Places, x0: float, y0: float) -> None:
        # The more lines, the fainter each.
        faint = min(0.7, max(0.28, 0.7 - 0.0012 * len(self.edges)))
        for both, use, wide in ((False, "plain-line", 0.7), (True, "l0", 1.0)):
            for low, high, more in ((0.0, 0.15, 0.5), (0.15, 0.35, 1.0), (0.35, math.inf, 1.8)):
                drawn = []
                for one, other, strength, between in self.edges:
                    if between == both and (low <= strength < high or (low == 0 > strength)):
                        (x1, y1), (x2, y2) = places.at[one], places.at[other]
                        drawn.append(f"M{px(x0 + x1)} {px(y0 + y1)}L{px(x0 + x2)} {px(y0 + y2)}")
                if drawn:
                    sheet.draw(
                        f'<path d="{"".join(drawn)}" class="{use}" fill="none" '
                        f'stroke-width="{wide * more:g}" stroke-opacity="{faint:g}"/>'
                    )

    def _draw_nodes(self, sheet: Sheet, places: _Places, x0: float, y0: float) -> None:
        drawn: dict[str, list[str]] = {"out": [], "may": [], "in": []}
        for number, sector, may, member in self.nodes:
            x, y = places.at[number]
            kind = MARKERS.index(SHAPES.get(sector, "diamond"))
            use = "in" if member else "may" if may else "out"
            drawn[use].append(marker(kind, x0 + x, y0 + y, places.radius))
        for use, look in _LOOKS.items():
            if drawn[use]:
                sheet.draw(f'<path d="{"".join(drawn[use])}" {look}/>')


_LOOKS = {
    "out": 'class="paper plain-line" stroke-width="1"',
    "may": 'class="paper axis-line" stroke-width="1.3"',
    "in": 'class="s0 paper-line" stroke-width=".7"',
}
"""How an organisation is drawn that cannot take part, could, or does."""


def _key(sheet: Sheet, outside: bool) -> None:
    """Draw what the markers mean, in as many lines as it takes."""
    entries = [(MARKERS.index(kind), "axis", say(f"charts.kind_{one}")) for kind, one in KINDS]
    entries += [(0, "in", say("network.takes_part")), (0, "may", say("charts.could"))]
    entries += [(0, "out", say("charts.could_not"))] if outside else []
    sheet.y += 8 + NOTE * 1.2
    x = MARGIN
    for number, look, words in entries:
        wide = 18 + measure(words, NOTE) + 10
        if x > MARGIN and x + wide > sheet.width - MARGIN:
            x, sheet.y = MARGIN, sheet.y + NOTE * 1.5
        shape = marker(number, x + 6, sheet.y - NOTE * 0.34, 5.0)
        drawn = 'class="quiet"' if look == "axis" else _LOOKS[look]
        sheet.draw(f'<path d="{shape}" {drawn}/>')
        sheet.text(x + 16, sheet.y, words, NOTE)
        x += wide
    sheet.y += 10


def _summary(title: str, pictures: list[_Picture]) -> str:
    said = [f"{title}."]
    for picture in (pictures[0], pictures[-1])[: len(pictures)]:
        numbers = picture.numbers
        said.append(
            say(
                "charts.network_said",
                when=picture.when,
                members=int(numbers["members"]),
                eligible=int(numbers["eligible"]),
                ties=int(numbers["active_ties"]),
                between=int(numbers["between_members"]),
            )
        )
        trust = numbers.get("trust", math.nan)
        if math.isfinite(trust):
            said.append(say("charts.mean_trust", trust=trust))
    return " ".join(said)
