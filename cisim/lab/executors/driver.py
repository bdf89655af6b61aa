"""Sends chunks to the workers of Dask, a bounded number at a time, and takes what they answer."""

from __future__ import annotations

import pickle
import queue
import time
from contextlib import suppress
from typing import Any

from cisim.lab.executors.chunks import Chunk, Chunks
from cisim.lab.executors.interrupts import Interrupts
from cisim.lab.executors.there import Answer, Job, cannot_import, do, stamp
from cisim.lab.executors.work import Fault, Run, fault_of
from cisim.model.told import Sentences

SAYS = Sentences(
    "executing",
    lost="the worker that ran it was lost, and again when it ran alone (out of memory?)",
    no_worker=(
        "The cluster has no worker; the work goes on as soon as one comes. Ctrl-C keeps what is "
        "finished."
    ),
    unlike="worker {worker} {refused}",
    no_import="a worker cannot import what it needs ({why})",
)

_LOOK_SECONDS = 0.2
_COUNT_SECONDS = 5.0
"""So often it is asked how many workers there are."""
MOST_UNDER_WAY = 2000
"""So many chunks are sent at most, however many workers there are: each takes memory here."""
_WHY = SAYS("lost")


class LostError(Exception):
    """The scheduler is gone."""


class UnlikeError(Exception):
    """A worker that came later cannot do the work; says why."""


class Driver:
    """Keeps two chunks a thread under way, so that the memory of all stays what it is."""

    def __init__(
        self, client: Any, run: Run, job: Job, timeout: float | None, interrupts: Interrupts
    ) -> None:
        self.client, self.run, self.timeout = client, run, timeout
        self.job, self.sent = job, pickle.dumps(job)
        self.interrupts = interrupts
        self.chunks = Chunks(run)
        self.under_way: dict[Any, Chunk] = {}
        self.arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.restarting: set[str] = set()
        self.stopping = False
        self.threads = 1
        self.counted = -_COUNT_SECONDS
        self.told_empty = False

    def go(self) -> None:
        """Do everything.

        Raises LostError if the scheduler is lost, UnlikeError if a worker comes that differs.
        """
        try:
            while self.under_way or (not self.stopping and self.chunks):
                try:
                    self._turn()
                except KeyboardInterrupt:
                    self.interrupts.count += 1
        finally:
            self._let_go()

    def _turn(self) -> None:
        if self.client.status != "running":
            raise LostError
        self.stopping = self.stopping or bool(self.interrupts.count)
        if self.interrupts.count > 1:
            self._let_go()
            return
        self._count()
        self._send()
        if not self.under_way:
            return
        future = None
        with suppress(queue.Empty):
            future = self.arrived.get(timeout=_LOOK_SECONDS)
        if future is not None:
            self._take(future)
            self.run.progress(self.run.done, self.run.total)

    def _let_go(self) -> None:
        """Forget what is under way: the scheduler cancels what nobody waits for."""
        for future in self.under_way:
            with suppress(Exception):
                future.release()
        self.under_way.clear()

    def _count(self) -> None:
        """Look how many threads work, and say once if none does."""
        if time.monotonic() - self.counted < _COUNT_SECONDS:
            return
        self.counted = time.monotonic()
        try:
            self.threads = sum(self.client.nthreads().values())
        except Exception as error:
            raise LostError from error
        if self.threads:
            self.told_empty = False
        elif not self.told_empty:
            self.told_empty = True
            self.run.say(SAYS("no_worker"))

    def _send(self) -> None:
        most = min(2 * max(1, self.threads), MOST_UNDER_WAY)
        while not self.stopping:
            if self.restarting and not self.under_way:
                self._restart()
            chunk = self.chunks.take(len(self.under_way), most)
            if chunk is None:
                return
            self._submit(chunk)

    def _submit(self, chunk: Chunk, sent: bytes | None = None) -> None:
        future = self.client.submit(
            do,
            self.job.number,
            stamp(),
            chunk.indexes,
            self.run.patience(self.timeout),
            sent,
            pure=False,
        )
        self.under_way[future] = chunk
        future.add_done_callback(self.arrived.put)

    def _restart(self) -> None:
        """Free workers of pieces that do not end; one that nobody restarts keeps them."""
        with suppress(Exception):
            self.client.restart_workers(sorted(self.restarting), timeout=30, raise_for_error=False)
        self.restarting.clear()

    def _take(self, future: Any) -> None:
        chunk = self.under_way.pop(future, None)
        if chunk is None:
            return
        try:
            answer = future.result()
        except Exception as error:
            self._went_wrong(chunk, error)
            return
        finally:
            future.release()
        self._answered(chunk, answer)

    def _answered(self, chunk: Chunk, answer: Answer) -> None:
        if answer.refused:
            self.chunks.put_back(chunk)
            raise UnlikeError(SAYS("unlike", worker=answer.worker, refused=answer.refused))
        if answer.wants:
            self._submit(chunk, self.sent)
            return
        results = pickle.loads(answer.results)
        for index, result in results:
            self.run.arrived(index, result)
        self.chunks.measured(answer.pieces, answer.seconds, answer.longest, len(answer.results))
        if answer.hung is not None:
            self.restarting.add(answer.worker)
            rest = Chunk(chunk.indexes[len(results) :], chunk.lost)
            self.chunks.hung(rest, answer.hung, self.run.patience(self.timeout))

    def _went_wrong(self, chunk: Chunk, error: Exception) -> None:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        if isinstance(error, KilledWorker):
            self.chunks.lost(chunk, not self.under_way, _WHY)
        elif isinstance(error, FutureCancelledError | CancelledError | OSError):
            self.chunks.put_back(chunk)
            raise LostError from error
        elif cannot_import(error):
            self.chunks.put_back(chunk)
            raise UnlikeError(SAYS("no_import", why=error)) from error
        elif len(chunk.indexes) == 1:
            fault = fault_of(chunk.indexes[0], error)
            self.run.arrived(fault.piece, Fault(*fault))
        else:
            self.chunks.apart(chunk)
