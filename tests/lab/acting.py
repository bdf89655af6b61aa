"""Policies for the tests: a worker must be able to import them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import cisim

STRENGTH = 0.5


def nothing(model: cisim.CollectiveImpactModel) -> None:
    pass


def looks(model: cisim.CollectiveImpactModel) -> None:
    for kind in (cisim.Organisation, cisim.Sponsor, cisim.Backbone, cisim.Community):
        [agent.name for agent in model.agents_by_type[kind]]


def sponsors_tire(
    model: cisim.CollectiveImpactModel, since: int = 3, share: float = STRENGTH
) -> None:
    if model.month >= since:
        for sponsor in model.agents_by_type[cisim.Sponsor]:
            sponsor.engagement *= share


def asks_for_more(model: cisim.CollectiveImpactModel, more: int) -> None:
    pass


def takes_all(model: cisim.CollectiveImpactModel, **all_: float) -> None:
    pass


def fails(model: cisim.CollectiveImpactModel) -> None:
    if model.seed == 2:
        raise ZeroDivisionError("of policy")


def waits(model: cisim.CollectiveImpactModel) -> Iterator[None]:
    yield


def takes_nothing() -> None:
    pass


class Held:
    @staticmethod
    def still(model: cisim.CollectiveImpactModel) -> None:
        pass


def maker() -> object:
    def inner(model: cisim.CollectiveImpactModel) -> None:
        pass

    return inner


def breaks(model: cisim.CollectiveImpactModel) -> None:
    for organisation in model.agents_by_type[cisim.Organisation]:
        organisation.break_promises(0.1)


def dies(model: cisim.CollectiveImpactModel) -> None:
    """End the process in one future of scenarios with a backbone, as a machine may."""
    if model.seed == 2 and model.scenario.name != "no-backbone":
        os._exit(1)
