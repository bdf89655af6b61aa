"""Places of one's own that the page keeps: worlds in a folder that only their user can read.

Kept is the world, made of the files, once somebody runs it; never the files. Its name has what it
is made of, so that a link means this place and no other, after the server was started again, too.
Where the files say who sponsors and pays what, their structure stands beside it.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_data_path

from cisim.lab.optimise.written import world_text
from cisim.model.input_error import InputError, printable
from cisim.show.page.privately import write_privately
from cisim.show.page.words import say
from cisim.world.scenario import Scenario, load_world

ENDING = ".toml"
MOST = 100
"""Places that are kept."""
_BESIDE = "-structure"
_NAME = re.compile(r"[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,20}-[0-9a-f]{10}\.toml")
_STRUCTURE = re.compile(_NAME.pattern.replace(r"\.toml", rf"{_BESIDE}\.toml"))
_TITLE = re.compile(r'^title = ("(?:[^"\\]|\\.)*")$', re.MULTILINE)
_HEAD = 4_000


class Kept(NamedTuple):
    """A place that is kept.

    name, structure : in an address; "" where it has no structure of its own
    since           : when it was kept (s since 1970)
    """

    name: str
    title: str
    since: float
    structure: str


def folder() -> Path:
    """Return where they are kept."""
    return user_data_path("cisim") / "places"


def is_own(name: str) -> bool:
    """Return whether this is a name of a place of one's own, kept or not; nothing else has it."""
    return _NAME.fullmatch(name) is not None


def is_own_structure(name: str) -> bool:
    """Return whether this is a name of a structure that stands beside such a place."""
    return _STRUCTURE.fullmatch(name) is not None


def path_of(name: str) -> Path:
    """Return the file of a place, or of a structure beside one.

    Raises InputError if it is not kept here.
    """
    path = folder() / name
    if not (is_own(name) or is_own_structure(name)) or not path.is_file():
        raise InputError(say("own.gone", name=printable(name, 80)))
    return path


def structure_beside(name: str) -> str:
    """Return the name of the structure that stands beside a place, "" where none does."""
    beside = f"{name.removesuffix(ENDING)}{_BESIDE}{ENDING}"
    return beside if is_own(name) and (folder() / beside).is_file() else ""


def keep(text: str, title: str, structure: str = "") -> str:
    """Keep the text of a world, and return its name; one that is kept already stays.

    structure : the text of what its files say of sponsors, payers and posts

    Raises InputError if it cannot be written.
    """
    mark = hashlib.sha256(f"{text}{structure}".encode()).hexdigest()[:10]
    name = f"{_plain(title)}-{mark}{ENDING}"
    path = folder() / name
    try:
        if not path.is_file():
            if len(kept()) >= MOST:
                raise InputError(say("own.full", most=MOST))
            if structure:
                write_privately(path.with_name(f"{path.stem}{_BESIDE}{ENDING}"), structure)
            write_privately(path, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(say("own.unwritten", folder=path.parent, reason=reason)) from None
    return name


def keep_world(scenario: Scenario) -> str:
    """Keep the place of a scenario from elsewhere, as a study; return its name here.

    One that is kept already, from files or from another study, is that one.

    Raises InputError if it cannot be written.
    """
    title = scenario.world.title
    for one in kept():
        if one.title == title:
            with suppress(InputError):
                if load_world(str(path_of(one.name))) == scenario.world:
                    return one.name
    return keep(world_text(scenario), title)


def kept() -> list[Kept]:
    """Return the places that are kept, the newest first."""
    found = []
    with suppress(OSError):
        for path in folder().iterdir():
            if is_own(path.name):
                with suppress(OSError):
                    since, beside = path.stat().st_mtime, structure_beside(path.name)
                    found.append(Kept(path.name, _title(path), since, beside))
    return sorted(found, key=lambda one: -one.since)


def forget(name: str) -> None:
    """Delete a place; one that is not kept is no fault.

    Raises InputError if it cannot be deleted.
    """
    if not is_own(name):
        return
    try:
        beside = structure_beside(name)
        (folder() / name).unlink(missing_ok=True)
        if beside:
            (folder() / beside).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(say("own.unwritten", folder=folder(), reason=reason)) from None


def _plain(title: str) -> str:
    """Return a title as a name can have it."""
    letters = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", letters)
    return "-".join(words)[:40].strip("-") or "place"


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        found = _TITLE.search(file.read(_HEAD))
    return str(json.loads(found[1])) if found else path.stem
