"""What a backbone does not do: five limits, and who of a structure crosses them.

The source gives advice, so crossing a limit is told and not refused. A structure that means it says
so, `allow = ["funding"]`, and nothing is told any more.

Source  NZ What the backbone doesn't do (each limit, in its words); by which choice of a structure
        one is crossed is judgement
"""

from __future__ import annotations

from collections.abc import Iterator

from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES
from cisim.model.told import Sentences
from cisim.world.responsibilities import LIMITS, Limit
from cisim.world.structure import Structure

SAYS = Sentences(
    "limits",
    crossed="A backbone {limit} (NZ), but {by_what}; a structure that means it says allow = "
    '["{name}"].',
    agenda="neutrality is 0, so nothing keeps those who pay from setting the agenda",
    solutions="no role that supports partners has any time, so staff work alone",
    funding="backbone_share is 1, so sponsors pay nothing of partners' work",
    self_appointed="founders is none, so nobody is there to select the backbone",
    structure="{level}_roles leave {rest:.0%} of staff time to administration",
    idle="allow has {limit}, a limit that nothing here crosses.",
    **{f"its_{name}": words for name, words in LIMITS.items()},
)
_SUPPORTING = {"national": ("implementation",), "regional": ("cross_sectoral", "local_support")}
"""Roles that support those who align their activities, by level."""
_MOST_ADMINISTRATION = 0.5
"""A larger share of staff time without any role is not the minimum of structure; judgement."""


def crossed(structure: Structure) -> Iterator[tuple[Limit, str]]:
    """Yield each limit that a structure crosses, and by what; none without a backbone."""
    levels = _levels(structure)
    if not levels:
        return
    if structure.neutrality == 0.0:
        yield "agenda", SAYS("agenda")
    supporting = [levels[level][role] for level in levels for role in _SUPPORTING[level]]
    if not any(supporting):
        yield "solutions", SAYS("solutions")
    if structure.backbone_share == 1.0 and _sponsors_pay(structure):
        yield "funding", SAYS("funding")
    if structure.founders == "none":
        yield "self_appointed", SAYS("self_appointed")
    for level, shares in levels.items():
        rest = 1.0 - sum(shares.values())
        if rest > _MOST_ADMINISTRATION:
            yield "structure", SAYS("structure", level=level, rest=rest)


def limit_notes(structure: Structure) -> list[str]:
    """Return a sentence for each limit that is crossed and not allowed on purpose."""
    return [
        SAYS("crossed", limit=SAYS(f"its_{limit}"), by_what=by_what, name=limit)
        for limit, by_what in crossed(structure)
        if limit not in structure.allow
    ]


def idle_limits(structure: Structure) -> list[str]:
    """Return a sentence for each limit that a file allows and does not cross.

    It is said of a file that is checked; a lever that is changed in a run may well take it away.
    """
    found = dict(crossed(structure))
    return [SAYS("idle", limit=limit) for limit in structure.allow if limit not in found]


def _levels(structure: Structure) -> dict[str, dict[str, float]]:
    """Return the shares of time by role of each level that may have staff."""
    posts = {post.where for post in structure.posts}
    there = {
        "national": structure.national_fte > 0.0 or "national" in posts,
        "regional": structure.regional or "regional" in posts,
    }
    names = {"national": NATIONAL_ROLES, "regional": REGIONAL_ROLES}
    roles = {"national": structure.national_roles, "regional": structure.regional_roles}
    return {
        level: {name: getattr(roles[level], name) for name in names[level]}
        for level, staffed in there.items()
        if staffed
    }


def _sponsors_pay(structure: Structure) -> bool:
    """Return whether sponsors may pay a post by their rule."""
    theirs = any("sponsors" in (post.payer, post.after) for post in structure.posts)
    return theirs or (structure.regional and structure.sponsors_post > 0.0)
