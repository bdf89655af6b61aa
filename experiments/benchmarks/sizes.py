"""The worlds that are run: One town, Finland, and Finland many times beside itself."""

from __future__ import annotations

from cisim.model.month import live
from cisim.model.outcomes import Recorder
from cisim.model.state import State
from cisim.world.scenario import Scenario, load_world

SCENARIO = "national-and-regional"
SEED = 7
TOWN, FINLAND = 30, 370


def sized(organisations: int, months: int = 120) -> Scenario:
    """Return the scenario on a world of 30 organisations (One town) or a multiple of 370.

    The multiples are Finland's five regions repeated under names of their own, with national
    staff and grants in proportion.
    """
    if organisations == TOWN:
        return Scenario.load(SCENARIO, world="one-town", months=months)
    copies, rest = divmod(organisations, FINLAND)
    if rest or copies < 1:
        raise ValueError(f"organisations is {organisations}; allowed is {TOWN} or {FINLAND} × n")
    world = load_world("finland")
    if copies > 1:
        regions = [
            region.model_copy(update={"name": f"{region.name} {copy + 1}"})
            for copy in range(copies)
            for region in world.regions
        ]
        world = world.model_copy(update={"title": f"Finland {copies:,} times", "regions": regions})
    return Scenario.load(SCENARIO, world=world, months=months)


def live_through_history(state: State, scenario: Scenario, months: int) -> Recorder:
    """Run months of history and the founding on a state, as the model does but without it.

    Returns the recorder of a whole run, with month 0.
    """
    holders = scenario.structure.functions.holders
    recorder = Recorder(scenario.months, state.regions.visible.size, holders=holders)
    go_on(state, scenario, recorder, -months, 0)
    return recorder


def go_on(state: State, scenario: Scenario, recorder: Recorder, first: int, end: int) -> None:
    """Run the months from `first` to before `end`, and observe each."""
    live(state, scenario.parameters, SEED, first, end, recorder)
