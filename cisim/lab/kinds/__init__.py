"""Kinds of results, a file each, called as a manifest says that a result was made by.

A kind is one declaration: how a result comes back, how it is made again, and which of its runs can
be done once more. A new one is a new file here with its KIND.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import cast

from cisim.lab.kinds.kind import Kind
from cisim.lab.written import Written
from cisim.model.input_error import InputError, printable, shown
from cisim.model.told import Sentences

SAYS = Sentences(
    "kinds",
    no_way_back=(
        "{manifest} says that it was made by {by}, which does not come back, and is made again "
        "by its command only ({command}). Its tables are {files}."
    ),
)


def kind_of(written: Written) -> Kind | None:
    """Return the kind of a result; None where it has none, and files alone can be looked at."""
    if written.by not in {one.name for one in pkgutil.iter_modules(__path__)}:
        return None
    return cast(Kind | None, getattr(import_module(f"{__name__}.{written.by}"), "KIND", None))


def known_kind(written: Written) -> Kind:
    """Return the kind of a result; raises InputError where it has none."""
    found = kind_of(written)
    if found is None:
        raise InputError(
            SAYS(
                "no_way_back",
                manifest=printable(written.name),
                by=shown(written.by),
                command=printable(str(written.manifest.get("command"))),
                files=", ".join(written.files),
            )
        )
    return found
