"""The file that a report is written to: tried before anything is run, written whole or not."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cisim.lab.disk import check_links, replacing, try_folder
from cisim.model.input_error import InputError, shown

MARK = '<meta name="generator" content="cisim">'
"""By this a file is known to be an earlier report."""


def check_report(path: str | os.PathLike[str]) -> Path:
    """Return the file that a report may be written to; called before anything is run.

    What is needed is tried and undone, so nothing is left behind.

    Raises InputError, naming `path`, if it is a folder, is in use for something else, or cannot be
    written.
    """
    file = Path(path)
    try:
        if not str(path).strip() or not file.name:
            raise InputError(f"report is {shown(str(path))}; allowed is the name of a file.")
        check_links(file, "report")
        if file.is_dir():
            raise InputError(
                f"report is {file}, a folder; allowed is a file, as in {file / 'report.html'}."
            )
        if file.exists():
            _check_ours(file)
        with suppress(FileNotFoundError):
            file.stat()  # a name that can never be is an error already
        try_folder(file.parent)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(_unwritable(file, error)) from None
    return file


def write_report(path: str | os.PathLike[str], page: str) -> Path:
    """Write a page that `report` returned, whole or not at all; return the file.

    Raises InputError as `check_report` does.
    """
    file = check_report(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as out:
            out.write(page.encode("utf-8", errors="replace"))
    except OSError as error:
        raise InputError(_unwritable(file, error)) from None
    return file


def _check_ours(file: Path) -> None:
    """Raise InputError if something else than an earlier report is there."""
    if not os.access(file, os.W_OK):
        raise InputError(f"report is {file}, which is write-protected; allowed is another name.")
    with file.open("rb") as there:
        head = there.read(4096)
    if head and MARK.encode() not in head:
        raise InputError(
            f"report is {file}, which is in use and is no report of cisim; allowed is a new name, "
            f"or an earlier report."
        )


def _unwritable(file: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or error
    return f"report is {file}, which cannot be written ({reason}); allowed is a place of yours."
