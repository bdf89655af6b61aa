"""Texts with a little markup: *strong*, `code` and ~stressed~, for pages that are HTML."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from cisim.show.language.texts import filled, pattern

_MARKS = (("strong", re.compile(r"\*([^*]+)\*")), ("code", re.compile("`([^`]+)`")),
          ("em", re.compile("~([^~]+)~")))  # fmt: skip


def marked(name: str, /, **given: object) -> Markup:
    """Return the text of "part.name" as HTML, with what is given escaped and filled in."""
    text = pattern(name, given).replace("&", "&amp;").replace("<", "&lt;")
    for tag, mark in _MARKS:
        text = mark.sub(rf"<{tag}>\1</{tag}>", text)
    safe = {key: escape(one) if isinstance(one, str) else one for key, one in given.items()}
    return Markup(filled(text, **safe))
