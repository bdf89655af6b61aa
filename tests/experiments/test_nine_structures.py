"""Nine backbone structures: they ship, their page is of them, and in one command they differ."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import cisim
from cisim.world.files import shipped
from cisim.world.scenario import load_structure
from tests.scripts import load_script

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("experiments/nine_structures.py")


@pytest.fixture(scope="module")
def document(script: ModuleType) -> str:
    return str(script.DOCUMENT.read_text(encoding="utf-8"))


def test_nine_structures_ship_each_with_its_source(script: ModuleType) -> None:
    assert len(set(script.NINE)) == 9
    assert set(script.NINE) <= set(shipped("structures")) & set(shipped("scenarios"))
    for name in script.NINE:
        assert load_structure(name).source.startswith(("V20: ", "K26: "))
        assert cisim.Scenario.load(name).structure == load_structure(name)
    paid = {name: load_structure(name).posts for name in script.NINE}
    assert not paid["executive-committee"]
    assert not load_structure("executive-committee").regional


def test_the_page_has_the_command_and_a_row_of_each_in_every_table(
    script: ModuleType, document: str
) -> None:
    assert script.COMMAND in document
    assert script.OPENING in document
    tables = [part for part in document.split("\n\n") if part.startswith("| structure")]
    assert len(tables) == 1 + len(script.PLACES)
    for table in tables:
        first = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()[2:]]
        assert set(script.NINE) <= set(first)


def test_two_are_told_apart_by_more_than_luck_and_enough_to_matter(script: ModuleType) -> None:
    luck = np.linspace(-0.01, 0.01, 50)

    def seen(gain: np.ndarray) -> object:
        return script.Seen(gain, gain, gain)

    base = seen(1.0 + luck)
    assert not script.told_apart(base, seen(1.01 + luck[::-1]))  # less than 2 %
    assert script.told_apart(base, seen(1.1 + luck[::-1]))
    assert not script.told_apart(base, seen(1.1 + 100 * luck[::-1]))  # luck


def test_where_the_better_one_is_better_too_seldom_they_are_not_told_apart(
    script: ModuleType,
) -> None:
    names = ("no-backbone", *script.NINE)
    values = np.tile(np.arange(10.0), (20, 1))
    values[:4, [1, 2]] = values[:4, [2, 1]]  # in a fifth of the worlds the other way round
    rows = script.alike(names, values)
    assert "university-programme (better in 20%)" in rows[2]
    assert "hospital-programme (better in 80%)" in rows[3]
    assert all(row.endswith("| none |") for row in rows[4:])


def test_the_forms_differ_in_one_comparison(script: ModuleType) -> None:
    found = cisim.compare(
        ["no-backbone", *(cisim.Scenario.load(n, world="one-town") for n in script.NINE)][1:],
        6, workers=1, months=48, outcomes=["wellbeing_gain", "external_money_total"],
    )  # fmt: skip
    ends = {name: ens.values[:, -1, -1, 0].mean() for name, ens in found.ensembles.items()}
    assert len({round(float(value), 4) for value in ends.values()}) == 9
    assert ends["national-and-regional"] > ends["regional-academic"] > ends["executive-committee"]


@pytest.mark.slow
def test_the_page_says_what_the_runs_say(script: ModuleType, document: str) -> None:
    rows = script.table(script.look("one-town", script.PLACES["one-town"][1]))
    assert "\n".join(rows) in document
