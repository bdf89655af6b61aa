"""The site of `make docs`: built without a warning, and read from disk without any network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

import cisim

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx")
    folder = tmp_path_factory.mktemp("site")
    build = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(folder / "trees"), "-c", "docs"]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *build, ".", str(folder / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.mark.slow
@pytest.mark.browser
def test_the_site_opens_from_disk_and_every_link_leads_somewhere(site: Path, browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: broken.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/docs/index.html")
    assert page.locator("h1").inner_text().startswith("cisim")

    seen: dict[str, set[str]] = {}
    wanted: set[tuple[str, str]] = {(page.url, "")}
    while left := sorted({url for url, _ in wanted} - set(seen)):
        page.goto(left[0])
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        seen[left[0]] = set(ids)
        missing = "[...document.images].filter(i => !i.naturalWidth).map(i => i.src)"
        assert page.evaluate(missing) == []
        for link in page.evaluate("[...document.links].map(a => a.href)"):
            url, mark = urldefrag(link)
            if not url.startswith("file:"):
                continue
            path = Path(unquote(url.removeprefix("file://")))
            assert path.is_file(), f"{left[0]} leads to {url}"
            assert site in path.parents
            if path.suffix == ".html":
                wanted.add((url, unquote(mark)))
    names = {url.removeprefix(site.as_uri() + "/") for url in seen}
    for name in ("planner", "facilitator", "researcher", "odd", "evidence", "api"):
        assert f"docs/{name}.html" in names
    assert {"README.html", "CONTRIBUTING.html", "CHANGELOG.html"} <= names
    for url, mark in wanted:
        assert not mark or mark in seen[url], f"{url} has no #{mark}"
    assert broken == []
    assert all(url.startswith((site.as_uri(), "data:")) for url in asked)
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_search_works_from_disk(site: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{(site / 'search.html').as_uri()}?q=brokering")
    found = page.locator("#search-results li a")
    found.first.wait_for()
    assert any("odd.html" in (link.get_attribute("href") or "") for link in found.all())
    page.close()


def test_the_reference_has_everything_that_is_public() -> None:
    text = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8")
    for name in cisim.__all__:
        if name != "__version__":
            assert f"cisim.{name}\n" in text or f"``cisim.{name}``" in text, name
