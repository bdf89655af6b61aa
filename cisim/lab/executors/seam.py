"""The one door through which many pieces of work go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cisim.lab.executors.choice import Executor, Local, chosen
from cisim.lab.executors.interrupts import counted
from cisim.lab.executors.serial import one_by_one
from cisim.lab.executors.work import Ending, Function, Keep, Progress, Run, Say


def execute(
    function: Function,
    shared: Any,
    indexes: Sequence[int],
    keep: Keep,
    *,
    workers: int = 1,
    together: int = 1,
    progress: Progress | None = None,
    say: Say | None = None,
    executor: Executor | None = None,
) -> Ending:
    """Call `function(shared, index)` for every index; hand each result to `keep(index, result)`.

    function : a function of a module, not of the caller's script, as workers import it
    keep     : called here, in the order in which the results arrive
    together : so many neighbours, from the first on, go to the same process where nothing fails
    progress : called with how many are done, failed ones included, and how many there are; it may
               raise KeyboardInterrupt to stop as Ctrl-C does
    say      : called with a sentence for the user
    executor : where it is done; None for what `on` has chosen, else `workers` processes

    In a process or task by which another program shares its work it is done in that one.

    Raises InputError, before anything starts, if workers cannot import the function.
    """
    executor = executor or chosen() or Local(workers)
    run = Run(function, shared, indexes, keep, progress, say, together)
    with counted() as interrupts:
        left = executor.work(run, interrupts) if indexes else indexes
        if left and not interrupts.count:
            one_by_one(run, left, interrupts)
    return Ending(sorted(run.failed), run.done < run.total)
