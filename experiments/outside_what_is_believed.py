"""What goes wrong where a place lies outside what the numbers are believed for? The effects that
cisim/world/believed.py tells of: one region, in which one thing at a time is changed.

    python experiments/outside_what_is_believed.py        prints a table; about two minutes
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cisim
from cisim.lab.warm import warm
from cisim.model.parameters import Parameters
from cisim.world.believed import own_time
from cisim.world.size import most_ties
from cisim.world.staffing import most_staff, staffing
from cisim.world.world import World

COMMUNITIES, CHILDREN = 17, 2000.0
LOCALS = ["education", "youth", "third", "private"]
BODIES = ["health", "social", "third", "youth", "social", "third"]
FUTURES = 40
USUAL = Parameters()


@dataclass(frozen=True)
class Trial:
    """A region in which one thing differs.

    time, staff : times the usual own time of an organisation, and the usual staff
    children    : of each community
    locals_     : organisations of each community
    world       : other fields of the world
    """

    words: str
    time: float = 1.0
    staff: float = 1.0
    children: float = CHILDREN
    locals_: int = len(LOCALS)
    world: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> World:
        """Return the world."""
        region = {
            "name": "R",
            "communities": COMMUNITIES,
            "participating": COMMUNITIES,
            "mean_children": self.children,
            "seed_fte": 1.0,
        }
        return World(
            title="One region",
            source="made up",
            locals=[LOCALS[at % len(LOCALS)] for at in range(self.locals_)],  # type: ignore[misc]
            bodies=BODIES,  # type: ignore[arg-type]
            children_spread=0.0,
            national_scale=0.2 * self.staff,
            regions=[region],  # type: ignore[list-item]
            **self.world,
        )

    def scenario(self, name: str) -> cisim.Scenario:
        """Return a scenario in it, with its own time and staff."""
        one = cisim.Scenario.load(name, world=self.place, months=120)
        one = one.with_(parameters={"staff_time": USUAL.staff_time * self.time})
        return one.with_(structure_changes={"regional_scale": self.staff})


def trials() -> Iterator[Trial]:
    """Yield the usual region, and those outside what is believed."""
    usual = Trial("as usual")
    here = usual.scenario("national-and-regional")
    per_child = 1000.0 * own_time(usual.place, USUAL)[0] / (COMMUNITIES * CHILDREN)
    per_organisation = own_time(usual.place, USUAL)[0] / usual.place.organisation_count
    per_staff = most_staff(staffing(usual.place, here.structure)) / usual.place.organisation_count
    yield usual
    for wanted in (0.08, 3.0, 8.0):
        yield Trial(f"own time {wanted:g} FTE for 1,000 children", time=wanted / per_child)
    for wanted in (0.05, 0.8):  # as much time for each child: time of a local goes with its root
        ratio = wanted / per_organisation
        words = f"own time {wanted:g} FTE an organisation, as much for each child"
        yield Trial(words, time=math.sqrt(ratio), children=CHILDREN * ratio)
    many = 20 / len(LOCALS)
    grown = (20 * COMMUNITIES + len(BODIES)) / usual.place.organisation_count
    yield Trial(
        "20 organisations a community, as much time and staff for each",
        time=1.0 / math.sqrt(many),
        children=CHILDREN * many,
        locals_=20,
        staff=grown,
    )
    yield Trial("many ties", world={"sector_ties": 29})
    for wanted in (0.001, 0.13, 0.39):
        yield Trial(f"staff {wanted:g} FTE an organisation", staff=wanted / per_staff)


def gain(scenario: cisim.Scenario) -> str:
    """Return the wellbeing gained in ten years, points, and its standard error."""
    seen = cisim.simulate(scenario, FUTURES, outcomes=["wellbeing_gain"], months=120)
    values = seen.at("wellbeing_gain")
    return f"{values.mean():.2f} ± {values.std(ddof=1) / math.sqrt(values.size):.2f}"


def main() -> None:
    """Print the table."""
    warm(None)
    heads = ("no backbone", "both backbones", "time/1,000", "time each", "ties", "staff each")
    print(f"{'':62}" + "".join(f"{head:>16}" for head in heads))
    for one in trials():
        both = one.scenario("national-and-regional")
        world, total = both.world, float(own_time(both.world, both.parameters).sum())
        many = world.organisation_count
        cells = [
            gain(one.scenario("no-backbone")),
            gain(both),
            f"{1000 * total / (COMMUNITIES * one.children):.2f}",
            f"{total / many:.2f}",
            f"{2 * most_ties(world) / many:.0f}",
            f"{most_staff(staffing(world, both.structure)) / many:.4f}",
        ]
        print(f"{one.words:62}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
