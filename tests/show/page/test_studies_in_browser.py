"""Studies in a real browser: open a sweep, read its map, click a cell, come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cisim.lab.sweep import Experiment
from tests.show.page.conftest import Visitor, serving
from tests.show.page.test_results_shown import EXPERIMENT

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_a_cell_of_a_study_opens_in_explore_and_back_comes_the_study(
    browser: Any, tmp_path: Path
) -> None:
    (tmp_path / "staff.toml").write_text(EXPERIMENT, "utf-8")
    Experiment.load(tmp_path / "staff.toml").run(tmp_path / "root" / "staff", workers=1)
    with serving(tmp_path / "data", str(tmp_path / "root")) as address:
        visitor = Visitor(browser, address)
        page = visitor.go("view=studies")
        page.get_by_role("button", name="Open: Staff of both levels").click()
        page.locator(".mapped [data-cell]").nth(11).wait_for()
        page.get_by_text("has the least regret over 12 points").wait_for()
        page.locator("#study-scenario").select_option("national-and-regional")
        page.locator("#study-against").select_option("no-backbone")
        page.wait_for_function(
            "document.querySelector('.mapped .chart svg')?.textContent.includes('less No backbone')"
        )
        page.get_by_role("button", name="Table").first.click()
        page.locator(".mapped .numbers tbody tr").nth(11).wait_for()
        page.get_by_role("button", name="Table").first.click()
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV", exact=True).first.click()
        assert "wellbeing-gain" in saved.value.suggested_filename
        with page.expect_download() as saved:
            page.get_by_role("button", name="Numbers (CSV)").click()
        assert saved.value.suggested_filename.startswith("staff")
        with page.expect_download() as saved:
            page.get_by_role("button", name="PNG").first.click()
        assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")
        page.locator(".mapped [data-cell='3 1']").click()
        page.locator("h1", has_text="National and regional backbones").wait_for()
        assert "set=national_fte:6" in page.url
        page.go_back()
        page.locator(".mapped [data-cell]").nth(11).wait_for()
        page.get_by_role("button", name="Explore", exact=True).click()  # without a mouse
        page.locator("h1", has_text="National and regional backbones").wait_for()
        assert "set=national_fte:0" in page.url
        visitor.go('view=studies&study={"folder":"../elsewhere"}')
        page.get_by_text("is no folder below").wait_for()
        assert not visitor.faults
        visitor.context.close()
