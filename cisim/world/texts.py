"""Texts that people write into files: plain ones only."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from cisim.model.input_error import InputError, shown
from cisim.model.plain_text import ALLOWED, is_plain
from cisim.model.told import Sentences, Told

SAYS = Sentences(
    "texts",
    line=f"allowed is {ALLOWED}, on one line",
    lines=f"allowed is {ALLOWED}",
    given="{where}: {field} is {text}; {allowed}.",
    name="allowed is text on one line without a slash or outer spaces",
    overall='allowed is any other name, as "overall" means all regions together',
    shares="the shares add up to {total:.3g}; allowed is at most 1",
)


def _line(text: str) -> str:
    if not is_plain(text):
        raise ValueError(SAYS("line"))
    return text


def _lines(text: str) -> str:
    if not is_plain(text, lines=True):
        raise ValueError(SAYS("lines"))
    return text


Line = Annotated[str, AfterValidator(_line)]
Title = Annotated[Line, Field(min_length=1, max_length=200)]
Short = Annotated[Line, Field(max_length=24)]
"""What something is called after it was named in full once, "" where nobody has said."""
Lines = Annotated[str, AfterValidator(_lines)]


def within(sentence: str) -> str:
    """Return a sentence as it stands within another one: without its full stop."""
    bare = sentence.removesuffix(".")
    return Told(bare, sentence.name, sentence.given) if isinstance(sentence, Told) else bare


def plain_line(text: str, where: str, field: str) -> str:
    """Return a text that is one plain line; raises InputError otherwise."""
    if not is_plain(text):
        allowed = SAYS("line")
        raise InputError(SAYS("given", where=where, field=field, text=shown(text), allowed=allowed))
    return text
