"""The spread of renown that degrees stand for is recovered, and the page is of today's default."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.model.parameters import Parameters
from tests.scripts import load_script

SCRIPT = load_script("experiments/renown.py")


@pytest.mark.parametrize("spread", [0.6, 1.3, 2.0])
def test_the_spread_of_networks_that_were_made_with_one_is_found(spread: float) -> None:
    differing = SCRIPT.differ(30, 0.2, spread, seed=7)
    assert SCRIPT.spread_of(30, 0.2, differing) == pytest.approx(spread, abs=0.25)


def test_the_more_renown_differs_the_more_degrees_do() -> None:
    found = [SCRIPT.differ(30, 0.2, spread) for spread in (0.0, 0.8, 1.6)]
    assert found == sorted(found)
    assert found[0] < 0.6 * found[-1]


def test_a_star_is_wholly_centralised_and_nothing_without_its_middle() -> None:
    star = np.zeros((6, 6), bool)
    star[0, 1:] = star[1:, 0] = True
    assert SCRIPT.centralisation(star) == 1.0
    assert SCRIPT.density(SCRIPT.without_first(star)) == 0.0


def test_the_page_is_of_the_default() -> None:
    page = SCRIPT.DOCUMENT.read_text("utf-8")
    assert f"## At the default of {Parameters().renown_spread:g}, region by region" in page


@pytest.mark.slow
def test_the_regions_are_those_of_today() -> None:
    (networks,) = SCRIPT.month_zero("test-region", Parameters().renown_spread, 60).values()
    cells = [*SCRIPT.row(networks), *SCRIPT.in_band(networks)]
    assert " | ".join(["| test-region, Region", *cells]) in SCRIPT.DOCUMENT.read_text("utf-8")
