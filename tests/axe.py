"""What axe says of a page: no rule of WCAG 2.1 AA, or of good practice, is broken."""

from __future__ import annotations

from typing import Any


def finds_nothing(page: Any) -> None:
    """Fail where axe finds something on a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    )
    told = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]
    assert not told
