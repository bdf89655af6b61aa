"""What happens from one month of a film to the next: who joins or leaves, whose promise is missed.

A mandate has lapsed where it falls below LAPSED. Somebody has broken a promise visibly where those
who know them trust them less by BROKE than a month ago: less than that happens all the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cisim.show.page.words import say
from cisim.show.places_in_words import place
from cisim.world.world import World

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LAPSED = 0.3
BROKE = 0.02
KINDS = ("joined", "left", "broke", "lapsed")
MANY = 0.05
"""Of those that take part: so many at once are worth a pause."""


class Standing(NamedTuple):
    """How things stand in a month; organisations, backbones and sponsors by number.

    member  : (N,) bool
    mandate : (N,) 0..1
    regard  : (N,) how far those who know an organisation trust it, 0..1
    working : (R+1,) bool, backbones with staff, the national one first
    present : (4R,) bool, sponsors that are there
    """

    member: Bools
    mandate: Floats
    regard: Floats
    working: Bools
    present: Bools


class Happened(NamedTuple):
    """What has happened since the month before: organisations by number, and changes above them.

    started, ended : backbones; came, went : sponsors
    """

    joined: Ints
    left: Ints
    broke: Ints
    lapsed: Ints
    started: Ints
    ended: Ints
    came: Ints
    went: Ints


def between(before: Standing | None, now: Standing) -> Happened:
    """Return what has happened between two months; nothing before the first."""
    then = before or now
    both = then.member & now.member
    found = (
        now.member & ~then.member,
        then.member & ~now.member,
        both & (now.regard <= then.regard - BROKE),
        both & (then.mandate >= LAPSED) & (now.mandate < LAPSED),
        now.working & ~then.working,
        then.working & ~now.working,
        now.present & ~then.present,
        then.present & ~now.present,
    )
    return Happened(*(np.flatnonzero(one) for one in found))


def told(
    happened: Happened, scheduled: Sequence[str], names: Sequence[str], world: World
) -> str:  # fmt: skip
    """Return what has happened in sentences, "" if nothing has: what stands above others first.

    scheduled : kinds of the events of that month
    names     : of organisations
    """
    said = [f"{say(f'event_kinds.{kind}')}." for kind in scheduled]
    regions = [place(region.name) for region in world.regions]
    for name in ("started", "ended"):
        said += _above(name, getattr(happened, name).tolist(), regions)
    for name in ("came", "went"):
        where = [regions[number // 4] for number in getattr(happened, name).tolist()]
        if where:
            said.append(say(f"happened.{name}", n=len(where), region=where[0]))
    for name in KINDS:
        who = getattr(happened, name)
        if who.size:
            said.append(say(f"happened.{name}", n=int(who.size), name=names[int(who[0])]))
    return " ".join(said)


def _above(name: str, backbones: list[int], regions: list[str]) -> list[str]:
    """Return sentences about backbones; 0 is the national one."""
    said = [say(f"happened.{name}_national")] if 0 in backbones else []
    where = [regions[number - 1] for number in backbones if number]
    if where:
        said.append(say(f"happened.{name}", n=len(where), region=where[0]))
    return said


def notable(months: Iterable[Happened], scheduled: Sequence[Sequence[str]], members: Ints) -> Bools:
    """Return the months at which play slows down: (K,) bool.

    Those are months with an event or a change of backbones and sponsors, those in which many leave,
    break promises or lose their mandate, and the first month in which anybody does.

    members : (K,) how many take part
    """
    slow = []
    seen: set[str] = set()
    for one, events, count in zip(months, scheduled, members.tolist(), strict=True):
        many = max(3.0, MANY * count)
        sizes = {name: getattr(one, name).size for name in KINDS[1:]}
        first = {name for name, size in sizes.items() if size} - seen
        seen |= first
        above = any(part.size for part in (one.started, one.ended, one.came, one.went))
        slow.append(bool(events) or above or bool(first) or max(sizes.values()) >= many)
    return np.array(slow, bool)
