"""Keeps the processes busy, and finds who kills them."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from cisim.lab.executors.chunks import SHORT_SECONDS, Chunk, Chunks
from cisim.lab.executors.interrupts import Interrupts
from cisim.lab.executors.pool import CANNOT_START, close, kill, open_pool, using
from cisim.lab.executors.work import Run, fault_of
from cisim.lab.executors.worker import Done, do
from cisim.model.told import Sentences

SAYS = Sentences(
    "supervising",
    killed="its process was killed, and again when it ran alone (out of memory?)",
    no_process="No process can be started ({why}); the work is done in this one.",
)

LOOK_SECONDS = 0.1
_SILENT_SECONDS = 2.0
"""After the end of a process its pool should know; later its supervisor helps."""
_MOST_STILLBORN = 3
"""So many pools in a row that die before they work mean that none will."""
_WHY = SAYS("killed")


def in_processes(
    run: Run, workers: int, timeout: float | None, interrupts: Interrupts
) -> Sequence[int]:
    """Do the work in processes; return what is left where none can be started.

    timeout : seconds that a piece may take; None for as long as others make likely
    """
    with using:
        supervisor = _Supervisor(run, workers, timeout, interrupts)
        try:
            supervisor.open()
            while supervisor.goes_on():
                try:
                    supervisor.turn()
                except KeyboardInterrupt:
                    interrupts.count += 1
        except _NoProcessError as error:
            run.say(SAYS("no_process", why=error))
            return supervisor.left()
        except BaseException:
            supervisor.abandon()
            raise
    return []


class _NoProcessError(Exception):
    pass


class _Supervisor:
    """Sends chunks to the pool, takes what comes, and opens a new pool where one has broken."""

    def __init__(
        self, run: Run, workers: int, timeout: float | None, interrupts: Interrupts
    ) -> None:
        self.run, self.workers, self.timeout = run, workers, timeout
        self.payload = pickle.dumps(run.shared)
        self.interrupts = interrupts
        self.chunks = Chunks(run)
        self.under_way: dict[Future[Any], Chunk] = {}
        self.stopping = False
        self.stillborn = 0
        self.silent = 0.0
        self.stuck: dict[int, float] = {}

    def open(self) -> None:
        """Take the pool that is there, or a new one."""
        try:
            self.pool = open_pool(self.workers)
        except CANNOT_START as error:
            raise _NoProcessError(str(error)) from error
        self.pool.stopped.value = 0
        if self.pool.polite:
            self.chunks.seconds = SHORT_SECONDS

    def goes_on(self) -> bool:
        return bool(self.under_way) or (not self.stopping and bool(self.chunks))

    def left(self) -> list[int]:
        """Return the indexes of which nothing is known yet."""
        return self.chunks.left(list(self.under_way.values()))

    def turn(self) -> None:
        """Send what can be sent, wait a moment, take what has come."""
        if self.interrupts.count and not self.stopping:
            self.stopping = True
            self.pool.stopped.value = 1
        if self.interrupts.count > 1:
            self.abandon()
            return
        try:
            self._send()
        except BrokenProcessPool:
            self._mourn()
            return
        except CANNOT_START as error:
            raise _NoProcessError(str(error)) from error
        arrived, _ = wait(self.under_way, LOOK_SECONDS, FIRST_COMPLETED)
        for future in arrived:
            if isinstance(future.exception(), BrokenProcessPool):
                self._mourn()
                return
            self._take(future)
        if arrived:
            self.silent = 0.0
            self.run.progress(self.run.done, self.run.total)
        elif self.pool.lost():
            self.silent += LOOK_SECONDS
            if self.silent > _SILENT_SECONDS:  # nobody noticed: it ended while it sent a result
                self.pool.kill()
                self.silent = 0.0
        else:
            self._look_for_stuck()

    def abandon(self) -> None:
        """Kill the workers with what they have under way."""
        self.stopping = True
        self.under_way.clear()
        kill()

    def _send(self) -> None:
        while not self.stopping:
            chunk = self.chunks.take(len(self.under_way), self.workers + 1)
            if chunk is None:
                return
            try:
                future = self.pool.executor.submit(
                    do, self.run.function, self.payload, chunk.indexes
                )
            except BaseException:
                self.chunks.put_back(chunk)
                raise
            self.under_way[future] = chunk

    def _take(self, future: Future[Any]) -> None:
        chunk = self.under_way.pop(future)
        error = future.exception()
        if error is None:
            done: Done = future.result()
            for index, result in done.results:
                self.run.arrived(index, result)
            self.chunks.measured(len(done.results), done.seconds, done.longest)
        elif len(chunk.indexes) == 1:
            self.run.arrived(chunk.indexes[0], fault_of(chunk.indexes[0], error))
        else:
            self.chunks.apart(chunk)

    def _look_for_stuck(self) -> None:
        """End processes whose piece does not end."""
        patience = self.run.patience(self.timeout)
        found = self.pool.stuck(patience)
        if found and not self.stuck:
            self.stuck = dict.fromkeys(found, patience)
            self.pool.kill()

    def _mourn(self) -> None:
        """A process has ended: take what still came, open a new pool, look for the cause."""
        wait(self.under_way)
        works = self.pool.works()
        for future in list(self.under_way):
            if not isinstance(future.exception(), BrokenProcessPool):
                self._take(future)
        self.stillborn = 0 if works else self.stillborn + 1
        if self.stillborn == _MOST_STILLBORN:
            raise _NoProcessError("it ends at once")
        alone = len(self.under_way) == 1
        for chunk in self.under_way.values():
            stuck = [piece for piece in self.stuck if piece in chunk.indexes]
            if stuck:
                self.chunks.hung(chunk, stuck[0], self.stuck[stuck[0]])
            elif self.stuck or not works:  # ended by us, or before it had done anything
                self.chunks.put_back(chunk)
            else:
                self.chunks.lost(chunk, alone, _WHY)
        self.under_way.clear()
        self.stuck = {}
        close()
        if not self.stopping:
            self.open()
        self.run.progress(self.run.done, self.run.total)
