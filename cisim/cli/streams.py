"""Standard output and standard error: what becomes of them when they are closed, full or gone."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from cisim.model.plain_text import escaped
from cisim.model.told import Several, Told


class OutputLostError(Exception):
    """Standard output cannot be written; the text says why."""


def open_streams() -> bool:
    """Return whether standard output is there; put nothing in the place of what is closed.

    A closed descriptor is taken by the next file that is opened, which would then be written over.
    """
    there = sys.stdout is not None
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free, which is this one
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a name may have letters a terminal lacks
    return there


def show(text: str = "", end: str = "\n") -> None:
    """Print a result.

    Raises OutputLostError if it cannot be written, BrokenPipeError if the reader has gone.
    """
    _write(escaped(text) + end)


def flush() -> None:
    """Let everything be written; raises as `show` does."""
    _write("")


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        if not text:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # full, or closed
        raise OutputLostError(getattr(error, "strerror", None) or str(error)) from None


def say(sentence: str) -> None:
    """Say a sentence on standard error; where that is gone nobody is left to be told."""
    try:
        print(escaped(_told(sentence)), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        forget(sys.stderr)


def _told(sentence: str) -> str:
    """Return a sentence in the language that is spoken, if it is one that has others."""
    if not isinstance(sentence, Told | Several):
        return sentence
    from cisim.show.told import told

    return told(sentence)


def forget(stream: object) -> None:
    """Let what is still to be written there go nowhere: Python flushes once more as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(AttributeError, OSError, ValueError):  # a stream that is no file
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
    os.close(nowhere)
