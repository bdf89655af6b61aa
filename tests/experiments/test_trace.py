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


def test_a_validation_of_other_patterns_is_refused(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = (script.RESULTS / "validation.md").read_text("utf-8")
    (tmp_path / "validation.md").write_text(old.replace("| P1 |", "| X1 |"), "utf-8")
    monkeypatch.setattr(script, "RESULTS", tmp_path)
    with pytest.raises(SystemExit, match=r"validation\.md"):
        script.verdicts()
