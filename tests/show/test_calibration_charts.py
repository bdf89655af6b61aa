"""The charts of a calibration: what is left, how far targets are off, what conflicts, ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cisim.lab.calibration import Calibrated, Target, calibrate, toy
from cisim.show.charts import (
    Chart,
    ranges_narrowed,
    space_left,
    target_conflicts,
    targets_off,
)
from cisim.show.language.spoken import languages, speaking
from cisim.world.ranges import Range
from tests.show.test_charts import NASTY, assert_reads_well, everything

RANGES = (Range("effort_half", 0.5, 5.0, log=True), Range("trust_prior", 0.0, 1.0))
CHARTS = (space_left, targets_off, target_conflicts, ranges_narrowed)
NAMES = ("members after 24 months in Kymenlaakso", "up", "down", NASTY)


def simulator(point: Mapping[str, float], seed: int) -> dict[str, float]:
    luck = 0.01 * (seed % 7 - 3)
    return {"up": point["trust_prior"] + luck, "down": 1.0 - point["trust_prior"] + luck,
            "side": point["effort_half"]}  # fmt: skip


def product(point: Mapping[str, float], seed: int) -> dict[str, float]:
    return {"p": point["trust_prior"] * point["effort_half"] + 0.001 * (seed % 7)}


def target(name: str, reading: str, value: float) -> Target:
    return Target(name, reading, value, 0.1 * value, "made up")


def matched(*targets: Target) -> Calibrated:
    return calibrate(toy(simulator, targets, RANGES), points=30, members=12, workers=1)


@pytest.fixture(scope="module")
def found() -> dict[str, Calibrated]:
    side = target(NAMES[0], "side", 2.0)
    nasty = Target(NASTY, "up", 0.5, 0.2, "made up", weight=0.0)
    return {
        "ensemble": matched(side, target("up", "up", 0.6), nasty),
        "conflict": matched(side, target("up", "up", 0.9), target("down", "down", 0.9)),
    }


@pytest.mark.parametrize("code", languages())
def test_what_the_colours_of_conflicts_mean_is_whole_on_a_phone(
    code: str, found: dict[str, Calibrated]
) -> None:
    with speaking(code):
        for one in found.values():
            assert "…</text>" not in target_conflicts(one, width=390).svg


@pytest.mark.parametrize("width", [320, 640, 900])
@pytest.mark.parametrize("which", ["ensemble", "conflict"])
@pytest.mark.parametrize("draw", CHARTS)
def test_every_chart_of_a_calibration_reads_well(
    draw: Callable[..., Chart], which: str, width: int, found: dict[str, Calibrated]
) -> None:
    chart = draw(found[which], width=width, footer="key abc123")
    assert_reads_well(chart)
    assert "key abc123" in everything(chart)
    assert len(chart.table)
    assert draw(found[which], width=width, footer="key abc123").svg == chart.svg


def test_they_tell_what_was_found(found: dict[str, Calibrated]) -> None:
    ensemble, conflict = found["ensemble"], found["conflict"]
    said: dict[str, Any] = {one.__name__: one(ensemble).summary for one in CHARTS}
    assert "before 100 %; wave 1 " in said["space_left"]
    assert "met by" in said["targets_off"]
    assert "No two are told to conflict." in said["target_conflicts"]
    assert "Narrower became most: effort_half by " in said["ranges_narrowed"]
    assert "Cannot be met together: up and down." in target_conflicts(conflict).summary
    assert "wave 1 nothing" in space_left(conflict).summary
    assert "There is no ensemble." in ranges_narrowed(conflict).summary
    assert "Known together" not in everything(ranges_narrowed(ensemble))
    ridge = calibrate(toy(product, [target("p", "p", 1.0)], RANGES), points=40, members=40,
                      workers=1)  # fmt: skip
    assert "Known together: effort_half and trust_prior (-0.9" in everything(ranges_narrowed(ridge))
    assert "points of wave 1" in everything(targets_off(conflict))
