"""Every text that people read, by its name, in the language that is spoken.

A text may have several forms, of which the number `n` that is given takes one:

    futures = { one = "{n} future", other = "{n} futures" }

Another number than `n` is named by `by`. Which forms a language has, CLDR says; English, Finnish
and Swedish have `one` and `other`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any

from cisim.show.language.forms import localised
from cisim.show.language.spoken import ENGLISH, file_of, locale, spoken

FORMS = ("zero", "one", "two", "few", "many", "other")
"""Forms that languages have of a text with a number; every language has `other`."""


class Untranslated(UserWarning):
    """A language does not have a text, which stands in English."""


class _Filler(Formatter):
    """Fills in; a number that is given with a format is written as the language writes it."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = format(value, format_spec)
        plain = isinstance(value, bool) or not isinstance(value, int | float)
        return text if plain or (isinstance(value, int) and not format_spec) else localised(text)


_filler = _Filler()


def has_forms(found: object) -> bool:
    """Return whether this is one text in several forms, not a part with texts."""
    return isinstance(found, Mapping) and "other" in found and set(found) <= {*FORMS, "by"}


@cache
def _whole(code: str) -> dict[str, Any]:
    """Return all texts of a language, with the English ones where it has none, which is said."""
    missing: list[str] = []
    found = _beside(file_of(ENGLISH), file_of(code), "", missing)
    if missing:
        first = ", ".join(missing[:3]) + (" ..." if len(missing) > 3 else "")
        told = f"{code}.toml lacks {len(missing)} texts, which stay English: {first}"
        warnings.warn(told, Untranslated, stacklevel=2)
    return found


def _beside(english: Mapping[str, Any], own: Any, name: str, missing: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, text in english.items():
        full = f"{name}.{key}" if name else key
        there = own.get(key)
        if isinstance(text, Mapping) and not has_forms(text):
            found[key] = _beside(text, there or {}, full, missing)
        elif there is None:
            missing.append(full)
            found[key] = text
        else:
            found[key] = there
    return found


def texts() -> dict[str, Any]:
    """Return all texts by part and name."""
    return _whole(spoken())


def part(name: str) -> dict[str, Any]:
    """Return one part of the texts: its names and what they say."""
    found: Any = texts()
    for key in name.split("."):
        found = found[key]
    return dict(found)


def filled(text: str, /, **given: object) -> str:
    """Return a text of a part with what is given filled in."""
    return _filler.vformat(text, (), given)


def say(name: str, /, **given: object) -> str:
    """Return the text of "part.name", with what is given filled in."""
    text = pattern(name, given)
    return filled(text, **given) if given else text


def pattern(name: str, given: Mapping[str, object]) -> str:
    """Return the text of "part.name" before anything is filled in, in the form for what is given.

    given : holds the number that chooses the form, where there are several
    """
    found: Any = texts()
    for key in name.split("."):
        found = found[key]
    if not isinstance(found, str):
        number: Any = given[found.get("by", "n")]
        found = found.get(locale().plural_form(number)) or found["other"]
    text: str = found
    return text
