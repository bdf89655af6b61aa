"""What a scenario brings with it that nobody may expect: rules of money that act in silence, and
a place outside what the model's numbers are believed for.

A note is a sentence for whoever runs the scenario; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cisim.world.believed import place_notes, staff_notes
from cisim.world.events import BackboneStarts

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario


def notes(scenario: Scenario) -> list[str]:
    """Return what should be known about a scenario's money and place, a sentence each."""
    return [
        *_sponsors_post(scenario),
        *_takeovers(scenario),
        *staff_notes(scenario.world, scenario.structure),
        *place_notes(scenario.world, scenario.parameters),
    ]


def notes_of(scenarios: Iterable[Scenario]) -> list[str]:
    """Return the notes of several scenarios, each with the names of those that it is about."""
    about: dict[str, list[str]] = {}
    for scenario in scenarios:
        for note in notes(scenario):
            about.setdefault(note, []).append(scenario.name)
    return [f"{', '.join(names)}: {note}" for note, names in about.items()]


def _sponsors_post(scenario: Scenario) -> list[str]:
    """Tell that a regional backbone outlives its seed money on whatever sponsors pay."""
    s = scenario.structure
    last = min(s.regional_end, scenario.months)
    ends = [s.seed_end] if s.regional else []
    ends += [event.month for event in scenario.events if event.kind == "seed-money-ends"]
    if not s.regional or not s.sponsors or min(ends) >= last:
        return []
    called = scenario.calendar.label
    until = f"until {called(last)}" if s.regional_end < scenario.months else "to the end"
    return [
        " ".join(
            (
                f"Seed money for regional staff ends in {called(min(ends))}; the regional",
                f"backbones go on {until} with the post that sponsors pay (backbone_share of their",
                "money), which can be a small part of a full-time post or more than one, and",
                "regional_end closes them.",
            )
        )
    ]


def _takeovers(scenario: Scenario) -> list[str]:
    """Tell that staff which an event starts is booked as money from outside."""
    called = scenario.calendar.label
    return [
        f"The {event.level} backbone that starts in {called(event.month)} has {event.fte:g} FTE"
        f"{'' if event.level == 'national' else ' a region'} that are booked as external money, "
        f"whoever pays them."
        for event in scenario.events
        if isinstance(event, BackboneStarts)
    ]
