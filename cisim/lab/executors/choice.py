"""Where work is done: here, in processes of this machine, or wherever else one can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from cisim.lab.executors.counting import count_workers, whole_number
from cisim.lab.executors.guest import is_guest, tell_guest
from cisim.lab.executors.importing import check_importable
from cisim.lab.executors.interrupts import Interrupts
from cisim.lab.executors.supervisor import in_processes
from cisim.lab.executors.work import Run, Say, check_timeout
from cisim.model.input_error import InputError


class Executor(Protocol):
    """Somewhere to do pieces of work."""

    def work(self, run: Run, interrupts: Interrupts) -> Sequence[int]:
        """Do the work; return what is left to be done in this process."""
        ...


class Serial:
    """One piece after the other, in this process. A piece that never ends is not stopped."""

    def work(self, run: Run, interrupts: Interrupts) -> Sequence[int]:
        """Return everything: it is done in this process."""
        return run.indexes

    def __repr__(self) -> str:
        return "Serial()"


class Local:
    """Processes of this machine.

    workers : how many; None for all processors
    timeout : seconds that a piece may take before its process is ended; it is tried once more and
              then quarantined. None for half an hour, or a hundred times the longest so far if that
              is longer; math.inf for ever

    Raises InputError if either is none that is allowed.
    """

    def __init__(self, workers: int | None = None, timeout: float | None = None) -> None:
        self.workers = None if workers is None else whole_number("workers", workers, 1, None)
        self.timeout = check_timeout(timeout)

    def work(self, run: Run, interrupts: Interrupts) -> Sequence[int]:
        """Do the work in processes; return it where one is enough or none can be started."""
        workers = count_workers(self.workers, run.asker)
        if is_guest():
            if self.timeout is not None:
                tell_guest(f"timeout is {self.timeout:g}", run.asker)
            return run.indexes
        if workers > 1:
            check_importable(run.function)
        elif self.timeout is None:  # one process is enough, and it is this one
            return run.indexes
        if run.total < 2 and self.timeout is None:
            return run.indexes
        return in_processes(run, workers, self.timeout, interrupts)

    def __repr__(self) -> str:
        return f"Local({self.workers})"


def executor_of(workers: int | None, executor: Executor | None, say: Say | None) -> Executor:
    """Return where the work is done of whoever takes both: what is given, what `on` has chosen, or
    processes of this machine.

    Raises InputError if both are given.
    """
    if executor is None:
        return chosen() or Local(count_workers(workers, say))
    if workers is not None:
        raise InputError(
            f"workers is {workers} and executor is {executor}; allowed is one of both."
        )
    return executor


_chosen: ContextVar[Executor | None] = ContextVar("executor", default=None)


def chosen() -> Executor | None:
    """Return what `on` has chosen here, None if nothing."""
    return _chosen.get()


@contextmanager
def on(executor: Executor | None) -> Iterator[None]:
    """Do all work that is asked for within on one executor, whoever asks; None changes nothing.

    with executors.on(Cluster("tcp://host:8786")): cisim.compare(...)
    """
    if executor is None:
        yield
        return
    before = _chosen.set(executor)
    try:
        yield
    finally:
        _chosen.reset(before)
