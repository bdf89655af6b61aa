"""`cisim ui`: the page, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from cisim.cli.endings import DONE
from cisim.cli.given import OnlyFor, refuse_unused
from cisim.cli.language import LanguageOption, speak_as_asked
from cisim.cli.options import whole
from cisim.cli.streams import say

RULES = (OnlyFor("room_at", lambda options: options["room"], "--room"),)


def ui(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(metavar="N", help="A port; a free one if left out.", parser=whole(1, 65_535)),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only say the link; open no browser.")
    ] = False,
    room: Annotated[
        bool, typer.Option("--room", help="Let phones on the local network vote on questions.")
    ] = False,
    room_at: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="For --room: this address of this machine."),
    ] = None,
    story: Annotated[
        str | None,
        typer.Option(metavar="STORY", help="Open with this story: a shipped name, or a file."),
    ] = None,
    studies: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Show the results below this folder, and none elsewhere; left out, those that "
            "ship with a checkout.",
        ),
    ] = None,
    language: LanguageOption = None,
) -> int:
    """Open the page, on this machine and without internet; Ctrl-C ends it.

    With --room phones reach the question, and nothing else.

    Example: cisim ui
    """
    from cisim.show.page import serve

    refuse_unused(context, RULES)
    speak_as_asked(context, language)
    try:
        serve(
            port,
            open_browser=not no_browser,
            room_at=(room_at or "") if room else None,
            story=story,
            studies=studies,
        )
    except KeyboardInterrupt:
        say("The page is closed.")
    return DONE
