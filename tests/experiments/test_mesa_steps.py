"""The script that goes step by step through Mesa's interface runs, and shows what it says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.scripts import load_script

SCRIPT = Path(__file__).parents[2] / "experiments" / "mesa_steps.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("experiments/mesa_steps.py")


def test_it_draws_both_lives(script: ModuleType, tmp_path: Path) -> None:
    table = script.main(tmp_path / "figure.svg", months=36)
    assert (tmp_path / "figure.svg").read_text(encoding="utf-8").startswith("<svg")
    assert table.groupby("scenario").size().tolist() == [37, 37]
    steady, fading = (table[table.scenario == s] for s in ("steady", "loses heart"))
    before = steady["month"] <= script.LOSES_HEART
    np.testing.assert_array_equal(
        steady["mandate_public"][before], fading["mandate_public"][before]
    )
    assert fading["mandate_public"].iloc[-1] < steady["mandate_public"].iloc[-1]


def test_what_mesa_collects_is_what_cisim_observes(script: ModuleType) -> None:
    collected, sponsors = script.live([], 12)
    np.testing.assert_allclose(collected["public_mandate"], collected["mandate_public"])
    np.testing.assert_allclose(collected["members"] / 30, collected["member_share"])
    assert len(sponsors) == 13 * 4
