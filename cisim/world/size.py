"""How large a run of a world is, told before anything is allocated."""

from __future__ import annotations

import os
from math import comb

from cisim.model.input_error import InputError
from cisim.model.outcomes.sums import Sums
from cisim.model.told import Sentences
from cisim.world.world import World

SAYS = Sentences(
    "size",
    ties=(
        "{where}: the world has up to {ties:,} ties; allowed are at most {most:,}: fewer "
        "organisations in a community or bodies in a region, or fewer drawn ties."
    ),
    memory=(
        "{where}: one run of {organisations:,} organisations, up to {ties:,} ties, "
        "{regions:,} regions and {months:,} months needs about {need:,.1f} GB of memory; "
        "allowed is what this machine has, {room:,.1f} GB."
    ),
)

_ORGANISATION, _TIE, _NUMBER = 1000, 250, 8
"""Bytes: an organisation's row, a tie's two rows, a number recorded.

Rows count twice, as a past that several structures share is copied for each (cisim.model.past);
linking takes as much again for a moment. tests/world/test_size.py holds them to what a run has.
"""
_MOST_TIES = 2**30
"""Rows of ties are 32-bit numbers, and each tie has two."""


def most_ties(world: World) -> int:
    """Return how many ties a world has at most, each pair counted once."""
    if world.acquaintance == "given":
        return len(world.ties)
    towns = [*world.named_locals.values()]
    desks = [*world.named_bodies.values()]
    drawn_towns, drawn_desks = world.community_count - len(towns), len(world.regions) - len(desks)
    locals_, bodies = len(world.locals), len(world.bodies)
    within = drawn_towns * comb(locals_, 2) + drawn_desks * comb(bodies, 2)
    within += sum(comb(many, 2) for many in (*towns, *desks))
    many_locals = drawn_towns * locals_ + sum(towns)
    most = world.organisation_count - 1
    drawn = many_locals * (min(most, int(world.body_ties)) + min(most, int(world.sector_ties)))
    drawn += world.organisation_count * min(most, int(world.region_ties))
    return within + drawn + len(world.ties)


def run_bytes(world: World, months: int) -> int:
    """Return about how much memory one run takes at its highest, in bytes."""
    recorded = (months + 1) * (len(world.regions) + 1) * len(Sums._fields) * _NUMBER
    return world.organisation_count * _ORGANISATION + most_ties(world) * _TIE + 2 * recorded


def check_size(world: World, months: int, where: str) -> None:
    """Raise InputError if a run of this world cannot be held by this machine."""
    ties = most_ties(world)
    if ties > _MOST_TIES:
        raise InputError(SAYS("ties", where=where, ties=ties, most=_MOST_TIES))
    need, there = run_bytes(world, months), _memory()
    if there is not None and need > there:
        raise InputError(
            SAYS(
                "memory",
                where=where,
                organisations=world.organisation_count,
                ties=ties,
                regions=len(world.regions),
                months=months,
                need=need / 1e9,
                room=there / 1e9,
            )
        )


def _memory() -> int | None:
    """Return this machine's memory in bytes, None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
