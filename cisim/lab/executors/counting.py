"""How many processes work, and whether this one is somebody else's."""

from __future__ import annotations

import os
from multiprocessing import current_process, parent_process
from operator import index as whole

from cisim.lab.executors.work import Say
from cisim.model.input_error import InputError, shown


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def count_workers(workers: int | None, say: Say | None = None) -> int:
    """Return how many workers are used: all processors for None, never more than there are.

    In a process that another one started to share its own work, None means one.

    Raises InputError if `workers` is not a whole number of at least 1.
    """
    there = processors()
    if workers is None:
        return 1 if is_child() else there
    asked = whole_number("workers", workers, 1, None)
    if asked <= there:
        return asked
    if say is not None:
        has = "1 processor, so 1 is" if there == 1 else f"{there} processors, so {there} are"
        say(f"workers is {asked}; this machine has {has} used.")
    return there


def is_child() -> bool:
    """Return whether a pool made this process: multiprocessing's, joblib's or one of ours."""
    return parent_process() is not None or current_process().name != "MainProcess"


def whole_number(field: str, value: object, low: int, high: int | None) -> int:
    """Return `value` as an int.

    Raises InputError, with field, value and what is allowed, if it is none from low to high.
    """
    allowed = f"at least {low}" if high is None else f"{low} to {high:,}"
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
        raise InputError(f"{field} is {shown(value)}; allowed is a whole number, {allowed}.")
    return int(number)
