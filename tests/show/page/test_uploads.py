"""What a browser sends of a file: its bytes as they are, so that every fault is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]
TOWN = "world=one-town"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\0" * 900_000, "is not TOML"),
        (b"\x01" * 1_000_000, "is not TOML"),
        (b"x" * 1_000_001, "larger than 1,000,000 bytes"),
        ('title = "Hyvinkää"'.encode("latin-1"), "byte 15 is not UTF-8 text"),
    ],
)
def test_a_file_of_any_bytes_gets_a_sentence(
    visitor: Any, tmp_path: Path, data: bytes, says: str
) -> None:
    page = visitor.go("view=start")
    path = tmp_path / "given.toml"
    path.write_bytes(data)
    page.get_by_label("Scenario file").set_input_files(path)
    page.get_by_role("alert").get_by_text(says).wait_for()
    page.get_by_role("link", name="About").click()
    page.locator("h1", has_text="About").wait_for()


def test_what_is_saved_with_shares_of_time_opens_as_it_was(visitor: Any, tmp_path: Path) -> None:
    shares = "set=national_roles.bridge:0&set=national_roles.futures:0.4"
    page = visitor.go(f"view=explore&{TOWN}&title=A+plan&{shares}")
    page.locator("button[aria-expanded]").get_by_text("Keep", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    assert saved.value.suggested_filename == "a-plan.toml"
    path = tmp_path / "a-plan.toml"
    saved.value.save_as(path)
    visitor.go("view=start")
    page.get_by_label("Scenario file").set_input_files(path)
    page.wait_for_url("**view=explore**")
    page.locator("h1", has_text="A plan").wait_for()
    assert "national_roles.bridge:0&" in page.url
    assert "national_roles.futures:0.4" in page.url
    assert page.get_by_role("alert").count() == 0
