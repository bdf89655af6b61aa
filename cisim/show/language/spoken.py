"""Which languages there are, and which one is spoken here.

A language is a file. Which one is spoken is said, never guessed: by the page for each visitor, by
`--language` for a process. What the machine's own settings say is not asked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from cisim.model.input_error import InputError, shown

if TYPE_CHECKING:
    from babel import Locale

P = ParamSpec("P")
R = TypeVar("R")

ENGLISH = "en"
"""The language that has every text; another says in English what it does not have."""

_files = {one.stem: one for one in sorted(Path(__file__).parent.glob("*.toml"))}
_here: ContextVar[str] = ContextVar("language", default="")
_usual = [ENGLISH]
_askers: list[Callable[[], str]] = []


def languages() -> dict[str, str]:
    """Return what each language calls itself, English first: {"en": "English", "fi": "Suomi"}."""
    codes = [ENGLISH, *(code for code in sorted(_files) if code != ENGLISH)]
    return {code: file_of(code)["language"]["name"] for code in codes}


@cache
def file_of(code: str) -> Mapping[str, Any]:
    """Return everything that a language's file says, by part and name.

    Raises InputError if it cannot be read, or does not say which language it is.
    """
    path = _files[code]
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name}: cannot be read as TOML: {error}.") from None
    about = found.get("language", {})
    for field, means in (("name", "what it calls itself"), ("forms", "a locale such as fi or sv")):
        if not isinstance(about.get(field), str):
            raise InputError(f"{path.name}: language.{field} is missing; it is {means}.")
    return MappingProxyType(found)


def checked(given: str) -> str:
    """Return the code of a language that is given as its code or as a file of its own.

    Raises InputError if there is none.
    """
    if given in _files:
        return given
    path = Path(given)
    if path.suffix == ".toml" and path.is_file():
        _files[path.stem] = path
        file_of.cache_clear()
        file_of(path.stem)
        return path.stem
    known = ", ".join(languages())
    raise InputError(f"language is {shown(given)}; allowed is one of {known}, or a file of texts.")


def spoken() -> str:
    """Return the code of the language that is spoken here."""
    return _here.get() or next((said for ask in _askers if (said := ask())), _usual[0])


def usual() -> str:
    """Return the code of the language of this process, for who has not asked for another."""
    return _usual[0]


def speak(code: str) -> None:
    """Speak a language in this process from now on, where nobody asks for another."""
    _usual[0] = checked(code)


def ask(visitor: Callable[[], str]) -> None:
    """Ask for the language of whoever is served at the moment, "" where that is nobody."""
    _askers.append(visitor)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for a while, here and in what is called from here."""
    before = _here.set(checked(code))
    try:
        yield
    finally:
        _here.reset(before)


def in_same(work: Callable[P, R]) -> Callable[P, R]:
    """Return a function that speaks the language that is spoken now, whichever thread calls it."""
    code = spoken()

    @wraps(work)
    def same(*args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(code):
            return work(*args, **kwargs)

    return same


def kept_by_language(make: Callable[P, R]) -> Callable[P, R]:
    """Return a function that keeps what it returned, for each language."""

    @cache
    def kept(code: str, *args: Any, **kwargs: Any) -> R:
        return make(*args, **kwargs)

    @wraps(make)
    def by_language(*args: P.args, **kwargs: P.kwargs) -> R:
        return kept(spoken(), *args, **kwargs)  # type: ignore[arg-type]

    return by_language


@cache
def _locale(forms: str) -> Locale:
    from babel import Locale

    return Locale.parse(forms)


def locale() -> Locale:
    """Return the forms of numbers, dates and plurals of the language that is spoken (CLDR)."""
    return _locale(file_of(spoken())["language"]["forms"])
