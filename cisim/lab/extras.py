"""Libraries that only some users need, imported when they are asked for."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from cisim.model.input_error import InputError
from cisim.model.told import Sentences

SAYS = Sentences(
    "extras",
    lacking="{lacking} is not installed, and this needs it: pip install 'cisim[{extra}]'.",
)


def needed(module: str, extra: str) -> Any:
    """Return a module of a library that comes with an extra of cisim.

    What the library has to say about itself while it is imported is not the user's affair.

    Raises InputError with the command that installs it, if it is not there.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return import_module(module)
    except ImportError as error:
        lacking = (error.name or module).partition(".")[0]
        raise InputError(SAYS("lacking", lacking=lacking, extra=extra)) from None
