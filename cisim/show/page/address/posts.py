"""Posts as the page moves them by hand: from when until when, how many, and who pays.

The short form of a structure is kept as long as it can say what is wanted without moving another
post; else the post becomes a row of `posts`, which the model lives in the same way.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cisim.model.input_error import InputError, shown
from cisim.model.state import FOUNDATION
from cisim.show.page.address.look import Look, plain, scenario_of
from cisim.show.page.words import say
from cisim.world.payers import SPONSORS, PayerKind
from cisim.world.posts import BACKBONES
from cisim.world.scenario import Scenario
from cisim.world.staffing import Row, staffing
from cisim.world.structure import NEVER_ENDS, Structure

WHERE = ("national", "regional", "academic", "local-action")
OFFERED: tuple[PayerKind, ...] = ("municipality", "county", "state")
"""Who may pay though the structure names nobody of the kind."""
_SHORT = {
    "national_fte": {"national_fte": 0.0},
    "regional": {"regional_scale": 0.0},
    "academic_fte": {"academic_fte": 0.0},
    "sponsors_post": {"sponsors_post": 0.0},
    "local_action": {"local_action": 0.0},
}
"""What the short form says of a post, and what it says where there is none."""
_AFTER = ".after"


class Bar(NamedTuple):
    """A post as it lies on the time axis, in all its places.

    said       : what of the structure it comes from, as "national_fte" or "posts[0]", the first
                 where rows differ in nothing but place and size
    regions    : where it is, () of a national one
    sizes      : in each place, FTE; of what sponsors pay by their rule the most
    start, end : months; NEVER_ENDS to the end
    payer      : a payer's name, or SPONSORS by their rule
    rows       : which of the structure's posts, () of the short form and of what comes after one
    """

    said: str
    where: str
    name: str
    regions: tuple[str, ...]
    sizes: tuple[float, ...]
    start: int
    end: int
    payer: str
    rows: tuple[int, ...] = ()

    @property
    def alike(self) -> bool:
        """Return whether it is as large in each of its places."""
        return len(set(self.sizes)) == 1

    @property
    def number(self) -> float:
        """Return its size in each place; where places differ, in all of them."""
        return self.sizes[0] if self.alike else sum(self.sizes)


def bars(scenario: Scenario) -> list[Bar]:
    """Return the posts of a scenario that can ever be paid, in the model's order."""
    structure = scenario.structure
    found = staffing(scenario.world, structure)
    regions = [region.name for region in scenario.world.regions]
    groups: dict[str, list[Row]] = {}
    for row in found.rows:
        if _end(structure, row) > row.start and (row.fte > 0.0 or row.cap > 0.0):
            groups.setdefault(row.said, []).append(row)
    told: list[Bar] = []
    for said, rows in groups.items():
        first, at = rows[0], _place(said)
        bar = Bar(
            said=said,
            where=first.where,
            name="" if at is None else structure.posts[at].name,
            regions=tuple(regions[row.region] for row in rows if row.region >= 0),
            sizes=tuple(row.cap or row.fte for row in rows),
            start=first.start,
            end=_end(structure, first),
            payer=SPONSORS if first.cap > 0.0 else found.payers[first.payer].name,
            rows=() if at is None or said.endswith(_AFTER) else (at,),
        )
        if told and _one_post(structure, told[-1], bar):
            last = told.pop()
            bar = last._replace(
                regions=last.regions + bar.regions,
                sizes=last.sizes + bar.sizes,
                rows=last.rows + bar.rows,
            )
        told.append(bar)
    return told


def _one_post(structure: Structure, one: Bar, other: Bar) -> bool:
    """Return whether two bars are one post that places have in another size each."""
    if not one.rows or not other.rows or set(one.regions) & set(other.regions):
        return False
    both = [structure.posts[bar.rows[-1]] for bar in (one, other)]
    bare = [post.model_copy(update={"region": None, "fte": None}) for post in both]
    return (
        None not in [post.region for post in both]
        and bare[0] == bare[1]
        and (bare[0].after == "nothing")
    )


def _end(structure: Structure, row: Row) -> int:
    """Return when a post ends: with its backbone, if that ends earlier."""
    if row.where not in BACKBONES:
        return row.end
    return min(row.end, int(getattr(structure, f"{row.where}_end")))


def _place(said: str) -> int | None:
    """Return which of the structure's rows a post comes from, None of the short form."""
    head = said.removesuffix(_AFTER)
    return int(head[len("posts[") : -1]) if head.startswith("posts[") else None


def payers(scenario: Scenario, where: str, region: str = "") -> list[str]:
    """Return who can pay a post: those who are there, sponsors by their rule, then others.

    region : of the post, "" where it is in all
    """
    paying = staffing(scenario.world, scenario.structure).payers[FOUNDATION:]
    there = [
        one.name
        for one in paying
        if one.declared is None or one.declared.region in (None, region or None)
    ]
    by_rule = [SPONSORS] if where == "regional" else []
    kinds = {one.kind for one in paying}
    names = {one.name for one in paying}
    return [*there, *by_rule, *(one for one in OFFERED if one not in kinds and one not in names)]


# --- what can be done to one -------------------------------------------------------------------


def moved(
    look: Look,
    said: str,
    *,
    start: int | None = None,
    end: int | None = None,
    number: float | None = None,
    payer: str | None = None,
) -> Look:
    """Return the look with a post changed; what is None stays as it is.

    end    : NEVER_ENDS for no end
    number : in each place, or in all where places differ

    Raises InputError, one sentence, if the model does not allow it.
    """
    here = scenario_of(look)
    bar = bar_of(here, said)
    new = _Change(
        bar.start if start is None else start,
        bar.end if end is None else end,
        bar.number if number is None else number,
        bar.payer if payer is None else payer,
    )
    levers = _in_short(here, bar, new)
    if levers is None:
        draft = Draft(here)
        draft.change(bar, new)
        levers = draft.settings()
    return look.with_settings(levers)


def removed(look: Look, said: str) -> Look:
    """Return the look without a post; what comes after it stays."""
    here = scenario_of(look)
    bar = bar_of(here, said)
    draft = Draft(here)
    draft.take_out(bar)
    return look.with_settings(draft.settings())


def added(
    look: Look, where: str, region: str, start: int, end: int, number: float, payer: str
) -> Look:
    """Return the look with one post more.

    region : "" for every region

    Raises InputError, one sentence, if the model does not allow it.
    """
    draft = Draft(scenario_of(look))
    bar = Bar("", where, "", (), (number,), start, end, payer)
    draft.set_free(where)
    draft.pays(payer)
    draft.rows.append(draft.row(bar, number, region))
    return look.with_settings(draft.settings())


class _Change(NamedTuple):
    start: int
    end: int
    number: float
    payer: str


def bar_of(here: Scenario, said: str) -> Bar:
    """Return the post that comes from somewhere in a structure.

    Raises InputError if there is none.
    """
    for bar in bars(here):
        if bar.said == said:
            return bar
    raise InputError(f"{shown(said)}: {say('address.unknown')}")


def _in_short(here: Scenario, bar: Bar, new: _Change) -> dict[str, Any] | None:
    """Return the levers that say what is wanted, None where they would move another post or cannot.

    The end of a backbone ends all of its posts, so no post is moved by it.
    """
    s = here.structure
    same_end, same_start = new.end == bar.end, new.start == bar.start
    if bar.said not in _SHORT or new.payer != bar.payer:
        return None
    found: dict[str, Any] = {}
    if bar.said == "regional":
        if not same_end and (s.grant_reg > 0.0 or s.regional_end < NEVER_ENDS):
            return None
        if not same_start and s.sponsors_post > 0.0:  # it would begin with it
            draft = Draft(here)
            draft.mine(bar_of(here, "sponsors_post"))
            found |= draft.settings()
        found |= {} if same_end else {"seed_end": float(new.end)}
        found |= {} if same_start else {"regional_start": float(new.start)}
        if new.number != bar.number:
            share = new.number / bar.number
            if bar.alike:
                found["regional_fte"] = new.number / s.regional_scale
            else:
                found["regional_scale"] = s.regional_scale * share
        return found
    if not same_end or (not same_start and bar.said != "national_fte"):
        return None
    if not same_start:
        found["national_start"] = float(new.start)
    if new.number != bar.number:
        each = here.world.scale if bar.said == "national_fte" else 1.0
        found[bar.said] = new.number / each
    return found


class Draft:
    """Posts and payers as plain rows while they are changed, with the levers that change, too."""

    def __init__(self, here: Scenario) -> None:
        self.here, self.bars = here, bars(here)
        self.rows = [plain(post) for post in here.structure.posts]
        self.payers = [plain(payer) for payer in here.structure.payers]
        self.levers: dict[str, Any] = {}
        self._first = list(self.rows)  # as the structure counts them
        self._made: dict[str, list[dict[str, Any]]] = {}

    def settings(self) -> dict[str, Any]:
        """Return what has changed, as settings."""
        found = {**self.levers, "posts": self.rows}
        named = self.payers or self.here.structure.payers
        return {"payers": self.payers, **found} if named else found

    def change(self, bar: Bar, new: _Change) -> None:
        """Change a post."""
        self.set_free(bar.where)
        self.pays(new.payer)
        for row in self.mine(bar):
            if new.payer != bar.payer:
                number = row.pop("cap" if bar.payer == SPONSORS else "fte")
                row["payer"] = new.payer
                row["cap" if new.payer == SPONSORS else "fte"] = number
            if new.number != bar.number:
                size = "cap" if row["payer"] == SPONSORS else "fte"
                row[size] = new.number if bar.alike else row[size] * new.number / bar.number
            if new.start != bar.start:
                _write(row, "from", new.start, nothing=0)
            if new.end != bar.end:
                _write(row, "until", new.end, nothing=NEVER_ENDS)
            if "until" not in row and row.pop("after", None) == "sponsors":
                row.pop("cap")

    def give(self, bar: Bar, share: float, payer: str) -> None:
        """Let another payer pay a share of a post, as long as it lasts; what comes after stays."""
        if share >= 1.0:
            self.change(bar, _Change(bar.start, bar.end, bar.number, payer))
            return
        for row in self.mine(bar):
            size = "cap" if row["payer"] == SPONSORS else "fte"
            bare = {name: row[name] for name in row if name not in ("cap", "after")}
            self.rows.append(bare | {"fte": row[size] * share, "payer": payer})
            row[size] *= 1.0 - share
            after = row.get("after")
            if isinstance(after, dict):  # its share is one of what is left here
                row["after"] = {**after, "share": after.get("share", 1.0) / (1.0 - share)}

    def take_out(self, bar: Bar) -> None:
        """Take a post out; what comes after it becomes a post of its own."""
        for other in self.bars:
            if other.said == f"{bar.said}{_AFTER}":
                self.mine(other)
        gone = self.mine(bar)
        self.rows = [row for row in self.rows if not any(row is one for one in gone)]

    def pays(self, name: str) -> None:
        """Let somebody be a payer who is offered and not there yet."""
        if name in OFFERED and name not in [one["name"] for one in self.payers]:
            self.payers.append({"name": name, "kind": name})

    def set_free(self, where: str) -> None:
        """Let posts end when they do, not with their backbone: each keeps the end that it has."""
        lever = f"{where}_end"
        if where not in BACKBONES or getattr(self.here.structure, lever) >= NEVER_ENDS:
            return
        self.levers[lever] = float(NEVER_ENDS)
        for bar in self.bars:
            if bar.where != where:
                continue
            if bar.said == "regional":
                self.levers["seed_end"] = float(bar.end)
            else:
                for row in self.mine(bar):
                    _write(row, "until", bar.end, nothing=NEVER_ENDS)

    def mine(self, bar: Bar) -> list[dict[str, Any]]:
        """Return the rows of a post; of the short form, and of what comes after, new ones."""
        if bar.said not in self._made:
            self._made[bar.said] = self._rows(bar)
        return self._made[bar.said]

    def _rows(self, bar: Bar) -> list[dict[str, Any]]:
        at = _place(bar.said)
        if at is None:
            self.levers |= _SHORT[bar.said]
            places = ("",) if bar.alike else bar.regions
            new = [self.row(bar, size, of) for size, of in zip(bar.sizes, places, strict=False)]
        elif bar.said.endswith(_AFTER):
            before = self._first[at]
            new = [self.row(bar, bar.number, before.get("region", ""))]
            new[0] |= {name: before[name] for name in ("name", "roles") if name in before}
            if before.pop("after") == "sponsors":
                before.pop("cap")
        else:
            return [self._first[one] for one in bar.rows]
        self.rows += new
        return new

    @staticmethod
    def row(bar: Bar, number: float, region: str) -> dict[str, Any]:
        """Return a post as a row of the structure."""
        row: dict[str, Any] = {"where": bar.where}
        row |= {"region": region} if region else {}
        row["cap" if bar.payer == SPONSORS else "fte"] = float(number)
        _write(row, "from", bar.start, nothing=0)
        _write(row, "until", bar.end, nothing=NEVER_ENDS)
        return row | {"payer": bar.payer}


def _write(row: dict[str, Any], field: str, month: int, *, nothing: int) -> None:
    """Write a month into a row, as files have it: not at all where it says what holds anyway."""
    if month == nothing:
        row.pop(field, None)
    else:
        row[field] = month
