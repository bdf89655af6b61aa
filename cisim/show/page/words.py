"""Every text of the page, from one file, so that another language is another file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "words.toml"


@cache
def texts() -> dict[str, Any]:
    """Return all texts as they stand in the file, by part and name."""
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def part(name: str) -> dict[str, Any]:
    """Return one part of the texts: its names and what they say."""
    found: dict[str, Any] = texts()[name]
    return found


def say(name: str, /, **given: object) -> str:
    """Return the text of "part.name", with what is given filled in."""
    found: Any = texts()
    for key in name.split("."):
        found = found[key]
    text: str = found
    return text.format(**given) if given else text
