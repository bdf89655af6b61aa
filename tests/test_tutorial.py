"""The tutorial runs from its first cell to its last, as somebody would who opens it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[nbformat.NotebookNode]:
    """Return the tutorial with what its cells have shown; it runs in a folder of its own."""
    folder = tmp_path_factory.mktemp("tutorial")
    book = nbformat.read(FILE, as_version=4)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    try:
        yield NotebookClient(
            book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        ).execute()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


def test_the_file_is_small_and_holds_no_output_of_anybody() -> None:
    book = nbformat.read(FILE, as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert len(code) > 8
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert FILE.stat().st_size < 30_000


def test_what_it_leads_to_is_there() -> None:
    text = FILE.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([\w./-]+)\)", text)
    assert len(links) >= 3
    assert all((FILE.parent / link).is_file() for link in links)


@pytest.mark.slow
def test_every_cell_runs_and_says_no_warning(told: nbformat.NotebookNode) -> None:
    for cell in told.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert not (output.output_type == "stream" and output.name == "stderr"), output.text


@pytest.mark.slow
def test_it_shows_pictures_of_each_kind_and_ends_with_the_same_bits(
    told: nbformat.NotebookNode,
) -> None:
    shown = [output for cell in told.cells for output in cell.get("outputs", [])]
    data = [output.data for output in shown if "data" in output]
    assert sum("image/svg+xml" in one for one in data) >= 3
    assert sum("<img " in one.get("text/html", "") for one in data) >= 4
    assert data[-2]["text/plain"] == "True"
    assert data[-1]["text/plain"] == "'2 of 60 runs done again: True'"
