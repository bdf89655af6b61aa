"""Who may take part, and who begins: a structure may choose both, else the world's file says it.

The place stays the same: communities, organisations and their past do not depend on who takes part,
so structures that differ in it compare in one world.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from cisim.model.input_error import nearest, shown
from cisim.model.state import Flags, Floats, Ints
from cisim.model.told import Sentences
from cisim.world.names import Reference
from cisim.world.world import World

SAYS = Sentences(
    "participation",
    region="{where}: participation.region is {region}, which is not a region of this world.{near}",
    unknown="{field}{at}[{row}] is {name}, which is no {kind} of this world.{near}",
    community="community",
    organisation="organisation",
    again="{field}{at}[{row}] is {name}, which is named before; allowed is once.",
)

Which = Literal["largest", "smallest", "random"]


class _Choice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class SomeCommunities(_Choice):
    """So many communities of each region, or of one; all of a region that has no more.

    which  : the largest or smallest by children, or at random, drawn with the seed
    region : left out, every region; the others stay as the world says
    """

    number: int = Field(ge=0, le=10_000, json_schema_extra={"unit": "communities"})
    which: Which = "largest"
    region: Reference | None = None


class NamedCommunities(_Choice):
    """Exactly these communities, by name; nobody else's."""

    names: list[Reference] = Field(min_length=1, max_length=1_000_000)


def _form_of_participation(given: Any) -> str:
    if isinstance(given, str):
        return "word"
    return "names" if _has(given, "names") else "number"


Participation = Annotated[
    Annotated[Literal["file", "all", "none"], Tag("word")]
    | Annotated[SomeCommunities, Tag("number")]
    | Annotated[NamedCommunities, Tag("names")],
    Discriminator(_form_of_participation),
]
"""Which communities take part: as the world's file says, all, none, so many, or these."""


class NamedFounders(_Choice):
    """Exactly these organisations found the partnership, as far as they may take part."""

    names: list[Reference] = Field(min_length=1, max_length=1_000_000)


class NetworkFounders(_Choice):
    """Those found it who know and trust each other best when it begins.

    number : of a region; left out, as many as the draw would make founders
    """

    network: Literal[True]
    number: int | None = Field(
        default=None, ge=0, le=10_000, json_schema_extra={"unit": "organisations"}
    )


def _form_of_founders(given: Any) -> str:
    if isinstance(given, str):
        return "word"
    return "names" if _has(given, "names") else "network"


def _has(given: Any, field: str) -> bool:
    return field in given if isinstance(given, Mapping) else hasattr(given, field)


Founders = Annotated[
    Annotated[Literal["file", "drawn", "network", "none"], Tag("word")]
    | Annotated[NamedFounders, Tag("names")]
    | Annotated[NetworkFounders, Tag("network")],
    Discriminator(_form_of_founders),
]
"""Who founds it: whom the world's file names or else a draw; a draw; nobody, so that only those are
in it whom a backbone recruits; these; or a network, by that word or with how many."""


def wrong_choices(
    participation: Any, founders: Any, left_out: Sequence[str], world: World, where: str
) -> Iterator[str]:
    """Yield a sentence for each name in what a structure chooses that this world has not.

    participation : a Participation; founders : Founders
    """
    if isinstance(participation, SomeCommunities) and participation.region is not None:
        regions = [region.name for region in world.regions]
        if participation.region not in regions:
            yield SAYS(
                "region",
                where=where,
                region=shown(participation.region),
                near=nearest(participation.region, regions),
            )
    if isinstance(participation, NamedCommunities):
        field = f"{where}: participation"
        yield from unknown(participation.names, world.community_names, field, "community")
    if isinstance(founders, NamedFounders):
        field = f"{where}: founders"
        yield from unknown(founders.names, world.organisation_names, field, "organisation")
    if left_out:
        yield from unknown(
            left_out, world.organisation_names, f"{where}: left_out", "organisation", at=""
        )


def unknown(
    names: Sequence[str], known: Sequence[str], field: str, what: str, at: str = ".names"
) -> Iterator[str]:
    """Yield a sentence for each name that this world has not, or that is there twice.

    what : community or organisation
    """
    there, seen = set(known), set[str]()
    for row, name in enumerate(names):
        if name not in there:
            yield SAYS(
                "unknown",
                field=field,
                at=at,
                row=row,
                name=shown(name),
                kind=SAYS(what),
                near=nearest(name, known),
            )
        elif name in seen:
            yield SAYS("again", field=field, at=at, row=row, name=shown(name))
        seen.add(name)


def choose_communities(
    number: Mapping[int, tuple[int, Which]],
    region: Ints,
    children: Floats,
    draw: Floats,
    told: NDArray[np.int8],
) -> Flags:
    """Return (C,) which communities take part, by size or chance; equals by their number.

    number : region -> how many, and which of Which
    draw   : (C,) luck of each, 0..1
    told   : (C,) 1 where a community surely takes part, 0 where it surely does not, else -1
    """
    turn = np.zeros(children.size)
    wanted = np.zeros(children.size, np.int64)
    for r, (count, which) in number.items():
        here = region == r
        order = {"largest": -children, "smallest": children, "random": draw}[which]
        turn[here], wanted[here] = order[here], count
    turn[told == 1], turn[told == 0] = -np.inf, np.inf
    first_come = np.lexsort((turn, region))
    start = np.searchsorted(region, region)
    rank = np.arange(children.size) - start
    chosen = np.zeros(children.size, np.bool_)
    chosen[first_come] = rank < wanted
    return chosen
