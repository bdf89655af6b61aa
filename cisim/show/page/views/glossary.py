"""The words that the page explains where they stand, on hover and on focus."""

from __future__ import annotations

from cisim.show.page.words import part


def terms() -> list[dict[str, str]]:
    """Return the glossary: what finds a word in a text, as the language bends it, and what it says.

    match : a regular expression of JavaScript, without groups
    """
    return [{"match": one["match"], "says": one["says"]} for one in part("glossary").values()]
