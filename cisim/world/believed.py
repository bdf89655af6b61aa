"""Where a place lies outside what the model's numbers are believed for, and what goes wrong there.

The effects come from trials on one region of 17 communities of 2,000 children with 74
organisations, of which one thing at a time is changed (experiments/outside_what_is_believed.py);
where the bounds are drawn is judgement. With both backbones it gains .8 points of wellbeing in ten
years, and as much (.5 to .8) with 42 to 37,000 organisations, as long as own time and staff are
the same for each child (experiments/size_of_a_world.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from cisim.model.input_error import InputError, printable
from cisim.model.parameters import Parameters
from cisim.model.state import Floats
from cisim.model.told import Sentences, Told
from cisim.world.build import plan
from cisim.world.names import spelling
from cisim.world.size import most_ties
from cisim.world.staffing import most_staff, staffing
from cisim.world.structure import Structure
from cisim.world.world import World

SAYS = Sentences(
    "place",
    some="{names} and {more:,} more",
    value="{low:.2g}",
    span="{low:.2g} to {high:.2g}",
    staff_less="Planned staff comes to {each:.2g} FTE for each of {organisations:,} organisations; "
    "the numbers are believed for {low:g} to {high:g}: with less, hardly anybody is reached (0.05 "
    "points at 0.001 instead of 0.8).",
    staff_more="Planned staff comes to {each:.2g} FTE for each of {organisations:,} organisations; "
    "the numbers are believed for {low:g} to {high:g}: with more, everybody is reached and gains "
    "hang on staff alone (2.5 points at 0.13 instead of 0.8, hardly more at three times that).",
    own_less="Own time comes to {each} FTE for 1,000 children in {places}; the numbers are "
    "believed for {low:g} to {high:g}: with less, working together brings next to nothing.",
    own_more="Own time comes to {each} FTE for 1,000 children in {places}; the numbers are "
    "believed for {low:g} to {high:g}: with more, a partnership forms and gains by itself, without "
    "any backbone.",
    mean_less="An organisation has {mean:.2g} FTE of own time in the mean; the numbers are "
    "believed for {low:g} to {high:g}: with less, meetings take much of it.",
    mean_more="An organisation has {mean:.2g} FTE of own time in the mean; the numbers are "
    "believed for {low:g} to {high:g}: with more, meetings cost next to nothing.",
    crowded={
        form: "{places} " + has + " {each} organisations; the numbers are believed for at most "
        "{most}: all of a community know each other, so that relations stay thin. Give the ties "
        '(acquaintance = "given").'
        for form, has in (("one", "has"), ("other", "have"))
    },
    known="An organisation knows up to {ties:.0f} others in the mean; the numbers are believed for "
    "at most {most}: meetings are spread over all of them, so that relations stay thin. Give only "
    "ties of those who work together.",
    small={
        form: "{places} " + has + " fewer than {children:,.0f} children: sponsors there have less "
        "money, in proportion (sponsor_children), and what one organisation does decides much, and "
        "so does luck."
        for form, has in (("one", "has"), ("other", "have"))
    },
    organisations_alike="organisations has {one} and {other}: are they one, spelt in two ways? "
    "They are taken as two.",
    communities_alike="communities has {one} and {other}: are they one, spelt in two ways? They "
    "are taken as two.",
)
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
    name = "staff_less" if each < low else "staff_more"
    many = world.organisation_count
    return [SAYS(name, each=each, organisations=many, low=low, high=high)]


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
    for outside, name in ((each < low, "own_less"), (each > high, "own_more")):
        if outside.any():
            there, comes_to = _listed(names, outside), _span(each[outside])
            yield SAYS(name, each=comes_to, places=there, low=low, high=high)
    low, high = (round(share * p.staff_time, 9) for share in OF_AN_ORGANISATION)
    mean = round(float(time.sum()) / world.organisation_count, 9)  # .6 of each is .6 in the mean
    if not low <= mean <= high:
        yield SAYS("mean_less" if mean < low else "mean_more", mean=mean, low=low, high=high)


def _thin(world: World) -> Iterator[str]:
    known = plan(world)
    towns = np.diff(known.layout.local_start)
    crowded = towns > IN_A_COMMUNITY
    if world.acquaintance != "given" and crowded.any():
        there, each = _listed(world.community_names, crowded), _span(towns[crowded])
        yield SAYS("crowded", n=int(crowded.sum()), places=there, each=each, most=IN_A_COMMUNITY)
    ties = 2.0 * most_ties(world) / world.organisation_count
    if ties > KNOWN:
        yield SAYS("known", ties=ties, most=KNOWN)


def _small(world: World, p: Parameters) -> Iterator[str]:
    small = _children(world) < p.sponsor_children
    if small.any():
        there = _listed([region.name for region in world.regions], small)
        yield SAYS("small", n=int(small.sum()), places=there, children=p.sponsor_children)


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
                one, other = printable(seen[key], 60), printable(name, 60)
                yield SAYS(f"{what}_alike", one=one, other=other)
            seen.setdefault(key, name)


def _listed(names: Sequence[str], which: np.ndarray) -> str:
    """Return the first of the names that are meant, and how many more there are."""
    rows = np.flatnonzero(which).tolist()
    told = [printable(names[row], 60) for row in rows[:_NAMED]]
    more = len(rows) - len(told)
    return SAYS("some", names=", ".join(told), more=more) if more else ", ".join(told)


def _span(values: np.ndarray) -> Told:
    low, high = float(values.min()), float(values.max())
    if f"{low:.2g}" == f"{high:.2g}":
        return SAYS("value", low=low)
    return SAYS("span", low=low, high=high)
