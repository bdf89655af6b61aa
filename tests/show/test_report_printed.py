"""The report on paper: one page that is the answer, at most five that it rests on, an appendix."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from pypdf import PageObject, PdfReader

from cisim.lab.compare import at_values, compare
from cisim.lab.robust import robust
from cisim.show.report import EFFORT_HALF, KEPT, network_charts, report, write_report
from cisim.world.scenario import Scenario

CHOICES = ("no-backbone", "national-and-regional", "same-money", "missing-sponsor",
           "integrated-sponsors")  # fmt: skip
POINT = 72 / 25.4
TOP, BOTTOM = 16 * POINT, 18 * POINT
"""The margins of a page (points)."""


def lowest(page: PageObject) -> float:
    """Return how far down a page is written on, as a share of what is between the margins."""
    ends: list[float] = []

    def see(text: str, matrix: Any, place: Any, font: Any, size: float) -> None:
        if text.strip():
            ends.append(matrix[1] * place[4] + matrix[3] * place[5] + matrix[5])

    page.extract_text(visitor_text=see)
    height = float(page.mediabox.height)
    return (height - TOP - min(ends, default=height)) / (height - TOP - BOTTOM)


@pytest.mark.slow
@pytest.mark.browser
def test_the_first_page_holds_what_futures_believe_too(browser: Any, tmp_path: Path) -> None:
    chosen = [Scenario.load(name, world="one-town") for name in CHOICES[:5]]
    html = report(compare(chosen, 40, workers=1, beliefs="plausible"))
    path = write_report(tmp_path / "report.html", html)
    page = browser.new_page()
    page.goto(path.as_uri())
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.close()
    first, second = (" ".join(normalize("NFKC", one.extract_text()).split()) for one in printed[:2])
    assert "of luck and belief" in first
    assert "Over everything that may be believed" in first
    assert second.startswith("What is compared")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("many", [2, 5])
def test_a_report_prints_as_an_answer_five_pages_and_an_appendix(
    browser: Any, tmp_path: Path, many: int
) -> None:
    chosen = [Scenario.load(name, world="one-town") for name in CHOICES[:many]]
    whole = compare(chosen, 24, workers=1)
    html = report(
        whole,
        goals={"wellbeing_gain": 0.5},
        effort_half=at_values(whole, "effort_half", EFFORT_HALF, 6, workers=1, outcomes=KEPT),
        uncertain=robust(chosen, 20, workers=1),
        networks=network_charts(whole),
    )
    path = write_report(tmp_path / "report.html", html)
    page = browser.new_page()
    page.goto(path.as_uri())
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.close()
    texts = [" ".join(normalize("NFKC", one.extract_text()).split()) for one in printed]
    assert texts[0].startswith(("Which of five choices", "Is “National and regional backbones”"))
    assert "What would turn it" in texts[0]
    assert "lasting exclusions among" in texts[0]
    assert texts[1].startswith("What is compared")
    appendix = next(at for at, text in enumerate(texts) if "Appendix:" in text)
    assert appendix <= 5 or (appendix == 6 and texts[6].startswith("Appendix:"))
    filled = np.array([lowest(one) for one in printed])
    assert (filled[:-1] > 0.6).all(), filled.round(2)
    for one in printed:
        width, height = float(one.mediabox.width), float(one.mediabox.height)
        assert (round(width / POINT), round(height / POINT)) == (210, 297)
