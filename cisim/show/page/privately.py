"""Files that nobody but their user can read, not even for a moment."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_privately(path: Path, text: str) -> None:
    """Write a file of the user's own, whole or not at all, in a folder of the user's own.

    Raises OSError if it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "w", encoding="utf-8") as open_file:
            open_file.write(text)
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
