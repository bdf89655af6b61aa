"""What goes over the wire: a slider that is let go sends little, and nothing that was not asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cisim.show.page.packing import slim, squeezed, unsqueezed
from cisim.show.page.screens import widgets
from cisim.version import __version__

MOST_BYTES = 60_000
FINLAND = f"view=explore&version={__version__}"
TEMPLATES = Path(widgets.__file__).parent / "vue"
SAID = TEMPLATES.parents[1] / "server" / "fitted.js"


def test_what_is_squeezed_comes_out_as_it_was() -> None:
    value = {"svg": "<svg>å–…</svg>" * 400, "numbers": [1, 2.5, None, True]}
    packed = squeezed(value)
    assert unsqueezed(packed) == value
    assert packed.isascii()
    assert len(packed) < 400


@pytest.mark.parametrize("name", sorted(widgets.FRAME))
def test_a_template_gets_of_the_frame_what_it_uses_and_no_more(name: str) -> None:
    source = (TEMPLATES / f"{name}.vue").read_text(encoding="utf-8")
    if "window.cisimSaid(" in source:  # of which it has more than stands in it
        source += SAID.read_text(encoding="utf-8")
    assert set(widgets.FRAME[name]) == set(re.findall(r"\bframe\.(\w+)", source))


def test_a_picture_is_the_same_in_steps() -> None:
    path = "M47 338.4L48.8 338.5L50.6 338L50.6 -0.3zM-0.2 0.7L0.7 0.7M5 5L6 4"
    other = '<path d="M1 2a5.2 5.2 0 1 0 3 0z"/><text>d="M0 0"'
    slimmed = slim(f'<path d="{path}" class="s0"/>{other}')
    steps = "M47 338.4l1.8 .1 1.8-.5 0-338.3zM-.2 .7l.9 0M5 5l1-1"
    assert slimmed == f'<path d="{steps}" class="s0"/>{other}'
    assert stood(slimmed) == stood(f'<path d="{path}" class="s0"/>')


def stood(svg: str) -> list[tuple[float, float]]:
    """Return where the first path of a picture goes, whether it says places or steps."""
    path = svg.partition(' d="')[2].partition('"')[0]
    places, x, y, command = [], 0.0, 0.0, "M"
    for letter, across, down in re.findall(r"([MLlz])|(-?[\d.]*\d) ?(-?[\d.]*\d)", path):
        if letter:
            command = letter
            continue
        step = command == "l"
        x, y = (x if step else 0.0) + float(across), (y if step else 0.0) + float(down)
        places.append((round(x, 1), round(y, 1)))
    return places


def test_words_go_without_the_charts() -> None:
    assert widgets.answer({"headline": "h", "charts": [1]}) == {"headline": "h"}
    assert widgets.answer(None) is None


@pytest.mark.slow
@pytest.mark.browser
def test_a_slider_that_is_let_go_sends_at_most_60_kb(visitor: Any) -> None:
    page = visitor.page
    sent = {"bytes": 0}

    def hear(socket: Any) -> None:
        for way in ("framesent", "framereceived"):
            socket.on(way, lambda frame: sent.update(bytes=sent["bytes"] + len(frame)))

    page.on("websocket", hear)
    visitor.go(FINLAND)
    visitor.ready(200)
    page.wait_for_selector(".network-card canvas[data-month]")
    page.get_by_role("button", name="Levers").click()
    page.wait_for_selector("#lever-national_fte")
    page.wait_for_timeout(3000)
    before = sent["bytes"]
    assert before > 50_000
    page.locator("#lever-national_fte").evaluate(
        "e => { e.value = 8; for (const kind of ['input', 'change'])"
        " e.dispatchEvent(new Event(kind, {bubbles: true})) }"
    )
    page.wait_for_url("**set=national_fte:8**")
    visitor.ready(200)
    page.wait_for_function("!document.querySelector('.network-card.stale')")
    page.wait_for_timeout(2000)
    assert sent["bytes"] - before <= MOST_BYTES, sent["bytes"] - before
