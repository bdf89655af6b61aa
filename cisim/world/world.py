"""A world: regions, communities with children, organisations, and who may know whom.

A world says what a place is like, not what is chosen for it: backbones, sponsors and money belong
to a structure. Organisations of communities that do not take part are there too and collaborate
every day like all others, but are not eligible.

Communities and organisations are named one by one, or there are so many of a kind. A community in
which organisations are named has exactly those, any other one the `locals`; a region in which
regional ones are named has exactly those, any other one the `bodies`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from cisim.model.faults import MOST_SENTENCES
from cisim.model.input_error import ObjectionsError, nearest, shown
from cisim.model.quantity import Evidence, quantity
from cisim.model.told import Sentences
from cisim.world.calendar import Calendar, Start
from cisim.world.communities import Community, Region, Settled, settled, unsettled
from cisim.world.files import LEFT_OUT, NOTHING_LEFT_OUT, LeftOut
from cisim.world.organisations import Acquaintance, LocalSector, NamedOrganisation, Sector
from cisim.world.sourced import Evidence as Rests
from cisim.world.sourced import of_nothing
from cisim.world.texts import Lines, Title

SAYS = Sentences(
    "worlds",
    more="{more:,} more things are wrong",
    nobody="locals, bodies and organisations are all empty; somebody must be there",
    deprivation="deprivation_low is {low}, above deprivation_high, which is {high}",
    communities="there are {count:,} communities; allowed are at most {most:,}",
    organisations="there are {count:,} organisations; allowed are at most {most:,}",
    drawn=(
        'acquaintance is "drawn", which leaves out the ties that are given ({ties:,}); '
        "allowed with ties is given or both"
    ),
    name=(
        "organisations[{row}].name is {name}, as is that of organisations[{other}]; allowed "
        "is a name of its own"
    ),
    region="region is {region}, which is no region of this world.{near}",
    regional_community="community is {community}, but level is regional; allowed is one of them",
    no_region="region is missing; a regional organisation of a world with several needs it",
    no_community="community is missing; a local organisation needs it",
    community="community is {community}, which is no community of this world.{near}",
    elsewhere="region is {region}, but {community} is in {there}",
    names_are=" Names are region/community/sector",
    tie_name=(
        "ties[{row}].between names {name}, which is no organisation of this world.{near}{kind}"
    ),
    tie_self="ties[{row}].between is {name} twice; a tie needs two",
    tie_again=(
        "ties[{row}].between is {between}, a pair that is given before, in ties[{other}]; "
        "allowed is each pair once"
    ),
    tie_unknown="ties[{row}].strength is unknown on both sides; leave it out",
    own_names="{field} must have names of their own; {name} is given {many}",
    two="twice",
    times="{n:,} times",
    of="{where}: {what}",
)

MOST_COMMUNITIES = 1_000_000
MOST_ORGANISATIONS = 4_000_000

_JUDGED = Evidence("judgement", "The size is judgement; the sources do not give one.")


class Home(NamedTuple):
    """Where an organisation belongs: row of its region, and of its community, -1 for a body."""

    region: int
    community: int


class World(BaseModel):
    """The place a scenario runs in; read from configs/worlds/NAME.toml.

    locals : the sectors of each community's organisations; `private-or-education` is private with
             probability private_share and a second education body otherwise
    bodies : the sectors of each region's organisations, which are always eligible
    communities, organisations : those that are named
    ties   : acquaintances that are known
    acquaintance : who knows whom: as `drawn`, as `given` in ties and nobody else, or `both`
    national_scale : what the national staff of a structure, given for five regions, is multiplied
             by; left out, it is the number of regions divided by five
    start  : the month that month 0 is, "2026-01"; left out, months are only counted
    evidence : where the file's numbers are from
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    title: Title
    source: Annotated[Lines, Field(min_length=1)]
    notes: Lines = ""
    start: Start = None
    locals: list[LocalSector] = Field(default=[], max_length=200)
    bodies: list[Sector] = Field(default=[], max_length=1000)
    national_scale: float | None = Field(default=None, ge=0, le=1000)
    regions: list[Region] = Field(min_length=1, max_length=100_000)
    communities: list[Community] = Field(default=[], max_length=MOST_COMMUNITIES)
    organisations: list[NamedOrganisation] = Field(default=[], max_length=1_000_000)
    ties: list[Acquaintance] = Field(default=[], max_length=1_000_000)
    acquaintance: Literal["drawn", "given", "both"] = "both"
    evidence: list[Rests] = Field(default=[], max_length=10_000)

    private_share: float = quantity(
        0.3,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=_JUDGED,
        meaning="How often a private-or-education place is held by a private organisation.",
        submodel="initialisation",
    )
    children_spread: float = quantity(
        0.9,
        unit="log sd",
        bounds=(0, 3),
        constant=True,
        evidence=_JUDGED,
        meaning="How unequal communities of a region are in the number of children.",
        submodel="initialisation",
    )
    deprivation_mean: float = quantity(
        0.4,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_JUDGED,
        meaning="The mean deprivation of communities.",
        submodel="initialisation",
    )
    deprivation_sd: float = quantity(
        0.2,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_JUDGED,
        meaning="The standard deviation of deprivation between communities.",
        submodel="initialisation",
    )
    deprivation_low: float = quantity(
        0.02,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_JUDGED,
        meaning="The lowest deprivation that is possible.",
        submodel="initialisation",
    )
    deprivation_high: float = quantity(
        0.98,
        unit="0..1",
        bounds=(0, 1),
        constant=True,
        evidence=_JUDGED,
        meaning="The highest deprivation that is possible.",
        submodel="initialisation",
    )
    body_ties: float = quantity(
        4,
        unit="ties",
        bounds=(0, 1000),
        whole=True,
        constant=True,
        evidence=_JUDGED,
        meaning="How many regional bodies each local organisation knows.",
        submodel="initialisation",
    )
    sector_ties: float = quantity(
        4,
        unit="ties",
        bounds=(0, 1000),
        whole=True,
        constant=True,
        evidence=_JUDGED,
        meaning="How many local organisations of its sector elsewhere in the region each knows.",
        submodel="initialisation",
    )
    region_ties: float = quantity(
        2,
        unit="ties",
        bounds=(0, 1000),
        whole=True,
        constant=True,
        evidence=_JUDGED,
        meaning="How many organisations of its sector in other regions each chooses to know.",
        submodel="initialisation",
    )

    @model_validator(mode="after")
    def _holds_together(self, info: ValidationInfo) -> World:
        left_out = (info.context or {}).get(LEFT_OUT, NOTHING_LEFT_OUT)
        found = list(_Objections(self, left_out))
        if self.evidence and not left_out.members:
            found += of_nothing(self.said, self.evidence)
        if found:
            more = len(found) - MOST_SENTENCES
            told = found[:MOST_SENTENCES]
            raise ObjectionsError(*told, *([SAYS("more", more=more)] if more > 0 else []))
        return self

    # who and where, as far as the file says it ---------------------------------------------------

    @property
    def said(self) -> dict[str, Any]:
        """Return what the file says, without what is left out."""
        return self.model_dump(exclude_unset=True)

    @cached_property
    def calendar(self) -> Calendar:
        """Return how months of a run in this world are called."""
        return Calendar(self.start)

    @property
    def scale(self) -> float:
        """Return what national staff and grants, given for five regions, are multiplied by."""
        return len(self.regions) / 5 if self.national_scale is None else self.national_scale

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> World:
        """Return a copy, as pydantic does, without what was derived from the fields it changes."""
        copied = super().model_copy(update=update, deep=deep)
        for derived in set(copied.__dict__) - set(World.model_fields):
            del copied.__dict__[derived]
        return copied

    @cached_property
    def settled(self) -> tuple[Settled, ...]:
        """Return the communities of each region."""
        return settled(self.regions, self.communities)

    @property
    def community_count(self) -> int:
        """Return how many communities there are."""
        return sum(region.communities for region in self.settled)

    @property
    def participating_count(self) -> int:
        """Return how many communities take part."""
        return sum(region.participating for region in self.settled)

    @property
    def children(self) -> float:
        """Return how many children live here."""
        return sum(region.children for region in self.settled)

    @cached_property
    def homes(self) -> tuple[Home, ...]:
        """Return where each named organisation belongs, in the order of the file."""
        return tuple(self._home(one) for one in self.organisations)

    @cached_property
    def named_locals(self) -> Mapping[int, int]:
        """Return how many organisations are named in a community, by its number."""
        return Counter(home.community for home in self.homes if home.community >= 0)

    @cached_property
    def named_bodies(self) -> Mapping[int, int]:
        """Return how many regional organisations are named in a region, by its row."""
        return Counter(home.region for home in self.homes if home.community < 0)

    @property
    def organisation_count(self) -> int:
        """Return how many organisations there are."""
        drawn = (self.community_count - len(self.named_locals)) * len(self.locals)
        drawn += (len(self.regions) - len(self.named_bodies)) * len(self.bodies)
        return drawn + len(self.organisations)

    @cached_property
    def says_who_founds(self) -> bool:
        """Return whether the file says of anybody whether it founds the partnership."""
        return any(one.founder is not None for one in self.organisations)

    @cached_property
    def community_names(self) -> tuple[str, ...]:
        """Return each community's name by number; of one without a name "Pohde/3"."""
        return tuple(
            place
            for region, here in zip(self.regions, self.settled, strict=True)
            for place in (
                [one.name for one in here.named]
                or [f"{region.name}/{place}" for place in range(1, here.communities + 1)]
            )
        )

    @cached_property
    def organisation_names(self) -> tuple[str, ...]:
        """Return each organisation's name by number; those without one before all others.

        Of one without a name it is "Pohde/3/youth", of a body "Pohde/health"; a second one of a
        sector at a place is "…-2".
        """
        locals_, bodies = self._names_of_locals, self._names_of_bodies
        names: list[str] = []
        for row, here in enumerate(self.settled):
            region = self.regions[row].name
            labels = [one.name for one in here.named] or range(1, here.communities + 1)
            for number, place in enumerate(labels, start=here.first):
                if number not in self.named_locals:
                    names += [f"{region}/{place}/{sector}" for sector in locals_]
            if row not in self.named_bodies:
                names += [f"{region}/{sector}" for sector in bodies]
        names += [one.name for one in self.organisations]
        return tuple(names)

    def community_number(self, name: str) -> int | None:
        """Return the number of the community that is called so, None if there is none."""
        if name in self._community_numbers:
            return self._community_numbers[name]
        region, slash, place = name.partition("/")
        row = self._region_rows.get(region)
        if not slash or row is None or self.settled[row].named:
            return None
        written = place.isascii() and place.isdecimal() and len(place) <= 9 and place[0] != "0"
        if not written or int(place) > self.settled[row].communities:
            return None
        return self.settled[row].first + int(place) - 1

    def has_organisation(self, name: str) -> bool:
        """Return whether an organisation is called so, without making all names."""
        if "/" not in name:
            return name in self._named
        place, _, sector = name.rpartition("/")
        region, slash, community = place.partition("/")
        row = self._region_rows.get(region)
        if row is None:
            return False
        if not slash:
            return sector in self._names_of_bodies and row not in self.named_bodies
        named = self._community_numbers.get(community) if self.settled[row].named else None
        number = self.community_number(place) if named is None else named
        here = self.settled[row]
        return (
            number is not None
            and here.first <= number < here.first + here.communities
            and number not in self.named_locals
            and sector in self._names_of_locals
        )

    def names_near(self, name: str) -> list[str]:
        """Return names of organisations that may be meant: like it, or at the place it names."""
        if "/" not in name and self.organisations:
            return list(self._named)
        given, _, rest = name.partition("/")
        like = get_close_matches(given, list(self._region_rows)[:2000], n=1)
        near = like[0] if like else self.regions[0].name
        row = self._region_rows[given if given in self._region_rows else near]
        region, here = self.regions[row].name, self.settled[row]
        place = rest.partition("/")[0]
        labels = [one.name for one in here.named] or ["1", str(here.communities)]
        if place.isdecimal() and not here.named and 1 <= int(place[:9]) <= here.communities:
            labels = [place]
        found = [f"{region}/{sector}" for sector in self._names_of_bodies]
        found += [
            f"{region}/{label}/{sector}" for label in labels for sector in self._names_of_locals
        ]
        return [one for one in dict.fromkeys(found) if self.has_organisation(one)]

    def _home(self, one: NamedOrganisation) -> Home:
        if one.local:
            number = self.community_number(one.community or "")
            if number is None:
                return Home(-1, -1)
            return Home(bisect_right(self._firsts, number) - 1, number)
        only = 0 if len(self.regions) == 1 else -1
        return Home(only if one.region is None else self._region_rows.get(one.region, -1), -1)

    @cached_property
    def _firsts(self) -> list[int]:
        return [here.first for here in self.settled]

    @cached_property
    def _region_rows(self) -> dict[str, int]:
        return {region.name: row for row, region in enumerate(self.regions)}

    @cached_property
    def _community_numbers(self) -> dict[str, int]:
        return {
            one.name: number
            for here in self.settled
            for number, one in enumerate(here.named, start=here.first)
        }

    @cached_property
    def _named(self) -> dict[str, int]:
        return {one.name: row for row, one in enumerate(self.organisations)}

    @cached_property
    def _names_of_locals(self) -> list[str]:
        return _numbered(self.locals)

    @cached_property
    def _names_of_bodies(self) -> list[str]:
        return _numbered(self.bodies)


class _Objections:
    """What does not fit together in a world whose fields are right, or of which the right are left.

    left_out : what is wrong elsewhere in the file and was left out of the world; nothing is said
               that may only follow from it
    """

    def __init__(self, world: World, left_out: LeftOut) -> None:
        self.world = world
        self.left_out = left_out

    def __iter__(self) -> Iterator[str]:
        world = self.world
        yield from _given_twice("regions", [region.name for region in world.regions])
        yield from unsettled(world.regions, world.communities, self.left_out)
        yield from self._too_much()
        yield from self._misplaced()
        yield from self._tied_wrongly()

    def _too_much(self) -> Iterator[str]:
        world = self.world
        lost = self.left_out.members
        if not world.organisation_count and not lost.keys() & {"locals", "bodies", "organisations"}:
            yield SAYS("nobody")
        if world.deprivation_low > world.deprivation_high:
            yield SAYS("deprivation", low=world.deprivation_low, high=world.deprivation_high)
        if world.community_count > MOST_COMMUNITIES:
            yield SAYS("communities", count=world.community_count, most=MOST_COMMUNITIES)
        if world.organisation_count > MOST_ORGANISATIONS:
            yield SAYS("organisations", count=world.organisation_count, most=MOST_ORGANISATIONS)
        if world.acquaintance == "drawn" and world.ties:
            yield SAYS("drawn", ties=len(world.ties))

    def _misplaced(self) -> Iterator[str]:
        """Yield what is wrong with named organisations: twice, or nowhere."""
        world = self.world
        seen: dict[str, int] = {}
        for row, one in zip(self.left_out.rows("organisations"), world.organisations, strict=False):
            where = f"organisations[{row}] ({one.name})"
            if one.name in seen:
                yield SAYS("name", row=row, name=shown(one.name), other=seen[one.name])
            seen.setdefault(one.name, row)
            yield from (SAYS("of", where=where, what=fault) for fault in self._nowhere(one))

    def _nowhere(self, one: NamedOrganisation) -> Iterator[str]:
        world, lost = self.world, self.left_out.members
        regions = world._region_rows
        if one.region is not None and one.region not in regions and "regions" not in lost:
            yield SAYS("region", region=shown(one.region), near=nearest(one.region, regions))
        if not one.local:
            if one.community is not None:
                yield SAYS("regional_community", community=shown(one.community))
            elif one.region is None and len(regions) > 1:
                yield SAYS("no_region")
            return
        if one.community is None:
            yield SAYS("no_community")
            return
        number = world.community_number(one.community)
        if number is None:
            if not lost.keys() & {"regions", "communities"}:
                yield SAYS(
                    "community",
                    community=shown(one.community),
                    near=nearest(one.community, islice(world.community_names, 2000)),
                )
            return
        home = world._home(one)
        there = world.regions[home.region].name
        if one.region is not None and one.region in regions and one.region != there:
            yield SAYS("elsewhere", region=shown(one.region), community=one.community, there=there)

    def _tied_wrongly(self) -> Iterator[str]:
        """Yield what is wrong with ties: to nobody, to oneself, or of a pair that has one."""
        world, lost = self.world, self.left_out.members
        wrong = set(self.left_out.names("organisations"))
        drawn_lost = bool(lost.keys() & {"regions", "communities", "locals", "bodies"})
        pairs: dict[frozenset[str], int] = {}
        for row, tie in zip(self.left_out.rows("ties"), world.ties, strict=False):
            pair = frozenset(tie.between)
            for name in dict.fromkeys(tie.between):
                if world.has_organisation(name) or name in wrong:
                    continue
                if "/" in name and drawn_lost:
                    continue
                near = nearest(name, world.names_near(name))
                kind = "" if world.organisations else SAYS("names_are")
                yield SAYS("tie_name", row=row, name=shown(name), near=near, kind=kind)
            if len(pair) == 1:
                yield SAYS("tie_self", row=row, name=shown(tie.between[0]))
            elif pair in pairs:
                yield SAYS("tie_again", row=row, between=shown(tie.between), other=pairs[pair])
            if isinstance(tie.strength, list) and set(tie.strength) == {"unknown"}:
                yield SAYS("tie_unknown", row=row)
            pairs.setdefault(pair, row)


def _given_twice(field: str, names: Iterable[str]) -> Iterator[str]:
    for name, often in Counter(names).items():
        if often > 1:
            many = SAYS("two") if often == 2 else SAYS("times", n=often)
            yield SAYS("own_names", field=field, name=name, many=many)


def _numbered(sectors: Sequence[str]) -> list[str]:
    """Return names of their own: health, social, social-2."""
    seen: Counter[str] = Counter()
    names = []
    for sector in sectors:
        seen[sector] += 1
        names.append(sector if seen[sector] == 1 else f"{sector}-{seen[sector]}")
    return names
