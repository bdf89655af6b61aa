"""The report and the charts of analyses: whole, by themselves, and traceable."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from cisim.lab.analyses import Answers, analyse, prim, sobol
from cisim.model.input_error import InputError
from cisim.show import charts
from cisim.show.analysed import chart_files, title_of
from cisim.show.report import analysis_report, write_report
from tests.lab import made_up
from tests.lab.made_up import NAMES, box, study
from tests.lab.test_analyse import TWO, three

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def answers() -> Answers:
    one = study(box(150, 4), TWO, noise=0.1, replicates=2)
    only = ("correlation", "ranking", "robustness", "learning", "prim", "tree")
    return analyse(one, against="plain", threshold=0.5, only=only)


def test_the_page_stands_alone_and_says_what_every_number_comes_from(answers: Answers) -> None:
    page = analysis_report(answers, command=["cisim", "analyse", "study"])
    assert page == analysis_report(answers, command=["cisim", "analyse", "study"])
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "<script" not in page
    assert answers.key in page
    assert answers.study_key in page
    assert "points.parquet" in page
    assert "cisim analyse study" in page
    for one in answers.answers:
        assert title_of(one.analysis) in page
    box_points = answers.answers[-2].found.boxes[0].points
    assert ", ".join(map(str, box_points[:5])) in page


def test_headings_follow_each_other_and_ids_are_there_once(answers: Answers) -> None:
    page = analysis_report(answers)
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', page)
    targets = re.findall(r'href="#([^"]+)"', page)
    assert set(targets) <= set(ids)
    for folds in (
        r"<summary>(.*?)</summary>",
        r'aria-label="([^"]+)"',
        r"<caption>(.*?)</caption>",
    ):
        said = re.findall(folds, page, re.DOTALL)
        assert len(said) == len(set(said)), [one for one in said if said.count(one) > 1]


def test_names_of_people_cannot_become_markup(answers: Answers) -> None:
    evil = replace(answers, study=replace(answers.study, name="<script>x</script>"))
    assert "<script>" not in analysis_report(evil)


def test_what_was_left_out_and_what_to_mind_is_on_the_page() -> None:
    one = study(box(60, 4), TWO)
    found = analyse(replace(one, incomplete=True))
    page = analysis_report(found)
    assert "What was not analysed, and why" in page
    assert "PAWN needs 100 points" in page
    assert "the study is not finished" in page
    assert "every point has one future only" in page


def test_every_chart_is_an_svg_with_title_summary_and_key(answers: Answers) -> None:
    files = chart_files(answers, "abc123")
    assert {
        "robustness-1.svg",
        "learning-1.svg",
        "prim-1.svg",
        "correlation-by-month-1.svg",
    } <= set(files)
    for name, svg in files.items():
        root = ET.fromstring(svg)
        assert root.find(f"{SVG}title").text, name
        assert len(root.find(f"{SVG}desc").text) > 20, name
        assert "abc123" in svg
        assert "nan" not in svg.lower().replace("finance", ""), name


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_is_drawn_outside_the_paper_and_no_text_passes_the_edge(width: int) -> None:
    from cisim.show.charts.words import measure

    one = study(made_up.saltelli(32, 6, 0.0, 1.0), lambda x: x[:, 0] + 0.5 * x[:, 1] ** 2)
    table = sobol(one)
    found = prim(study(box(300, 4), three))
    drawn = [
        charts.indices(table.table(), "total", title="x", second="first", second_words="y",
                       width=width),
        charts.indices_by_month(table.by_month(), "total", title="x", width=width),
        charts.boxes(found.table(), title="x", width=width),
    ]  # fmt: skip
    for chart in drawn:
        root = ET.fromstring(chart.svg)
        for text in root.iter(f"{SVG}text"):
            wide = measure(text.text or "", float(text.get("font-size", 0)))
            anchor = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor", "start")]
            left = float(text.get("x", 0)) - anchor * wide
            assert left >= -1, (chart.kind, text.text)
            assert left + wide <= width + 1, (chart.kind, text.text)
        for bar in root.iter(f"{SVG}rect"):
            assert float(bar.get("width", 0)) >= 0
            assert float(bar.get("x", 0)) + float(bar.get("width", 0)) <= width + 0.2


def test_the_longest_bar_is_that_of_the_largest_number_and_numbers_are_in_the_table() -> None:
    table = pd.DataFrame(
        {"parameter": ["a", "b"], "x": [0.4, 0.1], "x_low": [0.3, 0.0], "x_high": [0.5, 0.2]}
    )
    chart = charts.indices(table, "x", title="t")
    bars = [
        float(one.get("width", 0))
        for one in ET.fromstring(chart.svg).iter(f"{SVG}rect")
        if one.get("class") == "s0"
    ]
    assert bars[0] == pytest.approx(4 * bars[1], rel=0.02)
    assert chart.table["x"].tolist() == [0.4, 0.1]
    shares = charts.indices(table, "x", title="t", percent=True)
    assert shares.numbers.filed["x"].tolist() == [0.4, 0.1]
    assert "40" in shares.summary


def test_a_box_in_logs_is_drawn_where_its_logs_are() -> None:
    design = made_up.design(10.0 ** box(300, 3).values, 1.0, 10.0, log=True)
    found = prim(study(design, lambda x: three(np.log10(x))))
    chart = charts.boxes(found.table(), title="t")
    root = ET.fromstring(chart.svg)
    whole = next(one for one in root.iter(f"{SVG}rect") if one.get("class") == "plain")
    part = next(one for one in root.iter(f"{SVG}rect") if one.get("class") == "s0")
    row = found.table().iloc[0]
    share = np.log10(row["high"]) - np.log10(row["low"])
    assert float(part.get("width")) / float(whole.get("width")) == pytest.approx(share, abs=0.02)
    assert NAMES[0] in chart.summary


def test_a_table_that_lacks_a_column_or_rows_is_refused() -> None:
    with pytest.raises(InputError, match="no column y"):
        charts.indices(pd.DataFrame({"parameter": ["a"]}), "y", title="t")
    with pytest.raises(InputError, match="no box"):
        charts.boxes(prim(study(box(100, 2), lambda x: x[:, 0])).table(), title="t")
    table = pd.DataFrame({"parameter": ["a"], "month": [1], "y": [1.0]})
    with pytest.raises(InputError, match="one month makes no line"):
        charts.indices_by_month(table, "y", title="t")


WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_shows_the_page_in_every_light_on_a_phone_and_on_paper(
    browser: Any, answers: Answers, tmp_path: Path
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = write_report(tmp_path / "study.html", analysis_report(answers))
    page = browser.new_page(viewport={"width": 390, "height": 800})
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("requestfailed", lambda asked: wrong.append(asked.url))
    page.goto(path.as_uri())
    page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = axe.Axe().run(page, options=WCAG)
        assert [one["id"] for one in found.response["violations"]] == []
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert page.evaluate("() => document.querySelectorAll('figure').length") > 5
    pages = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.close()
    assert wrong == []
    size = [float(one) * 25.4 / 72 for one in (pages[0].mediabox.width, pages[0].mediabox.height)]
    assert [round(one) for one in size] == [210, 297]
    texts = [" ".join(normalize("NFKC", one.extract_text()).split()) for one in pages]
    assert texts[0].startswith("Children's wellbeing: what decides")
    assert min(map(len, texts)) > 100  # no page is empty
    assert answers.key in texts[-1]
