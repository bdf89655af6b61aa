"""The house is as CONTRIBUTING shows it: no import goes up, none in a circle, all is listed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.scripts import load_script

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def house() -> Any:
    return load_script("docs/house.py")


def test_the_picture_is_that_of_the_imports(house: Any) -> None:
    drawn = house.draw(house.rooms())
    assert house.FILE.read_text(encoding="utf-8") == drawn, "draw it again: python docs/house.py"


def test_a_room_stands_above_all_that_it_imports_and_a_circle_is_told(house: Any) -> None:
    floor = {"roof": {"hall", "stair"}, "hall": {"stair"}, "stair": set(), "shed": set()}
    assert house.levels(floor) == [["roof"], ["hall"], ["shed", "stair"]]
    assert house.direct(floor, "roof") == {"hall"}
    with pytest.raises(ValueError, match="among a, b"):
        house.levels({"a": {"b"}, "b": {"a"}, "c": set()})


def test_no_rooms_import_each_other_in_a_circle(house: Any) -> None:
    for rooms in house.rooms().values():
        assert sum(map(len, house.levels(rooms))) == len(rooms) > 3


def test_every_experiment_is_listed_with_its_claim() -> None:
    text = (ROOT / "experiments" / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([\w/]+\.py)` \| .{20,} \| `", text, re.MULTILINE))
    there = {one.name for one in (ROOT / "experiments").glob("*.py")}
    assert listed == there | {"benchmarks/run.py"}
