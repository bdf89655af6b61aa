"""The browser that pages are tested in: Debian's Chromium, headless, one for all tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser, or skip."""
    known = (os.environ.get("CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium"))
    path = next((path for path in known if path and Path(path).exists()), None)
    if path is None:
        pytest.skip("there is no chromium; on Debian: apt-get install chromium")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium: str
) -> dict[str, Any]:
    """Launch that browser."""
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}
