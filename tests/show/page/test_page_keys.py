"""Keys of the whole page: a control answers to each that is listed, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cisim.show.page
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.server.document import KEYS, dress, styles
from cisim.show.page.words import part

PAGE = Path(cisim.show.page.__file__).parent
SOURCES = "\n".join(
    path.read_text("utf-8") for kind in ("*.vue", "*.js") for path in PAGE.rglob(kind)
)
OWN = {"full": "F", "workshop": "W", "help": "?"}


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_control_answers_to_each_key_that_is_listed(name: str) -> None:
    key = KEYS[name]
    if key == "next":
        assert "<select data-next" in SOURCES
    else:
        # In a template data-key="P Space", in a script "data-key": "V Enter" or by its number.
        found = re.findall(r"""data-key"?\s*[=:]\s*["'`]([^"'`]+)["'`]""", SOURCES)
        levers = ["L"] if """:data-key="one === 'levers' ? 'L' : null\"""" in SOURCES else []
        numbers = ["1"] if '"data-key": `${k + 1}`' in SOURCES else []
        assert key in {one for keys in [*found, *levers, *numbers] for one in keys.split()}


@pytest.mark.parametrize("code", sorted(languages()))
def test_what_is_listed_begins_with_its_key(code: str) -> None:
    with speaking(code):
        listed = part("keys_do")
    assert set(listed) == {*KEYS, *OWN}
    for name, text in listed.items():
        keys, colon, does = text.partition(": ")
        assert colon
        assert does
        letter = {**KEYS, **OWN}[name]
        if len(letter) == 1:
            assert keys.split(",")[0] == letter


def test_every_page_has_the_keys_and_large_type() -> None:
    page = dress("<html><head><title>x</title></head><body></body></html>", None, command="cisim")
    assert "window.cisimKeys" in page
    assert page.index("window.cisimKeyWords = ") < page.index("window.cisimKeys = ")
    assert "html.workshop" in styles()
