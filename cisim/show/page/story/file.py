"""A story as one file that plays by itself: in any browser, without Python, without a network."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from cisim.show.page.network.script import joined

_HERE = Path(__file__).parent
_WHOLE = "html, body { margin: 0; padding: 0; }\n"
_START = """
const told = JSON.parse(document.getElementById("told").textContent);
window.cisimStory = new Story(document.getElementById("story"), told);
"""


def page(played: dict[str, Any]) -> str:
    """Return what `cisim.show.page.story.told.played` gives as a page of its own.

    It asks nobody for anything: its policy allows its own script and its own style, by their
    digests, and no request at all.
    """
    script, style = f'"use strict";\n{player()}{_START}', f"{_WHOLE}{styled()}"
    text = json.dumps(played, separators=(",", ":"), ensure_ascii=False)
    return (
        Environment(
            loader=PackageLoader("cisim.show.page.story", "."),
            autoescape=True,
            undefined=StrictUndefined,
        )
        .get_template("story.html.jinja")
        .render(
            language=played["language"],
            title=played["title"],
            words=played["words"],
            told=text.replace("<", "\\u003c"),
            script=script,
            script_hash=_digest(script),
            style=style,
            style_hash=_digest(style),
        )
    )


@cache
def player() -> str:
    """Return the script of the story's player, with all that it is made of."""
    return joined(_HERE / "story.js")


@cache
def styled() -> str:
    """Return the story's style."""
    return (_HERE / "story.css").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
