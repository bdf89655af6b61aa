"""Whoever is killed, whenever: nothing is lost, twice, damaged or left behind."""

from __future__ import annotations

from pathlib import Path

import kills
import pytest


@pytest.mark.slow
def test_sixty_kills_of_drivers_and_workers_leave_no_trace(tmp_path: Path) -> None:
    found = kills.kill(60, 1, tmp_path)
    assert found.drivers > 10
    assert found.workers > 10
    assert found.good(), found
