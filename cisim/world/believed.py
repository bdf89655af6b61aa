"""Where a place lies outside what the model's numbers are believed for, and what goes wrong there.

The effects come from trials on one region of 17 communities of 2,000 children with 74
organisations, of which one thing at a time is changed (experiments/outside_what_is_believed.py);
where the bounds are drawn is judgement. With both backbones it gains .7 points of wellbeing in ten
years, and as much (.5 to .7) with 42 to 37,000 organisations, as long as own time and staff are
the same for each child (experiments/size_of_a_world.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from cisim.model.input_error import InputError, printable
from cisim.model.parameters import Parameters
from cisim.model.state import Floats
from cisim.world.build import plan
from cisim.world.names import spelling
from cisim.world.size import most_ties
from cisim.world.staffing import most_staff, staffing
from cisim.world.structure import Structure
from cisim.world.world import World

OWN_TIME = (0.15, 1.5)
"""Own time, FTE for 1,000 children of a region."""
MOST_OWN_TIME = 40.0
"""FTE for 1,000 children; with more wellbeing leaves its scale of 0 to 100, as with grants."""
OF_AN_ORGANISATION = (0.4, 4.0)
"""Own time of an organisation in the mean, of that of a local one of usual size."""
IN_A_COMMUNITY = 12
"""Organisations of a community that all know each other."""
KNOWN = 40
"""Ties of an organisation in the mean."""
STAFF = (0.003, 0.08)
"""Paid staff for each organisation that there is, FTE."""
_NAMED = 3


def place_notes(world: World, p: Parameters) -> list[str]:
    """Return where a place lies outside what is believed, a sentence each."""
    return [*_own_time(world, p), *_thin(world), *_small(world, p), *_spelt_alike(world)]


def staff_notes(world: World, structure: Structure) -> list[str]:
    """Return whether a structure has much more or less staff than is believed for so many."""
    staff = most_staff(staffing(world, structure))
    each = staff / world.organisation_count
    low, high = STAFF
    if staff == 0.0 or low <= each <= high:
        return []
    wrong = (
        "with less, hardly anybody is reached (0.07 points at 0.001 instead of 0.7)"
        if each < low
        else "with more, everybody is reached and gains hang on staff alone (1.8 points at 0.13 "
        "instead of 0.7, and no more at three times that)"
    )
    return [
        (
            f"Planned staff comes to {each:.2g} FTE for each of {world.organisation_count:,} "
            f"organisations; the numbers are believed for {low:g} to {high:g}: {wrong}."
        )
    ]


def check_own_time(world: World, where: str) -> None:
    """Raise InputError if organisations have more time than wellbeing has room for."""
    found = own_time(world, Parameters()) / _children(world)
    found *= 1000.0
    wrong = [
        f"{where}: organisations of {printable(region.name)} have {each:,.3g} FTE of own time for "
        f"1,000 children; allowed are at most {MOST_OWN_TIME:g}, as with more of it wellbeing "
        f"leaves its scale of 0 to 100: more children, or less own_time or fewer organisations."
        for region, each in zip(world.regions, found.tolist(), strict=True)
        if each > MOST_OWN_TIME
    ]
    if wrong:
        raise InputError(*wrong[:20])


def own_time(world: World, p: Parameters) -> Floats:
    """Return (R,) the own time of a region's organisations, FTE, with drawn children as a mean."""
    known = plan(world)
    means = np.array([here.mean_children for here in world.settled])
    children = np.where(np.isnan(known.children), means[known.community_region], known.children)
    local = known.community >= 0
    drawn = np.full(known.community.size, p.body_time * p.staff_time)
    drawn[local] = p.staff_time * np.sqrt(children[known.community[local]] / p.reference_children)
    each = np.where(np.isnan(known.own_time), drawn, known.own_time)
    total = np.zeros(len(world.regions))
    np.add.at(total, known.region, each)
    return total


def _children(world: World) -> Floats:
    return np.array([here.children for here in world.settled])


def _own_time(world: World, p: Parameters) -> Iterator[str]:
    time, children = own_time(world, p), _children(world)
    low, high = OWN_TIME
    each = 1000.0 * time / children
    names = [region.name for region in world.regions]
    for outside, wrong in (
        (each < low, "with less, working together brings next to nothing"),
        (
            each > high,
            (
                "with more, a partnership forms and gains by itself, without "
                "any backbone, and with much more it does harm, as too much own work is left for it"
            ),
        ),
    ):
        if outside.any():
            yield (
                f"Own time comes to {_span(each[outside])} FTE for 1,000 children in "
                f"{_listed(names, outside)}; the numbers are believed for {low:g} to {high:g}: "
                f"{wrong}."
            )
    low, high = (round(share * p.staff_time, 9) for share in OF_AN_ORGANISATION)
    mean = round(float(time.sum()) / world.organisation_count, 9)  # .6 of each is .6 in the mean
    if not low <= mean <= high:
        wrong = (
            "with less, meetings take much of it"
            if mean < low
            else "with more, meetings cost next to nothing"
        )
        yield (
            f"An organisation has {mean:.2g} FTE of own time in the mean; the numbers are believed "
            f"for {low:g} to {high:g}: {wrong}."
        )


def _thin(world: World) -> Iterator[str]:
    known = plan(world)
    towns = np.diff(known.layout.local_start)
    crowded = towns > IN_A_COMMUNITY
    if world.acquaintance != "given" and crowded.any():
        yield (
            f"{_listed(world.community_names, crowded)} "
            f"{'has' if crowded.sum() == 1 else 'have'} {_span(towns[crowded])} organisations; "
            f"the numbers are believed for at most {IN_A_COMMUNITY}: all of a community know each "
            f"other, so that relations stay thin. Give the "
            f'ties (acquaintance = "given").'
        )
    ties = 2.0 * most_ties(world) / world.organisation_count
    if ties > KNOWN:
        yield (
            f"An organisation knows up to {ties:.0f} others in the mean; the numbers are believed "
            f"for at most {KNOWN}: meetings are spread over all of them, so that relations stay "
            f"thin. Give only ties of those who work "
            f"together."
        )


def _small(world: World, p: Parameters) -> Iterator[str]:
    small = _children(world) < p.sponsor_children
    if small.any():
        yield (
            f"{_listed([region.name for region in world.regions], small)} "
            f"{'has' if small.sum() == 1 else 'have'} fewer than {p.sponsor_children:,.0f} "
            f"children: sponsors there have less money, in proportion (sponsor_children), and what "
            f"one organisation does decides much, and so does luck."
        )


def _spelt_alike(world: World) -> Iterator[str]:
    """Ask whether two names are two spellings of one."""
    for what, names in (
        ("organisations", [one.name for one in world.organisations]),
        ("communities", [one.name for one in world.communities]),
    ):
        seen: dict[str, str] = {}
        for name in names:
            key = spelling(name)
            if key and key in seen:
                yield (
                    f"{what} has {printable(seen[key], 60)} and {printable(name, 60)}: are they "
                    f"one, spelt in two ways? They are taken as two."
                )
            seen.setdefault(key, name)


def _listed(names: Sequence[str], which: np.ndarray) -> str:
    """Return the first of the names that are meant, and how many more there are."""
    rows = np.flatnonzero(which).tolist()
    told = [printable(names[row], 60) for row in rows[:_NAMED]]
    more = len(rows) - len(told)
    return ", ".join(told) + (f" and {more:,} more" if more else "")


def _span(values: np.ndarray) -> str:
    low, high = float(values.min()), float(values.max())
    return f"{low:.2g}" if f"{low:.2g}" == f"{high:.2g}" else f"{low:.2g} to {high:.2g}"
