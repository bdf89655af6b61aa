"""Where the numbers of a file are from: `[[evidence]]` of a world or a case.

    [[evidence]]
    numbers = ["regions.communities", "regions.Pirha.participating"]
    source = "K26"                      # or "assumption"
    words = "Table 1"

A number is called by its keys, with dots; a member of a list may be named in between. What is said
of one member goes before what is said of all. A date is a number, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from cisim.model.input_error import nearest, shown
from cisim.model.told import Sentences
from cisim.world.texts import Line, Lines, Title

SAYS = Sentences(
    "sourced",
    unknown="{field} is {name}, which is no number of this file.{near}",
    again="{field} is {name}, of which is told before; allowed is once",
)

ASSUMPTION = "assumption"
_DATE = re.compile(r"\d{4}-\d{2}")
_TEXTS = {"title", "short", "source", "notes", "note", "story", "evidence"}


class Evidence(BaseModel):
    """What some numbers of the file rest on: a source, or the word assumption."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    numbers: list[Line] = Field(min_length=1, max_length=1000)
    source: Title
    words: Annotated[Lines, Field(max_length=2000)] = ""


class Sourced(NamedTuple):
    """A number of a file, and what it rests on; `source` is "" where nothing is said of it.

    path : its keys; `called` : with the names of list members between them
    """

    path: str
    called: str
    value: str
    source: str
    words: str


def sourced(said: Mapping[str, Any], evidence: Sequence[Evidence]) -> list[Sourced]:
    """Return every number of what a file says, in its order, with what it rests on."""
    told = {name: one for one in evidence for name in one.numbers}
    found = []
    for path, called, value in _numbers(said):
        one = told.get(called) or told.get(path)
        source, words = ("", "") if one is None else (one.source, one.words)
        found.append(Sourced(path, called, value, source, words))
    return found


def of_nothing(said: Mapping[str, Any], evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield a clause for each entry that names no number of the file, or one told before."""
    known = {name for path, called, _ in _numbers(said) for name in (path, called)}
    seen: set[str] = set()
    for at, one in enumerate(evidence):
        for place, name in enumerate(one.numbers):
            field = f"evidence[{at}].numbers[{place}]"
            if name not in known:
                yield SAYS("unknown", field=field, name=shown(name), near=nearest(name, known))
            elif name in seen:
                yield SAYS("again", field=field, name=shown(name))
            seen.add(name)


def _numbers(value: Any, path: str = "", called: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield path, path with names, and value of each number below."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            if path or key not in _TEXTS:
                yield from _numbers(
                    part, f"{path}.{key}".lstrip("."), f"{called}.{key}".lstrip(".")
                )
    elif isinstance(value, list | tuple):
        for part in value:
            name = part.get("name") if isinstance(part, Mapping) else None
            yield from _numbers(part, path, f"{called}.{name}" if name else called)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        yield path, called, f"{value:,.10g}"
    elif isinstance(value, str) and _DATE.fullmatch(value):
        yield path, called, value
