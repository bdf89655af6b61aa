"""A world: regions, communities with children, organisations, and who may know whom.

A world says what a place is like, not what is chosen for it: backbones, sponsors and money belong
to a structure. Organisations of communities that do not take part are there too and collaborate
every day like all others, but are not eligible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cisim.model.faults import MOST_SENTENCES
from cisim.model.input_error import ObjectionsError, nearest, shown
from cisim.model.quantity import Evidence, quantity
from cisim.world.calendar import Calendar, Start
from cisim.world.texts import Lines, Title

Sector = Literal["education", "social", "health", "youth", "third", "private"]
LocalSector = Literal[
    "education", "social", "health", "youth", "third", "private", "private-or-education"
]
Name = Title
MOST_COMMUNITIES = 1_000_000
MOST_ORGANISATIONS = 4_000_000

_JUDGED = Evidence("judgement", "The size is judgement; the sources do not give one.")


class Region(BaseModel):
    """A region: its municipalities, how many take part, and the staff that is planned for it.

    Time counts by 1,000 children: with fewer than a hundred in a community its organisations would
    have more staff than there are children, and results leave their scale.

    Where only some communities take part, `participation` says which: the `largest`, or some at
    `random` (drawn with the seed).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: Name
    communities: int = Field(ge=1, le=10_000)
    participating: int = Field(ge=0, le=10_000)
    participation: Literal["largest", "random"] = "random"
    mean_children: float = Field(ge=100, le=1_000_000, json_schema_extra={"unit": "children"})
    seed_fte: float = Field(ge=0, le=1000, json_schema_extra={"unit": "FTE"})

    @field_validator("name")
    @classmethod
    def _names_one_place(cls, name: str) -> str:
        """Return a name that can stand in a table and before a slash."""
        if "/" in name or name != name.strip():
            raise ValueError("allowed is text on one line without a slash or outer spaces")
        if name == "overall":
            raise ValueError('allowed is any other name, as "overall" means all regions together')
        return name

    @model_validator(mode="after")
    def _participants_exist(self) -> Region:
        if self.participating > self.communities:
            raise ValueError(
                f"participating is {self.participating}, which is more than the "
                f"{self.communities} communities of {self.name}"
            )
        return self


class Acquaintance(BaseModel):
    """Two organisations, by name, that are known to know each other, and how far they trust.

    `trust` is the prior trust of both; left out, it is drawn as for everybody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    between: list[Name] = Field(min_length=2, max_length=2)
    trust: float | None = Field(default=None, ge=0, le=1)


class World(BaseModel):
    """The place a scenario runs in; read from configs/worlds/NAME.toml.

    locals : the sectors of each community's organisations; `private-or-education` is private with
             probability private_share and a second education body otherwise
    bodies : the sectors of each region's organisations, which are always eligible
    ties   : acquaintances that are known, beside those that are drawn
    national_scale : what the national staff of a structure, given for five regions, is multiplied
             by; left out, it is the number of regions divided by five
    start  : the month that month 0 is, "2026-01"; left out, months are only counted
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    RESTS_ON: ClassVar[dict[str, tuple[str, ...]]] = {"ties": ("regions", "locals", "bodies")}
    """Fields that can only be checked where others are right."""

    title: Name
    source: Annotated[Lines, Field(min_length=1)]
    notes: Lines = ""
    start: Start = None
    locals: list[LocalSector] = Field(min_length=0, max_length=200)
    bodies: list[Sector] = Field(min_length=0, max_length=1000)
    national_scale: float | None = Field(default=None, ge=0, le=1000)
    regions: list[Region] = Field(min_length=1, max_length=100_000)
    ties: list[Acquaintance] = Field(default=[], max_length=1_000_000)

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
    def _holds_together(self) -> World:
        found = [*self._too_much(), *islice(self._tied_wrongly(), MOST_SENTENCES)]
        if found:
            raise ObjectionsError(*found)
        return self

    def _too_much(self) -> Iterator[str]:
        """Yield what does not fit together."""
        often = Counter(region.name for region in self.regions)
        for name in islice((name for name, many in often.items() if many > 1), MOST_SENTENCES):
            many = {2: "twice"}.get(often[name], f"{often[name]:,} times")
            yield f"regions must have names of their own; {name} is given {many}"
        if not self.locals and not self.bodies:
            yield "locals and bodies are both empty; somebody must be there"
        if self.deprivation_low > self.deprivation_high:
            yield (
                f"deprivation_low is {self.deprivation_low}, above deprivation_high, "
                f"which is {self.deprivation_high}"
            )
        communities = sum(region.communities for region in self.regions)
        if communities > MOST_COMMUNITIES:
            yield f"there are {communities:,} communities; allowed are at most {MOST_COMMUNITIES:,}"
        if self.organisations > MOST_ORGANISATIONS:
            yield (
                f"there are {self.organisations:,} organisations; allowed are at most "
                f"{MOST_ORGANISATIONS:,}"
            )

    def _tied_wrongly(self) -> Iterator[str]:
        """Yield what is wrong with ties: to nobody, to oneself, or of a pair that has one."""
        pairs: set[frozenset[str]] = set()
        for at, tie in enumerate(self.ties):
            unknown = [name for name in dict.fromkeys(tie.between) if not self._has(name)]
            for name in unknown:
                near = nearest(name, self._names_near(name))
                yield (
                    f"ties[{at}].between names {shown(name)}, which is no organisation of this "
                    f"world.{near} Names are region/community/sector"
                )
            if tie.between[0] == tie.between[1]:
                yield f"ties[{at}].between is {shown(tie.between[0])} twice; a tie needs two"
            elif frozenset(tie.between) in pairs and not unknown:
                yield (
                    f"ties[{at}].between is {shown(tie.between)}, a pair that is given before; "
                    f"allowed is each pair once"
                )
            pairs.add(frozenset(tie.between))

    def _has(self, name: str) -> bool:
        """Return whether an organisation has this name, without making all names."""
        match name.split("/"):
            case [region, sector]:
                return region in self._places and sector in self._names_of_bodies
            case [region, place, sector]:
                return sector in self._names_of_locals and place in self._places.get(region, ())
        return False

    def _names_near(self, name: str) -> list[str]:
        """Return names that may be meant: those at the place that is named, or one like it."""
        given, _, rest = name.partition("/")
        like = get_close_matches(given, list(self._places)[:2000], n=1)
        region = given if given in self._places else (like or [self.regions[0].name])[0]
        there = self._places[region]
        place = rest.partition("/")[0]
        places = dict.fromkeys([place if place in there else "1", str(len(there))])
        return [f"{region}/{sector}" for sector in self._names_of_bodies] + [
            f"{region}/{place}/{sector}" for place in places for sector in self._names_of_locals
        ]

    @cached_property
    def _places(self) -> dict[str, _Places]:
        return {region.name: _Places(region.communities) for region in self.regions}

    @cached_property
    def _names_of_locals(self) -> list[str]:
        return _numbered(self.locals)

    @cached_property
    def _names_of_bodies(self) -> list[str]:
        return _numbered(self.bodies)

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
    def community_names(self) -> tuple[str, ...]:
        """Return each community's name by number: "Pohde/3"."""
        return tuple(
            f"{region.name}/{place}"
            for region in self.regions
            for place in range(1, region.communities + 1)
        )

    @cached_property
    def organisation_names(self) -> tuple[str, ...]:
        """Return each organisation's name by number: "Pohde/3/youth", of a body "Pohde/health".

        A second one of a sector at a place is "…-2".
        """
        locals_, bodies = self._names_of_locals, self._names_of_bodies
        names: list[str] = []
        for region in self.regions:
            for place in range(1, region.communities + 1):
                names += [f"{region.name}/{place}/{sector}" for sector in locals_]
            names += [f"{region.name}/{sector}" for sector in bodies]
        return tuple(names)

    @property
    def organisations(self) -> int:
        """Return how many organisations there are."""
        return sum(r.communities * len(self.locals) + len(self.bodies) for r in self.regions)


class _Places:
    """The names of a region's communities, 1 to as many as there are."""

    def __init__(self, communities: int) -> None:
        self.communities = communities

    def __len__(self) -> int:
        return self.communities

    def __contains__(self, place: str) -> bool:
        written = place.isascii() and place.isdecimal() and len(place) <= 9 and place[0] != "0"
        return written and int(place) <= self.communities


def _numbered(sectors: Sequence[str]) -> list[str]:
    """Return names of their own: health, social, social-2."""
    seen: Counter[str] = Counter()
    names = []
    for sector in sectors:
        seen[sector] += 1
        names.append(sector if seen[sector] == 1 else f"{sector}-{seen[sector]}")
    return names
