"""`--language`: in which language a command writes what people read."""

from __future__ import annotations

from functools import partial
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


def speak_as_asked(context: typer.Context, given: str | None) -> None:
    """Speak the language that is asked for, else English, until the command ends.

    Raises InputError if there is no such language.
    """
    from cisim.show.language.spoken import ENGLISH, speak, usual

    context.call_on_close(partial(speak, usual()))
    speak(ENGLISH if given is None else given)
