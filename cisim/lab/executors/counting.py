"""How many processes work, and what a whole number is."""

from __future__ import annotations

import os
from operator import index as whole

from cisim.lab.executors.guest import is_guest, tell_guest
from cisim.lab.executors.work import Say
from cisim.model.input_error import InputError, shown
from cisim.model.told import Sentences

SAYS = Sentences(
    "counting",
    one_processor="1 processor, so 1 is",
    processors="{there} processors, so {there} are",
    fewer="workers is {asked}; this machine has {has} used.",
    at_least="at least {low}",
    whole="{field} is {value}; allowed is a whole number, {allowed}.",
    span="{low} to {high:,}",
)


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def count_workers(workers: int | None, say: Say | None = None) -> int:
    """Return how many workers are used: all processors for None, never more than there are.

    In a process or task by which another program shares its work it is one, and whoever asks for
    more is told, by a RuntimeWarning where there is no `say`.

    Raises InputError if `workers` is not a whole number of at least 1.
    """
    there = processors()
    if workers is None:
        return 1 if is_guest() else there
    asked = whole_number("workers", workers, 1, None)
    if asked > 1 and is_guest():
        tell_guest(f"workers is {asked}", say)
        return 1
    if asked <= there:
        return asked
    if say is not None:
        has = SAYS("one_processor") if there == 1 else SAYS("processors", there=there)
        say(SAYS("fewer", asked=asked, has=has))
    return there


def whole_number(field: str, value: object, low: int, high: int | None) -> int:
    """Return `value` as an int.

    Raises InputError, with field, value and what is allowed, if it is none from low to high.
    """
    allowed = SAYS("at_least", low=low) if high is None else SAYS("span", low=low, high=high)
    try:
        number = whole(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if (
        number is None
        or isinstance(value, bool)
        or number < low
        or (high is not None and number > high)
    ):
        raise InputError(SAYS("whole", field=field, value=shown(value), allowed=allowed))
    return int(number)
