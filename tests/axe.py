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
    "presenter": "view=presenter&tell=three-structures",
    "studies": "view=studies",
    "study": 'view=studies&study={"folder":"fte"}',
    "about": "view=about",
}
"""Pages, by what they are called."""
STANDS = {
    "start": ".cards .chart svg, .cards svg",
    "explore": ".one-answer .chart svg",
    "compare": ".chart svg",
    "story": ".asks",
    "presenter": ".presenter .times",
    "study": ".mapped .chart svg",
}
"""What a page has once it stands; others stand with their heading."""
THEMES = ("light", "dark", "large")


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
CHANGED = {
    "light": RULES,
    "dark": {"runOnly": ["color-contrast"]},
    "large": {"runOnly": ["scrollable-region-focusable", "target-size", "color-contrast"]},
}
"""What a theme can break: a dark one has other colours, large type other sizes, and no more."""


def finds_nothing(page: Any, within: str = "html", theme: str = "light", but: str = "") -> None:
    """Fail where axe finds something on a page, twice: what is drawn anew meanwhile is no fault.

    within : the part of the page
    theme  : that it wears
    but    : a rule that does not hold there
    """
    from axe_playwright_python.base import AXE_FILE_PATH

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_FILE_PATH.read_text("utf-8"))
    told: list[str] = []
    for pause in (0, 1500):
        page.wait_for_timeout(pause)
        found = page.evaluate(
            "([within, options]) => axe.run(within, options)",
            [within, CHANGED[theme]],
        )
        told = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in found["violations"]
            if one["id"] != but
        ]
        if not told:
            return
    pytest.fail("; ".join(told))


def wears(page: Any, theme: str) -> None:
    """Dress a page in a theme: light, dark, or large type, which is light."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate(
        "on => document.documentElement.classList.contains('workshop') === on || cisimKeys.large()",
        theme == "large",
    )
    page.wait_for_timeout(200)  # what changes colour slowly has its colour
