"""One piece after the other, in this process."""

from __future__ import annotations

from collections.abc import Sequence

from cisim.lab.executors.interrupts import Interrupts
from cisim.lab.executors.work import Run, fault_of


def one_by_one(run: Run, indexes: Sequence[int], interrupts: Interrupts) -> None:
    interrupts.abrupt = True
    try:
        for index in indexes:
            try:
                result = run.function(run.shared, index)
            except Exception as error:
                result = fault_of(index, error)
            run.arrived(index, result)
            run.progress(run.done, run.total)
            if interrupts.count:
                return
    except KeyboardInterrupt:
        interrupts.count += 1
