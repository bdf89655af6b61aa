"""What the importer says of people's files, as somebody reads it who has no mapping in hand.

On a terminal its sentences name the mapping's keys. Here each that has shorter words on the page
(`[survey]` of a language's file, by the name that the importer calls it) is said in these.
"""

from __future__ import annotations

from string import Formatter
from typing import NamedTuple, cast

from cisim.model.told import Told, Written
from cisim.show.language.forms import localised
from cisim.show.language.texts import has_forms, part, say
from cisim.show.told import told

PART = "survey"
LIKE = {
    "times": "years",
    "in_group": "cell",
    "yes_or_no": "truth",
    "is_number": "number",
    "no_ties_among": "no_ties",
    "nobody_named": "nobody",
    "too_many_rows": "many_rows",
    "too_many_edges": "many_edges",
    "far_sheet": "far_cell",
    "row_quote": "open_quote",
    "long_cell": "open_quote",
    "error_bounds": "out_of_bounds",
}
"""Sentences that the page says as it says another."""


class Placed(NamedTuple):
    """A sentence and where it is: file and row as far as it knows them, and the rest of it."""

    file: str
    row: int
    rest: str


def placed(sentence: str) -> Placed:
    """Return a sentence apart from the row of a file that it begins with."""
    where = sentence.given.get("where") if isinstance(sentence, Told) else None
    if not isinstance(sentence, Told) or not isinstance(where, Told):
        return Placed("", 0, in_words(sentence))
    if where.name not in (f"{PART}.in_row", f"{PART}.in_cell"):
        return Placed("", 0, in_words(sentence))
    rest = in_words(sentence).removeprefix(f"{told(where)}: ")
    return Placed(str(where.given["file"]), int(str(where.given["row"])), rest)


def in_words(sentence: str) -> str:
    """Return what a sentence of the importer says, in the language that is spoken."""
    if not isinstance(sentence, Told):
        return told(sentence)
    if sentence.name == f"{PART}.of":
        where, what = (cast(str, sentence.given[one]) for one in ("where", "what"))
        if isinstance(what, Told) and "file" in _places(what):
            return _said(what, file=told(where))
        return f"{told(where)}: {in_words(what)}"
    if known(sentence) not in part(PART):
        return told(sentence)
    file = sentence.given.get("where")
    said = _said(sentence)
    return f"{told(file)}: {said}" if isinstance(file, str) else said


def known(sentence: str) -> str:
    """Return the name by which the page says a sentence of the importer, "" of another's."""
    if not isinstance(sentence, Told):
        return ""
    if sentence.name == f"{PART}.of":
        what = sentence.given["what"]
        return known(what) if isinstance(what, str) else ""
    of, _, name = sentence.name.partition(".")
    return LIKE.get(name, name) if of == PART else ""


def _places(sentence: Told) -> set[str]:
    """Return what the page fills into its own words of a sentence."""
    text = part(PART).get(known(sentence), "")
    forms = list(text.values()) if has_forms(text) else [text]
    return {name for one in forms for _, name, _, _ in Formatter().parse(str(one)) if name}


def _said(sentence: Told, **more: str) -> str:
    given = sentence.given
    filled: dict[str, object] = dict(more)
    for name, value in given.items():
        filled[name] = value if name == "n" else _filled(name, value)
    return say(f"{PART}.{known(sentence)}", **filled)


def _filled(name: str, value: object) -> str:
    """Return what is filled in, as it reads."""
    if isinstance(value, Told) and "row" in value.given:
        return localised(f"{value.given['row']:,}")
    if isinstance(value, int) and not isinstance(value, bool):
        return localised(f"{value:,}")
    if isinstance(value, float):
        return localised(f"{value:,g}")
    if name == "sector":
        return say(f"own_sectors.{value}")
    text = told(value) if isinstance(value, str) else str(value)
    return text if isinstance(value, Told | Written) else _marked(text)


def _marked(text: str) -> str:
    """Return a text with the language's quotation marks where Python has put its own."""
    bare = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return say(f"{PART}.quoted", text=text[1:-1]) if bare else text
