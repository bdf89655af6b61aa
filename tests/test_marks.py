"""What drives a browser is kept apart from the tests that run beside each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DRIVES = """
import pytest

def test_by_a_page(page): ...

def test_by_playwright_itself(playwright): ...

@pytest.mark.browser
def test_by_a_mark(): ...

def test_without(): ...
"""


def test_what_asks_for_a_browser_is_not_chosen_with_the_fast_ones(tmp_path: Path) -> None:
    pytest.importorskip("playwright", reason="needs pip install 'cisim[page,test]'")
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow\n  browser\n")
    (tmp_path / "test_it.py").write_text(DRIVES)

    def chosen(marks: str) -> set[str]:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--collect-only",
            "-m",
            marks,
            "test_it.py",
        ]
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        names = (line.partition("::")[2] for line in said.stdout.splitlines())
        return {name.partition("[")[0] for name in names if name}

    driven = {"test_by_a_page", "test_by_playwright_itself", "test_by_a_mark"}
    assert chosen("browser and slow") == driven
    assert chosen("not slow") == {"test_without"}
