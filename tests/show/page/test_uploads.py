"""What a browser sends of a file: its bytes as they are, so that every fault is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.axe import finds_nothing

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
    page.get_by_role("button", name="Open a file").click()
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
    page.get_by_role("button", name="Open a file").click()
    page.get_by_label("Scenario file").set_input_files(path)
    page.wait_for_url("**view=explore**")
    page.locator("h1", has_text="A plan").wait_for()
    assert "national_roles.bridge:0&" in page.url
    assert "national_roles.futures:0.4" in page.url
    assert page.get_by_role("alert").count() == 0


LIST = "Nimi;Toimiala;Kunta\nKoulu;koulutus;Oulu\nSeura;yhdistys;Oulu\nKirjasto;kirjasto;Kemi\n"
TIES = "Vastaaja;Kumppani;Luottamus\nKoulu;Seura;4\nSeura;Koulu;2\nKirjasto;Koulu;3\n"


def test_a_planner_brings_files_puts_right_what_is_wrong_and_runs_them(
    visitor: Any, tmp_path: Path
) -> None:
    page = visitor.go("view=own&language=fi")
    page.get_by_text("Mikään ei lähde tältä koneelta").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Lataa täytettävät tiedostot").click()
    assert saved.value.suggested_filename == "oma-verkosto.zip"
    organisations, ties = tmp_path / "organisaatiot.csv", tmp_path / "suhteet.csv"
    large = tmp_path / "suuri.csv"
    organisations.write_text(LIST, "utf-8")
    ties.write_text(TIES + "Kirjaasto;Koulu;1\nSeura;Poliisi;1\n", "utf-8")
    large.write_bytes(b"x" * 10_000_001)
    given = page.get_by_label("Valitse tiedostot")
    given.set_input_files([organisations, large, ties])
    page.get_by_role("alert").get_by_text("suuri.csv: koko on 10 Mt").wait_for()
    faults = page.get_by_role("region", name="2 asiaa on korjattava")
    assert faults.get_by_role("row").nth(2).get_by_role("cell").nth(1).inner_text() == "6"
    faults.get_by_role("button", name="Sama organisaatio").click()
    page.get_by_role("heading", name="Yksi asia on korjattava").wait_for()
    page.get_by_role("button", name="Jätä pois suhteet nimiin").click()
    page.get_by_label("Verkoston nimi").fill("Oulun verkosto")
    page.get_by_label("Verkoston nimi").blur()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    finds_nothing(page)
    page.get_by_role("button", name="Tutki", exact=True).click()
    page.locator("h1", has_text="Oulun verkosto").wait_for()
    assert "language=fi" in page.url
    assert "world=oulun-verkosto-" in page.url
    link = page.url.partition("?")[2]
    page.wait_for_function("document.querySelector('.one-answer .chart svg')")
    visitor.go("view=own&language=fi")
    page.get_by_role("button", name="Unohda: Oulun verkosto").click()
    page.get_by_role("button", name="Unohda: Oulun verkosto").wait_for(state="detached")
    visitor.go(link)
    page.get_by_role("alert").get_by_text("ei ole tällä koneella").wait_for()
