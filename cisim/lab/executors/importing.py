"""A function that workers can import: one of a module, not of the caller's script."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from cisim.model.input_error import InputError, shown


def check_importable(function: Any) -> None:
    home, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if isinstance(home, str) and home != "__main__" and isinstance(name, str):
        found: Any = sys.modules.get(home)
        for part in name.split("."):
            found = getattr(found, part, None)
        with suppress(ImportError, ValueError, AttributeError):
            if found is function and find_spec(home) is not None:
                return
    raise InputError(
        f"{name or shown(function)} of {home or 'no module'} cannot be imported by workers; "
        f"allowed is a function of a module that Python can import, or one worker."
    )
