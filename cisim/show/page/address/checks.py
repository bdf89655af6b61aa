"""What an address, a file and a visitor may say; one sentence where they may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from cisim.model.input_error import InputError, shown
from cisim.model.plain_text import is_plain
from cisim.show.language.facts import OUTCOMES
from cisim.show.language.forms import localised
from cisim.show.page.words import say
from cisim.show.told import nearest, told
from cisim.world.files import shipped
from cisim.world.structure import Structure

VIEWS = (
    "start", "story", "presenter", "explore", "compare", "debrief", "own", "track", "studies",
    "about",
)  # fmt: skip
TOLD = ("story", "presenter")
"""Views of a story that is told, as the room and as its presenter see it."""
DEFAULT = "national-and-regional"
FIRST = ("no-backbone", "national-and-regional", "missing-sponsor")
CARDS = (*FIRST, "same-total")
"""The scenarios with a card on Start."""
OWN_COMPARED = ("no-backbone", "regional-only", "national-and-regional")
"""What is put side by side at first on a place of one's own."""
BLANK = "no-backbone"
"""What a scenario of one's own starts from; its world and structure are always given."""
MINE = "mine"
BRANCH = "branch"
LARGEST_LINKED_SEED = 2**53
HOW_FUTURES_DIFFER = ("ensemble", "plausible", "fixed")
"""What may be chosen that futures believe, see cisim.world.beliefs; the first where nobody does."""
MOST_COMPARED = 3
SNAPSHOTS = tuple(f"snapshot-{n}" for n in range(1, MOST_COMPARED + 1))
"""Snapshots that are compared, as they are named beside scenarios."""
MOST_GIVEN = 300
"""Characters of a name that an address gives, as of a folder."""
TEXTS = {"title": 200, "short": 24, "story": 1000, "note": 1000}
"""Texts of one's own, and their most characters."""


@cache
def _whole() -> frozenset[str]:
    """Return the names of levers that are whole numbers, as of communities."""
    return frozenset(
        f"{name}.{part}"
        for name, field in Structure.model_fields.items()
        for table in _tables(field.annotation)
        for part, of in table.model_fields.items()
        if int in (of.annotation, *get_args(of.annotation))
    )


def _tables(form: Any) -> Iterator[type[BaseModel]]:
    """Yield the tables that a lever may be."""
    if isinstance(form, type) and issubclass(form, BaseModel):
        yield form
    elif get_origin(form) is not list:
        for one in get_args(form):
            yield from _tables(one)


def as_number(name: str, value: Any) -> Any:
    """Return a whole number as the lever or belief of a name wants it; all else as it is."""
    if isinstance(value, int) and not isinstance(value, bool) and name not in _whole():
        try:
            return float(value)
        except OverflowError:  # larger than any that is allowed
            raise InputError(say("address.huge")) from None
    return value


def checked_text(given: str, most: int) -> str:
    """Return a text on one line.

    Raises InputError if it is blank, too long, or has characters that nobody sees.
    """
    clean = " ".join(given.split())
    if not clean:
        raise InputError(say("address.blank"))
    if not is_plain(clean):
        raise InputError(say("address.unseen"))
    if len(clean) > most:
        raise InputError(
            say("address.text", count=localised(f"{len(clean):,}"), most=localised(f"{most:,}"))
        )
    return clean


def goals(outcome: str) -> tuple[float, float]:
    """Return the least and the largest goal that an outcome can have."""
    low, high = OUTCOMES[outcome].bounds
    return max(low, -1e9), min(high, 1e9)


def checked_goal(outcome: str, value: object) -> float:
    """Return a goal that the outcome can have.

    Raises InputError otherwise.
    """
    low, high = goals(outcome)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]
        raise InputError(say("address.number", low=f"{low:g}", high=f"{high:g}"))
    return float(value)  # type: ignore[arg-type]


def checked_compared(names: tuple[str, ...], snapshots: int = 0) -> tuple[str, ...]:
    """Return the names of scenarios if they can stand side by side; so many snapshots there are.

    Raises InputError otherwise.
    """
    known = (MINE, *shipped("scenarios"), *SNAPSHOTS[:snapshots])
    for name in names:
        if name not in known:
            raise InputError(unknown(name, known))
    if len(set(names)) < len(names) or not 2 <= len(names) <= MOST_COMPARED:
        raise InputError(say("address.compared"))
    return names


def checked_beliefs(given: str) -> str:
    """Return what futures shall believe if it may be chosen.

    Raises InputError otherwise.
    """
    if given not in HOW_FUTURES_DIFFER:
        raise InputError(say("address.unknown") + nearest(given, HOW_FUTURES_DIFFER))
    return given


def unknown(given: str, known: Iterable[str]) -> str:
    """Return the sentence that a name is not known here, with the nearest that is."""
    return f"{shown(given)}: {say('address.unknown')}{nearest(given, known)}"


def plainly(sentence: str) -> str:
    """Return a sentence in the language that is spoken, without a command for a terminal."""
    bare = re.sub(r" \(cisim [^)]*\)", "", told(sentence))
    return re.sub(r"^(page|scenario|settings): ", "", bare, flags=re.IGNORECASE)


def in_a_sentence(error: Exception) -> str:
    """Return what went wrong as people read it."""
    if isinstance(error, InputError):
        return plainly(str(error))
    return say("status.failed", reason=f"{type(error).__name__}: {error}")
