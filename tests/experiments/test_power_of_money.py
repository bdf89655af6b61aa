"""What those who pay move: what documents say of it is what was found."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from cisim.show.documents.systems import SYSTEMS
from cisim.show.limits import limits
from tests.scripts import load_script


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("experiments/power_of_money.py")


def found(script: ModuleType) -> dict[str, list[tuple[int, int]]]:
    """Return by trial how many percent of the way is moved, and what is gained, in each world."""
    rows: dict[str, list[tuple[int, int]]] = {}
    for line in script.DOCUMENT.read_text("utf-8").replace(script.MINUS, "-").splitlines():
        cells = line.strip("| ").split(" | ")
        if "±" in cells[-1]:
            moved, gain = (float(cell.split(" %")[0]) for cell in (cells[1], cells[-1]))
            rows.setdefault(cells[0], []).append((round(moved), round(gain)))
    return rows


def ends(values: list[int]) -> str:
    return f"{min(values)} to {max(values)} %"


def test_what_is_told_of_the_pull_of_payers_is_what_was_found(script: ModuleType) -> None:
    rows = found(script)
    assert set(rows) == {one.words for one in script.TRIALS}
    assert {len(each) for each in rows.values()} == {len(script.WORLDS)}
    moved = [one for one, _ in rows["as usual"]]
    gained = [gain for _, gain in rows["as usual"]]
    usual = f"{min(gained):+d} to {max(gained):+d} %".replace("-", script.MINUS)
    off, half, strongest = (
        [-gain for _, gain in rows[name]]
        for name in (
            "one payer, one unit off",
            "the same, a host that is half neutral",
            "the same, strongest pull",
        )
    )
    (said,) = (one.words for one in limits() if one.key == "neutrality")
    assert min(moved) == pytest.approx(20, abs=2)
    assert "a fifth of the way or more" in said
    assert f"results by {usual};" in said
    assert f"one unit off costs {ends(off)}" in said
    assert "half neutral saves about half of it" in said
    for cost, left in zip(off, half, strict=True):
        assert left / cost == pytest.approx(0.5, abs=0.1)
    (power,) = (one.now for one in SYSTEMS if "results/power-of-money.md" in one.now)
    assert f"move members' aims {ends(moved)} of the way" in power
    assert f"({usual})" in power
    assert f"one unit off costs {ends(off)}" in power
    assert f"strongest pull that is believed {ends(strongest)}" in re.sub(r"\s+", " ", power)


@pytest.mark.slow
def test_the_figures_are_those_of_today(script: ModuleType) -> None:
    seeds = range(1, script.FUTURES + 1)
    page = script.DOCUMENT.read_text("utf-8").partition("## one-town")[2].partition("## ")[0]
    for trial in script.TRIALS:
        if trial.words in ("as usual", "one payer, one unit off"):
            assert f"| {' | '.join(script.row(trial, 'one-town', seeds))} |" in page
