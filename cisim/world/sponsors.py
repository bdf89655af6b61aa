"""Sponsors as a table of a structure: who is there, how close, how willing, with what money.

`sponsors` of a structure lists them. A kind by its name is a sponsor as usual in every region; a
row says what is different. A row for one region goes before a row for all. Who has no row is not
there. `sponsor_link` is the link of every sponsor whose row gives none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from cisim.model.input_error import InputError, nearest, shown
from cisim.model.parameters import Parameters
from cisim.model.state import (
    NO_CAP,
    PUBLIC,
    SECTORS,
    SPONSOR_KINDS,
    Floats,
    Ints,
    SponsorKind,
    Sponsors,
)
from cisim.model.told import Sentences, and_listed
from cisim.world.calendar import Calendar, When
from cisim.world.texts import Title

SAYS = Sentences(
    "sponsors",
    elected="elections is given for {kind}, whose officials are not elected; allowed is elections "
    "for {kinds}",
    in_region=" in {region}",
    twice="sponsors names one kind twice; {kind} may be there once{place}",
    region="{where}: sponsors[{at}].region is {region}, which is not a region of this world.{near}",
)

ELECTED: tuple[SponsorKind, ...] = ("political", "municipal")
"""Kinds that elections replace; officials move on by themselves."""
Reach = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "0..1"})]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Elections(_Row):
    """When a sponsor stands for election: a first month or date, and every so many months after."""

    first: When = 24
    every: int = Field(default=48, ge=1, le=1200, json_schema_extra={"unit": "months"})


ElectionsGiven = Annotated[
    Annotated[Literal["none"], Tag("none")] | Annotated[Elections, Tag("when")],
    Discriminator(lambda given: "none" if isinstance(given, str) else "when"),
]


class Jurisdiction(_Row):
    """How far a sponsor can give a mandate to public services of a sector, in place of its kind's.

    level : whose: local organisations', regional bodies', or both
    """

    education: Reach = 0.0
    social: Reach = 0.0
    health: Reach = 0.0
    youth: Reach = 0.0
    level: Literal["both", "local", "regional"] = "both"

    @property
    def reach(self) -> Floats:
        """Return (6, 2) by sector, and regional body (0) or local organisation (1)."""
        found = np.zeros((len(SECTORS), 2))
        levels = {"both": [0, 1], "regional": [0], "local": [1]}[self.level]
        for place, sector in enumerate(SECTORS[:PUBLIC]):
            found[place, levels] = getattr(self, sector)
        return found


class SponsorRow(_Row):
    """A sponsor: one kind, in one region or in all.

    present      : whether it is there from the start
    link         : absent 0 .. integrated 1; left out, the structure's sponsor_link
    engagement   : at the start, -1 works against it .. 1; left out, the goodwill of its link
    jurisdiction : left out, its kind's
    budget       : what it would pay when fully engaged, times the usual sponsor_budget
    cap          : FTE that it pays at most, so as many FTE-years a year; left out, no cap
    elections    : "none", or when; left out, as the parameters say, and officials have none
    position     : what it wants, three numbers, agenda units; left out, drawn
    """

    kind: SponsorKind
    region: Title | None = None
    present: bool = True
    link: float | None = Field(default=None, ge=0, le=1, json_schema_extra={"unit": "0..1"})
    engagement: float | None = Field(
        default=None, ge=-1, le=1, json_schema_extra={"unit": "-1 against .. 1 for it"}
    )
    jurisdiction: Jurisdiction | None = None
    budget: float = Field(
        default=1.0, ge=0, le=1000, json_schema_extra={"unit": "times sponsor_budget"}
    )
    cap: float | None = Field(default=None, ge=0, le=10_000, json_schema_extra={"unit": "FTE"})
    elections: ElectionsGiven | None = None
    position: list[Annotated[float, Field(ge=-100, le=100)]] | None = Field(
        default=None, min_length=3, max_length=3
    )

    @model_validator(mode="after")
    def _only_the_elected_are_elected(self) -> SponsorRow:
        if self.elections is not None and self.kind not in ELECTED:
            raise ValueError(SAYS("elected", kind=self.kind, kinds=and_listed(ELECTED)))
        return self


def _form(given: Any) -> str:
    return "kind" if isinstance(given, str) else "row"


SponsorGiven = Annotated[
    Annotated[SponsorKind, Tag("kind")] | Annotated[SponsorRow, Tag("row")], Discriminator(_form)
]
"""A sponsor in a structure's list: a kind by its name, or a row."""


def row_of(given: SponsorKind | SponsorRow) -> SponsorRow:
    """Return the row that a sponsor in a list means."""
    return given if isinstance(given, SponsorRow) else SponsorRow(kind=given)


def twice(given: Sequence[SponsorKind | SponsorRow]) -> Iterator[str]:
    """Yield what is there more than once: a kind for all regions, or for one."""
    seen: set[tuple[str, str | None]] = set()
    for row in map(row_of, given):
        if (row.kind, row.region) in seen:
            where = "" if row.region is None else SAYS("in_region", region=row.region)
            yield SAYS("twice", kind=row.kind, place=where)
        seen.add((row.kind, row.region))


def kinds_of(given: Sequence[SponsorKind | SponsorRow]) -> list[SponsorKind]:
    """Return the kinds that are there at the start, each once, in the order of the list."""
    return list(dict.fromkeys(row.kind for row in map(row_of, given) if row.present))


def misplaced(
    given: Sequence[SponsorKind | SponsorRow],
    regions: Sequence[str],
    calendar: Calendar,
    where: str,
) -> Iterator[str]:
    """Yield a sentence for each row of a region that is not there, or of a date that cannot be."""
    for at, one in enumerate(given):
        row = row_of(one)
        if row.region is not None and row.region not in regions:
            yield SAYS(
                "region",
                where=where,
                at=at,
                region=shown(row.region),
                near=nearest(row.region, regions),
            )
        if isinstance(row.elections, Elections):
            try:
                calendar.month(row.elections.first, f"{where}: sponsors[{at}].elections.first")
            except InputError as error:
                yield str(error)


def seat_sponsors(
    sponsors: Sponsors,
    given: Sequence[SponsorKind | SponsorRow],
    link: float,
    regions: Sequence[str],
    calendar: Calendar,
    p: Parameters,
) -> None:
    """Write what a structure says of sponsors, in place, (P,) each; four kinds a region.

    sponsors.present, .link, .opening, .jurisdiction, .budget, .cap, .first_election,
    .election_interval; and .position, which has been drawn, where a row gives one.
    """
    kinds = jurisdictions(p)
    number = {name: r for r, name in enumerate(regions)}
    absent = [SponsorRow(kind=kind, present=False) for kind in get_args(SponsorKind)]
    rows = sorted(map(row_of, given), key=lambda row: row.region is not None)  # those of all first
    for row in (*absent, *rows):
        kind = SPONSOR_KINDS.index(row.kind)
        here = sponsors.kind == kind
        if row.region is not None:
            here &= sponsors.region == number[row.region]
        tied = link if row.link is None else row.link
        goodwill = p.sponsor_base * min(1.0, p.loose_gain * tied)
        reach = kinds[kind] if row.jurisdiction is None else row.jurisdiction.reach
        first, interval = int(p.election_first), int(p.election_interval)
        if isinstance(row.elections, Elections):
            first, interval = calendar.month(row.elections.first), row.elections.every
        elif row.elections == "none" or row.kind not in ELECTED:
            interval = 0
        sponsors.present[here] = row.present
        sponsors.link[here] = tied
        sponsors.opening[here] = goodwill if row.engagement is None else row.engagement
        sponsors.jurisdiction[here] = reach
        sponsors.budget[here] = row.budget
        sponsors.cap[here] = NO_CAP if row.cap is None else row.cap
        sponsors.first_election[here] = first
        sponsors.election_interval[here] = interval
        if row.position is not None:
            sponsors.position[here] = row.position


def jurisdictions(p: Parameters) -> Floats:
    """Return (4, 6, 2): what each kind can mandate, of regional bodies and local organisations."""
    education, social, health, youth = range(PUBLIC)
    reach = np.zeros((4, 6, 2))
    reach[0, [social, health], 0] = p.jurisdiction_health
    reach[1, [education, youth], :] = p.jurisdiction_education
    reach[2, :PUBLIC, :] = p.jurisdiction_political
    reach[3, :PUBLIC, 1] = p.jurisdiction_municipal
    return reach


LOOSE = 0.5
"""The link of sponsors to a partnership that was seen in Finland (K26); also that of history."""


def ordinary_mandates(sector: Ints, community: Ints, p: Parameters) -> Floats:
    """Return what representatives may promise where no partnership is, (N,).

    Sponsors of the ordinary world have the goodwill that a loose link leaves, and nothing to see.
    So public organisations have the mandate at which that holds them, and nothing drifts when a
    partnership is founded; others have that of their own executives.
    """
    goodwill = p.sponsor_base * min(1.0, p.loose_gain * LOOSE)
    licence = 1.0 - np.prod(1.0 - goodwill * jurisdictions(p), axis=0)
    level = p.mandate_min + (1.0 - p.mandate_min) * licence
    level[PUBLIC:] = p.mandate_start
    mandates: Floats = level[sector, (community >= 0).astype(np.int64)]
    return mandates
