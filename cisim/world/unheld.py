"""Which functions of leadership nobody of a structure holds, before any run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from cisim.model.outcomes.sums import LEAD, SPONSORS
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES
from cisim.world.events import BackboneChosen, BackboneStarts, Event
from cisim.world.structure import Structure


def unheld(structure: Structure, events: Iterable[Event] = ()) -> dict[str, str]:
    """Return the functions that nobody of a structure holds at any time, with who would.

    events : of its scenario; one may start a backbone
    A lead organisation may stand in for regional roles; where it alone may, the word is "lead".
    """
    there = _there(structure, set(_started(events)))
    found = {}
    for name, holders in structure.functions.holders.items():
        if there & set(holders):
            continue
        may = LEAD in holders or bool(set(holders) & set(REGIONAL_ROLES))
        found[name] = LEAD if may else ", ".join(holders)
    return found


def unheld_in_words(structure: Structure, events: Iterable[Event] = ()) -> list[str]:
    """Return a sentence for the functions that nobody holds, and one for those a lead may hold."""
    found = unheld(structure, events)
    nobody = [
        f"{name.replace('_', ' ')} ({f'carried by {who}' if who else 'carried by nobody'})"
        for name, who in found.items()
        if who != LEAD
    ]
    lead = [name.replace("_", " ") for name, who in found.items() if who == LEAD]
    told = [f"Functions that nobody holds: {', '.join(nobody)}."] if nobody else []
    if lead:
        told.append(f"Functions that only a lead organisation may hold: {', '.join(lead)}.")
    return told


def _started(events: Iterable[Event]) -> Iterator[str]:
    """Yield the levels on which events start a backbone."""
    for event in events:
        if isinstance(event, BackboneStarts):
            yield event.level
        elif isinstance(event, BackboneChosen):
            yield "regional"


def _there(structure: Structure, started: Collection[str]) -> set[str]:
    """Return which holders a structure has at some time; a lead organisation is not counted."""
    found = set()
    levels = {
        "national": (structure.national_fte > 0.0, structure.national_roles, NATIONAL_ROLES),
        "regional": (structure.regional, structure.regional_roles, REGIONAL_ROLES),
    }
    for where, (staffed, usual, names) in levels.items():
        posts = [post for post in structure.posts if post.where == where]
        staffed = staffed or where in started
        shares = [{name: getattr(usual, name) for name in names}] if staffed else []
        shares += [
            {name: getattr(usual, name) for name in names} if post.roles is None else post.roles
            for post in posts
        ]
        found |= {name for one in shares for name, share in one.items() if share > 0.0}
    if structure.academic_fte > 0.0 or any(post.where == "academic" for post in structure.posts):
        found |= {"evaluation", "knowledge"}
    rows = [one for one in structure.sponsors if isinstance(one, str) or one.present]
    if any(
        (structure.sponsor_link if isinstance(one, str) or one.link is None else one.link) > 0.0
        for one in rows
    ):
        found.add(SPONSORS)
    return found
