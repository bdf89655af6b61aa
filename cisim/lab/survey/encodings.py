"""Which letters the bytes of a file are.

UTF-8, with or without a mark, and UTF-16 are told by their bytes. What is neither was written by a
program with a code page of its own: Excel writes Windows-1252, on a Mac Mac Roman, as "MS-DOS"
the page of the old command line. The one in which the letters make words is taken, and said.
"""

from __future__ import annotations

import codecs
import re

from cisim.lab.survey.says import SAYS, of
from cisim.model.input_error import InputError, shown

_PAGES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS 850"}
_LETTERS = frozenset("åäöÅÄÖéÉèüÜøæØÆšžŠŽāēīōūĀĒĪŌŪáíóúñçß")
_SIGNS = frozenset("–—’‘“”…€§°½·´\u00a0«»®©")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TWICE = re.compile("Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ¤¥¶©Ÿž]")


def decode(data: bytes, where: str, given: str | None = None) -> tuple[str, str]:
    """Return a file's text, and what had to be assumed for it ("" for nothing).

    given : the encoding that a mapping names

    Raises InputError if the bytes are no text of the encoding that is named, or of any.
    """
    if given is not None:
        return _as(data, given, where), ""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data, encoding, where), ""
    if (wide := _without_mark(data)) is not None:
        return _as(data, wide, where), SAYS("unmarked", where=where)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _in_a_page(data, where)
    return text, _looks_twice(text, where)


def _as(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise InputError(of(where, SAYS("encoding", value=shown(encoding)))) from None
    except UnicodeDecodeError as error:
        raise InputError(of(where, SAYS("not_in", byte=error.start, encoding=encoding))) from None


def _without_mark(data: bytes) -> str | None:
    """Return which UTF-16 this is: Latin letters have a null byte beside each."""
    head = data[:4000]
    half = len(head) // 2
    if half < 2:
        return None
    if head[1::2].count(0) > 0.7 * half and head[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[::2].count(0) > 0.7 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _in_a_page(data: bytes, where: str) -> tuple[str, str]:
    texts = {}
    for page in _PAGES:
        try:
            texts[page] = data.decode(page)
        except UnicodeDecodeError:
            continue
    if b"\0" in data[:4000] or not texts:
        raise InputError(of(where, SAYS("no_text")))
    page = max(texts, key=lambda one: _likeness(texts[one]))  # the first of equals
    return texts[page], (SAYS("page", where=where, page=_PAGES[page]))


def _likeness(text: str) -> int:
    """Return how far letters beyond ASCII look like those of words."""
    score = 0
    for found in re.finditer(r"[^\x00-\x7f]", text[:200_000]):
        letter = found[0]
        before = text[found.start() - 1] if found.start() else " "
        if letter.isupper() and before.islower():
            score -= 2
        elif letter in _LETTERS:
            score += 1
        elif letter not in _SIGNS:
            score -= 2 if not letter.isalpha() else 1
    return score


def _looks_twice(text: str, where: str) -> str:
    """Say where UTF-8 was once read as Windows-1252 and saved again: "TyÃ¶" for "Työ"."""
    found = _TWICE.search(text)
    if found is None:
        return ""
    around = text[max(0, found.start() - 8) : found.end() + 8].split("\n")[0]
    return SAYS("twice_saved", where=where, value=shown(around))
