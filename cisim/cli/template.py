"""`cisim template`: files to fill in."""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from cisim.cli.endings import DONE
from cisim.cli.figures import print_json
from cisim.cli.given import OnlyFor, refuse_unused
from cisim.cli.language import LanguageOption, speak_as_asked
from cisim.cli.options import AsJson
from cisim.cli.streams import show

KINDS = ("usual", "partner")


RULES = (
    OnlyFor(
        "language",
        lambda options: options["with_"] == "usual",
        "the usual questions, as those of a PARTNER survey are in English",
    ),
    OnlyFor(
        "semicolon",
        lambda options: options["language"] in (None, "en"),
        "tables in English; those of another language are as its Excel wants them",
    ),
)
"""Options that change something in some cases only."""


def _kind(text: str) -> str:
    if text not in KINDS:
        raise typer.BadParameter(f"is {text[:60]!r}; allowed is one of {', '.join(KINDS)}")
    return text


def template(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="Where they go, there or not.")],
    with_: Annotated[
        str,
        typer.Option(
            "--with",
            metavar="KIND",
            help="Questions about ties: usual, or partner (those of a PARTNER survey).",
            parser=_kind,
        ),
    ] = "usual",
    semicolon: Annotated[
        bool,
        typer.Option("--semicolon", help="For Excel where the comma is the decimal sign."),
    ] = False,
    language: LanguageOption = None,
    as_json: AsJson = False,
) -> int:
    """Write tables to fill in, with an example row each; what is there is never written over.

    Example: cisim template county
    """
    refuse_unused(context, RULES)
    speak_as_asked(context, language)
    from cisim.lab.survey.template import SAYS, files
    from cisim.model.input_error import InputError, printable
    from cisim.show.language.spoken import ENGLISH, spoken
    from cisim.show.language.texts import say as words
    from cisim.show.template_in_words import to_fill_in

    place = Path(folder)
    typed = shlex.quote(printable(folder))
    if spoken() == ENGLISH:
        texts = dict(files("partner" if with_ == "partner" else "usual", typed, semicolon))
        command = f"cisim import {typed} -o world.toml"
    else:  # headings say what columns mean, and no mapping does
        command = f"cisim import {typed} --accept -o world.toml"
        texts = to_fill_in(words("own_template.how_typed", folder=typed), typed)
    try:
        if not folder.strip() or (place.exists() and not place.is_dir()):
            raise InputError(SAYS("no_folder", folder=printable(folder)))
        there = [name for name in texts if os.path.lexists(place / name)]
        if len(there) == len(texts):
            raise InputError(SAYS("there", folder=printable(folder)))
        written = _write(place, {name: texts[name] for name in texts if name not in there})
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(SAYS("unwritten", folder=printable(folder), reason=str(reason))) from None
    if as_json:
        print_json({"command": "template", "folder": folder, "written": written, "kept": there})
        return DONE
    show(words("own_template.written", folder=printable(folder), files=", ".join(written)))
    if there:
        show(words("own_template.kept", files=", ".join(there)))
    show(words("own_template.fill_in", command=command))
    return DONE


def _write(place: Path, texts: dict[str, str]) -> list[str]:
    """Write new files, all of them or none; return their names."""
    new = not place.exists()
    place.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    try:
        for name, text in texts.items():
            with (place / name).open("xb") as file:
                made.append(place / name)
                file.write(text.encode("utf-8"))
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        if new:
            with suppress(OSError):
                place.rmdir()
        raise
    return list(texts)
