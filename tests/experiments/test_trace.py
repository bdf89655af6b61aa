"""The TRACE document is what its script writes, so each of its figures is that of its source."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from cisim.lab.patterns.declared import PATTERNS
from tests.scripts import load_script

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("experiments/trace.py")


def test_the_document_is_current(script: ModuleType) -> None:
    written = script.DOCUMENT.read_text(encoding="utf-8")
    assert written == script.write(), "docs/trace.md is old: python experiments/trace.py"


def test_it_has_the_eight_elements_and_every_pattern_once(script: ModuleType) -> None:
    text = script.write()
    assert re.findall(r"^## (\d)\. ", text, re.MULTILINE) == [str(n) for n in range(1, 9)]
    for pattern in PATTERNS:
        assert text.count(f"| {pattern} |") == 1
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        target = (script.DOCUMENT.parent / link).resolve()
        assert target.exists(), link


def test_what_moves_the_answer_most_is_told_as_the_ratio_that_it_is_made_of(
    script: ModuleType,
) -> None:
    text = " ".join(script.write().split())
    for name in ("own_value", "effort_half", "wb_max"):
        assert f"`{name}`" in text.partition("The three largest, ")[2].partition(" are told")[0]
    assert "one ratio, pi = own_value · effort_half / wb_max" in text


def test_an_order_that_rivals_cannot_tell_is_not_said_to_hold(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, finland = script.rivals().splitlines()
    assert "One town, in futures that differ by luck alone: the order of 3" in town
    assert "held under each of 8 rival theories." in town
    assert "luck and belief: the order of 4 structures held under 6 of 8" in finland
    assert "it could not be told under trust: layers-later; production: weakest-link." in finland
    guide = (script.ROOT / "docs" / "rivals.md").read_text("utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rivals.md").write_text(guide.replace("; it holds", "; so"), "utf-8")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"does not say whether an order holds"):
        script.rivals()


def test_a_validation_of_other_patterns_is_refused(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = (script.RESULTS / "validation.md").read_text("utf-8")
    (tmp_path / "validation.md").write_text(old.replace("| P1 |", "| X1 |"), "utf-8")
    monkeypatch.setattr(script, "RESULTS", tmp_path)
    with pytest.raises(SystemExit, match=r"validation\.md"):
        script.verdicts()
