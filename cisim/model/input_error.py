"""What a user is told when something they gave is wrong: one sentence, never a traceback.

Every such sentence names where, what was given and what would be right, for example

    missing-sponsor.toml: parameters.trust_memry is not a parameter. Did you mean trust_memory?
"""

from __future__ import annotations

import difflib
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from cisim.model.told import Sentences, several

SAYS = Sentences(
    "near",
    meant=" Did you mean {name}?",
    there_is=" There is {names}.",
)
_MANY_NAMES = 2000
_LONG_NAME = 200


class InputError(ValueError):
    """Something a user gave is wrong. The text is one whole sentence for that user.

    sentences : all of them, where several things were found wrong; the text is the first. One of
                `Sentences` stays what it is, so that it can be told in another language
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)

    def __str__(self) -> str:
        first = self.args[0] if self.args else ""
        return first if isinstance(first, str) else str(first)

    @property
    def sentences(self) -> tuple[str, ...]:
        return self.args


class ObjectionsError(ValueError):
    """What a class's own checks have against what was given, a clause for each."""

    def __str__(self) -> str:
        return "; ".join(str(one) for one in self.args)


class Problems:
    """Gathers what is wrong in the parts of a thing, so that all of it is told at once."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Let what raises InputError be gathered."""
        try:
            yield
        except InputError as error:
            self.sentences += error.sentences

    def refuse(self) -> None:
        """Raise InputError if something was gathered."""
        if self.sentences:
            raise InputError(*dict.fromkeys(self.sentences))


def shown(value: object, longest: int = 60) -> str:
    """Return `value` as it may stand in a sentence: on one line and not too long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def printable(text: str | os.PathLike[str], longest: int = 300) -> str:
    """Return a name or path as a sentence may show it: as it is, unless that breaks the line."""
    text = os.fspath(text)
    return text if text.isprintable() and 0 < len(text) <= longest else shown(text, longest)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean …?" for the nearest of `names`, or what there is if none is near."""
    known = sorted(names)
    if len(known) > _MANY_NAMES or len(name) > _LONG_NAME:  # comparing takes their product
        name = name[:_LONG_NAME]
        at = bisect_left(known, name)  # those around it begin alike
        known = known[max(0, at - _MANY_NAMES // 2) : at + _MANY_NAMES // 2]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return SAYS("meant", name=printable(near[0], 60))
    if 0 < len(known) <= 12:
        return one_of(printable(one, 60) for one in known)
    return ""


def one_of(names: Iterable[str]) -> str:
    """Return " There is …." with all names."""
    return SAYS("there_is", names=several(names))
