"""Scenarios that are given another's money, in the same futures as that one.

A scenario reads the other from its file. Where the other is compared with it, what has been changed
there, levers, events and beliefs, is changed in its payments, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario


def same_futures(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return scenarios in which the one whose money is given is the one that is compared."""
    by_name = {one.name: one for one in scenarios}
    found: dict[str, Scenario] = {}

    def tied(one: Scenario, above: tuple[str, ...]) -> Scenario:
        other = one.same_money
        there = None if other is None else by_name.get(other.name)
        if other is None or there is None or there.name in (one.name, *above):
            return one
        if there.name not in found:
            found[there.name] = tied(there, (*above, one.name))
        return one.given_the_money_of(found[there.name])

    return [tied(one, ()) for one in scenarios]


def let_go(model: CollectiveImpactModel, scenarios: Sequence[Scenario]) -> None:
    """Keep what a finished run has paid where another is given it, and free its arrays.

    A model is only freed by the garbage collector; its arrays need not wait for that.
    """
    name = model.scenario.name
    model.hand_over(one for one in scenarios if one.same_money and one.same_money.name == name)
    del model.state, model.recorder
