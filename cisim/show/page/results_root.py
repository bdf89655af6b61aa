"""The results that the page of studies shows: those below one folder, for every visitor."""

from __future__ import annotations

import os
from pathlib import Path

from cisim.lab.shelf import Shelf
from cisim.model.input_error import InputError
from cisim.show.page.words import say
from cisim.world.files import configs

_open: list[Shelf] = []


def usual_root() -> Path | None:
    """Return the folder of results that ships beside the shipped files; None where there is none,
    as in an installed package."""
    place = configs().parent / "results"
    return place if place.is_dir() else None


def open_shelf(root: str | os.PathLike[str] | None = None) -> Shelf | None:
    """Show the results below a folder, by default those that ship; return the shelf.

    Raises InputError if it is no folder.
    """
    place = usual_root() if root is None else root
    _open[:] = [] if place is None else [Shelf.of(place)]
    return shelf()


def asked_shelf() -> Shelf:
    """Return what is shown to somebody who asks for a result.

    Raises InputError if there is nothing to show.
    """
    place = shelf()
    if place is None:
        raise InputError(say("studies.none"))
    return place


def shelf() -> Shelf | None:
    """Return what is shown, None where there is nothing to show."""
    return _open[0] if _open else None
