"""What the guides say that components and levers are worth is what is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts import load_script

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.slow
def test_figures_of_components_and_levers_are_those_of_today() -> None:
    parts = load_script("experiments/parts.py")
    assert parts.component_lines() in (DOCS / "components.md").read_text("utf-8")
    assert parts.lever_lines() in (DOCS / "structures.md").read_text("utf-8")
