"""What axe says of a page: no rule of WCAG 2.1 AA, or of good practice, is broken."""

from __future__ import annotations

from typing import Any

import pytest

PAGES = {
    "start": "view=start",
    "explore": "view=explore&world=one-town&month=120",
    "compare": "view=compare&world=one-town",
    "story": "view=story&tell=three-structures&step=1",
    "debrief": "view=debrief",
    "own": "view=own",
    "track": "view=track&scenario=regional-only&world=one-town&months=24",
}
"""Pages, by what they are called."""
STANDS = {
    "start": ".cards .chart svg, .cards svg",
    "explore": ".one-answer .chart svg",
    "compare": ".chart svg",
    "story": ".asks",
}
"""What a page has once it stands; others stand with their heading."""
THEMES = ("light", "dark", "large")


def finds_nothing(page: Any) -> None:
    """Fail where axe finds something on a page, twice: what is drawn anew meanwhile is no fault."""
    from axe_playwright_python.sync_playwright import Axe

    told: list[str] = []
    for pause in (0, 1500):
        page.wait_for_timeout(pause)
        found = Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
        )
        told = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]
        ]
        if not told:
            return
    pytest.fail("; ".join(told))


def wears(page: Any, theme: str) -> None:
    """Dress a page in a theme: light, dark, or large type, which is light."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate("on => document.documentElement.classList.toggle('workshop', on)",
                  theme == "large")  # fmt: skip
    page.wait_for_timeout(200)  # what changes colour slowly has its colour
