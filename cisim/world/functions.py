"""Who carries which function of leadership: a table, as a file or in a structure.

    title = "Table 3 of Kyösti and Airaksinen 2026"
    initiator = ["futures"]
    champion = ["bridge", "cross_sectoral"]
    sponsor = ["sponsors"]

A function that is left out is carried by nobody. Who may carry one: the five roles of the national
backbone, the four of a regional one, `sponsors`, and `lead`, a member that leads in a backbone's
place.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cisim.model.input_error import InputError, ObjectionsError, printable
from cisim.model.outcomes import FUNCTIONS, HOLDERS, Holders
from cisim.model.told import Sentences
from cisim.world.files import checked, find, parse, read_text
from cisim.world.texts import Line, Lines

SAYS = Sentences(
    "functions",
    twice="{name} has {holder} twice; allowed is once",
)

USUAL = "k26"
"""The table of a structure that names none."""

Holder = Literal[
    "futures", "implementation", "evaluation", "bridge", "knowledge",
    "cross_sectoral", "local_support", "knowledge_gatherer", "information_broker",
    "sponsors", "lead",
]  # fmt: skip
Carried = list[Holder]
assert get_args(Holder) == HOLDERS


class FunctionTable(BaseModel):
    """Who carries each function of leadership."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    title: Annotated[Line, Field(max_length=200)] = ""
    source: Lines = ""
    initiator: Carried = []
    champion: Carried = []
    sponsor: Carried = []
    facilitator: Carried = []
    boundary_spanner: Carried = []
    catalyst: Carried = []
    meta_governor: Carried = []
    implementor: Carried = []
    broker: Carried = []

    @model_validator(mode="after")
    def _each_once(self) -> FunctionTable:
        twice = [
            SAYS("twice", name=name, holder=holder)
            for name in FUNCTIONS
            for at, holder in enumerate(getattr(self, name))
            if holder in getattr(self, name)[:at]
        ]
        if twice:
            raise ObjectionsError(*dict.fromkeys(twice))
        return self

    @property
    def holders(self) -> Holders:
        """Return who carries each function, in the order of HOLDERS."""
        return {
            name: tuple(one for one in HOLDERS if one in getattr(self, name)) for name in FUNCTIONS
        }


assert tuple(FunctionTable.model_fields)[2:] == tuple(FUNCTIONS)


def _read(given: Any) -> Any:
    """Return the table of a name or a path, anything else as it is."""
    if not isinstance(given, str):
        return given
    try:
        return load_functions(given)
    except InputError as error:
        raise ValueError(str(error).rstrip(".")) from None


Functions = Annotated[FunctionTable, BeforeValidator(_read)]
"""A table; of a shipped name or a path it is what that file says."""


def load_functions(name_or_path: str | os.PathLike[str]) -> FunctionTable:
    """Return the table of a shipped name or of a path.

    Raises InputError with a sentence for each thing that is wrong in it.
    """
    path = find("functions", name_or_path)
    where = printable(path.name)
    return checked(FunctionTable, parse(read_text(path), where), where)


@cache
def usual() -> FunctionTable:
    """Return the table of a structure that names none."""
    return load_functions(USUAL)
