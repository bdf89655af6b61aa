"""Which result is looked at on the page of studies, and what is asked of it; one part of an
address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from cisim.model.input_error import InputError, shown
from cisim.show.page.address.checks import MOST_GIVEN, unknown
from cisim.show.page.words import say


@dataclass(frozen=True)
class Studied:
    """What is asked of a result.

    folder         : of the result, from the root on; "" for the list of all
    across, upward : the two sides of the map, "" for the first ones that there are
    scenario, against : whose outcome, and from which the difference is taken
    outcome, month : "" and None for the first one and the last month
    good           : the level of the outcome that is good enough, as it is shown; None for none
    """

    folder: str = ""
    across: str = ""
    upward: str = ""
    scenario: str = ""
    against: str = ""
    outcome: str = ""
    month: int | None = None
    good: float | None = None

    def said(self) -> dict[str, Any]:
        """Return what differs from nothing, as plain values."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


NOTHING = Studied()
"""The list of all results."""


def read_studied(said: Mapping[str, Any]) -> Studied:
    """Return what plain values say; what there is in the result is checked when it is opened.

    Raises InputError for a name that is unknown, or a value of another kind.
    """
    known = {one.name for one in fields(Studied)}
    for name, value in said.items():
        if name not in known:
            raise InputError(unknown(name, known))
        _check(name, value)
    return Studied(**said)


def _check(name: str, value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if name == "month":
        right = isinstance(value, int) and number and 0 <= value <= 1_000_000
    elif name == "good":
        right = number and abs(value) <= 1e9
    else:
        right = isinstance(value, str) and 0 < len(value) <= MOST_GIVEN
    if not right:
        raise InputError(f"{name}: {say('address.unreadable')}")


def asked(given: Studied, message: Mapping[str, Any]) -> Studied:
    """Return what is asked after something else was chosen; "" and None take a choice back.

    Raises InputError for what cannot be asked.
    """
    name, value = str(message["name"]), message["value"]
    if name == "folder" or name not in {one.name for one in fields(Studied)}:
        raise InputError(f"{shown(name)}: {say('address.unknown')}")
    if value in ("", None):
        value = getattr(NOTHING, name)
    else:
        _check(name, value)
    new = replace(given, **{name: value})
    if name == "outcome":
        new = replace(new, good=None)  # it was a level of another one
    if new.across and new.across == new.upward:  # one that goes to the other side changes places
        other = "upward" if name == "across" else "across"
        new = replace(new, **{other: getattr(given, name)})
    if new.against and new.against == new.scenario:
        new = replace(new, against="")
    return new
