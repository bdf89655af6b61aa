"""A piece of somebody else's pool, which simulates."""

from __future__ import annotations

import cisim


def ask(workers: int | None) -> int:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=2)
    return len(cisim.simulate(scenario, replicates=2, workers=workers).replicates)
