"""The numbers stay the numbers: digests of every outcome of what ships, held to the last bit.

A change that is meant to change no result keeps them. One that changes results says so in a commit
of its own, with the version raised, and makes them again: `python tests/model/test_bits.py`.
"""

from __future__ import annotations

import ast
import hashlib
import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import cisim
from cisim.world.files import shipped

KEPT = Path(__file__).with_name("bits.json")
ROOT = Path(cisim.__file__).parent
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
    assert {name: now.get(name) for name in kept} == kept


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


BY_LIBRARY = {"dot", "einsum", "inner", "linalg", "matmul", "tensordot", "vdot"}
FILES = sorted(path for floor in ("model", "world") for path in (ROOT / floor).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_in_a_run_is_summed_by_a_library_for_matrices(path: Path) -> None:
    """Such a library adds in another order on another processor, and the last bit differs."""
    found = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult))
        or (isinstance(node, ast.Attribute) and node.attr in BY_LIBRARY)
    ]
    assert not found


if __name__ == "__main__":
    kept = {" ".join(map(str, case)): digests(*case) for case in cases()}
    KEPT.write_text(json.dumps(kept, indent=0) + "\n")
