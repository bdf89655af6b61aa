"""Every number that the model believes in, joined from the files of the submodels.

A number is declared beside the equation that uses it, in a class of `Submodel`. Here the classes
become one, in the order of the month: first how the world is built, last how results are grouped.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from cisim.model.faults import SAYS, sentences
from cisim.model.initialisation import Initialisation
from cisim.model.input_error import InputError
from cisim.model.quantity import Submodel
from cisim.model.reporting import Reporting
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE


def declared_in(modules: Iterable[str]) -> list[type[Submodel]]:
    """Return the classes of numbers that stand in modules, in their order."""
    return [
        one
        for module in dict.fromkeys(modules)
        for one in vars(sys.modules[module]).values()
        if isinstance(one, type) and issubclass(one, Submodel) and one.__module__ == module
    ]


def joined(classes: Iterable[type[Submodel]]) -> Any:
    """Return one class with the numbers of all, in their order.

    Raises ValueError for a number that two of them declare.
    """
    homes: dict[str, str] = {}
    for one in classes:
        for name in one.model_fields:
            if name in homes:
                raise ValueError(f"{name} is declared in {homes[name]} and in {one.submodel()}.")
            homes[name] = one.submodel()
    return type("_Joined", tuple(reversed(list(classes))), {"__module__": __name__})


_CLASSES: tuple[type[Submodel], ...] = (
    Initialisation,
    *declared_in(process.module for process in (*SCHEDULE, *HISTORY, *FOUNDING)),
    Reporting,
)

SUBMODELS: dict[str, str] = {one.submodel(): one.title() for one in _CLASSES}
"""Every submodel with numbers of its own, in the order of the month, and what it is about."""

_Joined: Any = joined(_CLASSES)


class Parameters(_Joined):
    """The parameters and documented constants of the model, by submodel in the month's order."""


def check_parameters(
    changes: Mapping[str, object], where: str, *, under: str = "parameters"
) -> Parameters:
    """Return the parameters with `changes` made to the defaults.

    where : the file, or the option of the command line, that gave them
    under : the table in which they stand there, "" for none

    Raises InputError, with a sentence for each unknown name and each value that is not allowed.
    """
    given: object = changes
    try:
        return Parameters.model_validate(dict(given) if isinstance(given, Mapping) else given)
    except ValidationError as error:
        hint = "cisim list parameters"
        said = sentences(error, where, Parameters, under=under, kind=SAYS("parameter"), hint=hint)
        raise InputError(*said) from None
