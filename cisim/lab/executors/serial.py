"""One piece after the other, in this process."""

from __future__ import annotations

from collections.abc import Sequence

from cisim.lab.executors.interrupts import Interrupts
from cisim.lab.executors.work import Run, fault_of


def one_by_one(run: Run, indexes: Sequence[int], interrupts: Interrupts) -> None:
    """Do pieces here; those that raise once more when all others are done."""
    interrupts.abrupt = True
    try:
        while indexes:
            for index in indexes:
                try:
                    result = run.function(run.shared, index)
                except Exception as error:
                    result = fault_of(index, error)
                run.arrived(index, result)
                run.progress(run.done, run.total)
                if interrupts.count:
                    return
            indexes = run.take_again()
    except KeyboardInterrupt:
        interrupts.count += 1
