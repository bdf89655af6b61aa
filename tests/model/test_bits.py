"""The numbers stay the numbers: digests of every outcome of what ships, held to the last bit.

A change that is meant to change no result keeps them. One that changes results says so in a commit
of its own, with the version raised, and makes them again: `python tests/model/test_bits.py`.

Where two kinds of machine gave another last bit, in some thirty of thousands, both are kept.
"""

from __future__ import annotations

import hashlib
import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import cisim
from cisim.world.files import shipped

KEPT = Path(__file__).with_name("bits.json")
SEEDS, MONTHS = 3, 36
LONG = ("finland", "national-and-regional", 120)
"""One world and scenario is held over the whole horizon."""


FEWER = 14
"""Months that cases are held over; Finland's begin with those of two cities."""
PLACES = ("county", "finland", "one-town", "test-region")
"""Worlds that are no case: each scenario is held on them. A case is held on its own world."""


def cases() -> list[tuple[str, str, int]]:
    """Return (world, scenario, months) of everything that ships, and the long run."""
    every = product(PLACES, shipped("scenarios"), [MONTHS])
    told = [(cisim.Scenario.load(name).world_name, name, FEWER) for name in shipped("cases")]
    return [*every, *told, LONG]


def digests(world: str, scenario: str, months: int) -> dict[str, str]:
    """Return a digest of each outcome, of all seeds, months and regions."""
    one = cisim.Scenario.load(scenario, world=world)
    within = [event for event in one.events if event.month < months]
    seen = cisim.simulate(
        one.with_(events=within, months=months),
        SEEDS if months == MONTHS else 1,
        1,
        by_region=True,
    )
    found = {}
    for place, name in enumerate(seen.outcomes):
        values = np.ascontiguousarray(seen.values[..., place]) + 0.0  # -0.0 is 0.0
        values[np.isnan(values)] = np.nan  # one NaN of many
        found[name] = hashlib.sha256(values.tobytes()).hexdigest()[:12]
    return found


def check(case: str) -> None:
    kept = json.loads(KEPT.read_text())[case]
    world, scenario, months = case.split()
    now = digests(world, scenario, int(months))
    assert {name for name, digest in now.items() if digest not in kept.get(name, digest)} == set()
    assert set(kept) <= set(now)


@pytest.mark.parametrize(
    "case", [" ".join(map(str, LONG)), "one-town missing-sponsor 36", "malmo ungas-vagar 14"]
)
def test_shipped_results_stay_the_same_to_the_last_bit(case: str) -> None:
    check(case)


def test_all_that_ships_is_held() -> None:
    assert set(json.loads(KEPT.read_text())) == {" ".join(map(str, case)) for case in cases()}
    told = {world for world, name, _ in cases() if name in shipped("cases")}
    assert set(shipped("worlds")) == {*PLACES, *told}


@pytest.mark.slow
def test_all_shipped_results_stay_the_same_to_the_last_bit() -> None:
    for case in json.loads(KEPT.read_text()):
        check(case)


if __name__ == "__main__":
    kept = {" ".join(map(str, case)): digests(*case) for case in cases()}
    KEPT.write_text(json.dumps(kept, indent=0) + "\n")
