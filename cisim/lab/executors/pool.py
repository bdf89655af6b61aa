"""Processes that stay: spawned once, kept for the next call and closed when Python ends."""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from cisim.lab.executors.counting import count_workers
from cisim.lab.executors.worker import begin, ready
from cisim.model.cache import place

_PREFIX = "cisim-worker"

using = threading.RLock()
"""One call at a time: who is to blame for a killed process must be clear."""
_starting = threading.Lock()
POLITE = 5
"""How much less urgent processes are that leave the processors to whoever draws a picture."""
_polite = False
CANNOT_START = (OSError, RuntimeError, AssertionError, ImportError, ValueError)


_LEAVE = """
import os, threading, time

def leave():
    while os.getppid() == {parent}:
        time.sleep(0.2)
    os._exit(1)

threading.Thread(target=leave, daemon=True).start()
"""


class _Leaves:
    """What a worker opens first, before it imports anything: from then on it ends with its parent.

    To import all that it needs takes a worker seconds, and many on a busy machine. It does not know
    its parent's process as `parent_process` does before that, but its number.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (_LEAVE.format(parent=os.getpid()), {})


class _Worker(SpawnProcess):
    """A spawned process that does not import the caller's script again and never sees Ctrl-C.

    Spawn imports `__main__` again so that functions defined there are found. Work is only ever a
    function of a module, and without it a script needs no guard and standard input can ask.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        prepare = spawn.get_preparation_data

        def prepare_without_main(name: str) -> dict[str, Any]:
            data = prepare(name)
            if name.startswith(_PREFIX):
                data.pop("init_main_from_name", None)
                data.pop("init_main_from_path", None)
                if os.name == "posix":  # elsewhere `begin` sees to it
                    data["cisim"] = _Leaves()
            return data

        with _starting, _without_interrupts():
            spawn.get_preparation_data = prepare_without_main
            try:
                return SpawnProcess._Popen(process_obj)
            finally:
                spawn.get_preparation_data = prepare


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C from a process that is being born: it inherits what is blocked."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # starting it would unblock
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    """Spawn, whatever the default start method is; remembers the processes it made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: weakref.WeakSet[_Worker] = weakref.WeakSet()

    def Process(self, *args: Any, **kwargs: Any) -> _Worker:  # type: ignore[override]
        process = _Worker(*args, **kwargs)
        process.name = f"{_PREFIX}-{len(self.made) + 1}"
        self.made.add(process)
        return process


class Pool:
    """Processes that stay, and the byte that tells them to stop."""

    def __init__(self, workers: int, polite: bool = False) -> None:
        place()  # where compiled kernels are kept is decided here, and known to its processes
        self.owner = os.getpid()
        self.workers = workers
        self.polite = polite
        self.context = _Context()
        # Without locks: a killed worker would keep them.
        self.stopped = self.context.RawValue("b", 0)
        self.since = self.context.RawArray("d", workers)
        self.piece = self.context.RawArray("q", workers)
        self.executor = ProcessPoolExecutor(
            workers,
            mp_context=self.context,
            initializer=begin,
            initargs=(self.stopped, self.since, self.piece, POLITE if polite else 0),
        )
        # Each starts one process, as there is no idle one yet. The first may have ended already:
        # whoever sends the next piece learns that.
        self.ready: list[Future[Any]] = []
        with suppress(BrokenProcessPool):
            for _ in range(workers):
                self.ready.append(self.executor.submit(ready))

    def works(self) -> bool:
        """Return whether any of its processes has started."""
        return any(one.done() and one.exception() is None for one in self.ready)

    def kill(self) -> None:
        for process in list(self.context.made):
            if process.is_alive():
                process.kill()
        # Of a result that was half sent the rest is awaited for ever, as the pipe's other end is
        # open here, too. There is no public way to close it.
        writer = getattr(getattr(self.executor, "_result_queue", None), "_writer", None)
        if writer is not None:
            with suppress(OSError):
                writer.close()

    def lost(self) -> bool:
        """Return whether one of its processes has ended."""
        return any(process.exitcode is not None for process in list(self.context.made))

    def stuck(self, patience: float) -> list[int]:
        """Return the pieces at which processes have been for longer than `patience` seconds."""
        now = time.monotonic()
        return [
            piece
            for since, piece in zip(self.since, self.piece, strict=True)
            if since and now - since > patience
        ]

    def close(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)


_pool: Pool | None = None


def start(workers: int | None = None, *, polite: bool = False) -> None:
    """Begin to start the processes that a later call with as many workers will use.

    polite : whether they, and all that follow them, are less urgent than this process

    Returns at once; what goes wrong is met by that call.
    """
    global _polite
    _polite = polite
    number = count_workers(workers)
    if number > 1:
        with using, suppress(*CANNOT_START):
            open_pool(number)


def kill() -> None:
    """End the processes with what they have under way, if there are any."""
    with using:
        if _pool is not None and _pool.owner == os.getpid():
            _pool.kill()
        close()


def close() -> None:
    """End the processes; the next call starts new ones."""
    global _pool
    with using:
        if _pool is not None and _pool.owner == os.getpid():
            _pool.close()
        _pool = None


atexit.register(close)


def open_pool(workers: int) -> Pool:
    """Return the processes that are there if they are as many and as polite, else new ones."""
    global _pool
    wanted = (os.getpid(), workers, _polite)
    if _pool is None or (_pool.owner, _pool.workers, _pool.polite) != wanted:
        close()
        _pool = Pool(workers, _polite)
    return _pool
