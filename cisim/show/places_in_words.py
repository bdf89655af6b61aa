"""What a room calls places and organisations that a world only numbers or has made up."""

from __future__ import annotations

import re

from cisim.show.language.texts import part, say
from cisim.world.world import World

_NUMBERED = re.compile(r"(?P<sector>.+?)(?:-(?P<number>\d+))?")


def place(name: str) -> str:
    """Return a region as it is said: one that is made up has a word in each language."""
    return str(part("places").get(name, name))


def organisations(world: World) -> list[str]:
    """Return what each organisation is called, by number; a name that people gave stays.

    One without a name, "Pohde/3/youth", is what it does and where: "Youth work (Pohde, community
    3)", a body's "Pohde/third-2" is "Association 2 (Pohde)".
    """
    regions = {region.name for region in world.regions}
    alone = len(regions) == 1
    given = {one.name for one in world.organisations}
    return [
        name if name in given or name.partition("/")[0] not in regions else _said(name, alone)
        for name in world.organisation_names
    ]


def _said(name: str, alone: bool) -> str:
    """alone : whether there is one region only, which then goes without saying."""
    region, _, rest = name.partition("/")
    community, _, kind = rest.rpartition("/")
    found = _NUMBERED.fullmatch(kind)
    assert found is not None
    sector = say(f"sectors_said.{found['sector']}")
    if found["number"]:
        sector = f"{sector} {found['number']}"
    if community.isdecimal():
        community = say("places_said.community", number=community)
        where = community if alone else f"{place(region)}, {community}"
    else:
        where = community or place(region)
    return f"{sector} ({where})"
