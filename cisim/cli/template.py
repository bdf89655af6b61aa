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
from cisim.cli.options import AsJson
from cisim.cli.streams import show

KINDS = ("usual", "partner")


def _kind(text: str) -> str:
    if text not in KINDS:
        raise typer.BadParameter(f"is {text[:60]!r}; allowed is one of {', '.join(KINDS)}")
    return text


def template(
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
    as_json: AsJson = False,
) -> int:
    """Write tables to fill in, with an example row each; what is there is never written over.

    Example: cisim template county
    """
    from cisim.lab.survey.template import files
    from cisim.model.input_error import InputError, printable

    place = Path(folder)
    typed = shlex.quote(printable(folder))
    texts = files("partner" if with_ == "partner" else "usual", typed, semicolon)
    try:
        if not folder.strip() or (place.exists() and not place.is_dir()):
            raise InputError(
                f"{printable(folder)} is no folder; allowed is a folder, there or not."
            )
        there = [name for name in texts if os.path.lexists(place / name)]
        if len(there) == len(texts):
            raise InputError(
                f"{printable(folder)}: has all of these files, and none is written over."
            )
        written = _write(place, {name: texts[name] for name in texts if name not in there})
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{printable(folder)} cannot be written ({reason}).") from None
    if as_json:
        print_json({"command": "template", "folder": folder, "written": written, "kept": there})
        return DONE
    show(f"In {printable(folder)}: {', '.join(written)}")
    if there:
        show(f"As they were, since they are there: {', '.join(there)}")
    show(f"Fill them in, then: cisim import {typed} -o world.toml")
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
