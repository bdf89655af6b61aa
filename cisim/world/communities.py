"""Regions and their communities: named one by one, or so many of a kind, which are then drawn.

A region whose communities are named has exactly those. What is left out of one of them is drawn as
for the communities of any other region, by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cisim.model.input_error import nearest, shown
from cisim.model.told import Sentences
from cisim.world.files import LeftOut
from cisim.world.names import OwnName, Reference

SAYS = Sentences(
    "communities",
    participating="participating is {participating}, which is more than the {communities} "
    "communities of {name}",
    region=(
        "communities[{at}] ({name}): region is {region}, which is no region of this world.{near}"
    ),
    name=(
        "communities[{at}].name is {name}, as is that of communities[{other}]; allowed is a "
        "name of its own"
    ),
    missing="{where}: {field} is missing; it is needed where no community is named",
    count=(
        "{where}: communities is {communities}, but {named} are named; allowed is that "
        "number, or nothing"
    ),
    children=(
        "{where}: mean_children is missing; it is needed as the children of {one} are left out"
    ),
    participating_other=(
        "{where}: participating is {participating}; allowed is {low} to {high}, as the named "
        "communities say, or nothing"
    ),
)
_CHILDREN: dict[str, Any] = {"unit": "children"}


class Region(BaseModel):
    """A region: its municipalities, how many take part, and the staff that is planned for it.

    Where only some communities take part, `participation` says which: the `largest`, or some at
    `random` (drawn with the seed).

    Where its communities are named, `communities` is their number and may be left out.
    `participating` counts those that are said to take part among it; left out, all take part that
    are not said to stay away. `mean_children` is then the mean of those whose children are left out
    and is needed only for them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: OwnName
    communities: int | None = Field(default=None, ge=1, le=10_000)
    participating: int | None = Field(default=None, ge=0, le=10_000)
    participation: Literal["largest", "random"] = "random"
    mean_children: float | None = Field(
        default=None, ge=1, le=1_000_000, json_schema_extra=_CHILDREN
    )
    seed_fte: float = Field(ge=0, le=1000, json_schema_extra={"unit": "FTE"})

    @model_validator(mode="after")
    def _participants_exist(self) -> Region:
        if (
            self.participating is not None
            and self.communities is not None
            and self.participating > self.communities
        ):
            raise ValueError(
                SAYS(
                    "participating",
                    participating=self.participating,
                    communities=self.communities,
                    name=self.name,
                )
            )
        return self


class Community(BaseModel):
    """A community by name; what is left out is drawn.

    participates : whether its organisations may take part in the partnership
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: OwnName
    region: Reference
    children: float | None = Field(default=None, ge=1, le=10_000_000, json_schema_extra=_CHILDREN)
    deprivation: float | None = Field(default=None, ge=0, le=1)
    participates: bool | None = None


class Settled(NamedTuple):
    """How many communities a region has, what is known of them, and where they are counted from.

    first         : number of its first community
    named         : its communities by name, in the order of the file; none where all are drawn
    communities   : how many there are
    participating : how many take part
    mean_children : mean of those that are drawn
    children      : of the region; where some are drawn, what they come to together
    """

    first: int
    named: tuple[Community, ...]
    communities: int
    participating: int
    mean_children: float
    children: float


def settled(regions: Sequence[Region], communities: Sequence[Community]) -> tuple[Settled, ...]:
    """Return each region's communities, of regions and communities that fit together."""
    named: dict[str, list[Community]] = {region.name: [] for region in regions}
    for community in communities:
        if community.region in named:
            named[community.region].append(community)
    found = []
    first = 0
    for region in regions:
        here = named[region.name]
        many = len(here) if here else region.communities or 0
        mean = region.mean_children or 0.0
        told = [one.children for one in here if one.children is not None]
        staying_away = sum(one.participates is False for one in here)
        joining = region.participating
        found.append(
            Settled(
                first,
                tuple(here),
                many,
                many - staying_away if joining is None else joining,
                mean,
                sum(told) + (many - len(told)) * mean,
            )
        )
        first += many
    return tuple(found)


def unsettled(
    regions: Sequence[Region], communities: Sequence[Community], left_out: LeftOut
) -> Iterator[str]:
    """Yield what does not fit between regions and their named communities."""
    names = {region.name for region in regions}
    lost = left_out.members
    seen: dict[str, int] = {}
    here: dict[str, list[tuple[int, Community]]] = {}
    for at, community in zip(left_out.rows("communities"), communities, strict=False):
        if community.region not in names and "regions" not in lost:
            yield SAYS(
                "region",
                at=at,
                name=community.name,
                region=shown(community.region),
                near=nearest(community.region, names),
            )
        if community.name in seen:
            yield SAYS("name", at=at, name=shown(community.name), other=seen[community.name])
        seen.setdefault(community.name, at)
        here.setdefault(community.region, []).append((at, community))
    if "communities" in lost:
        return  # what a region lacks may be in those that are left out
    for at, region in zip(left_out.rows("regions"), regions, strict=False):
        yield from _of_region(at, region, here)


def _of_region(
    at: int, region: Region, here: Mapping[str, Sequence[tuple[int, Community]]]
) -> Iterator[str]:
    """Yield what is missing or too much in a region."""
    where = f"regions[{at}] ({region.name})"
    named = here.get(region.name, ())
    if not named:
        for field in ("communities", "participating", "mean_children"):
            if getattr(region, field) is None:
                yield SAYS("missing", where=where, field=field)
        return
    if region.communities is not None and region.communities != len(named):
        yield SAYS("count", where=where, communities=region.communities, named=len(named))
    drawn = [f"communities[{row}] ({one.name})" for row, one in named if one.children is None]
    if drawn and region.mean_children is None:
        yield SAYS("children", where=where, one=drawn[0])
    joining = sum(one.participates is True for _, one in named)
    may_join = sum(one.participates is not False for _, one in named)
    if region.participating is not None and not joining <= region.participating <= may_join:
        yield SAYS(
            "participating_other",
            where=where,
            participating=region.participating,
            low=joining,
            high=may_join,
        )
