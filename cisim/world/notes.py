"""What a scenario brings with it that nobody may expect: money that does not last, a backbone that
does what it should not, and a place outside what the model's numbers are believed for.

A note is a sentence for whoever runs the scenario; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cisim.model.input_error import shown
from cisim.model.told import Sentences, Told
from cisim.world.believed import place_notes, staff_notes
from cisim.world.called import month_called
from cisim.world.limits import limit_notes
from cisim.world.staffing import Short, shortfalls, staffing

if TYPE_CHECKING:
    from cisim.world.calendar import Calendar
    from cisim.world.scenario import Scenario

SAYS = Sentences(
    "notes",
    of="{names}: {note}",
    policy="It runs under the policy {words}.",
    runs_out="The budget of {payer} runs out in {month}: {post} stops then, until a later year's "
    "budget pays it again.",
    runs_out_before="The budget of {payer} runs out in {month}: {post} stops then, until a later "
    "year's budget pays it again; what goes on after it begins as planned in {then}, not when the "
    "money ends.",
)


def notes(scenario: Scenario) -> list[str]:
    """Return what should be known about a scenario's money and place, a sentence each."""
    found = staffing(scenario.world, scenario.structure)
    policy = scenario.policy
    return [
        *([] if policy is None else [SAYS("policy", words=policy.words)]),
        *(
            _runs_out(one, scenario.calendar)
            for one in shortfalls(found, len(scenario.world.regions), scenario.months)
        ),
        *limit_notes(scenario.structure),
        *staff_notes(scenario.world, scenario.structure),
        *place_notes(scenario.world, scenario.parameters),
    ]


def _runs_out(short: Short, calendar: Calendar) -> Told:
    """Return what is to be said of a post that stops for want of money."""
    when = month_called(calendar, short.month)
    given = {"payer": shown(short.payer), "month": when, "post": short.said}
    if short.goes_on is None:
        return SAYS("runs_out", **given)
    return SAYS("runs_out_before", then=month_called(calendar, short.goes_on), **given)


def notes_of(scenarios: Iterable[Scenario]) -> list[str]:
    """Return the notes of several scenarios, each with the names of those that it is about."""
    about: dict[str, list[str]] = {}
    for scenario in scenarios:
        for note in notes(scenario):
            about.setdefault(note, []).append(scenario.name)
    return [SAYS("of", names=", ".join(names), note=note) for note, names in about.items()]
