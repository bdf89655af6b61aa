"""What lets a browser in, kept where only its user can read it.

The key is what a browser's cookie carries. It outlasts the server, so that a tab that was open
comes back when the page is started again. What a link carries is a token for one use: a browser's
command line can be read by others on the machine, and its history is kept.
"""

from __future__ import annotations

import html
import os
import secrets
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

from cisim.show.page.privately import write_privately

BYTES = 32
_LEAST = 40
"""Characters of a key that was written whole."""


def folder() -> Path:
    """Return where it is kept: a folder of the user's own."""
    return user_state_path("cisim")


def kept_key() -> str:
    """Return the user's key, a new one if there is none that only the user can read.

    Where nothing can be kept it is new at each start.
    """
    path = folder() / "page.key"
    with suppress(OSError, UnicodeDecodeError):
        found = path.read_text(encoding="ascii").strip()
        if len(found) >= _LEAST and found.isprintable() and _is_private(path):
            return found
    key = secrets.token_urlsafe(BYTES)
    with suppress(OSError):
        write_privately(path, key)
    return key


def opening(port: int, link: str) -> Path:
    """Write a file that leads a browser to a link, and return its path.

    Raises OSError if it cannot be written.
    """
    path = opened(port)
    there = html.escape(link)
    write_privately(
        path,
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={there}">'
        f'<title>cisim</title><p><a href="{there}">cisim</a></p>\n',
    )
    return path


def opened(port: int) -> Path:
    """Return the file that leads a browser to the page at a port."""
    return folder() / f"open-{port}.html"


def _is_private(path: Path) -> bool:
    if os.name == "nt":
        return True
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o077
