"""Keeps the processes busy, and finds who kills them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

from cisim.lab.executors.interrupts import Interrupts
from cisim.lab.executors.pool import CANNOT_START, close, open_pool
from cisim.lab.executors.work import Fault, Run, fault_of
from cisim.lab.executors.worker import do

CHUNK_SECONDS = 1.0
"""What a chunk should take: long enough that sending it costs nothing, short enough to watch."""
_LOOK_SECONDS = 0.1
_SILENT_SECONDS = 2.0
"""After the end of a process its pool should know; later its supervisor helps."""
_MOST_STILLBORN = 3
"""So many pools in a row that die before they work mean that none will."""


class _Chunk(NamedTuple):
    """Pieces that are sent together, and how often a process was killed that may have had them."""

    indexes: Sequence[int]
    killed: int = 0

    def apart(self) -> list[_Chunk]:
        return [_Chunk([index], 1) for index in self.indexes]


def in_processes(
    run: Run, payload: bytes, indexes: Sequence[int], workers: int, interrupts: Interrupts
) -> Sequence[int]:
    """Do the work in processes; return what is left where none can be started."""
    supervisor = _Supervisor(run, payload, indexes, workers, interrupts)
    try:
        supervisor.open()
        while supervisor.goes_on():
            try:
                supervisor.turn()
            except KeyboardInterrupt:
                interrupts.count += 1
    except _NoProcessError as error:
        run.say(f"No process can be started ({error}); the work is done in this one.")
        return supervisor.left()
    except BaseException:
        supervisor.abandon()
        raise
    return []


class _NoProcessError(Exception):
    pass


class _Supervisor:
    """Keeps the workers busy with chunks of about CHUNK_SECONDS and finds who kills them."""

    def __init__(
        self,
        run: Run,
        payload: bytes,
        indexes: Sequence[int],
        workers: int,
        interrupts: Interrupts,
    ) -> None:
        self.run, self.payload, self.indexes = run, payload, indexes
        self.workers, self.interrupts = workers, interrupts
        self.next = 0
        self.size = 1
        self.suspects: deque[_Chunk] = deque()
        self.under_way: dict[Future[Any], _Chunk] = {}
        self.stopping = False
        self.stillborn = 0
        self.silent = 0.0

    def open(self) -> None:
        """Take the pool that is there, or a new one."""
        try:
            self.pool = open_pool(self.workers)
        except CANNOT_START as error:
            raise _NoProcessError(str(error)) from error
        self.pool.stopped.value = 0

    def goes_on(self) -> bool:
        if self.stopping:
            return bool(self.under_way)
        return self.next < len(self.indexes) or bool(self.suspects) or bool(self.under_way)

    def left(self) -> list[int]:
        """Return the indexes of which nothing is known yet."""
        some = [index for chunk in [*self.under_way.values(), *self.suspects] for index in chunk[0]]
        return sorted(some) + list(self.indexes[self.next :])

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
        except OSError as error:
            raise _NoProcessError(str(error)) from error
        arrived, _ = wait(self.under_way, _LOOK_SECONDS, FIRST_COMPLETED)
        for future in arrived:
            if isinstance(future.exception(), BrokenProcessPool):
                self._mourn()
                return
            self._take(future)
        if arrived:
            self.silent = 0.0
            self.run.progress(self.run.done, self.run.total)
        elif self.pool.lost():
            self.silent += _LOOK_SECONDS
            if self.silent > _SILENT_SECONDS:  # nobody noticed: it ended while it sent a result
                self.pool.kill()
                self.silent = 0.0

    def abandon(self) -> None:
        """Kill the workers with what they have under way."""
        self.stopping = True
        self.under_way.clear()
        self.pool.kill()
        close()

    def _send(self) -> None:
        while not self.stopping:
            if self.suspects:
                if self.under_way:
                    return
                self._submit(self.suspects[0])
                self.suspects.popleft()
            elif self.next < len(self.indexes) and len(self.under_way) <= self.workers:
                fair = -(-(len(self.indexes) - self.next) // (2 * self.workers))
                end = self.next + max(1, min(self.size, fair))
                end = min(end + -end % self.run.together, len(self.indexes))
                self._submit(_Chunk(self.indexes[self.next : end]))
                self.next = end
            else:
                return

    def _submit(self, chunk: _Chunk) -> None:
        future = self.pool.executor.submit(do, self.run.function, self.payload, chunk.indexes)
        self.under_way[future] = chunk

    def _take(self, future: Future[Any]) -> None:
        chunk = self.under_way.pop(future)
        error = future.exception()
        if error is None:
            results, seconds = future.result()
            for index, result in results:
                self.run.arrived(index, result)
            if results:
                self.size = max(1, int(CHUNK_SECONDS * len(results) / max(seconds, 1e-6)))
        elif len(chunk.indexes) == 1:
            self.run.arrived(chunk.indexes[0], fault_of(chunk.indexes[0], error))
        else:
            self.suspects.extend(chunk.apart())

    def _mourn(self) -> None:
        """A process was killed: take what still came, open a new pool, look for the cause."""
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
            killed = chunk.killed + works  # one that had not started has done nothing yet
            if killed < 2 or not alone:
                self.suspects.append(_Chunk(chunk.indexes, killed))
            elif len(chunk.indexes) > 1:
                self.suspects.extend(chunk.apart())
            else:
                index = chunk.indexes[0]
                reason = "its process was killed, and again when it ran alone (out of memory?)"
                self.run.arrived(index, Fault(index, reason, "Killed"))
        self.under_way.clear()
        close()
        if not self.stopping:
            self.open()
        self.run.progress(self.run.done, self.run.total)
