"""`cisim odd` and `cisim evidence`: the documents that are made from the code."""

from __future__ import annotations

from typing import Annotated

import typer

from cisim.cli.endings import DONE
from cisim.cli.streams import show


def odd() -> int:
    """Print the model's description (ODD).

    Example: cisim odd > docs/odd.md
    """
    from cisim.show.documents import odd as document

    show(document(), end="")
    return DONE


def evidence(
    world: Annotated[
        str | None,
        typer.Option(help="Only what a world's numbers rest on: a shipped name, or a file."),
    ] = None,
) -> int:
    """Print what each number rests on, in Markdown; with --world those of a place and its cases.

    Example: cisim evidence --world finland-2020
    """
    if world is not None:
        from cisim.show.documents import evidence_of

        show(evidence_of(world), end="")
        return DONE
    from cisim.show.documents import evidence as document

    show(document(), end="")
    return DONE
