"""Why do both backbones gain so much more in the one town than in Finland's five regions? The town
is changed into Finland step by step; then a large region gets back what its size had thinned out.

    python experiments/town_and_country.py     writes results/town-and-country.md; two minutes

Each number of the model has one value (`--beliefs fixed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from benchmarks.page import table

import cisim
from cisim.lab.warm import warm
from cisim.model.parameters import Parameters
from cisim.model.state import Floats
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "results" / "town-and-country.md"
SCENARIO, OUTCOME = "national-and-regional", "wellbeing_gain"
ONE, FIVE = 60, 20
"""Futures of a place of one region, and of one of five."""
COMMUNITIES, TAKE_PART = 17, 13
"""Of a usual Finnish region: 85 communities in five, 65 of which take part."""
OPENING = """\
# Why one town gains more than Finland

Written by `python experiments/town_and_country.py`: points of wellbeing that both backbones gain in
ten years, mean and standard error, each number of the model at its one value. Staff, money and
time are those of month 120, FTE for 1,000 children."""
STEPS = """\
## From the town to Finland, a step at a time

Each row keeps what the rows above it have changed."""
GIVEN_BACK = """\
## What a large region thins out, given back

The third row above, a region of {communities} communities in place of six, with {times:.2g} times
as much of what a region has however large it is: for each child as much as before that step."""
BY_REGION = """\
## Finland's own regions

The same in one country: most is gained where a region's staff, sponsors and bodies serve few
children, least where they serve many. In Pirha four municipalities of 23 take part."""
HEAD = ["place", "gain, points", "regional staff", "sponsors' money", "joint work"]


class Place(NamedTuple):
    """A place of like regions.

    staff  : planned in each region (FTE)
    nation : what national staff, given for five regions, is multiplied by
    """

    regions: int = 1
    communities: int = 6
    part: int = 6
    children: float = 1500.0
    staff: float = 1.0
    nation: float | None = None
    locals_: Sequence[str] = ("education", "youth", "third", "private")

    def world(self) -> World:
        """Return it as a world; all else is the town's."""
        town = load_world("one-town").said
        regions: list[dict[str, Any]] = [
            {
                "name": f"R{row}",
                "communities": self.communities,
                "participating": self.part,
                "mean_children": self.children,
                "seed_fte": self.staff,
            }
            for row in range(self.regions)
        ]
        more = {} if self.nation is None else {"national_scale": self.nation}
        kept = {name: town[name] for name in ("title", "source", "bodies")}
        return World(**kept, **more, regions=regions, locals=list(self.locals_))  # type: ignore[arg-type]


class Seen(NamedTuple):
    """What both backbones come to: gain (n,) in points, then FTE for 1,000 children."""

    gain: Floats
    staff: float
    money: float
    work: float

    def cells(self) -> list[str]:
        """Return it as cells of a table."""
        error = self.gain.std(ddof=1) / np.sqrt(self.gain.size)
        parts = (self.staff, self.money, self.work)
        return [f"{self.gain.mean():.2f} ± {error:.2f}", *(f"{one:.3f}" for one in parts)]


def seen(world: World, futures: int, region: int = -1, **numbers: float) -> Seen:
    """Return what a world shows, in the whole or in one region."""
    chosen = Scenario.load(SCENARIO, world="one-town").with_(world=world, parameters=numbers)
    runs = cisim.simulate(chosen, futures, 1, by_region=True)
    last = {
        name: runs.values[:, -1, region, runs.outcomes.index(name)]
        for name in (OUTCOME, "regional_staff", "sponsor_money", "joint_fte")
    }
    thousands = (world.children if region < 0 else world.settled[region].children) / 1000
    return Seen(last[OUTCOME], *(float(last[name].mean() / thousands) for name in [*last][1:]))


def steps() -> dict[str, tuple[World, int]]:
    """Return the places between the town and Finland, with how many futures of each."""
    finland = load_world("finland")
    children = finland.children / finland.community_count
    staff = sum(one.seed_fte for one in finland.regions) / len(finland.regions)
    town = Place()
    larger = town._replace(children=children)
    region = larger._replace(communities=COMMUNITIES, part=COMMUNITIES)
    some = region._replace(part=TAKE_PART)
    planned = some._replace(staff=staff)
    five = planned._replace(regions=5)
    words = {
        f"the town: one region of six communities, {town.children:,.0f} children each": town,
        f"communities of {children:,.0f} children, as Finland's": larger,
        f"a region of {COMMUNITIES} communities": region,
        f"{TAKE_PART} of them take part": some,
        f"planned staff of {staff:g} FTE a region in place of {town.staff:g}": planned,
        "five such regions": five,
    }
    found = {name: (one.world(), FIVE if one.regions > 1 else ONE) for name, one in words.items()}
    return {**found, "Finland, whose regions differ": (finland, FIVE)}


def given_back() -> dict[str, tuple[World, dict[str, float]]]:
    """Return the large region with as much for each child as six communities have, by what."""
    finland, p = load_world("finland"), Parameters()
    times = COMMUNITIES / 6
    large = Place(1, COMMUNITIES, COMMUNITIES, finland.children / finland.community_count)
    posts = large._replace(staff=times, nation=times / 5)
    money = {"sponsor_budget": p.sponsor_budget * times}
    time = {"body_time": p.body_time * times}
    return {
        "as it is": (large.world(), {}),
        "planned staff, regional and national": (posts.world(), {}),
        "sponsors' money": (large.world(), money),
        "time of regional bodies": (large.world(), time),
        "all three": (posts.world(), money | time),
    }


def document() -> str:
    """Return the page."""
    first = [[name, *seen(world, many).cells()] for name, (world, many) in steps().items()]
    back = [
        [name, *seen(world, ONE, **numbers).cells()]
        for name, (world, numbers) in given_back().items()
    ]
    finland = load_world("finland")
    regions = [
        [f"{one.name}, {here.children:,.0f} children", *seen(finland, FIVE, row).cells()]
        for row, (one, here) in enumerate(zip(finland.regions, finland.settled, strict=True))
    ]
    parts = [OPENING, STEPS, table(HEAD, first)]
    parts += [
        GIVEN_BACK.format(communities=COMMUNITIES, times=COMMUNITIES / 6),
        table(HEAD, back),
        BY_REGION,
        table(HEAD, regions),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write the page."""
    warm(None)
    DOCUMENT.write_text(document(), encoding="utf-8")
    print(f"{DOCUMENT.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()
