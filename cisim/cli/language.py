"""`--language`: in which language a command writes what people read."""

from __future__ import annotations

from typing import Annotated

import typer

LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="WHICH",
        help="The language of what people read: en, fi, sv, or a file of texts such as de.toml.",
        show_default="en",
    ),
]


def speak_as_asked(given: str | None) -> None:
    """Speak the language that is asked for, else English, in all that is said to people from now.

    Raises InputError if there is no such language.
    """
    from cisim.show.language.spoken import ENGLISH, speak

    speak(ENGLISH if given is None else given)
