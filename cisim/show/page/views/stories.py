"""The shipped scenarios as the page lists them: those with cards first."""

from __future__ import annotations

from cisim.show.language.facts import scenario_of
from cisim.show.language.spoken import kept_by_language
from cisim.show.page.address.checks import CARDS
from cisim.world.files import shipped
from cisim.world.scenario import Scenario


@kept_by_language
def listed() -> tuple[Scenario, ...]:
    """Return the shipped scenarios, those with cards first."""
    others = [name for name in shipped("scenarios") if name not in CARDS]
    return tuple(scenario_of(name) for name in (*CARDS, *others))
