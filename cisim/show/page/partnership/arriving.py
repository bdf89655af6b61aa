"""Files on their way from a browser: in pieces, as a socket takes no large ones.

What is too large is refused by its size alone, before a byte of it is sent.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from cisim.lab.survey.reading import KNOWN, WORKBOOKS
from cisim.model.input_error import InputError, printable
from cisim.show.language.forms import localised
from cisim.show.page.words import say

LARGEST = 10_000_000
"""Bytes of a file: what makes some 80,000 ties, more than a world may have."""
MOST_FILES = 8
PIECE = 600_000
"""Bytes of a piece; a browser sends it in a third more letters."""
MAPPING = ".toml"
_PACKED = b"PK\x03\x04"
_SHEETS = (b"[Content_Types].xml", b"mimetype", b"xl/", b"content.xml")
"""One of these is told in the first bytes of what is a packed workbook."""

Files = tuple[tuple[str, bytes], ...]


class Arriving:
    """The pieces of files that are under way, of one visitor."""

    def __init__(self) -> None:
        self._parts: dict[str, bytearray] = {}

    def take(self, message: Mapping[str, Any]) -> tuple[str, bytes] | None:
        """Take a piece; return name and bytes of a file that is whole by it, else None.

        Raises InputError, one sentence, if it is too large, cannot be what its name says, or was
        not read whole.
        """
        name = file_name(str(message.get("name")))
        where, size = printable(name), int(message.get("size", 0))
        if size > LARGEST:
            raise InputError(say("own.large", where=where, size=sized(size), most=limit()))
        if PurePath(name).suffix.lower() not in (*KNOWN, MAPPING):
            raise InputError(say(_kind(name), where=where))
        if message.get("base64") is None:
            raise InputError(say("open.failed", where=where))
        if not int(message.get("at", 0)):
            self._parts[name] = bytearray()
        part = self._parts.get(name, bytearray())
        try:
            part += b64decode(str(message["base64"]), validate=True)
        except ValueError:
            raise InputError(say("open.failed", where=where)) from None
        if len(part) > LARGEST:
            self._parts.pop(name, None)
            raise InputError(say("own.large", where=where, size=sized(len(part)), most=limit()))
        if len(part) < size:
            return None
        self._parts.pop(name, None)
        data = bytes(part)
        check(name, data)
        return name, data


def check(name: str, data: bytes) -> None:
    """Raise InputError if a file is empty, or a packed file that is no workbook."""
    where = printable(name)
    if not data.strip():
        raise InputError(say("own.empty", where=where))
    ending = PurePath(name).suffix.lower()
    if data.startswith(_PACKED) and not any(one in data for one in _SHEETS):
        raise InputError(say("own.zip", where=where))
    if ending in WORKBOOKS and not data.startswith((_PACKED, b"\xd0\xcf\x11\xe0")):
        raise InputError(say("own.no_workbook", where=where))


def added(files: Files, name: str, data: bytes) -> Files:
    """Return the files with one more, which takes the place of one of its name.

    Raises InputError if they are too many or together too large.
    """
    rest = tuple(one for one in files if one[0] != name)
    if len(rest) >= MOST_FILES:
        raise InputError(say("own.many", most=MOST_FILES))
    if sum(len(one) for _, one in rest) + len(data) > 2 * LARGEST:
        raise InputError(say("own.large_together", most=sized(2 * LARGEST)))
    return (*rest, (name, data))


def file_name(given: str) -> str:
    """Return the name of a file without folders, and without what a sentence cannot show."""
    name = given.replace("\\", "/").rpartition("/")[2][-120:]
    return "".join(one if one.isprintable() else "_" for one in name) or "file"


def limit() -> str:
    """Return how large a file may be, in words."""
    return sized(LARGEST)


def sized(size: int) -> str:
    """Return a size in words."""
    if size < 100_000:
        return say("own.kilobytes", n=max(1, round(size / 1e3)))
    return say("own.megabytes", n=localised(f"{size / 1e6:.{int(size < 9_950_000)}f}"))


def _kind(name: str) -> str:
    return "own.zip" if name.lower().endswith(".zip") else "own.ending"
