"""Own figures in a real browser: what is wrong, an answer, and files stay in another language."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from cisim.show.language.spoken import speaking
from cisim.show.page.words import say
from tests.axe import finds_nothing

pytestmark = [pytest.mark.slow, pytest.mark.browser]
HERE = "view=track&scenario=regional-only&world=one-town&months=24"


def csv(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_a_file_of_figures_is_filled_in_and_answered_and_stays_in_another_language(
    visitor: Any, tmp_path: Path
) -> None:
    page = visitor.go(HERE)
    given = page.get_by_label("Choose the file")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download a file to fill in").click()
    path = tmp_path / saved.value.suggested_filename
    saved.value.save_as(path)
    given.set_input_files(csv("odd.csv", "outcome,month,value\nmembers,900,3\n"))
    page.get_by_role("heading", name="This must be put right in your file").wait_for()
    page.get_by_role("cell", name="900", exact=True).wait_for()
    filled = path.read_text("utf-8-sig").replace(";14;0;", ";9000;0;")
    given.set_input_files(csv("filled.csv", filled))
    page.get_by_role("heading", name="No future fits what you have seen").wait_for()
    page.get_by_text("you saw 9,000").wait_for()
    assert page.locator(".charts").count() == 0
    given.set_input_files(csv("fits.csv", "outcome,month,value,error\nmembers,12,14,4\n"))
    page.get_by_role("heading", name="Yes, the model fits what you have seen").wait_for()
    page.locator(".charts .chart svg").first.wait_for()
    page.get_by_label("What if it were another structure?").select_option("no-backbone")
    page.get_by_text("No backbone instead would make a difference of").wait_for()
    finds_nothing(page)
    page.get_by_role("button", name="Make the full report").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open it in a new tab").click()
    report = opened.value
    report.get_by_role("heading", level=1).wait_for()
    assert "No backbone instead would make a difference of" in report.inner_text("#answer")
    report.close()
    page.get_by_role("radio", name="luck alone").check()
    page.get_by_role("progressbar").wait_for()  # told as it is worked out anew
    page.get_by_text("No backbone instead would make a difference of").wait_for()
    assert "beliefs=fixed" in page.url
    page.get_by_role("link", name="svenska").click()
    page.get_by_role("heading", name="Ja, modellen passar det ni har sett").wait_for()
    assert "language=sv" in page.url
    page.get_by_text("fits.csv").wait_for()
    page.get_by_role("button", name="Ta bort", exact=True).click()
    page.get_by_text("fits.csv").wait_for(state="detached")


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_a_damaged_workbook_is_told_in_the_language_and_the_next_file_takes_its_place(
    visitor: Any, code: str
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    whole = io.BytesIO()
    openpyxl.Workbook().save(whole)
    half = whole.getvalue()[: len(whole.getvalue()) // 2]
    with speaking(code):
        choose, problems = say("track.choose"), say("track.problems")
        broken = say("survey.locked", reason="|").partition("|")[0]
        empty = say("own.empty", where="empty.csv")
    page = visitor.go(f"{HERE}&language={code}")
    given = page.get_by_label(choose)
    given.set_input_files({"name": "broken.xlsx", "mimeType": "text/csv", "buffer": half})
    page.get_by_role("heading", name=problems).wait_for()
    page.get_by_text(f"broken.xlsx: {broken}").wait_for()
    finds_nothing(page)
    given.set_input_files(csv("empty.csv", ""))
    page.get_by_text(empty).wait_for()
    given.set_input_files(csv("odd.csv", "outcome,month,value\nmembers,900,3\n"))
    page.get_by_role("cell", name="900", exact=True).wait_for()
    assert page.get_by_text("broken.xlsx").or_(page.get_by_text("empty.csv")).count() == 0


def test_tables_stay_in_another_language_and_in_no_other_tab(visitors: Any) -> None:
    one, other = visitors(), visitors()
    page = one.go("view=own")
    page.get_by_label("Choose files").set_input_files(csv("ties.csv", "from,to\nAa,Bb\nBb,Cc\n"))
    page.get_by_text("3 organisations, 2 pairs are tied.").wait_for()
    page.get_by_role("link", name="suomi").click()
    page.get_by_text("ties.csv").first.wait_for()
    page.get_by_text("3 organisaatiota").first.wait_for()
    beside = other.go("view=own")
    beside.get_by_label("Choose files").wait_for(state="attached")
    assert beside.get_by_text("ties.csv").count() == 0
