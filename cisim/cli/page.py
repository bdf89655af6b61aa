"""`cisim ui`: the page, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from cisim.cli.endings import DONE
from cisim.cli.language import LanguageOption, speak_as_asked
from cisim.cli.options import whole
from cisim.cli.streams import say


def ui(
    port: Annotated[
        int | None,
        typer.Option(metavar="N", help="A port; a free one if left out.", parser=whole(1, 65_535)),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only say the link; open no browser.")
    ] = False,
    language: LanguageOption = None,
) -> int:
    """Open the page, on this machine and without internet; Ctrl-C ends it.

    Example: cisim ui
    """
    from cisim.show.page import serve

    speak_as_asked(language)
    try:
        serve(port, open_browser=not no_browser)
    except KeyboardInterrupt:
        say("The page is closed.")
    return DONE
