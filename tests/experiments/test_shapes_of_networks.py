"""The networks of the model are judged by the bands that stand in the model, and real ones pass."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType

import pytest

from cisim.lab.indicators import CENTRALISED, INDICATORS, NETWORK_MONTHS, STRUCTURES, Network
from tests.scripts import load_script

ROOT = Path(__file__).parents[2]
GOOD = Network("no-backbone", 60, 20.0, 0.3, 0.5, 0.4, -0.2, 0.2, 0.5)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("experiments/networks.py")


@pytest.mark.parametrize(
    ("shape", "changes"),
    [
        ("transitivity", {"transitivity": 0.2}),
        ("transitivity", {"transitivity": math.nan}),
        ("assortativity", {"assortativity": 0.1}),
        ("centralisation", {"centralisation": CENTRALISED[0] - 0.01}),
        ("centralisation", {"centralisation": CENTRALISED[1] + 0.01}),
        ("reciprocity", {"returned": 0.1}),
    ],
)
def test_a_network_that_lacks_one_shape_has_the_others(
    script: ModuleType, shape: str, changes: dict[str, float]
) -> None:
    lacking = GOOD._replace(**changes)
    assert [one for one in script.SHAPES if not script.has(one, lacking)] == [shape]
    assert all(script.has(one, GOOD) for one in script.SHAPES)


def test_where_no_files_of_real_networks_are_the_page_says_so(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "SEEDS", 1)
    monkeypatch.setattr(script, "POINTS", 2)
    page = script.document(tmp_path)
    assert "Their files were not there." in page
    for ties in script.TIES:
        assert f"### {ties.capitalize()} ties" in page
        assert f"- {ties}: L5.density " in page
    assert page.count("| known | 0 |") == 2
    assert all(page.count(f"| {name} | {month} |") == 2 for name in STRUCTURES
               for month in NETWORK_MONTHS)  # fmt: skip


def test_real_networks_are_measured_where_they_are(script: ModuleType) -> None:
    found = script.real_networks(script.DATA)
    if not found:
        pytest.skip("the folder of real networks is not here")
    for name, network in found.items():
        told = script.SHAPES if name.startswith("emon") else script.SHAPES[:3]
        assert all(script.has(shape, network) for shape in told), name


def test_the_page_has_the_bands_of_the_model(script: ModuleType) -> None:
    page = script.DOCUMENT.read_text(encoding="utf-8")
    for name in script.WORKING:
        one = INDICATORS[name]
        assert f"| {one.words} | {one.published:g} | {one.low:g}–{one.high:g} |" in page
