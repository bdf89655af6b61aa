"""`--language`: in which language a command writes what people read."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from cisim.cli.given import OnlyFor

READ = OnlyFor(
    "language",
    lambda options: not options["as_json"] or options["out"] is not None or options.get("report"),
    "what people read, and JSON is for programs",
)
"""JSON has one language; charts and reports beside it have the one that is asked for."""
READ_HERE = OnlyFor(
    "language", lambda options: not options["as_json"], "what people read, and JSON is for programs"
)
"""The same of a command that writes nothing that people read beside its JSON."""
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


def today() -> str:
    """Return the day, in words of the language that is spoken."""
    from cisim.show.counted import day

    return day(datetime.now(UTC))
