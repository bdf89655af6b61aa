"""The spread of renown that degrees stand for is recovered, and the page is of today's default."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.indicators import CENTRALISED
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from tests.scripts import ROOT, load_script

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


def rows(page: str, head: str) -> list[list[str]]:
    """Return the cells of the first table of a page after a heading."""
    table = page.split(head)[1].split("\n\n| ")[1].split("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


def test_guide_and_evidence_say_what_was_found() -> None:
    page = SCRIPT.DOCUMENT.read_text("utf-8")
    real = [float(row[-1]) for row in rows(page, "## Real networks") if "without" not in row[0]]
    tried = {row[0]: row for row in rows(page, "by `renown_spread`")}
    regions = rows(page, "region by region")
    lost = {row[0]: row for row in rows(page, "## What is lost")}
    guide = (ROOT / "docs" / "rivals.md").read_text("utf-8")
    inside = [round(100 * float(row[6].split(" ")[0])) for row in regions]
    assert f"in {min(inside)} to {max(inside)} % of futures, by region" in guide
    assert tried["0"][6].startswith("0.00 ")
    assert not [row for row in regions if "above" in row[7]]
    off = CENTRALISED[0] - min(float(row[7].rpartition(" ")[2]) for row in regions)
    assert f"All that lie outside are below, by {off:.2f} at most" in guide
    spreads = [float(row[5]) for row in regions]
    assert f"only as one of {min(spreads)} to {max(spreads)} would" in guide
    assert f"real networks stand for {min(real)} to {max(real)}" in guide
    assert f"A spread of 2 would bring {100 * float(tried['2'][6].split(' ')[0]):.0f} %" in guide
    usual, fewer = (lost[spread][4] for spread in ("1.3", "2"))
    assert f"in {fewer} futures, in place of {usual.partition(' ')[0]} (" in guide
    said = declarations(Parameters)["renown_spread"].evidence.words
    real_ends, own_ends = (
        " to ".join(f"{end:.1f}".removeprefix("0") for end in (min(each), max(each)))
        for each in (real, spreads)
    )
    assert f"a spread of log-odds of {real_ends}, in the middle {np.median(real):.1f}," in said
    assert f"differ only as {own_ends} would" in said


def test_guide_says_how_many_networks_have_all_four_shapes() -> None:
    guide = (ROOT / "docs" / "rivals.md").read_text("utf-8")
    page = (ROOT / "results" / "networks.md").read_text("utf-8")
    formed = {row[0]: float(row[2].split(" ")[0]) for row in rows(page, "forming: within the band")}
    both, regional, none = (
        formed[name] for name in ("national-and-regional", "regional-only", "no-backbone")
    )
    assert both == 1.0
    assert f"{100 * none:.0f} % have all four shapes of real ones" in guide
    assert f"with a regional backbone alone {100 * regional:.0f} %, with both all" in guide


@pytest.mark.slow
def test_the_regions_are_those_of_today() -> None:
    (networks,) = SCRIPT.month_zero("test-region", Parameters().renown_spread, 60).values()
    cells = [*SCRIPT.row(networks), *SCRIPT.in_band(networks)]
    page = SCRIPT.DOCUMENT.read_text("utf-8")
    assert " | ".join(["| test-region, Region", *cells]) in page
    lost = SCRIPT.lost(Parameters().renown_spread, 60)
    assert " | ".join([f"| {Parameters().renown_spread:g}", *lost]) in page
