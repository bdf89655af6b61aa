"""What a structure's levers, posts and payers resolve to in a world: rows that the model acts on.

The short form comes first, so that an event or a policy always finds a backbone's own post at the
backbone's row: national_fte is the national post, regional and its staff a post in each region,
both paid by the foundation; academic_fte an academic partner in each region; sponsors_post the post
that sponsors pay by their rule; local_action money for members' joint work in each region. Then
come the file's posts in its order, a row for each region.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from cisim.model.input_error import InputError, Problems, nearest, shown
from cisim.model.processes.posts import pay
from cisim.model.state import (
    FOUNDATION,
    NATIONAL_ROLES,
    REGIONAL_ROLES,
    SPONSOR_KINDS,
    Floats,
    Payers,
    Posts,
)
from cisim.model.told import Sentences
from cisim.world import payers as declared
from cisim.world.posts import BACKBONES, ROLES, Post, Takeover
from cisim.world.structure import NEVER_ENDS, Structure
from cisim.world.world import World

SAYS = Sentences(
    "staffing",
    until="{field}.until is {until}, not after from ({start}); allowed is a later month.",
    region="{field}.region is {region}, which is not a region of the world.{near}",
    overlap=(
        "{field}.after.from is {start}, before until ({until}), so two payers would pay one "
        "post; allowed is {until} or later."
    ),
    after_until=(
        "{field}.after.until is {until}, not after the takeover begins; allowed is a later month."
    ),
    payer="payers[{at}].{field} is {name}, which is not of the world.{near}",
    two_rules=(
        "{one} and {other} both let sponsors pay a post in {region} by their rule at the "
        "same time; allowed is one of them."
    ),
    early_budget=(
        "budget of payer {name} names the year {year}, before the start; allowed is {first} "
        "or later."
    ),
)

_ROLES = max(len(NATIONAL_ROLES), len(REGIONAL_ROLES))


class Paying(NamedTuple):
    """One of those who pay, as the books know it.

    declared : what the file says of it, None where it says nothing
    stance   : the place of what it wants among those that are drawn, -1 for sponsors
    """

    name: str
    kind: str
    declared: declared.Payer | None
    stance: int

    @property
    def year_price(self) -> float | None:
        """Return what a full-time year costs it, None where the file does not say."""
        return None if self.declared is None else self.declared.year_price


class Row(NamedTuple):
    """A post in one place.

    where   : "national", "regional", "academic" or "local-action"
    region  : row, -1 of a national one
    end     : the month from which it is no more
    follows : the row at whose end it starts, -1 for none
    cap     : FTE that sponsors pay at most by their rule; 0 for a post of a fixed size
    said    : what in the file it comes from
    """

    where: str
    region: int
    fte: float
    start: int
    end: int
    payer: int
    said: str
    follows: int = -1
    cap: float = 0.0
    roles: tuple[float, ...] | None = None


@dataclass(frozen=True, eq=False)
class Staffing:
    """Posts and payers of a structure in a world.

    investment, early_money : how much of each post is paid, and when
    """

    payers: tuple[Paying, ...]
    rows: tuple[Row, ...]
    year_begins: int
    budget: Floats
    investment: float
    early_money: float

    def posts(self) -> Posts:
        """Return the posts as columns, (Z,)."""
        rows = self.rows
        roles = np.zeros((len(rows), _ROLES))
        for at, row in enumerate(rows):
            if row.roles is not None:
                roles[at, : len(row.roles)] = row.roles
        return Posts(
            backbone=np.array([row.region + 1 for row in rows], np.int32),
            academic=np.array([row.where == "academic" for row in rows], np.bool_),
            action=np.array([row.where == "local-action" for row in rows], np.bool_),
            fte=np.array([row.fte for row in rows], np.float64),
            start=np.array([row.start for row in rows], np.int32),
            end=np.array([row.end for row in rows], np.int32),
            follows=np.array([row.follows for row in rows], np.int32),
            payer=np.array([row.payer for row in rows], np.int32),
            cap=np.array([row.cap for row in rows], np.float64),
            own_roles=np.array([row.roles is not None for row in rows], np.bool_),
            roles=roles,
            paid=np.zeros(len(rows)),
        )

    def columns(self, regions: int) -> Payers:
        """Return the payers as columns, (Q,); where they stand is still to be drawn."""
        size = len(self.payers)
        limited = [one.declared is not None and one.declared.budget is not None for one in
                   self.payers]  # fmt: skip
        return Payers(
            position=np.zeros((size, 3)),
            limited=np.array(limited, np.bool_),
            budget=self.budget.copy(),
            spent=np.zeros(size),
            paid=np.zeros((size, regions)),
        )


def staffing(world: World, structure: Structure) -> Staffing:
    """Return what a structure resolves to in a world; both are frozen, so the last is kept.

    Raises InputError, with a sentence for each fault, if posts or payers do not fit the world.
    """
    kept = structure.__dict__.get("_staffing")
    if kept is None or kept[0] is not world or kept[1] != id(structure):  # a copy has other levers
        kept = (world, id(structure), _resolve(world, structure))
        structure.__dict__["_staffing"] = kept
    found: Staffing = kept[2]
    return found


def _resolve(world: World, structure: Structure) -> Staffing:
    wrong = Problems()
    paying = payers_of(structure)
    number = {one.name: at for at, one in enumerate(paying)}
    rows = list(_short_form(world, structure))
    regions = [region.name for region in world.regions]
    for at, post in enumerate(structure.posts):
        with wrong.gathered():
            rows += _post(world, post, f"posts[{at}]", number, regions, len(rows))
    with wrong.gathered():
        _check_payers(world, structure, regions)
    with wrong.gathered():
        _check_sponsored(rows, regions)
    with wrong.gathered():
        budget = _budget(world, paying)
    wrong.refuse()
    calendar = world.calendar
    begins = -calendar.first_month(calendar.year(0))
    return Staffing(
        tuple(paying), tuple(rows), begins, budget, structure.investment, structure.early_money
    )


def payers_of(structure: Structure) -> list[Paying]:
    """Return who pays: sponsors by kind, the foundation of the short form, then the file's others.

    The first foundation of the file is that of the short form.
    """
    sponsors = {one.sponsor: one for one in structure.payers if one.sponsor is not None}
    found = []
    for kind in SPONSOR_KINDS:
        one = sponsors.get(kind)  # type: ignore[call-overload]
        name = declared.usual_name(kind) if one is None else one.name
        found.append(Paying(name, "sponsor", one, -1))
    others = [one for one in structure.payers if one.sponsor is None]
    first = next((one for one in others if one.kind == declared.FOUNDATION), None)
    name = declared.FOUNDATION if first is None else first.name
    found.append(Paying(name, declared.FOUNDATION, first, 0))
    for place, one in enumerate((one for one in others if one is not first), start=1):
        found.append(Paying(one.name, one.kind, one, place))
    return found


def planned_staff(world: World, structure: Structure) -> Floats:
    """Return (R,) FTE planned for each region's backbone, or for grants in its place."""
    each = [
        region.seed_fte if structure.regional_fte is None else structure.regional_fte
        for region in world.regions
    ]
    return np.array(each) * structure.regional_scale


def _short_form(world: World, s: Structure) -> Iterable[Row]:
    """Yield a row for each backbone, each academic partner, and each post that sponsors pay."""
    national = s.national_fte * world.scale
    yield Row("national", -1, national, int(s.national_start), int(s.national_end), FOUNDATION,
              "national_fte")  # fmt: skip
    planned = planned_staff(world, s) if s.regional else np.zeros(len(world.regions))
    for r, fte in enumerate(planned):
        start, end = int(s.regional_start), int(s.seed_end)
        yield Row("regional", r, float(fte), start, end, FOUNDATION, "regional")
    for r in range(len(world.regions)):
        yield Row("academic", r, s.academic_fte, 0, NEVER_ENDS, FOUNDATION, "academic_fte")
    for r in range(len(world.regions)):
        start, end = (int(s.regional_start), int(s.regional_end)) if s.regional else (0, 0)
        yield Row("regional", r, 0.0, start, end, FOUNDATION, "sponsors_post",
                  cap=s.sponsors_post)  # fmt: skip
    for r in range(len(world.regions) if s.local_action else 0):
        yield Row("local-action", r, s.local_action, 0, NEVER_ENDS, FOUNDATION, "local_action")


def _post(
    world: World, post: Post, said: str, number: dict[str, int], regions: list[str], before: int
) -> list[Row]:
    """Return the rows of a post of the file, a place each, and of what comes after it."""
    month = world.calendar.month
    start = month(post.from_, f"{said}.from")
    end = NEVER_ENDS if post.until is None else month(post.until, f"{said}.until")
    if end <= start:
        raise InputError(SAYS("until", field=said, until=post.until, start=post.from_))
    if post.region is not None and post.region not in regions:
        raise InputError(
            SAYS(
                "region", field=said, region=shown(post.region), near=nearest(post.region, regions)
            )
        )
    roles = None
    if post.roles is not None:
        roles = tuple(post.roles.get(role, 0.0) for role in ROLES[post.where])
    places = [-1] if post.where == "national" else range(len(regions))
    if post.region is not None:
        places = [regions.index(post.region)]
    theirs = post.payer == declared.SPONSORS
    payer = FOUNDATION if theirs else number[post.payer]
    rows: list[Row] = []
    for place in places:
        row = Row(post.where, place, post.fte or 0.0, start, end, payer, said, roles=roles)
        rows.append(row._replace(cap=post.cap or 0.0) if theirs else row)
    if post.after == "nothing":
        return rows
    after: list[Row] = []
    for at, row in enumerate(rows):
        goes_on = row._replace(start=end, end=NEVER_ENDS, follows=before + at, said=f"{said}.after")
        if isinstance(post.after, Takeover):
            goes_on = _takeover(world, post, post.after, goes_on, said, number)
        else:
            goes_on = goes_on._replace(fte=0.0, payer=FOUNDATION, cap=post.cap or 0.0)
        after.append(goes_on)
    return [*rows, *after]


def _takeover(
    world: World, post: Post, after: Takeover, row: Row, said: str, number: dict[str, int]
) -> Row:
    """Return the row of who takes a post over, given the one that starts at its end."""
    month = world.calendar.month
    start, follows = row.start, row.follows
    if after.from_ is not None:
        start, follows = month(after.from_, f"{said}.after.from"), -1
        if start < row.start:
            raise InputError(SAYS("overlap", field=said, start=after.from_, until=post.until))
        if start == row.start:
            follows = row.follows
    end = NEVER_ENDS if after.until is None else month(after.until, f"{said}.after.until")
    if end <= start:
        raise InputError(SAYS("after_until", field=said, until=after.until))
    return row._replace(
        fte=row.fte * after.share,
        start=start,
        end=end,
        follows=follows,
        payer=number[after.takeover],
    )


def _check_payers(world: World, structure: Structure, regions: list[str]) -> None:
    found = []
    for at, payer in enumerate(structure.payers):
        for field, known in (("region", regions), ("organisation", world.organisation_names)):
            name = getattr(payer, field)
            if name is not None and name not in known:
                found.append(
                    SAYS(
                        "payer",
                        at=at,
                        field=field,
                        name=shown(name),
                        near=nearest(name, list(known)),
                    )
                )
    if found:
        raise InputError(*found)


def _check_sponsored(rows: list[Row], regions: list[str]) -> None:
    """Refuse two posts that sponsors pay by their rule in one region at one time."""
    found = []
    for r, name in enumerate(regions):
        theirs = [row for row in rows if row.region == r and row.cap > 0.0 and row.end > row.start]
        theirs.sort(key=lambda row: row.start)
        for one, other in pairwise(theirs):
            if other.start < one.end:
                found.append(SAYS("two_rules", one=one.said, other=other.said, region=name))
    if found:
        raise InputError(*dict.fromkeys(found))


def _budget(world: World, paying: list[Paying]) -> Floats:
    """Return (Q, Y) FTE-months that each payer's budget pays for in each year from the first on."""
    calendar = world.calendar
    first = calendar.year(0)
    found: dict[tuple[int, int], float] = {}
    for q, one in enumerate(paying):
        if one.declared is None or one.declared.year_price is None:
            continue
        for year, money in one.declared.years.items():
            if year < first:
                raise InputError(SAYS("early_budget", name=shown(one.name), year=year, first=first))
            found[q, year - first] = money / one.declared.year_price * 12.0
    years = 1 + max((year for _, year in found), default=0)
    budget = np.zeros((len(paying), years))
    for place, months in found.items():
        budget[place] = months
    return budget


def most_staff(found: Staffing) -> float:
    """Return the FTE of backbones' posts in the month that plans the most of them.

    What sponsors pay by their rule is no plan.
    """
    return _most(row for row in found.rows if row.where in BACKBONES and row.cap == 0.0)


def most_action(found: Staffing) -> float:
    """Return the FTE of local action in the month that plans the most of it."""
    return _most(row for row in found.rows if row.where == "local-action")


def _most(rows: Iterable[Row]) -> float:
    planned = list(rows)
    return max(
        (
            sum(row.fte for row in planned if row.start <= month < row.end)
            for month in {row.start for row in planned}
        ),
        default=0.0,
    )


# --- what can be told of it before any run -----------------------------------------------------


class Short(NamedTuple):
    """A payer whose budget runs out, the first month in which it does, and a post that stops.

    goes_on : the month in which what the file plans after that post begins, later than that; None
              where nothing is planned
    """

    payer: str
    month: int
    said: str
    goes_on: int | None


def shortfalls(found: Staffing, regions: int, months: int) -> list[Short]:
    """Return when planned posts stop because a budget has run out, the first month of each payer.

    It is looked at without events, as if nothing but time happened.
    """
    payers, posts = found.columns(regions), found.posts()
    if found.investment == 0.0 or not payers.limited.any():
        return []
    rule = getattr(pay, "py_func", pay)
    ends = np.full(regions + 1, NEVER_ENDS, np.int32)
    by_backbone, by_region = (
        (np.zeros(regions + 1), np.zeros(regions + 1)),
        (np.zeros(regions), np.zeros(regions)),
    )
    told: dict[str, Short] = {}
    goes_on = {
        (row.region, row.said): row.start
        for row in found.rows
        if row.said.endswith(".after") and (row.fte > 0.0 or row.cap > 0.0)
    }
    for month in range(months):
        rule(
            month, posts.backbone, posts.academic, posts.action, posts.fte, posts.start, posts.end,
            posts.follows, posts.payer, posts.cap, posts.paid, payers.limited, payers.budget,
            payers.spent, payers.paid, found.year_begins, found.investment, found.early_money, ends,
            *by_backbone,
            *by_region,
        )  # fmt: skip
        for at, row in enumerate(found.rows):
            start = row.start if row.follows < 0 else found.rows[row.follows].end
            due = start <= month < row.end and row.fte > 0.0 and row.cap == 0.0
            name = found.payers[row.payer].name
            if due and posts.paid[at] == 0.0 and name not in told:
                after = (row.region, f"{row.said}.after")
                told[name] = Short(name, month, row.said, goes_on.get(after))
    return list(told.values())


def resolved_posts(world: World, structure: Structure) -> list[dict[str, Any]]:
    """Return what a structure resolves to, a table for each post that can ever be paid."""
    found = staffing(world, structure)
    regions = [region.name for region in world.regions]
    told = []
    for row in found.rows:
        if row.end <= row.start or (row.fte == 0.0 and row.cap == 0.0):
            continue
        one: dict[str, Any] = {"from_field": row.said, "where": row.where}
        one["region"] = None if row.region < 0 else regions[row.region]
        one["fte"] = None if row.cap > 0.0 else row.fte
        one["from"] = row.start
        one["until"] = None if row.end >= NEVER_ENDS else row.end
        one["payer"] = declared.SPONSORS if row.cap > 0.0 else found.payers[row.payer].name
        if row.cap > 0.0:
            one["cap"] = row.cap
        if row.follows >= 0:
            one["after"] = found.rows[row.follows].said
        told.append(one)
    return told
