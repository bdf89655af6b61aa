"""What should be known about scenarios before their numbers are read, in words."""

from __future__ import annotations

from collections.abc import Iterable

from cisim.model.outcomes.sums import LEAD, SPONSORS
from cisim.model.state import NATIONAL_ROLES, REGIONAL_ROLES
from cisim.show.language.facts import fact
from cisim.show.language.spoken import ENGLISH, spoken
from cisim.show.language.texts import say
from cisim.show.told import told
from cisim.world.events import Event
from cisim.world.notes import notes
from cisim.world.scenario import Scenario
from cisim.world.structure import Structure
from cisim.world.unheld import unheld, unheld_in_words


def notes_in_words(scenario: Scenario) -> list[str]:
    """Return the notes on a scenario, then the functions of leadership that nobody holds."""
    return [*map(told, notes(scenario)), *unheld_said(scenario.structure, scenario.events)]


def unheld_said(structure: Structure, events: Iterable[Event] = ()) -> list[str]:
    """Return what `unheld_in_words` does, in the language that is spoken."""
    if spoken() == ENGLISH:
        return unheld_in_words(structure, events)
    found = unheld(structure, events)
    nobody = [
        say("unheld.of", function=_function(name), who=_holders(who))
        for name, who in found.items()
        if who != LEAD
    ]
    lead = [_function(name) for name, who in found.items() if who == LEAD]
    said = [say("unheld.nobody", functions=", ".join(nobody))] if nobody else []
    return said + ([say("unheld.lead", functions=", ".join(lead))] if lead else [])


def _function(name: str) -> str:
    return fact("functions", name, name.replace("_", " ")).lower()


def _holders(names: str) -> str:
    """Return who would hold a function, "a, b", by what people call them."""
    held = []
    for name in names.split(", "):
        level = next(
            (at for at, those in (("national", NATIONAL_ROLES), ("regional", REGIONAL_ROLES))
             if name in those),
            "",
        )  # fmt: skip
        if level:
            held.append(say(f"levers.{level}_roles_{name}").lower())
        else:
            held.append(say("unheld.sponsors" if name == SPONSORS else "unheld.by_nobody"))
    return ", ".join(held)
